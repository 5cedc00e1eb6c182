#include "ecomm_analytics/core/auto_forecast.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/forecast_method.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "ets_support.hpp"
#include "forecast_support.hpp"
#include "poll_count.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;
using Periods = std::vector<int>;

std::vector<std::string> NamesOf(const AutoModel& model) {
  std::vector<std::string> names;
  for (const CandidateScore& score : model.candidates) names.push_back(score.name);
  return names;
}

double WeightOf(const AutoModel& model, const std::string& name) {
  for (const CandidateScore& score : model.candidates) {
    if (score.name == name) return score.weight;
  }
  ADD_FAILURE() << "no candidate " << name;
  return 0;
}

double SumOfWeights(const AutoModel& model) {
  return std::accumulate(model.candidates.begin(), model.candidates.end(), 0.0,
                         [](double sum, const CandidateScore& score) { return sum + score.weight; });
}

Values RandomWalk(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  Values y(n);
  double level = 1000;
  for (double& value : y) value = level += random.Normal();
  return y;
}

Values RareDemand(std::size_t n) {
  Random random(3);
  Values y(n);
  for (double& value : y) value = random.Uniform() < 0.25 ? 1 + static_cast<double>(random.Below(6)) : 0;
  return y;
}

TEST(AutoForecast, CombinesWhatDidWellOnThePast) {
  const Values y = RecordedSeries("AirPassengers");
  const ForecastOptions options{24, {0.8, 0.95}};
  const AutoForecast made = ForecastAuto(y, Periods{12}, options);
  ExpectSound(made.forecast, options, y.size(), "AirPassengers");
  EXPECT_EQ(NamesOf(made.chosen), (std::vector<std::string>{"theta", "ets", "arima", "seasonal_naive"}));
  EXPECT_EQ(made.chosen.origins, 9U);
  EXPECT_NEAR(SumOfWeights(made.chosen), 1, 1e-12);
  EXPECT_GT(WeightOf(made.chosen, "ets"), 0.1);
  EXPECT_EQ(WeightOf(made.chosen, "seasonal_naive"), 0);
  EXPECT_TRUE(made.forecast.method.starts_with("weighted mean of ")) << made.forecast.method;
  EXPECT_NE(made.forecast.method.find("ETS(M,A"), std::string::npos) << made.forecast.method;
  EXPECT_TRUE(made.chosen.reason.starts_with("mean absolute error over 9 earlier forecasts"))
      << made.chosen.reason;
  EXPECT_NE(made.chosen.reason.find("left out: "), std::string::npos) << made.chosen.reason;
  EXPECT_NE(made.chosen.reason.find("seasonal_naive 1.00"), std::string::npos) << made.chosen.reason;
  // July is the peak.
  EXPECT_GT(made.forecast.mean[6], made.forecast.mean[10] + 100);
}

TEST(AutoForecast, TheWeightsAreThoseOfTheMean) {
  const Values y = RecordedSeries("USAccDeaths");
  const AutoForecast made = ForecastAuto(y, Periods{12}, {6, {}});
  double sum = 0;
  for (const CandidateScore& score : made.chosen.candidates) {
    if (score.weight == 0) continue;
    sum += score.weight * ForecastBy(ParseMethod(score.name), y, Periods{12}, {6, {}}).mean[3];
  }
  EXPECT_NEAR(made.forecast.mean[3], sum, 1e-9 * sum);
}

TEST(AutoForecast, TheModelIsKeptAndContinued) {
  const Values y = RecordedSeries("USAccDeaths");
  const AutoModel chosen = FitAuto(std::span(y).first(60), Periods{12}, 6);
  const ForecastModel read = ForecastModelFromJson(ToJson(chosen.model));
  EXPECT_EQ(PredictFrom(read, {6, {0.9}}).upper, PredictFrom(chosen.model, {6, {0.9}}).upper);
  EXPECT_EQ(Observations(Update(read, std::span(y).last(12))), 72);
}

TEST(AutoForecast, SameSeriesSameForecast) {
  const Values y = WavySeries(200, 7);
  EXPECT_EQ(ForecastAuto(y, Periods{7}).forecast.upper, ForecastAuto(y, Periods{7}).forecast.upper);
}

TEST(AutoForecast, LongAndSeveralSeasonsAreTakenOut) {
  Values y = WavySeries(24 * 7 * 4, 24, 100, 0, 30, 2);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += (i / 24) % 7 >= 5 ? 40 : 0;
  const ForecastOptions options{72, {0.95}};
  const AutoForecast made = ForecastAuto(y, Periods{24, 168}, options);
  ExpectSound(made.forecast, options, y.size(), "hours");
  EXPECT_EQ(NamesOf(made.chosen),
            (std::vector<std::string>{"theta", "mstl(ets)", "mstl(arima)", "seasonal_naive"}));
  EXPECT_GT(WeightOf(made.chosen, "mstl(ets)") + WeightOf(made.chosen, "mstl(arima)"), 0.5);
  const AutoForecast days = ForecastAuto(std::span(y).first(60), Periods{7, 365}, options);
  EXPECT_EQ(NamesOf(days.chosen), (std::vector<std::string>{"theta", "ets", "arima", "seasonal_naive"}));
}

