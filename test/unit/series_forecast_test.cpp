#include "ecomm_analytics/core/series_forecast.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "daily_series.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_task.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "ecomm_analytics/core/transform.hpp"

namespace ecomm::core {
namespace {

constexpr const char* kMethods[] = {"mean",
                                    "naive",
                                    "seasonal_naive",
                                    "drift",
                                    "theta",
                                    "theta(dynamic optimised)",
                                    "ets",
                                    "ets(MAM)",
                                    "combine(ets, drift)",
                                    "median(ets, naive, theta)",
                                    "croston",
                                    "sba",
                                    "tsb",
                                    "adida",
                                    "auto"};

ForecastRequest Request(const char* method, int horizon, int season) {
  ForecastRequest request;
  request.method = ParseMethod(method);
  request.options.horizon = horizon;
  request.season = season;
  return request;
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

TEST(SeriesForecast, TheSeasonalOnesSeeTheWeek) {
  const std::vector<double> y = WeeklySeries(140);
  for (const char* method : {"seasonal_naive", "theta", "ets", "auto"}) {
    const StatedForecast stated = ForecastSeries(y, Request(method, 14, 7));
    ExpectSound(stated, 14);
    EXPECT_EQ(stated.status.substr(0, 2), "ok");
    for (std::size_t i = 0; i < 14; ++i)
      EXPECT_NEAR(stated.forecast.mean[i], WeekdayLevel(i), 5) << method << i;
  }
}

TEST(SeriesForecast, AnySeriesGetsAForecast) {
  const std::vector<std::vector<double>> all = {
      {5},
      {5, 7},
      {5, 7, 6},
      std::vector<double>(30, 0.0),
      std::vector<double>(30, 4.2),
      {0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1},
      {1, 2, 1e9, 2, 1, 2, 1, 2, 1, 2, 1, 2},
      {-5, 3, -2, 8, -1, 4, 3, -7},
      {1e-300, 2e-300, 1e-300, 3e-300, 1e-300, 2e-300},
      {1e139, 2e139, 1e139, 3e139, 1e139, 2e139},
      WeeklySeries(13),
      WeeklySeries(15)};
  for (const auto& y : all) {
    for (const char* method : kMethods) {
      for (const int period : {1, 7, 365}) {
        for (const char* scale : {"none", "log", "boxcox"}) {
          ForecastRequest request = Request(method, 30, period);
          request.scale = ParseForecastScale(scale);
          const StatedForecast stated = ForecastSeries(y, request);
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
}

TEST(SeriesForecast, WhatCannotBeDoneIsSaid) {
  const StatedForecast stated = ForecastSeries(std::vector<double>{1, 2, 3}, Request("seasonal_naive", 3, 7));
  EXPECT_EQ(stated.forecast.method, "naive");
  EXPECT_EQ(stated.status.rfind("fell back to naive: ", 0), 0U);
  const auto status = [](std::vector<double> y) { return ForecastSeries(y, Request("auto", 3, 1)).status; };
  EXPECT_EQ(status(std::vector<double>(9, 0.0)), "all zero");
  EXPECT_EQ(status(std::vector<double>(9, 2.5)), "constant");
  EXPECT_EQ(status({4}), "too short: a single value, repeated");
  EXPECT_EQ(status({}), "too short: no values");
  EXPECT_THROW(ForecastSeries(std::vector<double>{1, std::nan("")}, Request("naive", 1, 1)), Error);
  EXPECT_THROW(ForecastSeries(std::vector<double>{1, 2}, Request("naive", -1, 1)), Error);
  EXPECT_THROW(ForecastSeries(std::vector<double>{1, 2}, Request("naive", 1, 0)), Error);
  EXPECT_TRUE(ForecastSeries(WeeklySeries(50), Request("auto", 0, 7)).forecast.mean.empty());
}

// Median and mean of a log-normal random walk: exp(x) and exp(x + variance / 2), to second order.
TEST(SeriesForecast, PointsOnAnotherScaleAreMeans) {
  Random random(11);
  std::vector<double> log_y = {3};
  while (log_y.size() < 400) log_y.push_back(log_y.back() + 0.1 * random.Normal());
  std::vector<double> y;
  for (const double value : log_y) y.push_back(std::exp(value));
  ForecastRequest request = Request("naive", 4, 1);
  request.scale = ParseForecastScale("log");
  request.intervals = Intervals::kModel;
  const Forecast scaled = ForecastSeries(y, request).forecast;
  const Forecast logs = ForecastBy(request.method, log_y, {}, request.options);
  for (std::size_t i = 0; i < 4; ++i) {
    const double variance = logs.sigma2 * static_cast<double>(i + 1);
    EXPECT_NEAR(scaled.mean[i], std::exp(logs.mean[i]) * (1 + variance / 2), 1e-9 * scaled.mean[i]);
    EXPECT_NEAR(scaled.lower[1][i], std::exp(logs.lower[1][i]), 1e-9 * scaled.mean[i]);
    EXPECT_NEAR(scaled.upper[0][i], std::exp(logs.upper[0][i]), 1e-9 * scaled.mean[i]);
  }
  EXPECT_NE(scaled.method.find("Box-Cox lambda 0"), std::string::npos);
}

TEST(SeriesForecast, IntervalsAreThoseAskedFor) {
  const std::vector<double> y = WeeklySeries(80);
  std::vector<double> widths;
  for (const char* intervals : {"model", "calibrated", "conformal", "simulated"}) {
    ForecastRequest request = Request("ets", 5, 7);
    request.intervals = ParseIntervals(intervals);
    const StatedForecast stated = ForecastSeries(y, request);
    ExpectSound(stated, 5);
    EXPECT_EQ(ForecastSeries(y, request).forecast.upper, stated.forecast.upper);
    widths.push_back(stated.forecast.upper[1][4] - stated.forecast.lower[1][4]);
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) EXPECT_NE(widths[i], widths.back());
  }
  ForecastRequest request = Request("theta", 5, 7);
  request.intervals = Intervals::kSimulated;
  EXPECT_THROW(ForecastSeries(y, request), Error);
  EXPECT_THROW(ParseIntervals("bootstrap"), Error);
}

TEST(SeriesForecast, AnAutomaticChoiceSaysWhy) {
  for (const char* intervals : {"calibrated", "model"}) {
    ForecastRequest request = Request("auto", 7, 7);
    request.intervals = ParseIntervals(intervals);
    const StatedForecast stated = ForecastSeries(WeeklySeries(120), request);
    EXPECT_EQ(stated.status.rfind("ok: mean absolute error over ", 0), 0U) << stated.status;
    EXPECT_NE(stated.status.find("ets"), std::string::npos);
  }
}

TEST(SeriesForecast, ScalesAreRead) {
  EXPECT_FALSE(ParseForecastScale("none").boxcox);
  EXPECT_EQ(ParseForecastScale("log").lambda, 0);
  EXPECT_EQ(ParseForecastScale("boxcox").lambda, std::nullopt);
  EXPECT_EQ(ParseForecastScale("boxcox(0.3)").lambda, 0.3);
  for (const char* wrong : {"", "sqrt", "boxcox(", "boxcox()", "boxcox(x)", "boxcox(-1)", "boxcox(nan)"}) {
    EXPECT_THROW(ParseForecastScale(wrong), Error) << wrong;
  }
}

TEST(SeriesForecast, ValuesOfZeroStayOnTheirScale) {
  ForecastRequest request = Request("naive", 2, 1);
  request.scale = ParseForecastScale("log");
  const StatedForecast stated = ForecastSeries(std::vector<double>{1, 0, 3, 4}, request);
  EXPECT_EQ(stated.status, "ok: not transformed, there are values of zero or less");
  EXPECT_EQ(stated.forecast.mean[0], 4);
}

TEST(SeriesForecast, LongerSeasonsAreLookedForBesideTheStatedOne) {
  std::vector<double> hourly;
  Random random(5);
  for (int i = 0; i < 168 * 5; ++i) {
    hourly.push_back(100 + 30 * std::sin(i % 24 * 0.26) + (i / 24 % 7 >= 5 ? -40 : 0) + random.Normal());
  }
  EXPECT_EQ(SeasonsOf(hourly, 24, {}), (std::vector<int>{24, 168}));
  EXPECT_EQ(SeasonsOf(WeeklySeries(200), 7, {}), std::vector<int>{7});
  EXPECT_EQ(SeasonsOf(WeeklySeries(200), 12, {}), std::vector<int>{12});
  EXPECT_TRUE(SeasonsOf(WeeklySeries(200), 1, {}).empty());
  const std::vector<double> candidates = {7, 365.25};
  EXPECT_EQ(SeasonsOf(WeeklySeries(200), std::nullopt, candidates), std::vector<int>{7});
}

TEST(ForecastTask, GivesTheSameAsACall) {
  ForecastRequest request = Request("auto", 6, 7);
  request.season = std::nullopt;
  request.season_candidates = {7, 365.25};
  request.scale = ParseForecastScale("boxcox(0.5)");
  request.options.levels = {0.5, 0.8, 0.99};
  const std::vector<std::vector<double>> series = {
      WeeklySeries(90), {}, {3}, std::vector<double>(20, 0.0), WeeklySeries(40)};
  std::vector<const std::vector<double>*> pointers;
  for (const auto& values : series) pointers.push_back(&values);
  for (const bool with_residuals : {false, true}) {
    const auto results =
        DecodeForecasts(RunForecastTask(EncodeForecastTask(request, {}, pointers, with_residuals)));
    ASSERT_EQ(results.size(), series.size());
    for (std::size_t i = 0; i < series.size(); ++i) {
      const StatedForecast expected = ForecastSeries(series[i], request);
      EXPECT_EQ(results[i].status, expected.status);
      EXPECT_EQ(results[i].forecast.method, expected.forecast.method);
      EXPECT_EQ(results[i].forecast.mean, expected.forecast.mean);
      EXPECT_EQ(results[i].forecast.lower, expected.forecast.lower);
      EXPECT_EQ(results[i].forecast.upper, expected.forecast.upper);
      EXPECT_EQ(results[i].forecast.residuals.size(),
                with_residuals ? expected.forecast.residuals.size() : 0);
    }
  }
}

TEST(ForecastTask, OtherBytesAreRefused) {
  const std::vector<double> y = {1, 2, 3, 4};
  const std::vector<const std::vector<double>*> pointers = {&y};
  const std::string task = EncodeForecastTask(Request("naive", 2, 1), {}, pointers, false);
  const std::string result = RunForecastTask(task);
  for (std::size_t length = 0; length < task.size(); ++length) {
    EXPECT_THROW(RunForecastTask(task.substr(0, length)), Error) << length;
  }
  for (std::size_t length = 1; length < result.size(); ++length) {
    EXPECT_THROW(DecodeForecasts(std::string_view(result).substr(0, length)), Error) << length;
  }
}

}  // namespace
}  // namespace ecomm::core
