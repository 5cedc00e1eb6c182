// Prediction intervals of a fitted model, by the way they are found.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ecomm_analytics/core/forecast_model.hpp"
#include "ecomm_analytics/core/interval_calibration.hpp"

namespace ecomm::core {

enum class Intervals {
  kCalibrated,  // the model's, corrected by what it would have missed earlier (interval_calibration.hpp)
  kModel,       // as the model has them, taking its form and parameters for certain
  kConformal,   // from what it would have missed earlier alone
  kSimulated,   // quantiles of paths with errors drawn from the residuals; of ETS
};

// From 'calibrated', 'model', 'conformal' or 'simulated'; anything else throws Error(kInvalidArgument).
Intervals ParseIntervals(std::string_view text);
std::string_view Name(Intervals intervals) noexcept;

// Parameters and initial states that were estimated; of a combination, the mean of its members.
int EstimatedParameters(const ForecastModel& model);

// `model` was fitted to `y`. What it would have missed earlier is what its Rerun() up to earlier origins
// missed. Throws as PredictFrom(); Error(kInvalidArgument) for simulated intervals of other models than ETS.
Forecast PredictWith(const ForecastModel& model, std::span<const double> y, const ForecastOptions& options,
                     Intervals intervals, std::uint64_t seed = 1);

// What PredictWith() makes of the model's intervals where they are calibrated for that many steps.
IntervalCorrection CorrectionOf(const ForecastModel& model, std::span<const double> y, int horizon);

}  // namespace ecomm::core
