#include "ecomm_analytics/core/trained_series.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "daily_series.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

ForecastRequest Request(const char* method, const char* scale, Intervals intervals) {
  ForecastRequest request;
  request.method = ParseMethod(method);
  request.options = {.horizon = 17, .levels = {0.5, 0.95}};
  request.season_candidates = {7, 365.25};
  request.scale = ParseForecastScale(scale);
  request.intervals = intervals;
  return request;
}

const std::vector<std::vector<double>>& AllSeries() {
  static const std::vector<std::vector<double>> all = {
      {},
      {5},
      {5, 7, 6},
      std::vector<double>(30, 0.0),
      std::vector<double>(30, 4.2),
      {0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1},
      {-5, 3, -2, 8, -1, 4, 3, -7},
      {1e139, 2e139, 1e139, 3e139, 1e139, 2e139},
      WeeklySeries(90)};
  return all;
}

ClosedWeekdays Sundays(int next) {
  ClosedWeekdays days;
  days.closed[6] = true;
  days.next = next;
  return days;
}

SeriesCalendar CalendarWith(const ClosedWeekdays& days, std::size_t before, std::size_t ahead) {
  SeriesCalendar calendar;
  if (!days.any()) return calendar;
  for (std::size_t i = 0; i < before + ahead; ++i) {
    const int weekday = (days.next - 1 + static_cast<int>(i) - static_cast<int>(before) + 7000) % 7;
    calendar.never.push_back(days.closed[static_cast<std::size_t>(weekday)]);
  }
  return calendar;
}

void ExpectSame(const std::vector<double>& a, const std::vector<double>& b, const std::string& where) {
  ASSERT_EQ(a.size(), b.size()) << where;
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-9 * std::abs(b[i]) + 1e-300) << where;
}

void ExpectSame(const StatedForecast& a, const StatedForecast& b, const std::string& where) {
  EXPECT_EQ(a.status, b.status) << where;
  EXPECT_EQ(a.forecast.method, b.forecast.method) << where;
  EXPECT_EQ(a.forecast.levels, b.forecast.levels) << where;
  ExpectSame(a.forecast.mean, b.forecast.mean, where);
  ASSERT_EQ(a.forecast.lower.size(), b.forecast.lower.size()) << where;
  for (std::size_t level = 0; level < a.forecast.lower.size(); ++level) {
    ExpectSame(a.forecast.lower[level], b.forecast.lower[level], where);
    ExpectSame(a.forecast.upper[level], b.forecast.upper[level], where);
  }
}

TEST(TrainedSeries, ForecastsAsTheSeriesItself) {
  for (const auto& y : AllSeries()) {
    for (const char* method : {"ets", "theta", "mean", "seasonal_naive", "drift", "croston", "auto",
                               "arima(0,1,1)", "stl(drift)", "median(ets, naive, theta)"}) {
      for (const char* scale : {"none", "log", "boxcox"}) {
        for (const Intervals intervals : {Intervals::kCalibrated, Intervals::kModel}) {
          for (const ClosedWeekdays& days : {ClosedWeekdays{}, Sundays(3)}) {
            const ForecastRequest request = Request(method, scale, intervals);
            const StatedForecast expected = ForecastSeries(y, request, CalendarWith(days, y.size(), 17));
            const TrainedSeries trained = TrainSeries(y, request, days);
            const std::string where = std::string(method) + " " + scale + " " + std::to_string(y.size());
            ExpectSame(PredictTrained(trained, request.options), expected, where);
            const TrainedSeries read = TrainedSeriesFromJson(ParseJson(DumpJson(ToJson(trained))));
            EXPECT_EQ(PredictTrained(read, request.options).forecast.upper,
                      PredictTrained(trained, request.options).forecast.upper);
          }
        }
      }
    }
  }
}

TEST(TrainedSeries, TakesInWhatFollows) {
  const std::vector<double> y = WeeklySeries(120);
  for (const char* method : {"ets", "theta", "auto", "naive"}) {
    for (const ClosedWeekdays& days : {ClosedWeekdays{}, Sundays(1), Sundays(7)}) {
      const TrainedSeries trained =
          TrainSeries(std::span(y).first(100), Request(method, "boxcox", Intervals::kCalibrated), days);
      const TrainedSeries at_once = UpdateTrained(trained, std::span(y).last(20));
      TrainedSeries piecewise = trained;
      for (const double value : std::span(y).last(20)) {
        piecewise = TrainedSeriesFromJson(ToJson(UpdateTrained(piecewise, std::vector<double>{value})));
      }
      ExpectSame(PredictTrained(piecewise, {.horizon = 14}), PredictTrained(at_once, {.horizon = 14}),
                 method);
      EXPECT_EQ(at_once.days.next, (days.any() ? (days.next + 19) % 7 + 1 : 1));
      const Forecast ahead = PredictTrained(at_once, {.horizon = 7}).forecast;
      EXPECT_EQ(std::count(ahead.mean.begin(), ahead.mean.end(), 0.0), days.any() ? 1 : 0);
    }
  }
}

