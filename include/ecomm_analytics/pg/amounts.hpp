// Amounts and quantities of sale lines, read from the types they come in.
#pragma once

#include "ecomm_analytics/core/decimal.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// smallint, integer, bigint or numeric.
inline core::Amount ReadAmount(Datum value, Oid type) {
  constexpr core::Int128 kUnit = 10'000'000'000'000'000;
  switch (type) {
    case INT2OID:
      return {.value = kUnit * DatumGetInt16(value)};
    case INT4OID:
      return {.value = kUnit * DatumGetInt32(value)};
    case INT8OID:
      return {.value = kUnit * DatumGetInt64(value)};
    default: {
      const std::string_view payload = PayloadOf(value);
      return core::DecodeNumeric(payload.data(), payload.size());
    }
  }
}

}  // namespace ecomm::pg
