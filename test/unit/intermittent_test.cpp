#include "ecomm_analytics/core/intermittent.hpp"

#include <limits>
#include <string>
#include <vector>

#include "forecast_support.hpp"
#include "poll_count.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

constexpr IntermittentMethod kAll[] = {IntermittentMethod::kCroston, IntermittentMethod::kSba,
                                       IntermittentMethod::kTsb, IntermittentMethod::kAdida};

IntermittentOptions Classic() {
  return {.alpha = kClassicSmoothing, .beta = kClassicSmoothing, .start = IntermittentStart::kFirst};
}

TEST(Intermittent, CrostonEqualsR) {
  const auto document = ReadReference("intermittent_reference_r.json");
  ASSERT_EQ(document["series"].size(), 6U);
  for (const auto& entry : document["series"]) {
    const auto y = entry["values"].get<Values>();
    for (const auto& expected : entry["croston"]) {
      const auto alpha = expected["alpha"].get<double>();
      const auto where = entry["name"].get<std::string>() + " " + std::to_string(alpha);
      const auto actual = ForecastIntermittent(
          y, IntermittentMethod::kCroston,
          {.alpha = alpha, .beta = alpha, .start = IntermittentStart::kFirst}, {.horizon = 3});
      ExpectAllClose(actual.mean, expected["mean"], 1e-12, where);
      EXPECT_TRUE(std::isnan(actual.fitted[0]));
      ExpectAllClose(Values(actual.fitted.begin() + 1, actual.fitted.end()), expected["fitted"], 1e-12,
                     where);
    }
  }
}

TEST(Intermittent, AllEqualTheirFormulas) {
  const auto document = ReadReference("intermittent_reference_formulas.json");
  ASSERT_EQ(document["series"].size(), 6U);
  for (const auto& entry : document["series"]) {
    const auto y = entry["values"].get<Values>();
    ASSERT_EQ(entry["cases"].size(), 12U);
    for (const auto& expected : entry["cases"]) {
      const auto method = ParseIntermittentMethod(expected["method"].get<std::string>());
      const bool estimated = expected["alpha"].is_null();
      IntermittentOptions options;
      if (!estimated) options.alpha = expected["alpha"].get<double>();
      if (!estimated) options.beta = expected["beta"].get<double>();
      if (expected["first"].get<bool>()) options.start = IntermittentStart::kFirst;
      // A minimum is found to about the root of the precision of its squares.
      const double tolerance = estimated ? 1e-6 : 1e-12;
      const auto where = entry["name"].get<std::string>() + " " + std::string(Name(method));
      const auto actual = ForecastIntermittent(y, method, options, {.horizon = 1});
      ExpectSound(actual, {.horizon = 1}, y.size(), where);
      ExpectClose(actual.mean[0], expected["mean"].get<double>(), where, tolerance);
      for (std::size_t level = 0; level < 2; ++level) {
        ExpectClose(actual.lower[level][0], expected["bounds"][level][0].get<double>(), where, tolerance);
        ExpectClose(actual.upper[level][0], expected["bounds"][level][1].get<double>(), where, tolerance);
      }
      for (std::size_t i = 1; i < y.size(); ++i) {
        const auto& fitted = expected["fitted"][i - 1];
        ExpectClose(actual.fitted[i], fitted.is_null() ? kNaN : fitted.get<double>(), where, tolerance);
        if (!fitted.is_null()) ExpectClose(actual.residuals[i], y[i] - actual.fitted[i], where);
      }
    }
  }
}

TEST(Intermittent, NoDemandIsForecastAsNone) {
  for (const auto method : kAll) {
    for (const std::size_t length : {1U, 2U, 50U}) {
      const auto forecast = ForecastIntermittent(Values(length, 0.0), method, {}, {.horizon = 4});
      ExpectSound(forecast, {.horizon = 4}, length, std::string(Name(method)));
      EXPECT_EQ(forecast.mean, Values(4, 0.0));
      EXPECT_EQ(forecast.lower[1], forecast.mean);
      EXPECT_EQ(forecast.upper[1], forecast.mean);
      EXPECT_EQ(forecast.sigma2, 0);
    }
  }
}

