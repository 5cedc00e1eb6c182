#include "ecomm_analytics/pg/arguments.hpp"

#include <limits>

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

namespace ecomm::pg {
namespace {

struct Elements {
  Datum* values;
  bool* nulls;
  int count;
};

Elements Deconstruct(Datum array, Oid type) {
  return Call([=] {
    Elements elements{};
    int16 length;
    bool by_value;
    char alignment;
    get_typlenbyvalalign(type, &length, &by_value, &alignment);
    deconstruct_array(DatumGetArrayTypeP(array), type, length, by_value, alignment, &elements.values,
                      &elements.nulls, &elements.count);
    return elements;
  });
}

}  // namespace

std::string TextValue(Datum value) {
  const text* characters = Call([=] { return DatumGetTextPP(value); });
  return {VARDATA_ANY(characters), VARSIZE_ANY_EXHDR(characters)};
}

Datum Float8ArrayFrom(std::span<const double> values) {
  return Call([=] {
    auto* elements = static_cast<Datum*>(palloc_extended(values.size() * sizeof(Datum) + 1, MCXT_ALLOC_HUGE));
    auto* nulls = static_cast<bool*>(palloc(values.size() + 1));
    for (std::size_t i = 0; i < values.size(); ++i) {
      elements[i] = Float8GetDatum(values[i]);
      nulls[i] = std::isnan(values[i]);
    }
    int size = static_cast<int>(values.size());
    int lower = 1;
    return PointerGetDatum(construct_md_array(elements, nulls, size == 0 ? 0 : 1, &size, &lower, FLOAT8OID,
                                              sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
  });
}

std::optional<std::vector<double>> Arguments::Float8Array(int i) const {
  if (IsNull(i)) return std::nullopt;
  const Elements elements = Deconstruct(Value(i), FLOAT8OID);
  std::vector<double> values(static_cast<std::size_t>(elements.count));
  for (int j = 0; j < elements.count; ++j) {
    values[j] =
        elements.nulls[j] ? std::numeric_limits<double>::quiet_NaN() : DatumGetFloat8(elements.values[j]);
  }
  return values;
}

std::optional<std::vector<std::string>> Arguments::TextArray(int i, const char* what) const {
  if (IsNull(i)) return std::nullopt;
  const Elements elements = Deconstruct(Value(i), TEXTOID);
  std::vector<std::string> values;
  values.reserve(static_cast<std::size_t>(elements.count));
  for (int j = 0; j < elements.count; ++j) {
    if (elements.nulls[j]) {
      throw SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED, std::string(what) + " must not contain NULL");
    }
    values.push_back(TextValue(elements.values[j]));
  }
  return values;
}

}  // namespace ecomm::pg
