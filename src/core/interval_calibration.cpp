#include "ecomm_analytics/core/interval_calibration.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "ecomm_analytics/core/distributions.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/student_t.hpp"
#include "power_scale.hpp"

namespace ecomm::core {
namespace {

// A level shift in the past is one event, not a hundred.
constexpr double kLargestError = 5;

// Errors that the prior is worth.
constexpr double kPriorErrors = 6;

// Series change their course, which matters the more the fewer observations there are: so many of them would
// have to be added to make the model's variance the one that is found.
constexpr double kChange = 40;

// Degrees of freedom without any error seen, and the most: errors have heavy tails however many there are.
constexpr double kLeastDegrees = 6;
constexpr double kMostDegrees = 12;

// In variances of the model. Estimated parameters and states add their share to that of an observation, and
// an estimated slope its own, by its distance ahead.
double PriorVariance(std::size_t length, std::size_t step, int estimated) {
  const auto n = static_cast<double>(length);
  return (1 + (kChange + estimated) / n) * (1 + static_cast<double>(step) / n);
}

std::size_t Seen(std::size_t horizon) { return std::min(horizon, kFarthestCalibratedStep); }

// Calls use(origin, forecast) for the origins where there is one.
template <typename Use>
void ForecastThePast(std::span<const double> y, std::span<const std::size_t> origins,
                     const ForecastMethod& method, ForecastOptions options, const Use& use) {
  const auto horizon = static_cast<std::size_t>(options.horizon);
  for (const std::size_t origin : origins) {
    Poll();
    options.horizon = static_cast<int>(std::min(Seen(horizon), y.size() - origin));
    try {
      use(origin, method(y.first(origin), options));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kUnusableData && error.code() != ErrorCode::kNumericRange) throw;
    }
  }
}

}  // namespace

std::vector<std::size_t> CalibrationOrigins(std::size_t length, int horizon, int most) {
  constexpr std::size_t kFewestKnown = 5;
  const std::size_t reach = std::min(Seen(static_cast<std::size_t>(std::max(horizon, 1))), length / 2);
  const std::size_t step = std::max<std::size_t>({1, reach / 6, length / 48});
  const std::size_t least = std::max(kFewestKnown, (length + 1) / 2);
  std::vector<std::size_t> origins;
  for (std::size_t back = step; back + least <= length && origins.size() < static_cast<std::size_t>(most);
       back += 2 * step) {
    origins.push_back(length - back);
  }
  return origins;
}

PastErrors::PastErrors(int horizon)
    : squares_(Seen(static_cast<std::size_t>(horizon))), counts_(squares_.size()) {}

void PastErrors::Add(std::span<const double> y, std::size_t origin, const Forecast& forecast) {
  if (forecast.levels.empty()) return;
  const double factor = 2 * NormalQuantile(0.5 + 0.5 * forecast.levels.front());
  const std::size_t steps = std::min({squares_.size(), y.size() - origin, forecast.mean.size()});
  for (std::size_t i = 0; i < steps; ++i) {
    const double error = std::fabs(y[origin + i] - forecast.mean[i]);
    const double claimed = (forecast.upper.front()[i] - forecast.lower.front()[i]) / factor;
    if (!std::isfinite(error) || !std::isfinite(claimed) || (error == 0 && claimed == 0)) continue;
    const double scaled = error < kLargestError * claimed ? error / claimed : kLargestError;
    squares_[i] += scaled * scaled;
    ++counts_[i];
  }
  reach_ = std::max(reach_, y.size() - origin);
}

PastErrors::Summary PastErrors::At(std::size_t step) const {
  const auto at = static_cast<double>(std::min(step, squares_.size()));
  const auto first = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(0.6 * at)));
  const auto last = std::min(squares_.size(), static_cast<std::size_t>(1.5 * at));
  double sum = 0;
  std::size_t count = 0;
  std::size_t origins = 0;
  for (std::size_t k = first; k <= last; ++k) {
    sum += squares_[k - 1];
    count += counts_[k - 1];
    origins = std::max(origins, counts_[k - 1]);
  }
  if (count == 0) return {};
  return {sum / static_cast<double>(count),
          std::min(static_cast<double>(reach_) / static_cast<double>(step), static_cast<double>(origins))};
}

Forecast Correct(Forecast base, const IntervalCorrection& correction) {
  if (correction.deviation.empty()) return base;
  const std::size_t levels = base.levels.size();
  // Per level and whole degrees of freedom: Student's quantile over the normal one.
  const auto degrees_known =
      static_cast<std::size_t>(*std::max_element(correction.degrees.begin(), correction.degrees.end())) + 1;
  std::vector<double> ratios(levels * degrees_known, 0.0);
  for (std::size_t i = 0; i < base.mean.size(); ++i) {
    if (i % 1024 == 0) Poll();
    const std::size_t step = std::min(i, correction.deviation.size() - 1);
    const auto degrees = static_cast<std::size_t>(correction.degrees[step]);
    for (std::size_t level = 0; level < levels; ++level) {
      double& ratio = ratios[level * degrees_known + degrees];
      if (ratio == 0) {
        const double p = 0.5 + 0.5 * base.levels[level];
        ratio = StudentQuantile(p, static_cast<double>(degrees)) / NormalQuantile(p);
      }
      for (double* bound : {&base.lower[level][i], &base.upper[level][i]}) {
        const double moved = base.mean[i] + ratio * correction.deviation[step] * (*bound - base.mean[i]);
        if (std::isfinite(moved)) *bound = moved;
      }
    }
  }
  return base;
}

