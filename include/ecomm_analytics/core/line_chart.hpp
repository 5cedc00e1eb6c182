// Values over time as lines, with bands of uncertainty.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ecomm_analytics/core/calendar.hpp"
#include "ecomm_analytics/core/chart.hpp"

namespace ecomm::core {

enum class LineShape { kLine, kColumns };

// Values that cannot be drawn (NaN, infinite, beyond 1e300) are gaps. A label stands at the end of its line;
// empty: none.
struct LineSeries {
  std::string label;
  std::string css_class;
  std::vector<double> values;  // one per day of LineChart::days
  LineShape shape = LineShape::kLine;
};

struct LineBand {
  std::string label;
  std::string css_class;
  std::vector<double> lower, upper;  // as LineSeries::values
};

struct DividingDay {
  Day day;
  std::string before, after;  // what the two sides are
};

struct LineChart {
  ChartText text;
  double width = 960;
  double height = 320;
  std::string css_class;
  std::vector<Day> days;  // ascending
  std::vector<LineBand> bands;
  std::vector<LineSeries> series;
  std::optional<DividingDay> divide;
};

// Zero is on the axis where no value is below it. Without a value that can be drawn, a line of text says so.
void DrawLineChart(Markup& out, const LineChart& chart);

}  // namespace ecomm::core
