#include "ecomm_analytics/core/forecast.hpp"

#include <limits>
#include <vector>

#include "tested_series_support.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Forecast, OptionsInTheirRange) {
  RequireForecastOptions({});
  RequireForecastOptions({.horizon = 0, .levels = {}});
  RequireForecastOptions({.horizon = 10000, .levels = Values(99, 0.5)});
  for (const int horizon : {-1, 10001, std::numeric_limits<int>::min()}) {
    ExpectError(ErrorCode::kInvalidArgument, "horizon", std::to_string(horizon) + ", allowed: 0 to 10000",
                [=] { RequireForecastOptions({.horizon = horizon}); });
  }
  for (const double level : {0.0, 1.0, -0.5, 95.0, kNaN, kInfinity}) {
    ExpectError(ErrorCode::kInvalidArgument, "level", "allowed: above 0 and below 1", [=] {
      RequireForecastOptions({.levels = {0.8, level}});
    });
  }
  ExpectError(ErrorCode::kInvalidArgument, "too many levels", "Levels: 100",
              [] { RequireForecastOptions({.levels = Values(100, 0.5)}); });
}

TEST(Forecast, SeriesThatCanBeForecast) {
  RequireForecastSeries(Values{0});
  RequireForecastSeries(Values{-1e140, 1e140, 1e-320});
  ExpectError(ErrorCode::kUnusableData, "empty", "at least 1", [] { RequireForecastSeries(Values{}); });
  for (const double value : {kNaN, kInfinity, -kInfinity}) {
    ExpectError(ErrorCode::kUnusableData, "not a finite number", "Position: 2 of 3", [=] {
      RequireForecastSeries(Values{1, value, kNaN});
    });
  }
  ExpectError(ErrorCode::kNumericRange, "too large", "Position: 1 of 1",
              [] { RequireForecastSeries(Values{-1.1e140}); });
}

TEST(Forecast, NormalIntervals) {
  Forecast forecast;
  forecast.mean = {10, 20};
  SetNormalIntervals(Values{4, 0}, Values{0.95, 0.5}, &forecast);
  EXPECT_EQ(forecast.levels, (Values{0.95, 0.5}));
  ASSERT_EQ(forecast.lower.size(), 2U);
  EXPECT_NEAR(forecast.lower[0][0], 10 - 2 * 1.959963984540054, 1e-14);
  EXPECT_NEAR(forecast.upper[0][0], 10 + 2 * 1.959963984540054, 1e-14);
  EXPECT_NEAR(forecast.upper[1][0], 10 + 2 * 0.6744897501960817, 1e-14);
  EXPECT_EQ(forecast.lower[1][1], 20);
  EXPECT_EQ(forecast.upper[1][1], 20);
}

TEST(Forecast, NoStepsOrNoLevels) {
  Forecast forecast;
  SetNormalIntervals({}, Values{0.95}, &forecast);
  ASSERT_EQ(forecast.upper.size(), 1U);
  EXPECT_TRUE(forecast.upper[0].empty());
  forecast.mean = {1};
  SetNormalIntervals(Values{1}, {}, &forecast);
  EXPECT_TRUE(forecast.upper.empty());
}

}  // namespace
}  // namespace ecomm::core
