#include "ecomm_analytics/core/stl.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "daily_series.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "tested_series_support.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

double Sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double Magnitudes(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::fabs(value);
  return sum;
}

void ExpectSums(const Decomposition& parts) {
  for (std::size_t i = 0; i < parts.observed.size(); ++i) {
    ASSERT_NEAR(parts.trend[i] + parts.seasonal[i] + parts.remainder[i], parts.observed[i],
                1e-12 * (1 + std::fabs(parts.observed[i])));
  }
}

TEST(Stl, AgreesWithR) {
  const auto reference = ReadReference("decompose_reference_r.json");
  for (const auto& expected : reference["stl"]) {
    const auto& given = expected["options"];
    StlOptions options;
    options.period = expected["period"];
    if (given["s.window"].is_number()) options.seasonal_window = given["s.window"];
    options.trend_window = given.value("t.window", 0);
    options.low_pass_window = given.value("l.window", 0);
    options.seasonal_degree = given.value("s.degree", 0);
    options.trend_degree = given.value("t.degree", 1);
    options.low_pass_degree = given.value("l.degree", -1);
    options.seasonal_jump = given.value("s.jump", 0);
    options.trend_jump = given.value("t.jump", 0);
    options.low_pass_jump = given.value("l.jump", 0);
    options.robust = given.value("robust", false);
    options.inner = given.value("inner", 0);
    options.outer = given.value("outer", -1);
    SCOPED_TRACE(expected["name"].get<std::string>() + given.dump());

    auto y = RecordedSeries(expected["name"].get<std::string>());
    y.resize(expected["length"].get<std::size_t>());
    const auto parts = Stl(y, options);
    const std::size_t step = expected["step"];
    for (std::size_t k = 0; k < expected["trend"].size(); ++k) {
      EXPECT_NEAR(parts.trend[k * step], expected["trend"][k].get<double>(), 1e-6) << k * step;
      EXPECT_NEAR(parts.seasonal[k * step], expected["seasonals"][0][k].get<double>(), 1e-6) << k * step;
    }
    const auto n = static_cast<double>(y.size());
    EXPECT_NEAR(Sum(parts.trend), expected["trend_sum"].get<double>(), 1e-6 * n);
    EXPECT_NEAR(Magnitudes(parts.seasonal), expected["seasonal_sums"][0].get<double>(), 1e-6 * n);
    const double weights = expected["weight_sum"];
    EXPECT_NEAR(parts.weights.empty() ? n : Sum(parts.weights), weights, 1e-6 * n);
    ExpectSums(parts);
  }
}

TEST(Stl, AgreesWithStatsmodels) {
  const auto reference = ReadReference("decompose_reference_statsmodels.json");
  for (const auto& expected : reference["stl"]) {
    const auto& given = expected["options"];
    StlOptions options;
    options.period = expected["period"];
    options.seasonal_window = given["seasonal"];
    options.trend_window = given.value("trend", 0);
    options.low_pass_window = given["low_pass"];
    options.seasonal_degree = given["seasonal_deg"];
    options.trend_degree = given.value("trend_deg", 1);
    options.low_pass_degree = given.value("low_pass_deg", 1);
    options.seasonal_jump = given.value("seasonal_jump", 1);
    options.trend_jump = given.value("trend_jump", 1);
    options.low_pass_jump = given.value("low_pass_jump", 1);
    options.robust = given["robust"];
    options.inner = expected["inner"];
    SCOPED_TRACE(expected["name"].get<std::string>() + given.dump());

    const auto parts = Stl(RecordedSeries(expected["name"].get<std::string>()), options);
    const std::size_t step = expected["step"];
    for (std::size_t k = 0; k < expected["trend"].size(); ++k) {
      EXPECT_NEAR(parts.trend[k * step], expected["trend"][k].get<double>(), 1e-6) << k * step;
      EXPECT_NEAR(parts.seasonal[k * step], expected["seasonal"][k].get<double>(), 1e-6) << k * step;
    }
    EXPECT_NEAR(Sum(parts.trend), expected["trend_sum"].get<double>(), 1e-4);
    if (options.robust) {
      EXPECT_NEAR(Sum(parts.weights), expected["weight_sum"].get<double>(), 1e-4);
    }
  }
}

TEST(Stl, FindsAnOutlierWhenRobust) {
  auto y = DailySeries(120);
  y[60] += 300;
  const auto parts = Stl(y, {.period = 7, .robust = true});
  EXPECT_EQ(parts.weights[60], 0);
  EXPECT_NEAR(parts.remainder[60], 300, 10);
  EXPECT_TRUE(Stl(y, {.period = 7}).weights.empty());
}

TEST(Stl, PeriodOneIsATrendOnly) {
  std::vector<double> line(200);
  for (std::size_t i = 0; i < line.size(); ++i) line[i] = 5 - 0.25 * static_cast<double>(i);
  for (const std::size_t length : {2U, 3U, 8U, 200U}) {
    const auto parts = Stl(std::span(line).first(length), {});
    EXPECT_TRUE(parts.periods.empty());
    EXPECT_TRUE(parts.seasonals.empty());
    EXPECT_EQ(parts.seasonal, std::vector<double>(length, 0.0));
    for (std::size_t i = 0; i < length; ++i) EXPECT_NEAR(parts.trend[i], line[i], 1e-10);
  }
  Lehmer noise(1);
  for (double& value : line) value += 4 * (noise.Next() - 0.5);
  line[100] += 30;
  const auto robust = Stl(line, {.robust = true});
  EXPECT_NEAR(robust.trend[100], -20, 1);
  EXPECT_EQ(robust.weights[100], 0);
}

