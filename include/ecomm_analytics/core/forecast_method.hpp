// The ways of forecasting by their names, and what a forecast of sales needs around them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

enum class Forecaster {
  kMean,
  kNaive,
  kSeasonalNaive,
  kDrift,
  kTheta,
  kEts,
  kAuto,  // the mean of Theta's and ETS's forecasts and bounds
};

// From 'mean', 'naive', 'seasonal_naive', 'drift', 'theta', 'ets' or 'auto'; anything else throws
// Error(kInvalidArgument) that names these.
Forecaster ParseForecaster(std::string_view text);
std::string_view Name(Forecaster method) noexcept;

// `period`: observations in a season, 1 for none; a method that cannot use it does without. Throws what the
// method throws.
Forecast ForecastBy(Forecaster method, std::span<const double> y, int period, const ForecastOptions& options);

struct StatedForecast {
  Forecast forecast;
  std::string status;  // 'ok', or what became of it instead and why
};

// A forecast whatever the series: where the method cannot take it, that of the naive method, and the status
// says so. Forecasts and bounds of a series without negative values are not negative. Throws only for options
// out of range, an empty series and values that are not finite.
StatedForecast ForecastSales(Forecaster method, std::span<const double> y, int period,
                             const ForecastOptions& options);

}  // namespace ecomm::core
