#include "ecomm_analytics/core/decompose.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "daily_series.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "tested_series_support.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(DecomposeClassical, AgreesWithStatsmodels) {
  const auto reference = ReadReference("decompose_reference_statsmodels.json");
  for (const auto& expected : reference["classical"]) {
    const auto y = RecordedSeries(expected["name"].get<std::string>());
    const int period = expected["period"];
    const bool multiplicative = expected["model"] == "multiplicative";
    SCOPED_TRACE(expected["name"].get<std::string>() + expected["model"].get<std::string>());
    const auto parts = DecomposeClassical(
        y, period, multiplicative ? ClassicalModel::kMultiplicative : ClassicalModel::kAdditive);

    const std::size_t half = static_cast<std::size_t>(period) / 2;
    ASSERT_EQ(expected["missing"].get<std::size_t>(), 2 * half);
    EXPECT_EQ(parts.observed, y);
    EXPECT_EQ(parts.multiplicative, multiplicative);
    double squares = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double season = expected["season"][i % static_cast<std::size_t>(period)];
      EXPECT_NEAR(parts.seasonal[i], season, 1e-8);
      const bool end = i < half || i + half >= y.size();
      ASSERT_EQ(std::isnan(parts.trend[i]), end) << i;
      ASSERT_EQ(std::isnan(parts.remainder[i]), end) << i;
      if (end) continue;
      EXPECT_NEAR(parts.trend[i], expected["trend"][i - half].get<double>(), 1e-8) << i;
      squares += parts.remainder[i] * parts.remainder[i];
    }
    const double expected_squares = expected["remainder_squares"];
    EXPECT_NEAR(squares, expected_squares, 1e-10 * expected_squares);
    EXPECT_EQ(parts.seasonals, std::vector<std::vector<double>>{parts.seasonal});
    EXPECT_EQ(parts.periods, std::vector<double>{static_cast<double>(period)});
  }
}

TEST(DecomposeClassical, PeriodOneLeavesTheSeriesToTheTrend) {
  const auto y = RecordedSeries("Nile");
  const auto parts = DecomposeClassical(y, 1);
  EXPECT_EQ(parts.trend, y);
  EXPECT_EQ(parts.seasonal, std::vector<double>(y.size(), 0.0));
  EXPECT_TRUE(parts.periods.empty());
  EXPECT_TRUE(parts.seasonals.empty());
  EXPECT_EQ(DecomposeClassical(y, 1, ClassicalModel::kMultiplicative).seasonal,
            std::vector<double>(y.size(), 1.0));
}

TEST(DecomposeClassical, AConstantHasNeitherSeasonNorRemainder) {
  for (const double value : {0.0, 0.1, -7e149}) {
    const std::vector<double> y(30, value);
    const auto parts = DecomposeClassical(y, 7);
    EXPECT_EQ(parts.trend, y);
    EXPECT_EQ(parts.seasonal, std::vector<double>(30, 0.0));
    EXPECT_EQ(parts.remainder, std::vector<double>(30, 0.0));
    EXPECT_EQ(MeasureStrength(parts).trend, 0);
    EXPECT_EQ(MeasureStrength(parts).seasonal, std::vector<double>{0.0});
  }
}

TEST(DecomposeClassical, TakesExactlyTwoPeriods) {
  const auto y = DailySeries(14);
  const auto parts = DecomposeClassical(y, 7);
  EXPECT_TRUE(std::isnan(parts.trend[2]));
  EXPECT_FALSE(std::isnan(parts.trend[3]));
  const Error e = Thrown([&] { DecomposeClassical(std::span(y).first(13), 7); });
  EXPECT_EQ(e.code(), ErrorCode::kUnusableData);
  EXPECT_EQ(e.detail(), "Length: 13, needed: 14 (two periods of 7).");
}