TEST(Intermittent, OneObservationAndConstantsStay) {
  for (const auto method : kAll) {
    for (const std::size_t length : {1U, 2U, 31U}) {
      for (const double value : {0.1, 7.0, 1e140, 1e-310}) {
        const auto forecast = ForecastIntermittent(Values(length, value), method, {}, {.horizon = 2});
        const auto where = std::string(Name(method)) + " " + std::to_string(value);
        ExpectSound(forecast, {.horizon = 2}, length, where);
        EXPECT_EQ(forecast.mean, Values(2, value)) << where;
        EXPECT_EQ(forecast.lower[1], forecast.mean) << where;
        EXPECT_EQ(forecast.upper[1], forecast.mean) << where;
        EXPECT_EQ(forecast.sigma2, 0) << where;
      }
    }
  }
}

TEST(Intermittent, ASingleDemandIsSpreadOverItsTime) {
  const Values y = {0, 0, 0, 6, 0, 0};
  // Croston and SBA know no time after the last demand; TSB and ADIDA do.
  EXPECT_EQ(ForecastIntermittent(y, IntermittentMethod::kCroston).mean[0], 1.5);
  EXPECT_EQ(ForecastIntermittent(y, IntermittentMethod::kSba).mean[0], 1.5);
  EXPECT_NEAR(ForecastIntermittent(y, IntermittentMethod::kTsb, {.beta = 0}).mean[0], 1, 1e-15);
  EXPECT_EQ(ForecastIntermittent(y, IntermittentMethod::kAdida).mean[0], 1);
}

TEST(Intermittent, TsbFallsWhileThereIsNoDemand) {
  Values y = {3, 0, 2, 4, 0, 3, 3, 0, 2, 5};
  const auto before = ForecastIntermittent(y, IntermittentMethod::kTsb, Classic()).mean[0];
  const auto croston = ForecastIntermittent(y, IntermittentMethod::kCroston, Classic()).mean[0];
  y.resize(40, 0);
  EXPECT_LT(ForecastIntermittent(y, IntermittentMethod::kTsb, Classic()).mean[0], before / 10);
  EXPECT_EQ(ForecastIntermittent(y, IntermittentMethod::kCroston, Classic()).mean[0], croston);
}

TEST(Intermittent, BoundsAreQuantilesOfWhatOccurred) {
  // Every second observation is a demand; sizes 1 to 50 weigh the same as their running mean is not left.
  Values y;
  for (int i = 1; i <= 50; ++i) {
    y.push_back(0);
    y.push_back((i * 7) % 51);
  }
  const auto forecast = ForecastIntermittent(y, IntermittentMethod::kTsb, {.alpha = 0, .beta = 0},
                                             {.horizon = 1, .levels = {0.2, 0.5, 0.8, 0.96, 0.99, 0.999}});
  EXPECT_NEAR(forecast.mean[0], 12.75, 1e-12);
  EXPECT_EQ(forecast.lower[0][0], 0);
  EXPECT_NEAR(forecast.upper[0][0], 12.75, 1e-12);  // the quantile is 10, below the mean
  EXPECT_EQ(forecast.upper[1][0], 25);
  EXPECT_EQ(forecast.upper[2][0], 40);
  EXPECT_EQ(forecast.upper[3][0], 48);
  EXPECT_EQ(forecast.upper[4][0], 50);
  EXPECT_EQ(forecast.upper[5][0], 50);
}

TEST(Intermittent, IntervalsCoverWhatTheySay) {
  Random random(3);
  for (const auto method : kAll) {
    double covered = 0;
    constexpr int kTrials = 1500;
    for (int trial = 0; trial < kTrials; ++trial) {
      const double share = 0.1 + 0.8 * random.Uniform();
      Values y(61);
      for (double& value : y) {
        if (random.Uniform() < share) value = 1 - std::floor(4 * std::log(1 - random.Uniform()));
      }
      const double next = y.back();
      y.pop_back();
      const auto forecast = ForecastIntermittent(y, method, {}, {.horizon = 1});
      if (next >= forecast.lower[1][0] && next <= forecast.upper[1][0]) ++covered;
    }
    EXPECT_GT(covered / kTrials, 0.93) << Name(method);
    EXPECT_LT(covered / kTrials, 0.99) << Name(method);
  }
}

