#include "ecomm_analytics/core/outliers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "decompose_parts.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/stl.hpp"
#include "ecomm_analytics/core/text.hpp"

namespace ecomm::core {
namespace {

constexpr double kIqrThreshold = 1.5;
constexpr double kRobustZThreshold = 3.5;
constexpr double kNormalQuartile = 0.6744897501960817;
constexpr std::size_t kRollingWindow = 7;

std::vector<double> Sorted(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

// distance / spread, which may be 0.
double Score(double distance, double spread) {
  if (distance == 0) return 0;
  if (spread == 0) return std::copysign(std::numeric_limits<double>::infinity(), distance);
  return distance / spread;
}

Outliers Beyond(std::span<const double> y, double threshold) {
  const std::vector<double> sorted = Sorted(y);
  const double first = QuantileOfSorted(sorted, 0.25);
  const double third = QuantileOfSorted(sorted, 0.75);
  // Halved, so that the range of extreme values does not overflow.
  const double half_range = third / 2 - first / 2;
  const double lower = first - 2 * threshold * half_range;
  const double upper = third + 2 * threshold * half_range;
  Outliers found;
  for (const double value : y) {
    found.lower.push_back(lower);
    found.upper.push_back(upper);
    const double distance = value > third ? value / 2 - third / 2 : value < first ? value / 2 - first / 2 : 0;
    found.score.push_back(Score(distance, half_range));
    found.is_outlier.push_back(value < lower || value > upper);
  }
  return found;
}

Outliers OfRemainder(std::span<const double> y, double period, double threshold) {
  StlOptions options;
  options.period = 2 * period <= static_cast<double>(y.size()) ? period : 1;
  options.robust = true;
  if (y.size() < 3) {  // too few to differ from a line
    const std::vector<double> infinite(y.size(), std::numeric_limits<double>::infinity());
    return {std::vector<double>(y.size(), -infinite[0]), infinite, std::vector<double>(y.size()),
            std::vector<bool>(y.size())};
  }
  const Decomposition parts = Stl(y, options);
  const double median = QuantileOfSorted(Sorted(parts.remainder), 0.5);
  std::vector<double> deviations;
  for (const double value : parts.remainder) deviations.push_back(std::abs(value - median));
  // What rounding leaves of an exact fit is no spread.
  const double largest =
      *std::max_element(y.begin(), y.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  double spread = QuantileOfSorted(Sorted(deviations), 0.5) / kNormalQuartile;
  const double rounding = 1024 * std::numeric_limits<double>::epsilon() * std::abs(largest);
  if (spread < rounding) spread = 0;
  Outliers found;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double fitted = y[i] - parts.remainder[i] + median;
    double distance = parts.remainder[i] - median;
    if (std::abs(distance) < rounding) distance = 0;
    found.lower.push_back(fitted - threshold * spread);
    found.upper.push_back(fitted + threshold * spread);
    found.score.push_back(Score(distance, spread));
    found.is_outlier.push_back(std::abs(found.score.back()) > threshold);
  }
  return found;
}

}  // namespace

OutlierMethod ParseOutlierMethod(std::string_view text) {
  if (text == "iqr") return OutlierMethod::kIqr;
  if (text == "stl") return OutlierMethod::kStl;
  throw Error(ErrorCode::kInvalidArgument, "unknown outlier method \"" + std::string(text) + "\"", {},
              "Use 'iqr' or 'stl'.");
}

Replacement ParseReplacement(std::string_view text) {
  if (text == "keep") return Replacement::kKeep;
  if (text == "rolling") return Replacement::kRolling;
  if (text == "interpolate") return Replacement::kInterpolate;
  throw Error(ErrorCode::kInvalidArgument, "unknown treatment of outliers \"" + std::string(text) + "\"", {},
              "Use 'keep', 'rolling' or 'interpolate'.");
}

double QuantileOfSorted(std::span<const double> sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double fraction = place - static_cast<double>(below);
  if (fraction == 0) return sorted[below];
  // As numpy: from the nearer end, so that it is monotonous in rounding too.
  const double difference = sorted[below + 1] - sorted[below];
  if (!std::isfinite(difference)) return sorted[below] * (1 - fraction) + sorted[below + 1] * fraction;
  return fraction < 0.5 ? sorted[below] + difference * fraction
                        : sorted[below + 1] - difference * (1 - fraction);
}

Outliers FindOutliers(std::span<const double> y, const OutlierOptions& options) {
  if (y.empty()) throw Error(ErrorCode::kUnusableData, "the series is empty");
  RequireFiniteSeries(y, std::numeric_limits<double>::max());
  const double threshold =
      options.threshold.value_or(options.method == OutlierMethod::kIqr ? kIqrThreshold : kRobustZThreshold);
  if (!(threshold > 0) || !std::isfinite(threshold)) {
    throw Error(ErrorCode::kInvalidArgument, "threshold must be positive and finite",
                "It is " + ToText(threshold) + ".");
  }
  RequireMemory(y.size() * 5 * sizeof(double), "outliers");
  if (options.method == OutlierMethod::kIqr) return Beyond(y, threshold);
  return OfRemainder(y, options.period, threshold);
}

std::vector<double> ReplaceOutliers(std::span<const double> y, const std::vector<bool>& is_outlier,
                                    Replacement replacement) {
  std::vector<double> out(y.begin(), y.end());
  if (replacement == Replacement::kKeep) return out;
  constexpr std::size_t kNone = SIZE_MAX;
  std::size_t before = kNone;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!is_outlier[i]) {
      before = i;
      continue;
    }
    if (replacement == Replacement::kRolling) {
      const std::size_t count = std::min(i + 1, kRollingWindow);
      double sum = 0;
      for (std::size_t j = i + 1 - count; j <= i; ++j) sum += y[j];
      out[i] = sum / static_cast<double>(count);
      continue;
    }
    std::size_t after = i + 1;
    while (after < y.size() && is_outlier[after]) ++after;
    const bool has_after = after < y.size();
    if (before == kNone && !has_after) return out;
    for (; i < after; ++i) {
      if (before == kNone) {
        out[i] = y[after];
      } else if (!has_after) {
        out[i] = y[before];
      } else {
        const double share = static_cast<double>(i - before) / static_cast<double>(after - before);
        out[i] = y[before] * (1 - share) + y[after] * share;
      }
    }
    --i;
  }
  return out;
}

}  // namespace ecomm::core
