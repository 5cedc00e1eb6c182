// What the ways of taking a series apart share.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/decompose.hpp"

namespace ecomm::core {

// For messages.
std::string FormatNumber(double value);

// Throws Error(kUnusableData) for the first NaN or infinity, Error(kNumericRange) for a magnitude above
// `largest`, by default one whose square could not be summed.
void RequireFiniteSeries(std::span<const double> y, double largest = 1e150);

// Throws Error(kUnusableData) for fewer than two periods.
void RequireTwoPeriods(std::size_t length, double period);

bool IsConstant(std::span<const double> y);

// All of `y` is trend.
Decomposition WithoutSeason(std::span<const double> y, const std::vector<double>& periods);

// Over one period around each observation; where that is even, the two ends count half each. NaN where the
// series does not reach.
std::vector<double> CentredAverage(std::span<const double> y, std::size_t period);

// The mean of each phase, centred so that a whole period sums to 0, or as factors has mean 1. NaN is left
// out.
std::vector<double> PhaseMeans(std::span<const double> detrended, std::size_t period, bool multiplicative);

}  // namespace ecomm::core
