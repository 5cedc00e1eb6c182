// What a report says, read from the views for dashboards.
#pragma once

#include "ecomm_analytics/core/report.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

struct ReportRange {
  std::optional<core::Day> from, to;  // nullopt: as far as there are sales
};

// Everything but the title and the lines' quality. Throws SqlError where a refresh has not made the views
// yet.
core::Report ReadReport(Spi& spi, const ReportRange& range);

// The rows of sales_quality(), by the caller's own search path: call it before names are pinned. Where the
// caller may not read the lines, `report` says so.
void ReadLineQuality(core::Report& report);

// A text of the server's as UTF-8; in a database without an encoding, as it is.
std::string Utf8(std::string text);

// A row of an answer, cell by cell from the left.
class ReportRow {
 public:
  ReportRow(const Rows& rows, std::uint64_t row) : rows_(rows), row_(row) {}

  // any number; NULL and NaN are none
  core::Figure Number();
  // UTF-8 of any type; empty for NULL
  std::string Text();
  // an integer; 0 for NULL
  int Integer();
  // days from 2000-01-01 as an integer
  std::optional<core::Day> Day();
  double Float8();
  bool Bool();

 private:
  const Rows& rows_;
  std::uint64_t row_;
  int column_ = 0;
};

// The days a report is about: $1 and $2 of its queries.
struct ReportDays {
  core::Day first, last;
};
Rows QueryDays(Spi& spi, const ReportDays& days, const std::string& sql);

// Parts of ReadReport.
void ReadSales(Spi& spi, const ReportDays& days, core::Report& report);
void ReadProducts(Spi& spi, const ReportDays& days, core::Report& report);
void ReadCustomers(Spi& spi, core::Report& report);
void ReadFacts(Spi& spi, const ReportDays& days, core::Report& report);

}  // namespace ecomm::pg
