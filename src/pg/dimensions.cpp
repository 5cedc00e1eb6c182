#include "ecomm_analytics/pg/dimensions.hpp"

#include "ecomm_analytics/core/money_reading.hpp"
#include "ecomm_analytics/pg/canonical.hpp"
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
  if (match.column) {
    const std::string passed_over = core::ListPassedOver(match, table.columns);
    return match.reason + (passed_over.empty() ? "" : "; ") + passed_over;
  }
  const auto& unclear = match.candidates.empty() ? match.misfits : match.candidates;
  if (unclear.empty()) return "no such column";
  std::string note =
      match.candidates.empty() ? "left out, the type does not fit:" : "left out, several could be it:";
  for (const std::size_t i : unclear) note += ' ' + QuoteIdentifier(table.columns[i].name);
  return note;
}

// The side of a join that refers to a dimension.
struct JoinColumn {
  std::string relation;
  std::string name;
  Oid type = InvalidOid;
  std::string keys;  // a query of them, as "key"; empty: the caller may not read them

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

bool MayRead(Spi& spi, Oid relation) {
  const auto rows = spi.Query(
      "SELECT has_table_privilege(oid, 'SELECT') AND has_schema_privilege(relnamespace, 'USAGE')"
      " FROM pg_class WHERE oid = $1",
      {Parameter::ObjectId(relation)});
  return !rows.empty() && *rows.Bool(0, 0);
}

struct KeyCheck {
  std::int64_t looked_at = 0;
  std::int64_t found = 0;
};

// How many of the first keys referred to are in the dimension: it is read once, against a hash of no more
// than a thousand. Text is compared byte for byte, for the two sides may differ in their collations.
KeyCheck CheckKeys(Spi& spi, const std::string& keys, const std::string& relation, const std::string& column,
                   bool as_text) {
  const std::string cast = as_text ? "::text COLLATE \"C\"" : "";
  const auto rows = spi.Query(
      "WITH looked_at AS MATERIALIZED (SELECT DISTINCT key FROM (" + keys +
      " LIMIT 10000) AS line WHERE key IS NOT NULL LIMIT 1000)"
      " SELECT (SELECT count(*) FROM looked_at), count(DISTINCT looked_at.key) FROM looked_at JOIN (SELECT " +
      column + " AS key FROM " + relation + ") AS dimension ON dimension.key" + cast + " = looked_at.key" +
      cast);
  return {*rows.Int64(0, 0), *rows.Int64(0, 1)};
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
    auto leave_out = [&](const std::string& why) {
      roles.push_back({key.role, name, "", "", why});
      return JoinColumn{};
    };
    if (!key.column) return leave_out(NoteOf(key, table));
    const std::string key_name = QuoteIdentifier(table.columns[*key.column].name);
    const KeyClass key_class = ClassOf(table.types[*key.column]);
    const bool same_class = key_class == ClassOf(foreign.type);
    if (!is_named && !same_class) {
      return leave_out("left out: of another type than " + foreign.name);
    }
    const bool readable = MayRead(spi_, relation);
    KeyCheck keys;
    if (readable && !foreign.keys.empty()) {
      keys = CheckKeys(spi_, foreign.keys, name, key_name, !same_class || key_class == KeyClass::kText);
    }
    if (!is_named && keys.looked_at > 0 && keys.found == 0) {
      return leave_out("left out: none of the keys of " + foreign.relation + " occur in it (" +
                       core::GroupThousands(keys.looked_at) + " looked at)");
    }

    std::string about_key;
    if (!is_named) about_key += "; found beside the sale table";
    if (!same_class) about_key += "; of another type than " + foreign.name + ": joined as text";
    if (keys.found < keys.looked_at) {
      about_key += "; found " + core::GroupThousands(keys.found) + " of " +
                   core::GroupThousands(keys.looked_at) + " keys looked at";
    }
    for (const core::RoleMatch& match : detection.matches) {
      SourceRole role{match.role, name, "", "", NoteOf(match, table)};
      if (match.column) {
        role.expression = QuoteIdentifier(table.columns[*match.column].name);
        role.type = table.columns[*match.column].type_name;
      }
      if (match.role == key.role) role.note += about_key;
      roles.push_back(std::move(role));
    }
    const auto& linked = detection.Of(link).column;
    if (!linked) return {};
    const core::Column& column = table.columns[*linked];
    const Piece piece{QuoteIdentifier(column.name), table.types[*linked]};
    return {name, column.name, piece.type,
            readable ? "SELECT " + CanonicalKey(piece, true).sql + " AS key FROM " + name : ""};
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
      if (found.role != role || found.expression.empty()) continue;
      return JoinColumn{
          sale.relation_name, found.expression, type,
          "SELECT " + std::string(core::Name(role)) + " AS key FROM (" + sale.Select() + ") AS line"};
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
