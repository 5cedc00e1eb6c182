// A given exponential smoothing model over observations.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "decompose_parts.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ets_form.hpp"
#include "ets_run.hpp"

namespace ecomm::core {
namespace {

// The least squared error per observation, relative to the series: a perfect fit has a finite likelihood.
constexpr double kPerfect = 1e-24;

constexpr double kLargest = 1e140;  // its square, summed, is representable

// Relative to the observation, so that the square of the error is finite.
constexpr double kLeastForecast = 1e-30;

constexpr std::size_t kStepsPerPoll = 10'000;

// As in R, a forecast below 0 counts as any other: an additive trend or season can lead there.
void RequireForecast(const EtsForm& form, std::size_t position, double forecast, double y) {
  const bool usable = !IsMultiplicative(form) || std::fabs(forecast) > kLeastForecast * y;
  if (usable && std::fabs(forecast) <= kLargest) return;
  throw Error(
      ErrorCode::kNumericRange,
      usable ? "the model's forecast is too large" : "there is no relative error to a forecast of zero",
      "Model: '" + Name(form) + "', observation: " + std::to_string(position + 1) +
          ", forecast: " + FormatNumber(forecast) + ".",
      "Fit the model anew, or one with additive errors.");
}

// Squares are summed in a unit of the series' size: their own sum might not be representable.
void AdaptUnit(std::span<const double> y, EtsSums* sums) {
  for (const double value : y) sums->largest = std::max(sums->largest, std::fabs(value));
  if (sums->largest == 0 || (sums->largest < sums->unit && sums->squares > 0)) return;
  const double unit = std::ldexp(1.0, std::ilogb(sums->largest) + 1);
  if (sums->squares > 0) sums->squares *= (sums->unit / unit) * (sums->unit / unit);
  sums->unit = unit;
}

// Likelihood and criteria from the sums, so that a continued model has those of the whole series.
void Summarize(EtsModel* model) {
  const EtsSums& sums = model->sums;
  const auto n = static_cast<double>(model->n);
  // A perfect fit is one relative to the largest value, where errors are not relative anyway.
  const double scale = IsMultiplicative(model->form) || sums.largest == 0 ? 1 : sums.largest / sums.unit;
  const double least = n * kPerfect * scale * scale;
  model->loglik = -0.5 * n * (std::log(std::max(sums.squares, least)) + 2 * std::log(sums.unit)) - sums.logs;
  const double k = model->estimated + 1.0;  // the variance is estimated too
  model->aic = 2 * k - 2 * model->loglik;
  model->bic = std::log(n) * k - 2 * model->loglik;
  model->aicc = n - k - 1 > 0 ? model->aic + 2 * k * (k + 1) / (n - k - 1) : model->aic;
  model->sigma2 = sums.squares / std::max(n - model->estimated, 1.0) * sums.unit * sums.unit;
}

}  // namespace

void RequireEtsSeries(std::span<const double> y, const EtsForm& form, std::size_t before) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    const bool positive = !IsMultiplicative(form) || y[i] > 0;
    if (positive && std::fabs(y[i]) <= kLargest) continue;
    const std::string where = "Position: " + std::to_string(before + i + 1) + ".";
    if (!std::isfinite(y[i])) {
      throw Error(ErrorCode::kUnusableData, "the series contains NaN or infinity", where);
    }
    if (std::fabs(y[i]) > kLargest) {
      throw Error(ErrorCode::kNumericRange, "a value of the series is too large", where);
    }
    throw Error(ErrorCode::kUnusableData, "a multiplicative model needs positive values",
                where + " Model: '" + Name(form) + "', value: " + FormatNumber(y[i]) + ".",
                "Use a model with additive error and season.");
  }
}