TEST(Stl, AConstantIsAllTrend) {
  for (const double value : {0.0, 0.1, -3e100}) {
    const std::vector<double> y(50, value);
    const auto parts = Stl(y, {.period = 7, .robust = true});
    EXPECT_EQ(parts.trend, y);
    EXPECT_EQ(parts.seasonals, std::vector<std::vector<double>>{std::vector<double>(50, 0.0)});
    EXPECT_EQ(parts.remainder, std::vector<double>(50, 0.0));
    EXPECT_EQ(parts.weights, std::vector<double>(50, 1.0));
  }
}

TEST(Stl, ScalesWithItsUnit) {
  const auto y = DailySeries(60);
  const auto parts = Stl(y, {.period = 7, .robust = true});
  for (const double unit : {0x1p-500, 0x1p400}) {
    std::vector<double> scaled(y);
    for (double& value : scaled) value *= unit;
    const auto other = Stl(scaled, {.period = 7, .robust = true});
    for (std::size_t i = 0; i < y.size(); ++i) EXPECT_EQ(other.trend[i], parts.trend[i] * unit);
  }
}

TEST(Stl, TakesExactlyTwoPeriods) {
  const auto y = DailySeries(14);
  ExpectSums(Stl(y, {.period = 7, .robust = true}));
  ExpectSums(Stl(std::span(y).first(4), {.period = 2, .seasonal_window = 7, .seasonal_degree = 1}));
  const Error e = Thrown([&] { Stl(std::span(y).first(13), {.period = 7}); });
  EXPECT_EQ(e.code(), ErrorCode::kUnusableData);
  EXPECT_EQ(e.detail(), "Length: 13, needed: 14 (two periods of 7).");
  EXPECT_EQ(Thrown([] { Stl({}, {}); }).detail(), "Length: 0, needed: 2 (two periods of 1).");
}

TEST(Stl, TakesLongSeriesAndLongPeriods) {
  const auto y = DailySeries(100'000);
  for (const double period : {7.0, 24.0, 365.25, 8766.0, 50'000.0}) {
    const auto parts = Stl(y, {.period = period, .robust = period == 7.0});
    EXPECT_EQ(parts.periods, std::vector<double>{period});
    EXPECT_TRUE(std::isfinite(Sum(parts.trend) + Sum(parts.seasonal)));
  }
  EXPECT_TRUE(std::isfinite(Sum(Stl(y, {}).trend)));
}

TEST(Stl, CanBeCancelled) {
  struct Cancelled {};
  CurrentHost().poll = [] { throw Cancelled(); };
  EXPECT_THROW(Stl(DailySeries(20'000), {.period = 7, .trend_window = 20'001, .trend_jump = 1}), Cancelled);
  CurrentHost().poll = nullptr;
}

TEST(Stl, AsksForMemoryFirst) {
  CurrentHost().memory_limit = [] { return std::size_t{1000}; };
  const Error e = Thrown([] { Stl(DailySeries(30), {.period = 7}); });
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(e.code(), ErrorCode::kMemoryLimit);
}

TEST(Stl, RefusesOptionsOutsideTheirRange) {
  const auto y = DailySeries(60);
  const StlOptions refused[] = {{.period = 0},
                                {.period = std::numeric_limits<double>::quiet_NaN()},
                                {.period = std::numeric_limits<double>::infinity()},
                                {.period = 7, .seasonal_window = -1},
                                {.period = 7, .trend_window = std::numeric_limits<std::int64_t>::max()},
                                {.period = 7, .low_pass_window = -3},
                                {.period = 7, .seasonal_degree = 2},
                                {.period = 7, .trend_degree = -1},
                                {.period = 7, .low_pass_degree = 2},
                                {.period = 7, .seasonal_jump = -1},
                                {.period = 7, .inner = -1},
                                {.period = 7, .outer = 1'000'000}};
  for (const auto& options : refused) {
    EXPECT_EQ(Thrown([&] { Stl(y, options); }).code(), ErrorCode::kInvalidArgument);
  }
  const StlOptions odd[] = {
      {.period = 7, .seasonal_window = 1, .trend_window = 1, .low_pass_window = 1},
      {.period = 7, .seasonal_window = 1'000'000'000'000, .trend_window = 1'000'000'000'000},
      {.period = 7, .seasonal_jump = 1'000'000, .trend_jump = 1'000'000, .low_pass_jump = 1'000'000}};
  for (const auto& options : odd) ExpectSums(Stl(y, options));

  auto broken = y;
  broken[59] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Thrown([&] { Stl(broken, {.period = 7}); }).detail(), "Position: 60 of 60, value: nan.");
}

}  // namespace
}  // namespace ecomm::core
