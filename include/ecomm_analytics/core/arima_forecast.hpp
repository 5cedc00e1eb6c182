// Forecasts from an ARIMA model (arima.hpp).
#pragma once

#include <cstdint>

#include "ecomm_analytics/core/arima.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// Points and normal intervals as R's forecast gives them: the variance is that of the filter, without the
// uncertainty of the coefficients. `regressors` has a row per step ahead, and the model's columns. Throws
// Error(kInvalidArgument) for a horizon, level or regressors that do not fit, and a model whose state does
// not fit its order; Error(kUnusableData) for regressors that are not finite; Error(kNumericRange) where
// forecasts leave the representable numbers; Error(kMemoryLimit).
Forecast ForecastArima(const ArimaModel& model, const MatrixView& regressors,
                       const ForecastOptions& options = {});
Forecast ForecastArima(const ArimaModel& model, const ForecastOptions& options = {});

struct ArimaSimulation {
  int paths = 5000;
  std::uint64_t seed = 1;
};

// Futures that the model holds possible: a row per path, a column per step. Throws as ForecastArima, and
// Error(kInvalidArgument) for a number of paths outside 1 to 1,000,000.
Matrix SimulateArima(const ArimaModel& model, int horizon, const MatrixView& regressors,
                     const ArimaSimulation& simulation = {});

}  // namespace ecomm::core
