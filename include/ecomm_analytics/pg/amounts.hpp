// Amounts and quantities of sale lines, read from the types they come in.
#pragma once

#include "ecomm_analytics/core/decimal.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/prelude.hpp"

namespace ecomm::pg {

// smallint, integer, bigint or numeric.
inline void ReadAmount(Datum value, Oid type, core::Amount& amount) {
  constexpr core::Int128 kUnit = 10'000'000'000'000'000;
  switch (type) {
    case INT2OID:
      amount = {.value = kUnit * DatumGetInt16(value)};
      break;
    case INT4OID:
      amount = {.value = kUnit * DatumGetInt32(value)};
      break;
    case INT8OID:
      amount = {.value = kUnit * DatumGetInt64(value)};
      break;
    default: {
      const std::string_view payload = PayloadOf(value);
      core::DecodeNumeric(payload.data(), payload.size(), amount);
    }
  }
}

inline core::Amount ReadAmount(Datum value, Oid type) {
  core::Amount amount;
  ReadAmount(value, type, amount);
  return amount;
}

}  // namespace ecomm::pg
