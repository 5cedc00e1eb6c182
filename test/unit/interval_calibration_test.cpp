#include "ecomm_analytics/core/interval_calibration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ecomm_analytics/core/benchmarks.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/ets_forecast.hpp"
#include "ecomm_analytics/core/forecast_intervals.hpp"
#include "ecomm_analytics/core/forecast_method.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "ecomm_analytics/core/student_t.hpp"
#include "ets_support.hpp"
#include "forecast_support.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

Values Noise(std::size_t n, std::uint64_t seed = 1) {
  Random random(seed);
  Values y(n);
  for (double& value : y) value = 100 + 10 * random.Normal();
  return y;
}

// A forecast of `mean` whose 95 % intervals claim a deviation of `claimed`.
ForecastMethod Claiming(double mean, double claimed) {
  return [=](std::span<const double>, const ForecastOptions& options) {
    Forecast forecast;
    forecast.mean.assign(static_cast<std::size_t>(options.horizon), mean);
    SetNormalIntervals(Values(forecast.mean.size(), claimed * claimed), options.levels, &forecast);
    return forecast;
  };
}

Forecast Calibrated(const char* method, std::span<const double> y, int period,
                    const ForecastOptions& options) {
  return PredictWith(FitMethod(ParseMethod(method), y, std::vector<int>{period}), y, options,
                     Intervals::kCalibrated);
}

double Width(const Forecast& forecast, std::size_t step) {
  return forecast.upper[0][step] - forecast.lower[0][step];
}

