// Observations that a forecasting method did not expect.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/series_forecast.hpp"

namespace ecomm::core {

// One value per observation; NaN where the method expects nothing yet.
struct Anomalies {
  std::vector<double> expected;  // from the observations before
  std::vector<double> lower;     // what lies outside is an anomaly; not negative for a series without
  std::vector<double> upper;     // negative values
  std::vector<double>
      probability;               // of the narrowest interval around `expected` that reaches the observation
  std::vector<bool> is_anomaly;  // whether that is above the level
  std::string method;
  std::string status;  // as ForecastSeries() states it
};

// Each observation against the forecast made one step before it. The errors' spread is 1.4826 times their
// median absolute value (where that is 0: their standard deviation), so that what is looked for does not hide
// itself; and the method is fitted to the series without its outliers by FindOutliers() with kStl, so that an
// anomaly does not make its neighbours one. `request.options` is not used. `level`: inside 0 to 1. Throws as
// ForecastSeries(), and Error(kInvalidArgument) for another level. `calendar` has an entry per value, or
// nothing; days on which the shop never sells are not judged.
Anomalies FindAnomalies(std::span<const double> y, const ForecastRequest& request, double level = 0.99,
                        const SeriesCalendar& calendar = {});

}  // namespace ecomm::core
