#include "ecomm_analytics/core/benchmarks.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/student_t.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double MeanOf(const BenchmarkFit& fit) { return fit.first + fit.sum / static_cast<double>(fit.n); }

// Per observation; of at least one.
double DriftOf(const BenchmarkFit& fit) {
  return fit.n > 1 ? (fit.last.back() - fit.first) / static_cast<double>(fit.n - 1) : 0;
}

// What the `count`-th value, whose total with those before it is `sum`, adds to the squares around the mean
// (Youngs & Cramer 1971, doi:10.1080/00401706.1971.10488826).
double AddedSquares(double value, double sum, double count) {
  if (count < 2) return 0;
  const double distance = value - sum / count;
  return distance * distance * (count / (count - 1));
}

// Fitted values that all change with each observation.
void Refit(std::size_t known, double fitted, std::span<const double> y, BenchmarkFit* fit) {
  for (std::size_t i = 0; i < known; ++i) {
    const double value = fit->fitted[i] + fit->residuals[i];
    fit->fitted[i] = fitted;
    fit->residuals[i] = value - fitted;
  }
  for (const double value : y) {
    fit->fitted.push_back(fitted);
    fit->residuals.push_back(value - fitted);
  }
}

void UpdateMean(std::span<const double> y, BenchmarkFit* fit) {
  for (const double value : y) {
    if (fit->n == 0) fit->first = value;
    ++fit->n;
    fit->sum += value - fit->first;
    fit->squares += AddedSquares(value - fit->first, fit->sum, static_cast<double>(fit->n));
  }
  fit->last.assign(1, y.back());
  Refit(fit->fitted.size(), MeanOf(*fit), y, fit);
}

void UpdateDrift(std::span<const double> y, BenchmarkFit* fit) {
  const double drift_before = fit->n > 1 ? DriftOf(*fit) : 0;
  const std::size_t known = fit->fitted.size();
  for (const double value : y) {
    double before = kNaN;
    if (fit->n == 0) {
      fit->first = value;
      fit->last.assign(1, value);
    } else {
      before = fit->last.front();
      fit->squares += AddedSquares(value - before, value - fit->first, static_cast<double>(fit->n));
      fit->last.front() = value;
    }
    ++fit->n;
    fit->fitted.push_back(before);
    fit->residuals.push_back(value - before);
  }
  const double drift = DriftOf(*fit);
  for (std::size_t i = 0; i < fit->fitted.size(); ++i) {
    const double change = i < known ? drift - drift_before : drift;
    fit->fitted[i] += change;
    fit->residuals[i] -= change;
  }
}

// `last` is a ring while the observations pass: one rotation at the end instead of one for each.
void UpdateNaive(std::span<const double> y, std::size_t lag, BenchmarkFit* fit) {
  std::size_t oldest = 0;
  for (const double value : y) {
    if (fit->n++ == 0) fit->first = value;
    if (fit->last.size() < lag) {
      fit->last.push_back(value);
      fit->fitted.push_back(kNaN);
      fit->residuals.push_back(kNaN);
      continue;
    }
    const double error = value - fit->last[oldest];
    fit->fitted.push_back(fit->last[oldest]);
    fit->residuals.push_back(error);
    fit->squares += error * error;
    fit->last[oldest] = value;
    if (++oldest == lag) oldest = 0;
  }
  std::rotate(fit->last.begin(), fit->last.begin() + static_cast<std::ptrdiff_t>(oldest), fit->last.end());
}

void Update(std::span<const double> y, std::size_t lag, BenchmarkFit* fit) {
  RequireForecastSeries(y);
  const std::size_t length = fit->fitted.size() + y.size();
  RequireMemory(2 * sizeof(double) * length, "fitting a forecast");
  fit->fitted.reserve(length);
  fit->residuals.reserve(length);
  switch (fit->method) {
    case Benchmark::kMean:
      return UpdateMean(y, fit);
    case Benchmark::kDrift:
      return UpdateDrift(y, fit);
    case Benchmark::kNaive:
    case Benchmark::kSeasonalNaive:
      return UpdateNaive(y, lag, fit);
  }
}

const char* MethodName(Benchmark method) {
  switch (method) {
    case Benchmark::kMean:
      return "mean";
    case Benchmark::kNaive:
      return "naive";
    case Benchmark::kSeasonalNaive:
      return "seasonal naive";
    case Benchmark::kDrift:
      break;
  }
  return "drift";
}