TEST(CalibrationOrigins, LieInTheSecondHalf) {
  EXPECT_EQ(CalibrationOrigins(20, 6, 12), (std::vector<std::size_t>{19, 17, 15, 13, 11}));
  EXPECT_EQ(CalibrationOrigins(200, 18, 4), (std::vector<std::size_t>{196, 188, 180, 172}));
  for (const std::size_t length : {0, 1, 2, 3, 4, 5}) {
    EXPECT_TRUE(CalibrationOrigins(length, 6, 12).empty()) << length;
  }
  for (const std::size_t length : {6, 7, 13, 100, 100'000}) {
    for (const int horizon : {0, 1, 6, 48, 10'000}) {
      const auto origins = CalibrationOrigins(length, horizon, 12);
      ASSERT_FALSE(origins.empty()) << length;
      EXPECT_LE(origins.size(), 12U);
      EXPECT_TRUE(std::is_sorted(origins.rbegin(), origins.rend()));
      EXPECT_LT(origins.front(), length);
      EXPECT_GE(2 * origins.back(), length);
    }
  }
}

// An interval that claims too little becomes wider, one that claims too much narrower, and what they claim
// matters ever less as more errors are seen.
TEST(CalibrateIntervals, FollowsThePastErrors) {
  const Values y = Noise(400);
  for (const auto& [claimed, least, most] :
       {std::tuple{2.5, 1.7, 4.0}, std::tuple{10.0, 0.8, 1.3}, std::tuple{40.0, 0.25, 0.75}}) {
    const ForecastMethod method = Claiming(100, claimed);
    const Forecast base = method(y, {6, {0.95}});
    const Forecast calibrated = CalibrateIntervals(base, y, method);
    EXPECT_EQ(calibrated.mean, base.mean);
    EXPECT_GT(Width(calibrated, 0), least * Width(base, 0)) << claimed;
    EXPECT_LT(Width(calibrated, 0), most * Width(base, 0)) << claimed;
    EXPECT_GT(Width(calibrated, 5), least * Width(base, 5)) << claimed;
  }
}

TEST(CalibrateIntervals, ByHand) {
  const Values y = {0, 0, 0, 0, 0, 0, 3, 0, 0, 2};
  // Origins 9, 7 and 5 miss at one step 2, 0 and 0, with a claim of 1; a reach of five observations holds
  // more stretches than there are origins.
  const ForecastMethod method = Claiming(0, 1);
  const Forecast calibrated = CalibrateIntervals(method(y, {1, {0.9}}), y, method, {.estimated = 2});
  const double prior = (1 + 42.0 / 10) * (1 + 1.0 / 10);
  const double variance = (6 * prior + 3 * (4.0 / 3)) / 9;
  EXPECT_NEAR(calibrated.upper[0][0], StudentQuantile(0.95, 9) * std::sqrt(variance), 1e-12);
  EXPECT_EQ(calibrated.lower[0][0], -calibrated.upper[0][0]);
}

TEST(CalibrateIntervals, KeepsTheShapeOfLopsidedIntervals) {
  const Values y = Noise(60);
  Forecast base = Claiming(100, 10)(y, {3, {0.8, 0.95}});
  for (auto& lower : base.lower) {
    for (double& bound : lower) bound = 100 - 0.5 * (100 - bound);
  }
  const Forecast calibrated = CalibrateIntervals(base, y, Claiming(100, 10));
  for (std::size_t level = 0; level < 2; ++level) {
    EXPECT_NEAR(100 - calibrated.lower[level][2], 0.5 * (calibrated.upper[level][2] - 100), 1e-9);
  }
  EXPECT_LT(calibrated.upper[0][2], calibrated.upper[1][2]);
}

TEST(CalibrateIntervals, SoundForAnySeries) {
  const std::vector<Values> series = {{5},
                                      {1, 2},
                                      {1, 2, 4, 1, 2, 9, 3},
                                      Values(40, 7.0),
                                      Values(40, 0.0),
                                      {0, 0, 0, 0, 0, 1e100, 0, 0, 0, 0, 0, 0},
                                      Noise(30),
                                      {1e-300, 2e-300, 1e-300, 3e-300, 1e-300, 2e-300, 1e-300, 2e-300}};
  for (const Values& y : series) {
    for (const int horizon : {0, 1, 7, 10'000}) {
      const ForecastOptions options{horizon, {0.5, 0.95, 0.999}};
      const std::string where = std::to_string(y.size()) + " " + std::to_string(horizon);
      for (const char* method : {"theta", "ets", "arima"}) {
        ExpectSound(Calibrated(method, y, 7, options), options, y.size(), where + " " + method);
      }
    }
  }
}

TEST(CalibrateIntervals, ConstantSeriesAreCertain) {
  const Forecast forecast = Calibrated("theta", Values(50, 3.0), 1, {4, {0.95}});
  EXPECT_EQ(Width(forecast, 3), 0);
}

TEST(CalibrateIntervals, BoundedWorkOnLongSeries) {
  const Values y = WavySeries(100'000, 7);
  std::size_t made = 0;
  const ForecastMethod counting = [&](std::span<const double> known, const ForecastOptions& options) {
    ++made;
    EXPECT_LE(options.horizon, 400);
    return ForecastNaive(known, options);
  };
  const ForecastOptions far{10'000, {0.95}};
  ExpectSound(CalibrateIntervals(ForecastNaive(y, far), y, counting), far, y.size(), "naive");
  EXPECT_LE(made, 12U);
}

// Where a method fails in the past the prior is left; other errors are passed on.
TEST(CalibrateIntervals, FailuresInThePast) {
  const Values y = Noise(40);
  const auto failing = [](ErrorCode code) {
    return [=](std::span<const double>, const ForecastOptions&) -> Forecast { throw Error(code, "no"); };
  };
  const Forecast base = Claiming(100, 10)(y, {3, {0.95}});
  EXPECT_GT(Width(CalibrateIntervals(base, y, failing(ErrorCode::kUnusableData)), 0), Width(base, 0));
  EXPECT_THROW(CalibrateIntervals(base, y, failing(ErrorCode::kMemoryLimit)), Error);
}

// On series that follow the model, 95 % intervals hold about that; with parameters known that are estimated
// from 20 observations, those of the model alone do not.
TEST(CalibrateIntervals, CoverShortRandomWalks) {
  int inside = 0;
  int claimed = 0;
  int count = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Random random(seed);
    Values y(24);
    double level = 100;
    for (double& value : y) value = level += random.Normal();
    const std::span<const double> known(y.data(), 18);
    const EtsModel model = FitEts(known, {});
    const ForecastOptions options{6, {0.95}};
    const Forecast calibrated = PredictWith({model}, known, options, Intervals::kCalibrated);
    const Forecast base = ForecastEts(model, options);
    for (std::size_t i = 0; i < 6; ++i, ++count) {
      inside += calibrated.lower[0][i] <= y[18 + i] && y[18 + i] <= calibrated.upper[0][i] ? 1 : 0;
      claimed += base.lower[0][i] <= y[18 + i] && y[18 + i] <= base.upper[0][i] ? 1 : 0;
    }
  }
  EXPECT_GT(inside, 0.93 * count);
  EXPECT_LT(inside, 0.995 * count);
  EXPECT_LT(claimed, 0.93 * count);
}

// Origins 7, 6, 5 and 4 miss at one step 4, 1, 2 and 0: of four errors none is the fifth, that 95 % would
// need; the largest stands for 80 %.
TEST(ConformalIntervals, ByHand) {
  const Values y = {0, 0, 0, 0, 0, 2, 1, 4};
  const Forecast made = ConformalIntervals(Claiming(0, 1)(y, {9, {0.6, 0.8, 0.95}}), y, Claiming(0, 1));
  EXPECT_EQ(made.upper[0][0], 2);
  EXPECT_EQ(made.upper[1][0], 4);
  EXPECT_NEAR(made.lower[2][0], -4 * StudentQuantile(0.975, 4) / StudentQuantile(0.9, 4), 1e-12);
  // Four steps ahead there is one error, of 4; farther none.
  EXPECT_EQ(made.upper[1][3], made.upper[1][8]);
  EXPECT_NEAR(made.upper[1][3], 4 * StudentQuantile(0.9, 1) / StudentQuantile(0.75, 1), 1e-12);
}

TEST(ConformalIntervals, SoundAndRefuses) {
  const ForecastMethod naive = ForecastNaive;
  const ForecastOptions options{10'000, {0.8, 0.99}};
  for (const std::size_t length : {2, 3, 50, 3000}) {
    const Values y = Noise(length);
    ExpectSound(ConformalIntervals(ForecastNaive(y, options), y, naive), options, length, "conformal");
  }
  const Values one = {1};
  EXPECT_THROW(ConformalIntervals(ForecastNaive(one, options), one, naive), Error);
  EXPECT_THROW(ConformalIntervals(ForecastNaive(one, options), one, naive, 0), Error);
  EXPECT_TRUE(ConformalIntervals(ForecastNaive(one, {0, {0.9}}), one, naive).mean.empty());
}

TEST(ConformalIntervals, CoverWhatModelsDoNotKnow) {
  int inside = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Values y = Noise(61, seed);
    const std::span<const double> known(y.data(), 60);
    const auto made = ConformalIntervals(Claiming(100, 0.1)(known, {1, {0.9}}), known, Claiming(100, 0.1));
    inside += made.lower[0][0] <= y[60] && y[60] <= made.upper[0][0] ? 1 : 0;
  }
  EXPECT_NEAR(inside, 180, 12);
}

}  // namespace
}  // namespace ecomm::core
