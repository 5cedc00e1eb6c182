// Several forecasts of one series made one.
#pragma once

#include <span>

#include "ecomm_analytics/core/forecast.hpp"

namespace ecomm::core {

enum class Combination { kMean, kMedian };

// Of points, bounds and fitted values, each by itself; residuals and their variance are those of the combined
// fitted values. `forecasts` are of `y` with the same options; one and more. `weights`: of a mean, one each,
// adding up to 1; none: all the same.
Forecast CombineForecasts(std::span<const double> y, std::span<const Forecast> forecasts,
                          Combination combination, std::span<const double> weights = {});

}  // namespace ecomm::core
