// A fitted Theta model run on over observations, and ahead of them.
#include <algorithm>
#include <cstddef>

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "theta_parts.hpp"

namespace ecomm::core {
namespace {

ThetaPath AheadWithLine(const ThetaFit& fit, std::size_t horizon) {
  ThetaPath path = {std::vector<double>(horizon), std::vector<double>(horizon)};
  const double level = fit.state.origin + fit.state.level;
  for (std::size_t i = 0; i < horizon; ++i) {
    const auto later = static_cast<double>(i);
    path.mean[i] = level + fit.weight * fit.slope * (fit.state.step + later);
    path.variance[i] = fit.sigma2 * (1 + later * fit.alpha * fit.alpha);
  }
  return path;
}

// The state (level, mean, slope) is linear in itself and in the next observation; means follow with the
// forecast in the observation's place, variances by carrying the state's covariance along.
ThetaPath AheadDynamic(const ThetaFit& fit, std::size_t horizon) {
  using State = Eigen::Vector3d;
  ThetaPath path = {std::vector<double>(horizon), std::vector<double>(horizon)};
  const double alpha = fit.alpha;
  State state(fit.state.level, fit.state.mean, fit.state.slope);
  double faded = fit.state.faded;
  double step = fit.state.step;
  Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
  for (std::size_t i = 0; i < horizon; ++i) {
    if (i % 512 == 0) Poll();
    const double time = static_cast<double>(fit.n) + static_cast<double>(i + 1);
    const State observed(1, fit.weight * faded, fit.weight * (step - faded * 0.5 * time));
    const State gain(alpha, 1 / time, 6 / (time * (time + 1)));
    Eigen::Matrix3d next;
    next << 1 - alpha, 0, 0,      //
        0, (time - 1) / time, 0,  //
        0, -gain[2], (time - 2) / (time + 1);
    next += gain * observed.transpose();
    path.mean[i] = fit.state.origin + observed.dot(state);
    path.variance[i] = fit.sigma2 * (1 + std::max(0.0, observed.dot(covariance * observed)));
    state = next * state;
    covariance = (next * covariance * next.transpose() + gain * gain.transpose()).eval();
    faded = Faded(faded, alpha);
    step = 1 + (1 - alpha) * step;
  }
  return path;
}

}  // namespace

void AdvanceTheta(std::span<const double> y, ThetaFit* fit) {
  const bool standard = fit->model == ThetaModel::kStandard;
  const bool dynamic = IsDynamic(fit->model);
  const auto first_counted = static_cast<std::int64_t>(FirstCounted(fit->model));
  ThetaState state = fit->state;
  RunningLine line = {state.mean, state.slope};
  double squares = fit->squares;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (i % 8192 == 0) Poll();
    const auto seen = static_cast<double>(fit->n);
    const double above = y[i] - state.origin - state.level;
    double error = above;
    if (!standard) {
      const double part =
          dynamic ? state.faded * line.Intercept(seen) + state.step * line.slope : state.step * fit->slope;
      error -= fit->weight * part;
    }
    fit->fitted.push_back(standard ? state.level : y[i] - error);
    if (fit->n >= first_counted) squares += error * error;
    state.level += fit->alpha * above;
    state.step = 1 + (1 - fit->alpha) * state.step;
    if (!standard) state.faded = Faded(state.faded, fit->alpha);
    if (dynamic) line.Add(y[i] - state.origin, seen + 1);
    ++fit->n;
  }
  state.mean = line.mean;
  state.slope = line.slope;
  fit->state = state;
  fit->squares = squares;
  fit->sigma2 = squares / static_cast<double>(fit->n - first_counted - fit->estimated);
  // Back from y less the origin, and for the fixed line from the intercept that the initial level took in.
  const double moved = fit->weight * (dynamic ? state.origin : fit->intercept);
  fit->level = standard ? state.level : state.origin + state.level - moved * state.faded;
}

ThetaPath ThetaAhead(const ThetaFit& fit, std::size_t horizon) {
  return IsDynamic(fit.model) ? AheadDynamic(fit, horizon) : AheadWithLine(fit, horizon);
}

}  // namespace ecomm::core
