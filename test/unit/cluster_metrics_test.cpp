#include "ecomm_analytics/core/cluster_metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "clustering_support.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "reference.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

void ExpectClose(double value, double reference) {
  EXPECT_NEAR(value, reference, 1e-9 * std::max(1.0, std::abs(reference)));
}

// Two groups of `each` rows around (0, 0) and (apart, apart).
Matrix TwoGroups(Index each, double apart) {
  Matrix x(2 * each, 2);
  Random random(3);
  for (Index i = 0; i < x.rows(); ++i) {
    for (Index j = 0; j < 2; ++j) x(i, j) = random.Normal() + (i < each ? 0.0 : apart);
  }
  return x;
}

std::vector<std::int32_t> TwoLabels(Index each) {
  std::vector<std::int32_t> labels(static_cast<std::size_t>(2 * each));
  std::fill(labels.begin() + each, labels.end(), 1);
  return labels;
}

TEST(ClusterMetrics, EqualScikitLearn) {
  const auto reference = ReadReference("cluster_metrics_reference.json");
  for (const auto& [name, set] : reference["sets"].items()) {
    SCOPED_TRACE(name);
    const Matrix x = ToMatrix(set["x"]);
    const auto labels = set["labels"].get<std::vector<std::int32_t>>();
    const auto check = [&](const nlohmann::json& expected, NoisePolicy noise) {
      ExpectClose(MeanSilhouette(x, labels, 0, noise).mean, expected["silhouette"]);
      ExpectClose(DaviesBouldin(x, labels, noise), expected["davies_bouldin"]);
      ExpectClose(CalinskiHarabasz(x, labels, noise), expected["calinski_harabasz"]);
      ExpectClose(WithinSumOfSquares(x, labels, noise), expected["within"]);
    };
    check(set["metrics"], NoisePolicy::kNoiseIsACluster);
    check(set.contains("without noise") ? set["without noise"] : set["metrics"], NoisePolicy::kNoiseLeftOut);
  }
}

TEST(ClusterMetrics, MeasureClustersFillsAll) {
  const Matrix x = TwoGroups(50, 4);
  const auto labels = TwoLabels(50);
  const auto metrics = MeasureClusters(x, labels, 12.5, 7);
  EXPECT_EQ(metrics.inertia, 12.5);
  EXPECT_EQ(metrics.silhouette, MeanSilhouette(x, labels, 7).mean);
  EXPECT_EQ(metrics.silhouette_sample, 100);
  EXPECT_EQ(metrics.davies_bouldin, DaviesBouldin(x, labels));
  EXPECT_EQ(metrics.calinski_harabasz, CalinskiHarabasz(x, labels));
}

TEST(ClusterMetrics, UndefinedForOneLabelForNoRowsAndForOneRowEach) {
  for (const auto& labels : std::vector<std::vector<std::int32_t>>{{}, {4}, {4, 4, 4}, {0, 1, 2}}) {
    const Matrix x = Matrix::Random(static_cast<Index>(labels.size()), 2);
    const auto metrics = MeasureClusters(x, labels, 0.0, 1);
    EXPECT_TRUE(std::isnan(metrics.silhouette));
    EXPECT_EQ(metrics.silhouette_sample, 0);
    EXPECT_TRUE(std::isnan(metrics.davies_bouldin));
    EXPECT_TRUE(std::isnan(metrics.calinski_harabasz));
    EXPECT_TRUE(std::isnan(DaviesBouldin(x, labels)));
    EXPECT_TRUE(std::isnan(CalinskiHarabasz(x, labels)));
  }
  EXPECT_EQ(WithinSumOfSquares(Matrix(0, 2), {}), 0.0);
  EXPECT_TRUE(
      std::isnan(MeanSilhouette(Matrix::Random(4, 2), {-1, -1, 0, 0}, 1, NoisePolicy::kNoiseLeftOut).mean));
}

