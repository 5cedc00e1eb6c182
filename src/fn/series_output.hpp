// What the functions over series write alike.
#pragma once

#include "ecomm_analytics/core/calendar.hpp"
#include "ecomm_analytics/pg/srf.hpp"

namespace ecomm::fn {

// NULL where series are not told apart.
inline void PutName(pg::RowSink& sink, std::span<const std::optional<std::string>> name) {
  if (name.empty()) {
    sink.Null();
  } else {
    sink.TextArray(name);
  }
}

// A period's first day.
inline void PutPeriod(pg::RowSink& sink, core::Grain grain, std::int64_t period) {
  sink.Value(DateADTGetDatum(static_cast<DateADT>(core::FirstDayOf(grain, period))));
}

}  // namespace ecomm::fn