IntervalCorrection CorrectionOf(std::size_t horizon, std::size_t length, const PastErrors& errors,
                                int estimated) {
  IntervalCorrection correction;
  for (std::size_t i = 0; i < horizon; ++i) {
    if (i % 1024 == 0) Poll();
    const PastErrors::Summary past = errors.At(i + 1);
    const double prior = PriorVariance(length, i + 1, estimated);
    const double variance =
        (kPriorErrors * prior + past.count * past.mean_square) / (kPriorErrors + past.count);
    correction.degrees.push_back(static_cast<int>(std::min(kLeastDegrees + past.count, kMostDegrees)));
    correction.deviation.push_back(std::sqrt(variance));
  }
  return correction;
}

IntervalCorrection CorrectionOf(std::size_t horizon, std::span<const double> y, const ForecastMethod& past,
                                const CalibrationOptions& options) {
  if (horizon == 0) return {};
  const auto steps = static_cast<int>(horizon);
  PastErrors errors(steps);
  ForecastThePast(y, CalibrationOrigins(y.size(), steps, options.origins), past, {steps, {kOneSigma}},
                  [&](std::size_t origin, const Forecast& forecast) { errors.Add(y, origin, forecast); });
  return CorrectionOf(horizon, y.size(), errors, options.estimated);
}

Forecast CalibrateIntervals(Forecast base, std::size_t length, const PastErrors& errors, int estimated) {
  const IntervalCorrection correction = CorrectionOf(base.mean.size(), length, errors, estimated);
  return Correct(std::move(base), correction);
}

Forecast CalibrateIntervals(Forecast base, std::span<const double> y, const ForecastMethod& past,
                            const CalibrationOptions& options) {
  if (base.mean.empty() || base.levels.empty()) return base;
  const IntervalCorrection correction = CorrectionOf(base.mean.size(), y, past, options);
  return Correct(std::move(base), correction);
}

Forecast ConformalIntervals(Forecast base, std::span<const double> y, const ForecastMethod& method,
                            int origins) {
  const std::size_t horizon = base.mean.size();
  if (horizon == 0 || base.levels.empty()) return base;
  if (origins < 1) {
    throw Error(ErrorCode::kInvalidArgument, "the number of origins is outside its range",
                "Origins: " + std::to_string(origins) + ", allowed: 1 and more.");
  }
  RequireMemory(sizeof(double) * Seen(horizon) * static_cast<std::size_t>(std::min(origins, 100'000)),
                "conformal intervals");
  // As many of the latest origins as are asked for, each from which at least half the series is known.
  const std::size_t least = (y.size() + 1) / 2;
  std::vector<std::size_t> past;
  const std::size_t room = y.size() - least;
  const std::size_t step = std::max<std::size_t>(1, room / static_cast<std::size_t>(origins));
  for (std::size_t back = 1; back <= room && past.size() < static_cast<std::size_t>(origins); back += step) {
    past.push_back(y.size() - back);
  }
  std::vector<std::vector<double>> missed(Seen(horizon));
  ForecastThePast(
      y, past, method, {static_cast<int>(horizon), {}}, [&](std::size_t origin, const Forecast& forecast) {
        const std::size_t steps = std::min({missed.size(), y.size() - origin, forecast.mean.size()});
        for (std::size_t i = 0; i < steps; ++i) {
          const double error = std::fabs(y[origin + i] - forecast.mean[i]);
          if (std::isfinite(error)) missed[i].push_back(error);
        }
      });
  if (missed.front().empty()) {
    throw Error(ErrorCode::kUnusableData, "the series is too short for conformal intervals",
                "Length: " + std::to_string(y.size()) + ".", "Use the method's own intervals.");
  }
  for (std::vector<double>& errors : missed) std::sort(errors.begin(), errors.end());

  std::size_t last = 0;
  for (std::size_t i = 0; i < horizon; ++i) {
    if (i < missed.size() && !missed[i].empty()) last = i;
    const std::vector<double>& errors = missed[last];
    const auto n = static_cast<double>(errors.size());
    for (std::size_t level = 0; level < base.levels.size(); ++level) {
      const double rank = std::ceil((n + 1) * base.levels[level]);
      double width = errors.back();
      if (rank <= n) {
        width = errors[static_cast<std::size_t>(rank) - 1];
      } else {
        width *=
            StudentQuantile(0.5 + 0.5 * base.levels[level], n) / StudentQuantile(0.5 + 0.5 * n / (n + 1), n);
      }
      base.lower[level][i] = base.mean[i] - width;
      base.upper[level][i] = base.mean[i] + width;
    }
  }
  return base;
}

}  // namespace ecomm::core
