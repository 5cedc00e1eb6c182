#include "ecomm_analytics/core/chart.hpp"

#include <algorithm>
#include <cmath>

namespace ecomm::core {

std::string ColorClass(int color) { return "c" + std::to_string(std::clamp(color, 0, kChartColors - 1)); }

void OpenChart(Markup& out, const ChartText& text, double width, double height,
               const std::string& css_class) {
  const std::string title = text.id + "-title";
  const std::string description = text.id + "-desc";
  out.Open("svg", {{"id", text.id},
                   {"class", css_class.empty() ? "chart" : "chart " + css_class},
                   {"viewBox", "0 0 " + Coordinate(width) + " " + Coordinate(height)},
                   {"role", "img"},
                   {"aria-labelledby", title + " " + description}});
  out.Element("title", {{"id", title}}, text.title);
  out.Element("desc", {{"id", description}}, text.description);
}

void CloseChart(Markup& out) { out.Close("svg"); }

void DrawText(Markup& out, double x, double y, const std::string& css_class, std::string_view text) {
  out.Element("text", {{"class", css_class}, {"x", Coordinate(x)}, {"y", Coordinate(y)}}, text);
}

void DrawLine(Markup& out, double x1, double y1, double x2, double y2, const std::string& css_class) {
  out.Empty("line", {{"class", css_class},
                     {"x1", Coordinate(x1)},
                     {"y1", Coordinate(y1)},
                     {"x2", Coordinate(x2)},
                     {"y2", Coordinate(y2)}});
}

void DrawRectangle(Markup& out, double x, double y, double width, double height, const std::string& css_class,
                   std::string_view tooltip) {
  out.Open("rect", {{"class", css_class},
                    {"x", Coordinate(x)},
                    {"y", Coordinate(y)},
                    {"width", Coordinate(width)},
                    {"height", Coordinate(height)}});
  out.Element("title", tooltip);
  out.Close("rect");
}

double Along(double value, double low, double high, double from, double to) {
  return from + (value - low) / (high - low) * (to - from);
}

bool Drawable(double value) { return std::abs(value) <= 1e300; }

}  // namespace ecomm::core
