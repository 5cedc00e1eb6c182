// What the tests of forecasts share.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "ecomm_analytics/core/forecast.hpp"
#include "tested_series_support.hpp"

namespace ecomm::core {

// Relative to the scale of the expected values.
inline void ExpectAllClose(const std::vector<double>& actual, const nlohmann::json& expected,
                           double tolerance, const std::string& where) {
  ASSERT_EQ(actual.size(), expected.size()) << where;
  double scale = 1;
  for (const auto& value : expected) scale = std::max(scale, std::fabs(value.get<double>()));
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_NEAR(actual[i], expected[i].get<double>(), tolerance * scale) << where << " " << i;
  }
}

// Points and intervals: `expected` holds mean, and lower and upper per level.
inline void ExpectForecast(const Forecast& actual, const nlohmann::json& expected, double tolerance,
                           const std::string& where) {
  ExpectAllClose(actual.mean, expected["mean"], tolerance, where + " mean");
  ASSERT_EQ(actual.lower.size(), expected["lower"].size()) << where;
  for (std::size_t level = 0; level < actual.lower.size(); ++level) {
    ExpectAllClose(actual.lower[level], expected["lower"][level], tolerance, where + " lower");
    ExpectAllClose(actual.upper[level], expected["upper"][level], tolerance, where + " upper");
  }
}

// Shapes, no NaN or infinity, lower <= mean <= upper.
inline void ExpectSound(const Forecast& forecast, const ForecastOptions& options, std::size_t length,
                        const std::string& where) {
  const auto horizon = static_cast<std::size_t>(options.horizon);
  ASSERT_EQ(forecast.mean.size(), horizon) << where;
  ASSERT_EQ(forecast.levels, options.levels) << where;
  ASSERT_EQ(forecast.lower.size(), options.levels.size()) << where;
  ASSERT_EQ(forecast.upper.size(), options.levels.size()) << where;
  EXPECT_EQ(forecast.fitted.size(), length) << where;
  EXPECT_EQ(forecast.residuals.size(), length) << where;
  EXPECT_TRUE(std::isfinite(forecast.sigma2) && forecast.sigma2 >= 0) << where;
  EXPECT_FALSE(forecast.method.empty()) << where;
  for (const double mean : forecast.mean) ASSERT_TRUE(std::isfinite(mean)) << where;
  for (std::size_t level = 0; level < options.levels.size(); ++level) {
    ASSERT_EQ(forecast.lower[level].size(), horizon) << where;
    ASSERT_EQ(forecast.upper[level].size(), horizon) << where;
    for (std::size_t step = 0; step < horizon; ++step) {
      ASSERT_TRUE(std::isfinite(forecast.lower[level][step])) << where;
      ASSERT_TRUE(std::isfinite(forecast.upper[level][step])) << where;
      ASSERT_LE(forecast.lower[level][step], forecast.mean[step]) << where;
      ASSERT_GE(forecast.upper[level][step], forecast.mean[step]) << where;
    }
  }
}

}  // namespace ecomm::core
