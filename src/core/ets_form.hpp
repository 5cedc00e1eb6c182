// What the parts of exponential smoothing ask about a form.
#pragma once

#include "ecomm_analytics/core/ets.hpp"

namespace ecomm::core {

inline bool HasTrend(const EtsForm& form) { return form.trend != EtsPart::kNone; }
inline bool HasSeason(const EtsForm& form) { return form.season != EtsPart::kNone; }

// Needs a positive series.
inline bool IsMultiplicative(const EtsForm& form) { return form.error == EtsPart::kMultiplicative; }

// Not one of the forms ParseEtsForm refuses; an automatic part can still become a stable one.
bool IsStable(const EtsForm& form) noexcept;
void RequireStable(const EtsForm& form);

// Initial states: level, trend, one per season.
inline std::size_t StateCount(const EtsForm& form, int period) {
  return 1 + (HasTrend(form) ? 1 : 0) + (HasSeason(form) ? static_cast<std::size_t>(period) : 0);
}

}  // namespace ecomm::core
