// The eigenvalues of the discount matrix are the roots of P(z) = z^(m+1) + (a + b - p) z^m + (a + b - a p)
// (z^(m-1) + ... + z^2) + (a + b - a p + g - 1) z + p (1 - a - g), with a, b, g, p for alpha, beta, gamma,
// phi and m for the period: stable where all are within the unit circle.
#include "ets_stability.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

#include "ets_form.hpp"

namespace ecomm::core {
namespace {

constexpr int kLongestExact = 100;

// (z - 1) P(z) = z^m A(z) - B(z) with quadratics A and B. Where |A| >= |B| all around the unit circle,
// Rouche's theorem gives P no root outside. |A|^2 - |B|^2 is a quadratic in the cosine of the angle with a
// root at angle 0; without that root it is a line, to be positive from angle pi back to `angle`. At smaller
// ones than that of one turn in a season, z^m A and B hardly change their phase against each other, so that
// it is from there that the condition decides: it then errs only within a hair of the region's edge.
bool DominatesFrom(double angle, const EtsParameters& p) {
  const double a1 = p.alpha + p.beta - p.phi - 1;
  const double a0 = p.phi * (1 - p.alpha);
  const double b2 = 1 - p.gamma;
  const double b0 = p.phi * (1 - p.alpha - p.gamma);
  const double b1 = -(b0 + 1 - p.gamma - p.alpha - p.beta + p.alpha * p.phi);
  const double constant = 1 + a1 * a1 + a0 * a0 - b2 * b2 - b1 * b1 - b0 * b0 - 2 * a0 + 2 * b2 * b0;
  const double squared = 4 * (a0 - b2 * b0);
  return constant + squared >= 0 && constant - squared * std::cos(angle) >= 0;
}

// Schur and Cohn's test, in O(m^2): each step takes a polynomial to one of a degree less with the same
// answer.
bool RootsInsideCircle(std::span<double> c) {
  for (std::size_t degree = c.size() - 1; degree > 0; --degree) {
    const double reflection = c[0] / c[degree];
    if (!(std::fabs(reflection) < 1)) return false;
    const double scale = 1 / (1 - reflection * reflection);
    for (std::size_t i = 0, j = degree; i <= j; ++i, --j) {
      const double low = c[i];
      const double high = c[j];
      c[i] = (low - reflection * high) * scale;
      c[j] = (high - reflection * low) * scale;
    }
    // c[0] is 0 now: divide by z.
    c = c.subspan(1);
  }
  return true;
}

}  // namespace

bool IsForecastable(const EtsForm& form, int period, const EtsParameters& p, std::span<double> scratch) {
  if (!HasTrend(form) || !HasSeason(form) || period < 2) return true;
  if (period > kLongestExact) return DominatesFrom(2 * std::numbers::pi / period, p);
  const auto m = static_cast<std::size_t>(period);
  const auto c = scratch.first(m + 2);
  const double middle = p.alpha + p.beta - p.alpha * p.phi;
  for (double& x : c) x = middle;
  c[0] = p.phi * (1 - p.alpha - p.gamma);
  c[1] = middle + p.gamma - 1;
  c[m] = p.alpha + p.beta - p.phi;
  c[m + 1] = 1;
  return RootsInsideCircle(c);
}

}  // namespace ecomm::core
