// The models that an automatic choice is made from, each fitted to the series once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/forecast_model.hpp"

namespace ecomm::core {

struct AutoCandidate {
  std::string name;  // as ParseMethod() reads it
  ForecastModel model;
  double cost = 1;         // of a past forecast, in runs through the series
  bool benchmark = false;  // takes part only where it beats all others
};

// What can forecast the series: Theta, exponential smoothing and ARIMA; where a season is long or there are
// several, smoothing and ARIMA of the series without its seasons; for intermittent demand SBA and TSB; and
// last the naive method, the seasonal one where there is a season. What the series does not allow is left
// out.
std::vector<AutoCandidate> MakeAutoCandidates(std::span<const double> y, std::span<const int> periods);

}  // namespace ecomm::core
