#include "ecomm_analytics/pg/line_query.hpp"

#include "ecomm_analytics/pg/binding.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/source.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

Source RequireBoundSource() {
  {
    Spi spi;
    const PinnedSettings pinned;
    if (!FindBoundView(spi) && !HasBinding(spi)) {
      throw SqlError(ERRCODE_UNDEFINED_TABLE, "no sale table is bound", {},
                     "Bind one: SELECT * FROM ecomm_bind('my_table').");
    }
  }
  return ResolveSource(InvalidOid);
}

std::string DashboardKey(const std::string& sql, Oid type) {
  const Oid wanted = DashboardKeyType(type);
  if (type == wanted) return sql;
  if (wanted == INT4OID) return sql + "::pg_catalog.int4";
  return type == UUIDOID ? sql + "::pg_catalog.text" : TellableExpression(sql, type);
}

}  // namespace

Oid DashboardKeyType(Oid customer_type) {
  switch (customer_type) {
    case INT2OID:
    case INT4OID:
      return INT4OID;
    case INT8OID:
      return INT8OID;
    default:
      return TEXTOID;
  }
}

std::string LineQuery(const std::array<std::string, kLineColumns.size()>& expressions, Oid customer_type,
                      const std::string& from) {
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < kLineColumns.size(); ++i) {
    const bool is_customer = std::string_view(kLineColumns[i]) == "customer_id";
    const std::string value = is_customer ? DashboardKey(expressions[i], customer_type) : expressions[i];
    sql += i == 0 ? "" : ", ";
    sql += value == kLineColumns[i] ? value : value + " AS " + kLineColumns[i];
  }
  return sql + " FROM " + from;
}

std::string BoundLineQuery() {
  std::array<std::string, kLineColumns.size()> names;
  std::copy(kLineColumns.begin(), kLineColumns.end(), names.begin());
  return LineQuery(names, RequireBoundSource().customer_type, "ecomm.sale_line");
}

Oid BoundCustomerType() { return DashboardKeyType(RequireBoundSource().customer_type); }

}  // namespace ecomm::pg
