// Forecasts of many series as work for other processes: what is asked and what came out, as bytes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/series_forecast.hpp"

namespace ecomm::core {

// The series all end where the horizon begins: the last entries of the calendar, if there is one, are those
// of a series.
StatedForecast ForecastToTheEnd(std::span<const double> y, const ForecastRequest& request,
                                const SeriesCalendar& calendar);

// Throws Error(kMemoryLimit) where the results of so many series would need more than is allowed.
void RequireForecastMemory(const ForecastRequest& request, std::size_t series, std::size_t residuals);

// One request for several series. `with_residuals`: whether the errors
// one step ahead come back too, in the unit of the series; fitted values never do.
std::string EncodeForecastTask(const ForecastRequest& request, const SeriesCalendar& calendar,
                               std::span<const std::vector<double>* const> series, bool with_residuals);

// ForecastToTheEnd() for each series of a task, encoded. Throws Error(kBadData) for bytes that are none, and
// what ForecastSeries() throws.
std::string RunForecastTask(std::string_view task);

// In the order of the task's series. Throws Error(kBadData).
std::vector<StatedForecast> DecodeForecasts(std::string_view result);

}  // namespace ecomm::core
