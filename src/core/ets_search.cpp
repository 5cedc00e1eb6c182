#include "ets_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>

#include "ecomm_analytics/core/error.hpp"
#include "ets_form.hpp"
#include "ets_initial.hpp"
#include "ets_likelihood.hpp"
#include "ets_stability.hpp"
#include "minimize.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The search stops where the log-likelihood gains less than this.
constexpr double kGain = 1e-5;

bool IsFixed(const EtsRange& range) { return range.lower == range.upper; }

// A parameter as a function of an unbounded variable: lower + (upper - lower) (1 + sin u) / 2. Unlike a
// logistic curve it reaches its ends, where estimates often are, at finite u and with a defined curvature.
struct Bounded {
  double value = 0;
  double slope = 0;  // by u
  double share = 0;  // by the upper end
};

Bounded FromVariable(double u, double lower, double upper) {
  const double share = 0.5 * (1 + std::sin(u));
  const double width = std::max(upper - lower, 0.0);
  return {lower + width * share, 0.5 * width * std::cos(u), upper > lower ? share : 0.0};
}

double ToVariable(double value, double lower, double upper) {
  if (!(upper > lower)) return 0;
  // At the very ends the slope is 0 and no search would leave them.
  const double share = std::clamp((value - lower) / (upper - lower), 1e-7, 1 - 1e-7);
  return std::asin(2 * share - 1);
}

// Parameters and states as the minimizer's variables: first alpha, beta, gamma and phi as far as they are
// estimated, then the states as distances from where they start in units that give them a curvature of
// about 1.
class Problem final : public SmoothFunction {
 public:
  Problem(std::span<const double> y, const EtsForm& form, const EtsOptions& options)
      : form_(form),
        options_(options),
        length_(static_cast<double>(y.size())),
        likelihood_(y, form, options.period),
        origin_(StateCount(form, options.period)),
        unit_(origin_.size()),
        states_(origin_.size()),
        scratch_(HasSeason(form) ? static_cast<std::size_t>(options.period) + 2 : 0),
        first_season_(HasTrend(form) ? 2 : 1) {
    alpha_at_ = Reserve(!IsFixed(options.alpha));
    beta_at_ = Reserve(HasTrend(form) && !IsFixed(options.beta));
    gamma_at_ = Reserve(HasSeason(form) && !IsFixed(options.gamma));
    phi_at_ = Reserve(form.damped && !IsFixed(options.phi));
  }

  std::size_t Size() const { return parameters_ + origin_.size(); }

  // The likelihood of parameters with the states at `states`, and what caution adds to it.
  double Try(const EtsParameters& parameters, std::span<const double> states) {
    if (!IsForecastable(form_, options_.period, parameters, scratch_)) return kInfinity;
    const bool cautious = beta_at_ >= 0 && parameters.alpha > 0;
    const double caution = cautious ? Caution() * parameters.beta / parameters.alpha : 0;
    return likelihood_.Value(parameters, states) + caution;
  }

  // Without caution.
  double Likelihood(const EtsSolution& solution) {
    if (!std::isfinite(solution.value)) return solution.value;
    return likelihood_.Value(solution.parameters, solution.states);
  }

  // Puts the variables' origin there; `x` becomes its image.
  void Start(const EtsParameters& p, std::span<const double> states, std::span<double> x) {
    std::fill(x.begin(), x.end(), 0.0);
    if (alpha_at_ >= 0) At(x, alpha_at_) = ToVariable(p.alpha, options_.alpha.lower, options_.alpha.upper);
    if (beta_at_ >= 0) At(x, beta_at_) = ToVariable(p.beta, options_.beta.lower, BetaLimit(p.alpha));
    if (gamma_at_ >= 0) At(x, gamma_at_) = ToVariable(p.gamma, options_.gamma.lower, GammaLimit(p.alpha));
    if (phi_at_ >= 0) At(x, phi_at_) = ToVariable(p.phi, options_.phi.lower, options_.phi.upper);
    std::copy(states.begin(), states.end(), origin_.begin());
    likelihood_.Value(p, states);
    SetUnits(p);
  }

  EtsParameters Parameters(std::span<const double> x) {
    EtsParameters p;
    alpha_ = {options_.alpha.lower, 0, 0};
    if (alpha_at_ >= 0) alpha_ = FromVariable(At(x, alpha_at_), options_.alpha.lower, options_.alpha.upper);
    p.alpha = alpha_.value;
    beta_ = {HasTrend(form_) ? options_.beta.lower : 0, 0, 0};
    if (beta_at_ >= 0) beta_ = FromVariable(At(x, beta_at_), options_.beta.lower, BetaLimit(p.alpha));
    p.beta = beta_.value;
    gamma_ = {HasSeason(form_) ? options_.gamma.lower : 0, 0, 0};
    if (gamma_at_ >= 0) gamma_ = FromVariable(At(x, gamma_at_), options_.gamma.lower, GammaLimit(p.alpha));
    p.gamma = gamma_.value;
    phi_ = {form_.damped ? options_.phi.lower : 1, 0, 0};
    if (phi_at_ >= 0) phi_ = FromVariable(At(x, phi_at_), options_.phi.lower, options_.phi.upper);
    p.phi = phi_.value;
    return p;
  }

