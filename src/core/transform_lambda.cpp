// Samples as the likelihood wants them (see power_likelihood.hpp): checked, counted, in logarithms.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/power_likelihood.hpp"
#include "ecomm_analytics/core/text.hpp"
#include "ecomm_analytics/core/transform.hpp"

namespace ecomm::core {
namespace {

constexpr std::size_t kBlock = 1024;

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

// --- counts ------------------------------------------------------------------------------------------------

constexpr std::size_t kMostDistinct = 4096;
constexpr int kSlotBits = 14;  // four slots per value

// What the likelihood runs over: the values, or the different ones with their counts.
struct Sample {
  std::span<const double> values;
  std::vector<double> distinct;  // what `values` spans if counted, ascending
  std::vector<double> weight;    // empty if not counted
  Range range{};
  double count = 0;
};

void CountSorted(std::vector<double> sorted, Sample* sample) {
  std::sort(sorted.begin(), sorted.end());
  for (const double value : sorted) {
    if (sample->distinct.empty() || sample->distinct.back() != value) {
      sample->distinct.push_back(value);
      sample->weight.push_back(0);
    }
    ++sample->weight.back();
  }
}

// In a hash table (open addressing), given up as soon as there are too many different values.
void CountHashed(std::span<const double> x, Sample* sample) {
  struct Slot {
    double value = 0;
    double count = 0;
  };
  std::vector<Slot> slots(std::size_t{1} << kSlotBits);
  std::size_t used = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i % (kBlock * 16) == 0) Poll();
    const double value = x[i] + 0.0;  // -0.0 becomes 0.0
    auto place = static_cast<std::size_t>((std::bit_cast<std::uint64_t>(value) * 0x9E3779B97F4A7C15ULL) >>
                                          (64 - kSlotBits));
    while (slots[place].count > 0 && slots[place].value != value) place = (place + 1) % slots.size();
    if (slots[place].count == 0) {
      if (++used > kMostDistinct) return;
      slots[place].value = value;
    }
    ++slots[place].count;
  }
  std::sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.value < b.value; });
  for (const Slot& slot : slots) {
    if (slot.count == 0) continue;
    sample->distinct.push_back(slot.value);
    sample->weight.push_back(slot.count);
  }
}

// Days and purchase counts have few different values however many customers there are.
Sample TakeSample(Transform transform, std::span<const double> x) {
  Sample sample;
  sample.range = CheckSample(transform, x);
  sample.count = static_cast<double>(x.size());
  RequireMemory(x.size() * sizeof(double), "the logarithms of a feature");
  if (x.size() <= kMostDistinct) {
    CountSorted({x.begin(), x.end()}, &sample);
  } else {
    CountHashed(x, &sample);
  }
  sample.values = sample.weight.empty() ? x : std::span<const double>(sample.distinct);
  return sample;
}

// --- logarithms --------------------------------------------------------------------------------------------

// Logarithms this many times larger than their spread keep all but two digits when they are centred.
constexpr double kWideEnough = 16;

double Mean(const PowerLogs& logs) {
  double sum = 0;
  for (std::size_t begin = 0; begin < logs.u.size(); begin += kBlock) {
    double partial = 0;
    const std::size_t end = std::min(begin + kBlock, logs.u.size());
    for (std::size_t i = begin; i < end; ++i)
      partial += logs.weight.empty() ? logs.u[i] : logs.weight[i] * logs.u[i];
    sum += partial;
  }
  return sum / logs.count;
}

template <typename Log>
void FillLogs(std::span<const double> x, PowerLogs* logs, Log log) {
  logs->u.resize(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i % kBlock == 0) Poll();
    logs->u[i] = log(x[i]);
  }
}

void Normalise(PowerLogs* logs) {
  const auto [least, greatest] = std::minmax_element(logs->u.begin(), logs->u.end());
  logs->unit = std::max(-*least, *greatest);
  for (double& u : logs->u) u /= logs->unit;
  logs->least = *least;
  logs->greatest = *greatest;
}

// log(sign * x + shift), less its mean.
PowerLogs CentredLogs(Sample* sample, double sign, double shift) {
  PowerLogs logs;
  logs.weight = std::move(sample->weight);
  logs.count = sample->count;
  const std::span<const double> x = sample->values;
  const Range range = sign > 0 ? sample->range : Range{-sample->range.greatest, -sample->range.least};
  auto log = [=](double value) { return shift == 0 ? std::log(sign * value) : std::log1p(sign * value); };
  FillLogs(x, &logs, log);
  logs.reference = Mean(logs);

  const double least = log(sign * range.least);
  const double greatest = log(sign * range.greatest);
  if (std::max(std::fabs(least), std::fabs(greatest)) > kWideEnough * (greatest - least)) {
    // Logarithms of values close together agree in nearly all their digits; those of their ratios to the
    // geometric mean don't.
    const double centre = std::clamp(shift == 0 ? std::exp(logs.reference) : std::expm1(logs.reference),
                                     range.least, range.greatest);
    const double log_centre = log(sign * centre);
    FillLogs(x, &logs, [=](double value) {
      const double ratio = (sign * value - centre) / (shift + centre);
      return std::fabs(ratio) <= 0.5 ? std::log1p(ratio) : log(value) - log_centre;
    });
    const double rest = Mean(logs);
    for (double& u : logs.u) u -= rest;
    logs.reference = log_centre + rest;
  } else {
    for (double& u : logs.u) u -= logs.reference;
  }
  Normalise(&logs);
  return logs;
}

