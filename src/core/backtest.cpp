#include "ecomm_analytics/core/backtest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

void RequireBacktestOptions(const BacktestOptions& options, std::size_t methods) {
  RequireForecastOptions(options.forecast);
  const auto refuse = [](const char* what, const std::string& value) {
    throw Error(ErrorCode::kInvalidArgument,
                std::string("the ") + what + " of a backtest is outside its range",
                "Given: " + value + ", allowed: 1 and more.");
  };
  if (options.forecast.horizon < 1) refuse("horizon", std::to_string(options.forecast.horizon));
  if (options.period < 1) refuse("period", std::to_string(options.period));
  if (options.step < 1) refuse("step", std::to_string(options.step));
  if (options.first_origin == std::size_t{0}) refuse("first origin", "0");
  if (methods < 1) refuse("number of methods", "0");
}

std::vector<std::size_t> Origins(std::size_t length, const BacktestOptions& options) {
  constexpr std::size_t kDefaultOrigins = 10;
  const auto horizon = static_cast<std::size_t>(options.forecast.horizon);
  const std::size_t needed = horizon + options.first_origin.value_or(1);
  if (length < needed || needed < horizon) {
    throw Error(ErrorCode::kUnusableData, "the series is too short for the backtest",
                "Length: " + std::to_string(length) + ", needed: the first origin, " +
                    std::to_string(options.first_origin.value_or(1)) + ", and the horizon, " +
                    std::to_string(horizon) + ".",
                "Give a longer series, an earlier first origin or a shorter horizon.");
  }
  const std::size_t last = length - horizon;
  const std::size_t back = std::min(kDefaultOrigins - 1, last / 2 / options.step);
  const std::size_t first = options.first_origin.value_or(last - back * options.step);
  std::vector<std::size_t> origins((last - first) / options.step + 1);
  for (std::size_t i = 0; i < origins.size(); ++i) origins[i] = first + i * options.step;
  return origins;
}

bool AllFinite(std::span<const double> values, std::size_t size) {
  return values.size() == size &&
         std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

bool Usable(const Forecast& forecast, const ForecastOptions& options) {
  const auto horizon = static_cast<std::size_t>(options.horizon);
  const std::size_t levels = options.levels.size();
  const auto sound = [&](const std::vector<double>& bound) { return AllFinite(bound, horizon); };
  return sound(forecast.mean) && forecast.lower.size() == levels && forecast.upper.size() == levels &&
         std::all_of(forecast.lower.begin(), forecast.lower.end(), sound) &&
         std::all_of(forecast.upper.begin(), forecast.upper.end(), sound);
}

// Empty where the method fails; `reason` then says why.
std::optional<Forecast> Try(const NamedMethod& method, std::span<const double> known,
                            const ForecastOptions& options, std::string* reason) {
  try {
    Forecast forecast = method.forecast(known, options);
    if (Usable(forecast, options)) return forecast;
    *reason = "the forecast is incomplete or not finite";
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kMemoryLimit) throw;
    *reason = error.what();
  }
  return std::nullopt;
}

MethodBacktest RunMethod(std::span<const double> y, const NamedMethod& method,
                         std::span<const std::size_t> origins, std::span<const NaiveScale> scales,
                         const ForecastOptions& options) {
  const auto horizon = static_cast<std::size_t>(options.horizon);
  MethodBacktest result;
  result.name = method.name;
  result.errors.assign(origins.size() * horizon, std::numeric_limits<double>::quiet_NaN());
  std::vector<AccuracySum> sums(horizon, AccuracySum(options.levels));
  for (std::size_t i = 0; i < origins.size(); ++i) {
    Poll();
    std::string reason;
    const auto forecast = Try(method, y.first(origins[i]), options, &reason);
    if (!forecast) {
      if (result.failures++ == 0) result.first_failure = reason;
      continue;
    }
    for (std::size_t step = 0; step < horizon; ++step) {
      const double observed = y[origins[i] + step];
      sums[step].Add(observed, *forecast, step, scales[i]);
      result.errors[i * horizon + step] = observed - forecast->mean[step];
    }
  }
  AccuracySum all(options.levels);
  for (const AccuracySum& sum : sums) {
    all.Merge(sum);
    result.by_step.push_back(sum.Result());
  }
  result.overall = all.Result();
  return result;
}

}  // namespace

Backtest RunBacktest(std::span<const double> y, std::span<const NamedMethod> methods,
                     const BacktestOptions& options) {
  RequireBacktestOptions(options, methods.size());
  RequireForecastSeries(y);
  Backtest backtest;
  backtest.origins = Origins(y.size(), options);
  const auto horizon = static_cast<std::size_t>(options.forecast.horizon);
  RequireMemory(methods.size() * backtest.origins.size() * horizon * sizeof(double), "a backtest");
  std::vector<NaiveScale> scales;
  for (const std::size_t origin : backtest.origins) {
    scales.push_back(MeasureNaiveScale(y.first(origin), options.period));
    Poll();
  }
  for (const NamedMethod& method : methods) {
    backtest.methods.push_back(RunMethod(y, method, backtest.origins, scales, options.forecast));
  }
  return backtest;
}

}  // namespace ecomm::core
