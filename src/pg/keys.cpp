#include "ecomm_analytics/pg/keys.hpp"

#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

extern "C" {
#include "utils/uuid.h"
}

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

core::Key ReadKey(Datum value, Oid type) {
  switch (type) {
    case INT2OID:
      return {.number = DatumGetInt16(value), .bytes = {}};
    case INT4OID:
      return {.number = DatumGetInt32(value), .bytes = {}};
    case INT8OID:
      return {.number = DatumGetInt64(value), .bytes = {}};
    case UUIDOID:
      return {.number = 0, .bytes = {DatumGetPointer(value), UUID_LEN}};
    default:
      return {.number = 0, .bytes = PayloadOf(value)};
  }
}

Oid RequireKeyType(Oid type) {
  switch (type) {
    case INT2OID:
    case INT4OID:
    case INT8OID:
    case UUIDOID:
    case TEXTOID:
      return type;
    default:
      throw SqlError(ERRCODE_DATATYPE_MISMATCH, "keys must be smallint, integer, bigint, uuid or text");
  }
}

bool IsTellable(Oid type, Oid collation) {
  if (IsInteger(type) || type == UUIDOID) return true;
  return type == TEXTOID &&
         (!OidIsValid(collation) || Call([=] { return get_collation_isdeterministic(collation); }));
}

std::string TellableExpression(const std::string& column, Oid type) {
  if (IsInteger(type) || type == UUIDOID || type == TEXTOID) return column;
  if (type == NUMERICOID) return "pg_catalog.trim_scale(" + column + ")::pg_catalog.text";
  if (type == FLOAT4OID || type == FLOAT8OID) {
    return "pg_catalog.trim_scale(ecomm._exact_numeric(" + column + "))::pg_catalog.text";
  }
  return column + "::pg_catalog.text";
}

core::KeyKind KeyKindOf(Oid type) { return IsInteger(type) ? core::KeyKind::kNumber : core::KeyKind::kBytes; }

}  // namespace ecomm::pg
