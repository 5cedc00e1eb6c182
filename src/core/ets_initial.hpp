// Where the search for a model's initial states starts.
#pragma once

#include <span>
#include <vector>

#include "ecomm_analytics/core/ets.hpp"

namespace ecomm::core {

// Level, trend and seasons of the form before the first observation, as EtsLikelihood takes them (after
// Hyndman et al. 2002): the season from a classical decomposition, or from a line and one wave where there
// are fewer than three periods; level and trend from a line through the first observations without their
// season, or through their logarithms. The seasons sum to 0, factors to the period. `y` has no NaN, at least
// two periods, and is positive for factors.
std::vector<double> InitialEtsStates(std::span<const double> y, const EtsForm& form, int period);

// The median, without trend and season: a start that no outlier spoils.
std::vector<double> FlatEtsStates(std::span<const double> y, const EtsForm& form, int period);

}  // namespace ecomm::core
