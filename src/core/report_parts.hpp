// Pieces of the report page, and its sections.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ecomm_analytics/core/markup.hpp"
#include "ecomm_analytics/core/report.hpp"

namespace ecomm::core {

// The style sheet: colours by class for light, dark and paper.
std::string_view ReportStyle();

// Remarks at the end of the page, referred to by number; one text has one number.
class ReportNotes {
 public:
  // A reference to the remark, as a raised number.
  void Refer(Markup& out, const std::string& text);
  bool empty() const { return texts_.empty(); }
  void Write(Markup& out) const;

 private:
  std::vector<std::string> texts_;
};

struct Column {
  std::string heading;
  bool number = true;
};

// What is shown, and the number it stands for.
struct Cell {
  std::string text;
  std::string value;
};
Cell TextCell(std::string text);
Cell NumberCell(const Figure& figure);
// as a percentage
Cell ShareCell(const Figure& fraction);
// new over old, less 1, as a percentage with a sign; none where old is none or not above 0
Cell ChangeCell(const Figure& now, const Figure& before);

struct Table {
  std::string id;
  std::string caption;
  std::vector<Column> columns;  // the first names the rows
  std::vector<std::vector<Cell>> rows;
};
// Segments or clusters, told apart by their `name`.
Table GroupTable(std::string id, std::string caption, std::string name,
                 const std::vector<CustomerGroup>& groups);
void WriteTable(Markup& out, const Table& table);
// The same, to be opened by the reader.
void WriteFoldedTable(Markup& out, const Table& table);

// A number the page is about, with its exact value.
void WriteNumber(Markup& out, const std::string& id, const Figure& figure);

void OpenSection(Markup& out, const std::string& id, const std::string& heading);
void CloseSection(Markup& out);

struct Card {
  std::string heading;
  std::string finding;
  std::string note;  // a remark on how it is made; may be empty
  bool wide = false;
};
void OpenCard(Markup& out, const Card& card, ReportNotes& notes);
void CloseCard(Markup& out);

void WriteOverview(Markup& out, const Report& report, ReportNotes& notes);
void WriteSales(Markup& out, const Report& report, ReportNotes& notes);
void WriteSeason(Markup& out, const Report& report, ReportNotes& notes);
void WriteProducts(Markup& out, const Report& report, ReportNotes& notes);
void WriteCustomers(Markup& out, const Report& report, ReportNotes& notes);
void WriteClusters(Markup& out, const Report& report, ReportNotes& notes);
void WriteQuality(Markup& out, const Report& report, ReportNotes& notes);

}  // namespace ecomm::core
