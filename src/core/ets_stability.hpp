// Where exponential smoothing forgets its past.
#pragma once

#include "ecomm_analytics/core/ets.hpp"

namespace ecomm::core {

// Whether the influence of observations dies out with their age (the book, chapter 10), for parameters in
// alpha, beta, gamma > 0, beta <= alpha <= 1, gamma <= 1 - alpha, 0 < phi <= 1. Only a trend with a season
// can fail there. `scratch`: period + 2 values, overwritten. Exact for periods up to 100, nearly so above.
bool IsForecastable(const EtsForm& form, int period, const EtsParameters& parameters,
                    std::span<double> scratch);

}  // namespace ecomm::core
