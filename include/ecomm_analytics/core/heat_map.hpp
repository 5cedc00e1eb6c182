// A table as a picture: the larger a number, the darker its cell.
#pragma once

#include <string>
#include <vector>

#include "ecomm_analytics/core/chart.hpp"

namespace ecomm::core {

struct HeatMap {
  ChartText text;
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<double> values;  // row by row; NaN: an empty cell
};

// Seven shades (classes h0 to h6), evenly from 0, or the smallest number below it, to the largest.
void DrawHeatMap(Markup& out, const HeatMap& map);

}  // namespace ecomm::core
