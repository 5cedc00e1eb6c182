#include "ecomm_analytics/core/backtest.hpp"

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "ecomm_analytics/core/benchmarks.hpp"
#include "ecomm_analytics/core/theta.hpp"
#include "forecast_support.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;
using Origins = std::vector<std::size_t>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

const NamedMethod kNaive = {"naive", ForecastNaive};
const NamedMethod kDrift = {"drift", ForecastDrift};

Values Counting(std::size_t length) {
  Values y(length);
  for (std::size_t i = 0; i < length; ++i) y[i] = static_cast<double>(i);
  return y;
}

Origins OriginsOf(std::size_t length, const BacktestOptions& options) {
  return RunBacktest(Counting(length), std::vector{kNaive}, options).origins;
}

TEST(Backtest, EqualsTsCv) {
  const auto document = ReadReference("accuracy_reference.json");
  for (const auto& entry : document["series"]) {
    const auto name = entry["name"].get<std::string>();
    const auto& expected = entry["rolling"];
    const auto backtest =
        RunBacktest(RecordedSeries(name), std::vector{kDrift},
                    {.forecast = {.horizon = 3}, .first_origin = expected["first"].get<std::size_t>()});
    const MethodBacktest& drift = backtest.methods.at(0);
    EXPECT_EQ(drift.failures, 0U);
    ASSERT_EQ(drift.by_step.size(), 3U);
    for (std::size_t step = 0; step < 3; ++step) {
      const Accuracy& accuracy = drift.by_step[step];
      EXPECT_EQ(accuracy.count, backtest.origins.size());
      ExpectClose(*accuracy.mae, expected["mae"][step].get<double>(), name);
      ExpectClose(*accuracy.rmse, expected["rmse"][step].get<double>(), name);
      ExpectClose(*accuracy.bias, -expected["me"][step].get<double>(), name);
    }
    EXPECT_EQ(drift.overall.count, 3 * backtest.origins.size());
  }
}

TEST(Backtest, OriginsHaveAllTheirSteps) {
  EXPECT_EQ(OriginsOf(10, {.forecast = {.horizon = 3}, .first_origin = 4}), (Origins{4, 5, 6, 7}));
  EXPECT_EQ(OriginsOf(10, {.forecast = {.horizon = 3}, .first_origin = 2, .step = 4}), (Origins{2, 6}));
  EXPECT_EQ(OriginsOf(10, {.forecast = {.horizon = 3}, .first_origin = 7}), (Origins{7}));
  const Origins ten = OriginsOf(100, {.forecast = {.horizon = 5}});
  EXPECT_EQ(ten.size(), 10U);
  EXPECT_EQ(ten.front(), 86U);
  EXPECT_EQ(ten.back(), 95U);
  EXPECT_EQ(OriginsOf(100, {.forecast = {.horizon = 5}, .step = 20}), (Origins{55, 75, 95}));
  EXPECT_EQ(OriginsOf(6, {.forecast = {.horizon = 5}}), (Origins{1}));
  EXPECT_EQ(OriginsOf(9, {.forecast = {.horizon = 1}, .step = std::size_t{1} << 63}), (Origins{8}));
}

TEST(Backtest, EachMethodSeesOnlyThePast) {
  const Values y = Counting(20);
  const NamedMethod naive_by_hand = {"by hand",
                                     [](std::span<const double> known, const ForecastOptions& options) {
                                       EXPECT_EQ(known.back() + 1, static_cast<double>(known.size()));
                                       return ForecastNaive(known, options);
                                     }};
  const auto backtest = RunBacktest(y, std::vector{naive_by_hand, kDrift}, {.forecast = {.horizon = 2}});
  ASSERT_EQ(backtest.methods.size(), 2U);
  EXPECT_EQ(backtest.methods[0].name, "by hand");
  EXPECT_EQ(*backtest.methods[0].by_step[0].mae, 1);
  EXPECT_EQ(*backtest.methods[0].by_step[1].bias, -2);
  EXPECT_EQ(*backtest.methods[0].overall.mae, 1.5);
  EXPECT_EQ(*backtest.methods[0].overall.mase, 1.5);
  EXPECT_EQ(backtest.methods[0].errors.size(), 2 * backtest.origins.size());
  EXPECT_EQ(backtest.methods[0].errors[1], 2);
  EXPECT_EQ(*backtest.methods[1].overall.mae, 0);
}

