#include "period_peaks.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

using Complex = std::complex<double>;

// In place; the length is a power of two (Cooley & Tukey 1965, doi:10.1090/S0025-5718-1965-0178586-1).
void Transform(std::vector<Complex>* values) {
  auto& v = *values;
  const std::size_t n = v.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; (j & bit) != 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(v[i], v[j]);
  }
  std::vector<Complex> roots(n / 2);
  for (std::size_t k = 0; k < roots.size(); ++k) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n);
    roots[k] = {std::cos(angle), std::sin(angle)};
  }
  for (std::size_t length = 2; length <= n; length *= 2) {
    Poll();
    const std::size_t half = length / 2;
    const std::size_t stride = n / length;
    for (std::size_t from = 0; from < n; from += length) {
      for (std::size_t k = 0; k < half; ++k) {
        const Complex& root = roots[k * stride];
        const Complex odd = v[from + half + k];
        // Written out: the operator checks for infinities.
        const Complex turned(odd.real() * root.real() - odd.imag() * root.imag(),
                             odd.real() * root.imag() + odd.imag() * root.real());
        v[from + half + k] = v[from + k] - turned;
        v[from + k] += turned;
      }
    }
  }
}

}  // namespace

std::vector<double> ManyAutocorrelations(std::span<const double> y, std::size_t most) {
  std::size_t length = 2;
  while (length < y.size() + most + 1) length *= 2;
  RequireMemory(24 * length, "finding the period of a series");
  const double mean = std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size());
  double largest = 0;
  for (const double value : y) largest = std::max(largest, std::fabs(value - mean));
  std::vector<Complex> values(length, 0.0);
  for (std::size_t i = 0; i < y.size(); ++i) values[i] = (y[i] - mean) / largest;
  Transform(&values);
  for (Complex& value : values) value = std::norm(value);
  // Of a symmetric function the transform is its own inverse, but for the scale.
  Transform(&values);
  std::vector<double> result(most + 1);
  for (std::size_t lag = 0; lag <= most; ++lag) result[lag] = values[lag].real() / values[0].real();
  return result;
}

bool IsMultiple(std::size_t lag, std::size_t of, double error) {
  const double times = std::nearbyint(static_cast<double>(lag) / static_cast<double>(of));
  const double distance = std::fabs(static_cast<double>(lag) - times * static_cast<double>(of));
  return times > 1 && distance <= times * error;
}

std::vector<std::size_t> PeakLags(std::span<const double> y, std::size_t most) {
  const std::vector<double> r = ManyAutocorrelations(y, most + 1);
  const double bound = 1.96 / std::sqrt(static_cast<double>(y.size()));
  std::vector<std::size_t> ascending;
  for (std::size_t lag = 2; lag <= most; ++lag) {
    if (r[lag] > bound && r[lag] > r[lag - 1] && r[lag] >= r[lag + 1]) ascending.push_back(lag);
  }
  std::vector<std::size_t> peaks = ascending;
  std::stable_sort(peaks.begin(), peaks.end(), [&](std::size_t a, std::size_t b) { return r[a] > r[b]; });
  if (peaks.empty()) return peaks;

  // Every multiple of a period has a peak, and noise may make it the highest.
  constexpr double kNearly = 0.8;
  constexpr double kRounding = 0.5;
  const auto shortest = std::find_if(ascending.begin(), ascending.end(), [&](std::size_t lag) {
    return IsMultiple(peaks.front(), lag, kRounding) && r[lag] >= kNearly * r[peaks.front()];
  });
  if (shortest != ascending.end()) peaks.insert(peaks.begin(), *shortest);
  return peaks;
}

std::size_t SharpenLag(std::span<const double> y, std::size_t lag, std::size_t most) {
  constexpr std::size_t kFarthest = 50;
  const std::size_t around = std::min(kFarthest, 1 + lag / 8);
  std::size_t best = lag;
  double least = std::numeric_limits<double>::infinity();
  std::vector<double> sums;
  std::vector<double> counts;
  for (std::size_t period = std::max<std::size_t>(2, lag - std::min(lag, around));
       period <= std::min(most, lag + around); ++period) {
    sums.assign(period, 0.0);
    counts.assign(period, 0.0);
    for (std::size_t i = 0; i < y.size(); ++i) {
      sums[i % period] += y[i];
      counts[i % period] += 1;
    }
    double squares = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double deviation = y[i] - sums[i % period] / counts[i % period];
      squares += deviation * deviation;
    }
    Poll();
    const double dispersion = squares / static_cast<double>(y.size() - period);
    if (dispersion < least) {
      least = dispersion;
      best = period;
    }
  }
  return best;
}

}  // namespace ecomm::core
