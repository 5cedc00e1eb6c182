#include "ecomm_analytics/core/cluster_compare.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "clustering_support.hpp"
#include "ecomm_analytics/core/cluster_metrics.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

using Labels = std::vector<std::int32_t>;
using Sizes = std::vector<std::int64_t>;

TEST(NumberByValue, BestFirstAndNoiseStays) {
  Matrix x(7, 2);
  x << 0, 0, 5, 5, 5, 6, 9, 9, -3, 1, 100, 100, 0, 1;
  Labels labels{0, 1, 1, 2, 0, -1, 0};
  EXPECT_EQ(NumberByValue(x, {1, 1}, &labels), (Sizes{1, 2, 3}));
  EXPECT_EQ(labels, (Labels{2, 1, 1, 0, 2, -1, 2}));
  EXPECT_EQ(NumberByValue(x, {-1, -1}, &labels), (Sizes{3, 2, 1}));
  EXPECT_EQ(labels, (Labels{0, 1, 1, 2, 0, -1, 0}));
}

TEST(NumberByValue, NothingButNoiseAndNothingAtAll) {
  Labels noise{-1, -1};
  EXPECT_EQ(NumberByValue(Matrix::Zero(2, 1), {1}, &noise), Sizes{});
  EXPECT_EQ(noise, (Labels{-1, -1}));
  Labels none;
  EXPECT_EQ(NumberByValue(Matrix(0, 1), {1}, &none), Sizes{});
}

TEST(NumberByValue, PollsOverManyRows) {
  const Matrix x = Matrix::Zero(400'000, 1);
  Labels labels(400'000, 0);
  static int polls;
  polls = 0;
  CurrentHost().poll = [] { ++polls; };
  EXPECT_EQ(NumberByValue(x, {1}, &labels), Sizes{400'000});
  CurrentHost().poll = nullptr;
  EXPECT_GE(polls, 4);
}

TEST(CompareMethods, AllFindPlainGroups) {
  Matrix x(41, 2);
  for (Eigen::Index i = 0; i < 40; ++i)
    x.row(i) << (i < 25 ? 0 : 9) + 0.01 * static_cast<double>(i % 5), 0.01 * static_cast<double>(i);
  x.row(40) << 20, 20;
  KMeansOptions kmeans;
  kmeans.k = 2;
  const Matrix groups = x.topRows(40);
  for (const auto& entry : CompareMethods(groups, {1, 1}, kmeans, {1.0, 5})) {
    SCOPED_TRACE(entry.method);
    EXPECT_EQ(entry.sizes, (Sizes{15, 25}));
    EXPECT_EQ(entry.noise, 0);
    EXPECT_GT(entry.silhouette, 0.9);
    EXPECT_GT(entry.calinski_harabasz, 1000);
    EXPECT_LT(entry.davies_bouldin, 0.1);
  }
  const auto with_noise = CompareMethods(x, {1, 1}, kmeans, {1.0, 5});
  EXPECT_EQ(with_noise[2].noise, 1);
  Labels labels(41, 0);
  std::fill(labels.begin() + 25, labels.begin() + 40, 1);
  labels[40] = kNoiseLabel;
  EXPECT_EQ(with_noise[2].silhouette, MeanSilhouette(x, labels, 0, NoisePolicy::kNoiseLeftOut).mean);
}

TEST(CompareMethods, OneClusterIsNotMeasured) {
  KMeansOptions kmeans;
  kmeans.k = 1;
  for (const auto& entry : CompareMethods(Matrix::Random(20, 2), {1, 1}, kmeans, {9.0, 2})) {
    EXPECT_EQ(entry.sizes, Sizes{20});
    EXPECT_TRUE(std::isnan(entry.silhouette));
    EXPECT_TRUE(std::isnan(entry.davies_bouldin));
  }
}

}  // namespace
}  // namespace ecomm::core