  std::span<const double> States(std::span<const double> x) {
    const auto moves = x.subspan(parameters_);
    for (std::size_t i = 0; i < states_.size(); ++i) states_[i] = origin_[i] + unit_[i] * moves[i];
    return states_;
  }

  double Value(std::span<const double> x) override { return Try(Parameters(x), States(x)); }

  void Gradient(std::span<double> gradient) override {
    const auto states = gradient.subspan(parameters_);
    EtsLikelihood::ParameterGradient by = likelihood_.Gradient(states);
    if (beta_at_ >= 0 && alpha_.value > 0) {
      by.beta += Caution() / alpha_.value;
      by.alpha -= Caution() * beta_.value / (alpha_.value * alpha_.value);
    }
    // The limits of beta and gamma move with alpha.
    double by_alpha = by.alpha;
    if (beta_at_ >= 0 && alpha_.value < options_.beta.upper) by_alpha += by.beta * beta_.share;
    if (gamma_at_ >= 0 && 1 - alpha_.value < options_.gamma.upper) by_alpha -= by.gamma * gamma_.share;
    if (alpha_at_ >= 0) At(gradient, alpha_at_) = by_alpha * alpha_.slope;
    if (beta_at_ >= 0) At(gradient, beta_at_) = by.beta * beta_.slope;
    if (gamma_at_ >= 0) At(gradient, gamma_at_) = by.gamma * gamma_.slope;
    if (phi_at_ >= 0) At(gradient, phi_at_) = by.phi * phi_.slope;
    for (std::size_t i = 0; i < states.size(); ++i) states[i] *= unit_[i];
    if (HasSeason(form_)) {
      // The sum of the seasons is given: only directions that keep it.
      const auto seasons = states.subspan(first_season_);
      const double mean =
          std::accumulate(seasons.begin(), seasons.end(), 0.0) / static_cast<double>(seasons.size());
      for (double& s : seasons) s -= mean;
    }
  }

 private:
  static double& At(std::span<double> x, int i) { return x[static_cast<std::size_t>(i)]; }
  static double At(std::span<const double> x, int i) { return x[static_cast<std::size_t>(i)]; }

  int Reserve(bool estimated) { return estimated ? static_cast<int>(parameters_++) : -1; }

  double Caution() const { return options_.trend_caution / length_; }
  double BetaLimit(double alpha) const { return std::min(options_.beta.upper, alpha); }
  double GammaLimit(double alpha) const { return std::min(options_.gamma.upper, 1 - alpha); }

  // A state matters until the corrections have replaced it: about 1 / (2 alpha) observations. The curvature
  // is that number's share of the series, by the errors' variance.
  void SetUnits(const EtsParameters& p) {
    const bool factors = form_.season == EtsPart::kMultiplicative;
    const double spread = likelihood_.Spread();
    const double level_unit =
        IsMultiplicative(form_) ? spread * std::max(std::fabs(origin_[0]), 1e-3) : spread;
    const double remembered = std::min(length_, 1 / (p.alpha * (2 - p.alpha) + 1e-12));
    unit_[0] = level_unit * std::sqrt(length_ / (2 * remembered));
    if (HasTrend(form_)) {
      const double reach = std::min(length_, 1 / (p.beta + 1 - p.phi + 1e-12));
      const double unit = std::sqrt(length_ / (2 * reach)) * std::max(p.alpha, 1 / length_);
      unit_[1] = unit * (form_.trend == EtsPart::kMultiplicative ? spread : level_unit);
    }
    if (!HasSeason(form_)) return;
    const double seasons = std::max(1.0, length_ / static_cast<double>(options_.period));
    const double kept = std::min(seasons, 1 / (p.gamma * (2 - p.gamma) + 1e-12));
    const double unit = (factors ? spread : level_unit) * std::sqrt(length_ / (2 * kept));
    std::fill(unit_.begin() + static_cast<std::ptrdiff_t>(first_season_), unit_.end(), unit);
  }

  EtsForm form_;
  EtsOptions options_;
  double length_;
  EtsLikelihood likelihood_;
  std::vector<double> origin_;
  std::vector<double> unit_;
  std::vector<double> states_;
  std::vector<double> scratch_;
  std::size_t first_season_;
  std::size_t parameters_ = 0;
  int alpha_at_ = -1;
  int beta_at_ = -1;
  int gamma_at_ = -1;
  int phi_at_ = -1;
  Bounded alpha_;
  Bounded beta_;
  Bounded gamma_;
  Bounded phi_;
};

struct Candidate {
  EtsParameters parameters;
  double value = kInfinity;
};

// Where the default range of beta would leave no stable trend, or hardly one.
constexpr int kLongPeriod = 100;

bool IsLongSeason(const EtsForm& form, int period) { return HasSeason(form) && period > kLongPeriod; }