TEST(ClusterMetrics, AllRowsTheSame) {
  const Matrix x = Matrix::Constant(6, 3, 2.5);
  const auto metrics = MeasureClusters(x, {0, 0, 1, 1, 1, 1}, 0.0, 1);
  EXPECT_EQ(metrics.silhouette, 0.0);
  EXPECT_EQ(metrics.davies_bouldin, 0.0);
  EXPECT_EQ(metrics.calinski_harabasz, 1.0);
}

TEST(ClusterMetrics, TheSameAtAnyScaleAndPlace) {
  const Matrix x = TwoGroups(40, 5);
  const auto labels = TwoLabels(40);
  const auto expected = MeasureClusters(x, labels, 0, 1);
  for (const double scale : {1e-300, 1e300}) {
    const auto metrics = MeasureClusters(x * scale, labels, 0, 1);
    ExpectClose(metrics.silhouette, expected.silhouette);
    ExpectClose(metrics.davies_bouldin, expected.davies_bouldin);
    ExpectClose(metrics.calinski_harabasz, expected.calinski_harabasz);
  }
  const Matrix moved = x.array() + 0x1p20;
  const auto metrics = MeasureClusters(moved, labels, 0, 1);
  EXPECT_NEAR(metrics.calinski_harabasz, expected.calinski_harabasz, 1e-6);
  EXPECT_NEAR(metrics.silhouette, expected.silhouette, 1e-8);
  EXPECT_EQ(Thrown([&] { WithinSumOfSquares(x * 1e300, labels); }).code(), ErrorCode::kNumericRange);
}

TEST(ClusterMetrics, SilhouetteOfASample) {
  const Matrix x = TwoGroups(2000, 3);
  const auto labels = TwoLabels(2000);
  const auto exact = MeanSilhouette(x, labels, 1);
  EXPECT_EQ(exact.sample, 4000);
  const auto sampled = MeanSilhouette(x, labels, 1, NoisePolicy::kNoiseIsACluster, 800);
  EXPECT_EQ(sampled.sample, 800);
  EXPECT_NEAR(sampled.mean, exact.mean, 0.02);
  EXPECT_NE(sampled.mean, exact.mean);
  EXPECT_EQ(sampled.mean, MeanSilhouette(x, labels, 1, NoisePolicy::kNoiseIsACluster, 800).mean);
  EXPECT_NE(sampled.mean, MeanSilhouette(x, labels, 2, NoisePolicy::kNoiseIsACluster, 800).mean);
  EXPECT_EQ(Thrown([&] { MeanSilhouette(x, labels, 1, NoisePolicy::kNoiseLeftOut, 0); }).code(),
            ErrorCode::kInvalidArgument);
}

TEST(ClusterMetrics, ASampleHasRowsOfEveryCluster) {
  Matrix x(2001, 2);
  Random random(8);
  for (double& value : x.reshaped()) value = random.Normal();
  x.row(2000) << 500, 500;
  std::vector<std::int32_t> labels(2001);
  labels[2000] = 1;
  const double exact = MeanSilhouette(x, labels, 0).mean;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto sampled = MeanSilhouette(x, labels, seed, NoisePolicy::kNoiseIsACluster, 200);
    EXPECT_EQ(sampled.sample, 200);
    EXPECT_NEAR(sampled.mean, exact, 1e-3);
  }
}

// A cluster that must have two rows in the sample weighs no more for it.
TEST(ClusterMetrics, SampledClustersWeighWhatTheyAre) {
  Matrix x = TwoGroups(2000, 2);
  auto labels = TwoLabels(2000);
  for (Index c = 0; c < 50; ++c) {
    for (Index i = 0; i < 2; ++i) {
      x.row(2 * c + i).setConstant(100.0 + 10.0 * static_cast<double>(c));
      labels[static_cast<std::size_t>(2 * c + i)] = 2 + static_cast<std::int32_t>(c);
    }
  }
  const double exact = MeanSilhouette(x, labels, 0).mean;
  double mean = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    mean += MeanSilhouette(x, labels, seed, NoisePolicy::kNoiseIsACluster, 300).mean / 20;
  }
  EXPECT_NEAR(mean, exact, 0.01);
}

