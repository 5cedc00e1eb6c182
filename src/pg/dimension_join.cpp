#include "ecomm_analytics/pg/dimension_join.hpp"

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

// Whether values of the types compare as they are. (As text 1 and 1.0 differ, but so would they in a key of
// the user's.)
bool IsComparable(Oid a, Oid b) {
  return (IsInteger(a) && IsInteger(b)) || (a == b && (a == UUIDOID || a == NUMERICOID));
}

// What a line's dimensions say, joined on as each is first asked for.
class Joins {
 public:
  Joins(Spi& spi, const Source& source) : spi_(spi), source_(source) {}

  // The SQL of an attribute, empty where `name` is none.
  std::string Attribute(const std::string& name) {
    if (name == "product") return "line.product_id";
    if (name == "category") return OfProduct(Role::kProductCategory, name);
    if (name == "city") return OfCustomer(Role::kCustomerCity, name);
    if (name == "state") return State();
    if (name == "region") return Region();
    if (name == "segment") return Segment();
    return {};
  }
  const std::string& sql() const { return sql_; }

 private:
  // The expression of a role; empty where there is none.
  std::string Expression(Role role) {
    if (!roles_) roles_ = DimensionRoles(spi_, source_);
    for (const SourceRole& found : *roles_) {
      if (found.role != role) continue;
      relation_ = found.relation;
      return found.expression;
    }
    return {};
  }

  std::string Required(Role role, const std::string& name) {
    std::string expression = Expression(role);
    if (!expression.empty()) return expression;
    throw core::Error(core::ErrorCode::kInvalidArgument, "sales cannot be told apart by " + name,
                      "No column plays the role " + std::string(core::Name(role)) + ".",
                      "Bind the tables with ecomm_bind, or group by a column of the sale table.");
  }

  // One value a key, so that a line stays one row; the least of them, so that it is always the same.
  std::string Join(const std::string& alias, const std::string& key, const std::string& value,
                   const std::string& foreign, Oid foreign_type) {
    if (joined_.insert(alias).second) {
      const Oid type = spi_.Query("SELECT " + key + " FROM " + relation_ + " LIMIT 0").TypeOf(0);
      const bool comparable = IsComparable(type, foreign_type);
      sql_ += " LEFT JOIN (SELECT " + (comparable ? key : AsText(key)) + " AS key, pg_catalog.min(" +
              AsText(value) + ") AS value FROM " + relation_ + " WHERE " + key +
              " IS NOT NULL GROUP BY 1) AS " + alias + " ON " + alias +
              ".key = " + (comparable ? foreign : AsText(foreign));
    }
    return alias + ".value";
  }

  std::string OfProduct(Role role, const std::string& name) {
    const std::string key = Required(Role::kProductKey, name);
    return Join(name, key, Required(role, name), "line.product_id", source_.product_type);
  }

  std::string OfCustomer(Role role, const std::string& name) {
    const std::string key = Required(Role::kCustomerKey, name);
    return Join("customer_" + name, key, Required(role, name), "line.customer_id", source_.customer_type);
  }

  // As the state table spells it, where there is one that knows the spelling.
  std::string State() {
    const std::string written = OfCustomer(Role::kCustomerState, "state");
    const std::string spelling = Expression(Role::kStateSpelling);
    std::string code = Expression(Role::kStateCode);
    if (code.empty()) code = Expression(Role::kStateName);
    if (spelling.empty() || code.empty()) return written;
    return "COALESCE(" + Join("state", spelling, code, written, TEXTOID) + ", " + written + ")";
  }

  std::string Region() {
    const std::string written = OfCustomer(Role::kCustomerState, "state");
    const std::string spelling = Required(Role::kStateSpelling, "region");
    return Join("region", spelling, Required(Role::kStateRegion, "region"), written, TEXTOID);
  }

  std::string Segment() {
    if (joined_.insert("segment").second) {
      const Rows schema = spi_.Query(
          "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace"
          " WHERE extname = 'ecomm_analytics'");
      const Oid type = source_.customer_type;
      const bool comparable = IsComparable(type, type);
      sql_ += " LEFT JOIN " + *schema.Text(0, 0) +
              ".rfm_segments_keyed(NULL::" + (comparable ? TypeName(type) : "pg_catalog.text") + ", " +
              QuoteLiteral(source_.relation_name) + "::pg_catalog.regclass) AS segment ON " +
              (comparable ? "segment.customer_id = line.customer_id"
                          : AsText("segment.customer_id") + " = " + AsText("line.customer_id"));
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

std::string ColumnOfSale(const Source& source, const std::string& name, const TableColumns& table) {
  const auto column = table.Find(name);
  if (!column) {
    throw SqlError(ERRCODE_UNDEFINED_COLUMN,
                   "no dimension or column " + QuoteIdentifier(name) + " to tell sales apart by",
                   source.relation_name + " has no column of this name.",
                   "Name product, category, state, region, city, segment, or a column of the sale table.");
  }
  return QuoteIdentifier(table.columns[*column].name);
}

}  // namespace

std::vector<std::string> ParseNames(const std::string& text) {
  std::string list = text;
  if (list.size() >= 2 && list.front() == '{' && list.back() == '}') list = list.substr(1, list.size() - 2);
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    std::string name = list.substr(begin, end - begin);
    name.erase(0, name.find_first_not_of(" \""));
    name.erase(name.find_last_not_of(" \"") + 1);
    if (!name.empty()) names.push_back(name);
    begin = end + 1;
  }
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
    std::string value = joins.Attribute(name);
    if (value.empty()) {
      if (further.empty()) lines = Unwrapped(spi, source);
      const TableColumns table = ReadColumns(spi, lines.relation);
      const std::string alias = "by_" + std::to_string(values.size());
      further += ", " + ColumnOfSale(lines, name, table) + " AS " + alias;
      value = "line." + alias;
    }
    values.push_back("(" + value + ")::pg_catalog.text");
  }
  std::string series = "NULL::pg_catalog.text";
  if (values.size() == 1) series = values.front();
  if (values.size() > 1) {
    series = "ARRAY[";
    for (std::size_t i = 0; i < values.size(); ++i) series += (i == 0 ? "" : ", ") + values[i];
    series += "]::pg_catalog.text";
  }
  return "SELECT line.*, " + series + " AS series FROM (" + lines.Select(further) + ") AS line" + joins.sql();
}

std::vector<std::optional<std::string>> SplitSeriesName(const std::optional<std::string>& name,
                                                        std::size_t names) {
  if (names == 0) return {};
  if (names == 1) return {name};
  const char* characters = name->c_str();
  struct Elements {
    Datum* values;
    bool* nulls;
    int count;
  };
  const Elements elements = Call([=] {
    const Datum array = OidFunctionCall3(F_ARRAY_IN, CStringGetDatum(characters), ObjectIdGetDatum(TEXTOID),
                                         Int32GetDatum(-1));
    Elements e{};
    deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &e.values, &e.nulls,
                      &e.count);
    return e;
  });
  std::vector<std::optional<std::string>> parts;
  for (int i = 0; i < elements.count; ++i) {
    if (elements.nulls[i]) {
      parts.emplace_back();
    } else {
      parts.emplace_back(TextValue(elements.values[i]));
    }
  }
  return parts;
}

}  // namespace ecomm::pg
