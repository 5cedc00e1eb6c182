// Segments: how large, how valuable, and who moved.
#include "ecomm_analytics/core/bar_chart.hpp"
#include "report_parts.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kMovesDrawn = 8;

std::string SegmentFinding(const std::vector<CustomerGroup>& segments) {
  if (segments.empty() || !(segments[0].sales.value > 0)) return {};
  return segments[0].name + " are " + Percent(segments[0].share.value) + " of customers and bring " +
         Percent(segments[0].sales_share.value) + " of their sales.";
}

void WriteSegments(Markup& out, const Report& report, ReportNotes& notes) {
  const std::string finding = SegmentFinding(report.segments);
  BarChart chart{
      .text = {.id = "segment-chart",
               .title = "Sales by segment",
               .description = "Bars of the sales to the customers of each segment, the largest first. " +
                              finding + " The numbers are in the table below."},
      .label_width = 140,
      .bars = {}};
  for (const CustomerGroup& segment : report.segments) {
    chart.bars.push_back({segment.name, segment.sales.value, Compact(segment.sales.value), 0});
  }
  OpenCard(out,
           {.heading = chart.text.title,
            .finding = finding,
            .note = "Known customers only, each with all purchases up to the last sale, whatever the range "
                    "of the report. "
                    "Segments follow from quintiles of recency, frequency and monetary value."},
           notes);
  DrawBarChart(out, chart);
  WriteFoldedTable(
      out, GroupTable("segments",
                      "Segments: mean recency, frequency and value of a customer, and what they bought",
                      "Segment", report.segments));
  CloseCard(out);
}

void WriteMoves(Markup& out, const Report& report, ReportNotes& notes) {
  if (report.moves.empty()) return;
  const std::string from = DateText(report.moves_from);
  const std::string to = DateText(report.moves_to);
  double stayed = 0;
  double all = 0;
  Table table{.id = "moves",
              .caption = "Customers by segment on " + from + " and on " + to,
              .columns = {{"Then", false}, {"Now", false}, {"Customers"}, {"Their sales by now"}},
              .rows = {}};
  BarChart chart{.text = {.id = "move-chart", .title = "Who moved", .description = ""},
                 .labels_above = true,
                 .bars = {}};
  for (const SegmentMove& move : report.moves) {
    if (move.to != "(gone)") all += move.customers.value;
    table.rows.push_back(
        {TextCell(move.from), TextCell(move.to), NumberCell(move.customers), NumberCell(move.monetary)});
    if (move.from == move.to) {
      stayed += move.customers.value;
    } else if (chart.bars.size() < kMovesDrawn) {
      chart.bars.push_back(
          {move.from + " \u2192 " + move.to, move.customers.value, Compact(move.customers.value), 1});
    }
  }
  const std::string finding =
      Percent(stayed / all) + " of customers are in the segment they were in on " + from + ".";
  chart.text.description =
      "Bars of how many customers went from one segment to another, the largest first. " + finding +
      " The numbers are in the table below.";
  OpenCard(out,
           {.heading = chart.text.title,
            .finding = finding,
            .note = "From the snapshot of " + from + " to that of " + to +
                    ". (new): was no customer yet; (gone): is no customer any more."},
           notes);
  if (!chart.bars.empty()) DrawBarChart(out, chart);
  WriteFoldedTable(out, table);
  CloseCard(out);
}

}  // namespace

void WriteCustomers(Markup& out, const Report& report, ReportNotes& notes) {
  OpenSection(out, "customers", "Customers");
  out.Open("div", {{"class", "cards"}});
  WriteSegments(out, report, notes);
  WriteClusters(out, report, notes);
  WriteMoves(out, report, notes);
  out.Close("div");
  CloseSection(out);
}

}  // namespace ecomm::core
