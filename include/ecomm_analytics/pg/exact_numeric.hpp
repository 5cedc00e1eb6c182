// Floats as the decimals people meant.
#pragma once

#include "ecomm_analytics/pg/prelude.hpp"

extern "C" {
#include "common/shortest_dec.h"
}

namespace ecomm::pg {

// The shortest decimal that reads back as `value`, whatever extra_float_digits says: 19.99, not
// 19.989999999999998. NaN and infinities give NaN. No C++ object lives in it, so it needs no Call around it.
inline Datum ExactNumeric(double value) {
  // Whole cents, nearly all of money: below 10^13 the nearest double tells each of them apart, so a value
  // equal to k / 100 has that as its shortest decimal.
  constexpr double kExactBelow = 1e13;
  const double cents = std::nearbyint(value * 100.0);
  if (cents / 100.0 == value && std::fabs(value) < kExactBelow) {
    return NumericGetDatum(NumericFromScaledInt64(static_cast<int64>(cents), 2));
  }
  char digits[DOUBLE_SHORTEST_DECIMAL_LEN];
  double_to_shortest_decimal_buf(std::isfinite(value) ? value : std::nan(""), digits);
  return DirectFunctionCall3(numeric_in, CStringGetDatum(digits), ObjectIdGetDatum(InvalidOid),
                             Int32GetDatum(-1));
}

inline Datum ExactNumeric(float value) {
  char digits[FLOAT_SHORTEST_DECIMAL_LEN];
  float_to_shortest_decimal_buf(std::isfinite(value) ? value : std::nanf(""), digits);
  return DirectFunctionCall3(numeric_in, CStringGetDatum(digits), ObjectIdGetDatum(InvalidOid),
                             Int32GetDatum(-1));
}

}  // namespace ecomm::pg
