#include "ecomm_analytics/core/arima_forecast.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "arima_design.hpp"
#include "arima_estimate.hpp"
#include "arima_filter.hpp"
#include "arima_run.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

constexpr int kMostPaths = 1'000'000;
constexpr double kLargest = 1e150;  // its square is representable
constexpr double kLargestVariance = 1e300;
constexpr std::size_t kWorkPerPoll = 30'000;

// Errors ahead whose effects are followed one by one while the filter's gain still changes.
constexpr std::size_t kMostEffects = 20'000'000;

// Everything a look ahead starts from.
struct Ahead {
  ArmaTerms terms;
  std::vector<LagTerm> differences;
  ArmaFilter filter;

  Ahead(const Ahead&) = delete;  // the filter points to the terms
  Ahead& operator=(const Ahead&) = delete;
  explicit Ahead(const ArimaModel& model)
      : terms(Terms(model.order, model.period, model.coefficients)),
        differences(
            DifferenceTerms(model.order.d, model.order.seasonal_d, static_cast<std::size_t>(model.period))),
        filter(LargestLag(model.order, model.period), 1) {
    filter.Resume(terms, model.state, model.state.observations - Lost(model.order, model.period),
                  model.conditional);
  }
};

void RequireForecastable(const ArimaModel& model, const MatrixView& regressors, int horizon) {
  RequireForecastOptions({horizon, {}});
  RequireWholeArima(model);
  if (model.state.observations <= Lost(model.order, model.period)) {
    throw Error(ErrorCode::kInvalidArgument, "the model has no state to forecast from", {},
                "Fit it, or run it over a series, first.");
  }
  const std::size_t columns = model.coefficients.regressors.size();
  if (static_cast<std::size_t>(regressors.cols()) != columns) {
    throw Error(
        ErrorCode::kInvalidArgument, "regressors of the future are not those of the model",
        "Columns: " + std::to_string(regressors.cols()) + ", of the model: " + std::to_string(columns) + ".");
  }
  RequireRegressors(regressors, static_cast<std::size_t>(horizon));
  const std::size_t states = LargestLag(model.order, model.period);
  RequireMemory(ArmaFilter::Bytes(states, 1) + sizeof(double) * (6 * static_cast<std::size_t>(horizon) +
                                                                 model.state.past.size() + states),
                "forecasting an ARIMA model");
}

// y[t] = w[t] + terms of the y before; `series` ends at t - 1.
double Undo(const std::vector<LagTerm>& differences, const std::vector<double>& series, double w) {
  for (const LagTerm& term : differences) w += term.value * series[series.size() - term.lag];
  return w;
}

// How an error moves the observations from its own on, `count` of them. `state` is room for the states.
void Effects(const Ahead& ahead, std::size_t count, std::vector<double>* state,
             std::vector<double>* effects) {
  const std::size_t states = std::max<std::size_t>(ahead.terms.states(), 1);
  state->assign(states + count, 0);
  for (std::size_t i = 0; i < states; ++i) (*state)[i] = ahead.filter.Gain(i);
  effects->assign(count, 0);
  double w = 1;
  for (std::size_t j = 0; j < count; ++j) {
    double y = w;
    for (const LagTerm& term : ahead.differences) {
      if (term.lag <= j) y += term.value * (*effects)[j - term.lag];
    }
    (*effects)[j] = y;
    w = (*state)[j];
    for (const LagTerm& term : ahead.terms.ar) {
      if (j + term.lag < state->size()) (*state)[j + term.lag] += term.value * w;
    }
  }
}

// Of each step ahead, relative to sigma2.
std::vector<double> Variances(const ArimaModel& model, std::size_t horizon) {
  Ahead ahead(model);
  std::vector<double> variances(horizon, 0);
  std::vector<double> state;
  std::vector<double> effects;
  std::size_t first = 0;
  const std::size_t most = kMostEffects / std::max<std::size_t>(horizon, 1);
  for (; first < horizon && !ahead.filter.steady() && first < most; ++first) {
    Effects(ahead, horizon - first, &state, &effects);
    for (std::size_t j = first; j < horizon; ++j) {
      const double effect = effects[j - first];
      variances[j] += ahead.filter.variance() * effect * effect;
    }
    const double value = ahead.filter.Foreseen(0);
    double error = 0;
    ahead.filter.Step(&value, 1, &error);
    Poll();
  }
  // From here on all errors have the same effects.
  if (first < horizon) Effects(ahead, horizon - first, &state, &effects);
  double sum = 0;
  for (std::size_t j = first; j < horizon; ++j) {
    sum += ahead.filter.variance() * effects[j - first] * effects[j - first];
    variances[j] += sum;
  }
  return variances;
}

}  // namespace

