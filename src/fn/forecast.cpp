// sales_forecast, ts_forecast.

#include "ecomm_analytics/core/coherent_series.hpp"
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

// Which functions add up: an order may hold several products, and a ratio is no sum.
core::Reconciliation ReadReconciliation(const std::string& text, const pg::SeriesOptions& series) {
  const core::Reconciliation method = core::ParseReconciliation(text);
  if (series.metric != core::Metric::kSales && series.metric != core::Metric::kUnits) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "only sales and units add up",
                      "The metric is " + std::string(core::Name(series.metric)) + ".",
                      "Leave out reconcile, or forecast another metric.");
  }
  if (series.by.empty()) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "reconcile needs something to tell series apart by",
                      {}, "Name it in by, 'category,state' say.");
  }
  return method;
}

struct NamedForecasts {
  std::vector<core::SeriesName> names;
  std::vector<core::StatedForecast> forecasts;
};

NamedForecasts ForecastEach(pg::Spi& spi, const core::ForecastRequest& request,
                            const core::SeriesCalendar& calendar, const pg::FitSet& fits,
                            const std::optional<core::Reconciliation>& reconcile) {
  NamedForecasts made;
  std::vector<const std::vector<double>*> values;
  for (const pg::FitSeries& series : fits.series) {
    made.names.push_back(series.name);
    values.push_back(&series.values);
  }
  if (!reconcile || values.size() < 2 || values.front()->empty()) {
    made.forecasts = pg::ForecastAll(spi, request, calendar, values, false);
    return made;
  }
  const core::CoherentSeries coherent(made.names, values);
  made.forecasts = pg::ForecastAll(spi, request, calendar, coherent.values(), true);
  coherent.Reconcile(*reconcile, &made.forecasts);
  made.names = coherent.names();
  return made;
}

Datum SalesForecast(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 1, .grain = 2, .by = 6, .from = 8, .to = 9, .sale = 10});
  fit.replacement = core::ParseReplacement(arguments.Text(7).value_or("keep"));
  core::ForecastRequest request = ReadForecastRequest(arguments, {.horizon = 0,
                                                                  .method = 3,
                                                                  .level = 4,
                                                                  .levels = 11,
                                                                  .season = 5,
                                                                  .scale = 12,
                                                                  .intervals = 15,
                                                                  .seed = 17});
  request.season_candidates = core::CustomaryPeriods(fit.series.grain);
  const pg::CalendarOptions days = ReadCalendarOptions(arguments, fit.series.grain, 13, 14);
  std::optional<core::Reconciliation> reconcile;
  if (const auto text = arguments.Text(16)) reconcile = ReadReconciliation(*text, fit.series);
  RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::FitSet fits = pg::ReadFits(spi, fit);
  const core::SeriesCalendar calendar =
      pg::ReadSalesCalendar(spi, days, fit.series, fits, request.options.horizon);
  const NamedForecasts made = ForecastEach(spi, request, calendar, fits, reconcile);
  const std::int64_t next = fits.first_period + static_cast<std::int64_t>(fits.periods);
  for (std::size_t k = 0; k < made.names.size(); ++k) {
    const core::StatedForecast& stated = made.forecasts[k];
    if (stated.forecast.mean.empty() && request.options.horizon > 0) {
      PutStatus(sink, stated, [&] {
        PutName(sink, made.names[k]);
        sink.Null();
      });
    }
    for (std::size_t i = 0; i < stated.forecast.mean.size(); ++i) {
      PutStep(sink, stated, i, [&] {
        PutName(sink, made.names[k]);
        PutPeriod(sink, fit.series.grain, next + static_cast<std::int64_t>(i));
      });
    }
  }
  return sink.Done();
}

Datum TsForecast(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const auto y = arguments.Float8Array(0);
  const core::ForecastRequest request = ReadForecastRequest(arguments, {.horizon = 1,
                                                                        .method = 2,
                                                                        .level = 4,
                                                                        .levels = 5,
                                                                        .season = 3,
                                                                        .scale = 6,
                                                                        .intervals = 8,
                                                                        .seed = 9});
  if (!y) return sink.Done();
  const core::StatedForecast stated = core::ForecastSeries(
      *y, request,
      ReadRegressors(arguments, 7, y->size() + static_cast<std::size_t>(request.options.horizon)));
  PutSteps(sink, stated, request.options.horizon);
  return sink.Done();
}

}  // namespace

// (horizon integer, metric text, grain text, method text, level float8, season integer, by text,
//  outliers text, from_date date, to_date date, sale regclass, levels float8[], scale text,
//  calendar text, regressors regclass, intervals text, reconcile text, seed bigint)
ECOMM_FUNCTION(ecomm_sales_forecast) {
  return pg::Entry([&] { return SalesForecast(fcinfo); });
}

// (y float8[], horizon integer, method text, season integer, level float8, levels float8[], scale text,
//  regressors float8[], intervals text, seed bigint)
ECOMM_FUNCTION(ecomm_ts_forecast) {
  return pg::Entry([&] { return TsForecast(fcinfo); });
}

}  // namespace ecomm::fn
