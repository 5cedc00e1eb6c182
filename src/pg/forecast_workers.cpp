#include "ecomm_analytics/pg/forecast_workers.hpp"

#include "ecomm_analytics/core/forecast_task.hpp"
#include "ecomm_analytics/core/trained_sales.hpp"
#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"

namespace ecomm::pg {
namespace {

using SeriesList = std::span<const std::vector<double>* const>;

// Enough for workers to even out what one series takes longer than another, few enough to plan at once.
constexpr std::size_t kMostTasks = 64;

// Runs `function` of the schema ecomm, bytea to bytea, on tasks of some series each, and hands its results to
// `take` in the order of the series. A branch of UNION ALL is what the server gives to one worker whole.
void RunTasks(Spi& spi, const std::string& function, SeriesList series,
              const std::function<std::string(SeriesList)>& encode,
              const std::function<void(std::string_view)>& take) {
  if (series.empty()) return;
  const PinnedSettings pinned;
  const std::size_t tasks = std::min(kMostTasks, series.size());
  std::string sql;
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < tasks; ++i) {
    const std::size_t begin = series.size() * i / tasks;
    const std::size_t end = series.size() * (i + 1) / tasks;
    parameters.push_back({BYTEAOID, ByteaFrom({encode(series.subspan(begin, end - begin))})});
    sql += (i == 0 ? "" : " UNION ALL ") + std::string("SELECT ") + std::to_string(i) +
           " AS task, result FROM ecomm." + function + "($" + std::to_string(i + 1) + ") AS result";
  }
  const Rows rows = spi.QueryShared(sql, parameters);
  std::vector<std::uint64_t> row_of(tasks);
  for (std::uint64_t row = 0; row < rows.count(); ++row) {
    row_of[static_cast<std::size_t>(*rows.Int32(row, 0))] = row;
  }
  for (const std::uint64_t row : row_of) take(PayloadOf(*rows.Value(row, 1)));
}

}  // namespace

std::vector<core::StatedForecast> ForecastAll(Spi& spi, const core::ForecastRequest& request,
                                              const core::SeriesCalendar& calendar, SeriesList series,
                                              bool with_residuals) {
  std::size_t residuals = 0;
  for (const auto* values : series) residuals += with_residuals ? values->size() : 0;
  core::RequireForecastMemory(request, series.size(), residuals);
  std::vector<core::StatedForecast> forecasts;
  RunTasks(
      spi, "_forecast", series,
      [&](SeriesList some) { return core::EncodeForecastTask(request, calendar, some, with_residuals); },
      [&](std::string_view result) {
        for (auto& forecast : core::DecodeForecasts(result)) forecasts.push_back(std::move(forecast));
      });
  return forecasts;
}

std::vector<core::StatedBacktest> BacktestAll(Spi& spi, std::span<const core::MethodSpec> methods,
                                              const core::ForecastRequest& request,
                                              const core::SeriesCalendar& calendar, SeriesList series) {
  std::vector<core::StatedBacktest> backtests;
  RunTasks(
      spi, "_backtest", series,
      [&](SeriesList some) { return core::EncodeBacktestTask(methods, request, calendar, some); },
      [&](std::string_view result) {
        for (auto& backtest : core::DecodeBacktests(result)) backtests.push_back(std::move(backtest));
      });
  return backtests;
}

std::vector<core::TrainedSeries> TrainAll(Spi& spi, const core::ForecastRequest& request,
                                          const core::ClosedWeekdays& days, SeriesList series) {
  std::vector<core::TrainedSeries> trained;
  RunTasks(
      spi, "_fit", series, [&](SeriesList some) { return core::EncodeTrainTask(request, days, some); },
      [&](std::string_view result) {
        for (auto& one : core::DecodeTrained(result)) trained.push_back(std::move(one));
      });
  return trained;
}

}  // namespace ecomm::pg
