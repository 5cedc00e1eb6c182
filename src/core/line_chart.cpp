#include "ecomm_analytics/core/line_chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecomm_analytics/core/axis_ticks.hpp"
#include "ecomm_analytics/core/figure.hpp"

namespace ecomm::core {
namespace {

constexpr double kTop = 22;
constexpr double kBottom = 26;
constexpr double kLabelHeight = 15;
constexpr double kCharacterWidth = 7.2;

struct EndLabel {
  double y;
  std::string css_class;
  std::string text;
};

class Drawing {
 public:
  Drawing(Markup& out, const LineChart& chart) : out_(out), chart_(chart) {}

  void Draw() {
    if (!FindRange()) {
      DrawText(out_, chart_.width / 2, chart_.height / 2, "tick middle", "Nothing to draw");
      return;
    }
    PlaceAxes();
    DrawAxes();
    for (const LineBand& band : chart_.bands) DrawBand(band);
    if (chart_.divide) DrawDivide(*chart_.divide);
    for (const LineSeries& series : chart_.series) DrawSeries(series);
    DrawEndLabels();
  }

 private:
  bool FindRange() {
    const auto include = [&](const std::vector<double>& values) {
      for (const double value : values) {
        if (!Drawable(value)) continue;
        low_ = std::min(low_, value);
        high_ = std::max(high_, value);
      }
    };
    for (const LineSeries& series : chart_.series) include(series.values);
    for (const LineBand& band : chart_.bands) {
      include(band.lower);
      include(band.upper);
    }
    return low_ <= high_ && !chart_.days.empty();
  }

  void PlaceAxes() {
    ticks_ = NiceTicks(std::min(low_, 0.0), std::max(high_, 0.0), 4);
    std::size_t widest = 0;
    for (const double tick : ticks_.at) widest = std::max(widest, TickText(tick).size());
    left_ = 14 + kCharacterWidth * static_cast<double>(widest);
    std::size_t longest = 0;
    for (const LineSeries& series : chart_.series) longest = std::max(longest, series.label.size());
    for (const LineBand& band : chart_.bands) longest = std::max(longest, band.label.size());
    margin_ = 4;
    for (const LineSeries& series : chart_.series) {
      if (series.shape == LineShape::kColumns) {
        margin_ = std::max(4.0, (chart_.width - left_) / 2.4 / static_cast<double>(chart_.days.size()));
      }
    }
    right_ = chart_.width - (longest == 0 ? 8 : 14 + kCharacterWidth * static_cast<double>(longest));
  }

  double X(Day day) const {
    const Day first = chart_.days.front();
    const Day last = chart_.days.back();
    if (first == last) return (left_ + right_) / 2;
    return Along(static_cast<double>(day), static_cast<double>(first), static_cast<double>(last),
                 left_ + margin_, right_ - margin_);
  }
  double Y(double value) const {
    return Along(value, ticks_.at.front(), ticks_.at.back(), chart_.height - kBottom, kTop);
  }
  std::string Point(std::size_t i, double value) const {
    return Coordinate(std::round(X(chart_.days[i]) * 10) / 10) + " " +
           Coordinate(std::round(Y(value) * 10) / 10);
  }

  void DrawAxes() {
    for (const double tick : ticks_.at) {
      DrawLine(out_, left_, Y(tick), right_, Y(tick), tick == 0 ? "zero" : "grid");
      DrawText(out_, left_ - 8, Y(tick) + 4, "tick end", TickText(tick));
    }
    const int count = std::max(2, static_cast<int>((right_ - left_) / 74));
    double free_from = 0;
    for (const DateTick& tick : DateTicks(chart_.days.front(), chart_.days.back(), count)) {
      const double x = X(tick.day);
      const double half = kCharacterWidth / 2 * static_cast<double>(tick.label.size());
      DrawLine(out_, x, chart_.height - kBottom, x, chart_.height - kBottom + 5, "grid");
      if (x - half < free_from || x + half > chart_.width) continue;
      DrawText(out_, x, chart_.height - kBottom + 19, "tick middle", tick.label);
      free_from = x + half + 6;
    }
  }

  // Runs of consecutive days with values: [first, last].
  template <typename Present, typename Run>
  void ForEachRun(Present present, Run run) const {
    const std::size_t count = chart_.days.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (!present(i)) continue;
      std::size_t last = i;
      while (last + 1 < count && present(last + 1)) ++last;
      run(i, last);
      i = last;
    }
  }

