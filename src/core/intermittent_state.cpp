#include "intermittent_state.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kPollEvery = 16384;

// Of the level: what came before changes no sum.
constexpr double kNegligible = 1e-18;

// How many of the last gains have a weight worth the name.
std::size_t WorthKeeping(std::span<const double> gains) {
  double left = 1;
  std::size_t kept = 0;
  while (kept < gains.size() && left > kNegligible) {
    left *= 1 - gains[gains.size() - 1 - kept];
    ++kept;
  }
  return kept;
}

template <class Value>
void KeepLast(std::size_t count, std::vector<Value>* values) {
  values->erase(values->begin(), values->end() - static_cast<std::ptrdiff_t>(count));
}

// The share of each value in what is smoothed of all; they sum to 1.
std::vector<double> Weights(std::span<const double> gains) {
  std::vector<double> weights(gains.begin(), gains.end());
  double left = 1;
  for (std::size_t i = weights.size(); i-- > 0;) {
    const double gain = weights[i];
    weights[i] = left * gain;
    left *= 1 - gain;
  }
  return weights;
}

// SBA's correction.
double Factor(const IntermittentFit& fit) {
  return fit.method == IntermittentMethod::kSba ? 1 - fit.interval.alpha / 2 : 1;
}

void TakeSize(double size, IntermittentFit* fit) {
  fit->sizes.push_back(size);
  fit->gains.push_back(Smooth(size, fit->start, &fit->size));
}

void StepCroston(double y, IntermittentFit* fit) {
  ++fit->waiting;
  if (y == 0) return;
  Smooth(static_cast<double>(fit->waiting), fit->start, &fit->interval);
  fit->waiting = 0;
  TakeSize(y, fit);
  fit->rate = Factor(*fit) / fit->interval.level * fit->size.level;
}

void StepTsb(double y, IntermittentFit* fit) {
  ++fit->waiting;
  Smooth(y > 0 ? 1 : 0, fit->start, &fit->interval);
  if (y > 0) {
    fit->waiting = 0;
    TakeSize(y, fit);
  }
  fit->rate = fit->interval.level * fit->size.level;
}

// Buckets end with the series, so that there is one for each observation: `width` chains of buckets that
// follow each other, all of which are smoothed alike.
class Buckets {
 public:
  explicit Buckets(IntermittentFit* fit)
      : fit_(fit), width_(static_cast<std::size_t>(fit->width)), from_(width_) {
    fit->levels.resize(width_);
    const auto seen = static_cast<std::size_t>(fit->n);
    if (seen >= width_) SumBack(std::span(fit->recent).first(width_));
    const std::size_t begun = seen % width_;
    for (const double value : std::span(fit->recent).last(begun)) up_to_ += value;
  }

  void Step(double y) {
    const auto i = static_cast<std::size_t>(fit_->n);
    const std::size_t place = i % width_;
    ++fit_->waiting;
    if (y > 0) {
      fit_->waiting = 0;
      fit_->sizes.push_back(y);
      fit_->positions.push_back(fit_->n);
    }
    fit_->recent.push_back(y);
    up_to_ = place == 0 ? y : up_to_ + y;
    const bool whole = place + 1 == width_;
    const double sum = whole ? up_to_ : from_[place + 1] + up_to_;
    if (whole) {
      if (fit_->recent.size() > width_) KeepLast(width_, &fit_->recent);
      SumBack(fit_->recent);
      fit_->gains.push_back(Smooth(sum, fit_->start, &fit_->size));
    }
    if (i + 1 < width_) return;
    double& level = fit_->levels[place];
    level = i + 1 < 2 * width_ ? sum : level + fit_->gains.back() * (sum - level);
    fit_->rate = level / static_cast<double>(width_);
  }

 private:
  // from_[i]: the sum of a block from its i-th value on.
  void SumBack(std::span<const double> block) {
    double sum = 0;
    for (std::size_t i = width_; i-- > 0;) from_[i] = sum = i + 1 == width_ ? block[i] : block[i] + sum;
  }

