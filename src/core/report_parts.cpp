#include "report_parts.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace ecomm::core {

void ReportNotes::Refer(Markup& out, const std::string& text) {
  auto found = std::find(texts_.begin(), texts_.end(), text);
  const std::string number = std::to_string(found - texts_.begin() + 1);
  if (found == texts_.end()) texts_.push_back(text);
  out.Open("sup")
      .Element("a", {{"href", "#note-" + number}, {"aria-label", "Note " + number}}, number)
      .Close("sup");
}

void ReportNotes::Write(Markup& out) const {
  out.Open("ol", {{"class", "notes"}});
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    out.Element("li", {{"id", "note-" + std::to_string(i + 1)}}, texts_[i]);
  }
  out.Close("ol");
}

Cell TextCell(std::string text) { return {std::move(text), {}}; }

Cell NumberCell(const Figure& figure) { return {Grouped(figure), figure.exact}; }

Cell ShareCell(const Figure& fraction) { return {Percent(fraction.value), fraction.exact}; }

Cell ChangeCell(const Figure& now, const Figure& before) {
  if (!now.present() || !before.present() || !(before.value > 0)) return TextCell(Percent(std::nan("")));
  const double change = now.value / before.value - 1;
  char value[32];
  std::snprintf(value, sizeof value, "%.6f", change);
  const std::string text = Percent(change);
  return {change > 0 && text != "0.0%" ? "+" + text : text, value};
}

Table GroupTable(std::string id, std::string caption, std::string name,
                 const std::vector<CustomerGroup>& groups) {
  Table table{.id = std::move(id),
              .caption = std::move(caption),
              .columns = {{std::move(name), false},
                          {"Customers"},
                          {"Share"},
                          {"Days since purchase"},
                          {"Orders each"},
                          {"Sales each"},
                          {"Sales"},
                          {"Share of sales"}},
              .rows = {}};
  for (const CustomerGroup& group : groups) {
    table.rows.push_back({TextCell(group.number < 0 ? "In none" : group.name), NumberCell(group.customers),
                          ShareCell(group.share), NumberCell(group.recency), NumberCell(group.frequency),
                          NumberCell(group.monetary), NumberCell(group.sales), ShareCell(group.sales_share)});
  }
  return table;
}

void WriteTable(Markup& out, const Table& table) {
  const std::string caption = "table-" + table.id + "-caption";
  const char* css_class = table.rows.size() > 30 ? "scroll many" : "scroll";
  out.Open("div",
           {{"class", css_class}, {"role", "region"}, {"aria-labelledby", caption}, {"tabindex", "0"}});
  out.Open("table", {{"id", "table-" + table.id}});
  out.Element("caption", {{"id", caption}}, table.caption);
  out.Open("thead").Open("tr");
  for (const Column& column : table.columns) {
    out.Element("th", {{"scope", "col"}, {"class", column.number ? "n" : "t"}}, column.heading);
  }
  out.Close("tr").Close("thead").Open("tbody");
  for (const std::vector<Cell>& row : table.rows) {
    out.Open("tr");
    for (std::size_t i = 0; i < row.size(); ++i) {
      const char* alignment = table.columns[i].number ? "n" : "t";
      const std::string_view element = i == 0 ? "th" : "td";
      if (i == 0) {
        out.Open(element, {{"scope", "row"}, {"class", alignment}});
      } else {
        out.Open(element, {{"class", alignment}});
      }
      if (row[i].value.empty()) {
        out.Text(row[i].text);
      } else {
        out.Element("data", {{"value", row[i].value}}, row[i].text);
      }
      out.Close(element);
    }
    out.Close("tr");
  }
  out.Close("tbody").Close("table").Close("div");
}

void WriteFoldedTable(Markup& out, const Table& table) {
  out.Open("details").Element("summary", "The numbers");
  WriteTable(out, table);
  out.Close("details");
}

void WriteNumber(Markup& out, const std::string& id, const Figure& figure) {
  out.Element("data", {{"id", id}, {"value", figure.exact}}, Grouped(figure));
}

void OpenSection(Markup& out, const std::string& id, const std::string& heading) {
  out.Open("section", {{"id", id}, {"aria-labelledby", id + "-heading"}});
  out.Element("h2", {{"id", id + "-heading"}}, heading);
}

void CloseSection(Markup& out) { out.Close("section"); }

void OpenCard(Markup& out, const Card& card, ReportNotes& notes) {
  out.Open("figure", {{"class", card.wide ? "card full" : "card"}});
  out.Open("figcaption").Open("h3").Text(card.heading);
  if (!card.note.empty()) notes.Refer(out, card.note);
  out.Close("h3");
  if (!card.finding.empty()) out.Element("p", {{"class", "finding"}}, card.finding);
  out.Close("figcaption");
}

void CloseCard(Markup& out) { out.Close("figure"); }

}  // namespace ecomm::core
