// Periods of the calendar: days, ISO weeks (from Monday), months and quarters, each as a whole number that
// counts them, so that neighbouring periods are neighbouring numbers. Days count from 2000-01-01, as the
// server's; the calendar is the proleptic Gregorian one.
#pragma once

#include <cstdint>
#include <string_view>

namespace ecomm::core {

using Day = std::int64_t;

enum class Grain : std::uint8_t { kDay, kWeek, kMonth, kQuarter };

// From 'day', 'week', 'month' or 'quarter'; anything else throws Error(kInvalidArgument) that names these.
Grain ParseGrain(std::string_view text);
std::string_view Name(Grain grain) noexcept;

// The period a day lies in, and the first day of a period.
std::int64_t PeriodOf(Grain grain, Day day) noexcept;
Day FirstDayOf(Grain grain, std::int64_t period) noexcept;

// 1 (Monday) to 7 (Sunday), as ISO 8601.
int WeekdayOf(Day day) noexcept;
// 1 to 12.
int MonthOf(Day day) noexcept;

}  // namespace ecomm::core
