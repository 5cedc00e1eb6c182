#include "ecomm_analytics/core/student_t.hpp"

#include <cmath>
#include <limits>

#include "ecomm_analytics/core/distributions.hpp"
#include "ecomm_analytics/core/f_distribution.hpp"

namespace ecomm::core {
namespace {

double AroundNormal(double z, double degrees) {
  const double s = z * z;
  const double first = (s + 1) / 4;
  const double second = ((5 * s + 16) * s + 3) / 96;
  const double third = (((3 * s + 19) * s + 17) * s - 15) / 384;
  const double fourth = ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160;
  const double d = 1 / degrees;
  return z * (1 + d * (first + d * (second + d * (third + d * fourth))));
}

// The x > 0 that |T| exceeds with probability `both_tails`, by bisection of its logarithm: the tails of few
// degrees are too long for steps that trust the slope.
double Solve(double both_tails, double degrees) {
  double low = -700;
  double high = 350;
  while (true) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) return std::exp(middle);
    const double x = std::exp(middle);
    (FSurvival(x * x, 1, degrees) > both_tails ? low : high) = middle;
  }
}

}  // namespace

double StudentQuantile(double p, double degrees) {
  constexpr double kManyDegrees = 1e4;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!(p >= 0 && p <= 1 && degrees > 0 && std::isfinite(degrees))) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (p == 0 || p == 1) return p == 0 ? -kInfinity : kInfinity;
  if (p == 0.5) return 0;
  if (degrees >= kManyDegrees) return AroundNormal(NormalQuantile(p), degrees);
  return p < 0.5 ? -Solve(2 * p, degrees) : Solve(2 * (1 - p), degrees);
}

}  // namespace ecomm::core