// Parameters all over their ranges: slow and quick levels, with trends and seasons that adapt slowly or
// quickly.
std::vector<EtsParameters> Grid(const EtsForm& form, const EtsOptions& o) {
  std::vector<EtsParameters> grid;
  const auto within = [](const EtsRange& range, double limit, double share) {
    const double upper = std::max(std::min(range.upper, limit), range.lower);
    return range.lower + share * (upper - range.lower);
  };
  for (const double a : {0.02, 0.1, 0.3, 0.6, 0.9}) {
    for (const double b : {0.0, 0.02, 0.2, 0.9}) {
      if (!HasTrend(form) && b != 0.02) continue;
      // With a long season little else is stable; with a short one it is a poor place to start from.
      if (HasTrend(form) && b == 0 && !IsLongSeason(form, o.period)) continue;
      for (const double g : {0.05, 0.4}) {
        if (g > 0.1 && !HasSeason(form)) continue;
        EtsParameters p;
        p.alpha = within(o.alpha, 1, a);
        if (HasTrend(form)) p.beta = within(o.beta, p.alpha, b);
        if (HasSeason(form)) p.gamma = within(o.gamma, 1 - p.alpha, g);
        if (form.damped) p.phi = within(o.phi, 1, 0.9);
        grid.push_back(p);
      }
    }
  }
  return grid;
}

EtsRange Narrow(const char* name, EtsRange range, double lower, double upper) {
  const EtsRange narrowed{std::max(range.lower, lower), std::min(range.upper, upper)};
  if (narrowed.lower <= narrowed.upper) return narrowed;
  throw Error(ErrorCode::kInvalidArgument, std::string("nothing is left of the range of ") + name,
              "Range: " + std::to_string(range.lower) + " to " + std::to_string(range.upper) +
                  "; with the other parameters' ranges: " + std::to_string(narrowed.lower) + " to " +
                  std::to_string(narrowed.upper) + ".",
              "Beta is at most alpha, gamma at most 1 - alpha, and all are between 0 and 1.");
}

}  // namespace

EtsOptions FeasibleRanges(const EtsOptions& options, const EtsForm& form) {
  EtsOptions o = options;
  o.alpha =
      Narrow("alpha", o.alpha, HasTrend(form) ? o.beta.lower : 0, HasSeason(form) ? 1 - o.gamma.lower : 1);
  if (HasTrend(form)) o.beta = Narrow("beta", o.beta, 0, o.alpha.upper);
  if (HasSeason(form)) o.gamma = Narrow("gamma", o.gamma, 0, 1 - o.alpha.lower);
  if (HasTrend(form) && IsLongSeason(form, o.period) && !IsFixed(o.beta)) {
    const double turn = std::numbers::pi / o.period;
    o.beta.lower = std::min(o.beta.lower, turn * turn);
  }
  if (form.damped) o.phi = Narrow("phi", o.phi, 1e-3, 1);
  return o;
}

std::size_t EstimatedCount(const EtsForm& form, const EtsOptions& o) {
  std::size_t count = StateCount(form, o.period) - (HasSeason(form) ? 1 : 0);
  if (!IsFixed(o.alpha)) ++count;
  if (HasTrend(form) && !IsFixed(o.beta)) ++count;
  if (HasSeason(form) && !IsFixed(o.gamma)) ++count;
  if (form.damped && !IsFixed(o.phi)) ++count;
  return count;
}

EtsSolution SearchEts(std::span<const double> y, const EtsForm& form, const EtsOptions& options, int effort) {
  Problem problem(y, form, options);
  MinimizeOptions search;
  search.tolerance = 2 * kGain / static_cast<double>(y.size());
  Minimizer minimizer(problem.Size(), search);
  std::vector<double> x(problem.Size());
  EtsSolution best{{}, {}, kInfinity};

  const std::vector<EtsParameters> grid = Grid(form, options);
  std::vector<Candidate> candidates(grid.size());
  // From the parameters that do best with the states; returns their likelihood before the search.
  const auto follow = [&](std::span<const double> states, int starts, double worst) {
    std::transform(grid.begin(), grid.end(), candidates.begin(), [&](const EtsParameters& p) {
      return Candidate{p, problem.Try(p, states)};
    });
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.value < b.value; });
    const double first = candidates.front().value;
    for (std::size_t i = 0; i < candidates.size() && i < static_cast<std::size_t>(starts); ++i) {
      if (!(candidates[i].value < worst)) break;
      problem.Start(candidates[i].parameters, states, x);
      const double value = minimizer.Minimize(&problem, x);
      if (!(value < best.value)) continue;
      const auto found = problem.States(x);
      best = {problem.Parameters(x), {found.begin(), found.end()}, value};
    }
    return first;
  };
  const double first = follow(InitialEtsStates(y, form, options.period), effort, kInfinity);
  if (effort > 1 || !std::isfinite(best.value)) follow(FlatEtsStates(y, form, options.period), 1, first);
  best.value = problem.Likelihood(best);
  return best;
}

}  // namespace ecomm::core
