// The maximum-likelihood exponent of both power transforms, by one safeguarded Newton iteration.
//
// With l = log x, a transformed value is l * phi((lambda - c) l), phi(t) = (e^t - 1) / t, where c = 0 except
// for negative values under Yeo–Johnson (l = -log(1 - x), c = 2). Per value the log-likelihood is
//   f(lambda) = (lambda - 1) mean(l) - log(var(l phi)) / 2,
// and it is concave: Kouider & Chen 1995, doi:10.1016/0167-7152(94)00211-T, for Box–Cox; Marchand, Muzellec,
// Beguier, Ogier du Terrail & Andreux 2022, arXiv:2210.01639, for Yeo–Johnson. So its derivative has one
// zero.
//
// Box–Cox does not mind the unit of x: divided by the geometric mean, the linear term vanishes and the
// logarithms keep all their digits however narrow the data. The logarithms are also divided by the largest
// of them, u = l / unit; what is sought is then mu = lambda * unit, and neither extreme data nor an extreme
// lambda leaves the range of double.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/text.hpp"
#include "ecomm_analytics/core/transform.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kBlock = 1024;
constexpr int kMaxSteps = 500;
constexpr double kTolerance = 1e-9;  // of the last step; convergence is quadratic

// A sample as the likelihood sees it.
struct Logs {
  std::vector<double> u;  // l / unit, within [-1, 1]
  double unit = 1;
  double mean_u = 0;     // 0 where the geometric mean was divided out
  double reference = 0;  // the mean of l that was taken out, 0 otherwise
  double offset = 0;     // c * unit for negative u
  double least = 0;      // of u
  double greatest = 0;
};

struct Derivatives {
  double value = 0;  // log(var(u phi))
  double first = 0;  // of -value / 2, in mu
  double second = 0;
};

// --- checks ------------------------------------------------------------------------------------------------

struct Range {
  double least;
  double greatest;
};

Range CheckSample(Transform transform, std::span<const double> x) {
  const std::string title = transform == Transform::kBoxCox ? "Box-Cox" : "Yeo-Johnson";
  const char* const hint = "Leave those rows out, or give them a value.";
  if (x.empty()) throw Error(ErrorCode::kUnusableData, "no values to estimate the " + title + " lambda from");
  Range range{x[0], x[0]};
  std::size_t refused = 0;
  std::size_t first_refused = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i % (kBlock * 16) == 0) Poll();
    if (Classify(transform, x[i]) != Unusable::kNone && refused++ == 0) first_refused = i;
    range.least = std::min(range.least, x[i]);
    range.greatest = std::max(range.greatest, x[i]);
  }
  if (refused > 0) {
    const double value = x[first_refused];
    const bool not_finite = !std::isfinite(value);
    throw Error(ErrorCode::kUnusableData,
                title + (not_finite ? " needs finite values" : " needs positive values"),
                "Value " + std::to_string(first_refused + 1) + " of " + std::to_string(x.size()) + " is " +
                    ToText(value) + ", and " + std::to_string(refused - 1) + " more cannot be used.",
                not_finite ? hint : "Use transform 'yeo-johnson', or leave those rows out.");
  }
  if (range.least == range.greatest) {
    throw Error(ErrorCode::kUnusableData, "the " + title + " lambda needs at least two different values",
                x.size() == 1 ? "There is one value, " + ToText(x[0]) + "."
                              : "All " + std::to_string(x.size()) + " values are " + ToText(x[0]) + ".",
                "Use transform 'none', or leave this feature out.");
  }
  return range;
}

// --- logarithms --------------------------------------------------------------------------------------------

double SignedLog1p(double x) { return x < 0 ? -std::log1p(-x) : std::log1p(x); }

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t begin = 0; begin < values.size(); begin += kBlock) {
    double partial = 0;
    const std::size_t end = std::min(begin + kBlock, values.size());
    for (std::size_t i = begin; i < end; ++i) partial += values[i];
    sum += partial;
  }
  return sum / static_cast<double>(values.size());
}

template <typename Log>
void FillLogs(std::span<const double> x, std::vector<double>* l, Log log) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i % kBlock == 0) Poll();
    (*l)[i] = log(x[i]);
  }
}

void Normalise(Logs* logs) {
  const auto [least, greatest] = std::minmax_element(logs->u.begin(), logs->u.end());
  logs->unit = std::max(-*least, *greatest);
  for (double& u : logs->u) u /= logs->unit;
  logs->least = *least;
  logs->greatest = *greatest;
}

