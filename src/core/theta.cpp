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

ThetaForecast ForecastTheta(std::span<const double> y, const ThetaOptions& theta,
                            const ForecastOptions& options) {
  constexpr std::size_t kFewest = 7;
  RequireForecastOptions(options);
  RequireForecastSeries(y);
  RequireMemory(10 * sizeof(double) * y.size(), "a Theta forecast");
  const ThetaSeasonality season = FindThetaSeason(y, theta);
  std::vector<double> adjusted(y.begin(), y.end());
  for (std::size_t i = 0; i < y.size(); ++i) adjusted[i] = season.Remove(y[i], i);

  const ThetaModel model = y.size() < kFewest ? ThetaModel::kStandard : theta.model;
  const auto horizon = static_cast<std::size_t>(options.horizon);
  ThetaPath path = model == ThetaModel::kStandard ? FitStandardTheta(adjusted, horizon)
                                                  : FitThetaModel(adjusted, model, horizon);

  ThetaForecast result;
  result.fit = std::move(path.fit);
  result.fit.season = season.kind;
  result.fit.seasonal = season.phases;
  Forecast& forecast = result.forecast;
  forecast.method = MethodName(model);
  forecast.sigma2 = path.sigma2;
  forecast.fitted = std::move(path.fitted);
  forecast.residuals.resize(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    forecast.fitted[i] = season.PutBack(forecast.fitted[i], i);
    forecast.residuals[i] = y[i] - forecast.fitted[i];
  }
  forecast.mean = std::move(path.mean);
  const bool scaled = season.kind == ThetaSeason::kMultiplicative && model != ThetaModel::kStandard;
  for (std::size_t step = 0; step < horizon; ++step) {
    const std::size_t position = y.size() + step;
    forecast.mean[step] = season.PutBack(forecast.mean[step], position);
    if (!scaled) continue;
    const double factor = season.phases[position % season.phases.size()];
    path.variance[step] *= factor * factor;
  }
  SetNormalIntervals(path.variance, options.levels, &forecast);
  return result;
}

}  // namespace ecomm::core
