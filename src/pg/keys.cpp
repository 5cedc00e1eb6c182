#include "ecomm_analytics/pg/keys.hpp"

#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {

bool IsInteger(Oid type) { return type == INT2OID || type == INT4OID || type == INT8OID; }

std::string KeyExpression(const std::string& column, Oid have, Oid want, const char* keyed_function) {
  if (have == want || (IsInteger(have) && want == INT8OID)) return column;
  if (have == NUMERICOID && want == INT8OID) return "ecomm._bigint_key(" + column + ")";
  // The server's cast to numeric keeps 6 or 15 digits only, and would merge customers.
  if ((have == FLOAT4OID || have == FLOAT8OID) && want == INT8OID) {
    return "ecomm._bigint_key(ecomm._exact_numeric(" + column + "))";
  }
  if (want == TEXTOID) return column + "::pg_catalog.text";
  throw SqlError(ERRCODE_DATATYPE_MISMATCH, "keys are of type " + TypeName(have) + ", not " + TypeName(want),
                 {},
                 std::string("Use the form that takes a typed null: ") + keyed_function +
                     "(NULL::" + TypeName(have) + ", ...).");
}

Datum WidenKey(Datum key, Oid read, Oid want) {
  if (want != INT8OID) return key;
  if (read == INT2OID) return Int64GetDatum(DatumGetInt16(key));
  if (read == INT4OID) return Int64GetDatum(DatumGetInt32(key));
  return key;
}

}  // namespace ecomm::pg