  void DrawBand(const LineBand& band) {
    const auto present = [&](std::size_t i) {
      return i < band.lower.size() && i < band.upper.size() && Drawable(band.lower[i]) &&
             Drawable(band.upper[i]);
    };
    ForEachRun(present, [&](std::size_t first, std::size_t last) {
      std::string path = "M" + Point(first, band.lower[first]);
      for (std::size_t i = first + 1; i <= last; ++i) path += "L" + Point(i, band.lower[i]);
      for (std::size_t i = last + 1; i-- > first;) path += "L" + Point(i, band.upper[i]);
      out_.Empty("path", {{"class", "band " + band.css_class}, {"d", path + "Z"}});
      if (last + 1 == chart_.days.size()) AddEndLabel(band.upper[last], "label", band.label);
    });
  }

  void DrawSeries(const LineSeries& series) {
    if (series.shape == LineShape::kColumns) {
      DrawColumns(series);
      return;
    }
    const auto present = [&](std::size_t i) {
      return i < series.values.size() && Drawable(series.values[i]);
    };
    ForEachRun(present, [&](std::size_t first, std::size_t last) {
      // A line of no length with round ends is a dot: a day between two gaps is seen.
      std::string path = "M" + Point(first, series.values[first]);
      if (first == last) path += "h0";
      for (std::size_t i = first + 1; i <= last; ++i) path += "L" + Point(i, series.values[i]);
      out_.Empty("path", {{"class", "line " + series.css_class}, {"d", path}});
      if (last + 1 == chart_.days.size())
        AddEndLabel(series.values[last], "label " + series.css_class, series.label);
    });
  }

  // From zero, as wide as the days are apart on average, with a gap between; all of them one path.
  void DrawColumns(const LineSeries& series) {
    const double width =
        std::clamp(0.78 * (right_ - left_ - 8) / static_cast<double>(chart_.days.size()), 0.6, 90.0);
    std::string path;
    for (std::size_t i = 0; i < chart_.days.size() && i < series.values.size(); ++i) {
      if (!Drawable(series.values[i])) continue;
      const double x = std::round((X(chart_.days[i]) - width / 2) * 10) / 10;
      path += "M" + Coordinate(x) + " " + Coordinate(Y(0)) + "V" +
              Coordinate(std::round(Y(series.values[i]) * 10) / 10) + "h" + Coordinate(width) + "V" +
              Coordinate(Y(0)) + "z";
    }
    out_.Empty("path", {{"class", "columns " + series.css_class}, {"d", path}});
    if (!series.values.empty() && Drawable(series.values.back())) {
      AddEndLabel(series.values.back(), "label " + series.css_class, series.label);
    }
  }

  void DrawDivide(const DividingDay& divide) {
    const double x = X(divide.day);
    DrawLine(out_, x, kTop - 14, x, chart_.height - kBottom, "divide");
    DrawText(out_, x - 6, kTop - 5, "label end", divide.before);
    DrawText(out_, x + 6, kTop - 5, "label", divide.after);
  }

  void AddEndLabel(double value, const std::string& css_class, const std::string& text) {
    if (!text.empty()) labels_.push_back({Y(value) + 4, css_class, text});
  }

  // One below the other, moved apart where lines end close together.
  void DrawEndLabels() {
    std::stable_sort(labels_.begin(), labels_.end(),
                     [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
    for (std::size_t i = 1; i < labels_.size(); ++i) {
      labels_[i].y = std::max(labels_[i].y, labels_[i - 1].y + kLabelHeight);
    }
    double lowest = chart_.height - kBottom + 2;
    for (std::size_t i = labels_.size(); i-- > 0; lowest = labels_[i].y - kLabelHeight) {
      labels_[i].y = std::min(labels_[i].y, lowest);
    }
    for (const EndLabel& label : labels_) DrawText(out_, right_ + 6, label.y, label.css_class, label.text);
  }

  Markup& out_;
  const LineChart& chart_;
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
  Ticks ticks_;
  double left_ = 0;
  double margin_ = 0;
  double right_ = 0;
  std::vector<EndLabel> labels_;
};

}  // namespace

void DrawLineChart(Markup& out, const LineChart& chart) {
  OpenChart(out, chart.text, chart.width, chart.height, chart.css_class);
  Drawing(out, chart).Draw();
  CloseChart(out);
}

}  // namespace ecomm::core
