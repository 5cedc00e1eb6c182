// sales_forecast, sales_backtest, ts_forecast, ts_backtest.

#include "ecomm_analytics/core/backtest.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_method.hpp"
#include "ecomm_analytics/core/period.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using pg::RowSink;

core::ForecastOptions ReadOptions(const pg::Arguments& arguments, int horizon, int level) {
  core::ForecastOptions options;
  options.horizon = arguments.Int32(horizon).value_or(28);
  options.levels = {arguments.Float8(level).value_or(0.95)};
  core::RequireForecastOptions(options);
  return options;
}

// The stated season, or the shortest that the values show.
int SeasonOf(std::span<const double> y, const std::optional<std::int32_t>& stated,
             const std::vector<double>& candidates) {
  if (stated) {
    if (*stated < 1) {
      throw core::Error(core::ErrorCode::kInvalidArgument, "season must be at least 1",
                        "It is " + std::to_string(*stated) + ".");
    }
    return *stated;
  }
  return static_cast<int>(std::lround(core::FindPeriods(y, {.candidates = candidates}).periods.front()));
}

void PutStep(RowSink& sink, const core::Forecast& forecast, std::size_t i) {
  sink.Float8(forecast.mean[i])
      .Float8(forecast.lower[0][i])
      .Float8(forecast.upper[0][i])
      .Text(forecast.method);
}

Datum SalesForecast(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 1, .grain = 2, .by = 6, .from = 8, .to = 9, .sale = 10});
  fit.replacement = core::ParseReplacement(arguments.Text(7).value_or("keep"));
  const core::Forecaster method = core::ParseForecaster(arguments.Text(3).value_or("auto"));
  const core::ForecastOptions options = ReadOptions(arguments, 0, 4);
  const std::vector<double> candidates = core::CustomaryPeriods(fit.series.grain);
  RowSink sink(fcinfo);
  pg::Spi spi;
  pg::ForEachFit(spi, fit, [&](const pg::FitSeries& series) {
    if (series.values.empty()) return;
    const int season = SeasonOf(series.values, arguments.Int32(5), candidates);
    const core::StatedForecast stated = core::ForecastSales(method, series.values, season, options);
    const std::int64_t next = series.first_period + static_cast<std::int64_t>(series.values.size());
    for (std::size_t i = 0; i < stated.forecast.mean.size(); ++i) {
      PutName(sink, series.name);
      PutPeriod(sink, fit.series.grain, next + static_cast<std::int64_t>(i));
      PutStep(sink, stated.forecast, i);
      sink.Text(stated.status).EndRow();
    }
  });
  return sink.Done();
}

Datum TsForecast(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const auto y = arguments.Float8Array(0);
  const core::ForecastOptions options = ReadOptions(arguments, 1, 4);
  const core::Forecaster method = core::ParseForecaster(arguments.Text(2).value_or("auto"));
  if (!y) return sink.Done();
  const core::Forecast forecast = core::ForecastBy(method, *y, SeasonOf(*y, arguments.Int32(3), {}), options);
  for (std::size_t i = 0; i < forecast.mean.size(); ++i) {
    sink.Int32(static_cast<std::int32_t>(i) + 1);
    PutStep(sink, forecast, i);
    sink.EndRow();
  }
  return sink.Done();
}

std::vector<core::NamedMethod> ReadMethods(const pg::Arguments& arguments, int position, int season) {
  const auto names =
      arguments.TextArray(position, "methods")
          .value_or(std::vector<std::string>{"naive", "seasonal_naive", "theta", "ets", "auto"});
  std::vector<core::NamedMethod> methods;
  for (const std::string& name : names) {
    methods.push_back({name, [forecaster = core::ParseForecaster(name), season](
                                 std::span<const double> y, const core::ForecastOptions& options) {
                         return core::ForecastBy(forecaster, y, season, options);
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

core::BacktestOptions BacktestWith(const core::ForecastOptions& forecast, int season) {
  core::BacktestOptions options;
  options.forecast = forecast;
  options.period = season;
  return options;
}

Datum SalesBacktest(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 2, .grain = 3, .by = 6, .from = 8, .to = 9, .sale = 10});
  fit.replacement = core::ParseReplacement(arguments.Text(7).value_or("keep"));
  const core::ForecastOptions options = ReadOptions(arguments, 0, 4);
  const std::vector<double> candidates = core::CustomaryPeriods(fit.series.grain);
  (void)ReadMethods(arguments, 1, 1);  // a misspelt name is told before the lines are read
  RowSink sink(fcinfo);
  pg::Spi spi;
  pg::ForEachFit(spi, fit, [&](const pg::FitSeries& series) {
    if (series.values.empty()) return;
    const int season = SeasonOf(series.values, arguments.Int32(5), candidates);
    const auto methods = ReadMethods(arguments, 1, season);
    PutBacktest(sink, core::RunBacktest(series.values, methods, BacktestWith(options, season)),
                [&] { PutName(sink, series.name); });
  });
  return sink.Done();
}

Datum TsBacktest(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const auto y = arguments.Float8Array(0);
  const core::ForecastOptions options = ReadOptions(arguments, 1, 4);
  if (!y) return sink.Done();
  const int season = SeasonOf(*y, arguments.Int32(3), {});
  PutBacktest(sink, core::RunBacktest(*y, ReadMethods(arguments, 2, season), BacktestWith(options, season)),
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

// (horizon integer, metric text, grain text, method text, level float8, season integer, by text, outliers
// text,
//  from_date date, to_date date, sale regclass)
ECOMM_FUNCTION(ecomm_sales_forecast) {
  return pg::Entry([&] { return SalesForecast(fcinfo); });
}

// (y float8[], horizon integer, method text, season integer, level float8)
ECOMM_FUNCTION(ecomm_ts_forecast) {
  return pg::Entry([&] { return TsForecast(fcinfo); });
}

}  // namespace ecomm::fn
