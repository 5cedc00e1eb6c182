#include "ecomm_analytics/core/anomalies.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ecomm_analytics/core/distributions.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/outliers.hpp"

namespace ecomm::core {
namespace {

// What is less than this of the values' size is rounding, not an error.
constexpr double kRounding = 1e-9;

struct Spread {
  double scale = 0;  // as a normal distribution's standard deviation
  double least = 0;  // no error below it counts
};

Spread SpreadOf(std::span<const double> y, std::span<const double> expected) {
  std::vector<double> sizes;
  double squares = 0;
  double largest = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isnan(expected[i])) continue;
    sizes.push_back(std::abs(y[i] - expected[i]));
    squares += sizes.back() * sizes.back();
    largest = std::max(largest, std::abs(y[i]));
  }
  if (sizes.empty()) return {};
  std::sort(sizes.begin(), sizes.end());
  Spread spread{1.4826 * QuantileOfSorted(sizes, 0.5), kRounding * largest};
  if (spread.scale <= spread.least) spread.scale = std::sqrt(squares / static_cast<double>(sizes.size()));
  return spread;
}

// Of expected and observed, all else.
void Judge(std::span<const double> y, double level, Anomalies* found) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Spread spread = SpreadOf(y, found->expected);
  const double reach = NormalQuantile((1 + level) / 2) * spread.scale;
  const bool floored = *std::min_element(y.begin(), y.end()) >= 0;
  found->lower.assign(y.size(), nan);
  found->upper.assign(y.size(), nan);
  found->probability.assign(y.size(), nan);
  found->is_anomaly.assign(y.size(), false);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double expected = found->expected[i];
    if (std::isnan(expected)) continue;
    const double size = std::abs(y[i] - expected);
    found->lower[i] = floored ? std::max(expected - reach, 0.0) : expected - reach;
    found->upper[i] = floored ? std::max(expected + reach, 0.0) : expected + reach;
    found->probability[i] = size <= spread.least ? 0 : 2 * NormalCdf(size / spread.scale) - 1;
    found->is_anomaly[i] = found->probability[i] > level;
  }
}

// The series with the middle of what was to be expected in place of its outliers.
std::vector<double> Usual(std::span<const double> y, int season) {
  std::vector<double> usual(y.begin(), y.end());
  const Outliers outliers =
      FindOutliers(y, {.method = OutlierMethod::kStl, .period = static_cast<double>(season)});
  for (std::size_t i = 0; i < usual.size(); ++i) {
    if (outliers.is_outlier[i]) usual[i] = outliers.lower[i] / 2 + outliers.upper[i] / 2;
  }
  return usual;
}

}  // namespace

Anomalies FindAnomalies(std::span<const double> y, const ForecastRequest& request, double level,
                        const SeriesCalendar& calendar) {
  if (!(level > 0 && level < 1)) {
    throw Error(ErrorCode::kInvalidArgument, "level must be above 0 and below 1",
                "It is " + std::to_string(level) + ".");
  }
  ForecastRequest fit = request;
  fit.options = {.horizon = 0, .levels = {}};
  Anomalies found;
  if (y.empty()) {
    found.status = ForecastSeries(y, fit).status;
    return found;
  }
  RequireForecastSeries(y);
  const std::vector<int> seasons = SeasonsOf(y, request.season, request.season_candidates);
  fit.season = seasons.empty() ? 1 : seasons.front();
  StatedForecast stated = ForecastSeries(Usual(y, *fit.season), fit, calendar);
  found.expected = std::move(stated.forecast.fitted);
  for (std::size_t i = 0; i < calendar.never.size(); ++i) {
    if (calendar.never[i]) found.expected[i] = std::numeric_limits<double>::quiet_NaN();
  }
  found.method = std::move(stated.forecast.method);
  found.status = std::move(stated.status);
  Judge(y, level, &found);
  return found;
}

}  // namespace ecomm::core
