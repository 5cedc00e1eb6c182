// Mean and variance of what an exponential smoothing model forecasts.
#pragma once

#include <vector>

#include "ecomm_analytics/core/ets.hpp"

namespace ecomm::core {

struct EtsMoments {
  std::vector<double> mean;  // of each step ahead
  std::vector<double> variance;
};

// Exact, for normal errors; the trend of the form is not multiplicative.
EtsMoments ComputeEtsMoments(const EtsModel& model, int horizon);

// Forecasts with all future errors 0, for any form.
std::vector<double> EtsPoints(const EtsModel& model, int horizon);

}  // namespace ecomm::core
