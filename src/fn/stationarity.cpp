// sales_stationarity, ts_adf, ts_kpss, ts_ndiffs, ts_nsdiffs, ts_difference.

#include "ecomm_analytics/core/differencing.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/period.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using pg::RowSink;

constexpr double kLevel = 0.05;

// Arguments regression text, lags integer, lag_selection text, from `first` on.
core::AdfOptions ReadAdf(const pg::Arguments& arguments, int first) {
  core::AdfOptions options;
  options.trend = core::ParseAdfTrend(arguments.Text(first).value_or("c"));
  options.max_lag = arguments.Int32(first + 1);
  options.selection = core::ParseLagSelection(arguments.Text(first + 2).value_or("aic"));
  return options;
}

// Arguments regression text, lags integer (NULL: chosen from the data).
core::KpssOptions ReadKpss(const pg::Arguments& arguments, int first) {
  core::KpssOptions options;
  options.trend = core::ParseKpssTrend(arguments.Text(first).value_or("c"));
  if (const auto lags = arguments.Int32(first + 1)) {
    options.selection = core::KpssLags::kFixed;
    options.lags = *lags;
  }
  return options;
}

const char* Bound(core::PValueKind kind) {
  return kind == core::PValueKind::kLessThan ? "<" : kind == core::PValueKind::kGreaterThan ? ">" : "=";
}

Datum SalesStationarity(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = 1, .by = 7, .from = 9, .to = 10, .sale = 11});
  fit.transform = core::ParseTransform(arguments.Text(5).value_or("none"));
  fit.differences = arguments.Int32(6).value_or(0);
  fit.replacement = core::ParseReplacement(arguments.Text(8).value_or("keep"));
  const core::AdfOptions adf = ReadAdf(arguments, 2);
  core::KpssOptions kpss;
  kpss.trend = adf.trend == core::AdfTrend::kNone || adf.trend == core::AdfTrend::kConstant
                   ? core::KpssTrend::kLevel
                   : core::KpssTrend::kTrend;
  const auto season = static_cast<int>(std::lround(core::CustomaryPeriods(fit.series.grain).front()));
  RowSink sink(fcinfo);
  pg::Spi spi;
  pg::ForEachFit(spi, fit, [&](const pg::FitSeries& series) {
    if (series.values.empty()) return;
    const core::AdfResult unit_root = core::Adf(series.values, adf);
    const core::KpssResult stationary = core::Kpss(series.values, kpss);
    const core::SuggestedDifferences suggested = core::SuggestDifferences(series.values, season);
    PutName(sink, series.name);
    sink.Text("adf")
        .Float8(unit_root.statistic)
        .Float8(unit_root.p_value)
        .Text("=")
        .Int32(unit_root.lags)
        .Float8(unit_root.critical.one_percent)
        .Float8(unit_root.critical.five_percent)
        .Float8(unit_root.critical.ten_percent)
        .Bool(unit_root.p_value < kLevel)
        .Int32(suggested.first)
        .Int32(suggested.seasonal)
        .EndRow();
    PutName(sink, series.name);
    sink.Text("kpss")
        .Float8(stationary.statistic)
        .Float8(stationary.p_value)
        .Text(Bound(stationary.p_value_kind))
        .Int32(stationary.lags)
        .Float8(stationary.critical.one_percent)
        .Float8(stationary.critical.five_percent)
        .Float8(stationary.critical.ten_percent)
        .Bool(stationary.p_value > kLevel)
        .Int32(suggested.first)
        .Int32(suggested.seasonal)
        .EndRow();
  });
  return sink.Done();
}

}  // namespace

// (metric text, grain text, regression text, lags integer, lag_selection text, transform text,
//  differences integer, by text, outliers text, from_date date, to_date date, sale regclass)
ECOMM_FUNCTION(ecomm_sales_stationarity) {
  return pg::Entry([&] { return SalesStationarity(fcinfo); });
}

// (y float8[], regression text, lags integer, lag_selection text)
ECOMM_FUNCTION(ecomm_ts_adf) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    RowSink sink(fcinfo);
    const core::AdfOptions options = ReadAdf(arguments, 1);
    const auto y = arguments.Float8Array(0);
    if (!y) return sink.Done();
    const core::AdfResult result = core::Adf(*y, options);
    sink.Float8(result.statistic)
        .Float8(result.p_value)
        .Int32(result.lags)
        .Int32(result.observations)
        .Float8(result.critical.one_percent)
        .Float8(result.critical.five_percent)
        .Float8(result.critical.ten_percent)
        .Defined(result.criterion)
        .EndRow();
    return sink.Done();
  });
}

// (y float8[], regression text, lags integer)
ECOMM_FUNCTION(ecomm_ts_kpss) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    RowSink sink(fcinfo);
    const core::KpssOptions options = ReadKpss(arguments, 1);
    const auto y = arguments.Float8Array(0);
    if (!y) return sink.Done();
    const core::KpssResult result = core::Kpss(*y, options);
    sink.Float8(result.statistic)
        .Float8(result.p_value)
        .Text(Bound(result.p_value_kind))
        .Int32(result.lags)
        .Float8(result.critical.one_percent)
        .Float8(result.critical.two_and_a_half_percent)
        .Float8(result.critical.five_percent)
        .Float8(result.critical.ten_percent)
        .EndRow();
    return sink.Done();
  });
}

// (y float8[], test text, max_differences integer) -> integer
ECOMM_FUNCTION(ecomm_ts_ndiffs) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    core::NdiffsOptions options;
    options.test = core::ParseDifferenceTest(*arguments.Text(1));
    options.max_differences = *arguments.Int32(2);
    PG_RETURN_INT32(core::Ndiffs(*arguments.Float8Array(0), options));
  });
}

// (y float8[], period integer, max_differences integer) -> integer
ECOMM_FUNCTION(ecomm_ts_nsdiffs) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    PG_RETURN_INT32(core::Nsdiffs(*arguments.Float8Array(0),
                                  {.period = *arguments.Int32(1), .max_differences = *arguments.Int32(2)}));
  });
}

// (y float8[], lag integer, differences integer) -> float8[]
ECOMM_FUNCTION(ecomm_ts_difference) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    return pg::Float8ArrayFrom(
        core::Difference(*arguments.Float8Array(0), *arguments.Int32(1), *arguments.Int32(2)));
  });
}

// (y float8[], transform text) -> float8[]
ECOMM_FUNCTION(ecomm_ts_transform) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    return pg::Float8ArrayFrom(
        core::TransformSeries(*arguments.Float8Array(0), core::ParseTransform(*arguments.Text(1))));
  });
}

// (y float8[]) -> float8
ECOMM_FUNCTION(ecomm_ts_boxcox_lambda) {
  return pg::Entry(
      [&]() -> Datum { PG_RETURN_FLOAT8(core::BoxCoxLambda(*pg::Arguments(fcinfo).Float8Array(0))); });
}

}  // namespace ecomm::fn
