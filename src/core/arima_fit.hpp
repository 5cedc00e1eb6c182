// From a design to a fitted ARIMA model.
#pragma once

#include <span>

#include "arima_design.hpp"
#include "ecomm_analytics/core/arima.hpp"

namespace ecomm::core {

// Of checked series, regressors and order, with more differences than coefficients.
ArimaModel FitDesign(std::span<const double> y, const MatrixView& regressors, const ArimaDesign& design,
                     const ArimaOrder& order, int period, bool constant, bool conditional);

}  // namespace ecomm::core
