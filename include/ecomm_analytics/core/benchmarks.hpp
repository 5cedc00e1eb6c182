// The simplest forecasts, which every other has to beat (Hyndman & Athanasopoulos 2021, Forecasting:
// principles and practice, 5.2 and 5.5).
//
// Points and intervals are those of R's forecast. Where the series leaves no errors to judge by (one
// observation; for the drift, two; for the seasonal naive, one period), sigma2 is 0 and the intervals have
// width 0, as they have for a constant series. All need 16 bytes per observation and throw what
// RequireForecastOptions() and RequireForecastSeries() do.
#pragma once

#include <span>

#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

// The mean of the series, with Student's t intervals; every fitted value is that mean.
Forecast ForecastMean(std::span<const double> y, const ForecastOptions& options = {});

// The last observation.
Forecast ForecastNaive(std::span<const double> y, const ForecastOptions& options = {});

// The last observation of the same season. `period` is in observations. Throws Error(kInvalidArgument) for a
// period < 1; Error(kUnusableData) for less than one period.
Forecast ForecastSeasonalNaive(std::span<const double> y, int period, const ForecastOptions& options = {});

// The line through the first and the last observation; the intervals know that its slope is an estimate.
Forecast ForecastDrift(std::span<const double> y, const ForecastOptions& options = {});

}  // namespace ecomm::core
