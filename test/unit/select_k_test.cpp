#include "ecomm_analytics/core/select_k.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "clustering_support.hpp"
#include "ecomm_analytics/core/cluster_metrics.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

// `groups` round groups of 60 rows each on the corners of a cube.
Matrix Groups(int groups) {
  Matrix x(60 * groups, 3);
  Random random(2);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = 0; j < 3; ++j) {
      x(i, j) = random.Normal() + (((i / 60) >> j) % 2 == 0 ? 0.0 : 9.0);
    }
  }
  return x;
}

SelectKOptions Options(int k_min, int k_max) {
  SelectKOptions options;
  options.k_min = k_min;
  options.k_max = k_max;
  options.kmeans.n_init = 3;
  options.kmeans.seed = 5;
  return options;
}

TEST(SelectK, RecommendsTheNumberOfGroups) {
  for (const int groups : {2, 4, 6}) {
    SCOPED_TRACE(groups);
    const auto rows = SelectK(Groups(groups), Options(1, 8));
    ASSERT_EQ(rows.size(), 8U);
    int gap_choice = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].k, static_cast<int>(i) + 1);
      EXPECT_EQ(rows[i].recommended, rows[i].k == groups);
      EXPECT_GT(rows[i].gap_error, 0);
      EXPECT_TRUE(i == 0 || rows[i].metrics.inertia < rows[i - 1].metrics.inertia);
      if (gap_choice == 0 && i + 1 < rows.size() && rows[i].gap >= rows[i + 1].gap - rows[i + 1].gap_error) {
        gap_choice = rows[i].k;
      }
    }
    EXPECT_EQ(gap_choice, groups);
  }
}

TEST(SelectK, NoStructureNoGap) {
  Matrix x(400, 2);
  Random random(6);
  // An oblong, so that the principal components are its sides.
  for (Eigen::Index i = 0; i < x.size(); ++i) x.data()[i] = random.Uniform() * (i % 2 == 0 ? 4 : 1);
  for (const auto& row : SelectK(x, Options(1, 5))) EXPECT_NEAR(row.gap, 0, 0.1);
}

TEST(SelectK, MetricsAreThoseOfTheClustering) {
  const Matrix x = Groups(3);
  const auto rows = SelectK(x, Options(3, 3));
  KMeansOptions kmeans = Options(3, 3).kmeans;
  kmeans.k = 3;
  const KMeansResult result = KMeans(x, kmeans);
  EXPECT_EQ(rows[0].metrics.inertia, result.inertia);
  EXPECT_EQ(rows[0].metrics.silhouette, MeanSilhouette(x, result.labels, 5).mean);
  EXPECT_TRUE(rows[0].recommended);
}

TEST(SelectK, OneClusterHasNoSilhouetteAndIsNotRecommended) {
  const auto rows = SelectK(Groups(2), Options(1, 1));
  EXPECT_TRUE(std::isnan(rows[0].metrics.silhouette));
  EXPECT_FALSE(rows[0].recommended);
  EXPECT_TRUE(std::isfinite(rows[0].gap));
}

TEST(SelectK, NothingWithinTheClusters) {
  Matrix x(6, 1);
  x << 1, 2, 3, 1, 2, 3;
  const auto rows = SelectK(x, Options(2, 3));
  EXPECT_TRUE(std::isfinite(rows[0].gap));
  EXPECT_EQ(rows[1].metrics.inertia, 0.0);
  EXPECT_TRUE(std::isnan(rows[1].gap));
  EXPECT_TRUE(rows[1].recommended);
}

TEST(SelectK, NothingButRoundingWithinTheClusters) {
  Matrix x(21, 2);
  for (Eigen::Index i = 0; i < 21; ++i) {
    const auto group = static_cast<double>(i % 3);
    x.row(i) << 0.1 + 0.7 * group, 1.3 - 0.3 * group * group;
  }
  const auto rows = SelectK(x, Options(2, 3));
  EXPECT_TRUE(std::isfinite(rows[0].gap));
  EXPECT_EQ(rows[1].metrics.inertia, 0.0);
  EXPECT_TRUE(std::isnan(rows[1].gap));
  EXPECT_EQ(rows[1].metrics.calinski_harabasz, 1.0);
}

