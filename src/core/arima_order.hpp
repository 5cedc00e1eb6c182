// What is checked of ARIMA models before anything is computed.
#pragma once

#include "ecomm_analytics/core/arima.hpp"

namespace ecomm::core {

// Throws Error(kInvalidArgument) for an order or period outside its range.
void RequireArimaOrder(const ArimaOrder& order, int period);

}  // namespace ecomm::core
