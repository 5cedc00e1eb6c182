#include "ecomm_analytics/core/forecast_model.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "ecomm_analytics/core/arima_forecast.hpp"
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

// The models that one is made of; none for most.
std::span<const ForecastModel> ModelsWithin(const ForecastModel& model) {
  if (const auto* seasonal = std::get_if<SeasonalModel>(&model.value)) return seasonal->nested;
  if (const auto* combined = std::get_if<CombinedModel>(&model.value)) return combined->members;
  return {};
}

void RequireColumns(const ForecastModel& model, const MatrixView& regressors) {
  const std::size_t needed = RegressorCount(model);
  if (static_cast<std::size_t>(regressors.cols()) == needed) return;
  throw Error(
      ErrorCode::kInvalidArgument, "the regressors are not those of the model",
      "Columns: " + std::to_string(regressors.cols()) + ", of the model: " + std::to_string(needed) + ".");
}

// Of a model within another: what it needs of the other's regressors.
MatrixView RegressorsFor(const ForecastModel& model, const MatrixView& regressors) {
  return RegressorCount(model) == 0 ? MatrixView(regressors.leftCols(0)) : regressors;
}

Forecast Predict(const BenchmarkFit& fit, const ForecastOptions& options, const MatrixView& /*regressors*/) {
  return ForecastFrom(fit, options);
}

Forecast Predict(const ThetaFit& fit, const ForecastOptions& options, const MatrixView& /*regressors*/) {
  return ForecastFrom(fit, options);
}

Forecast Predict(const EtsModel& model, const ForecastOptions& options, const MatrixView& /*regressors*/) {
  return ForecastEts(model, options);
}

Forecast Predict(const ArimaModel& model, const ForecastOptions& options, const MatrixView& regressors) {
  return ForecastArima(model, regressors, options);
}

Forecast Predict(const IntermittentFit& fit, const ForecastOptions& options,
                 const MatrixView& /*regressors*/) {
  return ForecastFrom(fit, options);
}

