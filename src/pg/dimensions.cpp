#include "ecomm_analytics/pg/dimensions.hpp"

#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/relation.hpp"

namespace ecomm::pg {
namespace {

using core::Role;
using core::TableKind;

// "customer" or "customers" in the sale table's schema, if the caller may read it.
Oid FindBeside(Spi& spi, Oid sale, TableKind kind) {
  const std::string name(core::Name(kind));
  const auto rows = spi.Query(
      "SELECT oid FROM pg_class WHERE relname IN ($2, $2 || 's') AND relkind IN ('r', 'p', 'v', 'm', 'f')"
      " AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = $1)"
      " AND has_table_privilege(oid, 'SELECT') ORDER BY relname LIMIT 1",
      {Parameter::ObjectId(sale), Parameter::Text(name)});
  return rows.empty() ? InvalidOid : *rows.ObjectId(0, 0);
}

std::string NoteOf(const core::RoleMatch& match, const TableColumns& table) {
  if (match.column) return match.reason;
  const auto& unclear = match.candidates.empty() ? match.misfits : match.candidates;
  if (unclear.empty()) return "no such column";
  std::string note =
      match.candidates.empty() ? "left out, the type does not fit:" : "left out, several could be it:";
  for (const std::size_t i : unclear) note += ' ' + QuoteIdentifier(table.columns[i].name);
  return note;
}

class Dimensions {
 public:
  Dimensions(Spi& spi, const Source& sale) : spi_(spi), sale_(sale) {}

  // Returns what `linked` is read from in it: the other side of the next join.
  std::string Add(TableKind kind, Oid named, const std::string& key_name, Role linked) {
    const Oid relation = named != InvalidOid ? named : FindBeside(spi_, sale_.relation, kind);
    if (relation == InvalidOid) return {};
    const auto table = ReadColumns(spi_, relation);
    const auto detection = core::DetectRoles(kind, table.columns, {}, key_name);
    const std::string name = QualifiedName(relation);
    if (named != InvalidOid) core::RequireRoles(detection, table.columns, name);
    if (!detection.matches.front().column) return {};
    for (const core::RoleMatch& match : detection.matches) {
      SourceRole role{match.role, name, "", "", NoteOf(match, table)};
      if (match.column) {
        role.expression = QuoteIdentifier(table.columns[*match.column].name);
        role.type = table.columns[*match.column].type_name;
      }
      if (named == InvalidOid && &match == &detection.matches.front())
        role.note += "; found beside the sale table";
      roles.push_back(std::move(role));
    }
    const auto& link = detection.Of(linked).column;
    return link ? table.columns[*link].name : std::string();
  }

  std::vector<SourceRole> roles;

 private:
  Spi& spi_;
  const Source& sale_;
};

}  // namespace

std::vector<SourceRole> ResolveDimensions(Spi& spi, const Source& sale, const DimensionTables& tables) {
  auto key_of_sale = [&](Role role) {
    return sale.roles[static_cast<std::size_t>(role) - static_cast<std::size_t>(Role::kSoldAt)].expression;
  };
  Dimensions dimensions(spi, sale);
  const std::string state = dimensions.Add(TableKind::kCustomer, tables.customer,
                                           key_of_sale(Role::kCustomerId), Role::kCustomerState);
  dimensions.Add(TableKind::kProduct, tables.product, key_of_sale(Role::kProductId), Role::kProductKey);
  dimensions.Add(TableKind::kState, tables.state, state, Role::kStateSpelling);
  return dimensions.roles;
}

}  // namespace ecomm::pg
