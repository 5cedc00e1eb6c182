// A forecast of a series of sales whatever the series: the method, and what is done around it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/forecast_intervals.hpp"
#include "ecomm_analytics/core/forecast_method.hpp"
#include "ecomm_analytics/core/series_calendar.hpp"

namespace ecomm::core {

// The scale a series is forecast on: (y^lambda - 1) / lambda, log(y) for a lambda of 0 (Box & Cox 1964).
struct ForecastScale {
  bool boxcox = false;           // otherwise as it is
  std::optional<double> lambda;  // 0 to 2; without: the one of largest likelihood, within 0 to 1
};

// From 'none', 'log', 'boxcox' or 'boxcox(0.3)'; anything else throws Error(kInvalidArgument).
ForecastScale ParseForecastScale(std::string_view text);

struct ForecastRequest {
  MethodSpec method;
  ForecastOptions options;
  // The shortest season in observations, 1 for none; without: FindPeriods() among the candidates.
  std::optional<int> season;
  std::vector<double> season_candidates;
  ForecastScale scale;
  Intervals intervals = Intervals::kCalibrated;
  std::uint64_t seed = 1;  // of what is simulated
};

struct StatedForecast {
  Forecast forecast;
  std::string status;  // 'ok', or what became of it instead and why
};

// Never fails for what the values are: where the method cannot take them, the naive forecast is given and the
// status says so; no values, no forecast, and it says that. Points are means also where another scale is
// asked for; series with values of zero and less stay as they are, which the status tells. Forecasts and
// bounds of a series without negative values are not negative.
//
// `calendar` has an entry per value of `y` and per step ahead, or nothing. The effects of its regressors are
// estimated with errors of the airline model ARIMA(0,1,1)(0,1,1) (Box & Jenkins 1976), without its season
// where the series has none or is too short for it; the method forecasts what they leave, and they are added
// again. What `y` cannot tell has no effect. The uncertainty of effects is not in the bounds.
//
// Throws Error(kInvalidArgument) for a season below 1 and a calendar of another length, what ForecastBy()
// throws for options, and what RequireForecastSeries() does.
StatedForecast ForecastSeries(std::span<const double> y, const ForecastRequest& request,
                              const SeriesCalendar& calendar = {});

// The seasons to forecast with: the stated one and, for an hour's or half an hour's day (24, 48), its week,
// for a week of days its year, where FindPeriods() finds that significant too; otherwise those found.
// Ascending, in whole observations; empty for none. Throws as ForecastSeries.
std::vector<int> SeasonsOf(std::span<const double> y, std::optional<int> stated,
                           std::span<const double> candidates);

}  // namespace ecomm::core
