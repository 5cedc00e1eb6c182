// What a method would have forecast in the past, and how good that would have been: forecasts from rolling
// origins (Tashman 2000, doi:10.1016/S0169-2070(00)00065-0).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/accuracy.hpp"
#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

// Forecasts from the observations it is given, which are those known at an origin.
using ForecastMethod = std::function<Forecast(std::span<const double> y, const ForecastOptions& options)>;

struct NamedMethod {
  std::string name;
  ForecastMethod forecast;
};

// An origin is the number of observations known there; all of them are given to the method, so the window
// grows. Each origin has all its steps observed.
struct BacktestOptions {
  ForecastOptions forecast;  // a horizon of 1 and more
  int period = 1;            // of the seasonal naive forecast that scales the errors
  // Default: so that the last of ten origins is the last there can be; fewer where they would reach into the
  // first half of the possible ones.
  std::optional<std::size_t> first_origin = std::nullopt;
  std::size_t step = 1;  // from one origin to the next
};

struct MethodBacktest {
  std::string name;
  Accuracy overall;               // each step of each origin counts the same
  std::vector<Accuracy> by_step;  // one per step of the horizon
  std::size_t failures = 0;       // origins without a usable forecast; they count in no measure
  std::string first_failure;      // why
  // observed - forecast, per origin and then per step; NaN where the method failed.
  std::vector<double> errors;
};

struct Backtest {
  std::vector<std::size_t> origins;
  std::vector<MethodBacktest> methods;
};

// A method fails at an origin where it throws Error, except for want of memory, or its forecast has not the
// shape it was asked for or is not finite. Anything else it throws ends the backtest, as a cancel must.
// Throws Error(kInvalidArgument) for a horizon < 1, no methods, a period < 1, a step or a first origin of 0,
// and what RequireForecastOptions() does; Error(kUnusableData) for NaN and infinities and for a series not
// longer than the horizon, or than the first origin and the horizon together; Error(kMemoryLimit): it needs 8
// bytes per method, origin and step.
Backtest RunBacktest(std::span<const double> y, std::span<const NamedMethod> methods,
                     const BacktestOptions& options = {});

}  // namespace ecomm::core
