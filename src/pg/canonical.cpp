#include "ecomm_analytics/pg/canonical.hpp"

#include "ecomm_analytics/pg/columns.hpp"
#include "ecomm_analytics/pg/guard.hpp"

namespace ecomm::pg {
namespace {

Oid BaseType(Oid type) {
  return Call([=] { return getBaseType(type); });
}

const char* QualifiedType(Oid type) {
  switch (type) {
    case INT2OID:
      return "pg_catalog.int2";
    case INT4OID:
      return "pg_catalog.int4";
    case INT8OID:
      return "pg_catalog.int8";
    case FLOAT4OID:
      return "pg_catalog.float4";
    case FLOAT8OID:
      return "pg_catalog.float8";
    case NUMERICOID:
      return "pg_catalog.numeric";
    case UUIDOID:
      return "pg_catalog.uuid";
    case TIMESTAMPOID:
      return "pg_catalog.timestamp";
    default:
      return "pg_catalog.text";
  }
}

std::string CastTo(const std::string& sql, Oid type) { return sql + "::" + QualifiedType(type); }

std::string NullIf(const std::string& sql, const char* marker, Oid type) {
  return "NULLIF(" + sql + ", '" + marker + "'::" + QualifiedType(type) + ')';
}

bool IsFloat(Oid type) { return type == FLOAT4OID || type == FLOAT8OID; }

}  // namespace

Canonical CanonicalTime(const Piece& piece) {
  if (piece.type == TIMESTAMPOID) return {piece.sql, TIMESTAMPOID, ""};
  return {CastTo(piece.sql, TIMESTAMPOID), TIMESTAMPOID,
          BaseType(piece.type) == TIMESTAMPTZOID ? "converted in the session's time zone" : ""};
}

Canonical CanonicalKey(const Piece& piece, bool unknown_markers) {
  if (!piece.present()) return {"NULL::pg_catalog.text", TEXTOID, ""};
  const bool is_text = TypeCategory(piece.type) == core::ColumnType::kText;
  const Oid type = is_text ? TEXTOID : BaseType(piece.type);
  const std::string sql = piece.type == type ? piece.sql : CastTo(piece.sql, type);
  if (!unknown_markers || type == UUIDOID) return {sql, type, ""};
  if (is_text) return {NullIf(NullIf(sql, "", type), "-1", type), type, "'' and '-1' are unknown"};
  const std::string known = NullIf(sql, "-1", type);
  if (type == NUMERICOID || IsFloat(type))
    return {NullIf(known, "NaN", type), type, "-1 and NaN are unknown"};
  return {known, type, "-1 is unknown"};
}

Canonical CanonicalNumber(const Piece& piece, bool keep_integers) {
  if (!piece.present()) return {"NULL::pg_catalog.numeric", NUMERICOID, ""};
  const Oid base = BaseType(piece.type);
  if (IsFloat(base)) {
    return {"ecomm._exact_numeric(" + CastTo(piece.sql, base) + ')', NUMERICOID,
            "converted to the shortest exact decimal"};
  }
  const bool is_integer = base == INT2OID || base == INT4OID || base == INT8OID;
  const Oid type = is_integer && keep_integers ? base : NUMERICOID;
  return {piece.type == type ? piece.sql : CastTo(piece.sql, type), type, ""};
}

}  // namespace ecomm::pg
