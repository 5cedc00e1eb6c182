#include "ecomm_analytics/core/forecast_method.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

constexpr std::array kMethods = {Forecaster::kMean,  Forecaster::kNaive, Forecaster::kSeasonalNaive,
                                 Forecaster::kDrift, Forecaster::kTheta, Forecaster::kEts,
                                 Forecaster::kAuto};

std::vector<double> Weekly(std::size_t length) {
  Random random(7);
  std::vector<double> y;
  for (std::size_t i = 0; i < length; ++i) {
    y.push_back(50 + 20 * (i % 7 == 5 ? 1 : 0) - 15 * (i % 7 == 6 ? 1 : 0) + random.Normal());
  }
  return y;
}

void ExpectSound(const StatedForecast& stated, int horizon) {
  ASSERT_EQ(stated.forecast.mean.size(), static_cast<std::size_t>(horizon));
  ASSERT_EQ(stated.forecast.lower.size(), stated.forecast.levels.size());
  for (std::size_t level = 0; level < stated.forecast.levels.size(); ++level) {
    for (std::size_t i = 0; i < stated.forecast.mean.size(); ++i) {
      ASSERT_TRUE(std::isfinite(stated.forecast.mean[i]));
      ASSERT_LE(stated.forecast.lower[level][i],
                stated.forecast.mean[i] + 1e-9 * std::abs(stated.forecast.mean[i]));
      ASSERT_GE(stated.forecast.upper[level][i],
                stated.forecast.mean[i] - 1e-9 * std::abs(stated.forecast.mean[i]));
    }
  }
  EXPECT_FALSE(stated.status.empty());
}

TEST(Forecaster, NamesAreReadBack) {
  for (const Forecaster method : kMethods) EXPECT_EQ(ParseForecaster(Name(method)), method);
  EXPECT_THROW(ParseForecaster("prophet"), Error);
}

TEST(Forecaster, TheSeasonalOnesSeeTheWeek) {
  const std::vector<double> y = Weekly(140);
  for (const Forecaster method :
       {Forecaster::kSeasonalNaive, Forecaster::kTheta, Forecaster::kEts, Forecaster::kAuto}) {
    const StatedForecast stated = ForecastSales(method, y, 7, {.horizon = 14});
    ExpectSound(stated, 14);
    EXPECT_EQ(stated.status, "ok");
    for (std::size_t i = 0; i < 14; ++i) {
      const double expected = 50 + 20 * (i % 7 == 5 ? 1 : 0) - 15 * (i % 7 == 6 ? 1 : 0);
      EXPECT_NEAR(stated.forecast.mean[i], expected, 5) << Name(method) << ' ' << i;
    }
  }
}

TEST(Forecaster, AnySeriesGetsAForecast) {
  const std::vector<std::vector<double>> all = {
      {5},
      {5, 7},
      {5, 7, 6},
      std::vector<double>(30, 0.0),
      std::vector<double>(30, 4.2),
      {0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1},
      {1, 2, 1e9, 2, 1, 2, 1, 2, 1, 2, 1, 2},
      {-5, 3, -2, 8, -1, 4, 3, -7},
      Weekly(13),
      Weekly(15)};
  for (const auto& y : all) {
    for (const Forecaster method : kMethods) {
      for (const int period : {1, 7, 365}) {
        const StatedForecast stated = ForecastSales(method, y, period, {.horizon = 30});
        ExpectSound(stated, 30);
        if (*std::min_element(y.begin(), y.end()) < 0) continue;
        for (std::size_t i = 0; i < 30; ++i) {
          ASSERT_GE(stated.forecast.mean[i], 0);
          ASSERT_GE(stated.forecast.lower[0][i], 0);
        }
      }
    }
  }
}

TEST(Forecaster, WhatCannotBeDoneIsSaid) {
  const StatedForecast stated =
      ForecastSales(Forecaster::kSeasonalNaive, std::vector<double>{1, 2, 3}, 7, {});
  EXPECT_EQ(stated.forecast.method, "naive");
  EXPECT_EQ(stated.status.rfind("fell back to naive: ", 0), 0U);
  EXPECT_NE(ForecastSales(Forecaster::kAuto, std::vector<double>(9, 0.0), 1, {}).status.find("zero"),
            std::string::npos);
  EXPECT_THROW(ForecastSales(Forecaster::kNaive, std::vector<double>{}, 1, {}), Error);
  EXPECT_THROW(ForecastSales(Forecaster::kNaive, std::vector<double>{1, std::nan("")}, 1, {}), Error);
  EXPECT_THROW(ForecastSales(Forecaster::kNaive, std::vector<double>{1, 2}, 1, {.horizon = -1}), Error);
  EXPECT_TRUE(ForecastSales(Forecaster::kAuto, Weekly(50), 7, {.horizon = 0}).forecast.mean.empty());
}

TEST(Forecaster, AutoIsTheMeanOfTwo) {
  const std::vector<double> y = Weekly(100);
  const Forecast automatic = ForecastBy(Forecaster::kAuto, y, 7, {.horizon = 5});
  const Forecast theta = ForecastBy(Forecaster::kTheta, y, 7, {.horizon = 5});
  const Forecast ets = ForecastBy(Forecaster::kEts, y, 7, {.horizon = 5});
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_DOUBLE_EQ(automatic.mean[i], theta.mean[i] / 2 + ets.mean[i] / 2);
    EXPECT_DOUBLE_EQ(automatic.upper[1][i], theta.upper[1][i] / 2 + ets.upper[1][i] / 2);
  }
}

}  // namespace
}  // namespace ecomm::core
