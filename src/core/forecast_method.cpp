#include "ecomm_analytics/core/forecast_method.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "ecomm_analytics/core/benchmarks.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/ets_forecast.hpp"
#include "ecomm_analytics/core/theta.hpp"

namespace ecomm::core {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"mean", "naive", "seasonal_naive", "drift", "theta",
                                                    "ets",  "auto"};

// The mean of two forecasts of the series with the same options.
Forecast MeanOf(std::span<const double> y, const Forecast& a, const Forecast& b) {
  Forecast mean = a;
  const auto average = [](std::vector<double>& into, const std::vector<double>& other) {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = into[i] / 2 + other[i] / 2;
  };
  average(mean.mean, b.mean);
  for (std::size_t level = 0; level < mean.levels.size(); ++level) {
    average(mean.lower[level], b.lower[level]);
    average(mean.upper[level], b.upper[level]);
  }
  average(mean.fitted, b.fitted);
  double squares = 0;
  double count = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    mean.residuals[i] = y[i] - mean.fitted[i];
    if (std::isnan(mean.residuals[i])) continue;
    squares += mean.residuals[i] * mean.residuals[i];
    ++count;
  }
  mean.sigma2 = count == 0 ? 0 : squares / count;
  mean.method = "mean of " + a.method + " and " + b.method;
  return mean;
}

Forecast Theta(std::span<const double> y, int period, const ForecastOptions& options) {
  return ForecastTheta(y, {.period = period}, options).forecast;
}

Forecast Ets(std::span<const double> y, int period, const ForecastOptions& options) {
  EtsOptions ets;
  ets.period = period;
  return ForecastEts(FitEts(y, ets), options);
}

}  // namespace

Forecaster ParseForecaster(std::string_view text) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<Forecaster>(found - kNames.begin());
  throw Error(ErrorCode::kInvalidArgument, "unknown forecasting method \"" + std::string(text) + "\"", {},
              "Use 'mean', 'naive', 'seasonal_naive', 'drift', 'theta', 'ets' or 'auto'.");
}

std::string_view Name(Forecaster method) noexcept { return kNames[static_cast<std::size_t>(method)]; }

Forecast ForecastBy(Forecaster method, std::span<const double> y, int period,
                    const ForecastOptions& options) {
  switch (method) {
    case Forecaster::kMean:
      return ForecastMean(y, options);
    case Forecaster::kNaive:
      return ForecastNaive(y, options);
    case Forecaster::kSeasonalNaive:
      return ForecastSeasonalNaive(y, period, options);
    case Forecaster::kDrift:
      return ForecastDrift(y, options);
    case Forecaster::kTheta:
      return Theta(y, period, options);
    case Forecaster::kEts:
      return Ets(y, period, options);
    case Forecaster::kAuto:
      return MeanOf(y, Theta(y, period, options), Ets(y, period, options));
  }
  return {};
}

StatedForecast ForecastSales(Forecaster method, std::span<const double> y, int period,
                             const ForecastOptions& options) {
  RequireForecastOptions(options);
  RequireForecastSeries(y);
  StatedForecast result;
  const bool constant = std::all_of(y.begin(), y.end(), [&](double value) { return value == y.front(); });
  try {
    result.forecast = ForecastBy(method, y, period, options);
    result.status = !constant        ? "ok"
                    : y.front() == 0 ? "ok: all values are zero"
                                     : "ok: all values are the same";
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnusableData && error.code() != ErrorCode::kNumericRange) throw;
    result.forecast = ForecastNaive(y, options);
    result.status = "fell back to naive: " + std::string(error.what());
  }
  if (*std::min_element(y.begin(), y.end()) >= 0) {
    const auto floor = [](std::vector<double>& values) {
      for (double& value : values) value = std::max(value, 0.0);
    };
    floor(result.forecast.mean);
    for (auto* bounds : {&result.forecast.lower, &result.forecast.upper}) {
      for (auto& level : *bounds) floor(level);
    }
  }
  return result;
}

}  // namespace ecomm::core
