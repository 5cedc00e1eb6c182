// sales_quality, sales_quality_columns: which lines are meant, and how they are read. The counting is SQL.
#include <algorithm>

#include "ecomm_analytics/core/json.hpp"
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/binding.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/source.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace core = ecomm::core;
namespace pg = ecomm::pg;

namespace {

using core::Json;

struct Lines {
  pg::Source source;
  std::vector<pg::SourceRole> roles;  // those with a column
  bool as_written = false;            // the roles' expressions are over the user's table
  bool bound = false;
};

// The bound view says of an unknown customer only that it is unknown; its table says how. Read it instead if
// the caller may, and sees all of it.
bool SeesTable(pg::Spi& spi, Oid table) {
  const auto rows = spi.Query(
      "SELECT has_table_privilege(oid, 'SELECT') AND has_schema_privilege(relnamespace, 'USAGE')"
      " AND NOT row_security_active(oid) FROM pg_class WHERE oid = $1",
      {pg::Parameter::ObjectId(table)});
  return !rows.empty() && *rows.Bool(0, 0);
}

Lines ReadLines(pg::Spi& spi, pg::Source source) {
  Lines lines;
  lines.bound = source.bound;
  lines.as_written = !source.bound;
  if (source.bound) {
    const auto view = pg::FindBoundView(spi);
    if (view && view->relation != InvalidOid && !source.roles.empty() && SeesTable(spi, view->relation)) {
      std::vector<pg::StatedText> stated;
      for (const pg::SourceRole& role : source.roles) stated.push_back({role.role, role.expression});
      source = pg::ResolveSaleRoles(spi, view->relation, stated, 0);
      lines.as_written = true;
    }
  }
  if (lines.as_written) {
    for (const pg::SourceRole& role : source.roles) {
      if (!role.expression.empty()) lines.roles.push_back(role);
    }
  } else {
    // A view made by hand has every column; one that was bound has those of its roles.
    for (const core::Role role : core::RolesOf(core::TableKind::kSale)) {
      const std::string name(core::Name(role));
      bool present = source.roles.empty();
      for (const pg::SourceRole& found : source.roles) {
        present = present || (found.role == role && !found.expression.empty());
      }
      if (present) lines.roles.push_back({role, source.relation_name, name, "", ""});
    }
  }
  lines.source = std::move(source);
  return lines;
}

// Whether a key is not there at all, for the canonical column does not tell that from a key that is unknown.
std::string MissingKey(const Lines& lines, core::Role role) {
  std::string expression(core::Name(role));
  for (const pg::SourceRole& found : lines.roles) {
    if (lines.as_written && found.role == role) expression = found.expression;
  }
  const bool absent = lines.as_written && expression == core::Name(role) &&
                      std::none_of(lines.roles.begin(), lines.roles.end(),
                                   [&](const pg::SourceRole& found) { return found.role == role; });
  return absent ? "true" : "(" + expression + ") IS NULL";
}

Datum CopyRows(FunctionCallInfo call, const pg::Rows& rows) {
  pg::RowSink sink(call);
  for (std::uint64_t i = 0; i < rows.count(); ++i) {
    for (int column = 0; column < rows.columns(); ++column) {
      const auto value = rows.Value(i, column);
      value ? sink.Value(*value) : sink.Null();
    }
    sink.EndRow();
  }
  return sink.Done();
}

Datum SalesQuality(FunctionCallInfo call) {
  const Oid sale = pg::Arguments(call).ObjectId(0).value_or(InvalidOid);
  pg::Source source = pg::ResolveSource(sale);
  pg::Spi spi;
  const pg::PinnedSettings pinned;
  const Lines lines = ReadLines(spi, std::move(source));
  Json columns = Json::object();
  for (const pg::SourceRole& role : lines.roles)
    columns[std::string(core::Name(role.role))] = role.expression;
  const std::string query =
      lines.source.Select(", " + MissingKey(lines, core::Role::kCustomerId) + " AS customer_missing, " +
                          MissingKey(lines, core::Role::kInvoiceNo) + " AS invoice_missing");
  return CopyRows(
      call, spi.Query("SELECT * FROM ecomm._sales_quality($1, $2, $3, $4, current_setting('work_mem'))",
                      {pg::Parameter::Text(query), pg::Parameter::Text(lines.source.relation_name),
                       pg::Parameter::Jsonb(core::DumpJson(columns)), pg::Parameter::Bool(lines.bound)}));
}

Datum SalesQualityColumns(FunctionCallInfo call) {
  const Oid sale = pg::Arguments(call).ObjectId(0).value_or(InvalidOid);
  pg::Source source = pg::ResolveSource(sale);
  pg::Spi spi;
  const pg::PinnedSettings pinned;
  std::vector<pg::SourceRole> dimensions = pg::DimensionRoles(spi, source);
  const Lines lines = ReadLines(spi, std::move(source));
  Json columns = Json::array();
  const auto add = [&](const pg::SourceRole& role) {
    if (role.expression.empty()) return;
    columns.push_back({{"role", std::string(core::Name(role.role))},
                       {"relation", role.relation},
                       {"expression", role.expression}});
  };
  for (const pg::SourceRole& role : lines.roles) add(role);
  for (const pg::SourceRole& role : dimensions) add(role);
  return CopyRows(call,
                  spi.Query("SELECT * FROM ecomm._sales_quality_columns($1, current_setting('work_mem'))",
                            {pg::Parameter::Jsonb(core::DumpJson(columns))}));
}

}  // namespace

ECOMM_FUNCTION(ecomm_sales_quality) {
  return pg::Entry([&] { return SalesQuality(fcinfo); });
}

ECOMM_FUNCTION(ecomm_sales_quality_columns) {
  return pg::Entry([&] { return SalesQualityColumns(fcinfo); });
}
