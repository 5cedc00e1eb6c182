// sales_backtest, ts_backtest.

#include "ecomm_analytics/core/backtest.hpp"

#include "ecomm_analytics/core/period.hpp"

#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "forecast_arguments.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using pg::RowSink;

std::vector<core::NamedMethod> ReadMethods(const pg::Arguments& arguments, int position,
                                           std::span<const int> seasons) {
  const auto names =
      arguments.TextArray(position, "methods")
          .value_or(std::vector<std::string>{"naive", "seasonal_naive", "theta", "ets", "auto"});
  std::vector<core::NamedMethod> methods;
  for (const std::string& name : names) {
    methods.push_back({name, [method = core::ParseMethod(name), seasons](
                                 std::span<const double> y, const core::ForecastOptions& options) {
                         return core::ForecastBy(method, y, seasons, options);
                       }});
  }
  return methods;
}

// step, forecasts, mae, rmse, mape, smape, mase, rmsse, bias, coverage, msis, failures
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
  sink.Int64(static_cast<std::int64_t>(method.failures)).EndRow();
}

// Rows of each method: over all steps, then step by step.
template <typename Begin>
void PutBacktest(RowSink& sink, const core::Backtest& backtest, Begin begin_row) {
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

core::BacktestOptions BacktestWith(const core::ForecastOptions& forecast, std::span<const int> seasons) {
  core::BacktestOptions options;
  options.forecast = forecast;
  options.period = seasons.empty() ? 1 : seasons.front();
  return options;
}

Datum SalesBacktest(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 2, .grain = 3, .by = 6, .from = 8, .to = 9, .sale = 10});
  fit.replacement = core::ParseReplacement(arguments.Text(7).value_or("keep"));
  const core::ForecastRequest request =
      ReadForecastRequest(arguments, {.horizon = 0, .level = 4, .season = 5});
  const std::vector<double> candidates = core::CustomaryPeriods(fit.series.grain);
  (void)ReadMethods(arguments, 1, {});  // a misspelt name is told before the lines are read
  RowSink sink(fcinfo);
  pg::Spi spi;
  pg::ForEachFit(spi, fit, [&](const pg::FitSeries& series) {
    if (series.values.empty()) return;
    const std::vector<int> seasons = core::SeasonsOf(series.values, request.season, candidates);
    const auto methods = ReadMethods(arguments, 1, seasons);
    PutBacktest(sink, core::RunBacktest(series.values, methods, BacktestWith(request.options, seasons)),
                [&] { PutName(sink, series.name); });
  });
  return sink.Done();
}

Datum TsBacktest(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const auto y = arguments.Float8Array(0);
  const core::ForecastRequest request =
      ReadForecastRequest(arguments, {.horizon = 1, .level = 4, .season = 3});
  if (!y) return sink.Done();
  const std::vector<int> seasons = core::SeasonsOf(*y, request.season, {});
  PutBacktest(
      sink, core::RunBacktest(*y, ReadMethods(arguments, 2, seasons), BacktestWith(request.options, seasons)),
      [] {});
  return sink.Done();
}

}  // namespace

// (horizon integer, methods text[], metric text, grain text, level float8, season integer, by text,
//  outliers text, from_date date, to_date date, sale regclass)
ECOMM_FUNCTION(ecomm_sales_backtest) {
  return pg::Entry([&] { return SalesBacktest(fcinfo); });
}

// (y float8[], horizon integer, methods text[], season integer, level float8)
ECOMM_FUNCTION(ecomm_ts_backtest) {
  return pg::Entry([&] { return TsBacktest(fcinfo); });
}

}  // namespace ecomm::fn
