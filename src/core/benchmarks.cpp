#include "ecomm_analytics/core/benchmarks.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/student_t.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Of at least one value; exact for a constant series.
double Mean(std::span<const double> values) {
  const double origin = values.front();
  double sum = 0;
  for (const double value : values) sum += value - origin;
  return origin + sum / static_cast<double>(values.size());
}

double SumOfSquares(std::span<const double> values, double centre) {
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  return sum;
}

Forecast Start(std::span<const double> y, const ForecastOptions& options, const char* method) {
  RequireForecastOptions(options);
  RequireForecastSeries(y);
  RequireMemory(2 * sizeof(double) * y.size(), "fitting a forecast");
  Forecast forecast;
  forecast.method = method;
  forecast.mean.resize(static_cast<std::size_t>(options.horizon));
  forecast.fitted.assign(y.size(), kNaN);
  forecast.residuals.assign(y.size(), kNaN);
  return forecast;
}

// Each observation is the one `lag` before it plus `drift`, as are the forecasts; returns the residuals.
std::span<const double> Walk(std::span<const double> y, std::size_t lag, double drift, Forecast* forecast) {
  for (std::size_t i = lag; i < y.size(); ++i) {
    forecast->fitted[i] = y[i - lag] + drift;
    forecast->residuals[i] = y[i] - y[i - lag] - drift;
  }
  for (std::size_t step = 0; step < forecast->mean.size(); ++step) {
    forecast->mean[step] = y[y.size() - lag + step % lag] + static_cast<double>(step / lag + 1) * drift;
  }
  return std::span(forecast->residuals).subspan(lag);
}

// Without drift: the variance grows by one error's with each turn.
Forecast WalkWithoutDrift(std::span<const double> y, std::size_t lag, const ForecastOptions& options,
                          Forecast forecast) {
  const auto errors = Walk(y, lag, 0, &forecast);
  if (!errors.empty()) forecast.sigma2 = SumOfSquares(errors, 0) / static_cast<double>(errors.size());
  std::vector<double> variances(forecast.mean.size());
  for (std::size_t step = 0; step < variances.size(); ++step) {
    variances[step] = forecast.sigma2 * static_cast<double>(step / lag + 1);
  }
  SetNormalIntervals(variances, options.levels, &forecast);
  return forecast;
}

}  // namespace

Forecast ForecastMean(std::span<const double> y, const ForecastOptions& options) {
  Forecast forecast = Start(y, options, "mean");
  const auto count = static_cast<double>(y.size());
  const double mean = Mean(y);
  forecast.mean.assign(forecast.mean.size(), mean);
  forecast.fitted.assign(y.size(), mean);
  for (std::size_t i = 0; i < y.size(); ++i) forecast.residuals[i] = y[i] - mean;
  std::vector<double> factors(options.levels.size(), 0.0);
  if (y.size() > 1) {
    forecast.sigma2 = SumOfSquares(y, mean) / (count - 1);
    for (std::size_t i = 0; i < factors.size(); ++i) {
      factors[i] = StudentQuantile(0.5 + 0.5 * options.levels[i], count - 1);
    }
  }
  const std::vector<double> variances(forecast.mean.size(), forecast.sigma2 * (1 + 1 / count));
  SetIntervals(variances, factors, options.levels, &forecast);
  return forecast;
}

Forecast ForecastNaive(std::span<const double> y, const ForecastOptions& options) {
  return WalkWithoutDrift(y, 1, options, Start(y, options, "naive"));
}

Forecast ForecastSeasonalNaive(std::span<const double> y, int period, const ForecastOptions& options) {
  if (period < 1) {
    throw Error(ErrorCode::kInvalidArgument, "the period is outside its range",
                "Period: " + std::to_string(period) + ", allowed: 1 and more.");
  }
  Forecast forecast = Start(y, options, "seasonal naive");
  const auto lag = static_cast<std::size_t>(period);
  if (y.size() < lag) {
    throw Error(ErrorCode::kUnusableData, "the series is too short for the seasonal naive forecast",
                "Length: " + std::to_string(y.size()) + ", needed: " + std::to_string(lag) + " (one period).",
                "Give a longer series or a shorter period.");
  }
  return WalkWithoutDrift(y, lag, options, std::move(forecast));
}

Forecast ForecastDrift(std::span<const double> y, const ForecastOptions& options) {
  Forecast forecast = Start(y, options, "drift");
  const auto changes = static_cast<double>(y.size() - 1);
  const double drift = y.size() > 1 ? (y.back() - y.front()) / changes : 0;
  const auto errors = Walk(y, 1, drift, &forecast);
  if (y.size() > 2) forecast.sigma2 = SumOfSquares(errors, 0) / (changes - 1);
  std::vector<double> variances(forecast.mean.size(), 0.0);
  for (std::size_t step = 0; step < variances.size() && y.size() > 2; ++step) {
    const auto ahead = static_cast<double>(step + 1);
    variances[step] = forecast.sigma2 * ahead * (1 + ahead / changes);
  }
  SetNormalIntervals(variances, options.levels, &forecast);
  return forecast;
}

}  // namespace ecomm::core
