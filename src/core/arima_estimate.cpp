#include "arima_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

constexpr std::size_t kMostWork = 20'000'000;
constexpr std::size_t kCheapWork = 100'000;
constexpr std::size_t kMostAutoregressiveLag = 2000;

// The least squared error per observation, of a series scaled to 1: a perfect fit has a finite likelihood.
constexpr double kPerfect = 1e-24;

constexpr std::size_t kWorkPerPoll = 30'000;

// Variances are multiplied up to here between logarithms.
constexpr double kLargeProduct = 1e100;

}  // namespace

std::size_t AutoregressiveLag(const ArimaOrder& order, int period) {
  return static_cast<std::size_t>(order.p) +
         static_cast<std::size_t>(order.seasonal_p) * static_cast<std::size_t>(period);
}

std::size_t LargestLag(const ArimaOrder& order, int period) {
  return std::max(AutoregressiveLag(order, period),
                  static_cast<std::size_t>(order.q) +
                      static_cast<std::size_t>(order.seasonal_q) * static_cast<std::size_t>(period));
}

bool IsCheap(std::size_t largest_lag, std::size_t rows) { return largest_lag * rows <= kCheapWork; }

bool ExactIsAffordable(const ArimaOrder& order, int period, std::size_t rows) {
  return LargestLag(order, period) * rows <= kMostWork &&
         AutoregressiveLag(order, period) <= kMostAutoregressiveLag;
}

namespace {

void SetTerms(const ArimaOrder& order, int period, const ArimaCoefficients& c, ArmaTerms* terms) {
  const auto m = static_cast<std::size_t>(period);
  MultiplyLags(LagSide::kAr, c.ar, c.seasonal_ar, m, &terms->ar);
  MultiplyLags(LagSide::kMa, c.ma, c.seasonal_ma, m, &terms->ma);
  terms->ar_order = AutoregressiveLag(order, period);
  terms->ma_order = static_cast<std::size_t>(order.q) + m * static_cast<std::size_t>(order.seasonal_q);
}

// By the process's own equation, from `first` on, where the errors up to the largest lag before are given.
void SteadyErrors(const ArmaTerms& terms, const double* values, Eigen::Index first, Eigen::Index rows,
                  double* errors) {
  const Eigen::Index count = rows - first;
  Eigen::Map<Vector> rest(errors + first, count);
  rest = Eigen::Map<const Vector>(values + first, count);
  for (const LagTerm& term : terms.ar) {
    rest -= term.value * Eigen::Map<const Vector>(values + first - term.lag, count);
  }
  if (terms.ma.empty()) return;
  for (Eigen::Index t = first; t < rows; ++t) {
    double error = errors[t];
    for (const LagTerm& term : terms.ma)
      error -= term.value * errors[t - static_cast<Eigen::Index>(term.lag)];
    errors[t] = error;
  }
}

// The four polynomials in the order in which their numbers stand.
template <class Coefficients, class Visit>
void ForEachPart(Coefficients* c, Visit&& visit) {
  visit(&c->ar, 1.0);
  visit(&c->ma, -1.0);
  visit(&c->seasonal_ar, 1.0);
  visit(&c->seasonal_ma, -1.0);
}

}  // namespace

ArmaTerms Terms(const ArimaOrder& order, int period, const ArimaCoefficients& coefficients) {
  ArmaTerms terms;
  SetTerms(order, period, coefficients, &terms);
  return terms;
}

ArimaObjective::ArimaObjective(const ArimaDesign& design, const ArimaOrder& order, int period,
                               bool conditional)
    : design_(design),
      order_(order),
      period_(period),
      conditional_(conditional),
      counted_(design.rows() - (conditional ? AutoregressiveLag(order, period) : 0)),
      filter_(LargestLag(order, period), design.regressed() + 1),
      errors_(design.columns().rows(), design.columns().cols()),
      step_(design.columns().cols()),
      information_(design.columns().cols() - 1, design.columns().cols() - 1),
      factor_(design.columns().cols() - 1),
      regression_(design.columns().cols() - 1) {
  coefficients_.ar.resize(static_cast<std::size_t>(order.p));
  coefficients_.ma.resize(static_cast<std::size_t>(order.q));
  coefficients_.seasonal_ar.resize(static_cast<std::size_t>(order.seasonal_p));
  coefficients_.seasonal_ma.resize(static_cast<std::size_t>(order.seasonal_q));
}

