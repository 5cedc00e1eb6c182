#include "ecomm_analytics/core/f_distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reference.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(FSurvival, AgreesWithScipy) {
  const auto reference = ReadReference("decompose_reference_statsmodels.json");
  for (const auto& row : reference["f_upper_tail"]) {
    const double expected = row[3];
    EXPECT_NEAR(FSurvival(row[0], row[1], row[2]), expected, 1e-9 * expected) << row;
  }
}

TEST(FSurvival, HasDefinedEnds) {
  EXPECT_EQ(FSurvival(-1, 3, 5), 1);
  EXPECT_EQ(FSurvival(kInfinity, 3, 5), 0);
  EXPECT_EQ(FSurvival(1e300, 3, 1e5), 0);
  EXPECT_NEAR(FSurvival(1, 1e5, 1e5), 0.5, 1e-9);
  EXPECT_TRUE(std::isnan(FSurvival(kNaN, 3, 5)));
  EXPECT_TRUE(std::isnan(FSurvival(1, 0, 5)));
  EXPECT_TRUE(std::isnan(FSurvival(1, 3, kInfinity)));
}

}  // namespace
}  // namespace ecomm::core
