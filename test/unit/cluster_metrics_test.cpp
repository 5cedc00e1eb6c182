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
