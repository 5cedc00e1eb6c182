#include "ecomm_analytics/core/power_likelihood.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/matrix.hpp"

namespace ecomm::core {
namespace {

using Eigen::Index;

constexpr int kBlock = 512;
constexpr int kMaxSteps = 500;
constexpr double kTolerance = 1e-7;  // of the last step; convergence is quadratic

struct Derivatives {
  double value = 0;  // log(var(u phi))
  double first = 0;  // of -value / 2, in mu
  double second = 0;
};

using Block = Eigen::Array<double, Eigen::Dynamic, 1, Eigen::ColMajor, kBlock, 1>;

// y = u phi(t) and its first two derivatives in mu, all times e^-shift.
struct Values {
  Block y;
  Block y1;
  Block y2;
};

// phi'' near 0: the sum of t^j / (j! (j + 3)), to 1e-17.
constexpr double kSeriesRadius = 0.125;
constexpr int kSeriesTerms = 10;

constexpr std::array<double, kSeriesTerms> SeriesCoefficients() {
  std::array<double, kSeriesTerms> result{};
  double factorial = 1;
  for (int j = 0; j < kSeriesTerms; ++j) {
    if (j > 0) factorial *= j;
    result[static_cast<std::size_t>(j)] = 1 / (factorial * (j + 3));
  }
  return result;
}

double SecondBySeries(double t) {
  static constexpr auto kCoefficients = SeriesCoefficients();
  double sum = 0;
  for (std::size_t j = kSeriesTerms; j-- > 0;) sum = sum * t + kCoefficients[j];
  return sum;
}

// phi = (e^t - 1) / t, phi' = (e^t - phi) / t, phi'' = (e^t - 2 phi') / t: from left to right where t is
// large enough to divide by, from the series for the last back to the first where it is not.
void FillValues(const Eigen::Ref<const Eigen::ArrayXd>& u, double mu, double mu_negative, double shift,
                Values* values) {
  const double scale = std::exp(-shift);
  values->y.resize(u.size());
  values->y1.resize(u.size());
  values->y2.resize(u.size());
  for (Index i = 0; i < u.size(); ++i) {
    const double t = u[i] * (u[i] < 0 ? mu_negative : mu);
    const double power = std::exp(t - shift);
    double phi;
    double first;
    double second;
    if (std::fabs(t) < kSeriesRadius) {
      second = scale * SecondBySeries(t);
      first = (power - t * second) / 2;
      phi = power - t * first;
    } else {
      const double inverse = 1 / t;
      phi = (power - scale) * inverse;
      first = (power - phi) * inverse;
      second = (power - 2 * first) * inverse;
    }
    values->y[i] = u[i] * phi;
    values->y1[i] = u[i] * u[i] * first;
    values->y2[i] = u[i] * u[i] * u[i] * second;
  }
}

// Sums of products of those about their means.
class Moments {
 public:
  // Chan, Golub & LeVeque 1983, doi:10.1080/00031305.1983.10483115. `weight` sums to `count`.
  template <typename Weight>
  void AddBlock(Values* values, const Weight& weight, double count) {
    const double mean0 = (weight * values->y).sum() / count;
    const double mean1 = (weight * values->y1).sum() / count;
    const double mean2 = (weight * values->y2).sum() / count;
    values->y -= mean0;
    values->y1 -= mean1;
    values->y2 -= mean2;
    const double total = count_ + count;
    const double share = count_ * count / total;
    const double step0 = mean0 - mean0_;
    const double step1 = mean1 - mean1_;
    const double step2 = mean2 - mean2_;
    s00_ += (weight * values->y.square()).sum() + share * step0 * step0;
    s01_ += (weight * values->y * values->y1).sum() + share * step0 * step1;
    s11_ += (weight * values->y1.square()).sum() + share * step1 * step1;
    s02_ += (weight * values->y * values->y2).sum() + share * step0 * step2;
    mean0_ += step0 * count / total;
    mean1_ += step1 * count / total;
    mean2_ += step2 * count / total;
    count_ = total;
  }

  // `shift`: the values were multiplied by e^-shift.
  Derivatives Result(double shift) const {
    const double slope = s01_ / s00_;
    return {std::log(s00_ / count_) + 2 * shift, -slope, 2 * slope * slope - (s11_ + s02_) / s00_};
  }

 private:
  double count_ = 0;
  double mean0_ = 0, mean1_ = 0, mean2_ = 0;
  double s00_ = 0, s01_ = 0, s11_ = 0, s02_ = 0;
};

Derivatives Evaluate(const PowerLogs& logs, double mu) {
  const double mu_negative = mu - logs.offset;
  // The largest exponent is taken out, so that nothing overflows.
  const double shift = std::max({0.0, mu * logs.greatest, mu_negative * logs.least});
  const auto n = static_cast<Index>(logs.u.size());
  const Eigen::Map<const Eigen::ArrayXd> u(logs.u.data(), n);
  const Eigen::Map<const Eigen::ArrayXd> weight(logs.weight.data(), static_cast<Index>(logs.weight.size()));
  Values values;
  Moments moments;
  for (Index begin = 0; begin < n; begin += kBlock) {
    Poll();
    const Index size = std::min<Index>(kBlock, n - begin);
    FillValues(u.segment(begin, size), mu, mu_negative, shift, &values);
    if (logs.weight.empty()) {
      moments.AddBlock(&values, 1.0, static_cast<double>(size));
    } else {
      const auto part = weight.segment(begin, size);
      moments.AddBlock(&values, part, part.sum());
    }
  }
  return moments.Result(shift);
}

}  // namespace

double LogVariance(const PowerLogs& logs, double mu) { return Evaluate(logs, mu).value; }

[[noreturn]] void ThrowLambdaOutOfRange() {
  throw Error(ErrorCode::kNumericRange, "the lambda that maximises the likelihood cannot be represented",
              "The values are too close together, relative to their size.", "Use transform 'none'.");
}

// The mu where the derivative vanishes. Newton from `mu`, a step at most doubles the distance from the start;
// once the zero is bracketed, bisection whenever Newton leaves the bracket or stalls.
double MaximiseLikelihood(const PowerLogs& logs, double mu) {
  const double start = mu;
  double low = -std::numeric_limits<double>::infinity();
  double high = -low;
  double previous_step = high;
  for (int i = 0; i < kMaxSteps; ++i) {
    const Derivatives at = Evaluate(logs, mu);
    const double first = at.first + logs.mean_u;
    if (!std::isfinite(first)) break;
    if (first == 0) return mu;
    (first > 0 ? low : high) = mu;
    const double longest = 2 * (1 + std::fabs(mu - start));
    double step = at.second < 0 ? -first / at.second : std::copysign(longest, first);
    step = std::clamp(step, -longest, longest);
    const bool bracketed = std::isfinite(low) && std::isfinite(high);
    const bool outside = !(mu + step > low && mu + step < high);
    if (std::fabs(step) > kTolerance * (1 + std::fabs(mu)) && bracketed &&
        (outside || std::fabs(step) > 0.5 * std::fabs(previous_step))) {
      step = low + (high - low) / 2 - mu;
    }
    if (!std::isfinite(step)) break;
    mu += step;
    if (std::fabs(step) <= kTolerance * (1 + std::fabs(mu))) return mu;
    previous_step = step;
  }
  ThrowLambdaOutOfRange();
}

}  // namespace ecomm::core