TEST(AutoForecast, RareDemand) {
  const AutoForecast made = ForecastAuto(RareDemand(150), {}, {10, {0.95}});
  EXPECT_EQ(NamesOf(made.chosen), (std::vector<std::string>{"theta", "ets", "arima", "sba", "tsb", "naive"}));
  EXPECT_GT(WeightOf(made.chosen, "sba"), 0.05);
  EXPECT_NEAR(made.forecast.mean[9], 0.875, 0.4);
}

// A level held between jumps: nothing beats the naive method, and it takes part.
TEST(AutoForecast, NaiveWhereItBeatsAllOthers) {
  Values y(60, 5.0);
  for (std::size_t i = 0; i < 20; ++i) y[i] = i % 2 == 0 ? 3 : 9;
  const AutoForecast made = ForecastAuto(y, {}, {5, {0.95}});
  EXPECT_EQ(WeightOf(made.chosen, "naive"), 1);
  EXPECT_EQ(made.forecast.mean, Values(5, 5.0));
}

TEST(AutoForecast, ConstantAndShortSeries) {
  for (const Values& y : {Values{4}, Values{1, 2}, Values{1, 5, 2}, Values(50, 7.0), Values(50, 0.0)}) {
    for (const int horizon : {0, 1, 10'000}) {
      const ForecastOptions options{horizon, {0.5, 0.99}};
      const AutoForecast made = ForecastAuto(y, Periods{7}, options);
      ExpectSound(made.forecast, options, y.size(), std::to_string(y.size()));
      EXPECT_EQ(made.forecast.method, "naive");
      EXPECT_FALSE(made.chosen.reason.empty());
    }
  }
}

TEST(AutoForecast, SoundForAnySeries) {
  const std::vector<Values> series = {{1, 2, 3, 4},
                                      {1, 2, 4, 1, 9},
                                      {0, 0, 0, 0, 0, 1e100, 0, 0, 0, 0, 0, 0},
                                      {1e-300, 2e-300, 1e-300, 3e-300, 1e-300, 2e-300, 1e-300, 2e-300},
                                      {-5, 3, -2, 8, -1, 0, 4, -3, 2, 1, -4, 6},
                                      RandomWalk(30, 1),
                                      RareDemand(40)};
  for (const Values& y : series) {
    for (const Periods& periods : {Periods{}, Periods{1}, Periods{4}, Periods{7, 12}, Periods{365}}) {
      for (const int horizon : {1, 30}) {
        const ForecastOptions options{horizon, {0.8, 0.95}};
        const AutoForecast made = ForecastAuto(y, periods, options);
        const std::string where = std::to_string(y.size()) + " " + std::to_string(y[1]);
        ExpectSound(made.forecast, options, y.size(), where);
        EXPECT_NEAR(SumOfWeights(made.chosen), 1, 1e-12) << where;
      }
    }
  }
}

TEST(AutoForecast, WorkIsBounded) {
  const Values y = RandomWalk(5000, 2);
  const AutoForecast made = ForecastAuto(y, {}, {10'000, {0.95}}, {.work = 1});
  EXPECT_LE(made.chosen.origins, 3U);
  ExpectSound(made.forecast, {10'000, {0.95}}, y.size(), "far");
}

TEST(AutoForecast, CanBeCancelled) {
  const Values y = WavySeries(400, 7);
  const PollCount polls;
  ForecastAuto(y, Periods{7});
  EXPECT_GT(polls.count(), 20);
}

TEST(AutoForecast, Refuses) {
  const Values y = {1, 2, 3, 4, 5};
  EXPECT_THROW(ForecastAuto({}, {}), Error);
  EXPECT_THROW(ForecastAuto(Values{1, std::nan("")}, {}), Error);
  EXPECT_THROW(ForecastAuto(y, Periods{0}), Error);
  EXPECT_THROW(ForecastAuto(y, Periods{12, 7}), Error);
  EXPECT_THROW(ForecastAuto(y, {}, {-1, {}}), Error);
  EXPECT_THROW(FitAuto(y, {}, 10'001), Error);
}

TEST(CombinedModels, RefuseWeightsThatDoNotFit) {
  const Values y = RandomWalk(20, 4);
  const std::vector<ForecastModel> members = {FitMethod(ParseMethod("naive"), y, {}),
                                              FitMethod(ParseMethod("mean"), y, {})};
  EXPECT_THROW(Combine(y, members, Combination::kMedian, {0.5, 0.5}), Error);
  EXPECT_THROW(Combine(y, members, Combination::kMean, {1.0}), Error);
  Json document = ToJson({Combine(y, members, Combination::kMean, {0.25, 0.75})});
  EXPECT_NEAR(PredictFrom(ForecastModelFromJson(document), {1, {}}).mean[0],
              0.25 * y.back() + 0.75 * std::accumulate(y.begin(), y.end(), 0.0) / 20, 1e-9);
}

}  // namespace
}  // namespace ecomm::core