PowerLogs SignedLogs(Sample* sample) {
  PowerLogs logs;
  logs.weight = std::move(sample->weight);
  logs.count = sample->count;
  FillLogs(sample->values, &logs,
           [](double value) { return value < 0 ? -std::log1p(-value) : std::log1p(value); });
  Normalise(&logs);
  logs.mean_u = Mean(logs);
  logs.offset = 2 * logs.unit;
  return logs;
}

double CentredLambda(const PowerLogs& logs) {
  const double lambda = MaximiseLikelihood(logs, 0) / logs.unit;
  if (!std::isfinite(lambda)) ThrowLambdaOutOfRange();
  return lambda;
}

void CheckLambda(double lambda) {
  if (std::isfinite(lambda)) return;
  throw Error(ErrorCode::kInvalidArgument, "lambda must be finite", "Got " + ToText(lambda) + ".");
}

// var(l phi) is unit^2 var(u phi).
double LogLikelihood(const PowerLogs& logs, double lambda, double linear) {
  const double log_variance = LogVariance(logs, lambda * logs.unit) + 2 * std::log(logs.unit);
  return logs.count * (linear - log_variance / 2);
}

}  // namespace

double BoxCoxLogLikelihood(std::span<const double> x, double lambda) {
  CheckLambda(lambda);
  Sample sample = TakeSample(Transform::kBoxCox, x);
  const PowerLogs logs = CentredLogs(&sample, 1, 0);
  return LogLikelihood(logs, lambda, -logs.reference);
}

double BoxCoxLambda(std::span<const double> x) {
  Sample sample = TakeSample(Transform::kBoxCox, x);
  return CentredLambda(CentredLogs(&sample, 1, 0));
}

// Values all of one sign are Box–Cox data, x + 1 with lambda or 1 - x with 2 - lambda.
double YeoJohnsonLogLikelihood(std::span<const double> x, double lambda) {
  CheckLambda(lambda);
  Sample sample = TakeSample(Transform::kYeoJohnson, x);
  if (sample.range.least >= 0 || sample.range.greatest <= 0) {
    const bool positive = sample.range.least >= 0;
    const PowerLogs logs = CentredLogs(&sample, positive ? 1 : -1, 1);
    return LogLikelihood(logs, positive ? lambda : 2 - lambda, -logs.reference);
  }
  const PowerLogs logs = SignedLogs(&sample);
  return LogLikelihood(logs, lambda, (lambda - 1) * logs.mean_u * logs.unit);
}

double YeoJohnsonLambda(std::span<const double> x) {
  Sample sample = TakeSample(Transform::kYeoJohnson, x);
  if (sample.range.least >= 0) return CentredLambda(CentredLogs(&sample, 1, 1));
  if (sample.range.greatest <= 0) return 2 - CentredLambda(CentredLogs(&sample, -1, 1));
  const PowerLogs logs = SignedLogs(&sample);
  const double lambda = MaximiseLikelihood(logs, logs.unit) / logs.unit;
  if (!std::isfinite(lambda)) ThrowLambdaOutOfRange();
  return lambda;
}

std::vector<double> TransformSeries(std::span<const double> y, Transform transform) {
  FeatureTransform apply{.kind = transform};
  if (transform == Transform::kBoxCox) apply.lambda = BoxCoxLambda(y);
  if (transform == Transform::kYeoJohnson) apply.lambda = YeoJohnsonLambda(y);
  if (transform == Transform::kLog) apply.lambda = 0;
  std::vector<double> transformed;
  transformed.reserve(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (const Unusable reason = Classify(transform, y[i]); reason != Unusable::kNone) {
      throw Error(ErrorCode::kUnusableData,
                  "the transform '" + std::string(Name(transform)) + "' cannot take the series",
                  "Value " + std::to_string(i + 1) + " is " + std::string(Name(reason)) + ".",
                  "Use 'yeo-johnson', which takes all finite values.");
    }
    transformed.push_back(apply.Apply(y[i]));
  }
  return transformed;
}

}  // namespace ecomm::core
