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

// Points and bounds are those of the members; so is each one-step forecast.
TEST(ForecastModel, Combines) {
  const Values y = RecordedSeries("Nile");
  const ForecastModel a = {FitTheta(y)};
  const ForecastModel b = {FitEts(y)};
  const ForecastModel c = {FitBenchmark(y, Benchmark::kMean)};
  const ForecastModel mean = {Combine(y, {a, b}, Combination::kMean)};
  const Forecast forecast = PredictFrom(mean, {.horizon = 5});
  EXPECT_EQ(forecast.method, "mean of theta and ETS(M,N,N)");
  double squares = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    ASSERT_EQ(forecast.fitted[i], FittedOf(a)[i] / 2 + FittedOf(b)[i] / 2);
    ASSERT_EQ(forecast.residuals[i], y[i] - forecast.fitted[i]);
    squares += forecast.residuals[i] * forecast.residuals[i];
  }
  EXPECT_EQ(forecast.sigma2, squares / 100);
  EXPECT_EQ(forecast.upper[1][4],
            PredictFrom(a, {.horizon = 5}).upper[1][4] / 2 + PredictFrom(b, {.horizon = 5}).upper[1][4] / 2);
  const ForecastModel median = {Combine(y, {a, b, c}, Combination::kMedian)};
  EXPECT_EQ(Describe(median), "median of theta, ETS(M,N,N) and mean");

  const auto combine = [&](std::vector<ForecastModel> members) {
    Combine(y, std::move(members), Combination::kMean);
  };
  ExpectError(ErrorCode::kInvalidArgument, "number of models", "Models: 1", [&] { combine({a}); });
  ExpectError(ErrorCode::kInvalidArgument, "number of models", "Models: 17",
              [&] { combine(std::vector<ForecastModel>(17, a)); });
  ExpectError(ErrorCode::kInvalidArgument, "one series", "Observations: 101", [&] {
    combine({a, Update(b, Values{900})});
  });
}

TEST(ForecastModel, TakesRegressors) {
  const Values noise = Autoregression(130, 0.3);
  Matrix x(130, 1);
  Values y;
  for (Eigen::Index i = 0; i < 130; ++i) {
    x(i, 0) = static_cast<double>(i % 9);
    y.push_back(20 + 5 * x(i, 0) + noise[static_cast<std::size_t>(i)]);
  }
  const std::span<const double> first = std::span(y).first(100);
  const Matrix early = x.topRows(100);
  const Matrix late = x.bottomRows(30);
  const ForecastModel arima = {FitArima(first, early, {.order = {.p = 1}})};
  const ForecastModel mean = {Combine(first, {arima, {FitTheta(first)}}, Combination::kMean)};
  for (const ForecastModel& model : {arima, mean}) {
    EXPECT_EQ(RegressorCount(model), 1U);
    EXPECT_FALSE(Describe(model).empty());
    const Forecast before = PredictFrom(model, {.horizon = 30}, late);
    EXPECT_GT(before.mean[7], before.mean[8]);  // x is 8, then 0
    const ForecastModel updated = Update(model, std::span(y).subspan(100), late);
    const ForecastModel back = ForecastModelFromJson(ToJson(model));
    ExpectSameForecast(PredictFrom(Update(back, std::span(y).subspan(100), late), {.horizon = 30}, late),
                       PredictFrom(updated, {.horizon = 30}, late), "regressors");
    ExpectError(ErrorCode::kInvalidArgument, "regressors", "Columns: 0, of the model: 1",
                [&] { PredictFrom(model); });
    ExpectError(ErrorCode::kInvalidArgument, "regressors", "Columns: 0", [&] { Update(model, Values{1}); });
  }
  ExpectError(ErrorCode::kInvalidArgument, "regressors", "of the model: 0",
              [&] { PredictFrom({FitTheta(first)}, {.horizon = 30}, late); });
}

}  // namespace
}  // namespace ecomm::core