Forecast ForecastArima(const ArimaModel& model, const MatrixView& regressors,
                       const ForecastOptions& options) {
  RequireForecastOptions(options);
  RequireForecastable(model, regressors, options.horizon);
  const auto horizon = static_cast<std::size_t>(options.horizon);
  Ahead ahead(model);
  std::vector<double> levels = model.state.past;
  levels.reserve(levels.size() + horizon);
  Forecast forecast;
  forecast.mean.reserve(horizon);
  std::size_t work = 0;
  for (std::size_t step = 0; step < horizon; ++step) {
    work += ahead.filter.steady() ? 10 : ahead.terms.states() + 10;
    if (work > kWorkPerPoll) {
      Poll();
      work = 0;
    }
    const double value = ahead.filter.Foreseen(0);
    double error = 0;
    ahead.filter.Step(&value, 1, &error);
    levels.push_back(Undo(ahead.differences, levels, value));
    const double mean =
        levels.back() + Explained(model, regressors, step, model.state.observations + step + 1);
    if (!(std::fabs(mean) < kLargest)) {
      throw Error(ErrorCode::kNumericRange, "the forecast grows beyond the numbers that can be represented",
                  "Model: '" + Name(model) + "', step: " + std::to_string(step + 1) + ".",
                  "Forecast fewer steps, or with another model.");
    }
    forecast.mean.push_back(mean);
  }
  std::vector<double> variances = Variances(model, horizon);
  for (double& v : variances) {
    v *= model.sigma2;
    if (!(v < kLargestVariance)) v = kLargestVariance;
  }
  SetNormalIntervals(variances, options.levels, &forecast);
  forecast.fitted = model.fitted;
  forecast.residuals = model.residuals;
  forecast.sigma2 = model.sigma2;
  forecast.method = Name(model);
  return forecast;
}

Forecast ForecastArima(const ArimaModel& model, const ForecastOptions& options) {
  RequireForecastOptions(options);
  return ForecastArima(model, Matrix(options.horizon, 0), options);
}

Matrix SimulateArima(const ArimaModel& model, int horizon, const MatrixView& regressors,
                     const ArimaSimulation& simulation) {
  RequireForecastable(model, regressors, horizon);
  if (simulation.paths < 1 || simulation.paths > kMostPaths) {
    throw Error(
        ErrorCode::kInvalidArgument, "the number of simulated paths is outside its range",
        "Paths: " + std::to_string(simulation.paths) + ", allowed: 1 to " + std::to_string(kMostPaths) + ".");
  }
  RequireMemory(
      sizeof(double) * static_cast<std::size_t>(simulation.paths) * static_cast<std::size_t>(horizon),
      "simulating the future of a series");
  Random random(simulation.seed);
  const double deviation = std::sqrt(model.sigma2);
  const Ahead start(model);
  Matrix paths(simulation.paths, horizon);
  std::vector<double> levels;
  levels.reserve(model.state.past.size() + static_cast<std::size_t>(horizon));
  std::size_t work = 0;
  for (Eigen::Index path = 0; path < paths.rows(); ++path) {
    ArmaFilter filter = start.filter;
    levels = model.state.past;
    for (Eigen::Index step = 0; step < paths.cols(); ++step) {
      work += filter.steady() ? 50 : start.terms.states() + 50;
      if (work > kWorkPerPoll) {
        Poll();
        work = 0;
      }
      const double value = filter.Foreseen(0) + deviation * std::sqrt(filter.variance()) * random.Normal();
      double error = 0;
      filter.Step(&value, 1, &error);
      levels.push_back(Undo(start.differences, levels, value));
      const auto row = static_cast<std::size_t>(step);
      const double y = levels.back() + Explained(model, regressors, row, model.state.observations + row + 1);
      paths(path, step) = std::clamp(std::isnan(y) ? kLargest : y, -kLargest, kLargest);
    }
  }
  return paths;
}

}  // namespace ecomm::core
