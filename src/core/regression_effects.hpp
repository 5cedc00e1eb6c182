// What regressors do to a series.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// The sum of the columns' effects in each row of `regressors`, of which the first belong to `y`. Estimated by
// generalised least squares with errors of ARIMA(0,1,1)(0,1,1)[period]; of ARIMA(0,1,1) for shorter series and
// where a column repeats itself season by season. Unset where the
// series is too short. Throws as FitArima() otherwise.
std::optional<std::vector<double>> EstimateEffects(std::span<const double> y, const Matrix& regressors,
                                                   int period);

}  // namespace ecomm::core
