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
  return TextKeyExpression(sql, type);
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
                      Oid invoice_type, const std::string& from) {
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < kLineColumns.size(); ++i) {
    const std::string_view column = kLineColumns[i];
    std::string value = expressions[i];
    if (column == "customer_id") value = DashboardKey(value, customer_type);
    if (column == "invoice_no") value = TellableExpression(value, invoice_type);
    sql += i == 0 ? "" : ", ";
    sql += value == kLineColumns[i] ? value : value + " AS " + kLineColumns[i];
  }
  return sql + " FROM " + from;
}

std::string BoundLineQuery() {
  std::array<std::string, kLineColumns.size()> names;
  std::copy(kLineColumns.begin(), kLineColumns.end(), names.begin());
  const Source source = RequireBoundSource();
  return LineQuery(names, source.customer_type, source.invoice_type, "ecomm.sale_line");
}

Oid BoundCustomerType() { return DashboardKeyType(RequireBoundSource().customer_type); }

Oid BoundInvoiceType() { return TellableType(RequireBoundSource().invoice_type); }

}  // namespace ecomm::pg
