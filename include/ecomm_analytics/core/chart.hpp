// What the charts have in common: a picture that says what it shows, and colours by class, which the style
// sheet gives for light, dark and paper.
#pragma once

#include <string>

#include "ecomm_analytics/core/markup.hpp"

namespace ecomm::core {

// `id` is unique in the page. `title` names the picture; `description` tells what is to be seen in it to who
// cannot.
struct ChartText {
  std::string id;
  std::string title;
  std::string description;
};

// Colours told apart by class c0 to c7; what comes after shares the last, for "others".
inline constexpr int kChartColors = 8;
std::string ColorClass(int color);

// <svg role="img"> with title and description, as large as its place; `css_class` may be empty.
void OpenChart(Markup& out, const ChartText& text, double width, double height, const std::string& css_class);
void CloseChart(Markup& out);

void DrawText(Markup& out, double x, double y, const std::string& css_class, std::string_view text);
void DrawLine(Markup& out, double x1, double y1, double x2, double y2, const std::string& css_class);
void DrawRectangle(Markup& out, double x, double y, double width, double height, const std::string& css_class,
                   std::string_view tooltip);

// Where `value` lies on the way from `low` (at `from`) to `high` (at `to`). low < high; no overflow below
// 1e300.
double Along(double value, double low, double high, double from, double to);

// A value a chart can place: finite, and not beyond 1e300.
bool Drawable(double value);

}  // namespace ecomm::core
