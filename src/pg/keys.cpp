#include "ecomm_analytics/pg/keys.hpp"

#include <cstring>

#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/exact_numeric.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

extern "C" {
#include "utils/uuid.h"
}

namespace ecomm::pg {

bool IsInteger(Oid type) { return type == INT2OID || type == INT4OID || type == INT8OID; }

std::string KeyExpression(const std::string& column, Oid have, Oid want, const char* keyed_function) {
  if (have == want || (IsInteger(have) && want == INT8OID)) return column;
  if (have == INT2OID && want == INT4OID) return column + "::pg_catalog.int4";
  if (have == NUMERICOID && want == INT8OID) return "ecomm._bigint_key(" + column + ")";
  // The server's cast to numeric keeps 6 or 15 digits only, and would merge customers.
  if ((have == FLOAT4OID || have == FLOAT8OID) && want == INT8OID) {
    return "ecomm._bigint_key(ecomm._exact_numeric(" + column + "))";
  }
  if (want == TEXTOID) return TextKeyExpression(column, have);
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

Datum KeyDatum(const core::Key& key, Oid type, std::vector<std::uint64_t>& buffer) {
  switch (type) {
    case INT2OID:
      return Int16GetDatum(static_cast<std::int16_t>(key.number));
    case INT4OID:
      return Int32GetDatum(static_cast<std::int32_t>(key.number));
    case INT8OID:
      return Int64GetDatum(key.number);
    case UUIDOID:
      return PointerGetDatum(key.bytes.data());
    default: {
      const std::size_t size = VARHDRSZ + key.bytes.size();
      buffer.resize(size / sizeof(std::uint64_t) + 1);
      auto* varlena = reinterpret_cast<struct varlena*>(buffer.data());
      SET_VARSIZE(varlena, size);
      if (!key.bytes.empty()) std::memcpy(VARDATA(varlena), key.bytes.data(), key.bytes.size());
      return PointerGetDatum(varlena);
    }
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

core::Key ReadAnyKey(Datum value, Oid type) {
  switch (type) {
    case INT2OID:
    case INT4OID:
    case INT8OID:
    case UUIDOID:
    case TEXTOID:
      return ReadKey(value, type);
    default:
      return {.number = 0, .bytes = Call([=] {
                             // Equal numbers have equal digits only without trailing zeros, and floats only
                             // as exact decimals.
                             Datum number = value;
                             if (type == FLOAT4OID) number = ExactNumeric(DatumGetFloat4(value));
                             if (type == FLOAT8OID) number = ExactNumeric(DatumGetFloat8(value));
                             if (type == NUMERICOID || type == FLOAT4OID || type == FLOAT8OID) {
                               return std::string_view(DatumGetCString(DirectFunctionCall1(
                                   numeric_out, DirectFunctionCall1(numeric_trim_scale, number))));
                             }
                             Oid output;
                             bool is_varlena;
                             getTypeOutputInfo(type, &output, &is_varlena);
                             return std::string_view(OidOutputFunctionCall(output, value));
                           })};
  }
}

Datum AnyKeyDatum(const core::Key& key, Oid type) {
  std::vector<std::uint64_t> buffer;
  switch (type) {
    case INT2OID:
    case INT4OID:
    case INT8OID:
      return KeyDatum(key, type, buffer);
    default:
      return Call([bytes = key.bytes, type] {
        if (type == UUIDOID) {
          auto* copy = static_cast<char*>(palloc(UUID_LEN));
          std::copy_n(bytes.data(), std::min<std::size_t>(bytes.size(), UUID_LEN), copy);
          return PointerGetDatum(copy);
        }
        const auto length = static_cast<int>(bytes.size());
        if (type == TEXTOID) return PointerGetDatum(cstring_to_text_with_len(bytes.data(), length));
        Oid input;
        Oid parameter;
        getTypeInputInfo(type, &input, &parameter);
        return OidInputFunctionCall(input, pnstrdup(bytes.data(), length), parameter, -1);
      });
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

Oid TellableType(Oid type) { return IsInteger(type) || type == UUIDOID ? type : TEXTOID; }

std::string TextKeyExpression(const std::string& column, Oid type) {
  if (IsInteger(type) || type == UUIDOID) return column + "::pg_catalog.text";
  return TellableExpression(column, type);
}

core::KeyKind KeyKindOf(Oid type) { return IsInteger(type) ? core::KeyKind::kNumber : core::KeyKind::kBytes; }

}  // namespace ecomm::pg
