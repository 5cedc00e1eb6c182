// Fits that take in observations later.
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/benchmarks.hpp"
#include "ecomm_analytics/core/intermittent.hpp"
#include "ecomm_analytics/core/theta.hpp"
#include "forecast_support.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr Benchmark kBenchmarks[] = {Benchmark::kMean, Benchmark::kNaive, Benchmark::kSeasonalNaive,
                                     Benchmark::kDrift};
constexpr ThetaModel kModels[] = {ThetaModel::kStandard, ThetaModel::kOptimised, ThetaModel::kDynamic,
                                  ThetaModel::kDynamicOptimised};

std::span<const double> Part(const Values& y, std::size_t from, std::size_t to) {
  return std::span(y).subspan(from, to - from);
}

void ExpectSame(const Forecast& a, const Forecast& b, const std::string& where) {
  EXPECT_EQ(a.mean, b.mean) << where;
  EXPECT_EQ(a.lower, b.lower) << where;
  EXPECT_EQ(a.upper, b.upper) << where;
  EXPECT_EQ(a.sigma2, b.sigma2) << where;
  EXPECT_EQ(a.method, b.method) << where;
}

void ExpectNear(const Values& actual, const Values& expected, double tolerance, const std::string& where) {
  ASSERT_EQ(actual.size(), expected.size()) << where;
  for (std::size_t i = 0; i < actual.size(); ++i) ExpectClose(actual[i], expected[i], where, tolerance);
}

TEST(BenchmarkUpdate, EqualsTheFitOfTheLongerSeries) {
  for (const char* name : {"AirPassengers", "nottem", "Nile", "lynx"}) {
    const Values y = RecordedSeries(name);
    for (const Benchmark method : kBenchmarks) {
      const BenchmarkFit whole = FitBenchmark(y, method, 12);
      for (const std::size_t first : {12U, 13U, 50U}) {
        const std::string where = std::string(name) + " " + std::to_string(first);
        BenchmarkFit fit = FitBenchmark(Part(y, 0, first), method, 12);
        for (std::size_t at = first; at < y.size();) {
          const std::size_t next = std::min(y.size(), at + 1 + at % 17);
          fit = UpdateBenchmark(std::move(fit), Part(y, at, next));
          at = next;
        }
        EXPECT_EQ(fit.n, whole.n);
        EXPECT_EQ(fit.last, whole.last) << where;
        EXPECT_EQ(fit.sum, whole.sum) << where;
        EXPECT_EQ(fit.squares, whole.squares) << where;
        ExpectNear(fit.fitted, whole.fitted, 1e-12, where);
        ExpectNear(fit.residuals, whole.residuals, 1e-12, where);
        ExpectSame(ForecastFrom(fit), ForecastFrom(whole), where);
      }
    }
  }
}

TEST(BenchmarkUpdate, FromOneObservation) {
  for (const Benchmark method : kBenchmarks) {
    BenchmarkFit fit = FitBenchmark(Values{5}, method);
    fit = UpdateBenchmark(fit, {});
    EXPECT_EQ(fit.n, 1);
    fit = UpdateBenchmark(fit, Values{7, 12});
    ExpectSame(ForecastFrom(fit), ForecastFrom(FitBenchmark(Values{5, 7, 12}, method)), "one");
  }
}

// A fit without its history knows what it needs.
TEST(BenchmarkUpdate, NeedsNoHistory) {
  const Values y = RecordedSeries("UKgas");
  for (const Benchmark method : kBenchmarks) {
    BenchmarkFit fit = FitBenchmark(Part(y, 0, 40), method, 4);
    fit.fitted.clear();
    fit.residuals.clear();
    fit = UpdateBenchmark(fit, Part(y, 40, y.size()));
    const BenchmarkFit whole = FitBenchmark(y, method, 4);
    ExpectSame(ForecastFrom(fit), ForecastFrom(whole), "no history");
    ExpectNear(fit.fitted, Values(whole.fitted.begin() + 40, whole.fitted.end()), 1e-12, "fitted");
    ExpectNear(fit.residuals, Values(whole.residuals.begin() + 40, whole.residuals.end()), 1e-12,
               "residuals");
  }
}

