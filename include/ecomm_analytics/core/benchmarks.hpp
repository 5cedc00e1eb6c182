// The simplest forecasts, which every other has to beat (Hyndman & Athanasopoulos 2021, Forecasting:
// principles and practice, 5.2 and 5.5).
//
// Points and intervals are those of R's forecast. Where the series leaves no errors to judge by (one
// observation; for the drift, two; for the seasonal naive, one period), sigma2 is 0 and the intervals have
// width 0, as they have for a constant series. All need 16 bytes per observation and throw what
// RequireForecastOptions() and RequireForecastSeries() do.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

// The mean of the series, with Student's t intervals; every fitted value is that mean.
Forecast ForecastMean(std::span<const double> y, const ForecastOptions& options = {});

// The last observation.
Forecast ForecastNaive(std::span<const double> y, const ForecastOptions& options = {});

// The last observation of the same season. `period` is in observations. Throws Error(kInvalidArgument) for a
// period < 1; Error(kUnusableData) for less than one period.
Forecast ForecastSeasonalNaive(std::span<const double> y, int period, const ForecastOptions& options = {});

// The line through the first and the last observation; the intervals know that its slope is an estimate.
Forecast ForecastDrift(std::span<const double> y, const ForecastOptions& options = {});

// --- the same in two steps
// ----------------------------------------------------------------------------------

enum class Benchmark { kMean, kNaive, kSeasonalNaive, kDrift };

// What a benchmark keeps of a series.
struct BenchmarkFit {
  Benchmark method = Benchmark::kMean;
  std::int64_t n = 0;        // observations seen
  double first = 0;          // the first of them
  std::vector<double> last;  // the last one; the last period for the seasonal naive, oldest first
  double sum = 0;            // mean: of the observations less the first
  // Mean: of the observations around their mean; drift: of their changes around the mean change; naive: of
  // the residuals.
  double squares = 0;
  // Of the latest observations: of all, unless the fit was made from a part of the others.
  std::vector<double> fitted;
  std::vector<double> residuals;
};

// `period` is for the seasonal naive method only.
BenchmarkFit FitBenchmark(std::span<const double> y, Benchmark method, int period = 1);

Forecast ForecastFrom(BenchmarkFit fit, const ForecastOptions& options = {});

// The fit continued over the observations that follow, none or more: as if made from all of them at once, bit
// for bit (the earlier fitted values and residuals of mean and drift up to rounding). Throws as FitBenchmark.
BenchmarkFit UpdateBenchmark(BenchmarkFit fit, std::span<const double> y);

}  // namespace ecomm::core
