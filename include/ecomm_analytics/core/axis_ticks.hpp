// Where an axis is marked.
#pragma once

#include <string>
#include <vector>

#include "ecomm_analytics/core/calendar.hpp"

namespace ecomm::core {

struct Ticks {
  std::vector<double> at;  // ascending, evenly spaced; the first <= low, the last >= high
};

// Round numbers (1, 2 or 5 times a power of ten apart) from `low` or below to `high` or above, about `count`
// of them. Where low = high, a range around it. Values beyond 1e300 are taken as that; NaN as 0.
Ticks NiceTicks(double low, double high, int count);

struct DateTick {
  Day day;
  std::string label;
};

// First days of days, weeks, months, quarters or years within [first, last], at most `count` (>= 1) of them.
std::vector<DateTick> DateTicks(Day first, Day last, int count);

}  // namespace ecomm::core
