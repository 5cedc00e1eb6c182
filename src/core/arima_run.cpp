#include "arima_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

#include "arima_design.hpp"
#include "arima_estimate.hpp"
#include "arima_filter.hpp"
#include "arima_order.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kPerfect = 1e-24;  // the least squared error per observation, relative to the unit's square
constexpr std::size_t kWorkPerPoll = 30'000;

void RequireCount(const char* what, std::size_t count, std::size_t needed) {
  if (count == needed) return;
  throw Error(ErrorCode::kInvalidArgument, "an ARIMA model's parts do not fit its order",
              std::string(what) + ": " + std::to_string(count) + ", needed: " + std::to_string(needed) + ".");
}

// Likelihood and criteria from the sums in the state, as R's forecast has them.
void Summarize(ArimaModel* model) {
  const ArimaState& state = model->state;
  const auto n = static_cast<double>(state.count);
  const double squares = std::max(state.squares, n * kPerfect);
  const double log_unit = std::log(state.unit);
  model->loglik = -0.5 * (n * (std::log(2 * std::numbers::pi * squares / n) + 1 + 2 * log_unit) + state.logs);
  const auto lost = static_cast<double>(Lost(model->order, model->period));
  const double used = static_cast<double>(state.observations) - lost;
  const double k = model->estimated + 1.0;  // the variance is estimated too
  model->aic = 2 * k - 2 * model->loglik;
  model->aicc = used - k - 1 > 0 ? model->aic + 2 * k * (k + 1) / (used - k - 1) : model->aic;
  model->bic = model->aic + k * (std::log(used) - 2);
  model->sigma2 = state.squares / std::max(n - model->estimated, 1.0) * state.unit * state.unit;
}

}  // namespace

void RequireWholeArima(const ArimaModel& model) {
  RequireArimaOrder(model.order, model.period);
  const ArimaCoefficients& c = model.coefficients;
  RequireCount("Coefficients of p", c.ar.size(), static_cast<std::size_t>(model.order.p));
  RequireCount("Coefficients of q", c.ma.size(), static_cast<std::size_t>(model.order.q));
  RequireCount("Coefficients of P", c.seasonal_ar.size(), static_cast<std::size_t>(model.order.seasonal_p));
  RequireCount("Coefficients of Q", c.seasonal_ma.size(), static_cast<std::size_t>(model.order.seasonal_q));
  const ArimaState& state = model.state;
  if (state.observations == 0) return;
  const std::size_t states = std::max<std::size_t>(LargestLag(model.order, model.period), 1);
  const std::size_t lost = Lost(model.order, model.period);
  RequireCount("Observations kept", state.past.size(), std::min(lost, state.observations));
  RequireCount("States", state.prediction.size(), states);
  if (state.steady) return;
  RequireCount("Gains", state.gain.size(), states);
  RequireCount("Changes", state.change.size(), states);
}

double Explained(const ArimaModel& model, const MatrixView& regressors, std::size_t row, std::size_t time) {
  double sum = model.has_constant ? model.coefficients.constant * ConstantColumn(model.order, time) : 0;
  for (std::size_t j = 0; j < model.coefficients.regressors.size(); ++j) {
    sum += model.coefficients.regressors[j] *
           regressors(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(j));
  }
  return sum;
}

void StartArima(double unit, ArimaModel* model) {
  model->state = {};
  model->state.unit = unit;
  model->fitted.clear();
  model->residuals.clear();
}

void ContinueArima(std::span<const double> y, const MatrixView& regressors, ArimaModel* model) {
  ArimaState& state = model->state;
  const std::size_t lost = Lost(model->order, model->period);
  const std::size_t states = LargestLag(model->order, model->period);
  RequireMemory(sizeof(double) * (3 * y.size() + 2 * lost) + ArmaFilter::Bytes(states, 1),
                "running an ARIMA model over a series");
  const ArmaTerms terms = Terms(model->order, model->period, model->coefficients);
  const auto differences =
      DifferenceTerms(model->order.d, model->order.seasonal_d, static_cast<std::size_t>(model->period));
  ArmaFilter filter(states, 1);
  if (state.observations > lost) {
    filter.Resume(terms, state, state.observations - lost, model->conditional);
  } else if (model->conditional) {
    filter.StartConditionally(terms);
  } else if (!filter.Start(terms)) {
    throw Error(ErrorCode::kInvalidArgument, "the autoregression of an ARIMA model is not stationary",
                "Model: '" + Name(*model) + "'.");
  }
  std::vector<double> levels = std::move(state.past);  // of the series less what is explained
  levels.reserve(levels.size() + y.size());
  model->fitted.reserve(model->fitted.size() + y.size());
  model->residuals.reserve(model->residuals.size() + y.size());
  std::size_t work = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    work += filter.steady() ? 10 : states + 10;
    if (work > kWorkPerPoll) {
      Poll();
      work = 0;
    }
    ++state.observations;
    const double level = y[i] - Explained(*model, regressors, i, state.observations);
    levels.push_back(level);
    if (state.observations <= lost) {
      model->fitted.push_back(kNaN);
      model->residuals.push_back(kNaN);
      continue;
    }
    double difference = level;
    for (const LagTerm& term : differences) {
      difference -= term.value * levels[levels.size() - 1 - term.lag];
    }
    const double variance = filter.variance();
    const bool counts = filter.counts();
    const double foreseen = filter.Foreseen(0);
    double error = 0;
    filter.Step(&difference, 1, &error);
    if (!counts) error = difference - foreseen;
    model->fitted.push_back(y[i] - error);
    model->residuals.push_back(error);
    if (!counts) continue;
    ++state.count;
    const double scaled = error / state.unit;
    state.squares += scaled * scaled / variance;
    if (variance != 1) state.logs += std::log(variance);
  }
  state.past.assign(levels.end() - static_cast<std::ptrdiff_t>(std::min(lost, levels.size())), levels.end());
  filter.Save(&state);
  Summarize(model);
}

ArimaModel RunArima(std::span<const double> y, const MatrixView& regressors, const ArimaModel& model) {
  RequireForecastSeries(y);
  ArimaModel run = model;
  StartArima(1, &run);
  RequireWholeArima(run);
  RequireRegressors(regressors, y.size());
  RequireCount("Columns of regressors", static_cast<std::size_t>(regressors.cols()),
               model.coefficients.regressors.size());
  if (y.size() <= Lost(model.order, model.period)) {
    throw Error(ErrorCode::kUnusableData, "too few observations for the model's differences",
                "Model: '" + Name(model) + "', observations: " + std::to_string(y.size()) +
                    ", needed: " + std::to_string(Lost(model.order, model.period) + 1) + ".");
  }
  double largest = 0;
  for (const double x : y) largest = std::max(largest, std::fabs(x));
  StartArima(PowerOfTwoAbove(largest), &run);
  ContinueArima(y, regressors, &run);
  return run;
}

ArimaModel UpdateArima(ArimaModel model, std::span<const double> y, const MatrixView& regressors) {
  RequireWholeArima(model);
  if (model.state.observations <= Lost(model.order, model.period)) {
    throw Error(ErrorCode::kInvalidArgument, "the model has no state to continue from", {},
                "Run it over a series first.");
  }
  if (y.empty()) return model;
  RequireForecastSeries(y);
  RequireRegressors(regressors, y.size());
  RequireCount("Columns of regressors", static_cast<std::size_t>(regressors.cols()),
               model.coefficients.regressors.size());
  ContinueArima(y, regressors, &model);
  return model;
}

}  // namespace ecomm::core
