#include "ecomm_analytics/core/calendar.hpp"

#include <gtest/gtest.h>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

constexpr Day kLeapDay2024 = 8825;  // 2024-02-29, a Thursday

TEST(Calendar, PeriodsBeginWhereTheyShould) {
  EXPECT_EQ(FirstDayOf(Grain::kDay, PeriodOf(Grain::kDay, kLeapDay2024)), kLeapDay2024);
  EXPECT_EQ(FirstDayOf(Grain::kWeek, PeriodOf(Grain::kWeek, kLeapDay2024)), kLeapDay2024 - 3);
  EXPECT_EQ(FirstDayOf(Grain::kMonth, PeriodOf(Grain::kMonth, kLeapDay2024)), kLeapDay2024 - 28);
  EXPECT_EQ(FirstDayOf(Grain::kQuarter, PeriodOf(Grain::kQuarter, kLeapDay2024)), kLeapDay2024 - 28 - 31);
  EXPECT_EQ(WeekdayOf(kLeapDay2024), 4);
  EXPECT_EQ(MonthOf(kLeapDay2024), 2);
  EXPECT_EQ(WeekdayOf(0), 6);  // 2000-01-01
  EXPECT_EQ(MonthOf(-1), 12);  // 1999-12-31
}

TEST(Calendar, EveryDayLiesInItsPeriodAndPeriodsFollowEachOther) {
  for (const Grain grain : {Grain::kDay, Grain::kWeek, Grain::kMonth, Grain::kQuarter}) {
    for (Day day = -800'000; day < 800'000; day += 1 + (day & 63)) {
      const std::int64_t period = PeriodOf(grain, day);
      ASSERT_LE(FirstDayOf(grain, period), day) << Name(grain);
      ASSERT_GT(FirstDayOf(grain, period + 1), day) << Name(grain);
      ASSERT_EQ(PeriodOf(grain, FirstDayOf(grain, period)), period) << Name(grain);
    }
  }
  for (Day day = -20; day < 20; ++day) EXPECT_EQ(WeekdayOf(day) % 7 + 1, WeekdayOf(day + 1)) << day;
}

TEST(Calendar, GrainsAreReadByName) {
  for (const Grain grain : {Grain::kDay, Grain::kWeek, Grain::kMonth, Grain::kQuarter}) {
    EXPECT_EQ(ParseGrain(Name(grain)), grain);
  }
  EXPECT_THROW(ParseGrain("hour"), Error);
  EXPECT_THROW(ParseGrain(""), Error);
}

}  // namespace
}  // namespace ecomm::core
