// ts_fit, ts_update, ts_predict, sales_forecast_train, and sales_forecast from a model.

#include <map>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/period.hpp"
#include "ecomm_analytics/core/trained_sales.hpp"
#include "ecomm_analytics/pg/fit_series.hpp"
#include "ecomm_analytics/pg/forecast_workers.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/jsonb.hpp"
#include "ecomm_analytics/pg/model_store.hpp"
#include "ecomm_analytics/pg/relation.hpp"
#include "ecomm_analytics/pg/source.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"
#include "forecast_arguments.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using pg::RowSink;

core::ForecastRequest ReadTraining(const pg::Arguments& arguments, const ForecastPositions& positions) {
  core::ForecastRequest request = ReadForecastRequest(arguments, positions);
  request.options.horizon = core::kTrainedHorizon;
  return request;
}

core::ForecastOptions ReadAhead(const pg::Arguments& arguments) {
  return ReadForecastRequest(arguments, {.horizon = 1, .level = 2, .levels = 3}).options;
}

std::vector<double> RequireSeries(const pg::Arguments& arguments, int position) {
  auto y = arguments.Float8Array(position);
  if (!y) throw pg::SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED, "y must not be NULL");
  return std::move(*y);
}

Datum TsFit(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  const core::ForecastRequest request = ReadTraining(arguments, {.method = 1, .season = 2, .scale = 3});
  return pg::MakeJsonb(core::ToJson(core::TrainSeries(RequireSeries(arguments, 0), request)));
}

Datum TsUpdate(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  core::TrainedSeries trained = core::TrainedSeriesFromJson(pg::ReadJsonb(arguments.Value(0)));
  return pg::MakeJsonb(core::ToJson(core::UpdateTrained(std::move(trained), RequireSeries(arguments, 1))));
}

Datum TsPredict(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  RowSink sink(fcinfo);
  const core::ForecastOptions options = ReadAhead(arguments);
  if (arguments.IsNull(0)) return sink.Done();
  const core::StatedForecast stated =
      core::PredictTrained(core::TrainedSeriesFromJson(pg::ReadJsonb(arguments.Value(0))), options);
  PutSteps(sink, stated, options.horizon);
  return sink.Done();
}

template <typename Convert>
core::SeriesName Converted(core::SeriesName name, Convert convert) {
  for (auto& value : name) {
    if (value) value = convert(*value);
  }
  return name;
}

core::ClosedWeekdays ClosedOf(const pg::FitSet& fits, const pg::SeriesOptions& series, std::int64_t next) {
  core::ClosedWeekdays days;
  if (series.grain != core::Grain::kDay || core::IsRatio(series.metric)) return days;
  days.closed = fits.closed;
  days.next = core::WeekdayOf(core::FirstDayOf(series.grain, next));
  return days;
}

Datum SalesForecastTrain(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::FitOptions fit;
  fit.series =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = 1, .by = 4, .from = 6, .to = 7, .sale = 8});
  fit.replacement = core::ParseReplacement(arguments.Text(5).value_or("keep"));
  core::ForecastRequest request = ReadTraining(arguments, {.method = 2, .season = 3, .scale = 9});
  request.season_candidates = core::CustomaryPeriods(fit.series.grain);
  if (arguments.IsNull(10)) throw core::Error(core::ErrorCode::kInvalidArgument, "name must not be NULL");
  pg::NewModel target{
      .name = *arguments.Text(10), .source = {}, .activate = arguments.Bool(11).value_or(true)};
  pg::CheckModelName(target.name);

  const pg::Source source = pg::ResolveSource(fit.series.sale);
  target.source = source.relation_name;
  pg::Spi spi;
  const pg::FitSet fits = pg::ReadFits(spi, fit);
  if (fits.series.empty()) {
    throw core::Error(core::ErrorCode::kUnusableData, "there are no sales to train on",
                      "The relation is " + source.relation_name + ".");
  }
  core::TrainedSales trained;
  trained.metric = fit.series.metric;
  trained.grain = fit.series.grain;
  for (const std::string& name : fit.series.by) trained.by.push_back(pg::ToUtf8(name));
  trained.replacement = fit.replacement;
  trained.from = fit.series.from;
  // What is bound is read as it is bound when the forecast is made.
  if (fit.series.sale != InvalidOid || !source.bound) trained.sale = pg::ToUtf8(source.relation_name);
  trained.method = core::Name(request.method);
  trained.scale = arguments.Text(9).value_or("none");
  trained.season = request.season;
  trained.periods = static_cast<std::int64_t>(fits.periods);
  trained.next_period = fits.first_period + trained.periods;
  std::vector<const std::vector<double>*> values;
  for (const pg::FitSeries& series : fits.series) values.push_back(&series.values);
  auto models = pg::TrainAll(spi, request, ClosedOf(fits, fit.series, trained.next_period), values);
  for (std::size_t i = 0; i < models.size(); ++i) {
    trained.series.push_back({Converted(fits.series[i].name, pg::ToUtf8), std::move(models[i])});
  }
  return Int64GetDatum(pg::SaveModel(spi, target, pg::DocumentOf(trained)));
}

