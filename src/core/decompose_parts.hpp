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

}  // namespace ecomm::core
