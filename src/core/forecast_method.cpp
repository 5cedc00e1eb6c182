#include "ecomm_analytics/core/forecast_method.hpp"

#include <algorithm>
#include <array>

#include "ecomm_analytics/core/benchmarks.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/theta.hpp"

namespace ecomm::core {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"mean", "naive", "seasonal_naive", "drift", "theta"};

}  // namespace

Forecaster ParseForecaster(std::string_view text) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<Forecaster>(found - kNames.begin());
  throw Error(ErrorCode::kInvalidArgument, "unknown forecasting method \"" + std::string(text) + "\"", {},
              "Use 'mean', 'naive', 'seasonal_naive', 'drift' or 'theta'.");
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
      return ForecastTheta(y, {.period = period}, options).forecast;
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