TEST(Intermittent, ExtremesStayFinite) {
  const ForecastOptions far = {.horizon = 10000, .levels = {1e-9, 0.5, 1 - 1e-12}};
  Values rare(100000, 0.0);
  rare[70000] = 1e140;
  Values two = rare;
  two[20] = 1e-300;
  Values dense(100000);
  Random random(1);
  for (double& value : dense) value = random.Uniform() < 0.4 ? 1e139 * random.Uniform() : 0;
  for (const auto method : kAll) {
    for (const Values& y : {rare, two, dense, Values{0, 1e-310}, Values{1e140, 0}}) {
      for (const IntermittentOptions& options :
           {IntermittentOptions{}, Classic(), IntermittentOptions{.alpha = 1, .beta = 1},
            IntermittentOptions{.alpha = 0, .beta = 0, .start = IntermittentStart::kFirst}}) {
        ExpectSound(ForecastIntermittent(y, method, options, far), far, y.size(), std::string(Name(method)));
      }
    }
    const PollCount polls;
    ForecastIntermittent(dense, method);
    EXPECT_GT(polls.count(), 30) << Name(method);
  }
}

TEST(Intermittent, Refuse) {
  const Values y = {0, 1, 0};
  for (const auto method : kAll) {
    EXPECT_TRUE(ForecastIntermittent(y, method, {}, {.horizon = 0}).mean.empty());
    ExpectError(ErrorCode::kUnusableData, "empty", "", [&] { ForecastIntermittent({}, method); });
    ExpectError(ErrorCode::kUnusableData, "cannot be negative", "Position: 2 of 3, value: -4", [&] {
      ForecastIntermittent(Values{0, -4, 0}, method);
    });
    ExpectError(ErrorCode::kUnusableData, "not a finite number", "",
                [&] { ForecastIntermittent(Values{kNaN}, method); });
    ExpectError(ErrorCode::kInvalidArgument, "smoothing", "Given: 1.5",
                [&] { ForecastIntermittent(y, method, {.alpha = 1.5}); });
    ExpectError(ErrorCode::kInvalidArgument, "smoothing", "Given: nan",
                [&] { ForecastIntermittent(y, method, {.beta = kNaN}); });
    ExpectError(ErrorCode::kInvalidArgument, "horizon", "",
                [&] { ForecastIntermittent(y, method, {}, {.horizon = -1}); });
    EXPECT_EQ(ParseIntermittentMethod(Name(method)), method);
  }
  ExpectError(ErrorCode::kInvalidArgument, "\"Croston\"", "", [] { ParseIntermittentMethod("Croston"); });
}

TEST(DemandPattern, FollowsTheCutOffs) {
  const auto smooth = ClassifyDemand(Values{4, 5, 6, 5});
  EXPECT_EQ(smooth.pattern, DemandPattern::kSmooth);
  EXPECT_EQ(smooth.demands, 4U);
  EXPECT_EQ(smooth.interval, 1);
  EXPECT_NEAR(smooth.squared_cv, 2.0 / 75, 1e-15);
  EXPECT_EQ(ClassifyDemand(Values{4, 0, 6, 5}).pattern, DemandPattern::kIntermittent);
  EXPECT_EQ(ClassifyDemand(Values{4, 1, 60, 5}).pattern, DemandPattern::kErratic);
  EXPECT_EQ(ClassifyDemand(Values{4, 0, 60, 5}).pattern, DemandPattern::kLumpy);
  // 33 observations per 25 demands: just 1.32.
  Values edge(33, 0.0);
  std::fill_n(edge.begin(), 25, 2.0);
  EXPECT_EQ(ClassifyDemand(edge).pattern, DemandPattern::kIntermittent);
}

TEST(DemandPattern, OfHardlyAnything) {
  const auto none = ClassifyDemand(Values(9, 0.0));
  EXPECT_EQ(none.pattern, DemandPattern::kNone);
  EXPECT_EQ(none.interval, 0);
  const auto one = ClassifyDemand(Values{0, 0, 1e-310});
  EXPECT_EQ(one.pattern, DemandPattern::kIntermittent);
  EXPECT_EQ(one.interval, 3);
  EXPECT_EQ(one.squared_cv, 0);
  EXPECT_TRUE(std::isfinite(ClassifyDemand(Values{1e140, 1e-300, 1e140}).squared_cv));
  EXPECT_EQ(Name(DemandPattern::kLumpy), "lumpy");
  ExpectError(ErrorCode::kUnusableData, "empty", "", [] { ClassifyDemand({}); });
  ExpectError(ErrorCode::kUnusableData, "cannot be negative", "", [] { ClassifyDemand(Values{-1}); });
}

}  // namespace
}  // namespace ecomm::core
