#include "ecomm_analytics/core/pca.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "reference.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

Matrix ReadMatrix(const nlohmann::json& rows) {
  Matrix result(rows.size(), rows[0].size());
  for (Index i = 0; i < result.rows(); ++i) {
    for (Index j = 0; j < result.cols(); ++j) {
      result(i, j) = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
    }
  }
  return result;
}

Matrix Normal(Index rows, Index columns, std::uint64_t seed) {
  Random random(seed);
  Matrix x(rows, columns);
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < columns; ++j) x(i, j) = random.Normal();
  }
  return x;
}

void ExpectOrthonormal(const Matrix& loadings) {
  const Matrix product = loadings * loadings.transpose();
  const Matrix identity = Matrix::Identity(loadings.rows(), loadings.rows());
  EXPECT_LT((product - identity).cwiseAbs().maxCoeff(), 1e-13);
}

// Variances to 1e-9 of themselves; loadings to 1e-9 (they are unit vectors); scores to 1e-9 of the largest. A
// component below 1e-12 of the variance is rounding noise in the reference, and is compared as such.
TEST(Pca, AgreesWithScikitLearnAndWithExactComponents) {
  const auto reference = ReadReference("pca_reference.json");
  for (const auto& item : reference["cases"]) {
    const std::string name = item["name"];
    const bool exact = !item.contains("scores");
    const Matrix x = ReadMatrix(item["x"]);
    const Pca pca = FitPca(x, {.components = 0, .scale = item["scale"]});
    const Matrix loadings = ReadMatrix(item["loadings"]);
    ASSERT_EQ(pca.loadings.rows(), loadings.rows()) << name;
    ExpectOrthonormal(pca.loadings);
    for (Index k = 0; k < loadings.rows(); ++k) {
      const auto i = static_cast<std::size_t>(k);
      const double variance = item["explained_variance"][i];
      const double ratio = item["explained_variance_ratio"][i];
      const double singular = item["singular_values"][i];
      if (!exact && ratio < 1e-12) {
        EXPECT_LT(pca.explained_variance_ratio[k], 1e-12) << name << " " << k;
        continue;
      }
      EXPECT_NEAR(pca.explained_variance[k], variance, 1e-9 * variance) << name << " " << k;
      EXPECT_NEAR(pca.explained_variance_ratio[k], ratio, 1e-9 * ratio) << name << " " << k;
      EXPECT_NEAR(pca.singular_values[k], singular, 1e-9 * singular) << name << " " << k;
      EXPECT_LT((pca.loadings.row(k) - loadings.row(k)).cwiseAbs().maxCoeff(), 1e-9) << name << " " << k;
      if (exact) continue;
      const Matrix scores = ReadMatrix(item["scores"]);
      const Matrix actual = pca.Scores(x.topRows(scores.rows()));
      const double largest = scores.cwiseAbs().maxCoeff();
      EXPECT_LT((actual.col(k) - scores.col(k)).cwiseAbs().maxCoeff(), 1e-9 * largest) << name << " " << k;
    }
  }
}

TEST(Pca, ScoresHaveTheExplainedVarianceAndAreUncorrelated) {
  const Matrix x = Normal(3000, 6, 1) * Normal(6, 6, 2);
  const Pca pca = FitPca(x);
  const Matrix scores = pca.Scores(x);
  const Matrix covariance = scores.transpose() * scores / (x.rows() - 1.0);
  const Matrix expected = pca.explained_variance.asDiagonal();
  EXPECT_LT((covariance - expected).cwiseAbs().maxCoeff(), 1e-11 * pca.explained_variance[0]);
  EXPECT_NEAR(pca.explained_variance_ratio.sum(), 1, 1e-14);
}

TEST(Pca, KeepsTheFirstComponents) {
  const Matrix x = Normal(100, 5, 3) * Normal(5, 5, 4);
  const Pca all = FitPca(x);
  const Pca two = FitPca(x, {.components = 2, .scale = false});
  EXPECT_EQ(two.loadings, all.loadings.topRows(2));
  EXPECT_EQ(two.explained_variance_ratio, all.explained_variance_ratio.head(2));
  EXPECT_EQ(two.Scores(x).cols(), 2);
}

TEST(Pca, LargestLoadingIsPositiveAndTiesGoToTheFirst) {
  const Pca random = FitPca(Normal(50, 7, 5));
  for (Index k = 0; k < 7; ++k) {
    Index largest = 0;
    random.loadings.row(k).cwiseAbs().maxCoeff(&largest);
    EXPECT_GT(random.loadings(k, largest), 0);
  }
  Matrix x(5, 2);
  x << 1, -1.5, 2, -1, 3, -4, 4, -3.5, 5, -6;
  const Pca tied = FitPca(x, {.components = 0, .scale = true});
  EXPECT_NEAR(tied.loadings(0, 0), std::sqrt(0.5), 1e-15);
  EXPECT_NEAR(tied.loadings(0, 1), -std::sqrt(0.5), 1e-15);
  EXPECT_NEAR(tied.loadings(1, 0), std::sqrt(0.5), 1e-15);
}

