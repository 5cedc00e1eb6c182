// A float8[] argument read in place, for functions that are called once per row of a scan.
#pragma once

#include "ecomm_analytics/pg/guard.hpp"

namespace ecomm::pg {

struct Float8Elements {
  std::size_t count = 0;           // elements in all dimensions, NULLs included
  bool has_null = false;           // then there are no values
  std::span<const double> values;  // in storage order; lives as long as the argument
};

inline Float8Elements ViewFloat8Array(Datum argument) {
  auto* array = reinterpret_cast<ArrayType*>(DatumGetPointer(argument));
  if (VARATT_IS_EXTENDED(array)) array = Call([=] { return DatumGetArrayTypeP(argument); });
  Float8Elements elements;
  elements.count = ARR_NDIM(array) > 0 ? 1 : 0;
  for (int i = 0; i < ARR_NDIM(array); ++i) elements.count *= static_cast<std::size_t>(ARR_DIMS(array)[i]);
  elements.has_null = ARR_HASNULL(array) && array_contains_nulls(array);
  if (!elements.has_null) {
    elements.values = {reinterpret_cast<const double*>(ARR_DATA_PTR(array)), elements.count};
  }
  return elements;
}

}  // namespace ecomm::pg
