// Every kind of chart: well formed whatever the data, named and described, and showing what it was given.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "ecomm_analytics/core/bar_chart.hpp"
#include "ecomm_analytics/core/donut_chart.hpp"
#include "ecomm_analytics/core/heat_map.hpp"
#include "ecomm_analytics/core/line_chart.hpp"
#include "ecomm_analytics/core/scatter_chart.hpp"
#include "xml_check.hpp"

namespace ecomm::core {
namespace {

const ChartText kText = {
    .id = "chart", .title = "<script>alert('&')</script>", .description = "\"quoted\" \u2603"};
const std::string kHostile = "</text><script>alert(\"x\")</script>&\x01\xFF";
constexpr double kInfinity = std::numeric_limits<double>::infinity();

const std::vector<std::vector<double>> kData = {
    {},
    {5},
    {0},
    {-5},
    {3, 3, 3, 3},
    {1, -2, 3, -4},
    {std::nan(""), 1, std::nan(""), 2, 3},
    {std::nan(""), std::nan("")},
    {kInfinity, -kInfinity, 1},
    {1e300, -1e300, 1.7e308},
    {5e-324, 1e-300},
    {1e14, 1e14 + 0.01},
};

std::string Drawn(const std::function<void(Markup&)>& draw) {
  Markup out;
  draw(out);
  std::string svg = out.Take();
  EXPECT_EQ(XmlFault(svg), "") << svg;
  EXPECT_TRUE(svg.starts_with("<svg ")) << svg;
  EXPECT_NE(svg.find("role=\"img\" aria-labelledby=\"chart-title chart-desc\""), std::string::npos);
  EXPECT_NE(svg.find("<title id=\"chart-title\">&lt;script&gt;"), std::string::npos);
  EXPECT_NE(svg.find("<desc id=\"chart-desc\">&quot;quoted&quot; &#9731;</desc>"), std::string::npos);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos) << svg;
  EXPECT_EQ(svg.find("inf"), std::string::npos) << svg;
  return svg;
}

std::string Line(const std::vector<double>& y, LineShape shape = LineShape::kLine) {
  LineChart chart{.text = kText,
                  .css_class = "",
                  .days = {},
                  .bands = {{kHostile, "b95", {}, {}}},
                  .series = {{kHostile, "strong", y, shape}},
                  .divide = std::nullopt};
  for (std::size_t i = 0; i < y.size(); ++i) {
    chart.days.push_back(static_cast<Day>(i * 7));
    chart.bands[0].lower.push_back(y[i] / 2);
    chart.bands[0].upper.push_back(y[i] * 1.5);
  }
  if (y.size() > 1) chart.divide = DividingDay{7, kHostile, kHostile};
  return Drawn([&](Markup& out) { DrawLineChart(out, chart); });
}

TEST(LineChart, AnyData) {
  for (const auto& data : kData) {
    Line(data);
    Line(data, LineShape::kColumns);
  }
  EXPECT_NE(Line({}).find("Nothing to draw"), std::string::npos);
  EXPECT_NE(Line({std::nan("")}).find("Nothing to draw"), std::string::npos);
}

TEST(LineChart, GapsSplitTheLine) {
  EXPECT_EQ(CountOf(Line({1, 2, 3}), "class=\"line"), 1U);
  EXPECT_EQ(CountOf(Line({1, std::nan(""), 3, 4}), "class=\"line"), 2U);
  EXPECT_NE(Line({1, std::nan(""), 3}).find("h0"), std::string::npos);  // a day alone is a dot
  EXPECT_EQ(CountOf(Line({1, std::nan(""), 3}, LineShape::kColumns), "class=\"columns"), 1U);
}

TEST(LineChart, HigherIsLarger) {
  LineChart chart{.text = kText,
                  .width = 100,
                  .height = 148,
                  .css_class = "",
                  .days = {0, 10},
                  .bands = {},
                  .series = {{"", "strong", {0, 100}, LineShape::kLine}},
                  .divide = std::nullopt};
  const std::string svg = Drawn([&](Markup& out) { DrawLineChart(out, chart); });
  // From the bottom (26 above the edge) to the top (22 below it).
  EXPECT_NE(svg.find(" 122L"), std::string::npos) << svg;
  EXPECT_NE(svg.find(" 22\"/>"), std::string::npos) << svg;
}

TEST(BarChart, AnyData) {
  for (const auto& data : kData) {
    for (const bool above : {false, true}) {
      BarChart chart{.text = kText, .labels_above = above, .bars = {}};
      for (const double value : data) chart.bars.push_back({kHostile, value, "1", 99});
      const std::string svg = Drawn([&](Markup& out) { DrawBarChart(out, chart); });
      EXPECT_EQ(CountOf(svg, "<rect"), data.size());
      EXPECT_EQ(svg.find("width=\"-"), std::string::npos) << svg;
    }
  }
}

TEST(BarChart, LengthsAreAsTheNumbers) {
  BarChart chart{.text = kText, .width = 200, .label_width = 50, .bars = {{"a", 10, "", 0}, {"b", 5, "", 0}}};
  const std::string svg = Drawn([&](Markup& out) { DrawBarChart(out, chart); });
  EXPECT_NE(svg.find("width=\"142\""), std::string::npos) << svg;
  EXPECT_NE(svg.find("width=\"71\""), std::string::npos) << svg;
}

TEST(BarChart, LongNamesAreCutAndWholeInTheTooltip) {
  const std::string name = "A very long name of a product indeed, longer than its place";
  BarChart chart{.text = kText, .bars = {{name, 1, "1", 0}}};
  const std::string svg = Drawn([&](Markup& out) { DrawBarChart(out, chart); });
  EXPECT_NE(svg.find("<title>" + name + ": 1</title>"), std::string::npos);
  EXPECT_NE(svg.find("&#8230;</text>"), std::string::npos);
}

TEST(DonutChart, AnyData) {
  for (const auto& data : kData) {
    DonutChart chart{.text = kText, .center = kHostile, .unit = kHostile, .slices = {}};
    std::size_t positive = 0;
    for (const double value : data) {
      chart.slices.push_back({kHostile, value, 0});
      positive += value > 0 && value <= 1e300 ? 1 : 0;
    }
    const std::string svg = Drawn([&](Markup& out) { DrawDonutChart(out, chart); });
    EXPECT_EQ(CountOf(svg, "slice c"), positive);
    EXPECT_EQ(svg.find("Nothing to draw") != std::string::npos, positive == 0);
  }
}

TEST(DonutChart, SharesAreOfWhatIsDrawn) {
  DonutChart chart{
      .text = kText, .center = "", .unit = "", .slices = {{"a", 3, 0}, {"b", 1, 1}, {"c", -5, 2}}};
  const std::string svg = Drawn([&](Markup& out) { DrawDonutChart(out, chart); });
  EXPECT_NE(svg.find("<title>a: 75.0%</title>"), std::string::npos);
  EXPECT_NE(svg.find("<title>b: 25.0%</title>"), std::string::npos);
  EXPECT_EQ(svg.find("<title>c"), std::string::npos);
}

TEST(HeatMap, AnyData) {
  for (const auto& data : kData) {
    HeatMap map{.text = kText, .rows = {kHostile, "b"}, .columns = {"x", kHostile, "z"}, .values = data};
    const std::string svg = Drawn([&](Markup& out) { DrawHeatMap(out, map); });
    EXPECT_EQ(CountOf(svg, "<rect"), 6U);
  }
  Drawn([&](Markup& out) { DrawHeatMap(out, {.text = kText, .rows = {}, .columns = {}, .values = {}}); });
}

TEST(HeatMap, ShadesGoFromZeroToTheLargest) {
  HeatMap map{
      .text = kText, .rows = {"a"}, .columns = {"x", "y", "z", "w"}, .values = {0, 35, 70, std::nan("")}};
  const std::string svg = Drawn([&](Markup& out) { DrawHeatMap(out, map); });
  for (const char* shade : {"cell h0", "cell h3", "cell h6", "cell hole"})
    EXPECT_EQ(CountOf(svg, shade), 1U) << svg;
}

TEST(ScatterChart, AnyData) {
  for (const auto& data : kData) {
    ScatterChart chart{.text = kText, .x_label = kHostile, .y_label = kHostile, .groups = {}};
    for (int group = 0; group < 6; ++group) chart.groups.push_back({kHostile, group, data, data});
    Drawn([&](Markup& out) { DrawScatterChart(out, chart); });
  }
}

TEST(ScatterChart, GroupsAreNamedAndShaped) {
  ScatterChart chart{.text = kText,
                     .x_label = "x",
                     .y_label = "y",
                     .groups = {{"one", 0, {1, 2}, {1, 2}}, {"two", 1, {1}, {1}}, {"none", 2, {}, {}}}};
  const std::string svg = Drawn([&](Markup& out) { DrawScatterChart(out, chart); });
  EXPECT_EQ(CountOf(svg, "h0"), 3U);
  EXPECT_EQ(CountOf(svg, "class=\"points"), 2U);
  EXPECT_EQ(CountOf(svg, ">one<"), 1U);
  EXPECT_EQ(svg.find(">none<"), std::string::npos);
}

}  // namespace
}  // namespace ecomm::core
