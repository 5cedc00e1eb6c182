// The optimised and dynamic Theta models as state space models: the level is smoothed exponentially, and
// what is added to it for the next observation follows from a line, by theta.
//
// In the words of the paper, with weight = 1 - 1 / theta,
//   mu[t] = level[t - 1] + weight ((1 - alpha)^(t - 1) A + (1 - (1 - alpha)^t) / alpha B).
// Given alpha the errors are linear in the initial level and in the weight, so both follow from least
// squares. All of it is done on y - y[0]: that moves the intercept A and with it only the initial level.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/matrix.hpp"
#include "scalar_search.hpp"
#include "theta_parts.hpp"

namespace ecomm::core {
namespace {

constexpr double kLargestWeight = 1 - 1e-10;

// Sums over the errors that count, of a = y - level for an initial level of 0, of the initial level's part c
// = (1 - alpha)^(t - 1), and of the line's part d.
struct Moments {
  double aa = 0, ac = 0, ad = 0, cc = 0, cd = 0, dd = 0;

  void Add(double a, double c, double d) {
    aa += a * a;
    ac += a * c;
    ad += a * d;
    cc += c * c;
    cd += c * d;
    dd += d * d;
  }
};

struct Solution {
  double initial_level = 0;
  double weight = 0.5;
  double squares = 0;
};

Solution Solve(const Moments& sums, bool free_weight) {
  Solution solution;
  const double own = sums.dd - sums.cd * sums.cd / sums.cc;  // of d, what c does not explain
  if (free_weight && own > 1e-12 * sums.dd) {
    const double weight = (sums.ad - sums.ac * sums.cd / sums.cc) / own;
    solution.weight = std::clamp(weight, 0.0, kLargestWeight);
  }
  const double w = solution.weight;
  solution.initial_level = (sums.ac - w * sums.cd) / sums.cc;
  solution.squares = std::max(0.0, sums.aa - 2 * w * sums.ad + w * w * sums.dd -
                                       sums.cc * solution.initial_level * solution.initial_level);
  return solution;
}

// Mean and slope of the observations so far, from which the line through them follows.
struct RunningLine {
  double mean = 0;
  double slope = 0;

  // `time` counts from 1.
  void Add(double value, double time) {
    slope = ((time - 2) * slope + 6 * (value - mean) / time) / (time + 1);
    mean += (value - mean) / time;
  }
  double Intercept(double time) const { return mean - 0.5 * (time + 1) * slope; }
};

class Model {
 public:
  Model(std::span<const double> y, ThetaModel model)
      : dynamic_(model != ThetaModel::kOptimised),
        free_weight_(model != ThetaModel::kDynamic),
        origin_(y.front()),
        line_(FitLine(y)),
        y_(y) {
    if (!dynamic_) return;
    before_.reserve(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto seen = static_cast<double>(i);
      before_.push_back({running_.Intercept(seen), running_.slope});
      running_.Add(y[i] - origin_, seen + 1);
    }
  }

  // Calls observe(i, a, c, d) for each observation, and returns what is left at the end.
  struct End {
    double level = 0;
    double c = 1;     // (1 - alpha)^t for the t observations seen
    double step = 1;  // (1 - (1 - alpha)^(t + 1)) / alpha
  };
  template <typename Observe>
  End Run(double alpha, double initial_level, const Observe& observe) const {
    End now;
    now.level = initial_level;
    for (std::size_t i = 0; i < y_.size(); ++i) {
      if (i % 8192 == 0) Poll();
      const double error = y_[i] - origin_ - now.level;
      observe(i, error, now.c, LinePart(now, i));
      now.level += alpha * error;
      now.c = Faded(now.c, alpha);
      now.step = 1 + (1 - alpha) * now.step;
    }
    return now;
  }

  Solution SolveFor(double alpha) const {
    Moments sums;
    Run(alpha, 0, [&](std::size_t i, double a, double c, double d) {
      if (i >= FirstCounted()) sums.Add(a, c, d);
    });
    return Solve(sums, free_weight_);
  }

