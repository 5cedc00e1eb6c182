// Values side by side as horizontal bars, each with its name and its number.
#pragma once

#include <string>
#include <vector>

#include "ecomm_analytics/core/chart.hpp"

namespace ecomm::core {

struct Bar {
  std::string label;
  double value;       // one that cannot be drawn has no bar
  std::string shown;  // the number behind the bar
  int color = 0;
};

struct BarChart {
  ChartText text;
  double width = 440;
  double label_width = 120;   // where labels stand before the bars
  bool labels_above = false;  // for long names: above the bars
  std::vector<Bar> bars;      // from the top down
};

// Bars begin at zero, those below it go to the left. Labels too long for their place are cut; the tooltip has
// them whole.
void DrawBarChart(Markup& out, const BarChart& chart);

}  // namespace ecomm::core
