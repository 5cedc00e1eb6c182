#include "ecomm_analytics/core/calendar.hpp"

#include <array>
#include <chrono>
#include <string>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

constexpr std::array<std::string_view, 4> kGrains = {"day", "week", "month", "quarter"};

// 2000-01-01 was a Saturday; the Monday after it is day 2.
constexpr Day kAMonday = 2;

constexpr std::chrono::sys_days kEpoch = std::chrono::year{2000} / 1 / 1;

constexpr std::int64_t FloorDivide(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Months since January of year 0.
std::int64_t MonthNumber(Day day) noexcept {
  const std::chrono::year_month_day date(kEpoch + std::chrono::days(day));
  return std::int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month()) - 1;
}

Day FirstDayOfMonth(std::int64_t month) noexcept {
  const std::int64_t year = FloorDivide(month, 12);
  const std::chrono::sys_days first = std::chrono::year{static_cast<int>(year)} /
                                      std::chrono::month{static_cast<unsigned>(month - 12 * year) + 1} / 1;
  return (first - kEpoch).count();
}

}  // namespace

Grain ParseGrain(std::string_view text) {
  for (std::size_t i = 0; i < kGrains.size(); ++i) {
    if (kGrains[i] == text) return static_cast<Grain>(i);
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown grain \"" + std::string(text) + "\"", {},
              "Use 'day', 'week', 'month' or 'quarter'.");
}

std::string_view Name(Grain grain) noexcept { return kGrains[static_cast<std::size_t>(grain)]; }

std::int64_t PeriodOf(Grain grain, Day day) noexcept {
  switch (grain) {
    case Grain::kDay:
      return day;
    case Grain::kWeek:
      return FloorDivide(day - kAMonday, 7);
    case Grain::kMonth:
      return MonthNumber(day);
    case Grain::kQuarter:
      return FloorDivide(MonthNumber(day), 3);
  }
  return day;
}

Day FirstDayOf(Grain grain, std::int64_t period) noexcept {
  switch (grain) {
    case Grain::kDay:
      return period;
    case Grain::kWeek:
      return period * 7 + kAMonday;
    case Grain::kMonth:
      return FirstDayOfMonth(period);
    case Grain::kQuarter:
      return FirstDayOfMonth(period * 3);
  }
  return period;
}

int WeekdayOf(Day day) noexcept {
  return static_cast<int>(day - kAMonday - 7 * FloorDivide(day - kAMonday, 7)) + 1;
}

int MonthOf(Day day) noexcept {
  const std::int64_t month = MonthNumber(day);
  return static_cast<int>(month - 12 * FloorDivide(month, 12)) + 1;
}

}  // namespace ecomm::core