void SetMean(const BenchmarkFit& fit, const ForecastOptions& options, Forecast* forecast) {
  const auto count = static_cast<double>(fit.n);
  forecast->mean.assign(forecast->mean.size(), MeanOf(fit));
  std::vector<double> factors(options.levels.size(), 0.0);
  if (fit.n > 1) {
    forecast->sigma2 = fit.squares / (count - 1);
    for (std::size_t i = 0; i < factors.size(); ++i) {
      factors[i] = StudentQuantile(0.5 + 0.5 * options.levels[i], count - 1);
    }
  }
  const std::vector<double> variances(forecast->mean.size(), forecast->sigma2 * (1 + 1 / count));
  SetIntervals(variances, factors, options.levels, forecast);
}

// The variance grows by one error's with each turn.
void SetNaive(const BenchmarkFit& fit, const ForecastOptions& options, Forecast* forecast) {
  const std::size_t lag = fit.last.size();
  const auto errors = static_cast<double>(fit.n) - static_cast<double>(lag);
  if (errors > 0) forecast->sigma2 = fit.squares / errors;
  std::vector<double> variances(forecast->mean.size());
  for (std::size_t step = 0; step < variances.size(); ++step) {
    forecast->mean[step] = fit.last[step % lag];
    const std::size_t turn = step / lag + 1;
    variances[step] = forecast->sigma2 * static_cast<double>(turn);
  }
  SetNormalIntervals(variances, options.levels, forecast);
}

void SetDrift(const BenchmarkFit& fit, const ForecastOptions& options, Forecast* forecast) {
  const auto changes = static_cast<double>(fit.n - 1);
  const double drift = DriftOf(fit);
  if (fit.n > 2) forecast->sigma2 = fit.squares / (changes - 1);
  std::vector<double> variances(forecast->mean.size(), 0.0);
  for (std::size_t step = 0; step < variances.size(); ++step) {
    const auto ahead = static_cast<double>(step + 1);
    forecast->mean[step] = fit.last.back() + ahead * drift;
    if (fit.n > 2) variances[step] = forecast->sigma2 * ahead * (1 + ahead / changes);
  }
  SetNormalIntervals(variances, options.levels, forecast);
}

Forecast FitAndForecast(std::span<const double> y, Benchmark method, int period,
                        const ForecastOptions& options) {
  RequireForecastOptions(options);
  return ForecastFrom(FitBenchmark(y, method, period), options);
}

}  // namespace

BenchmarkFit FitBenchmark(std::span<const double> y, Benchmark method, int period) {
  if (period < 1) {
    throw Error(ErrorCode::kInvalidArgument, "the period is outside its range",
                "Period: " + std::to_string(period) + ", allowed: 1 and more.");
  }
  const auto lag = method == Benchmark::kSeasonalNaive ? static_cast<std::size_t>(period) : 1;
  if (!y.empty() && y.size() < lag) {
    throw Error(ErrorCode::kUnusableData, "the series is too short for the seasonal naive forecast",
                "Length: " + std::to_string(y.size()) + ", needed: " + std::to_string(lag) + " (one period).",
                "Give a longer series or a shorter period.");
  }
  BenchmarkFit fit;
  fit.method = method;
  Update(y, lag, &fit);
  return fit;
}

BenchmarkFit UpdateBenchmark(BenchmarkFit fit, std::span<const double> y) {
  if (!y.empty()) Update(y, fit.last.size(), &fit);
  return fit;
}

Forecast ForecastFrom(BenchmarkFit fit, const ForecastOptions& options) {
  RequireForecastOptions(options);
  Forecast forecast;
  forecast.method = MethodName(fit.method);
  forecast.mean.resize(static_cast<std::size_t>(options.horizon));
  switch (fit.method) {
    case Benchmark::kMean:
      SetMean(fit, options, &forecast);
      break;
    case Benchmark::kNaive:
    case Benchmark::kSeasonalNaive:
      SetNaive(fit, options, &forecast);
      break;
    case Benchmark::kDrift:
      SetDrift(fit, options, &forecast);
      break;
  }
  forecast.fitted = std::move(fit.fitted);
  forecast.residuals = std::move(fit.residuals);
  return forecast;
}

Forecast ForecastMean(std::span<const double> y, const ForecastOptions& options) {
  return FitAndForecast(y, Benchmark::kMean, 1, options);
}

Forecast ForecastNaive(std::span<const double> y, const ForecastOptions& options) {
  return FitAndForecast(y, Benchmark::kNaive, 1, options);
}

Forecast ForecastSeasonalNaive(std::span<const double> y, int period, const ForecastOptions& options) {
  return FitAndForecast(y, Benchmark::kSeasonalNaive, period, options);
}

Forecast ForecastDrift(std::span<const double> y, const ForecastOptions& options) {
  return FitAndForecast(y, Benchmark::kDrift, 1, options);
}

}  // namespace ecomm::core
