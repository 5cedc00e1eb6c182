#include "ecomm_analytics/core/scaler.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "reference.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const std::vector<std::string> kNames{"recency", "frequency", "monetary"};

Matrix ReadMatrix(const nlohmann::json& rows) {
  Matrix result(rows.size(), rows[0].size());
  for (Eigen::Index i = 0; i < result.rows(); ++i) {
    for (Eigen::Index j = 0; j < result.cols(); ++j) {
      result(i, j) = rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
    }
  }
  return result;
}

Matrix Example() {
  Matrix x(5, 3);
  x << 10, 1, 100.5, 200, 2, 20, 35, 7, 3000, 1, 1, 55, 90, 3, 740;
  return x;
}

TEST(ColumnMoments, AgreesWithExactArithmetic) {
  const auto reference = ReadReference("scaler_reference.json");
  const Moments moments = ColumnMoments(ReadMatrix(reference["columns"]));
  for (Eigen::Index j = 0; j < moments.mean.size(); ++j) {
    const auto& exact = reference["exact"][static_cast<std::size_t>(j)];
    const double mean = exact[0];
    const double scale = exact[1];
    EXPECT_NEAR(moments.mean[j], mean, 4e-16 * std::fabs(mean)) << j;
    EXPECT_NEAR(moments.scale[j], scale, 1e-14 * scale) << j;
  }
}

TEST(ColumnMoments, ScaleOfAConstantIsExactlyZero) {
  Matrix x = Matrix::Constant(1000, 1, 0.1);
  const Moments moments = ColumnMoments(x);
  EXPECT_EQ(moments.mean[0], 0.1);
  EXPECT_EQ(moments.scale[0], 0);
}

TEST(ColumnMoments, NeighbouringDoublesAreNotConstant) {
  Matrix x = Matrix::Constant(1000, 1, 0.1);
  x(7, 0) = std::nextafter(0.1, 1);
  EXPECT_NEAR(ColumnMoments(x).scale[0], std::sqrt(0.001 * 0.999) * (x(7, 0) - 0.1), 1e-20);
}

TEST(ColumnMoments, ExtremesOfDouble) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
  Matrix x(2, 2);
  x << kLargest, kSmallest, -kLargest, 3 * kSmallest;
  const Moments moments = ColumnMoments(x);
  EXPECT_EQ(moments.mean[0], 0);
  EXPECT_EQ(moments.scale[0], kLargest);
  EXPECT_EQ(moments.mean[1], 2 * kSmallest);
  EXPECT_EQ(moments.scale[1], kSmallest);
}

TEST(ColumnMoments, TakesABlockOfALargerMatrix) {
  const Matrix x = Example();
  const Moments whole = ColumnMoments(x);
  const Moments part = ColumnMoments(x.rightCols(2));
  EXPECT_EQ(part.mean[1], whole.mean[2]);
  EXPECT_EQ(part.scale[0], whole.scale[1]);
}

TEST(StandardScaler, AgreesWithScikitLearn) {
  const auto reference = ReadReference("scaler_reference.json");
  const Matrix all = ReadMatrix(reference["columns"]);
  const auto& ordinary = reference["ordinary"];
  for (std::size_t k = 0; k < ordinary["columns"].size(); ++k) {
    const auto scaler = StandardScaler::Fit(all.col(ordinary["columns"][k].get<Eigen::Index>()));
    EXPECT_NEAR(scaler.mean[0], ordinary["mean"][k], 1e-14);
    EXPECT_NEAR(scaler.scale[0], ordinary["scale"][k], 1e-14);
  }
}

TEST(StandardScaler, InverseTakesBackWhatApplyGave) {
  const Matrix x = Example();
  const auto scaler = StandardScaler::Fit(x);
  const Matrix z = scaler.Apply(x);
  const Moments moments = ColumnMoments(z);
  for (Eigen::Index j = 0; j < 3; ++j) {
    EXPECT_NEAR(moments.mean[j], 0, 1e-15);
    EXPECT_NEAR(moments.scale[j], 1, 1e-15);
  }
  EXPECT_TRUE(scaler.Inverse(z).isApprox(x, 1e-14));
}

TEST(StandardScaler, NamesTheConstantFeature) {
  Matrix x = Example();
  x.col(1).setConstant(4);
  const auto named = Thrown([&] { StandardScaler::Fit(x, kNames); });
  EXPECT_EQ(named.code(), ErrorCode::kUnusableData);
  EXPECT_STREQ(named.what(), "feature \"frequency\" is constant");
  EXPECT_EQ(named.detail(), "All 5 values are 4.");
  EXPECT_STREQ(Thrown([&] { StandardScaler::Fit(x); }).what(), "feature 2 is constant");
  EXPECT_EQ(Thrown([&] { StandardScaler::Fit(x.topRows(1)); }).detail(), "There is one row, with 10.");
}

TEST(StandardScaler, UnusableData) {
  EXPECT_EQ(Thrown([] { StandardScaler::Fit(Matrix(0, 3)); }).code(), ErrorCode::kUnusableData);
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    Matrix x = Example();
    x(3, 2) = bad;
    const auto error = Thrown([&] { StandardScaler::Fit(x, kNames); });
    EXPECT_EQ(error.code(), ErrorCode::kUnusableData);
    EXPECT_STREQ(error.what(), "feature \"monetary\" has a value that is not finite");
    EXPECT_EQ(error.detail().substr(0, 12), "Row 4 of 5 i");
  }
}

