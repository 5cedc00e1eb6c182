// What is known of the days of a series beforehand, those to come too: weekdays, months, holidays,
// promotions, days when the shop is closed, and any numbers the user has.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/calendar.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

enum class DayKind : std::uint8_t { kHoliday, kPromotion, kClosed };

// From 'holiday', 'promotion' or 'closed'; anything else throws Error(kInvalidArgument) that names these.
DayKind ParseDayKind(std::string_view text);

struct SpecialDay {
  Day day = 0;
  DayKind kind = DayKind::kHoliday;
  std::string name;  // days of one name have one effect
};

struct CalendarTerms {
  bool weekday = false;  // of weeks and longer, how many there are of each weekday more than of Sundays
  bool month = false;
  bool holidays = false;
  bool promotions = false;
  bool closed = false;
  int fourier = 0;  // pairs of sine and cosine over the year of 365.25 days
};

// Names separated by commas: 'weekday', 'month', 'holidays', 'promotions', 'closed' and 'fourier(3)' with up
// to 20 pairs; '' for none. Anything else throws Error(kInvalidArgument) that names these.
CalendarTerms ParseCalendarTerms(std::string_view text);

// One entry or row per period, from the first of the series to the last that is forecast.
struct SeriesCalendar {
  // Days of the week on which the shop never sells: left out of the series, and 0 ahead. Empty: none.
  std::vector<bool> never;
  // Days closed for once: the same day of the week before stands in for them, and they are 0 ahead. Empty:
  // none.
  std::vector<bool> closed;
  std::vector<std::string> names;  // of the regressors
  Matrix regressors;               // a column per name; no rows where there are none

  bool empty() const { return never.empty() && closed.empty() && names.empty(); }
  std::size_t size() const;  // periods; 0 where it is empty
  // The periods from `begin` on, `count` of them.
  SeriesCalendar Slice(std::size_t begin, std::size_t count) const;
  // The last `count`, or nothing of an empty one.
  SeriesCalendar Last(std::size_t count) const {
    return empty() ? SeriesCalendar{} : Slice(size() - count, count);
  }
};

// `count` periods from `first`. `shut`: by ISO weekday less 1, whether the shop never sells then; of days
// only. Throws Error(kMemoryLimit): 8 bytes per period and regressor.
SeriesCalendar MakeCalendar(Grain grain, std::int64_t first, std::size_t count, const CalendarTerms& terms,
                            std::span<const SpecialDay> days, const std::array<bool, 7>& shut);

// Columns put beside those there are; `columns` has a row per period of `calendar`, or of the calendar to be
// where that is empty.
void AddRegressors(std::span<const std::string> names, const MatrixView& columns, SeriesCalendar* calendar);

}  // namespace ecomm::core
