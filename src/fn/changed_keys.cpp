// ecomm._changed_customers, ecomm._changed_invoices, ecomm._changed_unknown_days: whom logs of lines speak
// of.

#include "ecomm_analytics/core/changed_keys.hpp"

#include <limits>

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/log_arguments.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"

extern "C" {
#include "utils/uuid.h"
}

namespace ecomm::fn {
namespace {

Datum ArrayOf(std::span<const Datum> values, Oid type) {
  return pg::Call([=] {
    std::int16_t length;
    bool by_value;
    char alignment;
    get_typlenbyvalalign(type, &length, &by_value, &alignment);
    return PointerGetDatum(construct_array(const_cast<Datum*>(values.data()), static_cast<int>(values.size()),
                                           type, length, by_value, alignment));
  });
}

template <typename Integer>
bool Fits(std::int64_t number) {
  return number >= std::numeric_limits<Integer>::min() && number <= std::numeric_limits<Integer>::max();
}

// Whether a key out of a log can be one of the type.
bool CanBe(const core::Key& key, Oid type) {
  if (type == INT2OID) return Fits<std::int16_t>(key.number);
  if (type == INT4OID) return Fits<std::int32_t>(key.number);
  return type != UUIDOID || key.bytes.size() == UUID_LEN;
}

// (logs bytea[], key anyelement) -> anyarray
Datum Changed(FunctionCallInfo fcinfo, core::KeyRole role) {
  const Oid type = get_fn_expr_argtype(fcinfo->flinfo, 1);
  const std::vector<std::string_view> logs = pg::LogArguments(pg::Arguments(fcinfo), 0);
  const std::vector<core::Key> keys = core::DistinctKeys(logs, role);
  const auto kind_of = [role](const core::LogShape& shape) {
    return role == core::KeyRole::kCustomer ? shape.customer_kind : shape.order_kind;
  };
  bool fits = keys.empty() || pg::KeyKindOf(type) == kind_of(core::ShapeOfLog(logs[0]));
  std::vector<Datum> values;
  values.reserve(keys.size());
  for (const core::Key& key : keys) {
    fits = fits && CanBe(key, type);
    if (!fits) {
      throw pg::SqlError(ERRCODE_DATATYPE_MISMATCH, "the logs have keys of another type than asked for");
    }
    values.push_back(pg::AnyKeyDatum(key, type));
  }
  return ArrayOf(values, type);
}

}  // namespace

ECOMM_FUNCTION(ecomm_changed_customers) {
  return pg::Entry([&] { return Changed(fcinfo, core::KeyRole::kCustomer); });
}

ECOMM_FUNCTION(ecomm_changed_invoices) {
  return pg::Entry([&] { return Changed(fcinfo, core::KeyRole::kOrder); });
}

// (logs bytea[]) -> date[]
ECOMM_FUNCTION(ecomm_changed_unknown_days) {
  return pg::Entry([&] {
    std::vector<Datum> values;
    for (const core::Day day : core::UnknownDays(pg::LogArguments(pg::Arguments(fcinfo), 0))) {
      values.push_back(DateADTGetDatum(static_cast<DateADT>(day)));
    }
    return ArrayOf(values, DATEOID);
  });
}

}  // namespace ecomm::fn
