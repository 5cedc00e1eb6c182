#include "ecomm_analytics/pg/forecast_workers.hpp"

#include "ecomm_analytics/core/forecast_task.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"

namespace ecomm::pg {
namespace {

// Enough for workers to even out what one series takes longer than another, few enough to plan at once.
constexpr std::size_t kMostTasks = 64;

}  // namespace

std::vector<core::StatedForecast> ForecastAll(Spi& spi, const core::ForecastRequest& request,
                                              const core::SeriesCalendar& calendar,
                                              std::span<const std::vector<double>* const> series,
                                              bool with_residuals) {
  std::vector<core::StatedForecast> forecasts;
  forecasts.reserve(series.size());
  if (series.size() < 2) {
    for (const auto* values : series) forecasts.push_back(core::ForecastToTheEnd(*values, request, calendar));
    return forecasts;
  }
  const PinnedSettings pinned;
  const std::size_t tasks = std::min(kMostTasks, series.size());
  // A branch of UNION ALL is what the server gives to one worker whole.
  std::string sql;
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < tasks; ++i) {
    const std::size_t begin = series.size() * i / tasks;
    const std::size_t end = series.size() * (i + 1) / tasks;
    const std::string task =
        core::EncodeForecastTask(request, calendar, series.subspan(begin, end - begin), with_residuals);
    parameters.push_back({BYTEAOID, ByteaFrom({task})});
    sql += (i == 0 ? "" : " UNION ALL ") + std::string("SELECT ") + std::to_string(i) +
           " AS task, result FROM ecomm._forecast($" + std::to_string(i + 1) + ") AS result";
  }
  const Rows rows = spi.QueryShared(sql, parameters);
  std::vector<std::uint64_t> row_of(tasks);
  for (std::uint64_t row = 0; row < rows.count(); ++row) {
    row_of[static_cast<std::size_t>(*rows.Int32(row, 0))] = row;
  }
  for (const std::uint64_t row : row_of) {
    for (core::StatedForecast& forecast : core::DecodeForecasts(PayloadOf(*rows.Value(row, 1)))) {
      forecasts.push_back(std::move(forecast));
    }
  }
  return forecasts;
}

}  // namespace ecomm::pg
