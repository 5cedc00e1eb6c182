#include "ecomm_analytics/core/distributions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "reference.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTolerance = 1e-12;  // relative

void ExpectNear(double actual, double expected, double at) {
  EXPECT_LE(std::fabs(actual - expected), kTolerance * std::fabs(expected))
      << "at " << at << ": " << actual << " for " << expected;
}

TEST(Distributions, NormalEqualsReference) {
  const auto reference = ReadReference("distributions_reference.json");
  for (const auto& [x, p] : reference["normal_cdf"].get<std::vector<std::pair<double, double>>>()) {
    ExpectNear(NormalCdf(x), p, x);
  }
  for (const auto& [p, x] : reference["normal_quantile"].get<std::vector<std::pair<double, double>>>()) {
    ExpectNear(NormalQuantile(p), x, p);
  }
}

TEST(Distributions, NormalAtTheEnds) {
  EXPECT_EQ(NormalCdf(-kInfinity), 0);
  EXPECT_EQ(NormalCdf(kInfinity), 1);
  EXPECT_TRUE(std::isnan(NormalCdf(kNaN)));
  EXPECT_EQ(NormalQuantile(0), -kInfinity);
  EXPECT_EQ(NormalQuantile(1), kInfinity);
  EXPECT_NEAR(NormalQuantile(std::numeric_limits<double>::denorm_min()), -38.467405617144344, 1e-11);
  for (const double p : {-1e-300, 1.0000000000000002, -kInfinity, kInfinity, kNaN}) {
    EXPECT_TRUE(std::isnan(NormalQuantile(p))) << p;
  }
}

TEST(Distributions, ChiSquaredEqualsReference) {
  const auto reference = ReadReference("distributions_reference.json");
  for (const auto& row : reference["chi_squared_survival"]) {
    const auto x = row[0].get<double>();
    const auto degrees = row[1].get<int>();
    SCOPED_TRACE(degrees);
    ExpectNear(ChiSquaredSurvival(x, degrees), row[2].get<double>(), x);
  }
}

TEST(Distributions, ChiSquaredAtTheEnds) {
  for (const int degrees : {1, 2, 3, 1000}) {
    EXPECT_EQ(ChiSquaredSurvival(0, degrees), 1);
    EXPECT_EQ(ChiSquaredSurvival(-1, degrees), 1);
    EXPECT_EQ(ChiSquaredSurvival(1e300, degrees), 0);
    EXPECT_EQ(ChiSquaredSurvival(kInfinity, degrees), 0);
    EXPECT_TRUE(std::isnan(ChiSquaredSurvival(kNaN, degrees)));
  }
  EXPECT_TRUE(std::isnan(ChiSquaredSurvival(1, 0)));
  EXPECT_TRUE(std::isnan(ChiSquaredSurvival(1, -3)));
  // The median of so many degrees is degrees - 2/3, nearly: half a million terms of which none fits alone.
  EXPECT_NEAR(ChiSquaredSurvival(1e6 - 2.0 / 3, 1000000), 0.5, 1e-9);
  EXPECT_NEAR(ChiSquaredSurvival(1e6 + 1 - 2.0 / 3, 1000001), 0.5, 1e-9);
}

}  // namespace
}  // namespace ecomm::core