Forecast Predict(const SeasonalModel& model, const ForecastOptions& options, const MatrixView& regressors) {
  Forecast forecast = PredictFrom(model.nested.front(), options, regressors);
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

Forecast Predict(const CombinedModel& model, const ForecastOptions& options, const MatrixView& regressors) {
  std::vector<Forecast> forecasts;
  for (const ForecastModel& member : model.members) {
    forecasts.push_back(PredictFrom(member, options, RegressorsFor(member, regressors)));
    forecasts.back().fitted.clear();
  }
  Forecast combined = CombineForecasts({}, forecasts, model.combination, model.weights);
  combined.fitted = model.fitted;
  combined.residuals = model.residuals;
  combined.sigma2 = model.errors == 0 ? 0 : model.squares / static_cast<double>(model.errors);
  return combined;
}

BenchmarkFit Continue(BenchmarkFit fit, std::span<const double> y, const MatrixView& /*regressors*/) {
  return UpdateBenchmark(std::move(fit), y);
}

ThetaFit Continue(ThetaFit fit, std::span<const double> y, const MatrixView& /*regressors*/) {
  return UpdateTheta(std::move(fit), y);
}

EtsModel Continue(EtsModel model, std::span<const double> y, const MatrixView& /*regressors*/) {
  return UpdateEts(std::move(model), y);
}

ArimaModel Continue(ArimaModel model, std::span<const double> y, const MatrixView& regressors) {
  return UpdateArima(std::move(model), y, regressors);
}

IntermittentFit Continue(IntermittentFit fit, std::span<const double> y, const MatrixView& /*regressors*/) {
  return UpdateIntermittent(std::move(fit), y);
}

// Fitted values of the nested model and their season, for the last observations.
void AppendSeasonal(std::span<const double> y, std::span<const double> seasonal, SeasonalModel* model) {
  const auto nested = FittedOf(model->nested.front()).last(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    model->fitted.push_back(nested[i] + seasonal[i]);
    model->residuals.push_back(y[i] - model->fitted.back());
  }
}

SeasonalModel Continue(SeasonalModel model, std::span<const double> y, const MatrixView& regressors) {
  RequireMemory(4 * sizeof(double) * y.size(), "continuing a model");
  std::vector<double> seasonal(y.size());
  std::vector<double> adjusted(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    seasonal[i] = model.season.At(i);
    adjusted[i] = y[i] - seasonal[i];
  }
  model.nested.front() = Update(std::move(model.nested.front()), adjusted, regressors);
  AppendSeasonal(y, seasonal, &model);
  model.season.Advance(y.size());
  return model;
}

// The members' fitted values of the last observations combined.
void AppendCombined(std::span<const double> y, CombinedModel* model) {
  RequireMemory((model->members.size() + 4) * sizeof(double) * y.size(), "combining models");
  std::vector<Forecast> forecasts(model->members.size());
  for (std::size_t i = 0; i < forecasts.size(); ++i) {
    const auto fitted = FittedOf(model->members[i]).last(y.size());
    forecasts[i].fitted.assign(fitted.begin(), fitted.end());
  }
  const Forecast combined = CombineForecasts(y, forecasts, model->combination, model->weights);
  model->fitted.insert(model->fitted.end(), combined.fitted.begin(), combined.fitted.end());
  model->residuals.insert(model->residuals.end(), combined.residuals.begin(), combined.residuals.end());
  for (const double residual : combined.residuals) {
    if (std::isnan(residual)) continue;
    model->squares += residual * residual;
    ++model->errors;
  }
}

CombinedModel Continue(CombinedModel model, std::span<const double> y, const MatrixView& regressors) {
  for (ForecastModel& member : model.members) {
    const MatrixView own = RegressorsFor(member, regressors);
    member = Update(std::move(member), y, own);
  }
  AppendCombined(y, &model);
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

CombinedModel Combine(std::span<const double> y, std::vector<ForecastModel> members, Combination combination,
                      std::vector<double> weights) {
  if (members.size() < 2 || members.size() > kMaxForecastMembers) {
    throw Error(ErrorCode::kInvalidArgument, "the number of models to combine is outside its range",
                "Models: " + std::to_string(members.size()) + ", allowed: 2 to " +
                    std::to_string(kMaxForecastMembers) + ".");
  }
  for (const ForecastModel& member : members) {
    if (Observations(member) == static_cast<std::int64_t>(y.size()) && FittedOf(member).size() == y.size())
      continue;
    throw Error(ErrorCode::kInvalidArgument, "the models to combine are not of one series",
                "Observations: " + std::to_string(Observations(member)) +
                    ", of the series: " + std::to_string(y.size()) + ".");
  }
  if (!weights.empty() && (combination != Combination::kMean || weights.size() != members.size())) {
    throw Error(ErrorCode::kInvalidArgument, "the weights do not fit the models to combine",
                "Weights: " + std::to_string(weights.size()) + ", models: " + std::to_string(members.size()) +
                    ". A median has none.");
  }
  CombinedModel model;
  model.combination = combination;
  model.weights = std::move(weights);
  model.members = std::move(members);
  AppendCombined(y, &model);
  return model;
}

Forecast PredictFrom(const ForecastModel& model, const ForecastOptions& options,
                     const MatrixView& regressors) {
  RequireForecastOptions(options);
  RequireColumns(model, regressors);
  Forecast forecast =
      std::visit([&](const auto& kept) { return Predict(kept, options, regressors); }, model.value);
  RequireFinite(forecast);
  return forecast;
}

Forecast PredictFrom(const ForecastModel& model, const ForecastOptions& options) {
  RequireForecastOptions(options);
  return PredictFrom(model, options, Matrix(options.horizon, 0));
}

ForecastModel Update(ForecastModel model, std::span<const double> y, const MatrixView& regressors) {
  RequireColumns(model, regressors);
  if (y.empty()) return model;
  RequireForecastSeries(y);
  return std::visit([&](auto& kept) { return ForecastModel{Continue(std::move(kept), y, regressors)}; },
                    model.value);
}

ForecastModel Update(ForecastModel model, std::span<const double> y) {
  return Update(std::move(model), y, Matrix(static_cast<Eigen::Index>(y.size()), 0));
}

std::span<const double> FittedOf(const ForecastModel& model) {
  return std::visit([](const auto& kept) { return std::span<const double>(kept.fitted); }, model.value);
}

std::span<const double> ResidualsOf(const ForecastModel& model) {
  return std::visit([](const auto& kept) { return std::span<const double>(kept.residuals); }, model.value);
}

std::size_t RegressorCount(const ForecastModel& model) {
  if (const auto* arima = std::get_if<ArimaModel>(&model.value)) return arima->coefficients.regressors.size();
  std::size_t count = 0;
  for (const ForecastModel& inner : ModelsWithin(model)) count = std::max(count, RegressorCount(inner));
  return count;
}

std::int64_t Observations(const ForecastModel& model) {
  const auto within = ModelsWithin(model);
  if (!within.empty()) return Observations(within.front());
  const auto count = [](const auto& kept) -> std::int64_t {
    if constexpr (requires { kept.n; }) return kept.n;
    if constexpr (requires { kept.state.observations; }) {
      return static_cast<std::int64_t>(kept.state.observations);
    }
    return 0;
  };
  return std::visit(count, model.value);
}

std::string Describe(const ForecastModel& model) {
  const auto columns = static_cast<Eigen::Index>(RegressorCount(model));
  return PredictFrom(model, {.horizon = 0, .levels = {}}, Matrix(0, columns)).method;
}

}  // namespace ecomm::core