void RequireWholeEts(const EtsForm& form, int period, const EtsState& state) {
  RequireStable(form);
  if (form.error == EtsPart::kNone || form.error == EtsPart::kAutomatic ||
      form.trend == EtsPart::kAutomatic || form.season == EtsPart::kAutomatic) {
    throw Error(ErrorCode::kInvalidArgument, "the model's form is not complete",
                "Model: '" + Name(form) + "'.");
  }
  if (HasSeason(form) && (period < 2 || state.seasonal.size() != static_cast<std::size_t>(period))) {
    throw Error(ErrorCode::kInvalidArgument, "a seasonal state does not have the period's length",
                "Period: " + std::to_string(period) +
                    ", seasonal states: " + std::to_string(state.seasonal.size()) + ".");
  }
}

double EtsForecast(const EtsForm& form, const EtsBaseline& base, const EtsState& state, std::size_t phase) {
  if (form.season == EtsPart::kAdditive) return base.base + state.seasonal[phase];
  if (form.season == EtsPart::kMultiplicative) return base.base * state.seasonal[phase];
  return base.base;
}

EtsBaseline EtsBase(const EtsForm& form, double phi, const EtsState& state) {
  switch (form.trend) {
    case EtsPart::kAdditive:
      return {state.level + phi * state.trend, phi * state.trend};
    case EtsPart::kMultiplicative: {
      const double growth = phi == 1 ? state.trend : std::pow(state.trend, phi);
      return {state.level * growth, growth};
    }
    default:
      return {state.level, 0};
  }
}

void CorrectEts(const EtsForm& form, const EtsParameters& p, const EtsBaseline& before, double error,
                std::size_t phase, EtsState* state) {
  const bool factors = form.season == EtsPart::kMultiplicative;
  double correction = error;  // of the level: the error without its season
  if (factors) correction /= state->seasonal[phase];
  state->level = before.base + p.alpha * correction;
  if (form.trend == EtsPart::kAdditive) state->trend = before.growth + p.beta * correction;
  if (form.trend == EtsPart::kMultiplicative)
    state->trend = before.growth * (1 + p.beta * correction / before.base);
  if (HasSeason(form)) state->seasonal[phase] += p.gamma * (factors ? error / before.base : error);
}

EtsModel UpdateEts(EtsModel model, std::span<const double> y) {
  RequireWholeEts(model.form, model.period, model.state);
  RequireEtsSeries(y, model.form, static_cast<std::size_t>(model.n));
  if (model.n == 0 && y.empty()) throw Error(ErrorCode::kUnusableData, "the series is empty");
  const std::size_t length = model.fitted.size() + y.size();
  RequireMemory(3 * sizeof(double) * length, "running a model over a series");
  const bool relative = IsMultiplicative(model.form);
  if (!relative) AdaptUnit(y, &model.sums);
  model.fitted.reserve(length);
  model.residuals.reserve(length);
  const std::size_t period = std::max<std::size_t>(model.state.seasonal.size(), 1);
  std::size_t phase = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (i % kStepsPerPoll == 0) Poll();
    const EtsBaseline base = EtsBase(model.form, model.parameters.phi, model.state);
    const double forecast = EtsForecast(model.form, base, model.state, phase);
    RequireForecast(model.form, static_cast<std::size_t>(model.n), forecast, y[i]);
    const double error = y[i] - forecast;
    const double residual = relative ? error / forecast : error;
    CorrectEts(model.form, model.parameters, base, error, phase, &model.state);
    model.fitted.push_back(forecast);
    model.residuals.push_back(residual);
    const double scaled = residual / model.sums.unit;
    model.sums.squares += scaled * scaled;
    if (relative) model.sums.logs += std::log(std::fabs(forecast));
    ++model.n;
    if (++phase == period) phase = 0;
  }
  if (!model.state.seasonal.empty()) {
    std::rotate(model.state.seasonal.begin(),
                model.state.seasonal.begin() + static_cast<std::ptrdiff_t>(phase),
                model.state.seasonal.end());
  }
  Summarize(&model);
  return model;
}

EtsModel RunEts(std::span<const double> y, const EtsForm& form, int period, const EtsParameters& parameters,
                const EtsState& initial, int estimated) {
  EtsModel model;
  model.form = form;
  model.period = period;
  model.parameters = parameters;
  model.initial = initial;
  model.state = initial;
  model.estimated = estimated;
  return UpdateEts(std::move(model), y);
}

}  // namespace ecomm::core
