#include "arima_polynomial.hpp"

#include <algorithm>
#include <cmath>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

// The tangent of a larger number cannot be told from 1 in the covariances.
constexpr double kLargestFree = 9;

constexpr std::size_t kLagsPerPoll = 200;

// Order k + 1 from order k by Durbin's recursion, in place: coefficients[0..k).
void Raise(std::span<double> coefficients, std::size_t k, double partial) {
  for (std::size_t i = 0, j = k; i < j--; ++i) {
    const double a = coefficients[i];
    const double b = coefficients[j];
    coefficients[i] = a - partial * b;
    if (i != j) coefficients[j] = b - partial * a;
  }
  coefficients[k] = partial;
}

// And back; returns the partial autocorrelation taken away. Only sound where that is within -1 to 1.
double Lower(std::span<double> coefficients, std::size_t k) {
  const double partial = coefficients[k];
  const double scale = 1 / (1 - partial * partial);
  for (std::size_t i = 0, j = k; i < j--; ++i) {
    const double a = coefficients[i];
    const double b = coefficients[j];
    coefficients[i] = (a + partial * b) * scale;
    if (i != j) coefficients[j] = (b + partial * a) * scale;
  }
  return partial;
}

void Add(std::size_t lag, double value, std::vector<LagTerm>* terms) {
  if (value == 0) return;
  for (LagTerm& term : *terms) {
    if (term.lag != lag) continue;
    term.value += value;
    return;
  }
  terms->push_back({lag, value});
}

}  // namespace

void StationaryCoefficients(std::span<const double> free, std::span<double> coefficients) {
  for (std::size_t k = 0; k < free.size(); ++k) {
    Raise(coefficients, k, std::tanh(std::clamp(free[k], -kLargestFree, kLargestFree)));
  }
}

void FreeOfCoefficients(std::span<double> c) {
  constexpr double kLargestPartial = 0.99;
  for (std::size_t k = c.size(); k-- > 0;) {
    if (!(std::fabs(c[k]) < 1)) c[k] = std::copysign(kLargestPartial, c[k]);
    c[k] = std::atanh(Lower(c, k));
  }
}

bool RootsOutside(std::span<const double> coefficients, double radius) {
  std::vector<double> scaled(coefficients.begin(), coefficients.end());
  double power = 1;
  for (double& c : scaled) c *= power *= radius;
  for (std::size_t k = scaled.size(); k-- > 0;) {
    if (!(std::fabs(scaled[k]) < 1)) return false;
    Lower(scaled, k);
  }
  return true;
}

void MultiplyLags(LagSide side, std::span<const double> near, std::span<const double> seasonal,
                  std::size_t period, std::vector<LagTerm>* terms) {
  const double sign = side == LagSide::kAr ? -1 : 1;
  terms->clear();
  for (std::size_t i = 0; i < near.size(); ++i) Add(i + 1, near[i], terms);
  for (std::size_t j = 0; j < seasonal.size(); ++j) {
    const std::size_t lag = (j + 1) * period;
    Add(lag, seasonal[j], terms);
    for (std::size_t i = 0; i < near.size(); ++i) Add(lag + i + 1, sign * seasonal[j] * near[i], terms);
  }
}

std::vector<LagTerm> DifferenceTerms(int d, int seasonal_d, std::size_t period) {
  const auto binomial = [](int order) {
    std::vector<double> c(static_cast<std::size_t>(order));
    double value = 1;
    for (int k = 1; k <= order; ++k) {
      value *= -static_cast<double>(order - k + 1) / k;
      c[static_cast<std::size_t>(k - 1)] = -value;
    }
    return c;
  };
  std::vector<LagTerm> terms;
  MultiplyLags(LagSide::kAr, binomial(d), binomial(seasonal_d), period, &terms);
  return terms;
}

// Partial autocorrelations from the coefficients, then Levinson's recursion up again with the covariances,
// and the autoregression's own recursion beyond its order.
bool ArmaCovariances::AutoregressionCovariances(const ArmaTerms& terms, std::size_t lags) {
  const std::size_t order = terms.ar_order;
  partial_.resize(order);
  work_.assign(order, 0);
  pure_.assign(std::max(lags, order) + 1, 0);
  for (const LagTerm& term : terms.ar) work_[term.lag - 1] += term.value;
  double variance = 1;
  for (std::size_t k = order; k-- > 0;) {
    if (k % kLagsPerPoll == 0) Poll();
    partial_[k] = work_[k];
    if (!(std::fabs(partial_[k]) < 1)) return false;
    if (partial_[k] == 0) continue;
    Lower(work_, k);
    variance /= 1 - partial_[k] * partial_[k];
  }
  pure_[0] = variance;
  for (std::size_t k = 0; k < order; ++k) {
    if (k % kLagsPerPoll == 0) Poll();
    double sum = partial_[k] * variance;
    for (std::size_t i = 0; i < k; ++i) sum += work_[i] * pure_[k - i];
    pure_[k + 1] = sum;
    Raise(work_, k, partial_[k]);
    variance *= 1 - partial_[k] * partial_[k];
  }
  for (std::size_t k = order + 1; k < pure_.size(); ++k) {
    for (const LagTerm& term : terms.ar) pure_[k] += term.value * pure_[k - term.lag];
  }
  return std::isfinite(pure_[0]);
}

bool ArmaCovariances::Compute(const ArmaTerms& terms) {
  const std::size_t states = terms.states();
  const std::size_t lags = std::max<std::size_t>(states, 1);
  if (!AutoregressionCovariances(terms, lags + terms.ma_order)) return false;

  products_.assign(terms.ma_order + 1, 0);
  products_[0] = 1;
  for (const LagTerm& a : terms.ma) {
    products_[a.lag] += a.value;
    products_[0] += a.value * a.value;
    for (const LagTerm& b : terms.ma) {
      if (b.lag > a.lag) products_[b.lag - a.lag] += a.value * b.value;
    }
  }
  both_.assign(lags, 0);
  for (std::size_t shift = 0; shift < products_.size(); ++shift) {
    const double c = products_[shift];
    if (c == 0) continue;
    for (std::size_t k = 0; k < lags; ++k) {
      both_[k] += c * pure_[k + shift];
      if (shift > 0) both_[k] += c * pure_[k > shift ? k - shift : shift - k];
    }
  }
  variance_ = both_[0];

  weights_.assign(lags, 0);
  weights_[0] = 1;
  for (const LagTerm& term : terms.ma) {
    if (term.lag < lags) weights_[term.lag] += term.value;
  }
  for (std::size_t k = 1; k < lags; ++k) {
    for (const LagTerm& term : terms.ar) {
      if (term.lag <= k) weights_[k] += term.value * weights_[k - term.lag];
    }
  }

  gain_.assign(states, 0);
  for (const LagTerm& term : terms.ar) {
    for (std::size_t i = 0; i < term.lag; ++i) gain_[i] += term.value * both_[term.lag - 1 - i];
  }
  for (const LagTerm& term : terms.ma) {
    for (std::size_t i = 0; i < term.lag; ++i) gain_[i] += term.value * weights_[term.lag - 1 - i];
  }
  return variance_ > 0 && std::isfinite(variance_);
}

}  // namespace ecomm::core
