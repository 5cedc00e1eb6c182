#include "ecomm_analytics/core/series_calendar.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "daily_series.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_task.hpp"
#include "ecomm_analytics/core/series_forecast.hpp"

namespace ecomm::core {
namespace {

constexpr std::array<bool, 7> kOpen{};
constexpr Day kMonday = 8766;  // 2024-01-01

double Sum(const Matrix& values, Eigen::Index column) { return values.col(column).sum(); }

TEST(SeriesCalendar, TermsAreRead) {
  const CalendarTerms terms = ParseCalendarTerms(" weekday, month,holidays , promotions,closed, fourier(3)");
  EXPECT_TRUE(terms.weekday && terms.month && terms.holidays && terms.promotions && terms.closed);
  EXPECT_EQ(terms.fourier, 3);
  EXPECT_FALSE(ParseCalendarTerms("").weekday);
  for (const char* wrong :
       {"easter", "weekday;month", "fourier", "fourier(0)", "fourier(21)", "fourier(x)", "fourier(2"}) {
    EXPECT_THROW(ParseCalendarTerms(wrong), Error) << wrong;
  }
  EXPECT_THROW(ParseDayKind("holidays"), Error);
}

TEST(SeriesCalendar, WeekdaysAndMonthsAreRelativeToTheMean) {
  const SeriesCalendar days =
      MakeCalendar(Grain::kDay, kMonday, 366, {.weekday = true, .month = true}, {}, kOpen);
  ASSERT_EQ(days.names.size(), 17U);
  EXPECT_EQ(days.names[0], "Monday");
  EXPECT_EQ(days.regressors(0, 0), 1);    // a Monday
  EXPECT_EQ(days.regressors(6, 0), -1);   // a Sunday
  EXPECT_EQ(Sum(days.regressors, 6), 0);  // January and December have 31 days
  EXPECT_EQ(Sum(days.regressors, 7), 29 - 31);
  // January 2024 has five Mondays and four Sundays.
  const SeriesCalendar months =
      MakeCalendar(Grain::kMonth, PeriodOf(Grain::kMonth, kMonday), 2, {.weekday = true}, {}, kOpen);
  EXPECT_EQ(months.regressors(0, 0), 1);
  EXPECT_EQ(months.regressors(1, 0), 0);
}

TEST(SeriesCalendar, DaysOfOneNameAreOneRegressor) {
  const std::vector<SpecialDay> days = {
      {kMonday + 3, DayKind::kHoliday, "Easter"}, {kMonday + 9, DayKind::kHoliday, "Easter"},
      {kMonday + 4, DayKind::kPromotion, "Sale"}, {kMonday + 5, DayKind::kClosed, "Stock"},
      {kMonday - 1, DayKind::kHoliday, "Before"}, {kMonday + 99, DayKind::kClosed, "After"}};
  const SeriesCalendar calendar =
      MakeCalendar(Grain::kDay, kMonday, 20, {.holidays = true, .closed = true}, days, kOpen);
  EXPECT_EQ(calendar.names, std::vector<std::string>{"Easter"});
  EXPECT_EQ(Sum(calendar.regressors, 0), 2);
  EXPECT_EQ(calendar.regressors(9, 0), 1);
  EXPECT_TRUE(calendar.closed[5]);
  EXPECT_FALSE(calendar.closed[4]);
  const SeriesCalendar weeks = MakeCalendar(Grain::kWeek, PeriodOf(Grain::kWeek, kMonday), 3,
                                            {.holidays = true, .promotions = true}, days, kOpen);
  EXPECT_EQ(weeks.names, (std::vector<std::string>{"Easter", "Sale"}));
  EXPECT_EQ(weeks.regressors(1, 0), 1);
}

ForecastRequest Request(const char* method, int horizon) {
  ForecastRequest request;
  request.method = ParseMethod(method);
  request.options.horizon = horizon;
  request.season = 7;
  return request;
}

// A shop that is shut on Saturdays (the high days of WeeklySeries) and was closed for once on a Tuesday.
TEST(SeriesForecast, ClosedDaysAreNoBadDays) {
  std::vector<double> y = WeeklySeries(140);
  for (std::size_t i = 5; i < y.size(); i += 7) y[i] = 0;
  y[50] = 0;
  std::array<bool, 7> shut{};
  shut[5] = true;
  const std::vector<SpecialDay> days = {{kMonday + 50, DayKind::kClosed, "Stock"},
                                        {kMonday + 142, DayKind::kClosed, "Stock"}};
  const SeriesCalendar calendar = MakeCalendar(Grain::kDay, kMonday, 154, {.closed = true}, days, shut);
  for (const char* method : {"ets", "theta", "seasonal_naive", "mean"}) {
    const StatedForecast stated = ForecastSeries(y, Request(method, 14), calendar);
    ASSERT_EQ(stated.forecast.mean.size(), 14U) << method;
    EXPECT_EQ(stated.status, "ok");
    for (std::size_t i = 0; i < 14; ++i) {
      if (i % 7 == 5 || i == 2) {
        EXPECT_EQ(stated.forecast.mean[i], 0);
        EXPECT_EQ(stated.forecast.upper[1][i], 0);
      } else {
        EXPECT_NEAR(stated.forecast.mean[i], i % 7 == 6 ? 35 : 50, method[0] == 'm' ? 15 : 5) << method << i;
        EXPECT_LT(stated.forecast.upper[1][i] - stated.forecast.lower[1][i], 40);
      }
    }
    EXPECT_EQ(stated.forecast.fitted.size(), y.size());
    EXPECT_EQ(stated.forecast.residuals[5], 0);
  }
}

TEST(SeriesForecast, EffectsOfRegressorsAreFoundAndForetold) {
  std::vector<double> y = WeeklySeries(200);
  std::vector<SpecialDay> days;
  for (const Day at : {20, 61, 115, 170, 203}) {
    days.push_back({kMonday + at, DayKind::kPromotion, "Sale"});
    if (at < 200) y[static_cast<std::size_t>(at)] += 40;
  }
  days.push_back({kMonday + 205, DayKind::kPromotion, "never seen"});
  const SeriesCalendar calendar = MakeCalendar(Grain::kDay, kMonday, 210, {.promotions = true}, days, kOpen);
  for (const char* method : {"ets", "theta", "naive", "combine(ets, theta)"}) {
    const StatedForecast with = ForecastSeries(y, Request(method, 10), calendar);
    const StatedForecast without = ForecastSeries(WeeklySeries(200), Request(method, 10));
    EXPECT_NEAR(with.forecast.mean[3], without.forecast.mean[3] + 40, 2) << method;
    EXPECT_NEAR(with.forecast.mean[5], without.forecast.mean[5], 2) << method;
    EXPECT_NE(with.forecast.method.find("with regressors"), std::string::npos);
  }
}

TEST(SeriesForecast, WeekdaysHaveEffectsWhereTheMethodKnowsNoSeason) {
  const SeriesCalendar calendar = MakeCalendar(Grain::kDay, kMonday, 154, {.weekday = true}, {}, kOpen);
  for (const char* method : {"naive", "ets"}) {
    const StatedForecast stated = ForecastSeries(WeeklySeries(140), Request(method, 14), calendar);
    for (std::size_t i = 0; i < 14; ++i) {
      EXPECT_NEAR(stated.forecast.mean[i], WeekdayLevel(i), 6) << method << i;
    }
  }
}

TEST(SeriesForecast, NotesAreKept) {
  ForecastRequest request = Request("auto", 3);
  request.scale = ParseForecastScale("log");
  std::vector<double> y = WeeklySeries(60);
  y[4] = 0;
  const std::string status = ForecastSeries(y, request).status;
  EXPECT_EQ(status.rfind("ok: mean absolute error", 0), 0U);
  EXPECT_NE(status.find("; not transformed"), std::string::npos);
}

TEST(SeriesForecast, RegressorsOfAnotherLengthAreRefused) {
  const SeriesCalendar calendar = MakeCalendar(Grain::kDay, kMonday, 100, {.weekday = true}, {}, kOpen);
  EXPECT_THROW(ForecastSeries(WeeklySeries(95), Request("naive", 4), calendar), Error);
  EXPECT_NO_THROW(ForecastSeries(WeeklySeries(96), Request("naive", 4), calendar));
  EXPECT_EQ(ForecastSeries(std::vector<double>{1, 2}, Request("naive", 98), calendar).status,
            "ok: too short to tell the effects of regressors");
  EXPECT_EQ(ForecastSeries({}, Request("naive", 100), calendar).status, "too short: no values");
}

// Bytes that nobody of ours wrote: parts of a calendar of different lengths.
TEST(ForecastTask, RefusesCalendarsThatAreNotWhole) {
  const std::vector<double> y = WeeklySeries(20);
  const std::vector<const std::vector<double>*> one = {&y};
  SeriesCalendar calendar;
  calendar.never.assign(27, false);
  calendar.closed.assign(5000, false);
  EXPECT_THROW(RunForecastTask(EncodeForecastTask(Request("naive", 7), calendar, one, false)), Error);
  calendar.closed.clear();
  calendar.names = {"x"};
  calendar.regressors = Matrix::Zero(3, 1);
  EXPECT_THROW(RunForecastTask(EncodeForecastTask(Request("naive", 7), calendar, one, false)), Error);
}

TEST(ForecastTask, TakesTheEndOfTheCalendar) {
  std::array<bool, 7> shut{};
  shut[6] = true;
  const std::vector<SpecialDay> days = {{kMonday + 30, DayKind::kHoliday, "A"},
                                        {kMonday + 70, DayKind::kHoliday, "A"}};
  const SeriesCalendar calendar =
      MakeCalendar(Grain::kDay, kMonday, 107, {.holidays = true, .closed = true, .fourier = 1}, days, shut);
  const ForecastRequest request = Request("theta", 7);
  std::vector<double> y = WeeklySeries(100);
  for (std::size_t i = 6; i < y.size(); i += 7) y[i] = 0;
  const std::vector<double> later(y.begin() + 20, y.end());
  const std::vector<const std::vector<double>*> both = {&y, &later};
  const auto results = DecodeForecasts(RunForecastTask(EncodeForecastTask(request, calendar, both, true)));
  EXPECT_EQ(results[0].forecast.mean, ForecastSeries(y, request, calendar).forecast.mean);
  EXPECT_EQ(results[1].forecast.mean, ForecastSeries(later, request, calendar.Slice(20, 87)).forecast.mean);
  EXPECT_EQ(results[1].forecast.mean[4], 0);  // a Sunday
}

}  // namespace
}  // namespace ecomm::core
