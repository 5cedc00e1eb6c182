// The ways of forecasting by their names.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/arima.hpp"
#include "ecomm_analytics/core/ets.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/forecast_model.hpp"
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
  kArima,
  kStl,   // one season taken out, the shortest
  kMstl,  // all of them
  kIntermittent,
  kCombine,  // the mean of its parts' forecasts and bounds
  kMedian,   // their median
  kAuto,
};

// A method with what it was told about itself.
struct MethodSpec {
  Forecaster kind = Forecaster::kAuto;
  ThetaModel theta = ThetaModel::kStandard;
  EtsForm ets = {};                     // automatic where nothing is said
  std::optional<ArimaForm> arima = {};  // without: chosen from the data
  IntermittentMethod intermittent = IntermittentMethod::kCroston;
  // Of kCombine and kMedian two to ten, none of them automatic; of kStl and kMstl the one for what is left.
  std::vector<MethodSpec> parts = {};
};

// From text as people write it, in either case:
//   auto, mean, naive, seasonal_naive, drift
//   theta, theta(optimised), theta(dynamic), theta(dynamic optimised)
//   ets, ets(MAM) and the other forms of ParseEtsForm()
//   ses, holt, damped_holt, holt_winters, holt_winters(multiplicative): the forms ANN, AAN, AAdN, AAA, MAM
//   arima, arima(0,1,1), arima(0,1,1)(0,1,1), also with ' with drift' and the like as ParseArimaForm() reads
//   stl(A), mstl(A): A without seasons for what the series leaves without them; stl and mstl: of ets
//   croston, sba, tsb, adida: for demand that is mostly 0
//   combine(A, B, ...), median(A, B, ...) of two to ten others
// Anything else throws Error(kInvalidArgument) that names these.
MethodSpec ParseMethod(std::string_view text);
// What ParseMethod reads back.
std::string Name(const MethodSpec& method);

// The method fitted to a series. `periods`: observations in a season, ascending; empty for none. A method
// that cannot use them does without; one that takes a single season takes the first. Throws what the method
// throws.
ForecastModel FitMethod(const MethodSpec& method, std::span<const double> y, std::span<const int> periods);

// The same form, order and parameters over another part of the series: cheap. What has no parameters worth
// keeping is fitted anew. Throws what the method throws.
ForecastModel Rerun(const ForecastModel& model, std::span<const double> y);

// FitMethod() and PredictFrom().
Forecast ForecastBy(const MethodSpec& method, std::span<const double> y, std::span<const int> periods,
                    const ForecastOptions& options);

}  // namespace ecomm::core
