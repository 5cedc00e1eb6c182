#include "ecomm_analytics/core/stationarity.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "ecomm_analytics/core/host.hpp"
#include "tested_series_support.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr AdfTrend kAdfTrends[] = {AdfTrend::kNone, AdfTrend::kConstant, AdfTrend::kLinear,
                                   AdfTrend::kQuadratic};
constexpr LagSelection kSelections[] = {LagSelection::kFixed, LagSelection::kAic, LagSelection::kBic,
                                        LagSelection::kTStat};

Values Line(std::size_t n, double start, double step) {
  Values y(n);
  for (std::size_t i = 0; i < n; ++i) y[i] = start + step * static_cast<double>(i);
  return y;
}

Values Alternating(std::size_t n) {
  Values y(n);
  for (std::size_t i = 0; i < n; ++i) y[i] = i % 2 == 0 ? 1 : -1;
  return y;
}

TEST(Adf, EqualsStatsmodels) {
  const auto document = ReadReference("stationarity_reference.json");
  for (const auto& entry : document["series"]) {
    const auto name = entry["name"].get<std::string>();
    const Values y = RecordedSeries(name);
    for (const auto& row : entry["adf"]) {
      AdfOptions options;
      options.trend = ParseAdfTrend(row[0].get<std::string>());
      options.selection = ParseLagSelection(row[1].get<std::string>());
      if (!row[2].is_null()) options.max_lag = row[2].get<int>();
      const std::string where = name + " " + row[0].dump() + row[1].dump() + row[2].dump();
      const AdfResult result = Adf(y, options);
      ExpectClose(result.statistic, row[3].get<double>(), where);
      ExpectClose(result.p_value, row[4].get<double>(), where);
      EXPECT_EQ(result.lags, row[5].get<double>()) << where;
      EXPECT_EQ(result.observations, row[6].get<double>()) << where;
      if (options.selection == LagSelection::kFixed) {
        EXPECT_TRUE(std::isnan(result.criterion));
      } else {
        ExpectClose(result.criterion, row[7].get<double>(), where);
      }
    }
  }
}

TEST(Adf, MacKinnonEqualsStatsmodels) {
  const auto document = ReadReference("stationarity_reference.json");
  for (const auto& row : document["p_values"]) {
    const double p = MacKinnonPValue(row[1].get<double>(), ParseAdfTrend(row[0].get<std::string>()));
    ExpectClose(p, row[2].get<double>(), row.dump(), 1e-13);
  }
  for (const auto& row : document["critical_values"]) {
    const auto levels =
        MacKinnonCritical(ParseAdfTrend(row[0].get<std::string>()), row[1].get<std::size_t>());
    ExpectClose(levels.one_percent, row[2].get<double>(), row.dump(), 1e-13);
    ExpectClose(levels.five_percent, row[3].get<double>(), row.dump(), 1e-13);
    ExpectClose(levels.ten_percent, row[4].get<double>(), row.dump(), 1e-13);
  }
}

TEST(Adf, ResultTellsWhatItDid) {
  const AdfResult result = Adf(RecordedSeries("Nile"), {.trend = AdfTrend::kLinear});
  EXPECT_EQ(result.max_lag, 12);
  EXPECT_EQ(result.observations, 100 - 1 - result.lags);
  const UnitRootLevels levels =
      MacKinnonCritical(AdfTrend::kLinear, static_cast<std::size_t>(result.observations));
  EXPECT_EQ(result.critical.one_percent, levels.one_percent);
  EXPECT_EQ(result.critical.ten_percent, levels.ten_percent);
}

TEST(Adf, NamesGoBothWays) {
  for (const AdfTrend trend : kAdfTrends) EXPECT_EQ(ParseAdfTrend(Name(trend)), trend);
  for (const LagSelection selection : kSelections) EXPECT_EQ(ParseLagSelection(Name(selection)), selection);
  EXPECT_EQ(ParseAdfTrend("constant"), AdfTrend::kConstant);
  ExpectError(ErrorCode::kInvalidArgument, "\"nc\"", "", [] { ParseAdfTrend("nc"); });
  ExpectError(ErrorCode::kInvalidArgument, "\"AIC\"", "", [] { ParseLagSelection("AIC"); });
}

TEST(Adf, IsTheSameAtAnyScale) {
  const Values y = Autoregression(150, 0.9);
  for (const AdfTrend trend : kAdfTrends) {
    for (const LagSelection selection : kSelections) {
      const AdfOptions options = {.trend = trend, .selection = selection};
      const AdfResult plain = Adf(y, options);
      EXPECT_EQ(Adf(Times(y, 0x1p990), options).statistic, plain.statistic);
      EXPECT_EQ(Adf(Times(y, 0x1p-990), options).statistic, plain.statistic);
      EXPECT_NEAR(Adf(Times(y, 1e300), options).statistic, plain.statistic, 1e-10);
      EXPECT_NEAR(Adf(Times(y, 1e-300), options).statistic, plain.statistic, 1e-10);
      EXPECT_EQ(Adf(Times(y, 1e300), options).lags, plain.lags);
    }
  }
  // Twice the unit adds log 4 per row to the criterion.
  const double shift = Adf(Times(y, 2)).criterion - Adf(y).criterion;
  EXPECT_NEAR(shift, (150 - 1 - Adf(y).max_lag) * std::log(4), 1e-9);
}

