// sales_forecast, ts_forecast.

#include "ecomm_analytics/core/period.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/forecast_workers.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "forecast_arguments.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using pg::RowSink;

Datum SalesForecast(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 1, .grain = 2, .by = 6, .from = 8, .to = 9, .sale = 10});
  fit.replacement = core::ParseReplacement(arguments.Text(7).value_or("keep"));
  core::ForecastRequest request = ReadForecastRequest(
      arguments, {.horizon = 0, .method = 3, .level = 4, .levels = 11, .season = 5, .scale = 12});
  request.season_candidates = core::CustomaryPeriods(fit.series.grain);
  const pg::CalendarOptions days = ReadCalendarOptions(arguments, 13, 14);
  RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::FitSet fits = pg::ReadFits(spi, fit);
  const std::vector<pg::FitSeries>& all = fits.series;
  const core::SeriesCalendar calendar =
      pg::ReadSalesCalendar(spi, days, fit.series, fits, request.options.horizon);
  std::vector<const std::vector<double>*> values;
  for (const pg::FitSeries& series : all) values.push_back(&series.values);
  const std::vector<core::StatedForecast> forecasts = pg::ForecastAll(spi, request, calendar, values, false);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const core::StatedForecast& stated = forecasts[k];
    if (stated.forecast.mean.empty() && request.options.horizon > 0) {
      PutStatus(sink, stated, [&] {
        PutName(sink, all[k].name);
        sink.Null();
      });
    }
    for (std::size_t i = 0; i < stated.forecast.mean.size(); ++i) {
      PutStep(sink, stated, i, [&] {
        PutName(sink, all[k].name);
        PutPeriod(sink, fit.series.grain, all[k].next_period() + static_cast<std::int64_t>(i));
      });
    }
  }
  return sink.Done();
}

Datum TsForecast(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const auto y = arguments.Float8Array(0);
  const core::ForecastRequest request = ReadForecastRequest(
      arguments, {.horizon = 1, .method = 2, .level = 4, .levels = 5, .season = 3, .scale = 6});
  if (!y) return sink.Done();
  const core::StatedForecast stated = core::ForecastSeries(
      *y, request,
      ReadRegressors(arguments, 7, y->size() + static_cast<std::size_t>(request.options.horizon)));
  if (stated.forecast.mean.empty() && request.options.horizon > 0) {
    PutStatus(sink, stated, [&] { sink.Null(); });
  }
  for (std::size_t i = 0; i < stated.forecast.mean.size(); ++i) {
    PutStep(sink, stated, i, [&] { sink.Int32(static_cast<std::int32_t>(i) + 1); });
  }
  return sink.Done();
}

}  // namespace

// (horizon integer, metric text, grain text, method text, level float8, season integer, by text,
//  outliers text, from_date date, to_date date, sale regclass, levels float8[], scale text,
//  calendar text, regressors regclass)
ECOMM_FUNCTION(ecomm_sales_forecast) {
  return pg::Entry([&] { return SalesForecast(fcinfo); });
}

// (y float8[], horizon integer, method text, season integer, level float8, levels float8[], scale text,
//  regressors float8[])
ECOMM_FUNCTION(ecomm_ts_forecast) {
  return pg::Entry([&] { return TsForecast(fcinfo); });
}

}  // namespace ecomm::fn
