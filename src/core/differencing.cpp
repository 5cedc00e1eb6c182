#include "ecomm_analytics/core/differencing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/mstl.hpp"
#include "kpss_parts.hpp"
#include "lag_regression.hpp"
#include "tested_series.hpp"

namespace ecomm::core {
namespace {

using TestName = std::pair<std::string_view, DifferenceTest>;
constexpr std::array kTestNames = {
    TestName{"kpss", DifferenceTest::kKpss},
    TestName{"adf", DifferenceTest::kAdf},
};

constexpr double kLeastAlpha = 0.01;
constexpr double kGreatestAlpha = 0.10;

// Critical values at 1, 5 and 10 % of the t of the level, for series of so many differences or fewer.
struct UnitRootRow {
  std::size_t most;
  std::array<double, 3> constant;
  std::array<double, 3> line;
};
constexpr std::array kUnitRootTable = {
    UnitRootRow{24, {-3.75, -3.00, -2.63}, {-4.38, -3.60, -3.24}},
    UnitRootRow{49, {-3.58, -2.93, -2.60}, {-4.15, -3.50, -3.18}},
    UnitRootRow{99, {-3.51, -2.89, -2.58}, {-4.04, -3.45, -3.15}},
    UnitRootRow{249, {-3.46, -2.88, -2.57}, {-3.99, -3.43, -3.13}},
    UnitRootRow{499, {-3.44, -2.87, -2.57}, {-3.98, -3.42, -3.13}},
    UnitRootRow{std::numeric_limits<std::size_t>::max(), {-3.43, -2.86, -2.57}, {-3.96, -3.41, -3.12}},
};

// Between the critical values; at its ends the table says no more.
double UnitRootPValue(double t, std::size_t differences, KpssTrend trend) {
  constexpr std::array kProbabilities = {0.01, 0.05, 0.10};
  const auto& row = *std::find_if(kUnitRootTable.begin(), kUnitRootTable.end(),
                                  [=](const UnitRootRow& r) { return differences <= r.most; });
  const auto& at = trend == KpssTrend::kLevel ? row.constant : row.line;
  if (t <= at.front()) return kProbabilities.front();
  for (std::size_t i = 1; i < at.size(); ++i) {
    if (t > at[i]) continue;
    const double part = (t - at[i - 1]) / (at[i] - at[i - 1]);
    return kProbabilities[i - 1] + part * (kProbabilities[i] - kProbabilities[i - 1]);
  }
  return kProbabilities.back();
}

// Scaled data, or its differences. Equal to its first value on average to 1.5e-8: of the values that differ
// from it, or where those are as small themselves, of the data.
bool NearlyConstant(const std::vector<double>& y) {
  constexpr double kTolerance = 1.4901161193847656e-8;
  double size = 0;
  double distance = 0;
  double count = 0;
  for (const double x : y) {
    if (x == y.front()) continue;
    size += std::fabs(x);
    distance += std::fabs(x - y.front());
    ++count;
  }
  if (count == 0) return true;
  return distance <= kTolerance * (size > kTolerance * count ? size : count);
}

void DifferenceInPlace(std::vector<double>* y, std::size_t lag) {
  for (std::size_t i = lag; i < y->size(); ++i) (*y)[i - lag] = (*y)[i] - (*y)[i - lag];
  y->resize(y->size() - lag);
  Poll();
}

std::optional<bool> KpssAsks(std::vector<double> y, const NdiffsOptions& options) {
  const auto lags = static_cast<std::size_t>(3 * std::sqrt(static_cast<double>(y.size())) / 13);
  if (!LeaveResiduals(&y, options.trend)) return std::nullopt;
  return KpssPValue(KpssStatistic(y, lags), options.trend) < options.alpha;
}

std::optional<bool> AdfAsks(const std::vector<double>& y, const NdiffsOptions& options) {
  const AdfTrend trend = options.trend == KpssTrend::kLevel ? AdfTrend::kConstant : AdfTrend::kLinear;
  constexpr std::size_t kLags = 1;
  if (y.size() < 2 * kLags + TrendTerms(trend) + 3) return std::nullopt;
  const LagRegression regression(y, trend, kLags);
  if (!regression.LevelVaries()) return std::nullopt;
  constexpr double kRounding = 1e-8;
  if (regression.Exact()) return regression.LevelCoefficient() > -kRounding;
  return UnitRootPValue(regression.LevelT(), y.size() - 1, options.trend) > options.alpha;
}

// Whether the test asks for another difference; nothing where it has no answer.
std::optional<bool> Asks(const std::vector<double>& y, const NdiffsOptions& options) {
  return options.test == DifferenceTest::kKpss ? KpssAsks(y, options) : AdfAsks(y, options);
}

void RequireCount(int count) {
  if (count >= 0) return;
  throw Error(ErrorCode::kInvalidArgument, "number of differences is negative",
              "Differences: " + std::to_string(count) + ".");
}

}  // namespace

std::vector<double> Difference(std::span<const double> y, int lag, int order) {
  RequireCount(order);
  if (lag < 1) {
    throw Error(ErrorCode::kInvalidArgument, "lag of a difference must be at least 1",
                "Lag: " + std::to_string(lag) + ".");
  }
  const ScaledSeries series = ScaleSeries(y);
  RequireLength(y.size(),
                static_cast<std::size_t>(lag) * static_cast<std::size_t>(order) + (order > 0 ? 1 : 0),
                "a difference");
  std::vector<double> result(y.begin(), y.end());
  for (int i = 0; i < order; ++i) DifferenceInPlace(&result, static_cast<std::size_t>(lag));
  if (!std::all_of(result.begin(), result.end(), [](double x) { return std::isfinite(x); })) {
    throw Error(ErrorCode::kNumericRange, "a difference is beyond the range of double precision");
  }
  return result;
}

DifferenceTest ParseDifferenceTest(std::string_view text) {
  for (const auto& [name, test] : kTestNames) {
    if (name == text) return test;
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown test for differences \"" + std::string(text) + "\"", {},
              "Use 'kpss' or 'adf'.");
}

std::string_view Name(DifferenceTest test) noexcept {
  return kTestNames[static_cast<std::size_t>(test)].first;
}

int Ndiffs(std::span<const double> y, const NdiffsOptions& options) {
  RequireCount(options.max_differences);
  if (!(options.alpha >= kLeastAlpha && options.alpha <= kGreatestAlpha)) {
    std::ostringstream value;
    value << options.alpha;
    throw Error(ErrorCode::kInvalidArgument, "alpha is outside the tables of the test",
                "Alpha: " + value.str() + ", allowed: 0.01 to 0.10.");
  }
  std::vector<double> values = ScaleSeries(y).values;
  RequireLength(y.size(), 1, "a number of differences");
  for (int differences = 0;; ++differences) {
    if (NearlyConstant(values)) return differences;
    const std::optional<bool> another = Asks(values, options);
    // A difference after which nothing can be said is not made.
    if (!another) return std::max(differences - 1, 0);
    if (!*another || differences >= options.max_differences) return differences;
    DifferenceInPlace(&values, 1);
  }
}

int Nsdiffs(std::span<const double> y, const NsdiffsOptions& options, const SeasonalStrength& strength) {
  RequireCount(options.max_differences);
  if (options.period < 2) {
    throw Error(ErrorCode::kInvalidArgument, "period must be at least 2",
                "Period: " + std::to_string(options.period) + ".");
  }
  std::vector<double> values = ScaleSeries(y).values;
  RequireLength(y.size(), 1, "a number of differences");
  const auto period = static_cast<std::size_t>(options.period);
  for (int differences = 0; differences < options.max_differences; ++differences) {
    if (NearlyConstant(values) || values.size() <= 2 * period) return differences;
    if (!(strength(values) > options.threshold)) return differences;
    DifferenceInPlace(&values, period);
  }
  return options.max_differences;
}

int Nsdiffs(std::span<const double> y, const NsdiffsOptions& options) {
  return Nsdiffs(y, options, [&](std::span<const double> values) {
    const Strength strength =
        MeasureStrength(Mstl(values, {.periods = {static_cast<double>(options.period)}}));
    return strength.seasonal.empty() ? std::numeric_limits<double>::quiet_NaN() : strength.seasonal.front();
  });
}

SuggestedDifferences SuggestDifferences(std::span<const double> y, int period) {
  SuggestedDifferences suggested;
  suggested.seasonal = Nsdiffs(y, {.period = period});
  suggested.first = Ndiffs(Difference(y, period, suggested.seasonal));
  return suggested;
}

}  // namespace ecomm::core
