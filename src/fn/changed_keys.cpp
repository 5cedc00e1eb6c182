// ecomm._changed_customers, ecomm._changed_invoices, ecomm._changed_unknown_days, ecomm._changed_amounts:
// whom logs of lines speak of, and what of customers' totals.

#include "ecomm_analytics/core/changed_keys.hpp"

#include <algorithm>
#include <limits>

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/keys.hpp"
#include "ecomm_analytics/pg/log_arguments.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"
#include "ecomm_analytics/pg/srf.hpp"

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

// Keys of such a kind as datums of the type asked for.
class KeyDatums {
 public:
  KeyDatums(core::KeyKind kind, Oid type) : type_(type) {
    if (pg::KeyKindOf(type) != kind) Refuse();
  }
  Datum Of(const core::Key& key) const {
    if (!CanBe(key, type_)) Refuse();
    return pg::AnyKeyDatum(key, type_);
  }

 private:
  [[noreturn]] static void Refuse() {
    throw pg::SqlError(ERRCODE_DATATYPE_MISMATCH, "the logs have keys of another type than asked for");
  }
  Oid type_;
};

// (logs bytea[], key anyelement) -> anyarray
Datum Changed(FunctionCallInfo fcinfo, core::KeyRole role) {
  const Oid type = get_fn_expr_argtype(fcinfo->flinfo, 1);
  const std::vector<std::string_view> logs = pg::LogArguments(pg::Arguments(fcinfo), 0);
  std::vector<Datum> values;
  const std::vector<core::Key> keys = core::DistinctKeys(logs, role);
  if (!keys.empty()) {
    const core::LogShape shape = core::ShapeOfLog(logs[0]);
    const KeyDatums datums(role == core::KeyRole::kCustomer ? shape.customer_kind : shape.order_kind, type);
    values.reserve(keys.size());
    for (const core::Key& key : keys) values.push_back(datums.Of(key));
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

// (inserted bytea[], deleted bytea[], key anyelement) -> (customer_id anyelement, amount numeric)
ECOMM_FUNCTION(ecomm_changed_amounts) {
  return pg::Entry([&] {
    pg::RowSink sink(fcinfo);
    const pg::Arguments arguments(fcinfo);
    const std::vector<std::string_view> inserted = pg::LogArguments(arguments, 0);
    const std::vector<std::string_view> deleted = pg::LogArguments(arguments, 1);
    const std::vector<core::AmountChange> changes = core::AmountChanges(inserted, deleted);
    if (changes.empty()) return sink.Done();
    int display_scale = 0;
    for (const auto* logs : {&inserted, &deleted}) {
      for (const std::string_view log : *logs) {
        display_scale = std::max<int>(display_scale, core::LineReader(log).amount_scale());
      }
    }
    display_scale = std::min(display_scale, core::kAmountScale);
    const KeyDatums customers(core::ShapeOfLog((inserted.empty() ? deleted : inserted)[0]).customer_kind,
                              sink.TypeOf(0));
    for (const core::AmountChange& change : changes) {
      sink.Value(customers.Of(change.customer))
          .Numeric(change.amount, core::kAmountScale, display_scale)
          .EndRow();
    }
    return sink.Done();
  });
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
