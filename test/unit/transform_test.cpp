#include "ecomm_analytics/core/transform.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "ecomm_analytics/core/error.hpp"
#include "reference.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kHuge = std::numeric_limits<double>::max();

TEST(Transform, NamesGoBothWays) {
  for (const Transform t : {Transform::kNone, Transform::kLog, Transform::kBoxCox, Transform::kYeoJohnson}) {
    EXPECT_EQ(ParseTransform(Name(t)), t);
  }
}

TEST(Transform, UnknownNameTellsTheKnownOnes) {
  try {
    ParseTransform("box");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kInvalidArgument);
    EXPECT_STREQ(e.what(), "unknown transform \"box\"");
    for (const char* name : {"'none'", "'log'", "'boxcox'", "'yeo-johnson'"}) {
      EXPECT_NE(e.hint().find(name), std::string::npos) << name;
    }
  }
}

TEST(Transform, ClassifiesByReason) {
  for (const Transform t : {Transform::kNone, Transform::kLog, Transform::kBoxCox, Transform::kYeoJohnson}) {
    EXPECT_EQ(Classify(t, kNaN), Unusable::kNaN);
    EXPECT_EQ(Classify(t, kInfinity), Unusable::kInfinite);
    EXPECT_EQ(Classify(t, -kInfinity), Unusable::kInfinite);
    EXPECT_EQ(Classify(t, 1e-310), Unusable::kNone);
  }
  for (const double x : {0.0, -0.0, -1.0}) {
    EXPECT_EQ(Classify(Transform::kLog, x), Unusable::kNonPositive);
    EXPECT_EQ(Classify(Transform::kBoxCox, x), Unusable::kNonPositive);
    EXPECT_EQ(Classify(Transform::kYeoJohnson, x), Unusable::kNone);
    EXPECT_EQ(Classify(Transform::kNone, x), Unusable::kNone);
  }
  EXPECT_EQ(Name(Unusable::kNonPositive), "not positive");
}

// Relative 1e-12: exp() of an exponent around 700, itself rounded, is good to 1e-13.
void ExpectSame(double actual, double expected, const std::string& where) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(actual)) << where << ": " << actual;
  } else if (std::isinf(expected)) {
    EXPECT_EQ(actual, expected) << where;
  } else {
    EXPECT_NEAR(actual, expected, 1e-12 * std::fabs(expected)) << where;
  }
}

TEST(Transform, AgreesWithExactValues) {
  const auto reference = ReadReference("transform_reference.json");
  for (const auto& row : reference["scalars"]) {
    const double lambda = row[1];
    const double x = row[2];
    const double y = row[0] == "boxcox" ? BoxCox(x, lambda) : YeoJohnson(x, lambda);
    ExpectSame(y, ReferenceNumber(row[3]), row.dump());
  }
}

TEST(Transform, InverseAgreesWithExactValues) {
  const auto reference = ReadReference("transform_reference.json");
  for (const auto& row : reference["inverses"]) {
    const double lambda = row[1];
    const double y = row[2];
    const double x = row[0] == "boxcox" ? BoxCoxInverse(y, lambda) : YeoJohnsonInverse(y, lambda);
    ExpectSame(x, ReferenceNumber(row[3]), row.dump());
  }
}

TEST(Transform, InverseTakesBackWhatTheTransformGave) {
  for (const double lambda : {-1.5, -0.193113, -1e-7, 0.0, 1e-15, 0.178150, 1.0, 2.0, 2.6}) {
    for (const double x : {0.01, 0.5, 1.0, 3.0, 77.25, 1200.0}) {
      EXPECT_NEAR(BoxCoxInverse(BoxCox(x, lambda), lambda), x, 1e-8 * x) << x << " " << lambda;
      EXPECT_NEAR(YeoJohnsonInverse(YeoJohnson(x, lambda), lambda), x, 1e-8 * x) << x << " " << lambda;
      EXPECT_NEAR(YeoJohnsonInverse(YeoJohnson(-x, lambda), lambda), -x, 1e-8 * x) << x << " " << lambda;
    }
  }
}

// The values of scipy.special.boxcox at the border of its domain.
TEST(Transform, BoxCoxAtTheBorder) {
  EXPECT_EQ(BoxCox(0, 0.5), -2);
  EXPECT_EQ(BoxCox(-0.0, 0.5), -2);
  EXPECT_EQ(BoxCox(0, 0), -kInfinity);
  EXPECT_EQ(BoxCox(0, -0.5), -kInfinity);
  EXPECT_EQ(BoxCox(kInfinity, 0.5), kInfinity);
  EXPECT_EQ(BoxCox(kInfinity, 0), kInfinity);
  EXPECT_EQ(BoxCox(kInfinity, -0.5), 2);
  EXPECT_TRUE(std::isnan(BoxCox(-1e-300, 1)));
  EXPECT_TRUE(std::isnan(BoxCox(-kInfinity, 1)));
  EXPECT_EQ(BoxCox(kHuge, kHuge), kInfinity);
  EXPECT_EQ(BoxCox(kHuge, -kHuge), 1 / kHuge);
  EXPECT_EQ(BoxCox(1, 1e300), 0);
}