// 0.3 and 0.1 + 0.2 are neighbours among the doubles, and one number once the mean is taken off.
TEST(SelectK, RowsThatHardlyDiffer) {
  Matrix x(6, 1);
  x << 0.3, 0.1 + 0.2, 5, 7, 9, 5;
  const auto rows = SelectK(x, Options(2, 5));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_TRUE(std::isfinite(rows[0].gap));
  EXPECT_EQ(rows[3].metrics.inertia, 0.0);
  EXPECT_TRUE(std::isnan(rows[3].gap));
}

TEST(SelectK, TheGapIsTheSameAtAnyScale) {
  const Matrix x = Groups(2);
  const auto rows = SelectK(x, Options(1, 3));
  for (const int exponent : {-900, 505}) {
    const Matrix scaled = x.unaryExpr([&](double value) { return std::ldexp(value, exponent); });
    const auto others = SelectK(scaled, Options(1, 3));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(others[i].gap, rows[i].gap) << exponent;
      EXPECT_EQ(others[i].recommended, rows[i].recommended);
    }
  }
}

// Squares overflow, those of what is left within the clusters do not.
TEST(SelectK, HugeValuesCloseTogether) {
  Matrix x(40, 2);
  Random random(1);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    x.data()[i] = (i / 2 % 2 == 0 ? 1e155 : -1e155) + 1e145 * random.Normal();
  }
  const auto rows = SelectK(x, Options(2, 3));
  EXPECT_GT(rows[0].gap, 10);
  EXPECT_TRUE(rows[0].recommended);
}

TEST(SelectK, ASmallClusterIsNotLostInASample) {
  Matrix x(20'001, 2);
  Random random(1);
  for (double& value : x.reshaped()) value = random.Normal();
  x.row(20'000) << 500, 500;
  SelectKOptions options = Options(2, 3);
  options.kmeans.n_init = 1;
  for (options.kmeans.seed = 3; options.kmeans.seed < 5; ++options.kmeans.seed) {
    EXPECT_TRUE(SelectK(x, options)[0].recommended);
  }
}

TEST(SelectK, OptionsOfKMeansAreCheckedFirst) {
  SelectKOptions options = Options(2, 3);
  options.kmeans.k = 0;  // not looked at
  EXPECT_NO_THROW(CheckOptions(options));
  options.kmeans.n_init = 0;
  EXPECT_EQ(Thrown([&] { CheckOptions(options); }).detail(), "n_init: 0, allowed: 1 to 10000.");
  options = Options(2, 3);
  options.kmeans.max_iter = kMaxIterations + 1;
  EXPECT_EQ(Thrown([&] { CheckOptions(options); }).code(), ErrorCode::kInvalidArgument);
  options = Options(2, 3);
  options.kmeans.tol = std::nan("");
  EXPECT_EQ(Thrown([&] { CheckOptions(options); }).code(), ErrorCode::kInvalidArgument);
}

TEST(SelectK, TheMostClustersIsWhatAModelMayHave) {
  EXPECT_NO_THROW(CheckOptions(Options(2, 10'000)));
  EXPECT_STREQ(Thrown([] { CheckOptions(Options(2, 10'001)); }).what(), "k_max must be at most 10000");
}

TEST(SelectK, RefusesAbsurdRanges) {
  const Matrix x = Groups(1);
  const std::pair<int, int> bad[] = {{0, 3}, {-5, 3}, {4, 3}, {2, 10'001}, {2, 61}};
  for (const auto& [k_min, k_max] : bad) {
    EXPECT_EQ(Thrown([&] { SelectK(x, Options(k_min, k_max)); }).code(), ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(Thrown([&] { SelectK(Matrix(0, 2), Options(1, 2)); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { SelectK(Matrix::Constant(9, 2, std::nan("")), Options(1, 2)); }).code(),
            ErrorCode::kUnusableData);
}

TEST(SelectK, TellsHowFarItIs) {
  static std::vector<std::string> lines;
  lines.clear();
  CurrentHost().progress = [](const std::string& line) { lines.push_back(line); };
  SelectK(Groups(2), Options(2, 3));
  CurrentHost().progress = nullptr;
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back(), "measured k = 3 of 3");
}

}  // namespace
}  // namespace ecomm::core