TEST(Pca, SameDataSameBits) {
  const Matrix x = Normal(5000, 4, 6);
  const Pca a = FitPca(x);
  const Pca b = FitPca(x);
  EXPECT_EQ(a.loadings, b.loadings);
  EXPECT_EQ(a.explained_variance, b.explained_variance);
}

TEST(Pca, ConstantFeatures) {
  Matrix x = Normal(40, 3, 7);
  x.col(1).setConstant(2);
  const Pca pca = FitPca(x);
  EXPECT_EQ(pca.explained_variance[2], 0);
  EXPECT_EQ(pca.loadings(2, 1), 1);
  ExpectOrthonormal(pca.loadings);

  const std::vector<std::string> names{"recency", "frequency", "monetary"};
  const auto error = Thrown([&] { FitPca(x, {.components = 0, .scale = true}, names); });
  EXPECT_EQ(error.code(), ErrorCode::kUnusableData);
  EXPECT_STREQ(error.what(), "feature \"frequency\" is constant");
  EXPECT_EQ(error.detail(), "All 40 values are 2.");
  x.setConstant(1);
  EXPECT_STREQ(Thrown([&] { FitPca(x); }).what(), "all features are constant");
}

// Squares of these leave the range of double.
TEST(Pca, ExtremesOfDouble) {
  Matrix x = Normal(50, 3, 8);
  const Pca plain = FitPca(x);
  const Pca tiny = FitPca(x * 0x1p-1000);
  EXPECT_EQ(tiny.loadings, plain.loadings);
  EXPECT_EQ(tiny.explained_variance_ratio, plain.explained_variance_ratio);
  EXPECT_EQ(tiny.singular_values, plain.singular_values * 0x1p-1000);
  const auto error = Thrown([&] { FitPca(x * 0x1p1000); });
  EXPECT_EQ(error.code(), ErrorCode::kNumericRange);
  const Pca scaled = FitPca(x * 0x1p1000, {.components = 0, .scale = true});
  EXPECT_LT((scaled.loadings - FitPca(x, {.components = 0, .scale = true}).loadings).norm(), 1e-13);
  x.col(0) *= 1e-250;
  const Pca lost = FitPca(x);
  EXPECT_EQ(lost.singular_values[2], 0);
  EXPECT_EQ(lost.loadings(2, 0), 1);
}

TEST(Pca, UnusableData) {
  EXPECT_EQ(Thrown([] { FitPca(Matrix(0, 3)); }).code(), ErrorCode::kUnusableData);
  EXPECT_EQ(Thrown([] { FitPca(Matrix::Ones(1, 3)); }).detail(), "There are 1.");
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Matrix x = Normal(10, 2, 9);
    x(4, 1) = bad;
    EXPECT_EQ(Thrown([&] { FitPca(x); }).code(), ErrorCode::kUnusableData);
  }
}

TEST(Pca, AbsurdParameters) {
  const Matrix x = Normal(4, 6, 10);
  EXPECT_EQ(Thrown([&] { FitPca(x, {.components = -1, .scale = false}); }).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { FitPca(x, {.components = 5, .scale = false}); }).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(FitPca(x, {.components = 4, .scale = false}).loadings.rows(), 4);
  EXPECT_EQ(Thrown([&] { FitPca(x).Scores(x.leftCols(2)); }).code(), ErrorCode::kInvalidArgument);
}

TEST(Pca, ManyFeatures) {
  const Matrix x = Normal(300, 60, 11) * Normal(60, 60, 12);
  const Pca pca = FitPca(x);
  ExpectOrthonormal(pca.loadings);
  const Matrix scores = pca.Scores(x);
  const Matrix rebuilt = (scores * pca.loadings).rowwise() + pca.mean.transpose();
  EXPECT_LT((rebuilt - x).cwiseAbs().maxCoeff(), 1e-11);
}

TEST(Pca, AsksForMemoryFirst) {
  CurrentHost().memory_limit = [] { return std::size_t{8192}; };
  const auto error = Thrown([] { FitPca(Normal(500, 10, 13)); });
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(error.code(), ErrorCode::kMemoryLimit);
}

struct Cancelled {};

TEST(Pca, CanBeCancelled) {
  static int polls = 0;
  polls = 0;
  const Matrix x = Normal(4000, 20, 14);
  CurrentHost().poll = [] {
    if (++polls == 30) throw Cancelled();
  };
  EXPECT_THROW(FitPca(x), Cancelled);
  CurrentHost().poll = nullptr;
}

}  // namespace
}  // namespace ecomm::core
