// Where this differs from R's forecast 8.20, whose formulas are otherwise the same: without a trend, an
// additive season's correction counts from the whole period on, as in chapter 6 of the book, not a step
// before; and with a multiplicative season a damped trend is damped in its first step too, as it is when the
// model is fitted.
#include "ecomm_analytics/core/ets_forecast.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "ets_form.hpp"
#include "ets_moments.hpp"
#include "ets_run.hpp"

namespace ecomm::core {
namespace {

constexpr int kMostPaths = 1'000'000;
constexpr double kLargest = std::numeric_limits<double>::max();
constexpr std::size_t kStepsPerPoll = 10'000;

void RequireSimulation(const EtsModel& model, const EtsSimulation& simulation) {
  if (simulation.paths < 1 || simulation.paths > kMostPaths) {
    throw Error(
        ErrorCode::kInvalidArgument, "the number of simulated paths is outside its range",
        "Paths: " + std::to_string(simulation.paths) + ", allowed: 1 to " + std::to_string(kMostPaths) + ".");
  }
  if (simulation.bootstrap && model.residuals.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "the model has no residuals to draw from", {},
                "Use normal errors.");
  }
}

// One error at a time, as the model or its residuals have them.
class ErrorSource {
 public:
  ErrorSource(const EtsModel& model, const EtsSimulation& simulation)
      : random_(simulation.seed),
        deviation_(std::sqrt(model.sigma2)),
        least_(IsMultiplicative(model.form) ? -1 : -kLargest) {
    if (!simulation.bootstrap) return;
    residuals_ = model.residuals;
    const double mean =
        std::accumulate(residuals_.begin(), residuals_.end(), 0.0) / static_cast<double>(residuals_.size());
    for (double& e : residuals_) e -= mean;
  }

  double Next() {
    const double error =
        residuals_.empty() ? deviation_ * random_.Normal() : residuals_[random_.Below(residuals_.size())];
    return std::max(error, least_);
  }

 private:
  Random random_;
  double deviation_;
  double least_;
  std::vector<double> residuals_;
};

double Representable(double x) { return std::isnan(x) ? kLargest : std::clamp(x, -kLargest, kLargest); }

// Hyndman & Fan's type 8, whose estimate is about median-unbiased whatever the distribution.
double SortedQuantile(std::span<const double> sorted, double p) {
  const auto n = static_cast<double>(sorted.size());
  const double place = std::clamp((n + 1.0 / 3) * p + 1.0 / 3, 1.0, n) - 1;
  const double below = std::floor(place);
  const auto i = static_cast<std::size_t>(below);
  if (i + 1 >= sorted.size()) return sorted.back();
  const double share = place - below;
  return (1 - share) * sorted[i] + share * sorted[i + 1];
}

void SetSimulatedIntervals(const EtsModel& model, const EtsSimulation& simulation,
                           std::span<const double> levels, Forecast* forecast) {
  const std::size_t steps = forecast->mean.size();
  const Matrix paths = SimulateEts(model, static_cast<int>(steps), simulation);
  forecast->levels.assign(levels.begin(), levels.end());
  forecast->lower.assign(levels.size(), std::vector<double>(steps));
  forecast->upper.assign(levels.size(), std::vector<double>(steps));
  std::vector<double> values(static_cast<std::size_t>(paths.rows()));
  for (std::size_t step = 0; step < steps; ++step) {
    Poll();
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = paths(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(step));
    }
    std::sort(values.begin(), values.end());
    for (std::size_t i = 0; i < levels.size(); ++i) {
      forecast->lower[i][step] = SortedQuantile(values, 0.5 - levels[i] / 2);
      forecast->upper[i][step] = SortedQuantile(values, 0.5 + levels[i] / 2);
    }
  }
}

// Far ahead the variance of multiplicative errors can outgrow every number; an interval then has no use, but
// ends.
constexpr double kLargestVariance = 1e300;

std::string MethodName(const EtsForm& form) {
  std::string name = "ETS(";
  for (const char c : Name(form)) {
    if (name.back() != '(' && c != 'd') name += ',';
    name += c;
  }
  return name + ')';
}

}  // namespace

Matrix SimulateEts(const EtsModel& model, int horizon, const EtsSimulation& simulation) {
  RequireForecastOptions({horizon, {}});
  RequireSimulation(model, simulation);
  RequireWholeEts(model.form, model.period, model.state);
  RequireMemory(
      sizeof(double) * static_cast<std::size_t>(simulation.paths) * (static_cast<std::size_t>(horizon) + 1),
      "simulating the future of a series");
  const bool relative = IsMultiplicative(model.form);
  const std::size_t period = std::max<std::size_t>(model.state.seasonal.size(), 1);
  ErrorSource errors(model, simulation);
  Matrix paths(simulation.paths, horizon);
  EtsState state = model.state;
  std::size_t work = 0;
  for (Eigen::Index path = 0; path < paths.rows(); ++path) {
    state = model.state;
    std::size_t phase = 0;
    for (Eigen::Index step = 0; step < paths.cols(); ++step) {
      if (++work % kStepsPerPoll == 0) Poll();
      const EtsBaseline base = EtsBase(model.form, model.parameters.phi, state);
      const double forecast = EtsForecast(model.form, base, state, phase);
      const double error = errors.Next() * (relative ? forecast : 1);
      paths(path, step) = Representable(forecast + error);
      CorrectEts(model.form, model.parameters, base, error, phase, &state);
      if (++phase == period) phase = 0;
    }
  }
  return paths;
}

Forecast ForecastEts(const EtsModel& model, const ForecastOptions& options, const EtsSimulation& simulation) {
  RequireForecastOptions(options);
  RequireWholeEts(model.form, model.period, model.state);
  const bool growth = model.form.trend == EtsPart::kMultiplicative;
  const bool simulate = growth || simulation.intervals || simulation.bootstrap;
  if (simulate) RequireSimulation(model, simulation);

  EtsMoments moments;
  if (growth) {
    moments.mean = EtsPoints(model, options.horizon);
  } else {
    moments = ComputeEtsMoments(model, options.horizon);
  }
  for (std::size_t i = 0; i < moments.mean.size(); ++i) {
    if (std::fabs(moments.mean[i]) < std::sqrt(kLargestVariance)) continue;
    throw Error(ErrorCode::kNumericRange, "the forecast grows beyond the numbers that can be represented",
                "Model: '" + Name(model.form) + "', step: " + std::to_string(i + 1) + ".",
                "Forecast fewer steps, or with another model.");
  }
  for (double& v : moments.variance) v = v < kLargestVariance ? v : kLargestVariance;

  Forecast forecast;
  forecast.mean = std::move(moments.mean);
  if (simulate) {
    SetSimulatedIntervals(model, simulation, options.levels, &forecast);
  } else {
    SetNormalIntervals(moments.variance, options.levels, &forecast);
  }
  forecast.fitted = model.fitted;
  forecast.residuals = model.residuals;
  forecast.sigma2 = model.sigma2;
  forecast.method = MethodName(model.form);
  return forecast;
}

}  // namespace ecomm::core
