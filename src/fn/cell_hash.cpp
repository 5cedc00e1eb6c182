// ecomm._cell_hash: called for every changed cell of the summaries. No C++ object and no exception is in its
// way, so it goes without Entry and Call.
#include "ecomm_analytics/pg/guard.hpp"

extern "C" {
#include "common/hashfn.h"
#include "utils/date.h"
}

// (period date, level text, grain text, category text, product_id text, region text, state text) -> bigint
ECOMM_FUNCTION(ecomm_cell_hash) {
  std::uint64_t hash = static_cast<std::uint64_t>(PG_GETARG_DATEADT(0));
  for (int i = 1; i < PG_NARGS(); ++i) {
    const text* value = PG_GETARG_TEXT_PP(i);
    hash = hash_bytes_extended(reinterpret_cast<const unsigned char*>(VARDATA_ANY(value)),
                               static_cast<int>(VARSIZE_ANY_EXHDR(value)), hash);
  }
  return Int64GetDatum(static_cast<std::int64_t>(hash));
}