TEST(BenchmarkUpdate, Refuses) {
  const BenchmarkFit fit = FitBenchmark(Values{1, 2, 3}, Benchmark::kDrift);
  ExpectError(ErrorCode::kUnusableData, "not a finite", "Position: 2 of 2", [&] {
    UpdateBenchmark(fit, Values{1, kNaN});
  });
  ExpectError(ErrorCode::kNumericRange, "", "", [&] { UpdateBenchmark(fit, Values{1e141}); });
  ExpectError(ErrorCode::kInvalidArgument, "horizon", "", [&] { ForecastFrom(fit, {.horizon = -1}); });
}

// The line through the first `count` observations, intercept at time 0; without any, the level of the first.
std::pair<double, double> LineOf(const Values& y, std::size_t count) {
  if (count == 0) return {y.front(), 0};
  const auto n = static_cast<double>(count);
  double mean = 0;
  for (std::size_t i = 0; i < count; ++i) mean += y[i] / n;
  double slope = 0;
  for (std::size_t i = 0; i < count; ++i) slope += (y[i] - mean) * (static_cast<double>(i + 1) - (n + 1) / 2);
  slope = count > 1 ? slope / (n * (n * n - 1) / 12) : 0;
  return {mean - slope * (n + 1) / 2, slope};
}

// The paper's equations over the whole series, without season.
struct Equations {
  double level = 0;
  double sigma2 = 0;
  Values fitted;
};

Equations RunThrough(const Values& y, const ThetaFit& fit) {
  const bool standard = fit.model == ThetaModel::kStandard;
  const bool dynamic = fit.model == ThetaModel::kDynamic || fit.model == ThetaModel::kDynamicOptimised;
  Equations run = {fit.initial_level, 0, {}};
  double faded = 1;  // (1 - alpha)^t
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto [a, b] = dynamic ? LineOf(y, i) : std::pair(fit.intercept, fit.slope);
    const double line = faded * a + (1 - faded * (1 - fit.alpha)) / fit.alpha * b;
    run.fitted.push_back(run.level + (standard ? 0 : (1 - 1 / fit.theta) * line));
    const double error = y[i] - run.fitted.back();
    if (!dynamic || i >= 2) run.sigma2 += error * error;
    run.level += fit.alpha * (y[i] - run.level);
    faded *= 1 - fit.alpha;
  }
  run.sigma2 /= static_cast<double>(y.size()) - (dynamic ? 2 : 0) - fit.estimated;
  return run;
}

TEST(ThetaUpdate, RunsOnWithTheSameParameters) {
  const Values y = RecordedSeries("Nile");
  for (const ThetaModel model : kModels) {
    const ThetaFit before = FitTheta(Part(y, 0, 60), {.model = model});
    const ThetaFit after = UpdateTheta(before, Part(y, 60, y.size()));
    const Equations expected = RunThrough(y, before);
    const std::string where(Name(model));
    EXPECT_EQ(after.n, 100) << where;
    EXPECT_EQ(after.alpha, before.alpha) << where;
    EXPECT_EQ(after.theta, before.theta) << where;
    EXPECT_EQ(after.slope, before.slope) << where;
    EXPECT_NEAR(after.level, expected.level, 1e-9 * expected.level) << where;
    EXPECT_NEAR(after.sigma2, expected.sigma2, 1e-9 * expected.sigma2) << where;
    ExpectNear(after.fitted, expected.fitted, 1e-9, where);
    for (std::size_t i = 0; i < y.size(); ++i) {
      ASSERT_EQ(after.residuals[i], y[i] - after.fitted[i]) << where;
    }
    // The next observation's one-step forecast is what the first step ahead says.
    if (model == ThetaModel::kStandard) continue;
    const ThetaFit next = UpdateTheta(after, Values{900});
    EXPECT_NEAR(ForecastFrom(after, {.horizon = 1}).mean[0], next.fitted.back(), 1e-9 * next.fitted.back());
  }
}

