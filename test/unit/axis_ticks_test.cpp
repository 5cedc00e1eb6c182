#include "ecomm_analytics/core/axis_ticks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ecomm::core {
namespace {

TEST(NiceTicks, RoundNumbersAroundTheRange) {
  EXPECT_EQ(NiceTicks(0, 97, 4).at, (std::vector<double>{0, 50, 100}));
  EXPECT_EQ(NiceTicks(0, 10, 5).at, (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(NiceTicks(-3, 12, 3).at, (std::vector<double>{-5, 0, 5, 10, 15}));
  EXPECT_EQ(NiceTicks(12, -3, 3).at, NiceTicks(-3, 12, 3).at);
}

TEST(NiceTicks, AnythingGivesAUsableAxis) {
  const double inf = std::numeric_limits<double>::infinity();
  const double values[] = {0,     1,      -1,      5e-324, 1e-300, 1e15,        1e15 + 1,
                           1e300, -1e300, 1.7e308, inf,    -inf,   std::nan("")};
  for (const double low : values) {
    for (const double high : values) {
      for (const int count : {0, 1, 4, 10}) {
        const Ticks ticks = NiceTicks(low, high, count);
        ASSERT_GE(ticks.at.size(), 2U) << low << " " << high;
        ASSERT_LE(ticks.at.size(), 25U) << low << " " << high;
        for (std::size_t i = 1; i < ticks.at.size(); ++i)
          ASSERT_LT(ticks.at[i - 1], ticks.at[i]) << low << " " << high;
        ASSERT_TRUE(std::isfinite(ticks.at.front()) && std::isfinite(ticks.at.back()));
      }
    }
  }
}

std::vector<std::string> Labels(Day first, Day last, int count) {
  std::vector<std::string> labels;
  for (const DateTick& tick : DateTicks(first, last, count)) labels.push_back(tick.label);
  return labels;
}

TEST(DateTicks, DaysToDecades) {
  EXPECT_EQ(Labels(0, 3, 5), (std::vector<std::string>{"1 Jan", "2 Jan", "3 Jan", "4 Jan"}));
  EXPECT_EQ(Labels(0, 20, 4), (std::vector<std::string>{"3 Jan", "10 Jan", "17 Jan"}));
  EXPECT_EQ(Labels(30, 500, 8),
            (std::vector<std::string>{"Mar 2000", "May", "Jul", "Sep", "Nov", "Jan 2001", "Mar", "May"}));
  EXPECT_EQ(Labels(0, 3653, 6), (std::vector<std::string>{"2000", "2002", "2004", "2006", "2008", "2010"}));
}

TEST(DateTicks, NeverMoreThanAsked) {
  for (const Day span : {0, 1, 6, 7, 30, 365, 3652, 36524, 3000000}) {
    for (const int count : {1, 2, 5, 12}) {
      const auto ticks = DateTicks(-1000, -1000 + span, count);
      EXPECT_LE(static_cast<int>(ticks.size()), count);
      for (const DateTick& tick : ticks) {
        EXPECT_GE(tick.day, -1000);
        EXPECT_LE(tick.day, -1000 + span);
      }
    }
  }
}

}  // namespace
}  // namespace ecomm::core
