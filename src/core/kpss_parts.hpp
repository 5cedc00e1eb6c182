// The KPSS statistic by itself, for those who test a series again and again.
#pragma once

#include <cstddef>
#include <vector>

#include "ecomm_analytics/core/stationarity.hpp"

namespace ecomm::core {

// Replaces a series by what is left around its mean or its line. False where around the line nothing but
// rounding is; data up to 1.
bool LeaveResiduals(std::vector<double>* y, KpssTrend trend);

double KpssStatistic(const std::vector<double>& residuals, std::size_t lags);

KpssLevels KpssCritical(KpssTrend trend) noexcept;

// Interpolated between the critical values; at least 0.01 and at most 0.10.
double KpssPValue(double statistic, KpssTrend trend) noexcept;

}  // namespace ecomm::core
