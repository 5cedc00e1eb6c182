#include "ecomm_analytics/core/series_backtest.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "daily_series.hpp"
#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

ForecastRequest Request(int horizon) {
  ForecastRequest request;
  request.options = {.horizon = horizon, .levels = {0.8, 0.95}};
  request.season = 7;
  return request;
}

std::vector<MethodSpec> Methods(std::initializer_list<const char*> names) {
  std::vector<MethodSpec> methods;
  for (const char* name : names) methods.push_back(ParseMethod(name));
  return methods;
}

TEST(SeriesBacktest, JudgesWhatForecastSeriesGives) {
  const std::vector<double> y = WeeklySeries(60);
  const auto methods = Methods({"naive", "ets", "seasonal_naive"});
  const StatedBacktest stated = BacktestSeries(y, methods, Request(7));
  EXPECT_EQ(stated.status, "ok");
  ASSERT_EQ(stated.methods.size(), 3U);
  EXPECT_EQ(stated.methods[1].name, "ets");
  EXPECT_EQ(stated.methods[1].by_step.size(), 7U);
  EXPECT_LT(*stated.methods[1].overall.mase, *stated.methods[0].overall.mase);
  // The naive forecast is the last value known, at ten origins of which the last leaves seven days.
  double sum = 0;
  for (std::size_t origin = 44; origin <= 53; ++origin) {
    for (std::size_t step = 0; step < 7; ++step) sum += std::abs(y[origin + step] - y[origin - 1]);
  }
  EXPECT_EQ(stated.methods[0].overall.count, 70U);
  EXPECT_NEAR(*stated.methods[0].overall.mae, sum / 70, 1e-9);
}

TEST(SeriesBacktest, ClosedDaysDoNotCountAgainstAMethod) {
  std::vector<double> y = WeeklySeries(84);
  SeriesCalendar calendar;
  for (std::size_t i = 0; i < y.size(); ++i) {
    calendar.never.push_back(i % 7 == 5);
    if (i % 7 == 5) y[i] = 0;
  }
  const auto with = BacktestSeries(y, Methods({"mean"}), Request(7), calendar);
  const auto without = BacktestSeries(y, Methods({"mean"}), Request(7));
  EXPECT_LT(*with.methods[0].overall.rmse, *without.methods[0].overall.rmse);
}

TEST(SeriesBacktest, SaysWhatFailed) {
  const StatedBacktest shorter = BacktestSeries(WeeklySeries(7), Methods({"naive"}), Request(7));
  EXPECT_TRUE(shorter.methods.empty());
  EXPECT_EQ(shorter.status, "too short: no more values than steps ahead");
  EXPECT_TRUE(BacktestSeries({}, Methods({"naive"}), Request(1)).methods.empty());
  const StatedBacktest failing = BacktestSeries(WeeklySeries(9), Methods({"seasonal_naive"}), Request(3));
  EXPECT_GT(failing.methods[0].failures, 0U);
  EXPECT_EQ(failing.methods[0].first_failure.rfind("fell back", 0), 0U);
  EXPECT_THROW(BacktestSeries(WeeklySeries(9), Methods({"naive"}), Request(0)), Error);
}

TEST(BacktestTask, GivesTheSameAsACall) {
  const auto methods = Methods({"naive", "seasonal_naive", "theta"});
  const std::vector<std::vector<double>> series = {WeeklySeries(60), WeeklySeries(5), WeeklySeries(12)};
  std::vector<const std::vector<double>*> pointers;
  for (const auto& values : series) pointers.push_back(&values);
  const std::string task = EncodeBacktestTask(methods, Request(6), {}, pointers);
  const std::string result = RunBacktestTask(task);
  const auto decoded = DecodeBacktests(result);
  ASSERT_EQ(decoded.size(), 3U);
  for (std::size_t k = 0; k < 3; ++k) {
    const StatedBacktest expected = BacktestSeries(series[k], methods, Request(6));
    EXPECT_EQ(decoded[k].status, expected.status);
    ASSERT_EQ(decoded[k].methods.size(), expected.methods.size());
    for (std::size_t i = 0; i < expected.methods.size(); ++i) {
      EXPECT_EQ(decoded[k].methods[i].overall.mase, expected.methods[i].overall.mase);
      EXPECT_EQ(decoded[k].methods[i].overall.intervals[1].msis,
                expected.methods[i].overall.intervals[1].msis);
      EXPECT_EQ(decoded[k].methods[i].by_step.back().bias, expected.methods[i].by_step.back().bias);
      EXPECT_EQ(decoded[k].methods[i].first_failure, expected.methods[i].first_failure);
    }
  }
  for (std::size_t length = 0; length < task.size(); length += 7) {
    EXPECT_THROW(RunBacktestTask(task.substr(0, length)), Error) << length;
  }
  for (std::size_t length = 1; length < result.size(); length += 7) {
    EXPECT_THROW(DecodeBacktests(std::string_view(result).substr(0, length)), Error) << length;
  }
}

}  // namespace
}  // namespace ecomm::core
