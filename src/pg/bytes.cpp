#include "ecomm_analytics/pg/bytes.hpp"

#include <algorithm>

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {

Datum ByteaFrom(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (size > kMaxBytea) {
    throw SqlError(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "intermediate state is larger than 1 GB",
                   "Its size is " + std::to_string(size) + " bytes.", "Lower ecomm_analytics.memory_limit.");
  }
  auto* value = Call([=] { return static_cast<bytea*>(palloc(size + VARHDRSZ)); });
  SET_VARSIZE(value, size + VARHDRSZ);
  char* end = VARDATA(value);
  for (const std::string_view piece : pieces) end = std::copy(piece.begin(), piece.end(), end);
  return PointerGetDatum(value);
}

std::string_view PayloadOf(Datum value) {
  auto* varlena = reinterpret_cast<struct varlena*>(DatumGetPointer(value));
  if (VARATT_IS_EXTERNAL(varlena) || VARATT_IS_COMPRESSED(varlena)) {
    varlena = Call([=] { return pg_detoast_datum_packed(varlena); });
  }
  return {VARDATA_ANY(varlena), VARSIZE_ANY_EXHDR(varlena)};
}

}  // namespace ecomm::pg
