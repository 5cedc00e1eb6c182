#include "ecomm_analytics/core/reconcile.hpp"

#include <limits>
#include <string>
#include <vector>

#include "poll_count.hpp"
#include "tested_series_support.hpp"

namespace ecomm::core {
namespace {

using Names = std::vector<std::vector<std::string>>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr Reconciliation kAll[] = {Reconciliation::kBottomUp, Reconciliation::kOls,
                                   Reconciliation::kWlsStructural, Reconciliation::kWlsVariance,
                                   Reconciliation::kMintShrink};

Matrix ReadMatrix(const nlohmann::json& rows) {
  Matrix matrix(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) {
      const auto& value = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
      matrix(i, j) = value.is_null() ? kNaN : value.get<double>();
    }
  }
  return matrix;
}

Matrix RandomMatrix(std::size_t rows, Eigen::Index columns, std::uint64_t seed) {
  Random random(seed);
  Matrix matrix(static_cast<Eigen::Index>(rows), columns);
  for (double& value : matrix.reshaped()) value = random.Uniform() - 0.5;
  return matrix;
}

// Series of every combination of `sizes` values.
Hierarchy Crossed(const std::vector<int>& sizes) {
  Names names = {{}};
  for (const int size : sizes) {
    Names longer;
    for (const auto& name : names) {
      for (int value = 0; value < size; ++value) {
        longer.push_back(name);
        longer.back().push_back(std::to_string(value));
      }
    }
    names = longer;
  }
  return BuildHierarchy(names);
}

// Relative to the scale of the second.
void ExpectNear(const Matrix& actual, const Matrix& expected, double tolerance, const std::string& where) {
  ASSERT_EQ(actual.rows(), expected.rows()) << where;
  ASSERT_EQ(actual.cols(), expected.cols()) << where;
  EXPECT_LE((actual - expected).cwiseAbs().maxCoeff(), tolerance * expected.cwiseAbs().maxCoeff()) << where;
}

void ExpectCoherent(const Hierarchy& hierarchy, const Matrix& mean, const std::string& where) {
  const Matrix sums = SumUp(hierarchy, mean.bottomRows(static_cast<Eigen::Index>(hierarchy.bottoms)));
  EXPECT_EQ(mean, sums) << where;
}

TEST(Reconcile, EqualsTheFormulas) {
  const auto document = ReadReference("reconcile_reference.json");
  ASSERT_EQ(document["cases"].size(), 3U);
  for (const auto& entry : document["cases"]) {
    const auto hierarchy = BuildHierarchy(entry["names"].get<Names>());
    ASSERT_EQ(hierarchy.aggregates.size(), entry["aggregates"].size());
    for (std::size_t i = 0; i < hierarchy.aggregates.size(); ++i) {
      EXPECT_EQ(hierarchy.aggregates[i].bottoms, entry["aggregates"][i].get<std::vector<std::size_t>>());
    }
    const BaseForecasts base = {ReadMatrix(entry["base"]), ReadMatrix(entry["spread"]),
                                ReadMatrix(entry["residuals"])};
    for (const auto method : kAll) {
      const auto where = entry["name"].get<std::string>() + " " + std::string(Name(method));
      const auto& expected = entry["reconciled"][std::string(Name(method))];
      const auto actual = Reconcile(hierarchy, base, {.method = method});
      ExpectNear(actual.mean, ReadMatrix(expected["mean"]), 1e-9, where);
      ExpectNear(actual.spread, ReadMatrix(expected["spread"]), 1e-9, where + " spread");
      EXPECT_NEAR(actual.shrinkage, entry["reconciled"]["shrinkage"].get<double>(), 1e-12);
      ExpectCoherent(hierarchy, actual.mean, where);

      const auto positive = Reconcile(hierarchy, base, {.method = method, .non_negative = true});
      EXPECT_GE(positive.mean.minCoeff(), 0) << where;
      ExpectNear(positive.mean, ReadMatrix(expected["non_negative"]), 1e-7, where + " non-negative");
      ExpectCoherent(hierarchy, positive.mean, where);
    }
  }
}

TEST(Reconcile, LeavesCoherentForecastsAsTheyAre) {
  const auto hierarchy = Crossed({3, 4, 2});
  const Matrix coherent = SumUp(hierarchy, RandomMatrix(hierarchy.bottoms, 5, 1));
  for (const auto method : kAll) {
    const auto actual =
        Reconcile(hierarchy, {coherent, {}, RandomMatrix(hierarchy.size(), 30, 2)}, {.method = method});
    ExpectNear(actual.mean, coherent, 1e-12, std::string(Name(method)));
    EXPECT_EQ(actual.spread.size(), 0);
  }
}

TEST(Reconcile, ReconcilingTwiceChangesNothing) {
  const auto hierarchy = Crossed({5, 6});
  BaseForecasts base = {RandomMatrix(hierarchy.size(), 4, 3), {}, RandomMatrix(hierarchy.size(), 20, 4)};
  for (const auto method : kAll) {
    const Matrix once = Reconcile(hierarchy, base, {.method = method}).mean;
    ExpectCoherent(hierarchy, once, std::string(Name(method)));
    ExpectNear(Reconcile(hierarchy, {once, {}, base.residuals}, {.method = method}).mean, once, 1e-10,
               std::string(Name(method)));
  }
}

TEST(Reconcile, CoherentErrorsKeepTheirSpread) {
  // Residuals that add up say that nothing is to be won: the total is as uncertain as it was.
  const auto hierarchy = Crossed({2});
  const Matrix residuals = SumUp(hierarchy, RandomMatrix(2, 5000, 5));
  Matrix spread = residuals.rowwise().squaredNorm().cwiseSqrt() / std::sqrt(5000.0);
  const auto actual =
      Reconcile(hierarchy, {Matrix::Ones(3, 1), spread, residuals}, {.method = Reconciliation::kMintShrink});
  EXPECT_LT(actual.shrinkage, 0.01);
  ExpectNear(actual.spread, spread, 0.01, "spread");
}

TEST(Reconcile, SpreadBetweenStepsFollowsTheBase) {
  const auto hierarchy = Crossed({3, 3});
  const Matrix residuals = RandomMatrix(hierarchy.size(), 40, 6);
  Matrix spread(static_cast<Eigen::Index>(hierarchy.size()), 50);
  for (Eigen::Index i = 0; i < spread.rows(); ++i) {
    for (Eigen::Index t = 0; t < spread.cols(); ++t) {
      const auto step = static_cast<double>(t);
      spread(i, t) = (1 + 0.2 * static_cast<double>(i)) * std::sqrt(1 + 0.02 * static_cast<double>(i) * step);
    }
  }
  spread.row(4).setZero();
  const Matrix mean = RandomMatrix(hierarchy.size(), 50, 7);
  for (const auto method : kAll) {
    const auto all = Reconcile(hierarchy, {mean, spread, residuals}, {.method = method}).spread;
    for (const Eigen::Index step : {0, 10, 33, 49}) {
      const auto one =
          Reconcile(hierarchy, {mean.col(step), spread.col(step), residuals}, {.method = method}).spread;
      ExpectNear(all.col(step), one, 0.01, std::string(Name(method)) + " " + std::to_string(step));
    }
  }
}

TEST(Reconcile, SeriesWithoutResidualsWeighLikeTheOthers) {
  const auto hierarchy = Crossed({2});
  Matrix residuals(3, 2);
  residuals << kNaN, kNaN, 1, -1, 1, 1;
  const Matrix base = (Matrix(3, 1) << 6, 1, 1).finished();
  // Variances 2, 1 and 1: the gap of 4 is shared 2, 1, 1.
  const auto actual = Reconcile(hierarchy, {base, {}, residuals}, {.method = Reconciliation::kWlsVariance});
  ExpectNear(actual.mean, (Matrix(3, 1) << 4, 2, 2).finished(), 1e-10, "one unknown");
  for (const auto method : {Reconciliation::kWlsVariance, Reconciliation::kMintShrink}) {
    for (const Matrix& none : {Matrix(), Matrix(Matrix::Constant(3, 4, kNaN))}) {
      ExpectNear(Reconcile(hierarchy, {base, {}, none}, {.method = method}).mean,
                 Reconcile(hierarchy, {base, {}, none}, {.method = Reconciliation::kWlsStructural}).mean,
                 1e-10, "all unknown");
    }
  }
}

TEST(Reconcile, ZeroResidualsAreTrusted) {
  const auto hierarchy = Crossed({2});
  Matrix residuals = RandomMatrix(3, 50, 8);
  residuals.row(1).setZero();
  const Matrix base = (Matrix(3, 1) << 6, 0, 1).finished();
  for (const auto method : {Reconciliation::kWlsVariance, Reconciliation::kMintShrink}) {
    EXPECT_EQ(Reconcile(hierarchy, {base, {}, residuals}, {.method = method}).mean(1, 0), 0);
    // Nothing left to weigh by.
    EXPECT_EQ(Reconcile(hierarchy, {base, {}, Matrix::Zero(3, 9)}, {.method = method}).mean(0, 0), 1);
  }
}

TEST(Reconcile, OneSeriesAndNoSteps) {
  const auto one = BuildHierarchy(Names{{"a"}});
  const auto two = Crossed({2});
  for (const auto method : kAll) {
    for (const bool non_negative : {false, true}) {
      const ReconcileOptions options = {method, non_negative};
      const auto alone =
          Reconcile(one, {Matrix::Constant(1, 2, 3), Matrix::Ones(1, 2), Matrix::Ones(1, 9)}, options);
      EXPECT_EQ(alone.mean, Matrix::Constant(1, 2, 3));
      ExpectNear(alone.spread, Matrix::Ones(1, 2), 1e-12, "alone");
      EXPECT_EQ(Reconcile(two, {Matrix(3, 0), Matrix(3, 0), Matrix::Ones(3, 9)}, options).mean.cols(), 0);
      const auto zero = Reconcile(two, {Matrix::Zero(3, 2), Matrix::Zero(3, 2), Matrix::Zero(3, 9)}, options);
      EXPECT_EQ(zero.mean, Matrix::Zero(3, 2));
      EXPECT_EQ(zero.spread, Matrix::Zero(3, 2));
    }
  }
}

TEST(Reconcile, ExtremesStayFinite) {
  const auto hierarchy = Crossed({3, 2, 2});
  const Matrix mean = RandomMatrix(hierarchy.size(), 3, 9);
  const Matrix spread = RandomMatrix(hierarchy.size(), 3, 10).cwiseAbs();
  Matrix residuals = RandomMatrix(hierarchy.size(), 3, 11);
  Matrix uneven = residuals;
  for (Eigen::Index i = 0; i < uneven.rows(); ++i) uneven.row(i) *= std::pow(10.0, 5 * (i % 50) - 120);
  Matrix equal = Matrix::Ones(residuals.rows(), 100);
  for (const auto method : kAll) {
    for (const double scale : {1e-300, 1e-150, 1.0, 1e140}) {
      for (const Matrix& by : {Matrix(residuals * scale), uneven, equal, Matrix(residuals.leftCols(1))}) {
        const auto actual = Reconcile(hierarchy, {mean * scale, spread * scale, by},
                                      {.method = method, .non_negative = true});
        EXPECT_TRUE(actual.mean.allFinite());
        EXPECT_TRUE(actual.spread.allFinite());
        EXPECT_GE(actual.mean.minCoeff(), 0);
        ExpectCoherent(hierarchy, actual.mean, std::string(Name(method)));
      }
    }
  }
}

TEST(Reconcile, CanBeCancelled) {
  const auto hierarchy = Crossed({6, 5, 4});
  const BaseForecasts base = {RandomMatrix(hierarchy.size(), 28, 12),
                              RandomMatrix(hierarchy.size(), 28, 13).cwiseAbs(),
                              RandomMatrix(hierarchy.size(), 100, 14)};
  const PollCount polls;
  Reconcile(hierarchy, base);
  EXPECT_GT(polls.count(), 100);
}

TEST(Reconcile, Refuses) {
  const auto hierarchy = Crossed({2});
  const Matrix good = Matrix::Ones(3, 2);
  ExpectError(ErrorCode::kInvalidArgument, "do not fit", "Series: 3, rows of forecasts: 2", [&] {
    Reconcile(hierarchy, {Matrix::Ones(2, 2), {}, {}});
  });
  ExpectError(ErrorCode::kInvalidArgument, "do not fit", "", [&] {
    Reconcile(hierarchy, {good, Matrix::Ones(3, 1), {}});
  });
  ExpectError(ErrorCode::kInvalidArgument, "do not fit", "of residuals: 4", [&] {
    Reconcile(hierarchy, {good, {}, Matrix::Ones(4, 9)});
  });
  ExpectError(ErrorCode::kUnusableData, "forecasts to reconcile must be finite", "", [&] {
    Reconcile(hierarchy, {Matrix::Constant(3, 1, kNaN), {}, {}});
  });
  ExpectError(ErrorCode::kUnusableData, "spreads", "", [&] {
    Reconcile(hierarchy, {good, Matrix::Constant(3, 2, -1), {}});
  });
  ExpectError(ErrorCode::kUnusableData, "infinite", "", [&] {
    Reconcile(hierarchy, {good, {}, Matrix::Constant(3, 2, std::numeric_limits<double>::infinity())});
  });
  ExpectError(ErrorCode::kNumericRange, "too large", "", [&] {
    Reconcile(hierarchy, {good, {}, Matrix::Constant(3, 2, 1e200)});
  });
  ExpectError(ErrorCode::kNumericRange, "cannot be represented", "", [&] {
    Reconcile(hierarchy, {Matrix::Constant(3, 1, 1.5e308), {}, {}}, {.method = Reconciliation::kBottomUp});
  });
  for (const auto method : kAll) EXPECT_EQ(ParseReconciliation(Name(method)), method);
  ExpectError(ErrorCode::kInvalidArgument, "\"none\"", "", [] { ParseReconciliation("none"); });
}

}  // namespace
}  // namespace ecomm::core
