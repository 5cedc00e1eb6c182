#include "ecomm_analytics/core/seasonal_forecast.hpp"

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "ecomm_analytics/core/forecast_model.hpp"
#include "forecast_support.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

ForecastModel Naive(std::span<const double> y) { return {FitBenchmark(y, Benchmark::kNaive)}; }
ForecastModel Drift(std::span<const double> y) { return {FitBenchmark(y, Benchmark::kDrift)}; }
// The most likely parameters, as R's.
ForecastModel Ets(std::span<const double> y) {
  EtsOptions options;
  options.trend_caution = 0;
  return {FitEts(y, options)};
}

// 0 to 6, again and again.
Values Wave(std::size_t n) {
  Values y;
  for (std::size_t i = 0; i < n; ++i) y.push_back(static_cast<double>(i % 7));
  return y;
}

TEST(SeasonalForecast, EqualsR) {
  const auto document = ReadReference("seasonal_forecast_reference.json");
  ASSERT_EQ(document["series"].size(), 7U);
  for (const auto& entry : document["series"]) {
    const std::string name = entry["name"];
    const Values y = name == "two" ? entry["values"].get<Values>() : RecordedSeries(name);
    SeasonOptions options;
    options.periods = entry["periods"].get<std::vector<int>>();
    if (entry["periodic"].get<bool>()) options.seasonal_windows = {0};
    const auto& expected = entry["forecasts"];
    const auto forecast = [&](auto method) {
      return PredictFrom({FitSeasonal(y, options, method)}, {.horizon = 40});
    };
    ExpectForecast(forecast(Naive), expected["naive"], 1e-8, name + " naive");
    ExpectForecast(forecast(Drift), expected["rwdrift"], 1e-8, name + " drift");
    // R's search for the parameters stops earlier.
    const Forecast ets = forecast(Ets);
    ExpectForecast(ets, expected["ets"], 5e-3, name + " ets");
    // The same form as R's automatic choice, so that the forecasts are comparable.
    const std::string order = expected["arima"]["method"];
    const ArimaForm form = ParseArimaForm(order.substr(order.find("ARIMA")));
    const auto arima = [&](std::span<const double> x) -> ForecastModel {
      return {FitArima(x, {.order = form.order, .constant = form.constant.value_or(false)})};
    };
    ExpectForecast(forecast(arima), expected["arima"], 5e-3, name + " arima");
    const std::string r = expected["ets"]["method"];
    const std::string prefix = options.periods.size() > 1 ? "MSTL + " : "STL + ";
    EXPECT_EQ(ets.method, prefix + r.substr(r.find("ETS")));
  }
}

TEST(SeasonalForecast, PartsAddUp) {
  const Values y = RecordedSeries("nottem");
  const AdjustedSeries adjusted = TakeOutSeasons(y, {.periods = {12}});
  ASSERT_EQ(adjusted.season.cycles.size(), 1U);
  ASSERT_EQ(adjusted.season.cycles[0].size(), 12U);
  for (std::size_t i = 0; i < y.size(); ++i) {
    ExpectClose(adjusted.values[i] + adjusted.seasonal[i], y[i], "sum");
  }
  EXPECT_EQ(adjusted.season.At(0), adjusted.seasonal[y.size() - 12]);
  EXPECT_EQ(adjusted.season.At(23), adjusted.seasonal.back());

  const SeasonalModel model = FitSeasonal(y, {.periods = {12}}, Naive);
  for (std::size_t i = 1; i < y.size(); ++i) {
    ExpectClose(model.fitted[i], adjusted.values[i - 1] + adjusted.seasonal[i], "fitted");
    ASSERT_EQ(model.residuals[i], y[i] - model.fitted[i]);
  }
}

TEST(SeasonalForecast, RepeatsAPureSeason) {
  const Forecast forecast = PredictFrom({FitSeasonal(Wave(50), {.periods = {7}}, Naive)}, {.horizon = 15});
  for (std::size_t step = 0; step < 15; ++step) {
    EXPECT_NEAR(forecast.mean[step], static_cast<double>((50 + step) % 7), 1e-9);
  }
}

// The nested model's update, and the season where it was.
TEST(SeasonalForecast, Updates) {
  const Values y = Wave(60);
  const Values later = Wave(71);
  const ForecastModel model = {FitSeasonal(y, {.periods = {7}}, Drift)};
  const ForecastModel updated = Update(model, std::span(later).subspan(60));
  EXPECT_EQ(Observations(updated), 71);
  const Forecast forecast = PredictFrom(updated, {.horizon = 20});
  for (std::size_t step = 0; step < 20; ++step) {
    EXPECT_NEAR(forecast.mean[step], static_cast<double>((71 + step) % 7), 1e-6);
  }
  EXPECT_NEAR(forecast.fitted.back(), later.back(), 1e-6);
  EXPECT_EQ(forecast.fitted.size(), 71U);
  ForecastModel stepwise = model;
  for (std::size_t i = 60; i < 71; ++i) stepwise = Update(stepwise, std::span(later).subspan(i, 1));
  EXPECT_EQ(PredictFrom(stepwise).mean, PredictFrom(updated).mean);
}

TEST(SeasonalForecast, ExtremesStayFinite) {
  const ForecastOptions far = {.horizon = 10000, .levels = {0.5, 1 - 1e-12}};
  Values outlier = Autoregression(300, 0.5);
  outlier[150] = 1e12;
  for (const Values& y : {Times(Autoregression(200, 1), 1e135), Times(Autoregression(200, 1), 1e-300),
                          outlier, Values(100, 0.0), Values(100, -7.0)}) {
    for (const auto& periods : {std::vector{2}, std::vector{7, 30}, std::vector{50}}) {
      for (const auto method : {Naive, Ets}) {
        const ForecastModel model = {FitSeasonal(y, {.periods = periods}, method)};
        ExpectSound(PredictFrom(model, far), far, y.size(), "extreme");
      }
    }
  }
}

TEST(SeasonalForecast, Refuses) {
  const auto fit = [](const Values& y, std::vector<int> periods) {
    FitSeasonal(y, {.periods = std::move(periods)}, Naive);
  };
  EXPECT_NO_THROW(fit(Wave(24), {12}));
  EXPECT_NO_THROW(fit(Wave(25), {12, 5}));
  ExpectError(ErrorCode::kUnusableData, "too short", "needed: 24", [&] { fit(Wave(23), {12}); });
  ExpectError(ErrorCode::kUnusableData, "too short", "needed: 25", [&] { fit(Wave(24), {12, 5}); });
  ExpectError(ErrorCode::kUnusableData, "too short", "", [&] { fit(Wave(24), {2'000'000'000}); });
  ExpectError(ErrorCode::kInvalidArgument, "no season", "", [&] { fit(Wave(24), {}); });
  ExpectError(ErrorCode::kInvalidArgument, "period", "Period: 1", [&] { fit(Wave(24), {1, 7}); });
  ExpectError(ErrorCode::kInvalidArgument, "same", "", [&] { fit(Wave(24), {7, 7}); });
  ExpectError(ErrorCode::kUnusableData, "empty", "", [&] { fit({}, {7}); });
  ExpectError(ErrorCode::kUnusableData, "not a finite", "",
              [&] { fit(Values(30, std::numeric_limits<double>::quiet_NaN()), {7}); });
}

}  // namespace
}  // namespace ecomm::core
