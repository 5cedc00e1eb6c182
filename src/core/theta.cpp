#include "ecomm_analytics/core/theta.hpp"

#include <cstddef>
#include <string>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "theta_parts.hpp"

namespace ecomm::core {
namespace {

std::string MethodName(ThetaModel model) {
  if (model == ThetaModel::kStandard) return "theta";
  return std::string(Name(model)) + " theta";
}

// Without its season. With closed days among its phases the series is smoothed as it is: what the season
// leaves in it makes for a steadier level, which forecasts such series better.
std::vector<double> Adjusted(std::span<const double> y, const ThetaSeasonality& season,
                             std::size_t position) {
  std::vector<double> adjusted(y.begin(), y.end());
  for (std::size_t phase = 0; phase < season.phases.size(); ++phase) {
    if (season.IsClosed(phase)) return adjusted;
  }
  for (std::size_t i = 0; i < y.size(); ++i) adjusted[i] = season.Remove(y[i], position + i);
  return adjusted;
}

// The season into the fitted values that were appended for `y`, whose residuals follow.
void PutSeasonBack(std::span<const double> y, std::size_t position, ThetaFit* fit) {
  const ThetaSeasonality season = {fit->season, fit->seasonal};
  const auto fitted = std::span(fit->fitted).last(y.size());
  fit->residuals.reserve(fit->fitted.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    fitted[i] = season.PutBack(fitted[i], position + i);
    fit->residuals.push_back(y[i] - fitted[i]);
  }
}

}  // namespace

ThetaModel ParseThetaModel(std::string_view text) {
  if (text == "standard" || text == "stm") return ThetaModel::kStandard;
  if (text == "optimised" || text == "otm") return ThetaModel::kOptimised;
  if (text == "dynamic" || text == "dstm") return ThetaModel::kDynamic;
  if (text == "dynamic optimised" || text == "dotm") return ThetaModel::kDynamicOptimised;
  throw Error(ErrorCode::kInvalidArgument, "unknown theta model \"" + std::string(text) + "\"", "",
              "Use 'standard', 'optimised', 'dynamic' or 'dynamic optimised'.");
}

std::string_view Name(ThetaModel model) noexcept {
  switch (model) {
    case ThetaModel::kStandard:
      return "standard";
    case ThetaModel::kOptimised:
      return "optimised";
    case ThetaModel::kDynamic:
      return "dynamic";
    case ThetaModel::kDynamicOptimised:
      break;
  }
  return "dynamic optimised";
}

ThetaSeason ParseThetaSeason(std::string_view text) {
  if (text == "auto") return ThetaSeason::kAuto;
  if (text == "none") return ThetaSeason::kNone;
  if (text == "additive") return ThetaSeason::kAdditive;
  if (text == "multiplicative") return ThetaSeason::kMultiplicative;
  throw Error(ErrorCode::kInvalidArgument, "unknown season \"" + std::string(text) + "\"", "",
              "Use 'auto', 'none', 'additive' or 'multiplicative'.");
}

std::string_view Name(ThetaSeason season) noexcept {
  switch (season) {
    case ThetaSeason::kAuto:
      return "auto";
    case ThetaSeason::kNone:
      return "none";
    case ThetaSeason::kAdditive:
      return "additive";
    case ThetaSeason::kMultiplicative:
      break;
  }
  return "multiplicative";
}

ThetaFit FitTheta(std::span<const double> y, const ThetaOptions& theta) {
  constexpr std::size_t kFewest = 7;
  RequireForecastSeries(y);
  RequireMemory(10 * sizeof(double) * y.size(), "a Theta forecast");
  ThetaSeasonality season = FindThetaSeason(y, theta);
  const std::vector<double> adjusted = Adjusted(y, season, 0);
  const bool standard = theta.model == ThetaModel::kStandard || y.size() < kFewest;
  ThetaFit fit = standard ? FitStandardTheta(adjusted) : FitThetaModel(adjusted, theta.model);
  fit.season = season.kind;
  fit.seasonal = std::move(season.phases);
  PutSeasonBack(y, 0, &fit);
  return fit;
}

ThetaFit UpdateTheta(ThetaFit fit, std::span<const double> y) {
  if (y.empty()) return fit;
  RequireForecastSeries(y);
  RequireMemory(3 * sizeof(double) * (fit.fitted.size() + y.size()), "a Theta forecast");
  const auto position = static_cast<std::size_t>(fit.n);
  AdvanceTheta(Adjusted(y, {fit.season, fit.seasonal}, position), &fit);
  PutSeasonBack(y, position, &fit);
  return fit;
}

Forecast ForecastFrom(ThetaFit fit, const ForecastOptions& options) {
  RequireForecastOptions(options);
  const auto horizon = static_cast<std::size_t>(options.horizon);
  ThetaPath path = ThetaAhead(fit, horizon);
  const ThetaSeasonality season = {fit.season, std::move(fit.seasonal)};
  const bool scaled = season.kind == ThetaSeason::kMultiplicative && fit.model != ThetaModel::kStandard;
  for (std::size_t step = 0; step < horizon; ++step) {
    const std::size_t position = static_cast<std::size_t>(fit.n) + step;
    path.mean[step] = season.PutBack(path.mean[step], position);
    if (season.IsClosed(position)) path.variance[step] = 0;
    if (!scaled) continue;
    const double factor = season.phases[position % season.phases.size()];
    path.variance[step] *= factor * factor;
  }
  Forecast forecast;
  forecast.method = MethodName(fit.model);
  forecast.sigma2 = fit.sigma2;
  forecast.mean = std::move(path.mean);
  forecast.fitted = std::move(fit.fitted);
  forecast.residuals = std::move(fit.residuals);
  SetNormalIntervals(path.variance, options.levels, &forecast);
  return forecast;
}

ThetaForecast ForecastTheta(std::span<const double> y, const ThetaOptions& theta,
                            const ForecastOptions& options) {
  RequireForecastOptions(options);
  ThetaForecast result;
  result.fit = FitTheta(y, theta);
  result.forecast = ForecastFrom(result.fit, options);
  return result;
}

}  // namespace ecomm::core
