// sales_autocorrelation, ts_acf, ts_pacf, ts_ljung_box.

#include "ecomm_analytics/core/autocorrelation.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using pg::RowSink;

Datum SalesAutocorrelation(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = 1, .by = 7, .from = 9, .to = 10, .sale = 11});
  const auto lags = arguments.Int32(2);
  const core::PacfMethod method = core::ParsePacfMethod(arguments.Text(3).value_or("ywadjusted"));
  const double alpha = arguments.Float8(4).value_or(0.05);
  fit.transform = core::ParseTransform(arguments.Text(5).value_or("none"));
  fit.differences = arguments.Int32(6).value_or(0);
  fit.replacement = core::ParseReplacement(arguments.Text(8).value_or("keep"));
  RowSink sink(fcinfo);
  pg::Spi spi;
  pg::ForEachFit(spi, fit, [&](const pg::FitSeries& series) {
    if (series.values.empty()) return;
    const std::vector<double> acf = core::Acf(series.values, {.lags = lags});
    const std::vector<double> bounds = core::BartlettBounds(acf, series.values.size(), alpha);
    const auto most = static_cast<int>(acf.size()) - 1;
    // Partial ones need more values for as many lags.
    const int partial_most = std::min(most, static_cast<int>(series.values.size() / 2) - 1);
    const std::vector<double> pacf =
        partial_most < 1 ? std::vector<double>{1.0}
                         : core::Pacf(series.values, {.lags = partial_most, .method = method});
    const double partial_bound = core::WhiteNoiseBound(series.values.size(), alpha);
    const auto tests = core::Portmanteau(series.values, {.lags = most});
    for (std::size_t lag = 1; lag < acf.size(); ++lag) {
      PutName(sink, series.name);
      sink.Int32(static_cast<std::int32_t>(lag)).Float8(acf[lag]).Float8(bounds[lag]);
      if (lag < pacf.size()) {
        sink.Defined(pacf[lag]);
      } else {
        sink.Null();
      }
      sink.Float8(partial_bound)
          .Float8(tests[lag - 1].ljung_box)
          .Defined(tests[lag - 1].ljung_box_p)
          .Float8(tests[lag - 1].box_pierce)
          .Defined(tests[lag - 1].box_pierce_p)
          .EndRow();
    }
  });
  return sink.Done();
}

}  // namespace

// (metric text, grain text, lags integer, pacf_method text, alpha float8, transform text, differences
// integer,
//  by text, outliers text, from_date date, to_date date, sale regclass)
ECOMM_FUNCTION(ecomm_sales_autocorrelation) {
  return pg::Entry([&] { return SalesAutocorrelation(fcinfo); });
}

// (y float8[], lags integer, adjusted boolean, alpha float8)
ECOMM_FUNCTION(ecomm_ts_acf) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    RowSink sink(fcinfo);
    const auto y = arguments.Float8Array(0);
    if (!y) return sink.Done();
    const std::vector<double> acf =
        core::Acf(*y, {.lags = arguments.Int32(1), .adjusted = arguments.Bool(2).value_or(false)});
    const std::vector<double> bounds =
        core::BartlettBounds(acf, y->size(), arguments.Float8(3).value_or(0.05));
    for (std::size_t lag = 0; lag < acf.size(); ++lag) {
      sink.Int32(static_cast<std::int32_t>(lag)).Float8(acf[lag]).Float8(bounds[lag]).EndRow();
    }
    return sink.Done();
  });
}

// (y float8[], lags integer, method text, alpha float8)
ECOMM_FUNCTION(ecomm_ts_pacf) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    RowSink sink(fcinfo);
    const core::PacfMethod method = core::ParsePacfMethod(arguments.Text(2).value_or("ywadjusted"));
    const auto y = arguments.Float8Array(0);
    if (!y) return sink.Done();
    const std::vector<double> pacf = core::Pacf(*y, {.lags = arguments.Int32(1), .method = method});
    const double bound = core::WhiteNoiseBound(y->size(), arguments.Float8(3).value_or(0.05));
    for (std::size_t lag = 0; lag < pacf.size(); ++lag) {
      sink.Int32(static_cast<std::int32_t>(lag)).Defined(pacf[lag]).Float8(lag == 0 ? 0 : bound).EndRow();
    }
    return sink.Done();
  });
}

// (y float8[], lags integer, model_df integer, period integer)
ECOMM_FUNCTION(ecomm_ts_ljung_box) {
  return pg::Entry([&]() -> Datum {
    const pg::Arguments arguments(fcinfo);
    RowSink sink(fcinfo);
    const auto y = arguments.Float8Array(0);
    if (!y) return sink.Done();
    const core::PortmanteauOptions options{
        .lags = arguments.Int32(1), .period = arguments.Int32(3), .model_df = arguments.Int32(2).value_or(0)};
    for (const core::PortmanteauTest& test : core::Portmanteau(*y, options)) {
      sink.Int32(test.lag)
          .Float8(test.ljung_box)
          .Defined(test.ljung_box_p)
          .Float8(test.box_pierce)
          .Defined(test.box_pierce_p)
          .EndRow();
    }
    return sink.Done();
  });
}

}  // namespace ecomm::fn