TEST(ThetaUpdate, NothingDependsOnThePieces) {
  const Values y = RecordedSeries("AirPassengers");
  for (const ThetaModel model : kModels) {
    for (const ThetaSeason season : {ThetaSeason::kAuto, ThetaSeason::kAdditive, ThetaSeason::kNone}) {
      const ThetaFit start = FitTheta(Part(y, 0, 101), {.model = model, .period = 12, .season = season});
      const ThetaFit once = UpdateTheta(start, Part(y, 101, y.size()));
      ThetaFit stepwise = start;
      stepwise.fitted.clear();
      stepwise.residuals.clear();
      for (std::size_t i = 101; i < y.size(); ++i) stepwise = UpdateTheta(stepwise, Part(y, i, i + 1));
      stepwise = UpdateTheta(stepwise, {});
      ExpectSame(ForecastFrom(stepwise), ForecastFrom(once), std::string(Name(model)));
      EXPECT_EQ(stepwise.level, once.level);
      EXPECT_EQ(stepwise.fitted, Values(once.fitted.begin() + 101, once.fitted.end()));
      EXPECT_EQ(stepwise.residuals, Values(once.residuals.begin() + 101, once.residuals.end()));
    }
  }
}

// Phases go on counting from the first observation.
TEST(ThetaUpdate, KeepsThePlaceInTheSeason) {
  Values y;
  for (int i = 0; i < 40; ++i)
    y.push_back(std::vector{10.0, 20.0, 60.0, 30.0}[static_cast<std::size_t>(i % 4)]);
  for (const ThetaModel model : kModels) {
    const ThetaFit fit = FitTheta(Part(y, 0, 33), {.model = model, .period = 4});
    EXPECT_EQ(fit.season, ThetaSeason::kMultiplicative);
    const ThetaFit later = UpdateTheta(fit, Part(y, 33, 38));
    ExpectNear(ForecastFrom(later, {.horizon = 6}).mean, {60, 30, 10, 20, 60, 30}, 1e-6, "phases");
  }
}

TEST(ThetaUpdate, ShortSeriesGoOn) {
  for (std::size_t length = 1; length < 10; ++length) {
    const Values y = Autoregression(20, 0.8);
    for (const ThetaModel model : kModels) {
      const ThetaFit fit = UpdateTheta(FitTheta(Part(y, 0, length), {.model = model}), Part(y, length, 20));
      ExpectSound(ForecastFrom(fit), {}, 20, "short");
      const Equations expected = RunThrough(y, fit);
      if (fit.alpha > 0) {
        EXPECT_NEAR(fit.sigma2, expected.sigma2, 1e-9) << length;
      }
    }
  }
}

TEST(ThetaUpdate, Refuses) {
  const ThetaFit fit = FitTheta(Values{1, 2, 3});
  ExpectError(ErrorCode::kUnusableData, "not a finite", "Position: 1 of 1",
              [&] { UpdateTheta(fit, Values{kNaN}); });
  ExpectError(ErrorCode::kInvalidArgument, "level", "", [&] { ForecastFrom(fit, {.levels = {1}}); });
}

constexpr IntermittentMethod kDemandMethods[] = {IntermittentMethod::kCroston, IntermittentMethod::kSba,
                                                 IntermittentMethod::kTsb, IntermittentMethod::kAdida};

Values RareDemand(std::size_t n) {
  Values y = Autoregression(n, 0.2, 5);
  for (double& value : y) value = value > 0.25 ? std::floor(40 * value) : 0;
  return y;
}

