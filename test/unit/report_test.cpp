// The page as a whole: well formed, safe, with headings in order, and colours that can be read.
#include "ecomm_analytics/core/report.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "xml_check.hpp"

namespace ecomm::core {
namespace {

const std::string kHostile = "<script>alert(\"x\")</script>&'\x01\xFF\u00E9";

Figure Number(const char* decimal) { return MakeFigure(decimal); }

KeyFigures SomeFigures() {
  return {.sales = Number("1234567.89"),
          .orders = Number("1000"),
          .units = Number("5000"),
          .customers = Number("700"),
          .average_order_value = Number("1234.57"),
          .items_per_order = Number("5.00"),
          .sales_previous = Number("1000000"),
          .orders_previous = Number("0"),
          .customers_previous = Number("800"),
          .sales_year_before = Number("2000000"),
          .orders_year_before = {},
          .customers_year_before = Number("700")};
}

Report FullReport() {
  Report report;
  report.title = kHostile;
  report.data_first = 0;
  report.data_last = 59;
  report.refreshed = "2000-03-01 00:00";
  report.lines = Number("5000");
  report.range = {.grain = "", .first = 0, .last = 59, .complete = true, .figures = SomeFigures()};
  report.recent = {{.grain = "month", .first = 31, .last = 59, .complete = true, .figures = SomeFigures()}};
  for (Day day = 0; day < 60; ++day) {
    report.periods.push_back(
        {day, Number("1"), Number("100.50"), Number("100.50"), day < 3 ? Figure{} : Number("99")});
    report.outlook.days.push_back({day, Number("100.50"), {}, {}, {}, {}, {}});
  }
  report.outlook.days.push_back(
      {60, {}, Number("90"), Number("50"), Number("130"), Number("70"), Number("110")});
  report.outlook.method = kHostile;
  report.outlook.horizon = Number("1");
  report.outlook.total = Number("90");
  report.unusual = {{5, Number("900"), Number("100")}};
  report.weekdays = {{kHostile, Number("8"), Number("800"), Number("100"), Number("0.5")},
                     {"Sunday", Number("8"), Number("0"), Number("0"), Number("0")}};
  report.season = {{1, 1, Number("4"), Number("100")}, {2, 7, Number("4"), Number("0")}};
  for (int i = 0; i < 12; ++i) {
    report.categories.rows.push_back(
        {kHostile, kHostile, Number("10"), Number("1"), Number("1"), Number("1"), Number("0.083333")});
  }
  report.categories.selling = 12;
  report.states = report.regions = report.products = report.categories;
  report.products.others = Number("3");
  report.products.others_sales = Number("30");
  report.segments = {{kHostile, 0, Number("10"), Number("0.5"), Number("3.0"), Number("2.0"), Number("100"),
                      Number("1000"), Number("0.9"), Number("20"), Number("50")}};
  report.clusters = report.segments;
  report.clusters[0].number = 1;
  report.moves_from = 0;
  report.moves_to = 31;
  report.moves = {{kHostile, kHostile, Number("5"), Number("100")},
                  {kHostile, "(gone)", Number("1"), Number("1")}};
  for (int i = 0; i < 3000; ++i)
    report.points.push_back({1.0 + i % 70, 1.0 + i % 13, 10.0 + i % 997, 1 + i % 2});
  report.placed = Number("3000");
  report.facts = {{"days", "Days", kHostile, Number("60"), {}}};
  report.quality_asked = true;
  report.quality = {{kHostile, kHostile, kHostile, Number("3"), Number("-5.00")}};
  report.models = {{kHostile, "kmeans", "2000-01-01", kHostile, Number("1"), Number("3"), Number("10"),
                    Number("0.4"), Number("0.9"), Number("100"), Number("5")}};
  return report;
}

void ExpectGoodPage(const std::string& page) {
  EXPECT_EQ(XmlFault(page), "");
  EXPECT_EQ(CountOf(page, "<script"), 0U);
  EXPECT_EQ(CountOf(page, "<h1>"), 1U);
  EXPECT_EQ(CountOf(page, "://"), 0U);
  EXPECT_EQ(CountOf(page, "src="), 0U);
  EXPECT_EQ(CountOf(page, "url("), 0U);
  EXPECT_EQ(CountOf(page, "<svg"), CountOf(page, "role=\"img\""));
  EXPECT_EQ(CountOf(page, "<table"), CountOf(page, "<caption"));
  std::set<std::string> ids;
  const std::regex id(" id=\"([^\"]*)\"");
  for (std::sregex_iterator i(page.begin(), page.end(), id); i != std::sregex_iterator(); ++i) {
    EXPECT_TRUE(ids.insert((*i)[1]).second) << "twice: " << (*i)[1];
  }
  const std::regex reference("(?:href=\"#|aria-labelledby=\")([^\" ]*)");
  for (std::sregex_iterator i(page.begin(), page.end(), reference); i != std::sregex_iterator(); ++i) {
    EXPECT_TRUE(ids.contains((*i)[1])) << "refers to nothing: " << (*i)[1];
  }
  int level = 1;
  const std::regex heading("<h([1-6])[ >]");
  for (std::sregex_iterator i(page.begin(), page.end(), heading); i != std::sregex_iterator(); ++i) {
    const int next = (*i)[1].str()[0] - '0';
    EXPECT_LE(next, level + 1);
    level = next;
  }
}

TEST(Report, FullPage) {
  const std::string page = WriteReport(FullReport());
  ExpectGoodPage(page);
  EXPECT_NE(page.find("<data id=\"kpi-sales\" value=\"1234567.89\">1,234,567.89</data>"), std::string::npos);
  EXPECT_NE(page.find("23.5% more than the 60 days before"), std::string::npos);
  EXPECT_NE(page.find("38.3% less than a year before"), std::string::npos);
  EXPECT_EQ(page, WriteReport(FullReport()));
}

TEST(Report, NothingKnown) {
  Report report;
  report.title = "Empty";
  report.empty = true;
  const std::string page = WriteReport(report);
  ExpectGoodPage(page);
  EXPECT_NE(page.find("There are no sales yet."), std::string::npos);
  report.data_first = report.data_last = 5;
  EXPECT_NE(WriteReport(report).find("Nothing was sold in this range."), std::string::npos);
}

TEST(Report, LittleKnown) {
  Report report;
  report.title = "One day";
  report.data_first = report.data_last = 5;
  report.range = {.grain = "all", .first = 5, .last = 5, .complete = true, .figures = {}};
  report.range.figures.sales = Number("-3");
  report.periods = {{5, Number("1"), Number("-3"), Number("-3"), {}}};
  report.categories.rows = {
      {"Unknown", "Unknown", Number("-3"), Number("-1"), Number("0"), Number("0"), Number("1")}};
  report.points = {{1, 1, 1, 1}};  // too few for components
  report.segments = {{"New",
                      0,
                      Number("1"),
                      Number("1"),
                      {},
                      Number("0"),
                      Number("-3"),
                      Number("-3"),
                      Number("1"),
                      Number("0"),
                      {}}};
  ExpectGoodPage(WriteReport(report));
}

TEST(Report, LinksToSectionsThatAreThere) {
  Report report = FullReport();
  EXPECT_NE(WriteReport(report).find("#customers"), std::string::npos);
  report.segments.clear();
  const std::string page = WriteReport(report);
  ExpectGoodPage(page);
  EXPECT_EQ(page.find("#customers"), std::string::npos);
}

TEST(Report, DaysAndWeeksAreComparedWith52WeeksBefore) {
  Report report = FullReport();
  for (const char* grain : {"day", "week"}) {
    report.range.grain = grain;
    EXPECT_NE(WriteReport(report).find("38.3% less than 52 weeks before"), std::string::npos);
  }
  report.range.grain = "month";
  EXPECT_NE(WriteReport(report).find("38.3% less than a year before"), std::string::npos);
}

PartFigures Part(const char* name, const char* sales, const char* share) {
  return {name, name, Number(sales), Number("1"), {}, {}, Number(share)};
}

TEST(Report, CountsPartsBeyondTheTable) {
  Report report = FullReport();
  report.categories = {};
  for (int i = 0; i < 8; ++i) report.categories.rows.push_back(Part("Some", "10", "0.1"));
  report.categories.others = Number("5");
  report.categories.others_sales = Number("20");
  report.categories.selling = 13;
  report.states = report.categories;
  const std::string page = WriteReport(report);
  EXPECT_NE(page.find("the first three of 13 make 30.0%"), std::string::npos);
  EXPECT_NE(page.find("<title>7 others: 40.0%</title>"), std::string::npos);
  EXPECT_NE(page.find("5 states make half, of 13."), std::string::npos);
}

TEST(Report, MoreReturnedThanSold) {
  Report report = FullReport();
  report.categories = {};
  report.categories.rows = {Part("Food", "30", "1.5"), Part("Drink", "-10", "-0.5")};
  report.states = report.categories;
  EXPECT_NE(WriteReport(report).find("The ring has no place for categories"), std::string::npos);
  report.categories.rows[0] = Part("Food", "10", "1.0");
  report.categories.rows.resize(1);
  EXPECT_EQ(WriteReport(report).find("The ring has no place for categories"), std::string::npos);
  // Nothing leads where the whole is below zero, and yet names are known.
  report.categories.rows = {Part("Food", "5", "-0.5"), Part("Drink", "-15", "1.5")};
  report.states = report.categories;
  const std::string page = WriteReport(report);
  EXPECT_EQ(page.find("Of no product sold is a category known."), std::string::npos);
  EXPECT_EQ(page.find("Of no customer who bought is a state known."), std::string::npos);
}

TEST(Report, SaysWhichDaysAreNotInTheCalendar) {
  Report report = FullReport();
  EXPECT_EQ(WriteReport(report).find("uncovered"), std::string::npos);
  report.range.first = -20000;
  EXPECT_NE(
      WriteReport(report).find("Of the 20,060 days of the range, sales over time and the season show 60:"),
      std::string::npos);
}

TEST(Report, OutlookOfOneDay) {
  Report report = FullReport();
  report.outlook.total_before = Number("100");
  const std::string page = WriteReport(report);
  EXPECT_NE(page.find("in 1 day: about 90, 10.0% less than on the day before."), std::string::npos);
  EXPECT_EQ(page.find("1 days"), std::string::npos);
}

TEST(Report, WhoIsGoneIsNoCustomer) {
  Report report = FullReport();
  report.moves = {{"New", "New", Number("3"), Number("1")},
                  {"New", "Lost", Number("1"), Number("1")},
                  {"New", "(gone)", Number("4"), Number("1")}};
  EXPECT_NE(WriteReport(report).find("75.0% of customers are in the segment"), std::string::npos);
}

TEST(Report, PeriodsAreFewEnoughToDraw) {
  EXPECT_EQ(PeriodGrain(1), Grain::kDay);
  EXPECT_EQ(PeriodGrain(100), Grain::kDay);
  EXPECT_EQ(PeriodGrain(731), Grain::kWeek);
  EXPECT_EQ(PeriodGrain(18263), Grain::kMonth);
}

// --- colours
// -------------------------------------------------------------------------------------------------

using Palette = std::map<std::string, std::string>;

Palette PaletteFrom(std::string_view css) {
  Palette palette;
  const std::string text(css);
  const std::regex color("--([a-z0-9-]+): (#[0-9a-f]{6});");
  for (std::sregex_iterator i(text.begin(), text.end(), color); i != std::sregex_iterator(); ++i)
    palette[(*i)[1]] = (*i)[2];
  return palette;
}

// WCAG 2.1: relative luminance and contrast ratio.
double Luminance(const std::string& color) {
  const double weights[] = {0.2126, 0.7152, 0.0722};
  double luminance = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const double c = std::stoi(color.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    luminance += weights[i] * (c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
  }
  return luminance;
}

double Contrast(const std::string& a, const std::string& b) {
  const double x = Luminance(a);
  const double y = Luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

TEST(ReportStyle, EverythingCanBeReadOnWhatItStandsOn) {
  const std::string page = WriteReport(FullReport());
  const std::size_t dark = page.find("@media screen and (prefers-color-scheme: dark)");
  const std::size_t end = page.find("* { box-sizing");
  ASSERT_LT(dark, end);
  const Palette light = PaletteFrom(page.substr(0, dark));
  const Palette night = PaletteFrom(page.substr(dark, end - dark));
  for (const auto& [name, color] : light) EXPECT_TRUE(night.contains(name)) << name;
  const std::map<std::string, std::string> shade_text = {
      {"h0", "on-low"},    {"h1", "on-low"},  {"h2", "on-low"}, {"h3", "on-low"},
      {"h4", "on-middle"}, {"h5", "on-high"}, {"h6", "on-high"}};
  for (const Palette& palette : {light, night}) {
    const auto contrast = [&](const std::string& a, const std::string& b) {
      return Contrast(palette.at(a), palette.at(b));
    };
    for (const char* text : {"ink", "muted", "accent", "up", "down"}) {
      EXPECT_GE(contrast(text, "card"), 4.5) << text;
      EXPECT_GE(contrast(text, "page"), 4.5) << text;
    }
    EXPECT_GE(contrast("ink", "warn"), 4.5);
    for (const char* shape : {"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "quiet", "zero", "accent"}) {
      EXPECT_GE(contrast(shape, "card"), 3.0) << shape;
    }
    for (const auto& [shade, text] : shade_text) EXPECT_GE(contrast(text, shade), 4.5) << shade;
  }
}

}  // namespace
}  // namespace ecomm::core
