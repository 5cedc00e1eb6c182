// sales_outliers, ts_outliers, ts_rolling_mean.

#include "ecomm_analytics/core/outliers.hpp"
#include "ecomm_analytics/core/period.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using pg::RowSink;

core::OutlierOptions ReadOptions(const pg::Arguments& arguments, int method, int threshold, double period) {
  return {.method = core::ParseOutlierMethod(arguments.Text(method).value_or("iqr")),
          .threshold = arguments.Float8(threshold),
          .period = period};
}

Datum SalesOutliers(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  const pg::SeriesOptions options =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = 1, .by = 4, .from = 5, .to = 6, .sale = 7});
  const core::OutlierOptions how =
      ReadOptions(arguments, 2, 3, core::CustomaryPeriods(options.grain).front());
  RowSink sink(fcinfo);
  pg::Spi spi;
  pg::ForEachFit(spi, {.series = options}, [&](const pg::FitSeries& series) {
    if (series.values.empty()) return;
    const core::Outliers found = core::FindOutliers(series.values, how);
    const auto interpolated =
        core::ReplaceOutliers(series.values, found.is_outlier, core::Replacement::kInterpolate);
    const auto rolling = core::ReplaceOutliers(series.values, found.is_outlier, core::Replacement::kRolling);
    for (std::size_t i = 0; i < series.values.size(); ++i) {
      if (!found.is_outlier[i]) continue;
      PutName(sink, series.name);
      PutPeriod(sink, options.grain, series.first_period + static_cast<std::int64_t>(i));
      sink.Float8(series.values[i])
          .Float8(found.lower[i])
          .Float8(found.upper[i])
          .Float8(found.score[i])
          .Float8(rolling[i])
          .Float8(interpolated[i])
          .EndRow();
    }
  });
  return sink.Done();
}

Datum TsOutliers(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const auto y = arguments.Float8Array(0);
  if (!y) return sink.Done();
  const core::Outliers found =
      core::FindOutliers(*y, ReadOptions(arguments, 1, 2, arguments.Float8(3).value_or(1)));
  for (std::size_t i = 0; i < y->size(); ++i) {
    sink.Int32(static_cast<std::int32_t>(i) + 1)
        .Float8((*y)[i])
        .Float8(found.lower[i])
        .Float8(found.upper[i])
        .Float8(found.score[i])
        .Bool(found.is_outlier[i])
        .EndRow();
  }
  return sink.Done();
}

}  // namespace

// (metric text, grain text, method text, threshold float8, by text, from_date date, to_date date, sale
// regclass)
ECOMM_FUNCTION(ecomm_sales_outliers) {
  return pg::Entry([&] { return SalesOutliers(fcinfo); });
}

// (y float8[], method text, threshold float8, period float8)
ECOMM_FUNCTION(ecomm_ts_outliers) {
  return pg::Entry([&] { return TsOutliers(fcinfo); });
}

// (y float8[], treatment text, method text, threshold float8, period float8) -> float8[]
ECOMM_FUNCTION(ecomm_ts_replace_outliers) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    const auto y = arguments.Float8Array(0);
    if (!y) PG_RETURN_NULL();
    const core::Replacement replacement = core::ParseReplacement(arguments.Text(1).value_or("interpolate"));
    const core::OutlierOptions how = ReadOptions(arguments, 2, 3, arguments.Float8(4).value_or(1));
    return pg::Float8ArrayFrom(
        core::ReplaceOutliers(*y, core::FindOutliers(*y, how).is_outlier, replacement));
  });
}

// (y float8[], length integer) -> float8[]
ECOMM_FUNCTION(ecomm_ts_rolling_mean) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    return pg::Float8ArrayFrom(core::RollingMean(*arguments.Float8Array(0), *arguments.Int32(1)));
  });
}

}  // namespace ecomm::fn
