#include "ecomm_analytics/core/forecast.hpp"

#include <cmath>
#include <cstddef>

#include "decompose_parts.hpp"
#include "ecomm_analytics/core/distributions.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/text.hpp"

namespace ecomm::core {

void RequireForecastOptions(const ForecastOptions& options) {
  constexpr int kLongest = 10000;
  constexpr std::size_t kMostLevels = 99;
  if (options.horizon < 0 || options.horizon > kLongest) {
    throw Error(
        ErrorCode::kInvalidArgument, "the horizon is outside its range",
        "Horizon: " + std::to_string(options.horizon) + ", allowed: 0 to " + std::to_string(kLongest) + ".");
  }
  if (options.levels.size() > kMostLevels) {
    throw Error(ErrorCode::kInvalidArgument, "too many levels of prediction intervals",
                "Levels: " + std::to_string(options.levels.size()) + ", allowed: up to " +
                    std::to_string(kMostLevels) + ".");
  }
  for (const double level : options.levels) {
    if (level > 0 && level < 1) continue;
    throw Error(ErrorCode::kInvalidArgument, "the level of a prediction interval is outside its range",
                "Level: " + ToText(level) + ", allowed: above 0 and below 1.",
                "Write 0.95 for an interval that holds 95 % of what may come.");
  }
  RequireMemory(static_cast<std::size_t>(options.horizon) * (1 + 2 * options.levels.size()) * sizeof(double),
                "a forecast");
}

void RequireForecastSeries(std::span<const double> y) {
  constexpr double kLargest = 1e140;
  if (y.empty()) {
    throw Error(ErrorCode::kUnusableData, "the series to forecast is empty", "Needed: at least 1 value.");
  }
  RequireFiniteSeries(y, kLargest);
}

void SetIntervals(std::span<const double> variances, std::span<const double> factors,
                  std::span<const double> levels, Forecast* forecast) {
  const std::size_t steps = forecast->mean.size();
  forecast->levels.assign(levels.begin(), levels.end());
  forecast->lower.assign(levels.size(), std::vector<double>(steps));
  forecast->upper.assign(levels.size(), std::vector<double>(steps));
  for (std::size_t step = 0; step < steps; ++step) {
    const double deviation = std::sqrt(variances[step]);
    for (std::size_t level = 0; level < levels.size(); ++level) {
      forecast->lower[level][step] = forecast->mean[step] - factors[level] * deviation;
      forecast->upper[level][step] = forecast->mean[step] + factors[level] * deviation;
    }
  }
}

void SetNormalIntervals(std::span<const double> variances, std::span<const double> levels,
                        Forecast* forecast) {
  std::vector<double> factors;
  factors.reserve(levels.size());
  for (const double level : levels) factors.push_back(NormalQuantile(0.5 + 0.5 * level));
  SetIntervals(variances, factors, levels, forecast);
}

void SetResiduals(std::span<const double> y, Forecast* forecast) {
  double squares = 0;
  double count = 0;
  forecast->residuals.resize(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double residual = y[i] - forecast->fitted[i];
    forecast->residuals[i] = residual;
    if (std::isnan(residual)) continue;
    squares += residual * residual;
    ++count;
  }
  forecast->sigma2 = count == 0 ? 0 : squares / count;
}

}  // namespace ecomm::core
