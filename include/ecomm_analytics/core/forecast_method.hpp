// The ways of forecasting by their names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/ets.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/intermittent.hpp"
#include "ecomm_analytics/core/theta.hpp"

namespace ecomm::core {

enum class Forecaster {
  kMean,
  kNaive,
  kSeasonalNaive,
  kDrift,
  kTheta,
  kEts,
  kIntermittent,
  kCombine,  // the mean of its parts' forecasts and bounds
  kMedian,   // their median
  kAuto,
};

// A method with what it was told about itself.
struct MethodSpec {
  Forecaster kind = Forecaster::kAuto;
  ThetaModel theta = ThetaModel::kStandard;
  EtsForm ets = {};  // automatic where nothing is said
  IntermittentMethod intermittent = IntermittentMethod::kCroston;
  std::vector<MethodSpec> parts = {};  // of kCombine and kMedian: two and more, none of them automatic
};

// From text as people write it, in either case:
//   mean, naive, seasonal_naive, drift, auto
//   theta, theta(optimised), theta(dynamic), theta(dynamic optimised)
//   ets, ets(MAM) and the other forms of ParseEtsForm()
//   ses, holt, damped_holt, holt_winters, holt_winters(multiplicative): the forms ANN, AAN, AAdN, AAA, MAM
//   croston, sba, tsb, adida: for demand that is mostly 0
//   combine(A, B, ...), median(A, B, ...) of two to ten others
// Anything else throws Error(kInvalidArgument) that names these.
MethodSpec ParseMethod(std::string_view text);
// What ParseMethod reads back.
std::string Name(const MethodSpec& method);

// `periods`: observations in a season, ascending; empty for none. A method that cannot use them does without;
// one that takes a single season takes the first. Throws what the method throws.
Forecast ForecastBy(const MethodSpec& method, std::span<const double> y, std::span<const int> periods,
                    const ForecastOptions& options);

}  // namespace ecomm::core
