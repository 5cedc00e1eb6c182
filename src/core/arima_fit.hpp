// From a design to a fitted ARIMA model.
#pragma once

#include <span>
#include <vector>

#include "arima_design.hpp"
#include "arima_estimate.hpp"
#include "ecomm_analytics/core/arima.hpp"

namespace ecomm::core {

// Of checked series, regressors and order, with more differences than coefficients; searched from `starts`
// too, or from these alone.
ArimaModel FitDesign(std::span<const double> y, const MatrixView& regressors, const ArimaDesign& design,
                     const ArimaOrder& order, int period, bool constant, bool conditional,
                     std::span<const std::vector<double>> starts, SearchEffort effort,
                     bool standard_errors = true);

}  // namespace ecomm::core
