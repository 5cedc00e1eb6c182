// What is sold and where: categories, products, states.
#include <algorithm>

#include "ecomm_analytics/core/bar_chart.hpp"
#include "ecomm_analytics/core/donut_chart.hpp"
#include "report_parts.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kSlices = 7;
constexpr std::size_t kPlaceBars = 12;

constexpr const char* kUnknown = "Unknown";

const char kAddedUp[] =
    "Sales and units add up over days. Orders and customers do not: they are shown where the summaries count "
    "them for just these days, as for whole months and years.";

// A table of all parts, with what is left out in its last row.
Table PartsTable(const std::string& id, const std::string& caption, const std::string& name,
                 const Parts& parts) {
  Table table{
      .id = id, .caption = caption, .columns = {{name, false}, {"Sales"}, {"Share"}, {"Units"}}, .rows = {}};
  if (parts.counted) {
    table.columns.push_back({"Orders"});
    table.columns.push_back({"Customers"});
  }
  for (const PartFigures& part : parts.rows) {
    std::vector<Cell> row = {TextCell(part.name), NumberCell(part.sales), ShareCell(part.share),
                             NumberCell(part.units)};
    if (parts.counted) {
      row.push_back(NumberCell(part.orders));
      row.push_back(NumberCell(part.customers));
    }
    table.rows.push_back(std::move(row));
  }
  if (parts.others.value > 0) {
    std::vector<Cell> row = {TextCell(parts.others.exact + " others"), NumberCell(parts.others_sales)};
    row.resize(table.columns.size(), TextCell("\u2013"));
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string Article(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// The parts that a finding can be about: those that are known and sold.
std::vector<const PartFigures*> Leading(const Parts& parts) {
  std::vector<const PartFigures*> leading;
  for (const PartFigures& part : parts.rows) {
    if (part.key != kUnknown && part.sales.value > 0 && part.share.value > 0) leading.push_back(&part);
  }
  return leading;
}

bool NoneKnown(const Parts& parts) {
  return std::all_of(parts.rows.begin(), parts.rows.end(),
                     [](const PartFigures& part) { return part.key == kUnknown; });
}

std::string CategoryFinding(const Parts& parts) {
  const std::vector<const PartFigures*> leading = Leading(parts);
  if (leading.empty()) return NoneKnown(parts) ? "Of no product sold is a category known." : "";
  std::string finding =
      leading[0]->name + " is the largest with " + Percent(leading[0]->share.value) + " of sales";
  if (leading.size() > 3) {
    const double three = leading[0]->share.value + leading[1]->share.value + leading[2]->share.value;
    finding += "; the first three of " + std::to_string(parts.selling) + " make " + Percent(three);
  }
  finding += ".";
  if (!(parts.rows.back().sales.value >= 0))
    finding += " The ring has no place for categories with more returned than sold.";
  return finding;
}

void WriteCategories(Markup& out, const Parts& parts, const Figure& sales, ReportNotes& notes) {
  const std::string finding = CategoryFinding(parts);
  DonutChart chart{.text = {.id = "category-chart",
                            .title = "Categories",
                            .description = "A ring of each category's part of sales, from the largest on. " +
                                           finding + " The numbers are in the table below."},
                   .center = Compact(sales.value),
                   .unit = "sales",
                   .slices = {}};
  // The last place is for the rest together, if there is one.
  const std::size_t own = parts.rows.size() <= kSlices ? parts.rows.size() : kSlices - 1;
  double rest = 0;
  std::size_t others = 0;
  for (std::size_t i = 0; i < parts.rows.size(); ++i) {
    if (i < own) {
      chart.slices.push_back({parts.rows[i].name, parts.rows[i].sales.value, static_cast<int>(i)});
    } else if (parts.rows[i].sales.value > 0) {
      rest += parts.rows[i].sales.value;
      ++others;
    }
  }
  if (parts.others.value > 0 && parts.others_sales.value > 0) {
    rest += parts.others_sales.value;
    others += static_cast<std::size_t>(parts.others.value);
  }
  if (others > 0) chart.slices.push_back({Article(others, "other", "others"), rest, kChartColors - 1});
  OpenCard(out, {.heading = chart.text.title, .finding = finding, .note = kAddedUp}, notes);
  DrawDonutChart(out, chart);
  WriteFoldedTable(out, PartsTable("categories", "Sales by category", "Category", parts));
  CloseCard(out);
}

std::string ProductFinding(const Parts& parts) {
  const std::vector<const PartFigures*> leading = Leading(parts);
  if (leading.empty()) return {};
  std::string finding = leading[0]->name + " sells most";
  if (parts.others.value > 0) {
    double share = 0;
    for (const PartFigures& part : parts.rows) share += part.share.value;
    const std::size_t all = parts.rows.size() + static_cast<std::size_t>(parts.others.value);
    finding += "; " + Article(parts.rows.size(), "product", "products") + " of " + std::to_string(all) +
               " bring " + Percent(share) + " of sales";
  }
  return finding + ".";
}

void WriteTopProducts(Markup& out, const Parts& parts, ReportNotes& notes) {
  const std::string finding = ProductFinding(parts);
  BarChart chart{.text = {.id = "product-chart",
                          .title = "Best products",
                          .description = "Bars of the sales of the products that sold most. " + finding +
                                         " The numbers are in the table below."},
                 .labels_above = true,
                 .bars = {}};
  for (const PartFigures& part : parts.rows) {
    chart.bars.push_back({part.name, part.sales.value, Compact(part.sales.value), 0});
  }
  OpenCard(out, {.heading = chart.text.title, .finding = finding, .note = kAddedUp}, notes);
  DrawBarChart(out, chart);
  WriteFoldedTable(out, PartsTable("products", "The products that sold most", "Product", parts));
  CloseCard(out);
}

std::string StateFinding(const Parts& parts) {
  const std::vector<const PartFigures*> leading = Leading(parts);
  if (leading.empty()) return NoneKnown(parts) ? "Of no customer who bought is a state known." : "";
  std::string finding = leading[0]->name + " leads with " + Percent(leading[0]->share.value) + " of sales";
  double share = 0;
  std::size_t half = 0;
  while (half < leading.size() && share < 0.5) share += leading[half++]->share.value;
  if (share >= 0.5 && leading.size() > 1) {
    finding +=
        "; " + Article(half, "state makes", "states make") + " half, of " + std::to_string(parts.selling);
  }
  return finding + ".";
}

// States and regions: where customers are.
struct Place {
  std::string id, heading, name, description;
};

void WritePlaces(Markup& out, const Place& place, const Parts& parts, const std::string& finding,
                 ReportNotes& notes) {
  BarChart chart{
      .text = {.id = place.id + "-chart",
               .title = place.heading,
               .description = place.description + " " + finding + " The numbers are in the table below."},
      .label_width = 128,
      .bars = {}};
  for (std::size_t i = 0; i < std::min(parts.rows.size(), kPlaceBars); ++i) {
    const PartFigures& part = parts.rows[i];
    chart.bars.push_back({part.name, part.sales.value, Compact(part.sales.value),
                          part.key == kUnknown ? kChartColors - 1 : 0});
  }
  OpenCard(out,
           {.heading = chart.text.title,
            .finding = finding,
            .note = "Where the customer is by the customer table of today; Unknown: no customer, or none "
                    "with a state."},
           notes);
  DrawBarChart(out, chart);
  WriteFoldedTable(out, PartsTable(place.id + "s", "Sales by " + place.id, place.name, parts));
  CloseCard(out);
}

std::string RegionFinding(const Parts& parts) {
  const std::vector<const PartFigures*> leading = Leading(parts);
  if (leading.empty()) return {};
  return leading[0]->name + " leads with " + Percent(leading[0]->share.value) + " of sales.";
}

}  // namespace

void WriteProducts(Markup& out, const Report& report, ReportNotes& notes) {
  OpenSection(out, "products", "What is sold, and where");
  out.Open("div", {{"class", "cards"}});
  out.Open("div", {{"class", "stack"}});
  WriteCategories(out, report.categories, report.range.figures.sales, notes);
  WritePlaces(out,
              {.id = "state",
               .heading = "States",
               .name = "State",
               .description = "Bars of the sales to customers of each state, the largest first."},
              report.states, StateFinding(report.states), notes);
  out.Close("div");
  out.Open("div", {{"class", "stack"}});
  WriteTopProducts(out, report.products, notes);
  if (!Leading(report.regions).empty()) {
    WritePlaces(out,
                {.id = "region",
                 .heading = "Regions",
                 .name = "Region",
                 .description = "Bars of the sales to customers of each region, the largest first."},
                report.regions, RegionFinding(report.regions), notes);
  }
  out.Close("div");
  out.Close("div");
  CloseSection(out);
}

}  // namespace ecomm::core
