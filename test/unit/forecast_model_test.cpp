#include "ecomm_analytics/core/forecast_model.hpp"

#include <limits>
#include <span>
#include <vector>

#include "forecast_model_example.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

TEST(ForecastModel, ForecastsAsItsMethod) {
  for (const auto& [name, y, later, model] : KeptExamples()) {
    const ForecastOptions options = {.horizon = 30};
    const Forecast forecast = PredictFrom(model, options);
    ExpectSound(forecast, options, y.size(), name);
    EXPECT_EQ(Describe(model), forecast.method);
    EXPECT_EQ(Observations(model), static_cast<std::int64_t>(y.size()));
    EXPECT_EQ(FittedOf(model).size(), y.size()) << name;
    EXPECT_EQ(ResidualsOf(model).size(), y.size()) << name;
  }
}

TEST(ForecastModel, Describes) {
  const Values y = RecordedSeries("Nile");
  EXPECT_EQ(Describe({FitBenchmark(y, Benchmark::kSeasonalNaive, 4)}), "seasonal naive");
  EXPECT_EQ(Describe({FitTheta(y, {.model = ThetaModel::kDynamic})}), "dynamic theta");
  const auto naive = [](std::span<const double> x) -> ForecastModel {
    return {FitBenchmark(x, Benchmark::kNaive)};
  };
  EXPECT_EQ(Describe({FitSeasonal(y, {.periods = {5}}, naive)}), "STL + naive");
  EXPECT_EQ(Describe({FitSeasonal(y, {.periods = {5, 9}}, naive)}), "MSTL + naive");
}

TEST(ForecastModel, UpdatesDoNotDependOnThePieces) {
  for (const auto& [name, y, later, model] : KeptExamples()) {
    const ForecastModel once = Update(model, later);
    ForecastModel stepwise = model;
    for (const double value : later) stepwise = Update(std::move(stepwise), Values{value});
    stepwise = Update(std::move(stepwise), {});
    EXPECT_EQ(Observations(once), 144) << name;
    EXPECT_EQ(FittedOf(once).size(), 144U) << name;
    EXPECT_EQ(ResidualsOf(stepwise).size(), 144U) << name;
    ExpectSameForecast(PredictFrom(stepwise), PredictFrom(once), name + " " + Describe(model));
  }
}

TEST(ForecastModel, Refuses) {
  for (const auto& [name, y, later, model] : KeptExamples()) {
    ExpectError(ErrorCode::kUnusableData, "", "Position: 2", [&] {
      Update(model, Values{400, std::numeric_limits<double>::infinity()});
    });
    ExpectError(ErrorCode::kNumericRange, "", "", [&] { Update(model, Values{1e200}); });
    ExpectError(ErrorCode::kInvalidArgument, "horizon", "", [&] { PredictFrom(model, {.horizon = 10001}); });
  }
}

}  // namespace
}  // namespace ecomm::core
