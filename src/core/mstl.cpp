#include "ecomm_analytics/core/mstl.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "decompose_parts.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr int kMostIterations = 1000;

// Those that fit, ascending.
std::vector<double> UsablePeriods(std::span<const double> given, std::size_t length) {
  std::vector<double> periods;
  for (const double period : given) {
    if (!(period == 1 || (period >= 2 && std::isfinite(period)))) {
      throw Error(ErrorCode::kInvalidArgument, "a period is outside its range",
                  "Value: " + FormatNumber(period) + ", allowed: 1, and 2 and more.");
    }
    if (period >= 2) periods.push_back(period);
  }
  std::sort(periods.begin(), periods.end());
  for (std::size_t i = 1; i < periods.size(); ++i) {
    if (std::floor(periods[i]) != std::floor(periods[i - 1])) continue;
    throw Error(ErrorCode::kInvalidArgument, "two periods are the same number of whole observations",
                "Periods: " + FormatNumber(periods[i - 1]) + " and " + FormatNumber(periods[i]) + ".");
  }
  std::erase_if(periods, [=](double period) { return 2 * period >= static_cast<double>(length); });
  return periods;
}

std::vector<std::int64_t> WindowsFor(std::size_t count, const std::vector<std::int64_t>& given) {
  std::vector<std::int64_t> windows(count);
  for (std::size_t k = 0; k < count; ++k) {
    // Wider for longer periods, of which there are fewer to change between.
    windows[k] = given.empty() ? 7 + 4 * static_cast<std::int64_t>(k + 1) : given[given.size() == 1 ? 0 : k];
  }
  return windows;
}

void RequireValid(const MstlOptions& options) {
  if (options.seasonal_windows.size() > 1 && options.seasonal_windows.size() < options.periods.size()) {
    throw Error(ErrorCode::kInvalidArgument, "the number of seasonal windows is not that of the periods",
                "Windows: " + std::to_string(options.seasonal_windows.size()) +
                    ", periods: " + std::to_string(options.periods.size()) + ".");
  }
  if (options.iterations < 0 || options.iterations > kMostIterations) {
    throw Error(ErrorCode::kInvalidArgument, "the number of iterations is outside its range",
                "Value: " + std::to_string(options.iterations) + ", allowed: 0 to " +
                    std::to_string(kMostIterations) + ".");
  }
}

}  // namespace

Decomposition Mstl(std::span<const double> y, const MstlOptions& options) {
  RequireValid(options);
  const std::vector<double> periods = UsablePeriods(options.periods, y.size());
  StlOptions stl = options.stl;
  stl.period = 1;
  if (periods.empty()) return Stl(y, stl);
  RequireFiniteSeries(y);
  RequireMemory((20 + periods.size()) * sizeof(double) * y.size(), "taking a series apart");

  Decomposition parts = WithoutSeason(y, periods);
  const std::vector<std::int64_t> windows = WindowsFor(periods.size(), options.seasonal_windows);
  const int iterations = options.iterations != 0 ? options.iterations : (options.periods.size() == 1 ? 1 : 2);
  std::vector<double> rest = parts.observed;  // without the seasons found so far
  for (int round = 0; round < iterations; ++round) {
    for (std::size_t k = 0; k < periods.size(); ++k) {
      std::vector<double>& season = parts.seasonals[k];
      for (std::size_t i = 0; i < rest.size(); ++i) rest[i] += season[i];
      stl.period = periods[k];
      stl.seasonal_window = windows[k];
      Decomposition fit = Stl(rest, stl);
      season = std::move(fit.seasonal);
      parts.trend = std::move(fit.trend);
      parts.weights = std::move(fit.weights);
      for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= season[i];
    }
  }
  for (std::size_t i = 0; i < rest.size(); ++i) {
    for (const auto& season : parts.seasonals) parts.seasonal[i] += season[i];
    parts.remainder[i] = y[i] - parts.seasonal[i] - parts.trend[i];
  }
  return parts;
}

}  // namespace ecomm::core
