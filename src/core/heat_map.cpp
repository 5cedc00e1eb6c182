#include "ecomm_analytics/core/heat_map.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecomm_analytics/core/figure.hpp"

namespace ecomm::core {
namespace {

constexpr double kWidth = 460;
constexpr double kLeft = 40;
constexpr double kTop = 22;
constexpr double kRow = 27;
constexpr int kShades = 7;

}  // namespace

void DrawHeatMap(Markup& out, const HeatMap& map) {
  const double height = kTop + kRow * static_cast<double>(map.rows.size()) + 4;
  OpenChart(out, map.text, kWidth, height, "cells");
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double value : map.values) {
    if (!Drawable(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  // From zero, so that shades compare as the numbers do.
  low = std::min(low, 0.0);
  const double width = map.columns.empty()
                           ? 0
                           : std::min((kWidth - kLeft - 2) / static_cast<double>(map.columns.size()), 64.0);
  for (std::size_t column = 0; column < map.columns.size(); ++column) {
    DrawText(out, kLeft + width * (static_cast<double>(column) + 0.5), kTop - 8, "tick middle",
             map.columns[column]);
  }
  for (std::size_t row = 0; row < map.rows.size(); ++row) {
    const double y = kTop + kRow * static_cast<double>(row);
    DrawText(out, kLeft - 8, y + 17, "tick end", map.rows[row]);
    for (std::size_t column = 0; column < map.columns.size(); ++column) {
      const std::size_t i = row * map.columns.size() + column;
      const double value = i < map.values.size() ? map.values[i] : std::nan("");
      const bool drawn = Drawable(value);
      const int shade = drawn && high > low
                            ? std::min(kShades - 1, static_cast<int>(Along(value, low, high, 0, kShades)))
                            : 0;
      const double x = kLeft + width * static_cast<double>(column);
      const std::string css_class = drawn ? "h" + std::to_string(shade) : "hole";
      DrawRectangle(out, x + 1, y + 1, width - 2, kRow - 2, "cell " + css_class,
                    map.rows[row] + ", " + map.columns[column] + ": " + Compact(value));
      if (drawn) DrawText(out, x + width / 2, y + 17, "in-" + css_class + " middle", Compact(value, 2));
    }
  }
  CloseChart(out);
}

}  // namespace ecomm::core