  IntermittentFit* fit_;
  std::size_t width_;
  std::vector<double> from_;
  double up_to_ = 0;  // the sum of the block that has begun
};

void Trim(IntermittentFit* fit) {
  const std::size_t kept = WorthKeeping(fit->gains);
  const bool all = kept == fit->gains.size();
  KeepLast(kept, &fit->gains);
  if (fit->method != IntermittentMethod::kAdida) {
    KeepLast(kept, &fit->sizes);
    return;
  }
  // What no bucket begins with yet will be in one later.
  if (all) return;
  const std::int64_t oldest = fit->n - static_cast<std::int64_t>(kept) * fit->width;
  const auto first = std::lower_bound(fit->positions.begin(), fit->positions.end(), oldest);
  const auto count = static_cast<std::size_t>(fit->positions.end() - first);
  KeepLast(count, &fit->positions);
  KeepLast(count, &fit->sizes);
}

}  // namespace

double Smooth(double value, IntermittentStart start, SmoothedLevel* smoothed) {
  smoothed->total = 1 + (1 - smoothed->alpha) * smoothed->total;
  const bool as_mean = smoothed->total == 1 || start == IntermittentStart::kRunningMean;
  const double gain = as_mean ? 1 / smoothed->total : smoothed->alpha;
  smoothed->level += gain * (value - smoothed->level);
  return gain;
}

std::vector<double> WindowSums(std::span<const double> y, std::size_t width) {
  const std::size_t count = y.size();
  std::vector<double> up_to(count);
  std::vector<double> from(count);
  for (std::size_t i = 0; i < count; ++i) up_to[i] = i % width == 0 ? y[i] : up_to[i - 1] + y[i];
  for (std::size_t i = count; i-- > 0;) {
    from[i] = i + 1 == count || (i + 1) % width == 0 ? y[i] : y[i] + from[i + 1];
  }
  std::vector<double> sums(count, 0.0);
  for (std::size_t i = width - 1; i < count; ++i) {
    const std::size_t first = i + 1 - width;
    sums[i] = first % width == 0 ? up_to[i] : from[first] + up_to[i];
  }
  return sums;
}

void AdvanceIntermittent(std::span<const double> y, IntermittentFit* fit) {
  const bool adida = fit->method == IntermittentMethod::kAdida;
  std::optional<Buckets> buckets;
  if (adida) buckets.emplace(fit);
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (i % kPollEvery == 0) Poll();
    const bool foreseen = fit->n >= (adida ? fit->width : 1);
    const double fitted = foreseen ? fit->rate : kNaN;
    const double residual = y[i] - fitted;
    fit->fitted.push_back(fitted);
    fit->residuals.push_back(residual);
    if (foreseen) {
      fit->squares += residual * residual;
      ++fit->errors;
    }
    if (adida) {
      buckets->Step(y[i]);
    } else if (fit->method == IntermittentMethod::kTsb) {
      StepTsb(y[i], fit);
    } else {
      StepCroston(y[i], fit);
    }
    ++fit->n;
  }
  Trim(fit);
}

std::vector<WeightedSize> SizesAhead(const IntermittentFit& fit) {
  std::vector<WeightedSize> sizes;
  if (fit.sizes.empty()) return sizes;
  sizes.reserve(fit.sizes.size());
  const std::vector<double> weights = Weights(fit.gains);
  if (fit.method == IntermittentMethod::kAdida) {
    const auto width = static_cast<double>(fit.width);
    for (std::size_t i = 0; i < fit.sizes.size(); ++i) {
      const auto bucket =
          static_cast<std::size_t>((fit.n - 1 - fit.positions[i]) / fit.width);  // from the last
      if (bucket >= weights.size()) continue;
      sizes.push_back({fit.sizes[i], weights[weights.size() - 1 - bucket] / width});
    }
    return sizes;
  }
  const double probability =
      fit.method == IntermittentMethod::kTsb ? fit.interval.level : Factor(fit) / fit.interval.level;
  for (std::size_t i = 0; i < fit.sizes.size(); ++i)
    sizes.push_back({fit.sizes[i], probability * weights[i]});
  return sizes;
}

}  // namespace ecomm::core
