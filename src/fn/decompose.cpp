// sales_decompose, ts_decompose, ts_strength.

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/mstl.hpp"
#include "ecomm_analytics/core/period.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using core::Decomposition;
using pg::RowSink;

enum class Method { kClassical, kMultiplicative, kStl, kMstl };

struct Options {
  Method method = Method::kStl;
  std::optional<std::vector<double>> periods;
  bool robust = false;
  std::int64_t seasonal_window = 0;  // in periods; 0: the same season in each
};

// Arguments method text, periods float8[], robust boolean, seasonal_window integer, from `first` on.
Options ReadOptions(const pg::Arguments& arguments, int first) {
  Options options;
  const std::string method = arguments.Text(first).value_or("stl");
  if (method == "classical") {
    options.method = Method::kClassical;
  } else if (method == "multiplicative") {
    options.method = Method::kMultiplicative;
  } else if (method == "stl") {
    options.method = Method::kStl;
  } else if (method == "mstl") {
    options.method = Method::kMstl;
  } else {
    throw core::Error(core::ErrorCode::kInvalidArgument, "unknown method \"" + method + "\"", {},
                      "Use 'stl', 'mstl', 'classical' or 'multiplicative'.");
  }
  options.periods = arguments.Float8Array(first + 1);
  options.robust = arguments.Bool(first + 2).value_or(false);
  options.seasonal_window = arguments.Int32(first + 3).value_or(0);
  if (options.seasonal_window < 0) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "seasonal_window must be positive");
  }
  if (options.periods && options.periods->size() > 1 && options.method != Method::kMstl) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "only mstl takes several periods", {},
                      "Use method => 'mstl'.");
  }
  return options;
}

Decomposition Decompose(std::span<const double> y, const Options& options, std::span<const double> periods) {
  const double period = periods.empty() ? 1 : periods.front();
  switch (options.method) {
    case Method::kClassical:
    case Method::kMultiplicative:
      if (!(period >= 1 && period <= 1e9)) {
        throw core::Error(core::ErrorCode::kInvalidArgument, "a period must be at least 1");
      }
      return core::DecomposeClassical(y, static_cast<int>(std::lround(period)),
                                      options.method == Method::kClassical
                                          ? core::ClassicalModel::kAdditive
                                          : core::ClassicalModel::kMultiplicative);
    case Method::kStl: {
      core::StlOptions stl;
      stl.period = period;
      stl.robust = options.robust;
      stl.seasonal_window = options.seasonal_window;
      return core::Stl(y, stl);
    }
    case Method::kMstl: {
      core::MstlOptions mstl;
      mstl.periods.assign(periods.begin(), periods.end());
      mstl.stl.robust = options.robust;
      if (options.seasonal_window > 0) mstl.seasonal_windows = {options.seasonal_window};
      return core::Mstl(y, mstl);
    }
  }
  return {};
}

// observed, trend, seasonal, remainder, seasonals
void PutParts(RowSink& sink, const Decomposition& parts, std::size_t i) {
  std::vector<double> seasonals;
  for (const auto& seasonal : parts.seasonals) seasonals.push_back(seasonal[i]);
  sink.Float8(parts.observed[i])
      .Defined(parts.trend[i])
      .Defined(parts.seasonal[i])
      .Defined(parts.remainder[i])
      .Float8Array(seasonals)
      .EndRow();
}

// As given, or the seasons that the values show; of several the one seen most often, unless the method takes
// all.
std::vector<double> PeriodsOf(std::span<const double> y, const Options& options,
                              const std::vector<double>& candidates) {
  if (options.periods) return *options.periods;
  std::vector<double> periods = core::FindPeriods(y, {.candidates = candidates}).periods;
  if (options.method != Method::kMstl && periods.size() > 1) periods.resize(1);
  return periods;
}

