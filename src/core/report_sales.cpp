// Sales over time with their trend, what is expected next, and days that do not belong.
#include "ecomm_analytics/core/line_chart.hpp"
#include "report_parts.hpp"

namespace ecomm::core {
namespace {

// A wide picture for wide screens and paper, and one for phones, of which the style sheet shows one.
void DrawForAllScreens(Markup& out, LineChart chart) {
  const std::string id = chart.text.id;
  chart.width = 1000;
  chart.height = 330;
  chart.css_class = "wide";
  DrawLineChart(out, chart);
  chart.text.id = id + "-narrow";
  chart.width = 420;
  chart.height = 290;
  chart.css_class = "narrow";
  DrawLineChart(out, chart);
}

std::string PeriodLabel(Grain grain, Day first) {
  return grain == Grain::kMonth ? MonthText(first) : ShortDate(first) + " " + std::to_string(YearOf(first));
}

std::string SalesFinding(const Report& report) {
  const Figure* first = nullptr;
  const Figure* last = nullptr;
  for (const SalesPeriod& period : report.periods) {
    if (!period.trend.present()) continue;
    if (first == nullptr) first = &period.trend;
    last = &period.trend;
  }
  if (first == nullptr || first == last) return {};
  std::string finding = "The trend ends at " + Compact(last->value) + " a day";
  // Of what is at or below zero there are no percentages.
  if (first->value > 0 && last->value > 0)
    finding += ": " + MoreOrLess(last->value / first->value - 1, "at the beginning");
  return finding + ".";
}

void WriteTrend(Markup& out, const Report& report, ReportNotes& notes) {
  const std::string grain(Name(report.period_grain));
  const bool by_day = report.period_grain == Grain::kDay;
  LineChart chart{
      .text = {.id = "trend-chart",
               .title = by_day ? "Sales by day, with trend" : "Sales a day, by " + grain + ", with trend",
               .description = ""},
      .css_class = "",
      .days = {},
      .bands = {},
      .series = {{"sales", "quiet", {}, LineShape::kColumns}, {"trend", "strong", {}}},
      .divide = std::nullopt};
  Table table{.id = "trend",
              .caption = by_day ? "Sales by day" : "Sales by " + grain + ", and what that is a day",
              .columns = {{by_day            ? "Day"
                           : grain == "week" ? "Week from"
                                             : "Month",
                           false},
                          {"Days"},
                          {"Sales"},
                          {"Sales a day"},
                          {"Trend a day"}},
              .rows = {}};
  for (const SalesPeriod& period : report.periods) {
    chart.days.push_back(period.first);
    chart.series[0].values.push_back(period.mean.value);
    chart.series[1].values.push_back(period.trend.value);
    table.rows.push_back({TextCell(PeriodLabel(report.period_grain, period.first)), NumberCell(period.days),
                          NumberCell(period.sales), NumberCell(period.mean), NumberCell(period.trend)});
  }
  const std::string finding = SalesFinding(report);
  chart.text.description = "Columns of the mean sales of a day in each " + grain + " from " +
                           DateText(report.range.first) + " to " + DateText(report.range.last) +
                           ", and a line of their trend. " + finding + " The numbers are in the table below.";
  OpenCard(
      out,
      {.heading = chart.text.title,
       .finding = finding,
       .note =
           "Sales a day: the sales of the " + grain +
           " by its days in the range, days without sales included. Trend: STL of daily sales, the mean of "
           "the days; none where fewer than three days are known.",
       .wide = true},
      notes);
  DrawForAllScreens(out, chart);
  WriteFoldedTable(out, table);
  CloseCard(out);
}

std::string OutlookFinding(const Outlook& outlook) {
  if (!outlook.total.present() || outlook.days.empty()) return {};
  const bool one = outlook.horizon.value == 1;
  const std::string days = Grouped(outlook.horizon) + (one ? " day" : " days");
  std::string finding = "Expected by " + DateText(outlook.days.back().day) + ", in " + days + ": about " +
                        Compact(outlook.total.value);
  if (outlook.total_before.value > 0) {
    finding += ", " + MoreOrLess(outlook.total.value / outlook.total_before.value - 1,
                                 one ? "on the day before" : "in the " + days + " before");
  }
  return finding + ".";
}

void WriteOutlook(Markup& out, const Outlook& outlook, ReportNotes& notes) {
  LineChart chart{.text = {.id = "outlook-chart", .title = "What is expected next", .description = ""},
                  .css_class = "",
                  .days = {},
                  .bands = {{"95%", "b95", {}, {}}, {"80%", "b80", {}, {}}},
                  .series = {{"", "quiet", {}, LineShape::kLine}, {"forecast", "strong", {}}},
                  .divide = std::nullopt};
  Table table{.id = "outlook",
              .caption = "Sales expected by day, with the bounds of the 80% and the 95% interval",
              .columns = {{"Day", false}, {"Expected"}, {"95% from"}, {"95% to"}, {"80% from"}, {"80% to"}},
              .rows = {}};
  for (const OutlookDay& day : outlook.days) {
    if (day.forecast.present() && !chart.divide) chart.divide = DividingDay{day.day, "sold", "expected"};
    chart.days.push_back(day.day);
    chart.bands[0].lower.push_back(day.lower.value);
    chart.bands[0].upper.push_back(day.upper.value);
    chart.bands[1].lower.push_back(day.lower_80.value);
    chart.bands[1].upper.push_back(day.upper_80.value);
    chart.series[0].values.push_back(day.observed.value);
    chart.series[1].values.push_back(day.forecast.value);
    if (day.forecast.present()) {
      table.rows.push_back({TextCell(DateText(day.day)), NumberCell(day.forecast), NumberCell(day.lower),
                            NumberCell(day.upper), NumberCell(day.lower_80), NumberCell(day.upper_80)});
    }
  }
  if (table.rows.empty()) return;
  const std::string finding = OutlookFinding(outlook);
  chart.text.description =
      "A line of the last days' sales, going on into their forecast with a band for the 80% and a wider one "
      "for the 95% interval. " +
      finding + " The numbers are in the table below.";
  OpenCard(
      out,
      {.heading = chart.text.title,
       .finding = finding,
       .note =
           "Forecast of daily sales by: " + outlook.method +
           ". Of 100 such days, 95 should lie within the wider band, 80 within the darker one. Days add up; "
           "their bounds do not.",
       .wide = true},
      notes);
  DrawForAllScreens(out, chart);
  out.Open("p", {{"class", "remark"}}).Text("Expected in all ");
  WriteNumber(out, "outlook-total", outlook.total);
  if (outlook.total_before.present()) {
    out.Text(", against ");
    WriteNumber(out, "outlook-before", outlook.total_before);
    out.Text(outlook.horizon.value == 1 ? " sold on the day before" : " sold in as many days before");
  }
  out.Text(".").Close("p");
  WriteFoldedTable(out, table);
  CloseCard(out);
}

void WriteUnusual(Markup& out, const Report& report, ReportNotes& notes) {
  if (report.unusual.empty()) return;
  Table table{.id = "unusual",
              .caption = "Sales of unusual days, the farthest first",
              .columns = {{"Day", false}, {"Sales"}, {"Usual"}},
              .rows = {}};
  for (const UnusualDay& day : report.unusual) {
    table.rows.push_back({TextCell(DateText(day.day)), NumberCell(day.observed), NumberCell(day.expected)});
  }
  OpenCard(out,
           {.heading = "Unusual days",
            .finding = DateText(report.unusual[0].day) +
                       " stands out most: " + Compact(report.unusual[0].observed.value) + " where " +
                       Compact(report.unusual[0].expected.value) + " would have been usual.",
            .note = "Days beyond 1.5 interquartile ranges of the quartiles of all days, those farthest from "
                    "trend and weekday "
                    "first; at most eight. Usual: trend and weekday together.",
            .wide = true},
           notes);
  WriteTable(out, table);
  CloseCard(out);
}

// A stray date is decades away from all others.
void WriteUncovered(Markup& out, const Report& report) {
  double covered = 0;
  for (const SalesPeriod& period : report.periods) covered += period.days.value;
  const Day days = report.range.last - report.range.first + 1;
  if (!(covered < static_cast<double>(days))) return;
  out.Element("p", {{"class", "remark"}, {"id", "uncovered"}},
              "Of the " + Grouped(MakeFigure(std::to_string(days))) +
                  " days of the range, sales over time and the season show " +
                  Grouped(MakeFigure(std::to_string(static_cast<Day>(covered)))) +
                  ": days more than 25 years from the middle of all sale lines are not in the calendar.");
}

}  // namespace

void WriteSales(Markup& out, const Report& report, ReportNotes& notes) {
  OpenSection(out, "sales", "Sales over time");
  WriteUncovered(out, report);
  WriteTrend(out, report, notes);
  if (report.outlook.days.empty()) {
    if (report.data_last && report.range.last < *report.data_last) {
      out.Element("p", {{"class", "remark"}},
                  "The range ends before the last sale, so no forecast is shown.");
    }
  } else {
    WriteOutlook(out, report.outlook, notes);
  }
  WriteUnusual(out, report, notes);
  CloseSection(out);
}

}  // namespace ecomm::core
