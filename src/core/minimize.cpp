#include "minimize.hpp"

#include <algorithm>
#include <cmath>

namespace ecomm::core {
namespace {

double Dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

constexpr double kSufficient = 1e-4;  // of the decrease the slope promises
constexpr int kMaxHalvings = 40;
constexpr int kSmallDecreases = 3;

}  // namespace

Minimizer::Minimizer(std::size_t size, const MinimizeOptions& options)
    : options_(options),
      steps_(std::min<std::size_t>(static_cast<std::size_t>(options.memory), size + 2)),
      weights_(steps_.size()),
      direction_(size),
      trial_(size),
      gradient_(size),
      last_gradient_(size) {
  for (Step& step : steps_) {
    step.move.resize(size);
    step.change.resize(size);
  }
}

// The two loops of Nocedal 1980, doi:10.1090/S0025-5718-1980-0572855-7.
void Minimizer::FindDirection() {
  for (std::size_t i = 0; i < direction_.size(); ++i) direction_[i] = -gradient_[i];
  if (remembered_ == 0) return;
  const std::size_t ring = steps_.size();
  for (std::size_t k = 0; k < remembered_; ++k) {
    const std::size_t j = (next_ + ring - 1 - k) % ring;
    const Step& step = steps_[j];
    weights_[j] = Dot(step.move, direction_) / step.inner;
    for (std::size_t i = 0; i < direction_.size(); ++i) direction_[i] -= weights_[j] * step.change[i];
  }
  const Step& last = steps_[(next_ + ring - 1) % ring];
  const double scale = last.inner / Dot(last.change, last.change);
  for (double& d : direction_) d *= scale;
  for (std::size_t k = remembered_; k-- > 0;) {
    const std::size_t j = (next_ + ring - 1 - k) % ring;
    const Step& step = steps_[j];
    const double weight = weights_[j] - Dot(step.change, direction_) / step.inner;
    for (std::size_t i = 0; i < direction_.size(); ++i) direction_[i] += weight * step.move[i];
  }
}

// Leaves the accepted point in trial_, as the last one the function was asked about.
bool Minimizer::Search(SmoothFunction* function, std::span<const double> x, double slope, double first,
                       double* value) {
  double length = first;
  for (int halving = 0; halving < kMaxHalvings; ++halving) {
    for (std::size_t i = 0; i < x.size(); ++i) trial_[i] = x[i] + length * direction_[i];
    const double found = function->Value(trial_);
    if (found <= *value + kSufficient * length * slope) {
      *value = found;
      return true;
    }
    // The minimum of the parabola through the value and slope at the start and the value found.
    const double curve = found - *value - length * slope;
    const double vertex = std::isfinite(found) ? -slope * length * length / (2 * curve) : 0;
    length = std::clamp(vertex, 0.1 * length, 0.5 * length);
  }
  return false;
}

void Minimizer::Remember(std::span<const double> x) {
  Step& step = steps_[next_];
  for (std::size_t i = 0; i < x.size(); ++i) {
    step.move[i] = trial_[i] - x[i];
    step.change[i] = gradient_[i] - last_gradient_[i];
  }
  step.inner = Dot(step.move, step.change);
  // A step along which the slope did not grow tells nothing about the curvature.
  if (!(step.inner > 1e-10 * Dot(step.change, step.change) * 1e-6)) return;
  next_ = (next_ + 1) % steps_.size();
  remembered_ = std::min(remembered_ + 1, steps_.size());
}

double Minimizer::Minimize(SmoothFunction* function, std::span<double> x) {
  remembered_ = 0;
  next_ = 0;
  double value = function->Value(x);
  if (!std::isfinite(value)) return value;
  function->Gradient(gradient_);
  int small = 0;
  for (int iteration = 0; iteration < options_.max_iterations && small < kSmallDecreases; ++iteration) {
    FindDirection();
    double slope = Dot(gradient_, direction_);
    if (!(slope < 0)) {
      if (remembered_ == 0) break;
      remembered_ = 0;
      FindDirection();
      slope = Dot(gradient_, direction_);
      if (!(slope < 0)) break;
    }
    const double before = value;
    const double first = remembered_ == 0 ? std::min(1.0, 1 / std::sqrt(-slope)) : 1.0;
    if (!Search(function, x, slope, first, &value)) {
      if (remembered_ == 0) break;
      remembered_ = 0;  // what was learnt misleads here: once more down the slope
      continue;
    }
    std::swap(gradient_, last_gradient_);
    function->Gradient(gradient_);
    Remember(x);
    std::copy(trial_.begin(), trial_.end(), x.begin());
    small = before - value < options_.tolerance ? small + 1 : 0;
  }
  return value;
}

}  // namespace ecomm::core
