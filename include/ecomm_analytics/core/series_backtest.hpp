// Backtests of series of sales (backtest.hpp), with all that is done around a method.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/backtest.hpp"
#include "ecomm_analytics/core/series_forecast.hpp"

namespace ecomm::core {

struct StatedBacktest {
  std::vector<MethodBacktest> methods;  // without `errors`; none where there is no backtest
  std::string status;                   // 'ok', or why there is none
};

// Each method as ForecastSeries() forecasts, from up to ten origins; `request.method` is not used. A method
// that falls back fails at that origin. `calendar` has an entry per value, or nothing. Throws for requests
// what ForecastSeries() and RunBacktest() do, but not for series: a series that is too short says so.
StatedBacktest BacktestSeries(std::span<const double> y, std::span<const MethodSpec> methods,
                              const ForecastRequest& request, const SeriesCalendar& calendar = {});

// --- the same as work for other processes ------------------------------------------------------------------

// The series all end with the calendar.
std::string EncodeBacktestTask(std::span<const MethodSpec> methods, const ForecastRequest& request,
                               const SeriesCalendar& calendar,
                               std::span<const std::vector<double>* const> series);
// BacktestSeries() for each series of a task. Throws Error(kBadData) for bytes that are none.
std::string RunBacktestTask(std::string_view task);
std::vector<StatedBacktest> DecodeBacktests(std::string_view result);

}  // namespace ecomm::core
