// Classical decomposition: a moving average, then the mean of each phase.
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

#include "decompose_parts.hpp"
#include "ecomm_analytics/core/decompose.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A sum that values enter and leave without its error growing with their number (Neumaier 1974,
// doi:10.1002/zamm.19740540106).
class RunningSum {
 public:
  void Add(double value) {
    const double next = sum_ + value;
    lost_ += std::fabs(sum_) >= std::fabs(value) ? (sum_ - next) + value : (value - next) + sum_;
    sum_ = next;
  }
  double Value() const { return sum_ + lost_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

void RequirePositive(std::span<const double> y) {
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (y[i] > 0) continue;
    throw Error(ErrorCode::kUnusableData, "a multiplicative decomposition needs positive values",
                "Position: " + std::to_string(i + 1) + " of " + std::to_string(y.size()) +
                    ", value: " + FormatNumber(y[i]) + ".",
                "Use the additive model.");
  }
}

}  // namespace

std::vector<double> CentredAverage(std::span<const double> y, std::size_t period) {
  const std::size_t half = period / 2;
  const bool even = period % 2 == 0;
  std::vector<double> average(y.size(), kNaN);
  RunningSum sum;
  for (std::size_t i = 0; i < 2 * half + 1; ++i) sum.Add(y[i]);
  for (std::size_t i = half; i + half < y.size(); ++i) {
    if (i > half) {
      sum.Add(y[i + half]);
      sum.Add(-y[i - half - 1]);
    }
    const double ends = even ? 0.5 * (y[i - half] + y[i + half]) : 0.0;
    average[i] = (sum.Value() - ends) / static_cast<double>(period);
  }
  return average;
}

std::vector<double> PhaseMeans(std::span<const double> detrended, std::size_t period, bool multiplicative) {
  std::vector<double> means(period, 0.0);
  std::vector<double> counts(period, 0.0);
  for (std::size_t i = 0; i < detrended.size(); ++i) {
    if (std::isnan(detrended[i])) continue;
    means[i % period] += detrended[i];
    counts[i % period] += 1;
  }
  RunningSum total;
  for (std::size_t phase = 0; phase < period; ++phase) {
    means[phase] /= counts[phase];
    total.Add(means[phase]);
  }
  const double centre = total.Value() / static_cast<double>(period);
  for (double& mean : means) mean = multiplicative ? mean / centre : mean - centre;
  return means;
}

Decomposition DecomposeClassical(std::span<const double> y, int period, ClassicalModel model) {
  if (period < 1) {
    throw Error(ErrorCode::kInvalidArgument, "the period is outside its range",
                "Period: " + std::to_string(period) + ", allowed: 1 and more.");
  }
  RequireTwoPeriods(y.size(), period);
  RequireFiniteSeries(y);
  const bool multiplicative = model == ClassicalModel::kMultiplicative;
  if (multiplicative) RequirePositive(y);
  RequireMemory(7 * sizeof(double) * y.size(), "taking a series apart");

  const auto length = static_cast<std::size_t>(period);
  std::vector<double> periods;
  if (period > 1) periods.push_back(period);
  Decomposition parts = WithoutSeason(y, periods);
  parts.multiplicative = multiplicative;
  if (multiplicative) {
    parts.seasonal.assign(y.size(), 1.0);
    parts.seasonals.assign(periods.size(), parts.seasonal);
    parts.remainder = parts.seasonal;
  }
  if (period == 1 || IsConstant(y)) return parts;

  parts.trend = CentredAverage(y, length);
  Poll();
  for (std::size_t i = 0; i < y.size(); ++i) {
    parts.remainder[i] = multiplicative ? y[i] / parts.trend[i] : y[i] - parts.trend[i];
  }
  const std::vector<double> means = PhaseMeans(parts.remainder, length, multiplicative);
  for (std::size_t i = 0; i < y.size(); ++i) {
    parts.seasonal[i] = means[i % length];
    parts.remainder[i] =
        multiplicative ? parts.remainder[i] / parts.seasonal[i] : parts.remainder[i] - parts.seasonal[i];
  }
  parts.seasonals.front() = parts.seasonal;
  return parts;
}

}  // namespace ecomm::core
