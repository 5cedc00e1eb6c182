#include "ecomm_analytics/core/mstl.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "daily_series.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "tested_series_support.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

std::vector<double> Series(const std::string& name) {
  if (name.starts_with("daily ")) return DailySeries(std::stoul(name.substr(6)));
  return RecordedSeries(name);
}

TEST(Mstl, AgreesWithR) {
  const auto reference = ReadReference("decompose_reference_r.json");
  for (const auto& expected : reference["mstl"]) {
    const std::string name = expected["name"];
    MstlOptions options;
    options.periods = expected["periods"].get<std::vector<double>>();
    if (const auto& given = expected["options"]; !given.empty()) {
      options.iterations = given["iterate"];
      options.seasonal_windows = given["s.window"].get<std::vector<std::int64_t>>();
      options.stl.robust = given["robust"];
    }
    SCOPED_TRACE(name + expected["options"].dump());
    const auto y = Series(name);
    const auto parts = Mstl(y, options);
    ASSERT_EQ(parts.seasonals.size(), expected["seasonals"].size());
    const std::size_t step = expected["step"];
    for (std::size_t k = 0; k < expected["trend"].size(); ++k) {
      EXPECT_NEAR(parts.trend[k * step], expected["trend"][k].get<double>(), 1e-6) << k * step;
      for (std::size_t season = 0; season < parts.seasonals.size(); ++season) {
        const double value = expected["seasonals"][season][k];
        EXPECT_NEAR(parts.seasonals[season][k * step], value, 1e-6) << k * step;
      }
    }
    double trend = 0;
    std::vector<double> magnitudes(parts.seasonals.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
      trend += parts.trend[i];
      double sum = parts.trend[i] + parts.remainder[i];
      for (std::size_t season = 0; season < magnitudes.size(); ++season) {
        sum += parts.seasonals[season][i];
        magnitudes[season] += std::fabs(parts.seasonals[season][i]);
      }
      EXPECT_NEAR(sum, y[i], 1e-10);
    }
    const double tolerance = 1e-6 * static_cast<double>(y.size());
    EXPECT_NEAR(trend, expected["trend_sum"].get<double>(), tolerance);
    for (std::size_t season = 0; season < magnitudes.size(); ++season) {
      EXPECT_NEAR(magnitudes[season], expected["seasonal_sums"][season].get<double>(), tolerance);
    }
  }
}

TEST(Mstl, LeavesOutPeriodsThatDoNotFit) {
  const auto y = DailySeries(400);
  EXPECT_EQ(Mstl(y, {.periods = {365.25, 7, 8766}}).periods, std::vector<double>{7});
  EXPECT_EQ(Mstl(y, {.periods = {7, 200}}).periods, std::vector<double>{7});
  EXPECT_EQ(Mstl(y, {.periods = {7, 199.9}}).periods, (std::vector<double>{7, 199.9}));
}

TEST(Mstl, WithoutAPeriodThereIsATrend) {
  const auto y = DailySeries(400);
  for (const auto& periods : std::vector<std::vector<double>>{{}, {1}, {365.25}}) {
    const auto parts = Mstl(y, {.periods = periods});
    EXPECT_TRUE(parts.periods.empty());
    EXPECT_TRUE(parts.seasonals.empty());
    EXPECT_EQ(parts.seasonal, std::vector<double>(400, 0.0));
    EXPECT_EQ(parts.trend, Stl(y, {}).trend);
    EXPECT_GT(MeasureStrength(parts).trend, 0.5);
  }
}

TEST(Mstl, TellsTheSeasonsApart) {
  const auto strength = MeasureStrength(Mstl(DailySeries(1100), {.periods = {7, 365.25}}));
  ASSERT_EQ(strength.seasonal.size(), 2U);
  EXPECT_GT(strength.seasonal[0], 0.9);
  EXPECT_GT(strength.seasonal[1], 0.9);
  EXPECT_GT(strength.trend, 0.8);
}

TEST(Mstl, AConstantIsAllTrend) {
  const std::vector<double> y(1000, 0.1);
  const auto parts = Mstl(y, {.periods = {7, 365.25}});
  EXPECT_EQ(parts.trend, y);
  EXPECT_EQ(parts.seasonal, std::vector<double>(1000, 0.0));
  EXPECT_EQ(parts.seasonals.size(), 2U);
  EXPECT_EQ(parts.remainder, std::vector<double>(1000, 0.0));
}

TEST(Mstl, TakesLongSeries) {
  const auto parts = Mstl(DailySeries(100'000), {.periods = {24, 168, 8766}});
  EXPECT_EQ(parts.periods.size(), 3U);
  for (const double value : parts.remainder) ASSERT_TRUE(std::isfinite(value));
}

TEST(Mstl, RefusesWhatItCannotUse) {
  const auto y = DailySeries(60);
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double period : {0.0, -7.0, 1.5, kNaN, kInfinity}) {
    EXPECT_EQ(Thrown([&] { Mstl(y, {.periods = {period}}); }).code(), ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(Thrown([&] { Mstl(y, {.periods = {7, 7.5}}); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] {
              Mstl(y, {.periods = {7, 12, 20}, .seasonal_windows = {7, 9}});
            }).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { Mstl(y, {.periods = {7}, .seasonal_windows = {-1}}); }).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { Mstl(y, {.periods = {7}, .iterations = -1}); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([] { Mstl({}, {.periods = {7}}); }).code(), ErrorCode::kUnusableData);
  EXPECT_EQ(Thrown([] { Mstl(std::vector{1.0}, {.periods = {7}}); }).detail(),
            "Length: 1, needed: 2 (two periods of 1).");
  auto broken = y;
  broken[0] = kInfinity;
  EXPECT_EQ(Thrown([&] { Mstl(broken, {.periods = {7}}); }).detail(), "Position: 1 of 60, value: inf.");
  EXPECT_NO_THROW(Mstl(y, {.periods = {7, 12}, .seasonal_windows = {0}}));
}

}  // namespace
}  // namespace ecomm::core
