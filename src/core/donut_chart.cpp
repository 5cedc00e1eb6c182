#include "ecomm_analytics/core/donut_chart.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ecomm_analytics/core/figure.hpp"

namespace ecomm::core {
namespace {

constexpr double kWidth = 440;
constexpr double kOuter = 92;
constexpr double kInner = 58;
constexpr double kRow = 24;
constexpr double kCenterX = 102;

std::string PointAt(double cy, double radius, double turn) {
  const double angle = 2 * std::numbers::pi * turn;
  return Coordinate(kCenterX + radius * std::sin(angle)) + " " + Coordinate(cy - radius * std::cos(angle));
}

std::string Radius(double radius) { return Coordinate(radius) + " " + Coordinate(radius); }

// A part of the ring between two turns (0 to 1); a whole one is two halves, because an arc cannot end where
// it begins.
std::string Ring(double cy, double from, double to) {
  if (to - from > 0.9999) return Ring(cy, 0, 0.5) + Ring(cy, 0.5, 0.9999);
  const std::string large = to - from > 0.5 ? " 1 " : " 0 ";
  return "M" + PointAt(cy, kOuter, from) + "A" + Radius(kOuter) + " 0" + large + "1 " +
         PointAt(cy, kOuter, to) + "L" + PointAt(cy, kInner, to) + "A" + Radius(kInner) + " 0" + large +
         "0 " + PointAt(cy, kInner, from) + "Z";
}

}  // namespace

void DrawDonutChart(Markup& out, const DonutChart& chart) {
  std::vector<Slice> slices;
  double largest = 0;
  for (const Slice& slice : chart.slices) {
    if (!(slice.value > 0) || !Drawable(slice.value)) continue;
    slices.push_back(slice);
    largest = std::max(largest, slice.value);
  }
  // In units of the largest, so that a sum of huge values is finite.
  double total = 0;
  for (const Slice& slice : slices) total += slice.value / largest;
  const double height = std::max(2 * kOuter + 16, kRow * static_cast<double>(slices.size()) + 16);
  const double cy = height / 2;
  OpenChart(out, chart.text, kWidth, height, "");
  double turn = 0;
  double row = cy - kRow * static_cast<double>(slices.size()) / 2 + 16;
  for (const Slice& slice : slices) {
    const double share = slice.value / largest / total;
    out.Open("path", {{"class", (slices.size() == 1 ? "whole slice " : "slice ") + ColorClass(slice.color)},
                      {"d", Ring(cy, turn, turn + share)}});
    out.Element("title", slice.label + ": " + Percent(share)).Close("path");
    turn += share;
    DrawRectangle(out, 214, row - 11, 13, 13, "bar " + ColorClass(slice.color), slice.label);
    DrawText(out, 234, row, "name", Shortened(slice.label, 20));
    DrawText(out, kWidth - 2, row, "value end", Percent(share));
    row += kRow;
  }
  if (slices.empty()) {
    DrawText(out, kWidth / 2, cy, "tick middle", "Nothing to draw");
  } else {
    DrawText(out, kCenterX, cy + 3, "center middle", chart.center);
    DrawText(out, kCenterX, cy + 21, "tick middle", chart.unit);
  }
  CloseChart(out);
}

}  // namespace ecomm::core
