// A fitted forecasting model of any kind as one value: it forecasts, takes new observations in without a new
// fit, and goes to a document and back. It is what `ecomm.model` keeps of a series.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "ecomm_analytics/core/arima.hpp"
#include "ecomm_analytics/core/benchmarks.hpp"
#include "ecomm_analytics/core/combine_forecasts.hpp"
#include "ecomm_analytics/core/ets.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/intermittent.hpp"
#include "ecomm_analytics/core/json.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "ecomm_analytics/core/seasonal_forecast.hpp"
#include "ecomm_analytics/core/theta.hpp"

namespace ecomm::core {

inline constexpr int kForecastFormatVersion = 1;
inline constexpr const char* kForecastKind = "forecast";

struct ForecastModel;

// Seasons by STL, and a model of what is left (Hyndman & Athanasopoulos 2021, Forecasting: principles and
// practice, 5.7). The seasons repeat their last cycle; intervals are the nested model's and do not know that
// seasons are estimates, as in R's forecast::stlf. sigma2 is the nested model's.
struct SeasonalModel {
  SeasonCycles season;
  std::vector<ForecastModel> nested;  // exactly one
  std::vector<double> fitted;
  std::vector<double> residuals;  // y - fitted, whatever the nested model's are
};

// What several models say, combined.
struct CombinedModel {
  Combination combination = Combination::kMean;
  std::vector<ForecastModel> members;  // two and more
  std::vector<double> weights;         // of the mean, adding up to 1; empty where all are the same
  std::int64_t errors = 0;             // residuals there are
  double squares = 0;                  // of them
  std::vector<double> fitted;
  std::vector<double> residuals;
};

struct ForecastModel {
  std::variant<BenchmarkFit, ThetaFit, EtsModel, ArimaModel, IntermittentFit, SeasonalModel, CombinedModel>
      value;
};

// A model of what is left of `y` without its seasons, made by `fit`. Throws what TakeOutSeasons() and `fit`
// do.
SeasonalModel FitSeasonal(std::span<const double> y, const SeasonOptions& options,
                          const std::function<ForecastModel(std::span<const double>)>& fit);

// The members are of `y`, with all fitted values. Throws Error(kInvalidArgument) for fewer than two or more
// than kMaxForecastMembers, where they are not, and for weights that are not one for each, or not of a mean.
CombinedModel Combine(std::span<const double> y, std::vector<ForecastModel> members, Combination combination,
                      std::vector<double> weights = {});

// --- what a model can do
// -------------------------------------------------------------------------------------

// As the model's own way of forecasting gives it; all numbers are finite. `fitted` and `residuals` are what
// the model holds of them: a model read from a document has none. `regressors` has a row per step ahead and
// RegressorCount() columns. Throws what the model's own way does, Error(kInvalidArgument) for another number
// of columns, and Error(kNumericRange) where a forecast leaves the representable numbers.
Forecast PredictFrom(const ForecastModel& model, const ForecastOptions& options = {});
Forecast PredictFrom(const ForecastModel& model, const ForecastOptions& options,
                     const MatrixView& regressors);

// The model continued over the observations that follow: states, sums and variance move on, estimated
// parameters and seasons stay. `regressors` has a row per observation. Throws what the model's own update
// does, and for regressors as PredictFrom().
ForecastModel Update(ForecastModel model, std::span<const double> y);
ForecastModel Update(ForecastModel model, std::span<const double> y, const MatrixView& regressors);

// Columns that PredictFrom() and Update() need; 0 for most models.
std::size_t RegressorCount(const ForecastModel& model);

// Of the latest observations: of all, or since the model was read from a document. Seen, they end with the
// last observation.
std::span<const double> FittedOf(const ForecastModel& model);
std::span<const double> ResidualsOf(const ForecastModel& model);

std::int64_t Observations(const ForecastModel& model);

// The method as shown to people: "ETS(A,Ad,N)", "STL + naive".
std::string Describe(const ForecastModel& model);

// --- documents
// -----------------------------------------------------------------------------------------------

// Beyond these a document is refused.
inline constexpr std::size_t kMaxForecastPeriods = 10;
inline constexpr std::size_t kMaxForecastMembers = 16;
inline constexpr int kMaxForecastNesting = 4;  // models within models
inline constexpr std::int64_t kMaxForecastLength = 100'000'000'000'000;

// Every parameter and state, without fitted values and residuals. Forecasts of
// ForecastModelFromJson(ToJson(m)) are those of m, bit for bit, and so is what becomes of them by Update().
Json ToJson(const ForecastModel& model);

// Reads and validates a whole document. Throws Error(kBadData) that names the place for an unknown
// format_version, kind, member or type of model, for what is missing, wrong shapes, numbers out of their
// range and too deep a nesting.
ForecastModel ForecastModelFromJson(const Json& document);
// The same of a document within another.
ForecastModel ReadForecastModel(const JsonReader& document);

}  // namespace ecomm::core