TEST(Transform, InverseAtTheBorderOfItsRange) {
  EXPECT_EQ(BoxCoxInverse(-2, 0.5), 0);
  EXPECT_TRUE(std::isnan(BoxCoxInverse(std::nextafter(-2, -3), 0.5)));
  EXPECT_EQ(BoxCoxInverse(2, -0.5), kInfinity);
  EXPECT_TRUE(std::isnan(BoxCoxInverse(std::nextafter(2, 3), -0.5)));
  EXPECT_EQ(BoxCoxInverse(-kInfinity, 0), 0);
  EXPECT_EQ(BoxCoxInverse(-kInfinity, -1), 0);
  EXPECT_TRUE(std::isnan(BoxCoxInverse(-kInfinity, 1)));
  EXPECT_TRUE(std::isnan(BoxCoxInverse(kInfinity, -1)));
  EXPECT_EQ(YeoJohnsonInverse(2, -0.5), kInfinity);
  EXPECT_TRUE(std::isnan(YeoJohnsonInverse(2.001, -0.5)));
  EXPECT_EQ(YeoJohnsonInverse(-2, 2.5), -kInfinity);
  EXPECT_TRUE(std::isnan(YeoJohnsonInverse(-2.001, 2.5)));
}

// lambda * y overflows or is denormal where the answer is an ordinary number.
TEST(Transform, InverseSurvivesExtremeProducts) {
  EXPECT_NEAR(BoxCoxInverse(1e300, 1e10), std::exp(310 * std::log(10.0) / 1e10), 1e-15);
  EXPECT_NEAR(BoxCoxInverse(-1e300, -1e10), std::exp(-310 * std::log(10.0) / 1e10), 1e-15);
  EXPECT_TRUE(std::isnan(BoxCoxInverse(-1e300, 1e10)));
  EXPECT_NEAR(BoxCoxInverse(2.5, 1e-320), std::exp(2.5), 1e-14);
  EXPECT_NEAR(BoxCox(12.5, 1e-320), std::log(12.5), 1e-15);
  EXPECT_NEAR(YeoJohnson(3e-300, 1e-10), 3e-300, 1e-314);
}

TEST(Transform, NaNStaysNaN) {
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    EXPECT_TRUE(std::isnan(BoxCox(2, bad)));
    EXPECT_TRUE(std::isnan(BoxCoxInverse(2, bad)));
    EXPECT_TRUE(std::isnan(YeoJohnson(2, bad)));
    EXPECT_TRUE(std::isnan(YeoJohnsonInverse(2, bad)));
  }
  for (const double lambda : {-1.0, 0.0, 1.0, 2.0, 3.0}) {
    EXPECT_TRUE(std::isnan(BoxCox(kNaN, lambda)));
    EXPECT_TRUE(std::isnan(BoxCoxInverse(kNaN, lambda)));
    EXPECT_TRUE(std::isnan(YeoJohnson(kNaN, lambda)));
    EXPECT_TRUE(std::isnan(YeoJohnsonInverse(kNaN, lambda)));
  }
}

TEST(FeatureTransform, TransformsThenStandardises) {
  const FeatureTransform boxcox{Transform::kBoxCox, 0.5, 3, 2};
  EXPECT_DOUBLE_EQ(boxcox.Apply(16), (2 * (4 - 1) - 3) / 2.0);
  EXPECT_DOUBLE_EQ(boxcox.Inverse(boxcox.Apply(16)), 16);
  const FeatureTransform log{Transform::kLog, 0, 1, 4};
  EXPECT_DOUBLE_EQ(log.Apply(std::exp(9.0)), 2);
  EXPECT_DOUBLE_EQ(log.Inverse(2), std::exp(9.0));
  const FeatureTransform yeo_johnson{Transform::kYeoJohnson, 1, 1, 2};
  EXPECT_DOUBLE_EQ(yeo_johnson.Apply(-5), -3);
  EXPECT_DOUBLE_EQ(yeo_johnson.Inverse(-3), -5);
  const FeatureTransform none{Transform::kNone, 1, 10, 5};
  EXPECT_DOUBLE_EQ(none.Apply(0), -2);
  EXPECT_DOUBLE_EQ(none.Inverse(-2), 0);
}

TEST(FeatureTransform, RefusesWhatItWasNotTrainedOn) {
  const FeatureTransform boxcox{Transform::kBoxCox, 0.5, 0, 1};
  for (const double x : {0.0, -1.0, kNaN, kInfinity}) EXPECT_TRUE(std::isnan(boxcox.Apply(x))) << x;
  EXPECT_TRUE(std::isnan(boxcox.Inverse(-3)));
  const FeatureTransform none;
  EXPECT_TRUE(std::isnan(none.Apply(-kInfinity)));
}

TEST(FeatureTransform, ComparesAllItHolds) {
  const FeatureTransform a{Transform::kBoxCox, 0.5, 3, 2};
  FeatureTransform b = a;
  EXPECT_EQ(a, b);
  b.scale = 2.5;
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace ecomm::core