TEST(StandardScaler, WidthsMustMatch) {
  const Matrix x = Example();
  const auto scaler = StandardScaler::Fit(x);
  EXPECT_EQ(Thrown([&] { scaler.Apply(x.leftCols(2)); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { scaler.Inverse(x.leftCols(2)); }).code(), ErrorCode::kInvalidArgument);
  const std::vector<std::string> two{"a", "b"};
  EXPECT_EQ(Thrown([&] { StandardScaler::Fit(x, two); }).code(), ErrorCode::kInvalidArgument);
}

TEST(FitFeatures, AgreesWithScipyAndScikitLearn) {
  const auto reference = ReadReference("scaler_reference.json");
  for (const auto& [name, pipeline] : reference["pipelines"].items()) {
    const Matrix x = ReadMatrix(pipeline["x"]);
    const auto features = FitFeatures(x, ParseTransform(name), kNames);
    ASSERT_EQ(features.size(), 3U);
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(features[j].lambda, pipeline["lambda"][j], 1e-6) << name;
    }
    // scipy's lambda, and with it z, is good to 1e-7 only; without one, z agrees to rounding.
    const double tolerance = name == "none" || name == "log" ? 1e-13 : 1e-6;
    const Matrix z = ApplyFeatures(features, x);
    EXPECT_LT((z - ReadMatrix(pipeline["z"])).cwiseAbs().maxCoeff(), tolerance) << name;
    EXPECT_TRUE(InverseFeatures(features, z).isApprox(x, 1e-11)) << name;
  }
}

TEST(FitFeatures, RowMatrixAndInPlaceGiveTheSameBits) {
  const Matrix x = Example();
  const auto features = FitFeatures(x, Transform::kBoxCox);
  const Matrix z = ApplyFeatures(features, x);
  Matrix in_place = x;
  ApplyFeaturesInPlace(features, in_place);
  EXPECT_EQ(in_place, z);
  std::vector<double> row(3);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    ApplyFeatures(features, std::span(x.row(i).data(), 3), row);
    for (std::size_t j = 0; j < 3; ++j) EXPECT_EQ(row[j], z(i, static_cast<Eigen::Index>(j)));
  }
  EXPECT_EQ(FitFeatures(x, Transform::kBoxCox), features);
}

TEST(FitFeatures, CountsWhatItCannotTake) {
  Matrix x = Example();
  x(1, 2) = -5;
  x(4, 2) = 0;
  const auto error = Thrown([&] { FitFeatures(x, Transform::kBoxCox, kNames); });
  EXPECT_EQ(error.code(), ErrorCode::kUnusableData);
  EXPECT_STREQ(error.what(), "feature \"monetary\" has values that transform 'boxcox' cannot take");
  EXPECT_EQ(error.detail(), "2 of 5 rows, the first is row 2 with -5 (not positive).");
  EXPECT_NE(error.hint().find("yeo-johnson"), std::string::npos);
  EXPECT_NO_THROW(FitFeatures(x, Transform::kYeoJohnson));
  x(1, 2) = kNaN;
  EXPECT_EQ(Thrown([&] { FitFeatures(x, Transform::kNone); }).hint(), "Leave those rows out.");
}

TEST(FitFeatures, ConstantFeatureIsNamedWhateverTheTransform) {
  Matrix x = Example();
  x.col(0).setConstant(0.1);
  for (const char* transform : {"none", "log", "boxcox", "yeo-johnson"}) {
    const auto error = Thrown([&] { FitFeatures(x, ParseTransform(transform), kNames); });
    EXPECT_EQ(error.code(), ErrorCode::kUnusableData);
    EXPECT_STREQ(error.what(), "feature \"recency\" is constant");
  }
  EXPECT_STREQ(Thrown([&] { FitFeatures(x.topRows(1), Transform::kNone); }).what(), "feature 1 is constant");
  EXPECT_EQ(Thrown([] { FitFeatures(Matrix(0, 2), Transform::kNone); }).code(), ErrorCode::kUnusableData);
}

// One different value in 10^5 drives lambda to -1e5/log 2: every power is then -1/lambda.
TEST(FitFeatures, CollapseIsToldApartFromConstancy) {
  Matrix x = Matrix::Constant(100000, 1, 1e9);
  x(5, 0) = 2e9;
  const auto error = Thrown([&] { FitFeatures(x, Transform::kBoxCox); });
  EXPECT_EQ(error.code(), ErrorCode::kNumericRange);
  EXPECT_STREQ(error.what(), "feature 1 is constant after its transform");
  EXPECT_NO_THROW(FitFeatures(x, Transform::kLog));
}

TEST(FitFeatures, WidthsMustMatch) {
  const Matrix x = Example();
  const auto features = FitFeatures(x, Transform::kNone);
  EXPECT_EQ(Thrown([&] { ApplyFeatures(features, x.leftCols(2)); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { InverseFeatures(features, x.leftCols(2)); }).code(), ErrorCode::kInvalidArgument);
  const std::vector<double> row{1, 2};
  std::vector<double> out(3);
  EXPECT_EQ(Thrown([&] { ApplyFeatures(features, row, out); }).code(), ErrorCode::kInvalidArgument);
}

TEST(FitFeatures, AsksForMemoryFirst) {
  const Matrix x = Matrix::Random(1000, 1);
  CurrentHost().memory_limit = [] { return std::size_t{8192}; };
  const auto error = Thrown([&] { FitFeatures(x, Transform::kNone); });
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(error.code(), ErrorCode::kMemoryLimit);
}

}  // namespace
}  // namespace ecomm::core