Datum SalesDecompose(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = 1, .by = 6, .from = 8, .to = 9, .sale = 10});
  fit.replacement = core::ParseReplacement(arguments.Text(7).value_or("keep"));
  const Options options = ReadOptions(arguments, 2);
  RowSink sink(fcinfo);
  pg::Spi spi;
  pg::ForEachFit(spi, fit, [&](const pg::FitSeries& series) {
    if (series.values.empty()) return;
    const std::vector<double> periods =
        PeriodsOf(series.values, options, core::CustomaryPeriods(fit.series.grain));
    const Decomposition parts = Decompose(series.values, options, periods);
    for (std::size_t i = 0; i < series.values.size(); ++i) {
      PutName(sink, series.name);
      PutPeriod(sink, fit.series.grain, series.first_period + static_cast<std::int64_t>(i));
      PutParts(sink, parts, i);
    }
  });
  return sink.Done();
}

Datum TsDecompose(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const auto y = arguments.Float8Array(0);
  const Options options = ReadOptions(arguments, 1);
  if (!y) return sink.Done();
  const Decomposition parts = Decompose(*y, options, PeriodsOf(*y, options, {}));
  for (std::size_t i = 0; i < y->size(); ++i) {
    sink.Int32(static_cast<std::int32_t>(i) + 1);
    PutParts(sink, parts, i);
  }
  return sink.Done();
}

// candidates: period, strength, acf, f, p_value, significant
void PutEvidence(RowSink& sink, const core::PeriodEvidence& evidence) {
  sink.Float8(evidence.period)
      .Defined(evidence.strength)
      .Defined(evidence.acf)
      .Defined(evidence.f)
      .Defined(evidence.p_value)
      .Bool(evidence.significant)
      .EndRow();
}

Datum SalesSeasons(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = 1, .by = 3, .from = 5, .to = 6, .sale = 7});
  fit.replacement = core::ParseReplacement(arguments.Text(4).value_or("keep"));
  const auto candidates = arguments.Float8Array(2).value_or(core::CustomaryPeriods(fit.series.grain));
  RowSink sink(fcinfo);
  pg::Spi spi;
  pg::ForEachFit(spi, fit, [&](const pg::FitSeries& series) {
    if (series.values.empty()) return;
    for (const auto& evidence : core::FindPeriods(series.values, {.candidates = candidates}).candidates) {
      PutName(sink, series.name);
      PutEvidence(sink, evidence);
    }
  });
  return sink.Done();
}

Datum TsSeasons(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const auto y = arguments.Float8Array(0);
  if (!y) return sink.Done();
  const auto candidates = arguments.Float8Array(1).value_or(std::vector<double>());
  for (const auto& evidence : core::FindPeriods(*y, {.candidates = candidates}).candidates) {
    PutEvidence(sink, evidence);
  }
  return sink.Done();
}

Datum TsStrength(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const auto y = arguments.Float8Array(0);
  if (!y) return sink.Done();
  core::MstlOptions options;
  options.periods = arguments.Float8Array(1).value_or(std::vector<double>());
  if (!arguments.Float8Array(1)) options.periods = core::FindPeriods(*y).periods;
  options.stl.robust = arguments.Bool(2).value_or(false);
  const Decomposition parts = core::Mstl(*y, options);
  const core::Strength strength = core::MeasureStrength(parts);
  sink.Float8(strength.trend).Float8Array(strength.seasonal).Float8Array(parts.periods).EndRow();
  return sink.Done();
}

}  // namespace

// (metric text, grain text, method text, periods float8[], robust boolean, seasonal_window integer, by text,
//  outliers text, from_date date, to_date date, sale regclass)
ECOMM_FUNCTION(ecomm_sales_decompose) {
  return pg::Entry([&] { return SalesDecompose(fcinfo); });
}

// (y float8[], method text, periods float8[], robust boolean, seasonal_window integer)
ECOMM_FUNCTION(ecomm_ts_decompose) {
  return pg::Entry([&] { return TsDecompose(fcinfo); });
}

// (metric text, grain text, candidates float8[], by text, outliers text, from_date date, to_date date,
//  sale regclass)
ECOMM_FUNCTION(ecomm_sales_seasons) {
  return pg::Entry([&] { return SalesSeasons(fcinfo); });
}

// (y float8[], candidates float8[])
ECOMM_FUNCTION(ecomm_ts_seasons) {
  return pg::Entry([&] { return TsSeasons(fcinfo); });
}

// (y float8[], periods float8[], robust boolean)
ECOMM_FUNCTION(ecomm_ts_strength) {
  return pg::Entry([&] { return TsStrength(fcinfo); });
}

}  // namespace ecomm::fn
