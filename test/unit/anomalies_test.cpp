#include "ecomm_analytics/core/anomalies.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "daily_series.hpp"
#include "ecomm_analytics/core/distributions.hpp"
#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

ForecastRequest Request(const char* method, int season) {
  ForecastRequest request;
  request.method = ParseMethod(method);
  request.season = season;
  return request;
}

std::vector<std::size_t> Found(const Anomalies& anomalies) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < anomalies.is_anomaly.size(); ++i) {
    if (anomalies.is_anomaly[i]) found.push_back(i);
  }
  return found;
}

TEST(Anomalies, WhatWasPlantedIsFoundAndNothingNearIt) {
  std::vector<double> y = WeeklySeries(210);
  y[100] += 60;
  y[151] -= 30;
  for (const char* method : {"ets", "theta", "auto"}) {
    const Anomalies found = FindAnomalies(y, Request(method, 7), 0.9999);
    EXPECT_EQ(Found(found), (std::vector<std::size_t>{100, 151})) << method;
    EXPECT_NEAR(found.expected[100], WeekdayLevel(100), 3) << method;
    EXPECT_LT(found.upper[100], y[100]);
    EXPECT_GT(found.lower[151], y[151]);
    EXPECT_GT(found.probability[100], 0.9999);
    EXPECT_EQ(found.status.substr(0, 2), "ok") << found.status;  // auto adds what it chose
  }
}

TEST(Anomalies, AreAsManyAsTheLevelLeavesOut) {
  Random random(3);
  std::vector<double> y;
  for (int i = 0; i < 4000; ++i) y.push_back(random.Normal());
  const double share = static_cast<double>(Found(FindAnomalies(y, Request("mean", 1), 0.9)).size()) / 4000;
  EXPECT_NEAR(share, 0.1, 0.02);
}

// The errors of the mean are 1 or -1.
TEST(Anomalies, ProbabilityIsThatOfTheIntervalThatReachesIt) {
  const std::vector<double> y = {4, 6, 4, 6, 4, 6, 4, 6};
  const Anomalies found = FindAnomalies(y, Request("mean", 1), 0.6);
  EXPECT_DOUBLE_EQ(found.expected[0], 5);
  EXPECT_NEAR(found.probability[0], 2 * NormalCdf(1 / 1.4826) - 1, 1e-12);
  EXPECT_NEAR(found.upper[0], 5 + 1.4826 * NormalQuantile(0.8), 1e-12);
  EXPECT_TRUE(Found(found).empty());
}

TEST(Anomalies, DaysTheShopIsShutAreNotJudged) {
  std::vector<double> y = WeeklySeries(140);
  SeriesCalendar calendar;
  for (std::size_t i = 0; i < y.size(); ++i) {
    calendar.never.push_back(i % 7 == 5);
    if (i % 7 == 5) y[i] = 0;
  }
  y[100] += 60;
  const Anomalies found = FindAnomalies(y, Request("ets", 7), 0.9999, calendar);
  EXPECT_EQ(Found(found), std::vector<std::size_t>{100});
  EXPECT_TRUE(std::isnan(found.expected[5]));
}

TEST(Anomalies, SeriesThatAreNoneAreDefined) {
  EXPECT_TRUE(FindAnomalies({}, Request("ets", 7)).is_anomaly.empty());
  EXPECT_TRUE(Found(FindAnomalies(std::vector<double>(40, 3.0), Request("ets", 7))).empty());
  std::vector<double> y(40, 0.0);
  y[20] = 5;
  const Anomalies one = FindAnomalies(y, Request("mean", 1));
  EXPECT_EQ(Found(one), std::vector<std::size_t>{20});
  for (const double bound : one.lower) EXPECT_GE(bound, 0);
  EXPECT_EQ(FindAnomalies(std::vector<double>{1}, Request("naive", 1)).is_anomaly.size(), 1U);
  EXPECT_THROW(FindAnomalies(y, Request("mean", 1), 1), Error);
  EXPECT_THROW(FindAnomalies(y, Request("mean", 1), std::nan("")), Error);
  EXPECT_THROW(FindAnomalies(std::vector<double>{1, INFINITY}, Request("mean", 1)), Error);
}

}  // namespace
}  // namespace ecomm::core