// log((sign * x + shift) / its geometric mean). The logarithms of values close together agree in nearly all
// their digits; their distances from a reference don't.
Logs CentredLogs(std::span<const double> x, double sign, double shift, Range range) {
  Logs logs;
  logs.u.resize(x.size());
  auto whole = [=](double value) { return shift == 0 ? std::log(sign * value) : std::log1p(sign * value); };
  FillLogs(x, &logs.u, whole);
  logs.reference = Mean(logs.u);
  const double centre = std::clamp(shift == 0 ? std::exp(logs.reference) : std::expm1(logs.reference),
                                   std::min(sign * range.least, sign * range.greatest),
                                   std::max(sign * range.least, sign * range.greatest));
  const double log_centre = whole(sign * centre);
  FillLogs(x, &logs.u, [=](double value) {
    const double ratio = (sign * value - centre) / (shift + centre);
    return std::fabs(ratio) <= 0.5 ? std::log1p(ratio) : whole(value) - log_centre;
  });
  const double rest = Mean(logs.u);
  for (double& u : logs.u) u -= rest;
  logs.reference = log_centre + rest;
  Normalise(&logs);
  return logs;
}

Logs SignedLogs(std::span<const double> x) {
  Logs logs;
  logs.u.resize(x.size());
  FillLogs(x, &logs.u, SignedLog1p);
  Normalise(&logs);
  logs.mean_u = Mean(logs.u);
  logs.offset = 2 * logs.unit;
  return logs;
}

// --- the likelihood ----------------------------------------------------------------------------------------

// phi(t) = (e^t - 1) / t and its first two derivatives, times e^-shift.
struct Phi {
  double value;
  double first;
  double second;
};

// sum t^k / (k + 1)! and its derivatives to 1e-17; beyond, the closed forms lose fewer than 3 digits.
constexpr double kSeriesRadius = 0.125;
constexpr int kSeriesTerms = 12;

constexpr std::array<double, kSeriesTerms> SeriesCoefficients() {
  std::array<double, kSeriesTerms> result{};
  double factorial = 1;
  for (int k = 0; k < kSeriesTerms; ++k) {
    factorial *= k + 1;
    result[static_cast<std::size_t>(k)] = 1 / factorial;
  }
  return result;
}

inline Phi PhiSeries(double t, double scale) {
  static constexpr auto kCoefficients = SeriesCoefficients();
  double value = 0;
  double first = 0;
  double half_second = 0;
  for (std::size_t k = kSeriesTerms; k-- > 0;) {
    half_second = half_second * t + first;
    first = first * t + value;
    value = value * t + kCoefficients[k];
  }
  return {scale * value, scale * first, scale * 2 * half_second};
}

inline Phi PhiClosed(double t, double shift, double scale) {
  const double power = std::exp(t - shift);
  const double inverse = 1 / t;
  const double value = (power - scale) * inverse;
  const double first = (power - value) * inverse;
  return {value, first, (power - 2 * first) * inverse};
}

// Sums of products about the mean, of y = u phi and its first two derivatives in mu.
class Moments {
 public:
  // Chan, Golub & LeVeque 1983, doi:10.1080/00031305.1983.10483115.
  void AddBlock(const double* y, const double* y1, const double* y2, std::size_t n) {
    const auto count = static_cast<double>(n);
    double mean0 = 0;
    double mean1 = 0;
    double mean2 = 0;
    for (std::size_t i = 0; i < n; ++i) {
      mean0 += y[i];
      mean1 += y1[i];
      mean2 += y2[i];
    }
    mean0 /= count;
    mean1 /= count;
    mean2 /= count;
    const double total = count_ + count;
    const double weight = count_ * count / total;
    const double step0 = mean0 - mean0_;
    const double step1 = mean1 - mean1_;
    const double step2 = mean2 - mean2_;
    double s00 = 0;
    double s01 = 0;
    double s11 = 0;
    double s02 = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double d0 = y[i] - mean0;
      const double d1 = y1[i] - mean1;
      s00 += d0 * d0;
      s01 += d0 * d1;
      s11 += d1 * d1;
      s02 += d0 * (y2[i] - mean2);
    }
    s00_ += s00 + weight * step0 * step0;
    s01_ += s01 + weight * step0 * step1;
    s11_ += s11 + weight * step1 * step1;
    s02_ += s02 + weight * step0 * step2;
    mean0_ += step0 * count / total;
    mean1_ += step1 * count / total;
    mean2_ += step2 * count / total;
    count_ = total;
  }

  // `shift`: y was multiplied by e^-shift.
  Derivatives Result(double shift) const {
    const double slope = s01_ / s00_;
    return {std::log(s00_ / count_) + 2 * shift, -slope, 2 * slope * slope - (s11_ + s02_) / s00_};
  }

 private:
  double count_ = 0;
  double mean0_ = 0, mean1_ = 0, mean2_ = 0;
  double s00_ = 0, s01_ = 0, s11_ = 0, s02_ = 0;
};

