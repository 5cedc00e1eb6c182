// A model of every kind, for the tests of what all of them can do.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "ecomm_analytics/core/forecast_model.hpp"
#include "forecast_support.hpp"

namespace ecomm::core {

struct KeptExample {
  std::string name;
  std::vector<double> y;  // what the model is of
  std::vector<double> later;
  ForecastModel model;
};

// Monthly, positive; the last 40 observations are what comes later.
inline std::vector<KeptExample> KeptExamples() {
  const std::vector<double> all = RecordedSeries("AirPassengers");
  const std::vector<double> y(all.begin(), all.end() - 40);
  const std::vector<double> later(all.end() - 40, all.end());
  std::vector<KeptExample> examples;
  const auto add = [&](const std::string& name, ForecastModel model) {
    examples.push_back({name, y, later, std::move(model)});
  };
  for (const Benchmark method :
       {Benchmark::kMean, Benchmark::kNaive, Benchmark::kSeasonalNaive, Benchmark::kDrift}) {
    add("benchmark", {FitBenchmark(y, method, 12)});
  }
  for (const ThetaModel model :
       {ThetaModel::kStandard, ThetaModel::kOptimised, ThetaModel::kDynamic, ThetaModel::kDynamicOptimised}) {
    for (const ThetaSeason season :
         {ThetaSeason::kNone, ThetaSeason::kAdditive, ThetaSeason::kMultiplicative}) {
      add("theta", {FitTheta(y, {.model = model, .period = 12, .season = season})});
    }
  }
  for (const char* form : {"ANN", "AAdN", "MAM", "MNA", "ANA", "MMdN"}) {
    EtsOptions ets;
    ets.form = ParseEtsForm(form);
    ets.period = 12;
    add(form, {FitEts(y, ets)});
  }
  for (const IntermittentMethod method : {IntermittentMethod::kCroston, IntermittentMethod::kSba,
                                          IntermittentMethod::kTsb, IntermittentMethod::kAdida}) {
    std::vector<double> rare = y;
    for (std::size_t i = 0; i < rare.size(); ++i) rare[i] = i % 4 == 2 || i % 9 == 0 ? rare[i] : 0;
    examples.push_back({std::string(Name(method)), rare, later, {FitIntermittent(rare, method)}});
  }
  const auto drift = [](std::span<const double> x) -> ForecastModel {
    return {FitBenchmark(x, Benchmark::kDrift)};
  };
  const auto ets = [](std::span<const double> x) -> ForecastModel { return {FitEts(x)}; };
  for (const char* form :
       {"(0,1,1)(0,1,1)", "(2,0,1) with non-zero mean", "(1,1,1)(1,0,0) with drift", "(0,0,0)"}) {
    const ArimaForm order = ParseArimaForm(form);
    add(form, {FitArima(y, {.order = order.order, .period = 12, .constant = order.constant})});
  }
  add("conditional", {FitArima(y, {.order = {.p = 2, .d = 1, .q = 1}, .conditional = true})});
  add("seasonal", {FitSeasonal(y, {.periods = {12}}, ets)});
  add("seasons", {FitSeasonal(y, {.periods = {12, 30}}, drift)});
  const auto arima = [](std::span<const double> x) -> ForecastModel {
    return {FitArima(x, {.order = {.p = 1, .d = 1}})};
  };
  const ForecastModel stl = {FitSeasonal(y, {.periods = {12}}, arima)};
  add("mean", {Combine(y, {examples[4].model, stl}, Combination::kMean)});
  add("median",
      {Combine(y, {examples[1].model, examples[2].model, examples.back().model}, Combination::kMedian)});
  return examples;
}

inline void ExpectSameForecast(const Forecast& a, const Forecast& b, const std::string& where) {
  EXPECT_EQ(a.mean, b.mean) << where;
  EXPECT_EQ(a.lower, b.lower) << where;
  EXPECT_EQ(a.upper, b.upper) << where;
  EXPECT_EQ(a.sigma2, b.sigma2) << where;
  EXPECT_EQ(a.method, b.method) << where;
}

}  // namespace ecomm::core
