#include "ecomm_analytics/core/f_distribution.hpp"

#include <cmath>
#include <limits>

namespace ecomm::core {
namespace {

// lgamma() writes to a global; this does not.
double LogGamma(double x) {
  int sign = 0;
  return lgamma_r(x, &sign);
}

double AwayFromZero(double x) {
  constexpr double kTiny = 1e-300;
  return std::fabs(x) < kTiny ? kTiny : x;
}

// 1 / (1 + d1 / (1 + d2 / (1 + …))) by Lentz's method as changed by Thompson & Barnett 1986,
// doi:10.1016/0021-9991(86)90046-X. Converges within some times the root of the larger parameter.
double BetaFraction(double x, double a, double b) {
  constexpr int kMostTerms = 100'000;
  constexpr double kPrecision = 1e-15;
  double c = 1;
  double d = 1 / AwayFromZero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / AwayFromZero(1 + even * d);
    c = AwayFromZero(1 + even / c);
    fraction *= c * d;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / AwayFromZero(1 + odd * d);
    c = AwayFromZero(1 + odd / c);
    fraction *= c * d;
    if (std::fabs(c * d - 1) < kPrecision) break;
  }
  return fraction;
}

// I_x(a, b), where y = 1 - x is given so that neither loses its digits.
double IncompleteBeta(double x, double y, double a, double b) {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const double front =
      std::exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * std::log(x) + b * std::log(y));
  // The fraction converges fast on this side of the mean only.
  if (x < (a + 1) / (a + b + 2)) return front * BetaFraction(x, a, b) / a;
  return 1 - front * BetaFraction(y, b, a) / b;
}

}  // namespace

double FSurvival(double f, double numerator, double denominator) {
  const bool valid =
      numerator > 0 && denominator > 0 && std::isfinite(numerator) && std::isfinite(denominator);
  if (std::isnan(f) || !valid) return std::numeric_limits<double>::quiet_NaN();
  if (f <= 0) return 1;
  if (std::isinf(f)) return 0;
  const double explained = numerator * f;
  const double total = denominator + explained;
  return IncompleteBeta(denominator / total, explained / total, denominator / 2, numerator / 2);
}

}  // namespace ecomm::core
