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
#include "scalar_search.hpp"
#include "theta_parts.hpp"

namespace ecomm::core {
namespace {

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
    solution.weight = std::clamp(weight, 0.0, kLargestThetaWeight);
  }
  const double w = solution.weight;
  solution.initial_level = (sums.ac - w * sums.cd) / sums.cc;
  solution.squares = std::max(0.0, sums.aa - 2 * w * sums.ad + w * w * sums.dd -
                                       sums.cc * solution.initial_level * solution.initial_level);
  return solution;
}

class Model {
 public:
  Model(std::span<const double> y, ThetaModel model)
      : model_(model),
        dynamic_(IsDynamic(model)),
        free_weight_(model != ThetaModel::kDynamic),
        origin_(y.front()),
        line_(FitLine(y)),
        y_(y) {
    if (!dynamic_) return;
    before_.reserve(y.size());
    RunningLine running;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto seen = static_cast<double>(i);
      before_.push_back({running.Intercept(seen), running.slope});
      running.Add(y[i] - origin_, seen + 1);
    }
  }

  Solution SolveFor(double alpha) const {
    Moments sums;
    double level = 0;
    double faded = 1;  // (1 - alpha)^t for the t observations seen
    double step = 1;   // (1 - (1 - alpha)^(t + 1)) / alpha
    for (std::size_t i = 0; i < y_.size(); ++i) {
      if (i % 8192 == 0) Poll();
      const double error = y_[i] - origin_ - level;
      const double part =
          dynamic_ ? faded * before_[i].intercept + step * before_[i].slope : step * line_.slope;
      if (i >= FirstCounted(model_)) sums.Add(error, faded, part);
      level += alpha * error;
      faded = Faded(faded, alpha);
      step = 1 + (1 - alpha) * step;
    }
    return Solve(sums, free_weight_);
  }

  ThetaFit Fit() const {
    const auto squares = [&](double alpha) { return SolveFor(alpha).squares; };
    ThetaFit fit;
    fit.model = model_;
    fit.alpha = LowestPoint(squares, AlphaGrid(0.1, 0.99), 1e-10);
    const Solution solution = SolveFor(fit.alpha);
    fit.weight = solution.weight;
    fit.theta = ThetaOfWeight(solution.weight);
    fit.intercept = line_.intercept;
    fit.slope = line_.slope;
    fit.initial_level =
        origin_ + solution.initial_level - solution.weight * (dynamic_ ? origin_ : line_.intercept);
    fit.estimated = free_weight_ ? 3 : 2;
    fit.state.origin = origin_;
    fit.state.level = solution.initial_level;
    fit.state.step = 1;
    AdvanceTheta(y_, &fit);
    return fit;
  }

 private:
  ThetaModel model_;
  bool dynamic_;
  bool free_weight_;
  double origin_;
  Line line_;
  std::span<const double> y_;
  std::vector<Line> before_;  // each observation, through those of y - y[0] before it
};

}  // namespace

ThetaFit FitThetaModel(std::span<const double> y, ThetaModel model) { return Model(y, model).Fit(); }

}  // namespace ecomm::core
