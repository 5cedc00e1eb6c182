#include "ecomm_analytics/core/forecast_method.hpp"

#include <algorithm>

#include "ecomm_analytics/core/arima_auto.hpp"
#include "ecomm_analytics/core/auto_forecast.hpp"
#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

// Steps ahead that an automatic choice looks at where nobody says how many are wanted.
constexpr int kAutoHorizon = 12;

int FirstOf(std::span<const int> periods) { return periods.empty() ? 1 : periods.front(); }

EtsModel FitEtsForm(const EtsForm& form, std::span<const double> y, int period) {
  EtsOptions options;
  options.form = form;
  options.period = period;
  return FitEts(y, options);
}

ArimaModel FitArimaForm(const std::optional<ArimaForm>& form, std::span<const double> y, int period) {
  if (!form) {
    AutoArimaOptions options;
    options.period = period;
    return FitAutoArima(y, options);
  }
  return FitArima(
      y, {.order = form->order, .period = form->period.value_or(period), .constant = form->constant});
}

ForecastModel FitSeasons(const MethodSpec& method, std::span<const double> y, std::span<const int> periods) {
  // A season must fit twice, and of several the longest more than twice.
  std::vector<int> fitting;
  for (const int period : periods) {
    const bool first = fitting.empty();
    if (!first && method.kind == Forecaster::kStl) break;
    const std::size_t twice = 2 * static_cast<std::size_t>(period);
    if (first ? y.size() >= twice : y.size() > twice) fitting.push_back(period);
  }
  const auto fit = [&](std::span<const double> left) { return FitMethod(method.parts.front(), left, {}); };
  if (fitting.empty()) return fit(y);
  return {FitSeasonal(y, {.periods = fitting}, fit)};
}

ForecastModel FitParts(std::span<const MethodSpec> parts, Combination combination, std::span<const double> y,
                       std::span<const int> periods) {
  std::vector<ForecastModel> models;
  for (const MethodSpec& part : parts) models.push_back(FitMethod(part, y, periods));
  return {Combine(y, std::move(models), combination)};
}

ForecastModel RerunOne(const BenchmarkFit& fit, std::span<const double> y) {
  return {FitBenchmark(y, fit.method, static_cast<int>(fit.last.size()))};
}

ForecastModel RerunOne(const ThetaFit& fit, std::span<const double> y) {
  const int period = fit.seasonal.empty() ? 1 : static_cast<int>(fit.seasonal.size());
  return {FitTheta(y, {.model = fit.model, .period = period})};
}

ForecastModel RerunOne(const EtsModel& model, std::span<const double> y) {
  return {RunEts(y, model.form, model.period, model.parameters, model.initial, model.estimated)};
}

ForecastModel RerunOne(const ArimaModel& model, std::span<const double> y) {
  return {RunArima(y, Matrix(static_cast<Eigen::Index>(y.size()), 0), model)};
}

ForecastModel RerunOne(const IntermittentFit& fit, std::span<const double> y) {
  return {FitIntermittent(y, fit.method)};
}

ForecastModel RerunOne(const SeasonalModel& model, std::span<const double> y) {
  const ForecastModel& nested = model.nested.front();
  return {FitSeasonal(y, {.periods = model.season.periods},
                      [&](std::span<const double> left) { return Rerun(nested, left); })};
}

ForecastModel RerunOne(const CombinedModel& model, std::span<const double> y) {
  std::vector<ForecastModel> members;
  for (const ForecastModel& member : model.members) members.push_back(Rerun(member, y));
  return {Combine(y, std::move(members), model.combination, model.weights)};
}

}  // namespace

ForecastModel FitMethod(const MethodSpec& method, std::span<const double> y, std::span<const int> periods) {
  const int period = FirstOf(periods);
  switch (method.kind) {
    case Forecaster::kMean:
      return {FitBenchmark(y, Benchmark::kMean)};
    case Forecaster::kNaive:
      return {FitBenchmark(y, Benchmark::kNaive)};
    case Forecaster::kSeasonalNaive:
      return {FitBenchmark(y, Benchmark::kSeasonalNaive, period)};
    case Forecaster::kDrift:
      return {FitBenchmark(y, Benchmark::kDrift)};
    case Forecaster::kTheta:
      return {FitTheta(y, {.model = method.theta, .period = period})};
    case Forecaster::kEts:
      return {FitEtsForm(method.ets, y, period)};
    case Forecaster::kArima:
      return {FitArimaForm(method.arima, y, period)};
    case Forecaster::kStl:
    case Forecaster::kMstl:
      return FitSeasons(method, y, periods);
    case Forecaster::kIntermittent:
      return {FitIntermittent(y, method.intermittent)};
    case Forecaster::kCombine:
      return FitParts(method.parts, Combination::kMean, y, periods);
    case Forecaster::kMedian:
      return FitParts(method.parts, Combination::kMedian, y, periods);
    case Forecaster::kAuto:
      return FitAuto(y, periods, std::max(kAutoHorizon, period)).model;
  }
  return {};
}

ForecastModel Rerun(const ForecastModel& model, std::span<const double> y) {
  return std::visit([&](const auto& fitted) { return RerunOne(fitted, y); }, model.value);
}

Forecast ForecastBy(const MethodSpec& method, std::span<const double> y, std::span<const int> periods,
                    const ForecastOptions& options) {
  RequireForecastOptions(options);
  return PredictFrom(FitMethod(method, y, periods), options);
}

}  // namespace ecomm::core
