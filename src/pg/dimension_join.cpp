#include "ecomm_analytics/pg/dimension_join.hpp"

#include <map>
#include <set>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/pg/arguments.hpp"
#include "ecomm_analytics/pg/binding.hpp"
#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/sale_roles.hpp"
#include "ecomm_analytics/pg/scalar_expression.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

extern "C" {
#include "utils/fmgroids.h"
}

namespace ecomm::pg {
namespace {

using core::Role;

std::string AsText(const std::string& sql) {
  return "(" + sql + ")::pg_catalog.text COLLATE pg_catalog.\"C\"";
}

bool IsNumber(Oid type) {
  return IsInteger(type) || type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID;
}

// The two sides of a join as SQL that compares them: numbers by value, uuids as they are, anything else as
// text.
struct Sides {
  std::string left;
  std::string right;
};

Sides Comparable(const std::string& left, Oid left_type, const std::string& right, Oid right_type) {
  if (IsNumber(left_type) && IsNumber(right_type)) {
    const auto exact = [](const std::string& sql, Oid type) {
      return type == FLOAT4OID || type == FLOAT8OID ? "ecomm._exact_numeric(" + sql + ")" : sql;
    };
    return {exact(left, left_type), exact(right, right_type)};
  }
  if (left_type == UUIDOID && right_type == UUIDOID) return {left, right};
  return {AsText(TellableExpression(left, left_type)), AsText(TellableExpression(right, right_type))};
}

// What a line's dimensions say, joined on as each is first asked for.
class Joins {
 public:
  Joins(Spi& spi, const Source& source) : spi_(spi), source_(source) {}

  // The role an attribute lacks; nothing where the attribute can be had, or `name` is none.
  std::optional<Role> Missing(const std::string& name) {
    static const std::map<std::string, std::vector<Role>> kNeeds = {
        {"product", {Role::kProductId}},
        {"category", {Role::kProductKey, Role::kProductCategory}},
        {"city", {Role::kCustomerKey, Role::kCustomerCity}},
        {"state", {Role::kCustomerKey, Role::kCustomerState}},
        {"region", {Role::kCustomerKey, Role::kCustomerState, Role::kStateSpelling, Role::kStateRegion}}};
    const auto needs = kNeeds.find(name);
    // A view made by hand has the product, but nobody to say so.
    if (needs == kNeeds.end() || (name == "product" && source_.roles.empty())) return std::nullopt;
    for (const Role role : needs->second) {
      if (Expression(role).empty()) return role;
    }
    return std::nullopt;
  }

  // The SQL of an attribute that lacks nothing; empty where `name` is none.
  std::string Attribute(const std::string& name) {
    if (name == "product") return "line.product_id";
    if (name == "category") {
      return Join(name, Role::kProductKey, Role::kProductCategory, "line.product_id", source_.product_type);
    }
    if (name == "city") {
      return Join(name, Role::kCustomerKey, Role::kCustomerCity, "line.customer_id", source_.customer_type);
    }
    if (name == "state") return State();
    if (name == "region") {
      return Join(name, Role::kStateSpelling, Role::kStateRegion, StateAsWritten(), TEXTOID);
    }
    if (name == "segment") return Segment();
    return {};
  }
  const std::string& sql() const { return sql_; }

 private:
  // The expression of a role; empty where there is none.
  std::string Expression(Role role) {
    if (!roles_) {
      roles_ = DimensionRoles(spi_, source_);
      roles_->insert(roles_->end(), source_.roles.begin(), source_.roles.end());
    }
    for (const SourceRole& found : *roles_) {
      if (found.role != role) continue;
      relation_ = found.relation;
      return found.expression;
    }
    return {};
  }

  // One value a key, so that a line stays one row; the least of them, so that it is always the same.
  std::string Join(const std::string& alias, Role key_role, Role value_role, const std::string& foreign,
                   Oid foreign_type) {
    if (joined_.insert(alias).second) {
      const std::string value = Expression(value_role);
      const std::string key = Expression(key_role);
      const Oid type = spi_.Query("SELECT " + key + " FROM " + relation_ + " LIMIT 0").TypeOf(0);
      const Sides sides = Comparable(key, type, foreign, foreign_type);
      sql_ += " LEFT JOIN (SELECT " + sides.left + " AS key, pg_catalog.min(" + AsText(value) +
              ") AS value FROM " + relation_ + " WHERE " + key + " IS NOT NULL GROUP BY 1) AS " + alias +
              " ON " + alias + ".key = " + sides.right;
    }
    return alias + ".value";
  }

  std::string StateAsWritten() {
    return Join("state_as_written", Role::kCustomerKey, Role::kCustomerState, "line.customer_id",
                source_.customer_type);
  }

  // As the state table spells it, where there is one that knows the spelling.
  std::string State() {
    const std::string written = StateAsWritten();
    const Role shown = Expression(Role::kStateCode).empty() ? Role::kStateName : Role::kStateCode;
    if (Expression(Role::kStateSpelling).empty() || Expression(shown).empty()) return written;
    return "COALESCE(" + Join("state", Role::kStateSpelling, shown, written, TEXTOID) + ", " + written + ")";
  }

  std::string Segment() {
    if (joined_.insert("segment").second) {
      const Rows schema = spi_.Query(
          "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace"
          " WHERE extname = 'ecomm_analytics'");
      // Keys that are told apart by value or bytes come as they are, others as text.
      const Oid type = source_.customer_type;
      const bool as_text = !IsInteger(type) && type != UUIDOID;
      const Sides sides =
          Comparable("segment.customer_id", as_text ? TEXTOID : type, "line.customer_id", type);
      sql_ += " LEFT JOIN " + *schema.Text(0, 0) +
              ".rfm_segments_keyed(NULL::" + (as_text ? "pg_catalog.text" : TypeName(type)) + ", " +
              QuoteLiteral(source_.relation_name) + "::pg_catalog.regclass) AS segment ON " + sides.left +
              " = " + sides.right;
    }
    return "segment.segment";
  }