pg::FitOptions FitOptionsOf(pg::Spi& spi, const core::TrainedSales& trained) {
  pg::FitOptions fit;
  fit.series.metric = trained.metric;
  fit.series.grain = trained.grain;
  for (const std::string& name : trained.by) fit.series.by.push_back(pg::FromUtf8(name));
  fit.series.from = trained.from;
  fit.replacement = trained.replacement;
  if (trained.sale.empty()) return fit;
  const std::string sale = pg::FromUtf8(trained.sale);
  const pg::Rows found =
      spi.Query("SELECT pg_catalog.to_regclass($1)::pg_catalog.oid", {pg::Parameter::Text(sale)});
  if (!found.ObjectId(0, 0)) {
    throw pg::SqlError(ERRCODE_UNDEFINED_TABLE,
                       "relation " + sale + " that the model was trained on does not exist", {},
                       "Train a model on another one.");
  }
  fit.series.sale = *found.ObjectId(0, 0);
  return fit;
}

// The values of the periods from `begin` to before `end`. A sum without sales is 0; a ratio has no value
// before its first, and none if the series is gone: an error.
std::vector<double> ValuesBetween(const pg::FitSeries* series, core::Metric metric, std::int64_t begin,
                                  std::int64_t end) {
  std::vector<double> values;
  for (std::int64_t period = begin; period < end; ++period) {
    if (series != nullptr && period >= series->first_period && period < series->next_period()) {
      values.push_back(series->values[static_cast<std::size_t>(period - series->first_period)]);
    } else if (core::IsRatio(metric)) {
      throw core::Error(core::ErrorCode::kUnusableData, "there are no values of it any more");
    } else {
      values.push_back(0);
    }
  }
  return values;
}

core::StatedForecast Continue(core::TrainedSeries model, std::span<const double> later,
                              const core::ForecastOptions& options) {
  return core::PredictTrained(core::UpdateTrained(std::move(model), later), options);
}

Datum SalesForecastFrom(FunctionCallInfo fcinfo, const std::optional<pg::ModelKey>& key) {
  const pg::Arguments arguments(fcinfo);
  const core::ForecastOptions options = ReadAhead(arguments);
  RowSink sink(fcinfo);
  if (!key) return sink.Done();
  pg::Spi spi;
  core::TrainedSales trained = pg::LoadTrainedSales(spi, *key);
  const pg::FitOptions fit = FitOptionsOf(spi, trained);
  const pg::FitSet fits = pg::ReadFits(spi, fit);
  std::map<core::SeriesName, const pg::FitSeries*> unknown;
  for (const pg::FitSeries& series : fits.series) unknown[series.name] = &series;
  const std::int64_t over = fits.first_period + static_cast<std::int64_t>(fits.periods);
  const std::int64_t next = fits.series.empty() ? trained.next_period : std::max(over, trained.next_period);
  const auto put_status = [&](const core::SeriesName& name, const std::string& status) {
    PutStatus(sink, {{}, status}, [&] {
      PutName(sink, name);
      sink.Null();
    });
  };
  for (core::TrainedSales::Member& member : trained.series) {
    const core::SeriesName name = Converted(std::move(member.name), pg::FromUtf8);
    const auto found = unknown.find(name);
    const pg::FitSeries* series = found == unknown.end() ? nullptr : found->second;
    if (series != nullptr) unknown.erase(found);
    core::StatedForecast stated;
    try {
      stated = Continue(std::move(member.model),
                        ValuesBetween(series, trained.metric, trained.next_period, next), options);
    } catch (const core::Error& error) {
      if (error.code() != core::ErrorCode::kUnusableData && error.code() != core::ErrorCode::kNumericRange) {
        throw;
      }
      stated.status = "not continued: " + std::string(error.what());
    }
    if (stated.forecast.mean.empty() && options.horizon > 0) put_status(name, stated.status);
    for (std::size_t i = 0; i < stated.forecast.mean.size(); ++i) {
      PutStep(sink, stated, i, [&] {
        PutName(sink, name);
        PutPeriod(sink, trained.grain, next + static_cast<std::int64_t>(i));
      });
    }
  }
  for (const auto& [name, series] : unknown) put_status(name, "not in the model");
  return sink.Done();
}

}  // namespace

// (y float8[], method text, season integer, scale text) -> jsonb
ECOMM_FUNCTION(ecomm_ts_fit) {
  return pg::Entry([&] { return TsFit(fcinfo); });
}

// (model jsonb, y float8[]) -> jsonb
ECOMM_FUNCTION(ecomm_ts_update) {
  return pg::Entry([&] { return TsUpdate(fcinfo); });
}

// (model jsonb, horizon integer, level float8, levels float8[])
ECOMM_FUNCTION(ecomm_ts_predict) {
  return pg::Entry([&] { return TsPredict(fcinfo); });
}

// (metric text, grain text, method text, season integer, by text, outliers text, from_date date, to_date
// date,
//  sale regclass, scale text, name text, activate boolean) -> bigint
ECOMM_FUNCTION(ecomm_sales_forecast_train) {
  return pg::Entry([&] { return SalesForecastTrain(fcinfo); });
}

// (model bigint, horizon integer, level float8, levels float8[])
ECOMM_FUNCTION(ecomm_sales_forecast_from) {
  return pg::Entry([&] {
    const auto id = pg::Arguments(fcinfo).Int64(0);
    return SalesForecastFrom(fcinfo, id ? std::optional<pg::ModelKey>(*id) : std::nullopt);
  });
}

// (model text, horizon integer, level float8, levels float8[])
ECOMM_FUNCTION(ecomm_sales_forecast_from_named) {
  return pg::Entry([&] {
    const auto name = pg::Arguments(fcinfo).Text(0);
    return SalesForecastFrom(fcinfo, name ? std::optional<pg::ModelKey>(*name) : std::nullopt);
  });
}

}  // namespace ecomm::fn
