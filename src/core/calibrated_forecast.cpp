#include "ecomm_analytics/core/calibrated_forecast.hpp"

#include "ecomm_analytics/core/ets_forecast.hpp"
#include "ecomm_analytics/core/interval_calibration.hpp"

namespace ecomm::core {

Forecast ForecastCalibrated(const EtsModel& model, std::span<const double> y,
                            const ForecastOptions& options) {
  const auto past = [&](std::span<const double> known, const ForecastOptions& asked) {
    return ForecastEts(
        RunEts(known, model.form, model.period, model.parameters, model.initial, model.estimated), asked);
  };
  return CalibrateIntervals(ForecastEts(model, options), y, past, {.estimated = model.estimated});
}

Forecast ForecastCalibratedTheta(std::span<const double> y, const ThetaOptions& theta,
                                 const ForecastOptions& options) {
  const auto past = [&](std::span<const double> known, const ForecastOptions& asked) {
    return ForecastTheta(known, theta, asked).forecast;
  };
  ThetaForecast made = ForecastTheta(y, theta, options);
  return CalibrateIntervals(std::move(made.forecast), y, past, {.estimated = 3});
}

}  // namespace ecomm::core