  Spi& spi_;
  const Source& source_;
  std::optional<std::vector<SourceRole>> roles_;
  std::string relation_;  // of the role last looked up
  std::set<std::string> joined_;
  std::string sql_;
};

// The source read from its table, as it was bound: the view shows none but the roles' columns.
Source Unwrapped(Spi& spi, const Source& source) {
  if (!source.bound) return source;
  const auto view = FindBoundView(spi);
  std::vector<StatedText> stated;
  for (const SourceRole& role : source.roles) stated.push_back({role.role, role.expression});
  if (!view || view->relation == InvalidOid || stated.empty()) {
    throw SqlError(ERRCODE_FEATURE_NOT_SUPPORTED, "ecomm.sale_line was not made by ecomm_bind",
                   "Only the columns of its roles are known.");
  }
  return ResolveSaleRoles(spi, view->relation, stated, 0);
}

[[noreturn]] void FailUnknown(const Source& source, const std::string& name, std::optional<Role> missing) {
  const char* const kNames =
      "Name product, category, state, region, city, segment, or a column of the sale table.";
  if (missing) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "sales cannot be told apart by " + name,
                      "No column plays the role " + std::string(core::Name(*missing)) + ", and " +
                          source.relation_name + " has no column of this name.",
                      "Bind the tables with ecomm_bind, or group by another column of the sale table.");
  }
  throw SqlError(ERRCODE_UNDEFINED_COLUMN,
                 "no dimension or column " + QuoteIdentifier(name) + " to tell sales apart by",
                 source.relation_name + " has no column of this name.", kNames);
}

}  // namespace

std::vector<std::string> ParseNames(const std::string& text) {
  std::string_view list = text;
  if (list.size() >= 2 && list.front() == '{' && list.back() == '}') list = list.substr(1, list.size() - 2);
  std::vector<std::string> names;
  std::string name;
  bool quoted = false;  // inside of quotes
  bool begun = false;   // a name that is quoted may be anything
  const auto end_name = [&] {
    if (!begun) name.erase(name.find_last_not_of(' ') + 1);
    if (begun || !name.empty()) names.push_back(name);
    name.clear();
    begun = false;
  };
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (c == '"' && quoted && i + 1 < list.size() && list[i + 1] == '"') {
      name += list[++i];
    } else if (c == '"' && (quoted || name.empty())) {
      quoted = !quoted;
      begun = true;
    } else if (c == ',' && !quoted) {
      end_name();
    } else if (quoted || (!begun && (c != ' ' || !name.empty()))) {
      name += c;
    }
  }
  end_name();
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) {
    throw core::Error(core::ErrorCode::kInvalidArgument,
                      "the names to group by must be different from each other");
  }
  return names;
}

std::string LinesWithSeries(Spi& spi, const Source& source, const std::vector<std::string>& by) {
  std::vector<std::string> values;
  std::string further;
  Joins joins(spi, source);
  Source lines = source;
  for (const std::string& name : by) {
    const auto missing = joins.Missing(name);
    std::string value = missing ? std::string() : joins.Attribute(name);
    if (value.empty()) {
      if (further.empty()) lines = Unwrapped(spi, source);
      const TableColumns table = ReadColumns(spi, lines.relation);
      const auto column = table.Find(name);
      if (!column) FailUnknown(lines, name, missing);
      const std::string alias = "by_" + std::to_string(values.size());
      further += ", " + QuoteIdentifier(table.columns[*column].name) + " AS " + alias;
      value = "line." + alias;
    }
    values.push_back(AsText(value));
  }
  std::string series = "NULL::pg_catalog.text";
  if (values.size() == 1) series = values.front();
  if (values.size() > 1) {
    series.clear();
    for (const std::string& value : values) series += (series.empty() ? "ARRAY[" : ", ") + value;
    series = AsText(series + "]");
  }
  return "SELECT line.*, " + series + " AS series FROM (" + lines.Select(further) + ") AS line" + joins.sql();
}

std::vector<std::optional<std::string>> SplitSeriesName(const std::optional<std::string>& name,
                                                        std::size_t names) {
  if (names == 0) return {};
  if (names == 1) return {name};
  // A context of its own, so that a call with many series does not gather their arrays.
  const MemoryContext scratch = Call([] {
    return AllocSetContextCreate(CurrentMemoryContext, "ecomm_analytics series name", ALLOCSET_SMALL_SIZES);
  });
  struct Elements {
    Datum* values;
    bool* nulls;
    int count;
  };
  const Elements elements = Call([scratch, characters = name->c_str()] {
    const MemoryContext caller = MemoryContextSwitchTo(scratch);
    const Datum array = OidFunctionCall3(F_ARRAY_IN, CStringGetDatum(characters), ObjectIdGetDatum(TEXTOID),
                                         Int32GetDatum(-1));
    Elements e{};
    deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &e.values, &e.nulls,
                      &e.count);
    MemoryContextSwitchTo(caller);
    return e;
  });
  std::vector<std::optional<std::string>> parts;
  for (int i = 0; i < elements.count; ++i) {
    // Elements of an array just read are neither compressed nor elsewhere: TextValue makes no copy.
    parts.push_back(elements.nulls[i] ? std::nullopt : std::optional(TextValue(elements.values[i])));
  }
  Call([=] { MemoryContextDelete(scratch); });
  return parts;
}

}  // namespace ecomm::pg
