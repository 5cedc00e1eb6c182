#include "ecomm_analytics/core/distributions.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The constant term first.
using Coefficients = std::array<double, 8>;

double Polynomial(const Coefficients& c, double x) noexcept {
  double sum = 0;
  for (std::size_t i = c.size(); i-- > 0;) sum = sum * x + c[i];
  return sum;
}

// The three pairs of AS 241: |p - 1/2| <= 0.425, then by the root of -log of the tail, to 5 and beyond.
constexpr Coefficients kCentreOver = {3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427,
                                      13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
                                      33430.575583588128105, 2509.0809287301226727};
constexpr Coefficients kCentreUnder = {1.0,
                                       42.313330701600911252,
                                       687.18700749205790830,
                                       5394.1960214247511077,
                                       21213.794301586595867,
                                       39307.895800092710610,
                                       28729.085735721942674,
                                       5226.4952788528545610};
constexpr Coefficients kTailOver = {
    1.42343711074968357734, 4.63033784615654529590,  5.76949722146069140550,   3.64784832476320460504,
    1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.7454501427834140764e-4};
constexpr Coefficients kTailUnder = {1.0,
                                     2.05319162663775882187,
                                     1.67638483018380384940,
                                     0.689767334985100004550,
                                     0.148103976427480074590,
                                     0.0151986665636164571966,
                                     5.47593808499534494600e-4,
                                     1.05075007164441684324e-9};
constexpr Coefficients kFarOver = {6.65790464350110377720,    5.46378491116411436990,
                                   1.78482653991729133580,    0.296560571828504891230,
                                   0.0265321895265761230930,  0.00124266094738807843860,
                                   2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr Coefficients kFarUnder = {1.0,
                                    0.599832206555887937690,
                                    0.136929880922735805310,
                                    0.0148753612908506148525,
                                    7.86869131145613259100e-4,
                                    1.84631831751005468180e-5,
                                    1.42151175831644588870e-7,
                                    2.04426310338993978564e-15};

// A sum of positive terms times exp(-y), where either alone may be beyond a double: the exponential is spent
// in pieces as the sum grows.
class DampedSum {
 public:
  explicit DampedSum(double y) : left_(y) {}

  void Start(double term) { sum_ = term_ = term; }

  void Multiply(double factor) {
    term_ *= factor;
    sum_ += term_;
    while (sum_ > kLarge && left_ > 0) Spend();
  }

  double Value() {
    // Further pieces of exp(-500) from a sum this small leave nothing.
    for (int i = 0; i < 4 && left_ > 0; ++i) Spend();
    return left_ > 0 ? 0 : sum_;
  }

 private:
  static constexpr double kLarge = 1e200;
  static constexpr double kPiece = 500;

  void Spend() {
    const double piece = left_ < kPiece ? left_ : kPiece;
    const double factor = std::exp(-piece);
    term_ *= factor;
    sum_ *= factor;
    left_ -= piece;
  }

  double term_ = 0;
  double sum_ = 0;
  double left_;
};

}  // namespace

double NormalCdf(double x) noexcept { return 0.5 * std::erfc(-x * (std::numbers::sqrt2 / 2)); }

double NormalQuantile(double p) noexcept {
  if (!(p >= 0 && p <= 1)) return kNaN;
  if (p == 0) return -kInfinity;
  if (p == 1) return kInfinity;
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * Polynomial(kCentreOver, r) / Polynomial(kCentreUnder, r);
  }
  const double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
  const double x = r <= 5 ? Polynomial(kTailOver, r - 1.6) / Polynomial(kTailUnder, r - 1.6)
                          : Polynomial(kFarOver, r - 5) / Polynomial(kFarUnder, r - 5);
  return q < 0 ? -x : x;
}

double ChiSquaredSurvival(double x, std::int64_t degrees) {
  if (std::isnan(x) || degrees < 1) return kNaN;
  if (x <= 0) return 1;
  const double y = x / 2;
  // By Chernoff's bound below the smallest double; the sums may not be able to hold such a y.
  if (y > 1500 && y > 5.0 * static_cast<double>(degrees)) return 0;

  // Even degrees: exp(-y) times the sum of y^k / k!. Odd: the same with half more in each exponent and
  // factorial, and the normal distribution's tail.
  const bool odd = degrees % 2 == 1;
  const std::int64_t terms = degrees / 2;
  const double offset = odd ? 0.5 : 0.0;
  double result = odd ? std::erfc(std::sqrt(y)) : 0.0;
  if (terms == 0) return result;
  DampedSum sum(y);
  sum.Start(odd ? 2 * std::sqrt(y * std::numbers::inv_pi) : 1.0);
  constexpr std::int64_t kTermsPerPoll = 16384;
  for (std::int64_t k = 1; k < terms; ++k) {
    sum.Multiply(y / (static_cast<double>(k) + offset));
    if (k % kTermsPerPoll == 0) Poll();
  }
  result += sum.Value();
  return result < 1 ? result : 1;
}

}  // namespace ecomm::core
