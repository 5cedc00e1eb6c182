#include "ecomm_analytics/pg/dimensions.hpp"

#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

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

// A column a dimension is joined to or from.
struct JoinColumn {
  std::string name;
  Oid type = InvalidOid;

  bool present() const { return type != InvalidOid; }
};

enum class KeyClass { kNumber, kText, kUuid };

KeyClass ClassOf(Oid type) {
  switch (TypeCategory(type)) {
    case core::ColumnType::kText:
      return KeyClass::kText;
    case core::ColumnType::kUuid:
      return KeyClass::kUuid;
    default:
      return KeyClass::kNumber;
  }
}

class Dimensions {
 public:
  Dimensions(Spi& spi, const Source& sale) : spi_(spi), sale_(sale) {}

  // `foreign`: the other side of the join. Returns the column of `link`, the other side of the next one.
  JoinColumn Add(TableKind kind, Oid named, const JoinColumn& foreign, Role link) {
    const bool is_named = named != InvalidOid;
    const Oid relation = is_named ? named : FindBeside(spi_, sale_.relation, kind);
    if (relation == InvalidOid) return {};
    const std::string name = QualifiedName(relation);
    if (!foreign.present()) {
      if (!is_named) return {};
      throw SqlError(ERRCODE_INVALID_PARAMETER_VALUE,
                     "nothing refers to the " + std::string(core::Name(kind)) + " table " + name,
                     kind == TableKind::kState ? "No customer table with a state is bound."
                                               : "The sale table has no column for it.");
    }
    const auto table = ReadColumns(spi_, relation);
    const auto detection = core::DetectRoles(kind, table.columns, {}, foreign.name);
    if (is_named) core::RequireRoles(detection, table.columns, name);
    const core::RoleMatch& key = detection.matches.front();
    if (!key.column) return {};
    const bool same_class = ClassOf(table.types[*key.column]) == ClassOf(foreign.type);
    if (!is_named && !same_class) return {};

    for (const core::RoleMatch& match : detection.matches) {
      SourceRole role{match.role, name, "", "", NoteOf(match, table)};
      if (match.column) {
        role.expression = QuoteIdentifier(table.columns[*match.column].name);
        role.type = table.columns[*match.column].type_name;
      }
      if (match.role == key.role && !is_named) role.note += "; found beside the sale table";
      if (match.role == key.role && !same_class)
        role.note += "; of another type than " + foreign.name + ": joined as text";
      roles.push_back(std::move(role));
    }
    const auto& linked = detection.Of(link).column;
    return linked ? JoinColumn{table.columns[*linked].name, table.types[*linked]} : JoinColumn{};
  }

  std::vector<SourceRole> roles;

 private:
  Spi& spi_;
  const Source& sale_;
};

}  // namespace

std::vector<SourceRole> ResolveDimensions(Spi& spi, const Source& sale, const DimensionTables& tables) {
  auto key_of_sale = [&](Role role, Oid type) {
    for (const SourceRole& found : sale.roles) {
      if (found.role == role && !found.expression.empty()) return JoinColumn{found.expression, type};
    }
    return JoinColumn{};
  };
  Dimensions dimensions(spi, sale);
  const JoinColumn state =
      dimensions.Add(TableKind::kCustomer, tables.customer,
                     key_of_sale(Role::kCustomerId, sale.customer_type), Role::kCustomerState);
  dimensions.Add(TableKind::kProduct, tables.product, key_of_sale(Role::kProductId, sale.product_type),
                 Role::kProductKey);
  dimensions.Add(TableKind::kState, tables.state, state, Role::kStateSpelling);
  return dimensions.roles;
}

}  // namespace ecomm::pg