  ThetaPath Path(std::size_t horizon) const {
    const auto squares = [&](double alpha) { return SolveFor(alpha).squares; };
    const double alpha = LowestPoint(squares, AlphaGrid(0.1, 0.99), 1e-10);
    const Solution solution = SolveFor(alpha);

    ThetaPath path;
    path.fitted.resize(y_.size());
    double left = 0;
    const End end = Run(alpha, solution.initial_level, [&](std::size_t i, double a, double, double d) {
      const double error = a - solution.weight * d;
      path.fitted[i] = y_[i] - error;
      if (i >= FirstCounted()) left += error * error;
    });
    const double parameters = free_weight_ ? 3 : 2;
    const auto counted = static_cast<double>(y_.size() - FirstCounted());
    path.sigma2 = left / (counted - parameters);

    path.fit.alpha = alpha;
    path.fit.theta = 1 / (1 - solution.weight);
    path.fit.intercept = line_.intercept;
    path.fit.slope = line_.slope;
    // Back from y - y[0], and for the fixed line from the intercept that the initial level took in.
    const double moved = solution.weight * (dynamic_ ? origin_ : line_.intercept);
    path.fit.initial_level = origin_ + solution.initial_level - moved;
    path.fit.level = origin_ + end.level - moved * end.c;
    path.mean.resize(horizon);
    path.variance.resize(horizon);
    if (dynamic_) {
      AheadDynamic(alpha, solution.weight, end, &path);
    } else {
      Ahead(alpha, solution.weight, end, &path);
    }
    return path;
  }

 private:
  std::size_t FirstCounted() const { return dynamic_ ? 2 : 0; }

  double LinePart(const End& now, std::size_t i) const {
    if (!dynamic_) return now.step * line_.slope;
    return now.c * before_[i].intercept + now.step * before_[i].slope;
  }

  void Ahead(double alpha, double weight, const End& end, ThetaPath* path) const {
    for (std::size_t i = 0; i < path->mean.size(); ++i) {
      const auto later = static_cast<double>(i);
      path->mean[i] = origin_ + end.level + weight * line_.slope * (end.step + later);
      path->variance[i] = path->sigma2 * (1 + later * alpha * alpha);
    }
  }

  // The state (level, mean, slope) is linear in itself and in the next observation; means follow with the
  // forecast in the observation's place, variances by carrying the state's covariance along.
  void AheadDynamic(double alpha, double weight, End now, ThetaPath* path) const {
    using State = Eigen::Vector3d;
    State state(now.level, running_.mean, running_.slope);
    Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
    for (std::size_t i = 0; i < path->mean.size(); ++i) {
      if (i % 512 == 0) Poll();
      const auto time = static_cast<double>(y_.size() + i + 1);
      const State observed(1, weight * now.c, weight * (now.step - now.c * 0.5 * time));
      const State gain(alpha, 1 / time, 6 / (time * (time + 1)));
      Eigen::Matrix3d next;
      next << 1 - alpha, 0, 0,      //
          0, (time - 1) / time, 0,  //
          0, -gain[2], (time - 2) / (time + 1);
      next += gain * observed.transpose();
      path->mean[i] = origin_ + observed.dot(state);
      path->variance[i] = path->sigma2 * (1 + std::max(0.0, observed.dot(covariance * observed)));
      state = next * state;
      covariance = (next * covariance * next.transpose() + gain * gain.transpose()).eval();
      now.c = Faded(now.c, alpha);
      now.step = 1 + (1 - alpha) * now.step;
    }
  }

  bool dynamic_;
  bool free_weight_;
  double origin_;
  Line line_;
  std::span<const double> y_;
  std::vector<Line> before_;  // each observation, through those of y - y[0] before it
  RunningLine running_;
};

}  // namespace

ThetaPath FitThetaModel(std::span<const double> y, ThetaModel model, std::size_t horizon) {
  return Model(y, model).Path(horizon);
}

}  // namespace ecomm::core
