// A given ARIMA model over observations.
#pragma once

#include <span>

#include "ecomm_analytics/core/arima.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {

// Throws Error(kInvalidArgument) where coefficients, or the state after observations, do not fit the order.
void RequireWholeArima(const ArimaModel& model);

// What the constant and a row of regressors add at a time counted from 1.
double Explained(const ArimaModel& model, const MatrixView& regressors, std::size_t row, std::size_t time);

// Continues a model whose state is given over checked observations, and brings likelihood and criteria up to
// date.
void ContinueArima(std::span<const double> y, const MatrixView& regressors, ArimaModel* model);

// Before the first observation. `unit` is what squares are taken relative to.
void StartArima(double unit, ArimaModel* model);

}  // namespace ecomm::core
