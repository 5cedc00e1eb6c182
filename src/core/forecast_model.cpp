#include "ecomm_analytics/core/forecast_model.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/ets_forecast.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

bool AllFinite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

void RequireFinite(const Forecast& forecast) {
  bool finite = AllFinite(forecast.mean) && std::isfinite(forecast.sigma2);
  for (std::size_t level = 0; level < forecast.levels.size(); ++level) {
    finite = finite && AllFinite(forecast.lower[level]) && AllFinite(forecast.upper[level]);
  }
  if (finite) return;
  throw Error(ErrorCode::kNumericRange, "the forecast grows beyond the numbers that can be represented",
              "Model: " + forecast.method + ".", "Fit the model anew, or forecast fewer steps.");
}

Forecast Predict(const BenchmarkFit& fit, const ForecastOptions& options) {
  return ForecastFrom(fit, options);
}

Forecast Predict(const ThetaFit& fit, const ForecastOptions& options) { return ForecastFrom(fit, options); }

Forecast Predict(const EtsModel& model, const ForecastOptions& options) {
  return ForecastEts(model, options);
}

Forecast Predict(const SeasonalModel& model, const ForecastOptions& options) {
  Forecast forecast = PredictFrom(model.nested.front(), options);
  for (std::size_t step = 0; step < forecast.mean.size(); ++step) {
    const double season = model.season.At(step);
    forecast.mean[step] += season;
    for (auto& bound : forecast.lower) bound[step] += season;
    for (auto& bound : forecast.upper) bound[step] += season;
  }
  forecast.fitted = model.fitted;
  forecast.residuals = model.residuals;
  forecast.method = (model.season.periods.size() > 1 ? "MSTL + " : "STL + ") + forecast.method;
  return forecast;
}

BenchmarkFit Continue(BenchmarkFit fit, std::span<const double> y) {
  return UpdateBenchmark(std::move(fit), y);
}

ThetaFit Continue(ThetaFit fit, std::span<const double> y) { return UpdateTheta(std::move(fit), y); }

EtsModel Continue(EtsModel model, std::span<const double> y) { return UpdateEts(std::move(model), y); }

// Fitted values of the nested model and their season, for the last observations.
void AppendSeasonal(std::span<const double> y, std::span<const double> seasonal, SeasonalModel* model) {
  const auto nested = FittedOf(model->nested.front()).last(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    model->fitted.push_back(nested[i] + seasonal[i]);
    model->residuals.push_back(y[i] - model->fitted.back());
  }
}

SeasonalModel Continue(SeasonalModel model, std::span<const double> y) {
  RequireMemory(4 * sizeof(double) * y.size(), "continuing a model");
  std::vector<double> seasonal(y.size());
  std::vector<double> adjusted(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    seasonal[i] = model.season.At(i);
    adjusted[i] = y[i] - seasonal[i];
  }
  model.nested.front() = Update(std::move(model.nested.front()), adjusted);
  AppendSeasonal(y, seasonal, &model);
  model.season.Advance(y.size());
  return model;
}

}  // namespace

SeasonalModel FitSeasonal(std::span<const double> y, const SeasonOptions& options,
                          const std::function<ForecastModel(std::span<const double>)>& fit) {
  AdjustedSeries adjusted = TakeOutSeasons(y, options);
  SeasonalModel model;
  model.season = std::move(adjusted.season);
  model.nested.push_back(fit(adjusted.values));
  AppendSeasonal(y, adjusted.seasonal, &model);
  return model;
}

Forecast PredictFrom(const ForecastModel& model, const ForecastOptions& options) {
  Forecast forecast = std::visit([&](const auto& kept) { return Predict(kept, options); }, model.value);
  RequireFinite(forecast);
  return forecast;
}

ForecastModel Update(ForecastModel model, std::span<const double> y) {
  if (y.empty()) return model;
  RequireForecastSeries(y);
  return std::visit([&](auto& kept) { return ForecastModel{Continue(std::move(kept), y)}; }, model.value);
}

std::span<const double> FittedOf(const ForecastModel& model) {
  return std::visit([](const auto& kept) { return std::span<const double>(kept.fitted); }, model.value);
}

std::span<const double> ResidualsOf(const ForecastModel& model) {
  return std::visit([](const auto& kept) { return std::span<const double>(kept.residuals); }, model.value);
}

std::int64_t Observations(const ForecastModel& model) {
  const auto count = [](const auto& kept) {
    if constexpr (std::is_same_v<std::decay_t<decltype(kept)>, SeasonalModel>) {
      return Observations(kept.nested.front());
    } else {
      return kept.n;
    }
  };
  return std::visit(count, model.value);
}

std::string Describe(const ForecastModel& model) {
  return PredictFrom(model, {.horizon = 0, .levels = {}}).method;
}

}  // namespace ecomm::core
