#include "loess.hpp"

#include <algorithm>
#include <cmath>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

// Straight lines between every `step`-th value.
void Interpolate(std::span<double> curve, std::size_t from, std::size_t to) {
  const double slope = (curve[to] - curve[from]) / static_cast<double>(to - from);
  for (std::size_t i = from + 1; i < to; ++i) curve[i] = curve[from] + slope * static_cast<double>(i - from);
}

}  // namespace

std::optional<double> Loess::At(double x, std::span<const double> y, std::span<const double> robustness,
                                const LoessOptions& options, std::size_t first, std::size_t last) {
  const auto n = static_cast<std::int64_t>(y.size());
  work_ += last - first + 1;
  constexpr std::size_t kWorkPerPoll = 10'000;
  if (work_ >= kWorkPerPoll) {
    work_ = 0;
    Poll();
  }

  double reach = std::max(x - static_cast<double>(first), static_cast<double>(last) - x);
  // A window beyond the series weighs what there is more evenly.
  const std::int64_t beyond = std::max<std::int64_t>(0, options.window - n) / 2;
  reach += static_cast<double>(beyond);
  const double far = 0.999 * reach;
  const double near = 0.001 * reach;
  const double per_reach = reach > 0 ? 1 / reach : 0;
  double total = 0;
  for (std::size_t i = first; i <= last; ++i) {
    const double distance = std::fabs(static_cast<double>(i) - x);
    const double ratio = distance * per_reach;
    const double base = 1 - ratio * ratio * ratio;
    double weight = distance <= far ? base * base * base : 0;
    if (distance <= near) weight = 1;
    if (!robustness.empty()) weight *= robustness[i];
    weights_[i] = weight;
    total += weight;
  }
  if (total <= 0) return std::nullopt;

  double mean_y = 0;
  double mean_offset = 0;
  for (std::size_t i = first; i <= last; ++i) {
    mean_y += weights_[i] * y[i];
    mean_offset += weights_[i] * (static_cast<double>(i) - x);
  }
  mean_y /= total;
  if (options.degree == 0 || reach <= 0) return mean_y;

  mean_offset /= total;
  double squares = 0;
  double products = 0;
  for (std::size_t i = first; i <= last; ++i) {
    const double deviation = static_cast<double>(i) - x - mean_offset;
    squares += weights_[i] * deviation * deviation;
    products += weights_[i] * deviation * y[i];
  }
  // All weight on about one place: a slope would come from rounding.
  if (std::sqrt(squares / total) <= 0.001 * static_cast<double>(n - 1)) return mean_y;
  return mean_y - mean_offset * products / squares;
}

void Loess::Smooth(std::span<const double> y, std::span<const double> robustness, const LoessOptions& options,
                   std::span<double> curve) {
  const std::size_t n = y.size();
  if (n < 2) {
    std::copy(y.begin(), y.end(), curve.begin());
    return;
  }
  const auto jump =
      static_cast<std::size_t>(std::min<std::int64_t>(options.jump, static_cast<std::int64_t>(n) - 1));
  const bool whole = options.window >= static_cast<std::int64_t>(n);
  const std::size_t width = whole ? n : static_cast<std::size_t>(options.window);
  const std::size_t half = width / 2;
  std::size_t first = 0;
  const auto fit = [&](std::size_t i) {
    curve[i] = At(static_cast<double>(i), y, robustness, options, first, first + width - 1).value_or(y[i]);
  };

  std::size_t done = 0;
  for (std::size_t i = 0; i < n; i += jump) {
    if (!whole) first = std::min(i < half ? 0 : i - half, n - width);
    fit(i);
    if (i > 0) Interpolate(curve, done, i);
    done = i;
  }
  if (done == n - 1) return;
  // With the window of the last fit rather than the last window, as the published program does.
  fit(n - 1);
  Interpolate(curve, done, n - 1);
}

}  // namespace ecomm::core
