#include "ecomm_analytics/core/scatter_chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecomm_analytics/core/axis_ticks.hpp"
#include "ecomm_analytics/core/figure.hpp"

namespace ecomm::core {
namespace {

constexpr double kWidth = 440;
constexpr double kHeight = 340;
constexpr double kLeft = 40;
constexpr double kRight = kWidth - 8;
constexpr double kTop = 24;
constexpr double kBottom = kHeight - 44;
constexpr int kShapes = 4;

// Relative moves, so that thousands of points stay short: a dot (a line of no length with round or square
// ends), an upright and a slanted cross.
constexpr std::string_view kMarks[kShapes] = {"h0", "h0", "m-2.2 0h4.4m-2.2-2.2v4.4",
                                              "m-1.8-1.8l3.6 3.6m0-3.6l-3.6 3.6"};

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void Include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

std::string Short(double value) { return Coordinate(std::round(value * 10) / 10); }

struct GroupLabel {
  double x, y;
  const ScatterGroup* group;
};

// Names that would lie on each other are moved down.
void DrawLabels(Markup& out, std::vector<GroupLabel> labels) {
  std::stable_sort(labels.begin(), labels.end(),
                   [](const GroupLabel& a, const GroupLabel& b) { return a.y < b.y; });
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (std::abs(labels[i].x - labels[j].x) < 90 && labels[i].y - labels[j].y < 18)
        labels[i].y = labels[j].y + 18;
    }
    const double half = 3.8 * static_cast<double>(labels[i].group->label.size());
    DrawText(out, std::clamp(labels[i].x, kLeft + half, std::max(kLeft + half, kRight - half)),
             std::clamp(labels[i].y, kTop + 14, kBottom - 6), "group middle", labels[i].group->label);
  }
}

}  // namespace

void DrawScatterChart(Markup& out, const ScatterChart& chart) {
  OpenChart(out, chart.text, kWidth, kHeight, "");
  Range across;
  Range up;
  const auto drawn = [](const ScatterGroup& group, std::size_t i) {
    return i < group.y.size() && Drawable(group.x[i]) && Drawable(group.y[i]);
  };
  for (const ScatterGroup& group : chart.groups) {
    for (std::size_t i = 0; i < group.x.size(); ++i) {
      if (!drawn(group, i)) continue;
      across.Include(group.x[i]);
      up.Include(group.y[i]);
    }
  }
  if (!(across.low <= across.high)) {
    DrawText(out, kWidth / 2, kHeight / 2, "tick middle", "Nothing to draw");
    CloseChart(out);
    return;
  }
  const Ticks x_ticks = NiceTicks(across.low, across.high, 5);
  const Ticks y_ticks = NiceTicks(up.low, up.high, 5);
  const auto place_x = [&](double x) {
    return Along(x, x_ticks.at.front(), x_ticks.at.back(), kLeft, kRight);
  };
  const auto place_y = [&](double y) {
    return Along(y, y_ticks.at.front(), y_ticks.at.back(), kBottom, kTop);
  };
  for (const double tick : y_ticks.at) {
    DrawLine(out, kLeft, place_y(tick), kRight, place_y(tick), "grid");
    DrawText(out, kLeft - 6, place_y(tick) + 4, "tick end", TickText(tick));
  }
  for (const double tick : x_ticks.at) {
    DrawLine(out, place_x(tick), kTop, place_x(tick), kBottom, "grid");
    DrawText(out, place_x(tick), kBottom + 16, "tick middle", TickText(tick));
  }
  DrawText(out, (kLeft + kRight) / 2, kHeight - 6, "tick middle", chart.x_label);
  DrawText(out, 2, 12, "tick", chart.y_label);

  std::vector<GroupLabel> labels;
  for (const ScatterGroup& group : chart.groups) {
    std::string path;
    double sum_x = 0;
    double sum_y = 0;
    double count = 0;
    for (std::size_t i = 0; i < group.x.size(); ++i) {
      if (!drawn(group, i)) continue;
      const double x = place_x(group.x[i]);
      const double y = place_y(group.y[i]);
      path += "M" + Short(x) + " " + Short(y) + std::string(kMarks[group.color % kShapes]);
      sum_x += x;
      sum_y += y;
      ++count;
    }
    if (path.empty()) continue;
    out.Empty("path", {{"class", "points shape" + std::to_string(group.color % kShapes) + " " +
                                     ColorClass(group.color)},
                       {"d", path}});
    labels.push_back({sum_x / count, sum_y / count + 5, &group});
  }
  DrawLabels(out, std::move(labels));
  CloseChart(out);
}

}  // namespace ecomm::core
