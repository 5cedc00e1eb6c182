#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "kpss_parts.hpp"
#include "tested_series.hpp"

namespace ecomm::core {
namespace {

constexpr const char* kTest = "the KPSS test";

using TrendName = std::pair<std::string_view, KpssTrend>;
constexpr std::array kTrendNames = {
    TrendName{"c", KpssTrend::kLevel},
    TrendName{"ct", KpssTrend::kTrend},
    TrendName{"level", KpssTrend::kLevel},
    TrendName{"trend", KpssTrend::kTrend},
};

using LagsName = std::pair<std::string_view, KpssLags>;
constexpr std::array kLagsNames = {
    LagsName{"auto", KpssLags::kAuto},
    LagsName{"legacy", KpssLags::kLegacy},
    LagsName{"fixed", KpssLags::kFixed},
};

// Kwiatkowski et al. 1992, table 1.
constexpr KpssLevels kAroundLevel = {0.347, 0.463, 0.574, 0.739};
constexpr KpssLevels kAroundTrend = {0.119, 0.146, 0.176, 0.216};
constexpr std::array kProbabilities = {0.10, 0.05, 0.025, 0.01};

// Subtracts the least-squares line.
void Detrend(std::vector<double>* y) {
  Centre(y);
  const double middle = static_cast<double>(y->size() - 1) / 2;
  double products = 0;
  double squares = 0;
  for (std::size_t i = 0; i < y->size(); ++i) {
    const double time = static_cast<double>(i) - middle;
    products += time * (*y)[i];
    squares += time * time;
  }
  const double slope = products / squares;
  for (std::size_t i = 0; i < y->size(); ++i) (*y)[i] -= slope * (static_cast<double>(i) - middle);
}

std::size_t AutomaticLags(const std::vector<double>& residuals) {
  const std::size_t n = residuals.size();
  const auto size = static_cast<double>(n);
  const auto covariances = static_cast<std::size_t>(std::pow(size, 2.0 / 9.0));
  double s0 = 0;
  for (const double r : residuals) s0 += r * r;
  s0 /= size;
  double s1 = 0;
  for (std::size_t lag = 1; lag <= covariances; ++lag) {
    double product = 0;
    for (std::size_t i = lag; i < n; ++i) product += residuals[i] * residuals[i - lag];
    product /= size / 2;
    s0 += product;
    s1 += static_cast<double>(lag) * product;
    Poll();
  }
  const double ratio = s1 / s0;
  const double lags = 1.1447 * std::cbrt(ratio * ratio) * std::cbrt(size);
  // Covariances that cancel make the ratio infinite.
  return lags < size - 1 ? static_cast<std::size_t>(lags) : n - 1;
}

std::size_t ChooseLags(const std::vector<double>& residuals, const KpssOptions& options) {
  const std::size_t n = residuals.size();
  switch (options.selection) {
    case KpssLags::kAuto:
      return AutomaticLags(residuals);
    case KpssLags::kLegacy:
      return std::min(n - 1,
                      static_cast<std::size_t>(std::ceil(12 * std::pow(static_cast<double>(n) / 100, 0.25))));
    case KpssLags::kFixed:
      break;
  }
  return static_cast<std::size_t>(options.lags);
}

}  // namespace

KpssTrend ParseKpssTrend(std::string_view text) {
  for (const auto& [name, trend] : kTrendNames) {
    if (name == text) return trend;
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown trend of the KPSS test \"" + std::string(text) + "\"", {},
              "Use 'c' (level) or 'ct' (trend).");
}

std::string_view Name(KpssTrend trend) noexcept { return kTrendNames[static_cast<std::size_t>(trend)].first; }

KpssLags ParseKpssLags(std::string_view text) {
  for (const auto& [name, lags] : kLagsNames) {
    if (name == text) return lags;
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown lags of the KPSS test \"" + std::string(text) + "\"", {},
              "Use 'auto', 'legacy' or 'fixed'.");
}

std::string_view Name(KpssLags lags) noexcept { return kLagsNames[static_cast<std::size_t>(lags)].first; }

bool LeaveResiduals(std::vector<double>* y, KpssTrend trend) {
  if (trend == KpssTrend::kLevel) {
    Centre(y);
    return true;
  }
  // The second time for what rounding left.
  Detrend(y);
  Detrend(y);
  double squares = 0;
  for (const double r : *y) squares += r * r;
  constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();
  return squares > kRounding * kRounding * static_cast<double>(y->size());
}

double KpssStatistic(const std::vector<double>& residuals, std::size_t lags) {
  const std::size_t n = residuals.size();
  RequireMemory(2 * n * sizeof(double), kTest);
  // Partial sums, from none to all residuals.
  std::vector<double> sums(n + 1);
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sums[i + 1] = sums[i] + residuals[i];
    squares += sums[i + 1] * sums[i + 1];
  }
  Poll();
  // With Bartlett's weights the long-run variance is the mean square of the sums of lags + 1 neighbours,
  // those that reach beyond the ends included, divided by lags + 1: the work does not grow with the lags, and
  // the result is never negative.
  const std::size_t width = lags + 1;
  double windows = 0;
  for (std::size_t end = 1; end < n + width; ++end) {
    const double window = sums[std::min(end, n)] - (end > width ? sums[end - width] : 0);
    windows += window * window;
  }
  const auto size = static_cast<double>(n);
  return squares / size * static_cast<double>(width) / windows;
}

KpssLevels KpssCritical(KpssTrend trend) noexcept {
  return trend == KpssTrend::kLevel ? kAroundLevel : kAroundTrend;
}

double KpssPValue(double statistic, KpssTrend trend) noexcept {
  const KpssLevels levels = KpssCritical(trend);
  const std::array at = {levels.ten_percent, levels.five_percent, levels.two_and_a_half_percent,
                         levels.one_percent};
  if (statistic <= at.front()) return kProbabilities.front();
  for (std::size_t i = 1; i < at.size(); ++i) {
    if (statistic >= at[i]) continue;
    const double part = (statistic - at[i - 1]) / (at[i] - at[i - 1]);
    return kProbabilities[i - 1] + part * (kProbabilities[i] - kProbabilities[i - 1]);
  }
  return kProbabilities.back();
}

KpssResult Kpss(std::span<const double> y, const KpssOptions& options) {
  ScaledSeries series = ScaleSeries(y);
  RequireLength(y.size(), options.trend == KpssTrend::kLevel ? 2 : 3, kTest);
  if (options.selection == KpssLags::kFixed) {
    RequireLags(options.lags, static_cast<long long>(y.size()) - 1, kTest);
  }
  RequireVarying(series, kTest);
  if (!LeaveResiduals(&series.values, options.trend)) {
    throw Error(ErrorCode::kUnusableData,
                std::string("the series is a straight line, so ") + kTest + " around one has no answer",
                "Its " + std::to_string(y.size()) + " values differ from a line by rounding only.");
  }
  const std::size_t lags = ChooseLags(series.values, options);

  KpssResult result;
  result.statistic = KpssStatistic(series.values, lags);
  result.p_value = KpssPValue(result.statistic, options.trend);
  result.critical = KpssCritical(options.trend);
  result.lags = static_cast<int>(lags);
  if (result.p_value == kProbabilities.front()) result.p_value_kind = PValueKind::kGreaterThan;
  if (result.p_value == kProbabilities.back()) result.p_value_kind = PValueKind::kLessThan;
  return result;
}

}  // namespace ecomm::core
