// The state space form is that of Harvey & Phillips 1979 (doi:10.1093/biomet/66.1.49): state i holds what is
// known of the value i steps on. The variance of the states foreseen changes by one product of vectors per
// step, `change` with itself times `change_factor`; only these, the gain and the variance of the next error
// are followed, never a matrix.
#include "arima_filter.hpp"

#include <algorithm>
#include <cmath>

#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kLeastSlack = 256;

// Relative to the error's variance at its limit.
constexpr double kSteady = 1e-10;
constexpr double kNoChange = 1e-11;

constexpr std::size_t kLeastStepsPerTest = 4;

std::size_t Capacity(std::size_t states) { return states + std::max(states, kLeastSlack); }

void AddTimes(double factor, const double* from, std::size_t count, double* to) {
  const auto n = static_cast<Eigen::Index>(count);
  Eigen::Map<Eigen::ArrayXd>(to, n) += factor * Eigen::Map<const Eigen::ArrayXd>(from, n);
}

}  // namespace

ArmaFilter::ArmaFilter(std::size_t most_states, std::size_t columns)
    : predictions_(columns, std::vector<double>(Capacity(std::max<std::size_t>(most_states, 1)))),
      change_(Capacity(std::max<std::size_t>(most_states, 1))) {
  gain_.reserve(most_states + 1);
  limit_.reserve(most_states + 1);
}

std::size_t ArmaFilter::Bytes(std::size_t states, std::size_t columns) {
  constexpr std::size_t kVectorsOfCovariances = 9;
  return sizeof(double) * ((columns + 1) * Capacity(states) + (kVectorsOfCovariances + 2) * states);
}

void ArmaFilter::Begin(const ArmaTerms& terms) {
  terms_ = &terms;
  states_ = std::max<std::size_t>(terms.states(), 1);
  capacity_ = Capacity(states_);
  offset_ = 0;
  steps_ = 0;
  conditioned_ = 0;
  variance_ = 1;
  steady_ = true;
  for (auto& prediction : predictions_) std::fill(prediction.begin(), prediction.end(), 0.0);
  limit_.assign(states_, 0);
  for (const LagTerm& term : terms.ar) limit_[term.lag - 1] += term.value;
  for (const LagTerm& term : terms.ma) limit_[term.lag - 1] += term.value;
}

bool ArmaFilter::Start(const ArmaTerms& terms) {
  Begin(terms);
  if (!covariances_.Compute(terms)) return false;
  variance_ = covariances_.variance();
  gain_.assign(states_, 0);
  std::copy(covariances_.gain().begin(), covariances_.gain().end(), gain_.begin());
  std::fill(change_.begin(), change_.end(), 0.0);
  std::copy(gain_.begin(), gain_.end(), change_.begin());
  change_factor_ = -1 / variance_;
  steady_ = AtLimit();
  return true;
}

void ArmaFilter::StartConditionally(const ArmaTerms& terms) {
  Begin(terms);
  conditioned_ = terms.ar_order;
}

void ArmaFilter::Resume(const ArmaTerms& terms, const ArimaState& state, std::size_t steps,
                        bool conditional) {
  Begin(terms);
  steps_ = steps;
  if (conditional && steps < terms.ar_order) conditioned_ = terms.ar_order - steps;
  steady_ = state.steady;
  std::copy(state.prediction.begin(), state.prediction.end(), predictions_[0].begin());
  if (steady_) return;
  variance_ = state.variance;
  gain_ = state.gain;
  std::fill(change_.begin(), change_.end(), 0.0);
  std::copy(state.change.begin(), state.change.end(), change_.begin());
  change_factor_ = state.change_factor;
}

void ArmaFilter::Save(ArimaState* state) const {
  const auto window = [this](const std::vector<double>& buffer) {
    const auto from = buffer.begin() + static_cast<std::ptrdiff_t>(offset_);
    return std::vector<double>(from, from + static_cast<std::ptrdiff_t>(states_));
  };
  state->steady = steady_;
  state->prediction = window(predictions_[0]);
  state->variance = steady_ ? 1 : variance_;
  state->gain = steady_ ? std::vector<double>{} : gain_;
  state->change = steady_ ? std::vector<double>{} : window(change_);
  state->change_factor = steady_ ? 0 : change_factor_;
}

void ArmaFilter::Shift() {
  if (++offset_ + states_ <= capacity_) return;
  const auto restart = [this](std::vector<double>* buffer) {
    const auto first = buffer->begin();
    const auto rest = std::copy(first + static_cast<std::ptrdiff_t>(offset_),
                                first + static_cast<std::ptrdiff_t>(capacity_), first);
    std::fill(rest, buffer->end(), 0.0);
  };
  for (auto& prediction : predictions_) restart(&prediction);
  if (!steady_) restart(&change_);
  offset_ = 0;
}

bool ArmaFilter::AtLimit() const {
  double largest = 0;
  for (std::size_t i = 0; i < states_; ++i) {
    if (!(std::fabs(gain_[i] - limit_[i]) < kSteady)) return false;
    largest = std::max(largest, std::fabs(change_[offset_ + i]));
  }
  return variance_ - 1 < kSteady && std::fabs(change_factor_) * largest * largest < kSteady;
}

void ArmaFilter::Step(const double* values, std::size_t stride, double* errors) {
  const bool given = conditioned_ > 0;
  const double first_change = steady_ ? 0 : change_[offset_];
  for (std::size_t c = 0; c < predictions_.size(); ++c) {
    errors[c] = given ? 0 : values[c * stride] - predictions_[c][offset_];
  }
  // What is foreseen moves up one step; a value's own weight reaches it through the autoregression.
  if (steady_) {
    Shift();
    for (std::size_t c = 0; c < predictions_.size(); ++c) {
      double* state = predictions_[c].data() + offset_;
      for (const LagTerm& term : terms_->ar) state[term.lag - 1] += term.value * values[c * stride];
      for (const LagTerm& term : terms_->ma) state[term.lag - 1] += term.value * errors[c];
    }
    if (given) --conditioned_;
    ++steps_;
    return;
  }
  Shift();
  for (std::size_t c = 0; c < predictions_.size(); ++c) {
    double* state = predictions_[c].data() + offset_;
    const double foreseen = values[c * stride] - errors[c];
    for (const LagTerm& term : terms_->ar) state[term.lag - 1] += term.value * foreseen;
    AddTimes(errors[c] / variance_, gain_.data(), states_, state);
  }
  double* change = change_.data() + offset_;
  for (const LagTerm& term : terms_->ar) change[term.lag - 1] += term.value * first_change;
  const double factor = change_factor_ * first_change;
  if (std::fabs(factor * first_change) > kNoChange * kNoChange * variance_) {
    const double next = variance_ + factor * first_change;
    AddTimes(factor, change, states_, gain_.data());
    AddTimes(-first_change / next, gain_.data(), states_, change);
    change_factor_ += factor * factor / variance_;
    variance_ = next;
  }
  ++steps_;
  const std::size_t every = std::max(states_, kLeastStepsPerTest);
  if (steps_ % every == 0 && AtLimit()) {
    steady_ = true;
    variance_ = 1;
  }
}

}  // namespace ecomm::core
