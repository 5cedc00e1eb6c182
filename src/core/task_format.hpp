// Pieces of the tasks that are sent to workers (forecast_task.hpp, backtest_task.hpp) as bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "byte_format.hpp"
#include "ecomm_analytics/core/series_forecast.hpp"

namespace ecomm::core::task_format {

void PutText(std::string& out, std::string_view text);
void PutNumbers(std::string& out, const std::vector<double>& numbers);
void PutRequest(std::string& out, const ForecastRequest& request);
// Regressors have names only where they are made: a worker's have none.
void PutCalendar(std::string& out, const SeriesCalendar& calendar);

void PutSeries(std::string& out, std::span<const std::vector<double>* const> series);

// Off the front; Error(kBadData) for bytes that are something else.
std::uint64_t CutCount(std::string_view& bytes);
std::string_view CutText(std::string_view& bytes);
std::vector<double> CutNumbers(std::string_view& bytes);
ForecastRequest CutRequest(std::string_view& bytes);
SeriesCalendar CutCalendar(std::string_view& bytes);
// Visits each series of what PutSeries wrote.
template <typename Visit>
void CutSeries(std::string_view& bytes, Visit visit) {
  const std::uint64_t count = CutCount(bytes);
  for (std::uint64_t i = 0; i < count; ++i) visit(CutNumbers(bytes));
}

}  // namespace ecomm::core::task_format
