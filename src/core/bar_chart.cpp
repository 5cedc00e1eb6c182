#include "ecomm_analytics/core/bar_chart.hpp"

#include <algorithm>

#include "ecomm_analytics/core/figure.hpp"

namespace ecomm::core {
namespace {

constexpr double kCharacterWidth = 6.8;

double WidthOf(std::string_view text) {
  const auto characters = std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return kCharacterWidth * static_cast<double>(characters);
}

std::string Fitted(const std::string& text, double width) {
  return Shortened(text, static_cast<std::size_t>(width / kCharacterWidth));
}

}  // namespace

void DrawBarChart(Markup& out, const BarChart& chart) {
  const double row = chart.labels_above ? 38 : 25;
  const double height = std::max(row * static_cast<double>(chart.bars.size()), 40.0) + 6;
  OpenChart(out, chart.text, chart.width, height, "");
  double low = 0;
  double high = 0;
  double widest = 0;
  for (const Bar& bar : chart.bars) {
    if (Drawable(bar.value)) {
      low = std::min(low, bar.value);
      high = std::max(high, bar.value);
    }
    widest = std::max(widest, WidthOf(bar.shown));
  }
  if (low == high) high = 1;
  const double left = chart.labels_above ? 2 : chart.label_width;
  // The number of a bar to the left of zero stands to the left of it.
  const double from = left + (low < 0 ? widest + 6 : 0);
  const double to = chart.width - widest - 8;
  const double zero = Along(0, low, high, from, to);
  double top = 3;
  for (const Bar& bar : chart.bars) {
    const double middle = top + row - (chart.labels_above ? 12 : 12.5);
    if (chart.labels_above) {
      DrawText(out, 2, top + 12, "name", Fitted(bar.label, chart.width - 8));
    } else {
      DrawText(out, left - 8, middle + 4, "name end", Fitted(bar.label, left - 8));
    }
    const double end = Drawable(bar.value) ? Along(bar.value, low, high, from, to) : zero;
    DrawRectangle(out, std::min(zero, end), middle - 8, std::abs(end - zero), 16,
                  "bar " + ColorClass(bar.color), bar.label + ": " + bar.shown);
    if (end < zero) {
      DrawText(out, end - 5, middle + 4, "value end", bar.shown);
    } else {
      DrawText(out, end + 5, middle + 4, "value", bar.shown);
    }
    top += row;
  }
  if (chart.bars.empty()) DrawText(out, chart.width / 2, 26, "tick middle", "Nothing to draw");
  if (low < 0) DrawLine(out, zero, 2, zero, height - 2, "zero");
  CloseChart(out);
}

}  // namespace ecomm::core