TEST(Adf, KeepsItsDigitsFarFromZero) {
  Values far = Autoregression(150, 0.9);
  for (double& x : far) x += 0x1p30;
  Values near = far;
  for (double& x : near) x -= 0x1p30;
  for (const AdfTrend trend : {AdfTrend::kConstant, AdfTrend::kLinear, AdfTrend::kQuadratic}) {
    EXPECT_NEAR(Adf(far, {.trend = trend}).statistic, Adf(near, {.trend = trend}).statistic, 1e-9);
  }
}

TEST(Adf, ShortestSeries) {
  const std::size_t needed[] = {3, 4, 6, 8};
  const Values y = {1, 3, 2, 5, 4, 4.5, 1, 7, 3};
  for (const AdfTrend trend : kAdfTrends) {
    const std::size_t least = needed[static_cast<std::size_t>(trend)];
    const std::string detail = "Needed: " + std::to_string(least) + " values";
    for (std::size_t n = 0; n < least; ++n) {
      const Values head(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(n));
      ExpectError(ErrorCode::kUnusableData, "too short", detail, [&] { Adf(head, {.trend = trend}); });
    }
    for (std::size_t n = least; n <= y.size(); ++n) {
      const Values head(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(n));
      EXPECT_TRUE(std::isfinite(Adf(head, {.trend = trend}).statistic)) << n;
    }
  }
}

TEST(Adf, RefusesWhatHasNoAnswer) {
  constexpr ErrorCode kCode = ErrorCode::kUnusableData;
  for (const AdfTrend trend : kAdfTrends) {
    for (const LagSelection selection : kSelections) {
      const auto run = [=](const Values& y) {
        return [=] { Adf(y, {.trend = trend, .selection = selection}); };
      };
      for (const double value : {0.0, 0.1, 1e300, -1e-300}) {
        ExpectError(kCode, "constant", "All 50 values are ", run(Values(50, value)));
      }
      ExpectError(kCode, "without error", "Rows", run(Alternating(60)));
      ExpectError(kCode, "holds NaN", "Position: 2 of 3.", run({1, kNaN, 2}));
      ExpectError(kCode, "an infinity", "Position: 3 of 3.", run({1, 2, -kInfinity}));
    }
  }
  for (const Values& y : {Line(60, 0.3, 0.1), Line(60, 1e6, 0.1), Line(60, 5, -3)}) {
    ExpectError(kCode, "without error", "Rows", [&] { Adf(y); });
    // Whether rounding shows in the level or only in the residuals depends on the line.
    ExpectError(kCode, "has no answer", "Rows", [&] { Adf(y, {.trend = AdfTrend::kLinear}); });
  }
  // One sale, on the last day: the level before it never moved.
  Values late(60, 0.0);
  late.back() = 5;
  ExpectError(kCode, "does not vary", "Rows", [&] { Adf(late); });
}

TEST(Adf, LagsThatNeverMoveAreLeftOut) {
  // Nothing happens before day 55, so that with 12 lags of the differences the last ones are all 0.
  Values y(60, 1.0);
  for (std::size_t i = 55; i < y.size(); ++i) y[i] = 1 + static_cast<double>(i * i % 7);
  const AdfResult with_all = Adf(y, {.selection = LagSelection::kFixed, .max_lag = 10});
  const AdfResult with_some =
      Adf(Values(y.begin() + 5, y.end()), {.selection = LagSelection::kFixed, .max_lag = 5});
  EXPECT_TRUE(std::isfinite(with_all.statistic));
  EXPECT_EQ(with_all.observations, with_some.observations);
}

TEST(Adf, RefusesParametersOutOfRange) {
  const Values y = Autoregression(20, 0.5);
  constexpr ErrorCode kCode = ErrorCode::kInvalidArgument;
  ExpectError(kCode, "lags", "Lags: 9, allowed for this series: 0 to 8.", [&] { Adf(y, {.max_lag = 9}); });
  ExpectError(kCode, "lags", "Lags: -1", [&] { Adf(y, {.max_lag = -1}); });
  ExpectError(kCode, "lags", "0 to 8.", [&] { Adf(y, {.trend = AdfTrend::kNone, .max_lag = 2147483647}); });
  EXPECT_EQ(Adf(y, {.max_lag = 8}).max_lag, 8);
}

int polls = 0;

TEST(Adf, LongSeriesInBoundedTime) {
  const Values walk = Autoregression(100000, 1);
  CurrentHost().poll = [] { ++polls; };
  const AdfResult result = Adf(walk);
  CurrentHost().poll = nullptr;
  EXPECT_GT(polls, 1000);
  EXPECT_EQ(result.max_lag, 68);
  EXPECT_GT(result.p_value, 0.01);
  EXPECT_LT(Adf(Autoregression(100000, 0.5)).p_value, 1e-10);
}

