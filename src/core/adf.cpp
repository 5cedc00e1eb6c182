#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/stationarity.hpp"
#include "lag_regression.hpp"
#include "tested_series.hpp"

namespace ecomm::core {
namespace {

constexpr const char* kTest = "the augmented Dickey-Fuller test";

using TrendName = std::pair<std::string_view, AdfTrend>;
constexpr std::array kTrendNames = {
    TrendName{"n", AdfTrend::kNone},       TrendName{"c", AdfTrend::kConstant},
    TrendName{"ct", AdfTrend::kLinear},    TrendName{"ctt", AdfTrend::kQuadratic},
    TrendName{"none", AdfTrend::kNone},    TrendName{"constant", AdfTrend::kConstant},
    TrendName{"trend", AdfTrend::kLinear}, TrendName{"quadratic", AdfTrend::kQuadratic},
};

using SelectionName = std::pair<std::string_view, LagSelection>;
constexpr std::array kSelectionNames = {
    SelectionName{"fixed", LagSelection::kFixed},
    SelectionName{"aic", LagSelection::kAic},
    SelectionName{"bic", LagSelection::kBic},
    SelectionName{"t-stat", LagSelection::kTStat},
};

struct Choice {
  std::size_t lags = 0;
  double criterion = 0;
};

void RequireAnswer(const LagRegression& regression) {
  if (!regression.LevelVaries()) {
    throw Error(
        ErrorCode::kUnusableData,
        std::string("the level of the series does not vary beside its trend, so ") + kTest + " has no answer",
        "Rows of the regression: " + std::to_string(regression.rows()) + ".");
  }
  if (regression.Exact()) {
    throw Error(
        ErrorCode::kUnusableData,
        std::string("the series follows from its own past without error, so ") + kTest + " has no answer",
        "Rows of the regression: " + std::to_string(regression.rows()) + ".");
  }
}

// -2 times the greatest log-likelihood under normal errors, plus the penalty; `exponent` brings the scaled
// series back to the user's unit.
double Criterion(const LagRegression& regression, std::size_t lags, LagSelection selection, int exponent) {
  const auto rows = static_cast<double>(regression.rows());
  const double log_variance =
      std::log(regression.SquaredResiduals(lags) / rows) + 2.0 * exponent * std::numbers::ln2;
  const double penalty = selection == LagSelection::kAic ? 2 : std::log(rows);
  return rows * (std::log(2 * std::numbers::pi) + log_variance + 1) +
         penalty * static_cast<double>(regression.Rank(lags));
}

Choice ChooseByCriterion(const LagRegression& regression, std::size_t most, LagSelection selection,
                         int exponent) {
  Choice best{0, Criterion(regression, 0, selection, exponent)};
  for (std::size_t lags = 1; lags <= most; ++lags) {
    const double criterion = Criterion(regression, lags, selection, exponent);
    if (criterion < best.criterion) best = {lags, criterion};
  }
  return best;
}

Choice ChooseBySignificance(const LagRegression& regression, std::size_t most) {
  constexpr double kSignificant = 1.6448536269514722;  // the normal distribution's 95 % point
  for (std::size_t lags = most; lags > 0; --lags) {
    const double t = std::fabs(regression.LastT(lags));
    if (t >= kSignificant) return {lags, t};
  }
  return {0, std::fabs(regression.LastT(0))};
}

Choice ChooseLags(const ScaledSeries& series, const AdfOptions& options, std::size_t most) {
  if (options.selection == LagSelection::kFixed) return {most, std::numeric_limits<double>::quiet_NaN()};
  const LagRegression regression(series.values, options.trend, most);
  RequireAnswer(regression);
  if (options.selection == LagSelection::kTStat) return ChooseBySignificance(regression, most);
  return ChooseByCriterion(regression, most, options.selection, series.exponent);
}

}  // namespace

AdfTrend ParseAdfTrend(std::string_view text) {
  for (const auto& [name, trend] : kTrendNames) {
    if (name == text) return trend;
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown trend of a unit root test \"" + std::string(text) + "\"",
              {}, "Use 'n' (none), 'c' (constant), 'ct' (trend) or 'ctt' (quadratic).");
}

std::string_view Name(AdfTrend trend) noexcept { return kTrendNames[static_cast<std::size_t>(trend)].first; }

LagSelection ParseLagSelection(std::string_view text) {
  for (const auto& [name, selection] : kSelectionNames) {
    if (name == text) return selection;
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown way of choosing lags \"" + std::string(text) + "\"", {},
              "Use 'aic', 'bic', 't-stat' or 'fixed'.");
}

std::string_view Name(LagSelection selection) noexcept {
  return kSelectionNames[static_cast<std::size_t>(selection)].first;
}

AdfResult Adf(std::span<const double> y, const AdfOptions& options) {
  const ScaledSeries series = ScaleSeries(y);
  const std::size_t n = y.size();
  const std::size_t terms = TrendTerms(options.trend);
  RequireLength(n, terms == 0 ? 3 : 2 * (terms + 1), kTest);
  const std::size_t limit = terms == 0 ? (n - 1) / 2 - 1 : n / 2 - terms - 1;
  const auto usual = static_cast<std::size_t>(std::ceil(12 * std::pow(static_cast<double>(n) / 100, 0.25)));
  if (options.max_lag) RequireLags(*options.max_lag, static_cast<long long>(limit), kTest);
  RequireVarying(series, kTest);
  const std::size_t most =
      options.max_lag ? static_cast<std::size_t>(*options.max_lag) : std::min(usual, limit);

  const Choice choice = ChooseLags(series, options, most);
  const LagRegression regression(series.values, options.trend, choice.lags);
  RequireAnswer(regression);

  AdfResult result;
  result.statistic = regression.LevelT();
  result.p_value = MacKinnonPValue(result.statistic, options.trend);
  result.lags = static_cast<int>(choice.lags);
  result.max_lag = static_cast<int>(most);
  result.observations = static_cast<int>(regression.rows());
  result.critical = MacKinnonCritical(options.trend, regression.rows());
  result.criterion = choice.criterion;
  return result;
}

}  // namespace ecomm::core
