#include "ecomm_analytics/core/forecast_method.hpp"

#include "ecomm_analytics/core/benchmarks.hpp"
#include "ecomm_analytics/core/combine_forecasts.hpp"
#include "ecomm_analytics/core/ets_forecast.hpp"

namespace ecomm::core {
namespace {

int FirstOf(std::span<const int> periods) { return periods.empty() ? 1 : periods.front(); }

Forecast Theta(ThetaModel model, std::span<const double> y, int period, const ForecastOptions& options) {
  return ForecastTheta(y, {.model = model, .period = period}, options).forecast;
}

Forecast Ets(const EtsForm& form, std::span<const double> y, int period, const ForecastOptions& options) {
  EtsOptions ets;
  ets.form = form;
  ets.period = period;
  return ForecastEts(FitEts(y, ets), options);
}

Forecast Combined(std::span<const MethodSpec> parts, Combination combination, std::span<const double> y,
                  std::span<const int> periods, const ForecastOptions& options) {
  std::vector<Forecast> forecasts;
  for (const MethodSpec& part : parts) forecasts.push_back(ForecastBy(part, y, periods, options));
  return CombineForecasts(y, forecasts, combination);
}

}  // namespace

Forecast ForecastBy(const MethodSpec& method, std::span<const double> y, std::span<const int> periods,
                    const ForecastOptions& options) {
  const int period = FirstOf(periods);
  switch (method.kind) {
    case Forecaster::kMean:
      return ForecastMean(y, options);
    case Forecaster::kNaive:
      return ForecastNaive(y, options);
    case Forecaster::kSeasonalNaive:
      return ForecastSeasonalNaive(y, period, options);
    case Forecaster::kDrift:
      return ForecastDrift(y, options);
    case Forecaster::kTheta:
      return Theta(method.theta, y, period, options);
    case Forecaster::kEts:
      return Ets(method.ets, y, period, options);
    case Forecaster::kIntermittent:
      return ForecastIntermittent(y, method.intermittent, {}, options);
    case Forecaster::kCombine:
      return Combined(method.parts, Combination::kMean, y, periods, options);
    case Forecaster::kMedian:
      return Combined(method.parts, Combination::kMedian, y, periods, options);
    case Forecaster::kAuto: {
      const std::vector<MethodSpec> parts = {{.kind = Forecaster::kTheta}, {.kind = Forecaster::kEts}};
      return Combined(parts, Combination::kMean, y, periods, options);
    }
  }
  return {};
}

}  // namespace ecomm::core
