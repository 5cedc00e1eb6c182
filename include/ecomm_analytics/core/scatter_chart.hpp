// Points in two dimensions, in groups told apart by colour and by shape.
#pragma once

#include <string>
#include <vector>

#include "ecomm_analytics/core/chart.hpp"

namespace ecomm::core {

struct ScatterGroup {
  std::string label;
  int color = 0;
  std::vector<double> x, y;  // points with a coordinate that cannot be drawn are left out
};

struct ScatterChart {
  ChartText text;
  std::string x_label;
  std::string y_label;
  std::vector<ScatterGroup> groups;
};

// Each group is named at the mean of its points.
void DrawScatterChart(Markup& out, const ScatterChart& chart);

}  // namespace ecomm::core