TEST(Backtest, FailuresAreCounted) {
  const NamedMethod choosy = {"choosy", [](std::span<const double> y, const ForecastOptions& options) {
                                if (y.size() < 5) throw Error(ErrorCode::kUnusableData, "too short for me");
                                Forecast forecast = ForecastNaive(y, options);
                                if (y.size() == 5) forecast.mean[0] = kNaN;
                                if (y.size() == 6) forecast.lower.pop_back();
                                if (y.size() == 7) forecast.upper[0].clear();
                                return forecast;
                              }};
  const auto backtest =
      RunBacktest(Counting(10), std::vector{choosy, kNaive}, {.forecast = {.horizon = 1}, .first_origin = 3});
  const MethodBacktest& result = backtest.methods[0];
  EXPECT_EQ(backtest.origins, (Origins{3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(result.failures, 5U);
  EXPECT_EQ(result.first_failure, "too short for me");
  EXPECT_EQ(result.overall.count, 2U);
  EXPECT_TRUE(std::isnan(result.errors[4]));
  EXPECT_EQ(result.errors[5], 1);
  EXPECT_EQ(backtest.methods[1].failures, 0U);
  EXPECT_EQ(backtest.methods[1].overall.count, 7U);

  const NamedMethod never = {"never",
                             [](std::span<const double>, const ForecastOptions&) { return Forecast(); }};
  const auto none = RunBacktest(Counting(10), std::vector{never}, {.forecast = {.horizon = 1}});
  EXPECT_EQ(none.methods[0].failures, none.origins.size());
  EXPECT_FALSE(none.methods[0].overall.mae.has_value());
  EXPECT_EQ(none.methods[0].first_failure, "the forecast is incomplete or not finite");
}

TEST(Backtest, WhatIsNoFailureEndsIt) {
  const NamedMethod cancelled = {
      "cancelled",
      [](std::span<const double>, const ForecastOptions&) -> Forecast { throw std::runtime_error("x"); }};
  EXPECT_THROW(RunBacktest(Counting(20), std::vector{cancelled}), std::runtime_error);
  const NamedMethod greedy = {"greedy", [](std::span<const double>, const ForecastOptions&) -> Forecast {
                                throw Error(ErrorCode::kMemoryLimit, "no room");
                              }};
  ExpectError(ErrorCode::kMemoryLimit, "no room", "",
              [&] { RunBacktest(Counting(20), std::vector{greedy}); });
}

// On monthly series with a season, Theta beats the naive forecasts by far.
TEST(Backtest, ComparesMethods) {
  const NamedMethod theta = {"theta", [](std::span<const double> y, const ForecastOptions& options) {
                               return ForecastTheta(y, {.period = 12}, options).forecast;
                             }};
  const NamedMethod seasonal = {"seasonal naive",
                                [](std::span<const double> y, const ForecastOptions& options) {
                                  return ForecastSeasonalNaive(y, 12, options);
                                }};
  const auto backtest = RunBacktest(RecordedSeries("AirPassengers"), std::vector{theta, seasonal, kNaive},
                                    {.forecast = {.horizon = 12}, .period = 12});
  EXPECT_LT(*backtest.methods[0].overall.mase, 0.8 * *backtest.methods[1].overall.mase);
  EXPECT_LT(*backtest.methods[1].overall.mase, *backtest.methods[2].overall.mase);
  EXPECT_LT(*backtest.methods[0].overall.intervals[1].msis, *backtest.methods[2].overall.intervals[1].msis);
}

TEST(Backtest, Refuses) {
  const std::vector methods = {kNaive};
  const Values y = Counting(10);
  const auto refuses = [&](const BacktestOptions& options, const std::string& message, ErrorCode code) {
    ExpectError(code, message, "", [&] { RunBacktest(y, methods, options); });
  };
  refuses({.forecast = {.horizon = 0}}, "horizon", ErrorCode::kInvalidArgument);
  refuses({.forecast = {.horizon = 1, .levels = {2}}}, "level", ErrorCode::kInvalidArgument);
  refuses({.forecast = {.horizon = 1}, .period = 0}, "period", ErrorCode::kInvalidArgument);
  refuses({.forecast = {.horizon = 1}, .step = 0}, "step", ErrorCode::kInvalidArgument);
  refuses({.forecast = {.horizon = 1}, .first_origin = 0}, "first origin", ErrorCode::kInvalidArgument);
  refuses({.forecast = {.horizon = 10}}, "too short", ErrorCode::kUnusableData);
  refuses({.forecast = {.horizon = 5}, .first_origin = 6}, "too short", ErrorCode::kUnusableData);
  refuses({.forecast = {.horizon = 5}, .first_origin = std::numeric_limits<std::size_t>::max()}, "too short",
          ErrorCode::kUnusableData);
  ExpectError(ErrorCode::kInvalidArgument, "number of methods", "", [&] { RunBacktest(y, {}); });
  ExpectError(ErrorCode::kUnusableData, "not a finite", "Position: 1 of 2", [&] {
    RunBacktest(Values{kNaN, 1}, methods);
  });
}

}  // namespace
}  // namespace ecomm::core
