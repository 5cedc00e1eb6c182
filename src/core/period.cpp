#include "ecomm_analytics/core/period.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "decompose_parts.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/stl.hpp"
#include "period_peaks.hpp"
#include "season_test.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kMostPeaks = 5;
constexpr std::int64_t kSeasonalWindow = 11;

void RequireValid(const PeriodOptions& options) {
  for (const double period : options.candidates) {
    if (period >= 2 && std::isfinite(period)) continue;
    throw Error(ErrorCode::kInvalidArgument, "a period is outside its range",
                "Value: " + FormatNumber(period) + ", allowed: 2 and more.");
  }
  if (!(options.alpha > 0 && options.alpha < 1)) {
    throw Error(ErrorCode::kInvalidArgument, "alpha is outside its range",
                "Value: " + FormatNumber(options.alpha) + ", allowed: between 0 and 1.");
  }
}

double AutocorrelationAt(std::span<const double> y, std::size_t lag) {
  double mean = 0;
  for (const double value : y) mean += value / static_cast<double>(y.size());
  double products = 0;
  double squares = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    squares += (y[i] - mean) * (y[i] - mean);
    if (i >= lag) products += (y[i] - mean) * (y[i - lag] - mean);
  }
  return squares > 0 ? products / squares : 0.0;
}

// Takes the season out of `y` where it is significant.
PeriodEvidence Examine(std::vector<double>* y, double period, double alpha) {
  PeriodEvidence evidence;
  evidence.period = period;
  if (static_cast<double>(y->size()) <= 2 * period) {
    evidence.f = evidence.p_value = evidence.strength = evidence.acf = kNaN;
    return evidence;
  }
  if (IsConstant(*y)) return evidence;
  const SeasonTest test = TestSeason(*y, period);
  evidence.f = test.f;
  evidence.p_value = test.p_value;
  evidence.significant = test.p_value < alpha;

  StlOptions options;
  options.period = period;
  options.seasonal_window = kSeasonalWindow;
  const Decomposition parts = Stl(*y, options);
  evidence.strength = MeasureStrength(parts).seasonal.front();
  std::vector<double> detrended = *y;
  for (std::size_t i = 0; i < detrended.size(); ++i) detrended[i] -= parts.trend[i];
  evidence.acf = AutocorrelationAt(detrended, static_cast<std::size_t>(std::nearbyint(period)));
  if (evidence.significant) {
    for (std::size_t i = 0; i < y->size(); ++i) (*y)[i] -= parts.seasonal[i];
  }
  return evidence;
}

// Multiples of what was found to be no season have peaks too: cycles of varying length.
bool IsPromising(std::size_t lag, std::span<const PeriodEvidence> rejected) {
  constexpr double kVarying = 1;
  return std::all_of(rejected.begin(), rejected.end(), [&](const PeriodEvidence& evidence) {
    const auto period = static_cast<std::size_t>(evidence.period);
    return lag != period && !IsMultiple(lag, period, kVarying);
  });
}

// Up to the first peak that is a season.
void ExaminePeaks(std::vector<double>* y, double alpha, std::vector<PeriodEvidence>* tested) {
  constexpr std::size_t kShortest = 9;  // three times three observations
  if (y->size() < kShortest || IsConstant(*y)) return;
  const std::vector<double> steady = WithoutDrift(*y);
  if (IsConstant(steady)) return;
  const std::size_t most = y->size() / 3;
  int attempts = 0;
  for (const std::size_t peak : PeakLags(steady, most)) {
    if (!IsPromising(peak, *tested)) continue;
    if (attempts++ == kMostPeaks) return;
    const std::size_t lag = SharpenLag(steady, peak, most);
    if (!IsPromising(lag, *tested)) continue;
    tested->push_back(Examine(y, static_cast<double>(lag), alpha / static_cast<double>(most - 1)));
    if (tested->back().significant) return;
  }
}

}  // namespace

std::vector<double> CustomaryPeriods(Grain grain) {
  constexpr double kDaysPerYear = 365.25;
  switch (grain) {
    case Grain::kDay:
      return {7, kDaysPerYear};
    case Grain::kWeek:
      return {kDaysPerYear / 7};
    case Grain::kMonth:
      return {12};
    case Grain::kQuarter:
      return {4};
  }
  return {};
}

PeriodSearch FindPeriods(std::span<const double> y, const PeriodOptions& options) {
  RequireValid(options);
  RequireFiniteSeries(y);
  RequireMemory(24 * sizeof(double) * y.size(), "finding the period of a series");

  PeriodSearch search;
  std::vector<double> rest(y.begin(), y.end());
  if (options.candidates.empty()) {
    ExaminePeaks(&rest, options.alpha, &search.candidates);
  } else {
    for (const double period : options.candidates) {
      search.candidates.push_back(Examine(&rest, period, options.alpha));
    }
  }
  for (const auto& evidence : search.candidates) {
    if (evidence.significant) search.periods.push_back(evidence.period);
  }
  std::sort(search.periods.begin(), search.periods.end());
  if (search.periods.empty()) search.periods.push_back(1);
  return search;
}

}  // namespace ecomm::core
