// Forecasts from an exponential smoothing model (ets.hpp).
#pragma once

#include <cstdint>

#include "ecomm_analytics/core/ets.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

struct EtsSimulation {
  bool intervals = false;  // from simulated paths even where there is a formula
  bool bootstrap = false;  // errors drawn from the residuals, less their mean, instead of normal ones
  int paths = 5000;
  std::uint64_t seed = 1;
};

// Points and intervals as R's forecast gives them. Without a multiplicative trend: mean and variance of what
// the model says of the future, and normal intervals (Hyndman, Koehler, Ord & Snyder 2008, chapter 6, classes
// 1 to 3; two slips of forecast 8.20 are not followed: see ets_forecast.cpp). With one, or where asked: the
// forecast whose future errors are 0, with the quantiles of simulated paths (Hyndman & Fan 1996, type 8,
// doi:10.2307/2684934). The same model, options and seed give the same numbers. Time grows with the square of
// the horizon for multiplicative errors without season or with an additive one, else with the horizon. Throws
// Error(kInvalidArgument) for a horizon, level or number of paths (1 to 1,000,000) outside its range, and for
// bootstrap without residuals; Error(kNumericRange) where points leave the representable numbers;
// Error(kMemoryLimit): simulation needs 8 bytes per path and step.
Forecast ForecastEts(const EtsModel& model, const ForecastOptions& options = {},
                     const EtsSimulation& simulation = {});

// Futures that the model holds possible: a row per path, a column per step. Relative errors are cut off at
// -1, and values at the largest that can be represented. Throws as ForecastEts.
Matrix SimulateEts(const EtsModel& model, int horizon, const EtsSimulation& simulation = {});

}  // namespace ecomm::core