void ArimaObjective::Unpack(std::span<const double> free, ArimaCoefficients* coefficients) const {
  coefficients->ar.resize(static_cast<std::size_t>(order_.p));
  coefficients->ma.resize(static_cast<std::size_t>(order_.q));
  coefficients->seasonal_ar.resize(static_cast<std::size_t>(order_.seasonal_p));
  coefficients->seasonal_ma.resize(static_cast<std::size_t>(order_.seasonal_q));
  std::size_t from = 0;
  ForEachPart(coefficients, [&](std::vector<double>* part, double sign) {
    StationaryCoefficients(free.subspan(from, part->size()), *part);
    for (double& c : *part) c *= sign;
    from += part->size();
  });
}

std::vector<double> FreeNumbers(const ArimaCoefficients& coefficients) {
  std::vector<double> free;
  ForEachPart(&coefficients, [&](const std::vector<double>* part, double sign) {
    std::vector<double> numbers = *part;
    for (double& c : numbers) c *= sign;
    FreeOfCoefficients(numbers);
    free.insert(free.end(), numbers.begin(), numbers.end());
  });
  return free;
}

double ArimaObjective::Evaluate(std::span<const double> free, Eigen::Ref<Vector> errors) {
  Unpack(free, &coefficients_);
  SetTerms(order_, period_, coefficients_, &terms_);
  if (conditional_) {
    filter_.StartConditionally(terms_);
  } else if (!filter_.Start(terms_)) {
    return kInfinity;
  }
  const Columns& columns = design_.columns();
  const Eigen::Index rows = columns.rows();
  const Eigen::Index width = columns.cols();
  const auto stride = static_cast<std::size_t>(rows);
  double product = 1;
  double logs = 0;
  std::size_t work = 0;
  Eigen::Index steady_since = -1;
  Eigen::Index t = 0;
  for (; t < rows; ++t) {
    if (filter_.steady() && filter_.counts()) {
      if (steady_since < 0) steady_since = t;
      // All that comes into the next errors is at hand: no state need be followed.
      if (t - steady_since >= static_cast<Eigen::Index>(terms_.states())) break;
    }
    work += filter_.steady() ? 10 : terms_.states() + 10;
    if (work > kWorkPerPoll) {
      Poll();
      work = 0;
    }
    const double variance = filter_.variance();
    filter_.Step(columns.data() + t, stride, step_.data());
    if (variance == 1) {
      for (Eigen::Index c = 0; c < width; ++c) errors_(t, c) = step_[c];
      continue;
    }
    if (!(variance > 0)) return kInfinity;
    product *= variance;
    if (product > kLargeProduct) {
      logs += std::log(product);
      product = 1;
    }
    const double weight = 1 / std::sqrt(variance);
    for (Eigen::Index c = 0; c < width; ++c) errors_(t, c) = weight * step_[c];
  }
  logs += std::log(product);
  for (Eigen::Index c = 0; c < width && t < rows; ++c) {
    Poll();
    SteadyErrors(terms_, columns.col(c).data(), t, rows, errors_.col(c).data());
  }

  errors = errors_.col(0);
  if (width > 1) {
    const auto regressors = errors_.rightCols(width - 1);
    information_.noalias() = regressors.transpose() * regressors;
    factor_.compute(information_);
    if (factor_.info() != Eigen::Success) return kInfinity;
    regression_.noalias() = regressors.transpose() * errors;
    factor_.solveInPlace(regression_);
    errors.noalias() -= regressors * regression_;
  }
  errors *= std::exp(0.5 * logs / static_cast<double>(counted_));
  const double squares = errors.squaredNorm();
  return std::isfinite(squares) ? std::max(squares, kPerfect * static_cast<double>(counted_)) : kInfinity;
}

std::optional<ArimaObjective> ArimaObjective::Conditional() const {
  if (conditional_ || rows() <= AutoregressiveLag(order_, period_) + size() + design_.regressed()) return {};
  return std::optional<ArimaObjective>(std::in_place, design_, order_, period_, true);
}

Columns ArimaObjective::RegressionCovariance() const {
  return factor_.solve(Columns::Identity(regression_.size(), regression_.size()));
}

double ArimaObjective::Loglik(double squares) const {
  const auto n = static_cast<double>(counted_);
  return -0.5 * n * (std::log(2 * std::numbers::pi * squares / n) + 1 + 2 * std::log(design_.unit()));
}

}  // namespace ecomm::core