TEST(TrainedSeries, StepsBeyondTheTrainingHaveItsLastCorrection) {
  const TrainedSeries trained =
      TrainSeries(WeeklySeries(90), Request("naive", "none", Intervals::kCalibrated));
  TrainedSeries own = trained;
  own.correction = {};
  const Forecast corrected = PredictTrained(trained, {.horizon = 40, .levels = {0.5}}).forecast;
  const Forecast plain = PredictTrained(own, {.horizon = 40, .levels = {0.5}}).forecast;
  const auto ratio = [&](std::size_t i) {
    return (corrected.upper[0][i] - corrected.mean[i]) / (plain.upper[0][i] - plain.mean[i]);
  };
  EXPECT_NEAR(ratio(39), ratio(16), 1e-9);
  EXPECT_GT(std::abs(ratio(15) - ratio(16)), 1e-12);
}

TEST(TrainedSeries, WhatWasRepeatedGoesOnNaively) {
  const ForecastRequest request = Request("ets", "none", Intervals::kCalibrated);
  const auto updated = [&](std::vector<double> y, std::vector<double> later) {
    return PredictTrained(UpdateTrained(TrainSeries(y, request), later), {.horizon = 1});
  };
  EXPECT_EQ(updated(std::vector<double>(9, 2.0), {2, 2}).status, "constant");
  const StatedForecast changed = updated(std::vector<double>(9, 2.0), {2, 3});
  EXPECT_EQ(changed.status, "fell back to naive: trained on values that are all the same");
  EXPECT_EQ(changed.forecast.mean[0], 3);
  const StatedForecast begun = updated({}, {4, 6});
  EXPECT_EQ(begun.status, "fell back to naive: trained on no values");
  EXPECT_EQ(begun.forecast.mean[0], 6);
  EXPECT_EQ(updated({}, {}).status, "too short: no values");
  // Returns may outweigh sales from now on.
  EXPECT_LT(updated({1, 2, 1, 3, 2, 1, 2}, {-50, -60}).forecast.lower[0][0], 0);
}

TEST(TrainedSeries, WhatCannotBeTakenInIsSaid) {
  const TrainedSeries trained = TrainSeries(WeeklySeries(60), Request("ets", "log", Intervals::kModel));
  const Error error = Thrown([&] { UpdateTrained(trained, std::vector<double>{3, 0}); });
  EXPECT_EQ(error.code(), ErrorCode::kUnusableData);
  EXPECT_NE(error.detail().find("2."), std::string::npos);
  EXPECT_THROW(UpdateTrained(trained, std::vector<double>{std::nan("")}), Error);
  EXPECT_THROW(PredictTrained(trained, {.horizon = -1}), Error);
  EXPECT_THROW(TrainSeries(WeeklySeries(60), Request("ets", "log", Intervals::kSimulated)), Error);
  EXPECT_TRUE(PredictTrained(trained, {.horizon = 0}).forecast.mean.empty());
}

TEST(TrainedSeries, DocumentsAreValidated) {
  const Json good =
      ToJson(TrainSeries(WeeklySeries(60), Request("theta", "boxcox", Intervals::kCalibrated), Sundays(2)));
  (void)TrainedSeriesFromJson(good);
  const auto path = [&](const char* pointer, const Json& value) {
    Json document = good;
    document[Json::json_pointer(pointer)] = value;
    return Thrown([&] { TrainedSeriesFromJson(document); }).what() + std::string();
  };
  EXPECT_NE(path("/kind", "kmeans").find("$.kind"), std::string::npos);
  EXPECT_NE(path("/lambda", 3).find("$.lambda"), std::string::npos);
  EXPECT_NE(path("/lambda", "NaN").find("$.lambda"), std::string::npos);
  EXPECT_NE(path("/days/next", 8).find("$.days.next"), std::string::npos);
  EXPECT_NE(path("/days/closed", Json::array({true})).find("$.days.closed"), std::string::npos);
  EXPECT_NE(path("/days/closed", Json(std::vector<bool>(7, true))).find("$.days.closed"), std::string::npos);
  EXPECT_NE(path("/correction/degrees", Json::array()).find("$.correction"), std::string::npos);
  EXPECT_NE(path("/correction/deviation/0", -1).find("$.correction.deviation"), std::string::npos);
  EXPECT_NE(path("/model", Json::object()).find("$.model"), std::string::npos);
  EXPECT_NE(path("/model/model/type", "prophet").find("$.model.model.type"), std::string::npos);
  EXPECT_NE(path("/status", "").find("$.status"), std::string::npos);
  EXPECT_NE(path("/stauts", "ok").find("invalid document at $"), std::string::npos);
  for (const char* member : {"format_version", "kind", "correction", "non_negative", "status"}) {
    Json document = good;
    document.erase(member);
    EXPECT_THROW(TrainedSeriesFromJson(document), Error) << member;
  }
  for (const Json& other : {Json(), Json(1), Json("x"), Json::array(), Json::object()}) {
    EXPECT_THROW(TrainedSeriesFromJson(other), Error);
  }
}

}  // namespace
}  // namespace ecomm::core
