#include "ecomm_analytics/core/seasonal_forecast.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/mstl.hpp"
#include "ecomm_analytics/core/stl.hpp"

namespace ecomm::core {
namespace {

std::vector<int> CheckedPeriods(std::vector<int> periods) {
  if (periods.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "there is no season to take out", "Needed: at least 1 period.");
  }
  std::sort(periods.begin(), periods.end());
  if (periods.front() < 2) {
    throw Error(ErrorCode::kInvalidArgument, "a period is outside its range",
                "Period: " + std::to_string(periods.front()) + ", allowed: 2 and more.");
  }
  return periods;
}

void RequireLength(std::size_t length, const std::vector<int>& periods) {
  const std::size_t needed = 2 * static_cast<std::size_t>(periods.back()) + (periods.size() > 1 ? 1 : 0);
  if (length >= needed) return;
  throw Error(ErrorCode::kUnusableData, "the series is too short for its seasons",
              "Length: " + std::to_string(length) + ", longest period: " + std::to_string(periods.back()) +
                  ", needed: " + std::to_string(needed) + ".",
              "Give a longer series or leave out the longest period.");
}

// One period is what Mstl() does with one, for a series of exactly two periods too.
Decomposition TakeApart(std::span<const double> y, const std::vector<int>& periods,
                        const SeasonOptions& options) {
  constexpr std::int64_t kWindowOfOne = 11;
  MstlOptions mstl;
  mstl.periods.assign(periods.begin(), periods.end());
  mstl.seasonal_windows = options.seasonal_windows;
  mstl.stl.robust = options.robust;
  if (periods.size() > 1) return Mstl(y, mstl);
  StlOptions stl = mstl.stl;
  stl.period = periods.front();
  stl.seasonal_window = options.seasonal_windows.empty() ? kWindowOfOne : options.seasonal_windows.front();
  return Stl(y, stl);
}

}  // namespace

double SeasonCycles::At(std::size_t step) const {
  double sum = 0;
  for (const auto& cycle : cycles) sum += cycle[step % cycle.size()];
  return sum;
}

void SeasonCycles::Advance(std::size_t steps) {
  for (auto& cycle : cycles) {
    std::rotate(cycle.begin(), cycle.begin() + static_cast<std::ptrdiff_t>(steps % cycle.size()),
                cycle.end());
  }
}

AdjustedSeries TakeOutSeasons(std::span<const double> y, const SeasonOptions& options) {
  AdjustedSeries adjusted;
  adjusted.season.periods = CheckedPeriods(options.periods);
  RequireForecastSeries(y);
  RequireLength(y.size(), adjusted.season.periods);
  Decomposition parts = TakeApart(y, adjusted.season.periods, options);
  RequireMemory(2 * sizeof(double) * y.size(), "taking the seasons out of a series");
  for (std::size_t i = 0; i < parts.seasonals.size(); ++i) {
    const auto& season = parts.seasonals[i];
    adjusted.season.cycles.emplace_back(season.end() - adjusted.season.periods[i], season.end());
  }
  adjusted.values.resize(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) adjusted.values[i] = parts.trend[i] + parts.remainder[i];
  adjusted.seasonal = std::move(parts.seasonal);
  return adjusted;
}

}  // namespace ecomm::core