// Given parameters, and ADIDA's width from the first part, are what a fit of the longer series would have.
TEST(IntermittentUpdate, EqualsTheFitOfTheLongerSeries) {
  const Values y = RareDemand(300);
  for (const IntermittentMethod method : kDemandMethods) {
    int compared = 0;
    for (const IntermittentStart start : {IntermittentStart::kRunningMean, IntermittentStart::kFirst}) {
      for (const double alpha : {0.0, 0.1, 0.6, 1.0}) {
        const IntermittentOptions options = {.alpha = alpha, .beta = alpha, .start = start};
        const IntermittentFit whole = FitIntermittent(y, method, options);
        const std::string where = std::string(Name(method)) + " " + std::to_string(alpha);
        for (const std::size_t first : {1U, 20U, 157U}) {
          IntermittentFit fit = FitIntermittent(Part(y, 0, first), method, options);
          if (fit.width != whole.width) continue;
          ++compared;
          for (std::size_t at = first; at < y.size();) {
            const std::size_t next = std::min(y.size(), at + 1 + at % 11);
            fit = UpdateIntermittent(std::move(fit), Part(y, at, next));
            at = next;
          }
          ExpectSame(ForecastFrom(fit), ForecastFrom(whole), where);
          EXPECT_EQ(Values(fit.fitted.begin() + 100, fit.fitted.end()),
                    Values(whole.fitted.begin() + 100, whole.fitted.end()));
          EXPECT_EQ(fit.sizes, whole.sizes) << where;
          EXPECT_EQ(fit.gains, whole.gains) << where;
        }
      }
    }
    EXPECT_GE(compared, 8) << Name(method);
  }
}

TEST(IntermittentUpdate, NothingDependsOnThePieces) {
  const Values y = RareDemand(200);
  for (const IntermittentMethod method : kDemandMethods) {
    for (const std::size_t first : {1U, 30U, 99U}) {
      const IntermittentFit start = FitIntermittent(Part(y, 0, first), method);
      const IntermittentFit once = UpdateIntermittent(start, Part(y, first, y.size()));
      IntermittentFit stepwise = start;
      stepwise.fitted.clear();
      stepwise.residuals.clear();
      for (std::size_t i = first; i < y.size(); ++i)
        stepwise = UpdateIntermittent(stepwise, Part(y, i, i + 1));
      stepwise = UpdateIntermittent(stepwise, {});
      ExpectSame(ForecastFrom(stepwise), ForecastFrom(once), std::string(Name(method)));
      EXPECT_EQ(stepwise.recent, once.recent);
      EXPECT_EQ(stepwise.residuals.size(), y.size() - first);
    }
  }
}

// Nothing is known of demand yet: it then counts as it comes.
TEST(IntermittentUpdate, FirstDemandComesLater) {
  for (const IntermittentMethod method : kDemandMethods) {
    const IntermittentFit fit = UpdateIntermittent(FitIntermittent(Values(3, 0.0), method), Values{0, 0, 6});
    EXPECT_NEAR(ForecastFrom(fit).mean[0], 1, 1e-12) << Name(method);
    ExpectSound(ForecastFrom(fit), {}, 6, std::string(Name(method)));
  }
}

// What weighs nothing any more is not kept.
TEST(IntermittentUpdate, KeepsWhatWeighs) {
  const Values y = RareDemand(5000);
  for (const IntermittentMethod method : kDemandMethods) {
    const IntermittentFit fit = FitIntermittent(y, method, {.alpha = 0.2, .beta = 0.2});
    EXPECT_GT(fit.sizes.size(), 100U);
    EXPECT_LT(fit.sizes.size(), 400U);
  }
}

TEST(IntermittentUpdate, Refuses) {
  const IntermittentFit fit = FitIntermittent(Values{0, 1, 0, 2}, IntermittentMethod::kCroston);
  ExpectError(ErrorCode::kUnusableData, "negative", "Position: 2 of 2", [&] {
    UpdateIntermittent(fit, Values{1, -1});
  });
  ExpectError(ErrorCode::kInvalidArgument, "smoothing", "",
              [] { FitIntermittent(Values{1}, IntermittentMethod::kTsb, {.alpha = 2}); });
}

}  // namespace
}  // namespace ecomm::core
