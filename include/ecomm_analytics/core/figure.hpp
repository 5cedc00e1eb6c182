// Numbers and dates as a report shows them, in English. Text is UTF-8.
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "ecomm_analytics/core/calendar.hpp"

namespace ecomm::core {

// A number as SQL has it, to the last digit, and as charts draw it.
struct Figure {
  std::string exact;  // decimal; empty where there is no number
  double value = std::numeric_limits<double>::quiet_NaN();

  bool present() const { return !exact.empty(); }
};

// From a decimal such as "-1234.50"; anything else (NaN, infinity, empty) is no number.
Figure MakeFigure(std::string_view decimal);

// "−1,234.50" from "-1234.50"; a dash where there is no number.
std::string Grouped(const Figure& figure);

// Three digits (or two: 2 to 3) and k, M, B or T: "1.23M". A dash for NaN and infinities.
std::string Compact(double value, int digits = 3);

// The same without zeros at the end: "5k".
std::string TickText(double value);

// "12.3%" of 0.123; a dash for NaN and infinities.
std::string Percent(double fraction);

// "4.2% more than the month before", "as much as …"; `fraction` is new over old, less 1. Finite.
std::string MoreOrLess(double fraction, std::string_view than);

// "31 December 2024"
std::string DateText(Day day);
// "31 Dec"
std::string ShortDate(Day day);
// 1 to 12: "December"; of a day: "December 2024"
std::string_view MonthName(int month);
std::string MonthText(Day day);
int YearOf(Day day);
int DayOfMonth(Day day);
// "2024-12-31"
std::string IsoDate(Day day);
// What a period of that grain ('month', 'quarter', 'year', 'week', 'day') is called: "December 2024", "Q4
// 2024", "2024".
std::string PeriodText(std::string_view grain, Day first);

// The first `limit` characters, the last an ellipsis where there were more.
std::string Shortened(std::string_view text, std::size_t limit);

}  // namespace ecomm::core
