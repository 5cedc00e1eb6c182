// A series' forecasting model together with what is done around it (series_forecast.hpp), to be kept: it
// forecasts without the observations, and takes new ones in without a new fit.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>

#include "ecomm_analytics/core/forecast_model.hpp"
#include "ecomm_analytics/core/interval_calibration.hpp"
#include "ecomm_analytics/core/json.hpp"
#include "ecomm_analytics/core/series_forecast.hpp"

namespace ecomm::core {

inline constexpr int kTrainedFormatVersion = 1;
inline constexpr const char* kTrainedKind = "series_forecast";

// Steps ahead that intervals are calibrated for where nothing else is said.
inline constexpr int kTrainedHorizon = 28;

// Weekdays on which a shop never sells: observations of them are left out, and forecasts are 0.
struct ClosedWeekdays {
  std::array<bool, 7> closed{};  // by ISO weekday less 1; none for series that are not of days
  int next = 1;                  // the ISO weekday of the first step ahead

  bool any() const;
};

struct TrainedSeries {
  std::optional<ForecastModel> model;  // of open days, on the scale; none where there were no values
  std::optional<double> lambda;        // of the Box-Cox scale; none: as it is
  IntervalCorrection correction;       // of open days; steps beyond it have its last
  ClosedWeekdays days;
  bool non_negative = false;  // no observation was below 0, and no forecast will be
  std::string status;         // as StatedForecast has it
};

// PredictTrained() gives what ForecastSeries() gives for the same request, with the same closed weekdays in
// its calendar, up to fitted values and residuals. Regressors are not kept. Throws what ForecastSeries()
// throws; Error(kInvalidArgument) for other intervals than calibrated ones and the model's.
TrainedSeries TrainSeries(std::span<const double> y, const ForecastRequest& request,
                          const ClosedWeekdays& days = {});

// Fitted values and residuals are left out; without a model there is no forecast. Throws what PredictFrom()
// throws.
StatedForecast PredictTrained(const TrainedSeries& trained, const ForecastOptions& options = {});

// Continued over the observations that follow: states and variance move on; parameters, seasons, lambda and
// the intervals' correction stay. A series that was only repeated goes on as a naive forecast, and its status
// says so. Throws what RequireForecastSeries() and Update() do, and Error(kUnusableData) for values of zero
// and less on a Box-Cox scale.
TrainedSeries UpdateTrained(TrainedSeries trained, std::span<const double> y);

// Forecasts from TrainedSeriesFromJson(ToJson(t)) are those of t, bit for bit, and so is what becomes of them
// by UpdateTrained(). Reading validates the whole document: Error(kBadData) names the place.
Json ToJson(const TrainedSeries& trained);
TrainedSeries TrainedSeriesFromJson(const Json& document);
// The same within another document.
TrainedSeries ReadTrainedSeries(const JsonReader& document);

}  // namespace ecomm::core