TEST(Kpss, EqualsStatsmodels) {
  const auto document = ReadReference("stationarity_reference.json");
  for (const auto& entry : document["series"]) {
    const auto name = entry["name"].get<std::string>();
    const Values y = RecordedSeries(name);
    for (const auto& row : entry["kpss"]) {
      KpssOptions options;
      options.trend = ParseKpssTrend(row[0].get<std::string>());
      options.selection = row[1].is_string() ? ParseKpssLags(row[1].get<std::string>()) : KpssLags::kFixed;
      if (row[1].is_number()) options.lags = row[1].get<int>();
      const std::string where = name + " " + row[0].dump() + row[1].dump();
      const KpssResult result = Kpss(y, options);
      ExpectClose(result.statistic, row[2].get<double>(), where);
      ExpectClose(result.p_value, row[3].get<double>(), where);
      EXPECT_EQ(result.lags, row[4].get<double>()) << where;
      const bool least = result.p_value == 0.01;
      const bool most = result.p_value == 0.1;
      EXPECT_EQ(result.p_value_kind, least  ? PValueKind::kLessThan
                                     : most ? PValueKind::kGreaterThan
                                            : PValueKind::kInterpolated);
    }
  }
}

TEST(Kpss, NamesGoBothWays) {
  for (const KpssTrend trend : {KpssTrend::kLevel, KpssTrend::kTrend})
    EXPECT_EQ(ParseKpssTrend(Name(trend)), trend);
  for (const KpssLags lags : {KpssLags::kAuto, KpssLags::kLegacy, KpssLags::kFixed}) {
    EXPECT_EQ(ParseKpssLags(Name(lags)), lags);
  }
  ExpectError(ErrorCode::kInvalidArgument, "\"ctt\"", "", [] { ParseKpssTrend("ctt"); });
  ExpectError(ErrorCode::kInvalidArgument, "\"short\"", "", [] { ParseKpssLags("short"); });
}

TEST(Kpss, IsTheSameAtAnyScale) {
  const Values y = Autoregression(150, 0.9);
  for (const KpssTrend trend : {KpssTrend::kLevel, KpssTrend::kTrend}) {
    const KpssOptions options = {.trend = trend};
    EXPECT_EQ(Kpss(Times(y, 0x1p990), options).statistic, Kpss(y, options).statistic);
    EXPECT_EQ(Kpss(Times(y, 0x1p-990), options).statistic, Kpss(y, options).statistic);
    EXPECT_NEAR(Kpss(Times(y, 1e300), options).statistic, Kpss(y, options).statistic, 1e-12);
  }
}

TEST(Kpss, ShortAndRegularSeries) {
  EXPECT_DOUBLE_EQ(Kpss(Values{1, 2}, {.selection = KpssLags::kFixed}).statistic, 0.25);
  EXPECT_TRUE(std::isfinite(Kpss(Values{1, 2}).statistic));
  EXPECT_TRUE(std::isfinite(Kpss(Values{1, 2, 4}, {.trend = KpssTrend::kTrend}).statistic));
  // Sums of 1, 0, 1, 0, ...: half of them 1, over n^2.
  EXPECT_NEAR(Kpss(Alternating(100), {.selection = KpssLags::kFixed}).statistic, 50.0 / 10000, 1e-15);
  EXPECT_EQ(Kpss(Line(100, 0, 1)).p_value_kind, PValueKind::kLessThan);
}

TEST(Kpss, RefusesWhatHasNoAnswer) {
  constexpr ErrorCode kCode = ErrorCode::kUnusableData;
  for (const Values& y : {Values{}, Values{1}}) {
    ExpectError(kCode, "too short", "Needed: 2 values", [&] { Kpss(y); });
  }
  ExpectError(kCode, "too short", "Needed: 3 values", [] {
    Kpss(Values{1, 2}, {.trend = KpssTrend::kTrend});
  });
  for (const double value : {0.0, 0.1, 1e300, -1e-300}) {
    ExpectError(kCode, "constant", "All 50 values are ", [=] { Kpss(Values(50, value)); });
  }
  for (const Values& y :
       {Line(3, 0, 1), Line(60, 0.3, 0.1), Line(60, 1e6, 0.1), Line(100000, 1e-300, 1e-300)}) {
    ExpectError(kCode, "straight line", "rounding only", [&] { Kpss(y, {.trend = KpssTrend::kTrend}); });
  }
  ExpectError(kCode, "holds NaN", "Position: 2 of 3.", [] { Kpss(Values{1, kNaN, 3}); });
  for (const int lags : {-1, 3, 2147483647}) {
    ExpectError(ErrorCode::kInvalidArgument, "lags", "0 to 2.", [=] {
      Kpss(Values{1, 2, 4}, {.selection = KpssLags::kFixed, .lags = lags});
    });
  }
}

TEST(Kpss, LongSeriesWithAllLags) {
  const Values walk = Autoregression(100000, 1);
  EXPECT_EQ(Kpss(walk).p_value_kind, PValueKind::kLessThan);
  EXPECT_GT(Kpss(walk, {.selection = KpssLags::kFixed, .lags = 99999}).statistic, 0);
}

}  // namespace
}  // namespace ecomm::core
