// Parts of a whole as a ring, each named beside it.
#pragma once

#include <string>
#include <vector>

#include "ecomm_analytics/core/chart.hpp"

namespace ecomm::core {

struct Slice {
  std::string label;
  double value;  // only what is positive has a place in a ring
  int color = 0;
};

struct DonutChart {
  ChartText text;
  std::string center;  // what the whole comes to
  std::string unit;    // and of what
  std::vector<Slice> slices;
};

// Clockwise from the top in the order given; the names beside the ring in the same order, with their shares
// of what is drawn.
void DrawDonutChart(Markup& out, const DonutChart& chart);

}  // namespace ecomm::core