Derivatives Evaluate(const Logs& logs, double mu) {
  const double mu_negative = mu - logs.offset;
  // The largest exponent is taken out, so that nothing overflows.
  const double shift = std::max({0.0, mu * logs.greatest, mu_negative * logs.least});
  const double scale = std::exp(-shift);
  std::array<double, kBlock> y;
  std::array<double, kBlock> y1;
  std::array<double, kBlock> y2;
  Moments moments;
  for (std::size_t begin = 0; begin < logs.u.size(); begin += kBlock) {
    Poll();
    const std::size_t n = std::min(kBlock, logs.u.size() - begin);
    for (std::size_t i = 0; i < n; ++i) {
      const double u = logs.u[begin + i];
      const double t = u * (u < 0 ? mu_negative : mu);
      const Phi phi = std::fabs(t) < kSeriesRadius ? PhiSeries(t, scale) : PhiClosed(t, shift, scale);
      y[i] = u * phi.value;
      y1[i] = u * u * phi.first;
      y2[i] = u * u * u * phi.second;
    }
    moments.AddBlock(y.data(), y1.data(), y2.data(), n);
  }
  return moments.Result(shift);
}

[[noreturn]] void ThrowOutOfRange() {
  throw Error(ErrorCode::kNumericRange, "the lambda that maximises the likelihood cannot be represented",
              "The values are too close together, relative to their size.", "Use transform 'none'.");
}

// The mu where the derivative vanishes. Newton from `mu`, a step at most doubles the distance from the start;
// once the zero is bracketed, bisection whenever Newton leaves the bracket or stalls.
double Maximise(const Logs& logs, double mu) {
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
  ThrowOutOfRange();
}

double ToLambda(double mu, double unit) {
  const double lambda = mu / unit;
  if (!std::isfinite(lambda)) ThrowOutOfRange();
  return lambda;
}

void CheckLambda(double lambda) {
  if (!std::isfinite(lambda)) {
    throw Error(ErrorCode::kInvalidArgument, "lambda must be finite", "Got " + ToText(lambda) + ".");
  }
}

// var(l phi) is unit^2 var(u phi).
double LogLikelihood(const Logs& logs, double lambda, double linear) {
  const double log_variance = Evaluate(logs, lambda * logs.unit).value + 2 * std::log(logs.unit);
  return static_cast<double>(logs.u.size()) * (linear - log_variance / 2);
}

void RequireLogs(std::size_t n) { RequireMemory(n * sizeof(double), "the logarithms of a feature"); }

}  // namespace

double BoxCoxLogLikelihood(std::span<const double> x, double lambda) {
  CheckLambda(lambda);
  const Range range = CheckSample(Transform::kBoxCox, x);
  RequireLogs(x.size());
  const Logs logs = CentredLogs(x, 1, 0, range);
  return LogLikelihood(logs, lambda, -logs.reference);
}

double BoxCoxLambda(std::span<const double> x) {
  const Range range = CheckSample(Transform::kBoxCox, x);
  RequireLogs(x.size());
  const Logs logs = CentredLogs(x, 1, 0, range);
  return ToLambda(Maximise(logs, 0), logs.unit);
}

// Values all of one sign are Box–Cox data, x + 1 with lambda or 1 - x with 2 - lambda.
double YeoJohnsonLogLikelihood(std::span<const double> x, double lambda) {
  CheckLambda(lambda);
  const Range range = CheckSample(Transform::kYeoJohnson, x);
  RequireLogs(x.size());
  if (range.least >= 0 || range.greatest <= 0) {
    const bool positive = range.least >= 0;
    const Logs logs = CentredLogs(x, positive ? 1 : -1, 1, range);
    return LogLikelihood(logs, positive ? lambda : 2 - lambda, -logs.reference);
  }
  const Logs logs = SignedLogs(x);
  return LogLikelihood(logs, lambda, (lambda - 1) * logs.mean_u * logs.unit);
}

double YeoJohnsonLambda(std::span<const double> x) {
  const Range range = CheckSample(Transform::kYeoJohnson, x);
  RequireLogs(x.size());
  if (range.least >= 0) {
    const Logs logs = CentredLogs(x, 1, 1, range);
    return ToLambda(Maximise(logs, 0), logs.unit);
  }
  if (range.greatest <= 0) {
    const Logs logs = CentredLogs(x, -1, 1, range);
    return 2 - ToLambda(Maximise(logs, 0), logs.unit);
  }
  const Logs logs = SignedLogs(x);
  return ToLambda(Maximise(logs, logs.unit), logs.unit);
}

}  // namespace ecomm::core