TEST(DecomposeClassical, KeepsItsPrecisionOverLongSeries) {
  std::vector<double> y = DailySeries(100'000);
  y[10] = 1e12;
  const auto parts = DecomposeClassical(y, 8766);
  double sum = 0;
  for (std::size_t i = 90'000 - 4383; i <= 90'000 + 4383; ++i) {
    sum += y[i] * (i == 90'000 - 4383 || i == 90'000 + 4383 ? 0.5 : 1.0);
  }
  EXPECT_NEAR(parts.trend[90'000], sum / 8766, 1e-8);
}

TEST(DecomposeClassical, RefusesWhatItCannotUse) {
  std::vector<double> y = DailySeries(30);
  EXPECT_EQ(Thrown([&] { DecomposeClassical(y, 0); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { DecomposeClassical({}, 7); }).detail(), "Length: 0, needed: 14 (two periods of 7).");
  EXPECT_EQ(Thrown([&] { DecomposeClassical(std::vector{1.0}, 1); }).code(), ErrorCode::kUnusableData);
  EXPECT_EQ(Thrown([&] { DecomposeClassical(y, std::numeric_limits<int>::max()); }).code(),
            ErrorCode::kUnusableData);
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    y[4] = bad;
    const Error e = Thrown([&] { DecomposeClassical(y, 7); });
    EXPECT_EQ(e.code(), ErrorCode::kUnusableData);
    EXPECT_EQ(e.detail().find("Position: 5 of 30, value: "), 0U);
  }
  y[4] = 2e150;
  EXPECT_EQ(Thrown([&] { DecomposeClassical(y, 7); }).code(), ErrorCode::kNumericRange);
  y[4] = 0;
  EXPECT_NO_THROW(DecomposeClassical(y, 7));
  const Error e = Thrown([&] { DecomposeClassical(y, 7, ClassicalModel::kMultiplicative); });
  EXPECT_EQ(e.code(), ErrorCode::kUnusableData);
  EXPECT_EQ(e.detail(), "Position: 5 of 30, value: 0.");
}

TEST(DecomposeClassical, AsksForMemoryFirst) {
  CurrentHost().memory_limit = [] { return std::size_t{1000}; };
  const Error e = Thrown([] { DecomposeClassical(DailySeries(30), 7); });
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(e.code(), ErrorCode::kMemoryLimit);
}

TEST(MeasureStrength, FollowsItsDefinition) {
  Decomposition parts;
  parts.observed = {9, 11, 13, 15};
  parts.trend = {10, 10, 14, 14};
  parts.seasonals = {{-2, 2, -2, 2}, {0, 0, 0, 0}};
  parts.remainder = {1, -1, 1, -1};
  const Strength strength = MeasureStrength(parts);
  // var(R) = 4/3; T + R = 11, 9, 15, 13: 20/3; S + R = -1, 1, -1, 1: 4/3.
  EXPECT_NEAR(strength.trend, 0.8, 1e-15);
  EXPECT_EQ(strength.seasonal, (std::vector<double>{0, 0}));
}

TEST(MeasureStrength, LeavesOutTheEndsWithoutTrend) {
  const auto strength = MeasureStrength(DecomposeClassical(RecordedSeries("AirPassengers"), 12));
  EXPECT_GT(strength.trend, 0.95);
  EXPECT_GT(strength.seasonal[0], 0.7);
  const auto factors = MeasureStrength(
      DecomposeClassical(RecordedSeries("AirPassengers"), 12, ClassicalModel::kMultiplicative));
  EXPECT_GT(factors.trend, 0.98);
  EXPECT_GT(factors.seasonal[0], 0.9);
}

TEST(MeasureStrength, RoundingIsNoSignal) {
  std::vector<double> y(60, 1e9);
  y[30] = std::nextafter(1e9, 2e9);
  const auto strength = MeasureStrength(DecomposeClassical(y, 12));
  EXPECT_EQ(strength.trend, 0);
  EXPECT_EQ(strength.seasonal[0], 0);
}

}  // namespace
}  // namespace ecomm::core
