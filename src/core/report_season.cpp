// The week, and the week in each month of the year.
#include "ecomm_analytics/core/bar_chart.hpp"
#include "ecomm_analytics/core/heat_map.hpp"
#include "report_parts.hpp"

namespace ecomm::core {
namespace {

std::string WeekFinding(const std::vector<WeekdayFigures>& weekdays) {
  const WeekdayFigures* best = nullptr;
  double sales = 0;
  double days = 0;
  std::string closed;
  for (const WeekdayFigures& weekday : weekdays) {
    if (best == nullptr || weekday.mean.value > best->mean.value) best = &weekday;
    sales += weekday.sales.value;
    days += weekday.days.value;
    if (weekday.sales.value == 0) closed += (closed.empty() ? "" : ", ") + weekday.name;
  }
  if (best == nullptr || !(sales > 0)) return {};
  std::string finding = best->name + " sells most, " + Compact(best->mean.value) + " a day";
  if (weekdays.size() > 1) {
    finding += ": " + MoreOrLess(best->mean.value / (sales / days) - 1, "the mean of all days");
  }
  finding += ".";
  if (!closed.empty()) finding += " Nothing is sold on: " + closed + ".";
  return finding;
}

void WriteWeek(Markup& out, const std::vector<WeekdayFigures>& weekdays, ReportNotes& notes) {
  const std::string finding = WeekFinding(weekdays);
  BarChart chart{.text = {.id = "weekday-chart",
                          .title = "The week",
                          .description = "Bars of the mean sales of each weekday. " + finding +
                                         " The numbers are in the table below."},
                 .label_width = 96,
                 .bars = {}};
  Table table{.id = "weekdays",
              .caption = "Sales by weekday",
              .columns = {{"Weekday", false}, {"Days"}, {"Sales"}, {"Sales a day"}, {"Share"}},
              .rows = {}};
  for (const WeekdayFigures& weekday : weekdays) {
    chart.bars.push_back({weekday.name, weekday.mean.value, Compact(weekday.mean.value), 0});
    table.rows.push_back({TextCell(weekday.name), NumberCell(weekday.days), NumberCell(weekday.sales),
                          NumberCell(weekday.mean), ShareCell(weekday.share)});
  }
  OpenCard(out,
           {.heading = chart.text.title,
            .finding = finding,
            .note = "Mean sales of a day of the range, days without sales included."},
           notes);
  DrawBarChart(out, chart);
  WriteFoldedTable(out, table);
  CloseCard(out);
}

constexpr const char* kWeekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr const char* kWeekdayNames[] = {"Mondays", "Tuesdays",  "Wednesdays", "Thursdays",
                                         "Fridays", "Saturdays", "Sundays"};

std::string SeasonFinding(const std::vector<MonthWeekday>& season) {
  const MonthWeekday* best = nullptr;
  for (const MonthWeekday& cell : season) {
    if (best == nullptr || cell.mean.value > best->mean.value) best = &cell;
  }
  if (best == nullptr || !(best->mean.value > 0)) return {};
  return std::string(kWeekdayNames[best->weekday - 1]) + " in " + std::string(MonthName(best->month)) +
         " are strongest, with " + Compact(best->mean.value) + " a day.";
}

void WriteYear(Markup& out, const std::vector<MonthWeekday>& season, ReportNotes& notes) {
  const std::string finding = SeasonFinding(season);
  HeatMap map{
      .text = {.id = "season-chart",
               .title = "The week through the year",
               .description =
                   "A grid of the mean sales of a day for each weekday in each month of the year, darker "
                   "for more. " +
                   finding + " The numbers are in the table below."},
      .rows = {},
      .columns = {},
      .values = std::vector<double>(7 * 12, std::nan(""))};
  Table table{.id = "season",
              .caption = "Mean sales of a day, by month of the year and weekday",
              .columns = {{"Month", false}, {"Mon"}, {"Tue"}, {"Wed"}, {"Thu"}, {"Fri"}, {"Sat"}, {"Sun"}},
              .rows = {}};
  for (const char* weekday : kWeekdays) map.rows.emplace_back(weekday);
  std::vector<std::vector<Cell>> months(12);
  for (int month = 1; month <= 12; ++month) {
    map.columns.emplace_back(MonthName(month).substr(0, 3));
    months[month - 1].assign(8, NumberCell(Figure{}));
    months[month - 1][0] = TextCell(std::string(MonthName(month)));
  }
  std::vector<bool> known(12);
  for (const MonthWeekday& cell : season) {
    map.values[static_cast<std::size_t>((cell.weekday - 1) * 12 + cell.month - 1)] = cell.mean.value;
    months[cell.month - 1][cell.weekday] = NumberCell(cell.mean);
    known[cell.month - 1] = true;
  }
  for (int month = 0; month < 12; ++month) {
    if (known[month]) table.rows.push_back(months[month]);
  }
  OpenCard(out,
           {.heading = map.text.title,
            .finding = finding,
            .note = "Mean sales of a day of that weekday in that month, over all years of the range; empty "
                    "where the range "
                    "has no such day."},
           notes);
  DrawHeatMap(out, map);
  WriteFoldedTable(out, table);
  CloseCard(out);
}

}  // namespace

void WriteSeason(Markup& out, const Report& report, ReportNotes& notes) {
  OpenSection(out, "season", "Season");
  out.Open("div", {{"class", "cards"}});
  WriteWeek(out, report.weekdays, notes);
  WriteYear(out, report.season, notes);
  out.Close("div");
  CloseSection(out);
}

}  // namespace ecomm::core
