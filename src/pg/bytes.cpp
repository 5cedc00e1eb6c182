#include "ecomm_analytics/pg/bytes.hpp"

#include <cstring>

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {

Datum ByteaFrom(std::string_view bytes) {
  if (bytes.size() > MaxAllocSize - VARHDRSZ) {
    throw SqlError(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "intermediate state is larger than 1 GB",
                   "Its size is " + std::to_string(bytes.size()) + " bytes.",
                   "Lower ecomm_analytics.memory_limit.");
  }
  auto* value = Call([size = bytes.size()] { return static_cast<bytea*>(palloc(size + VARHDRSZ)); });
  SET_VARSIZE(value, bytes.size() + VARHDRSZ);
  if (!bytes.empty()) std::memcpy(VARDATA(value), bytes.data(), bytes.size());
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
