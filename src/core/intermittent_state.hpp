// The steps of the methods for intermittent demand.
#pragma once

#include <span>
#include <vector>

#include "ecomm_analytics/core/intermittent.hpp"

namespace ecomm::core {

// Takes a value in; returns its share of the level.
double Smooth(double value, IntermittentStart start, SmoothedLevel* smoothed);

// The sum of each `width` neighbours, by their last. Sums are put together from two blocks, as differences of
// running totals would not be exact.
std::vector<double> WindowSums(std::span<const double> y, std::size_t width);

// Runs the fit on over observations that are not negative: states, sums, fitted values and residuals.
void AdvanceIntermittent(std::span<const double> y, IntermittentFit* fit);

struct WeightedSize {
  double size;
  double weight;  // the probability that an observation ahead is this
};

// What may come, with zeros as the rest; their mean is the rate.
std::vector<WeightedSize> SizesAhead(const IntermittentFit& fit);

}  // namespace ecomm::core