TEST(ClusterMetrics, ASampleOfManyClustersIsBounded) {
  const Matrix x = Matrix::Random(300, 2);
  std::vector<std::int32_t> labels(300);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>(i % 100);
  const auto sample = [&](std::int64_t most) {
    return MeanSilhouette(x, labels, 1, NoisePolicy::kNoiseIsACluster, most);
  };
  EXPECT_EQ(sample(300).sample, 300);
  EXPECT_EQ(sample(250).sample, 250);
  EXPECT_EQ(sample(150).sample, 200);
  EXPECT_EQ(sample(100).sample, 200);
  EXPECT_EQ(sample(99).sample, 0);
  EXPECT_TRUE(std::isnan(sample(99).mean));
}

// The mean of seven times 0.1 is not 0.1.
TEST(ClusterMetrics, ClustersWithoutExtent) {
  Matrix x(14, 1);
  x << 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3;
  const auto metrics = MeasureClusters(x, TwoLabels(7), 0.0, 1);
  EXPECT_EQ(metrics.calinski_harabasz, 1.0);
  EXPECT_EQ(metrics.davies_bouldin, 0.0);
  EXPECT_EQ(metrics.silhouette, 1.0);
  EXPECT_EQ(WithinSumOfSquares(x, TwoLabels(7)), 0.0);
}

TEST(ClusterMetrics, AnyLabels) {
  const Matrix x = TwoGroups(40, 5);
  const auto expected = MeasureClusters(x, TwoLabels(40), 0, 1);
  auto labels = TwoLabels(40);
  for (auto& label : labels) label = label == 0 ? INT32_MIN : INT32_MAX;
  const auto metrics = MeasureClusters(x, labels, 0, 1);
  EXPECT_EQ(metrics.silhouette, expected.silhouette);
  EXPECT_EQ(metrics.davies_bouldin, expected.davies_bouldin);
  EXPECT_EQ(metrics.calinski_harabasz, expected.calinski_harabasz);
}

TEST(ClusterMetrics, PollsWhileItGroups) {
  const Matrix x = Matrix::Zero(400'000, 1);
  static int polls;
  polls = 0;
  CurrentHost().poll = [] { ++polls; };
  EXPECT_TRUE(std::isnan(MeanSilhouette(x, std::vector<std::int32_t>(400'000), 1).mean));
  CurrentHost().poll = nullptr;
  EXPECT_GE(polls, 20);
}

TEST(ClusterMetrics, UnusableInput) {
  Matrix x = TwoGroups(5, 3);
  EXPECT_EQ(Thrown([&] { DaviesBouldin(x, {0, 1}); }).code(), ErrorCode::kInvalidArgument);
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    x(3, 1) = bad;
    const auto error = Thrown([&] { MeasureClusters(x, TwoLabels(5), 0, 1); });
    EXPECT_EQ(error.code(), ErrorCode::kUnusableData);
    EXPECT_EQ(error.detail(), "First such row: 4.");
  }
}

TEST(ClusterMetrics, CanBeCancelled) {
  const Matrix x = TwoGroups(1000, 3);
  static int polls = 0;
  polls = 0;
  CurrentHost().poll = [] {
    if (++polls > 20) throw std::runtime_error("cancelled");
  };
  EXPECT_THROW(MeanSilhouette(x, TwoLabels(1000), 1), std::runtime_error);
  CurrentHost().poll = nullptr;
}

TEST(ClusterMetrics, AsksForMemoryFirst) {
  CurrentHost().memory_limit = [] { return std::size_t{1000}; };
  const auto error = Thrown([] { MeanSilhouette(TwoGroups(1000, 3), TwoLabels(1000), 1); });
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(error.code(), ErrorCode::kMemoryLimit);
}

}  // namespace
}  // namespace ecomm::core
