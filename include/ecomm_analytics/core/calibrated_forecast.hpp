// Forecasts whose intervals are corrected by what the method missed earlier in the series
// (interval_calibration.hpp).
#pragma once

#include <span>

#include "ecomm_analytics/core/ets.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/theta.hpp"

namespace ecomm::core {

// `model` was fitted to `y`. Earlier forecasts are those of the same form and parameters, run up to each
// origin: cheaper than fitting anew, and the prior makes up for what they know too much. Points, fitted values
// and all else are ForecastEts()'s, and so is what it throws.
Forecast ForecastCalibrated(const EtsModel& model, std::span<const double> y,
                            const ForecastOptions& options = {});

// Earlier forecasts are fitted anew at each origin. Otherwise as ForecastTheta().
Forecast ForecastCalibratedTheta(std::span<const double> y, const ThetaOptions& theta = {},
                                 const ForecastOptions& options = {});

}  // namespace ecomm::core
