// The key figures of the range, and the last full month, quarter and year.
#include <array>

#include "report_parts.hpp"

namespace ecomm::core {
namespace {

struct Comparison {
  const Figure& now;
  const Figure& before;
  std::string than;
};

void WriteChange(Markup& out, const Comparison& comparison) {
  if (!comparison.now.present() || !comparison.before.present() || !(comparison.before.value > 0)) return;
  const double change = comparison.now.value / comparison.before.value - 1;
  const char* css_class = change >= 0.0005 ? "change up" : change <= -0.0005 ? "change down" : "change";
  out.Element("dd", {{"class", css_class}}, MoreOrLess(change, comparison.than));
}

struct Tile {
  std::string id;
  std::string name;
  const Figure& now;
  const Figure& previous;
  const Figure& year_before;
  std::string note;
};

// What the figures of a range are compared with.
struct BeforeTexts {
  std::string previous, year_before;
};

void WriteTile(Markup& out, const Tile& tile, const BeforeTexts& before, ReportNotes& notes) {
  out.Open("div", {{"class", "tile"}}).Open("dt").Text(tile.name);
  if (!tile.note.empty()) notes.Refer(out, tile.note);
  out.Close("dt");
  const std::size_t digits = tile.now.exact.size();
  out.Open("dd", {{"class", digits > 14 ? "number longest" : digits > 9 ? "number long" : "number"}});
  WriteNumber(out, tile.id, tile.now);
  out.Close("dd");
  WriteChange(out, {tile.now, tile.previous, before.previous});
  WriteChange(out, {tile.now, tile.year_before, before.year_before});
  out.Close("div");
}

BeforeTexts BeforeText(const PeriodFigures& range) {
  if (range.grain.empty()) {
    const Day days = range.last - range.first + 1;
    return {days == 1 ? "the day before" : "the " + std::to_string(days) + " days before", "a year before"};
  }
  // Weekdays are compared with their like.
  const bool by_week = range.grain == "day" || range.grain == "week";
  return {"the " + range.grain + " before", by_week ? "52 weeks before" : "a year before"};
}

std::string OrdersNote(const Report& report) {
  if (!report.range.grain.empty()) {
    return "Distinct orders with a purchase, each counted once; lines without an order number are one order "
           "per customer and day.";
  }
  if (report.orders_exact) {
    return "Distinct orders with a purchase, each counted once: no order of this shop lies on two days.";
  }
  return "Distinct orders of each day, added up: an order whose lines lie on two days of this range is "
         "counted on both. "
         "Exact for whole weeks, months, quarters and years.";
}

std::string CustomersNote(const Figure& customers) {
  if (customers.present()) {
    return "Distinct known customers who bought, each counted once; purchases without a customer number are "
           "in sales "
           "and orders.";
  }
  return "How many different customers bought in just these days cannot be told from the summaries: some "
         "bought both "
         "before and after. It is known for whole weeks, months, quarters and years, and for ranges that "
         "reach to the "
         "first or the last sale.";
}

void WriteRecent(Markup& out, const Report& report) {
  if (report.recent.empty()) return;
  Table table{.id = "recent",
              .caption = "The last full month, quarter and year, against the one before and a year before",
              .columns = {{"Period", false},
                          {"Sales"},
                          {"vs. before"},
                          {"vs. year before"},
                          {"Orders"},
                          {"vs. before"},
                          {"vs. year before"},
                          {"Customers"},
                          {"vs. before"},
                          {"vs. year before"}},
              .rows = {}};
  for (const PeriodFigures& period : report.recent) {
    const KeyFigures& f = period.figures;
    table.rows.push_back({TextCell(PeriodText(period.grain, period.first)), NumberCell(f.sales),
                          ChangeCell(f.sales, f.sales_previous), ChangeCell(f.sales, f.sales_year_before),
                          NumberCell(f.orders), ChangeCell(f.orders, f.orders_previous),
                          ChangeCell(f.orders, f.orders_year_before), NumberCell(f.customers),
                          ChangeCell(f.customers, f.customers_previous),
                          ChangeCell(f.customers, f.customers_year_before)});
  }
  out.Open("div", {{"class", "card full"}});
  WriteTable(out, table);
  out.Close("div");
}

std::string OverviewFinding(const Report& report) {
  for (const PeriodFigures& period : report.recent) {
    const KeyFigures& f = period.figures;
    if (period.grain != "month" || !(f.sales_previous.value > 0)) continue;
    std::string finding = "In " + PeriodText(period.grain, period.first) +
                          ", the last full month, sales came to " + Grouped(f.sales) + ": " +
                          MoreOrLess(f.sales.value / f.sales_previous.value - 1, "in the month before");
    if (f.sales_year_before.value > 0) {
      finding += ", and " + MoreOrLess(f.sales.value / f.sales_year_before.value - 1, "a year before");
    }
    return finding + ".";
  }
  return {};
}

}  // namespace

void WriteOverview(Markup& out, const Report& report, ReportNotes& notes) {
  OpenSection(out, "overview", "At a glance");
  const KeyFigures& f = report.range.figures;
  const Figure none;
  const std::array<Tile, 6> tiles = {{
      {"kpi-sales", "Sales", f.sales, f.sales_previous, f.sales_year_before,
       "Net of returns, in the currency of the sale table; sums are exact."},
      {"kpi-orders", "Orders", f.orders, f.orders_previous, f.orders_year_before, OrdersNote(report)},
      {"kpi-customers", "Customers", f.customers, f.customers_previous, f.customers_year_before,
       CustomersNote(f.customers)},
      {"kpi-aov", "Average order value", f.average_order_value, none, none, "Sales by orders."},
      {"kpi-units", "Units", f.units, none, none, "Net of returns."},
      {"kpi-items", "Items per order", f.items_per_order, none, none, "Units by orders."},
  }};
  const std::string finding = OverviewFinding(report);
  if (!finding.empty()) out.Element("p", {{"class", "lead"}}, finding);
  out.Open("dl", {{"class", "tiles"}});
  for (const Tile& tile : tiles) WriteTile(out, tile, BeforeText(report.range), notes);
  out.Close("dl");
  WriteRecent(out, report);
  CloseSection(out);
}

}  // namespace ecomm::core
