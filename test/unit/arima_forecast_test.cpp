#include "ecomm_analytics/core/arima_forecast.hpp"

#include <algorithm>
#include <limits>

#include "arima_support.hpp"
#include "forecast_support.hpp"

namespace ecomm::core {
namespace {

// With R's coefficients and variance: R's points and bounds.
TEST(ForecastArima, EqualsR) {
  for (const char* group : {"fits", "automatic", "regressions"}) {
    for (const auto& record : ArimaReference()[group]) {
      const auto y = RecordedSeries(record["series"]);
      ArimaModel model = RunArima(y, RecordedRegressors(record, 1, y.size()), RecordedArima(record));
      model.sigma2 = record["sigma2"];
      const int horizon = static_cast<int>(record["mean"].size());
      const auto steps = static_cast<std::size_t>(horizon);
      const Forecast forecast =
          ForecastArima(model, RecordedRegressors(record, y.size() + 1, steps), {horizon, {0.8, 0.95}});
      ExpectForecast(forecast, record, group == std::string("fits") ? 2e-6 : 1e-4, ArimaLabel(record));
      EXPECT_EQ(forecast.method, record["method"].get<std::string>());
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(forecast.residuals[y.size() - 3 + i], record["last_residuals"][i].get<double>(),
                    0.02 * std::sqrt(model.sigma2))
            << ArimaLabel(record);
      }
    }
  }
}

TEST(ForecastArima, LongHorizonsAndPeriods) {
  const ArimaModel yearly =
      FitArima(WavySeries(900, 365), {.order = {1, 0, 1, 0, 1, 1}, .period = 365, .constant = true});
  const ForecastOptions options{10'000, {0.8, 0.95}};
  ExpectSound(ForecastArima(yearly, options), options, 900, "yearly");
  const ArimaModel none = FitArima(WavySeries(30, 7), {.order = {0, 1, 1, 0, 1, 1}, .period = 7});
  ExpectSound(ForecastArima(none, {0, {0.9}}), {0, {0.9}}, 30, "no step");
  ExpectSound(ForecastArima(none, {10'000, {}}), {10'000, {}}, 30, "no level");
}

TEST(ForecastArima, ShortAndConstantSeries) {
  for (std::size_t n = 1; n <= 10; ++n) {
    for (const int d : {0, 1, 2}) {
      if (n < static_cast<std::size_t>(d) + 2) continue;
      const ArimaModel model = FitArima(WavySeries(n, 4), {.order = {0, d, 0, 0, 0, 0}});
      ExpectSound(ForecastArima(model), {}, n, std::to_string(n));
    }
  }
  const Forecast flat = ForecastArima(FitArima(std::vector<double>(20, 7.0), {.order = {1, 0, 0, 0, 0, 0}}));
  EXPECT_NEAR(flat.mean.back(), 7, 1e-9);
  EXPECT_NEAR(flat.upper[1].back(), 7, 1e-6);
}

// Once the gain is at its limit or followed step by step: the same variances.
TEST(ForecastArima, VarianceFollowsTheFilter) {
  ArimaModel model;
  model.order = {0, 0, 1, 0, 0, 0};
  model.coefficients.ma = {-1};
  const auto y = Autoregression(20, 0);
  const ArimaModel run = RunArima(y, NoRegressors(20), model);
  EXPECT_FALSE(run.state.steady);
  // The next error's variance of differenced white noise after n differences: (n + 2) / (n + 1).
  EXPECT_NEAR(run.state.variance, 22.0 / 21, 1e-12);
  const Forecast forecast = ForecastArima(run, {3, {0.95}});
  const double half = 1.959963984540054 * std::sqrt(run.sigma2);
  EXPECT_NEAR(forecast.upper[0][0] - forecast.mean[0], half * std::sqrt(22.0 / 21), 1e-9);
  EXPECT_NEAR(forecast.upper[0][2] - forecast.mean[2], half * std::sqrt(2.0), 1e-9);
}

TEST(ForecastArima, RefusesWhatDoesNotFit) {
  const auto y = RecordedSeries("Nile");
  const ArimaModel model = FitArima(y, RecordedWaves(1, y.size()), {.order = {1, 0, 0, 0, 0, 0}});
  ExpectError(ErrorCode::kInvalidArgument, "not those of the model", "Columns: 0, of the model: 2", [&] {
    ForecastArima(model, {3, {0.9}});
  });
  ExpectError(ErrorCode::kInvalidArgument, "regressors", "Rows: 2, observations: 3", [&] {
    ForecastArima(model, RecordedWaves(1, 2), {3, {0.9}});
  });
  ExpectError(ErrorCode::kInvalidArgument, "horizon", "", [&] {
    ForecastArima(model, RecordedWaves(1, 2), {-1, {0.9}});
  });
  ExpectError(ErrorCode::kInvalidArgument, "no state", "", [] { ForecastArima(ArimaModel{}); });
  ExpectError(ErrorCode::kInvalidArgument, "number of simulated paths", "Paths: 0",
              [&] { SimulateArima(model, 2, RecordedWaves(1, 2), {.paths = 0}); });
}

TEST(SimulateArima, HasTheMomentsOfTheForecast) {
  const auto y = RecordedSeries("AirPassengers");
  for (const ArimaOrder& order : {ArimaOrder{0, 1, 1, 0, 1, 1}, ArimaOrder{2, 0, 1, 0, 0, 0}}) {
    const ArimaModel model = FitArima(y, {.order = order, .period = 12});
    const Forecast forecast = ForecastArima(model, {15, {0.8}});
    const Matrix paths = SimulateArima(model, 15, NoRegressors(15), {.paths = 4000, .seed = 3});
    ASSERT_EQ(paths.rows(), 4000);
    for (const Eigen::Index step : {0, 5, 14}) {
      const auto i = static_cast<std::size_t>(step);
      const double deviation = (forecast.upper[0][i] - forecast.mean[i]) / 1.2815515655446004;
      EXPECT_NEAR(paths.col(step).mean(), forecast.mean[i], 4 * deviation / std::sqrt(4000.0));
      const double spread = std::sqrt((paths.col(step).array() - paths.col(step).mean()).square().mean());
      EXPECT_NEAR(spread / deviation, 1, 0.06);
    }
    EXPECT_EQ(paths, SimulateArima(model, 15, NoRegressors(15), {.paths = 4000, .seed = 3}));
  }
}

}  // namespace
}  // namespace ecomm::core
