// sales_backtest, ts_backtest.

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/period.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/forecast_workers.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "forecast_arguments.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using pg::RowSink;

std::vector<core::MethodSpec> ReadMethods(const pg::Arguments& arguments, int position) {
  const auto names =
      arguments.TextArray(position, "methods")
          .value_or(std::vector<std::string>{"naive", "seasonal_naive", "theta", "ets", "arima", "auto"});
  if (names.empty()) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "methods must name at least one method");
  }
  std::vector<core::MethodSpec> methods;
  methods.reserve(names.size());
  for (const std::string& name : names) methods.push_back(core::ParseMethod(name));
  return methods;
}

void RequireSteps(const core::ForecastRequest& request) {
  if (request.options.horizon > 0) return;
  throw core::Error(core::ErrorCode::kInvalidArgument, "a backtest needs a horizon of 1 or more");
}

// 'ok', or what came in the way.
std::string StatusOf(const core::MethodBacktest& method) {
  return method.failures == 0 ? "ok" : method.first_failure;
}

// step, forecasts, mae, rmse, mape, smape, mase, rmsse, bias, coverage, msis, failures, status
void PutAccuracy(RowSink& sink, const std::optional<std::int64_t>& step, const core::Accuracy& accuracy,
                 const core::MethodBacktest& method) {
  if (step) {
    sink.Int32(static_cast<std::int32_t>(*step));
  } else {
    sink.Null();
  }
  sink.Int64(static_cast<std::int64_t>(accuracy.count));
  for (const auto& measure :
       {accuracy.mae, accuracy.rmse, accuracy.mape, accuracy.smape, accuracy.mase, accuracy.rmsse,
        accuracy.bias, accuracy.intervals.front().coverage, accuracy.intervals.front().msis}) {
    sink.Float8(measure);
  }
  sink.Int64(static_cast<std::int64_t>(method.failures)).Text(StatusOf(method)).EndRow();
}

// Rows of each method: over all steps, then step by step. One with the status alone where there is none.
template <typename Begin>
void PutBacktest(RowSink& sink, const core::StatedBacktest& backtest, Begin begin_row) {
  if (backtest.methods.empty()) {
    constexpr int kMeasures = 13;  // method to failures
    begin_row();
    for (int i = 0; i < kMeasures; ++i) sink.Null();
    sink.Text(backtest.status).EndRow();
  }
  for (const core::MethodBacktest& method : backtest.methods) {
    begin_row();
    sink.Text(method.name);
    PutAccuracy(sink, std::nullopt, method.overall, method);
    for (std::size_t i = 0; i < method.by_step.size(); ++i) {
      begin_row();
      sink.Text(method.name);
      PutAccuracy(sink, static_cast<std::int64_t>(i) + 1, method.by_step[i], method);
    }
  }
}

Datum SalesBacktest(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 2, .grain = 3, .by = 6, .from = 8, .to = 9, .sale = 10});
  fit.replacement = core::ParseReplacement(arguments.Text(7).value_or("keep"));
  core::ForecastRequest request =
      ReadForecastRequest(arguments, {.horizon = 0, .level = 4, .season = 5, .scale = 11, .intervals = 14});
  RequireSteps(request);
  request.season_candidates = core::CustomaryPeriods(fit.series.grain);
  const std::vector<core::MethodSpec> methods = ReadMethods(arguments, 1);
  const pg::CalendarOptions days = ReadCalendarOptions(arguments, fit.series.grain, 12, 13);
  RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::FitSet fits = pg::ReadFits(spi, fit);
  const core::SeriesCalendar calendar = pg::ReadSalesCalendar(spi, days, fit.series, fits, 0);
  std::vector<const std::vector<double>*> values;
  for (const pg::FitSeries& series : fits.series) values.push_back(&series.values);
  const auto backtests = pg::BacktestAll(spi, methods, request, calendar, values);
  for (std::size_t k = 0; k < backtests.size(); ++k) {
    PutBacktest(sink, backtests[k], [&] { PutName(sink, fits.series[k].name); });
  }
  return sink.Done();
}

Datum TsBacktest(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const core::ForecastRequest request =
      ReadForecastRequest(arguments, {.horizon = 1, .level = 4, .season = 3, .scale = 5, .intervals = 6});
  RequireSteps(request);
  const std::vector<core::MethodSpec> methods = ReadMethods(arguments, 2);
  const auto y = arguments.Float8Array(0);
  if (!y) return sink.Done();
  PutBacktest(sink, core::BacktestSeries(*y, methods, request), [] {});
  return sink.Done();
}

}  // namespace

// (horizon integer, methods text[], metric text, grain text, level float8, season integer, by text,
//  outliers text, from_date date, to_date date, sale regclass, scale text, calendar text,
//  regressors regclass, intervals text)
ECOMM_FUNCTION(ecomm_sales_backtest) {
  return pg::Entry([&] { return SalesBacktest(fcinfo); });
}

// (y float8[], horizon integer, methods text[], season integer, level float8, scale text, intervals text)
ECOMM_FUNCTION(ecomm_ts_backtest) {
  return pg::Entry([&] { return TsBacktest(fcinfo); });
}

}  // namespace ecomm::fn
