// sales_anomalies, ts_anomalies, sales_forecast_diagnosis, ts_forecast_diagnosis.

#include "ecomm_analytics/core/anomalies.hpp"

#include "ecomm_analytics/core/forecast_diagnosis.hpp"
#include "ecomm_analytics/core/period.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "forecast_arguments.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using pg::RowSink;

// observed, expected, lower, upper, probability
RowSink& PutAnomaly(RowSink& sink, std::span<const double> y, const core::Anomalies& found, std::size_t i) {
  return sink.Float8(y[i])
      .Defined(found.expected[i])
      .Defined(found.lower[i])
      .Defined(found.upper[i])
      .Defined(found.probability[i]);
}

void PutDiagnosis(RowSink& sink, const core::ForecastDiagnosis& diagnosis) {
  sink.Int64(static_cast<std::int64_t>(diagnosis.residuals))
      .Float8(diagnosis.mean)
      .Float8(diagnosis.deviation)
      .Float8(diagnosis.autocorrelation)
      .Int32(diagnosis.lags)
      .Float8(diagnosis.ljung_box)
      .Float8(diagnosis.ljung_box_p)
      .Float8(diagnosis.jarque_bera)
      .Float8(diagnosis.jarque_bera_p)
      .Text(diagnosis.method)
      .Text(diagnosis.status)
      .EndRow();
}

Datum SalesAnomalies(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  const pg::SeriesOptions options =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = 1, .by = 5, .from = 6, .to = 7, .sale = 8});
  core::ForecastRequest request = ReadForecastRequest(arguments, {.method = 2, .season = 4, .scale = 9});
  request.season_candidates = core::CustomaryPeriods(options.grain);
  const double level = arguments.Float8(3).value_or(0.99);
  RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::FitSet fits = pg::ReadFits(spi, {.series = options});
  const core::SeriesCalendar calendar = pg::ReadSalesCalendar(spi, {}, options, fits, 0);
  for (const pg::FitSeries& series : fits.series) {
    const core::Anomalies found =
        core::FindAnomalies(series.values, request, level, calendar.Last(series.values.size()));
    for (std::size_t i = 0; i < found.is_anomaly.size(); ++i) {
      if (!found.is_anomaly[i]) continue;
      PutName(sink, series.name);
      PutPeriod(sink, options.grain, series.first_period + static_cast<std::int64_t>(i));
      PutAnomaly(sink, series.values, found, i).Text(found.method).Text(found.status).EndRow();
    }
  }
  return sink.Done();
}

Datum TsAnomalies(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const core::ForecastRequest request =
      ReadForecastRequest(arguments, {.method = 1, .season = 3, .scale = 4});
  const auto y = arguments.Float8Array(0);
  if (!y) return sink.Done();
  const core::Anomalies found = core::FindAnomalies(*y, request, arguments.Float8(2).value_or(0.99));
  for (std::size_t i = 0; i < found.is_anomaly.size(); ++i) {
    sink.Int32(static_cast<std::int32_t>(i) + 1);
    PutAnomaly(sink, *y, found, i).Bool(found.is_anomaly[i]).Text(found.method).Text(found.status).EndRow();
  }
  return sink.Done();
}

Datum SalesForecastDiagnosis(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  const pg::SeriesOptions options =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = 1, .by = 4, .from = 5, .to = 6, .sale = 7});
  core::ForecastRequest request = ReadForecastRequest(arguments, {.method = 2, .season = 3, .scale = 8});
  request.season_candidates = core::CustomaryPeriods(options.grain);
  RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::FitSet fits = pg::ReadFits(spi, {.series = options});
  const core::SeriesCalendar calendar = pg::ReadSalesCalendar(spi, {}, options, fits, 0);
  for (const pg::FitSeries& series : fits.series) {
    PutName(sink, series.name);
    PutDiagnosis(sink, core::DiagnoseForecast(series.values, request, calendar.Last(series.values.size())));
  }
  return sink.Done();
}

Datum TsForecastDiagnosis(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const core::ForecastRequest request =
      ReadForecastRequest(arguments, {.method = 1, .season = 2, .scale = 3});
  if (const auto y = arguments.Float8Array(0)) PutDiagnosis(sink, core::DiagnoseForecast(*y, request));
  return sink.Done();
}

}  // namespace

// (metric text, grain text, method text, level float8, season integer, by text, from_date date, to_date date,
//  sale regclass, scale text)
ECOMM_FUNCTION(ecomm_sales_anomalies) {
  return pg::Entry([&] { return SalesAnomalies(fcinfo); });
}

// (y float8[], method text, level float8, season integer, scale text)
ECOMM_FUNCTION(ecomm_ts_anomalies) {
  return pg::Entry([&] { return TsAnomalies(fcinfo); });
}

// (metric text, grain text, method text, season integer, by text, from_date date, to_date date,
//  sale regclass, scale text)
ECOMM_FUNCTION(ecomm_sales_forecast_diagnosis) {
  return pg::Entry([&] { return SalesForecastDiagnosis(fcinfo); });
}

// (y float8[], method text, season integer, scale text)
ECOMM_FUNCTION(ecomm_ts_forecast_diagnosis) {
  return pg::Entry([&] { return TsForecastDiagnosis(fcinfo); });
}

}  // namespace ecomm::fn
