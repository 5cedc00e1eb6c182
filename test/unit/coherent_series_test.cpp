#include "ecomm_analytics/core/coherent_series.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "daily_series.hpp"
#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

const std::vector<SeriesName> kNames = {
    {"A", "x"}, {"A", "y"}, {"B", "x"}, {"B", std::nullopt}, {std::nullopt, "y"}};

std::vector<std::vector<double>> Bottoms() {
  std::vector<std::vector<double>> bottoms;
  for (std::size_t k = 0; k < kNames.size(); ++k) {
    Random random(k + 1);
    std::vector<double> y = WeeklySeries(100);
    for (double& value : y)
      value = std::max(0.0, value * static_cast<double>(k + 1) / 3 + 10 * random.Normal());
    bottoms.push_back(std::move(y));
  }
  return bottoms;
}

std::vector<const std::vector<double>*> Pointers(const std::vector<std::vector<double>>& series) {
  std::vector<const std::vector<double>*> pointers;
  for (const auto& values : series) pointers.push_back(&values);
  return pointers;
}

std::vector<StatedForecast> ForecastThem(const CoherentSeries& coherent, const char* method) {
  ForecastRequest request;
  request.method = ParseMethod(method);
  request.options.horizon = 9;
  request.season = 7;
  std::vector<StatedForecast> forecasts;
  for (const auto* values : coherent.values()) forecasts.push_back(ForecastSeries(*values, request));
  return forecasts;
}

TEST(CoherentSeries, NamesWhatIsSummedOver) {
  const auto bottoms = Bottoms();
  const CoherentSeries coherent(kNames, Pointers(bottoms));
  EXPECT_EQ(coherent.names().front(), (SeriesName{"*", "*"}));
  EXPECT_EQ(coherent.names().back(), kNames.back());
  double total = 0;
  for (const auto& y : bottoms) total += y[42];
  EXPECT_NEAR((*coherent.values().front())[42], total, 1e-9);
  // A over both, B over both, x and y over categories; what has no category has y alone.
  EXPECT_EQ(coherent.names().size(), kNames.size() + 5);
}

TEST(CoherentSeries, ForecastsAddUp) {
  const auto bottoms = Bottoms();
  const CoherentSeries coherent(kNames, Pointers(bottoms));
  for (const char* method : {"ets", "theta", "arima"}) {
    for (const char* how : {"bottom_up", "ols", "wls_struct", "wls_var", "mint"}) {
      std::vector<StatedForecast> forecasts = ForecastThem(coherent, method);
      const Forecast total = forecasts.front().forecast;
      coherent.Reconcile(ParseReconciliation(how), &forecasts);
      for (std::size_t step = 0; step < 9; ++step) {
        double sum = 0;
        for (std::size_t k = 5; k < forecasts.size(); ++k) sum += forecasts[k].forecast.mean[step];
        EXPECT_NEAR(forecasts.front().forecast.mean[step], sum, 1e-6);
        EXPECT_NEAR(sum, total.mean[step], 0.2 * total.mean[step]);
        for (const StatedForecast& stated : forecasts) {
          const Forecast& forecast = stated.forecast;
          EXPECT_GE(forecast.lower[1][step], 0);
          EXPECT_LE(forecast.lower[1][step], forecast.mean[step]);
          EXPECT_GE(forecast.upper[0][step], forecast.mean[step]);
          EXPECT_GT(forecast.upper[1][step], forecast.upper[0][step]);
        }
      }
      EXPECT_NE(forecasts.front().forecast.method.find("reconciled by"), std::string::npos);
    }
  }
}

TEST(CoherentSeries, ReturnsOfOnePartMakeNoForecastNegative) {
  auto bottoms = Bottoms();
  for (double& value : bottoms[0]) value *= 0.01;
  for (std::size_t i = 3; i < 100; i += 7) bottoms[0][i] = -3;
  const CoherentSeries coherent(kNames, Pointers(bottoms));
  std::vector<StatedForecast> forecasts = ForecastThem(coherent, "theta");
  coherent.Reconcile(Reconciliation::kOls, &forecasts);
  for (const StatedForecast& stated : forecasts) {
    for (const double mean : stated.forecast.mean) EXPECT_GE(mean, 0);
  }
  EXPECT_LT(forecasts[5].forecast.lower[1][0], 0);  // it does have returns
  EXPECT_GE(forecasts[6].forecast.lower[1][0], 0);
}

TEST(CoherentSeries, OtherSeriesAreRefused) {
  const auto bottoms = Bottoms();
  auto shorter = bottoms;
  shorter[2].pop_back();
  EXPECT_THROW(CoherentSeries(kNames, Pointers(shorter)), Error);
  const std::vector<SeriesName> same(5, SeriesName{"A", "x"});
  EXPECT_THROW(CoherentSeries(same, Pointers(bottoms)), Error);
}

}  // namespace
}  // namespace ecomm::core
