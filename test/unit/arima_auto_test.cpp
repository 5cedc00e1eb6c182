#include "ecomm_analytics/core/arima_auto.hpp"

#include <limits>
#include <numeric>

#include "arima_support.hpp"
#include "forecast_support.hpp"
#include "poll_count.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

AutoArimaOptions Season(int period) {
  AutoArimaOptions options;
  options.period = period;
  return options;
}

// R's choice for LakeHuron and others is less likely: its search stops where its optimiser fails.
TEST(FitAutoArima, ChoosesAsWellAsR) {
  for (const auto& record : ArimaReference()["automatic"]) {
    const std::string label = ArimaLabel(record);
    const ArimaModel model =
        FitAutoArima(RecordedSeries(record["series"]), Season(RecordedArimaPeriod(record)));
    EXPECT_EQ(model.order.d, RecordedOrder(record).d) << label;
    EXPECT_EQ(model.order.seasonal_d, RecordedOrder(record).seasonal_d) << label;
    EXPECT_LT(model.aicc, record["aicc"].get<double>() + 0.5) << label << ": " << Name(model);
    ExpectFinite(model, label);
    ExpectSound(ForecastArima(model), {}, model.fitted.size(), label);
  }
}

TEST(FitAutoArima, RegressesAsR) {
  for (const auto& record : ArimaReference()["regressions"]) {
    if (record["series"] != "USAccDeaths") continue;
    const auto y = RecordedSeries(record["series"]);
    const ArimaModel model = FitAutoArima(y, RecordedWaves(1, y.size()), Season(RecordedArimaPeriod(record)));
    EXPECT_EQ(Name(model), record["method"].get<std::string>());
    EXPECT_NEAR(model.aicc, record["aicc"].get<double>(), 0.01);
    const auto expected = record["regressors"].get<std::vector<double>>();
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(model.coefficients.regressors[i], expected[i], 0.05 * std::fabs(expected[i])) << i;
    }
  }
}

// Differences that would leave nothing of a regressor are not made.
TEST(FitAutoArima, KeepsRegressorsThatDifferencesWouldFlatten) {
  const std::size_t n = 80;
  auto y = Autoregression(n, 0.2);
  Matrix line(static_cast<Eigen::Index>(n), 1);
  for (std::size_t i = 0; i < n; ++i) {
    y[i] += 0.3 * static_cast<double>(i);
    line(static_cast<Eigen::Index>(i), 0) = static_cast<double>(i);
  }
  EXPECT_EQ(FitAutoArima(y, Season(1)).order.d, 1);
  const ArimaModel model = FitAutoArima(y, line, Season(1));
  EXPECT_EQ(model.order.d, 0);
  EXPECT_NEAR(model.coefficients.regressors[0], 0.3, 0.02);
}

TEST(FitAutoArima, IsNoWorseWhenAllModelsAreTried) {
  const auto y = RecordedSeries("UKgas");
  AutoArimaOptions options = Season(4);
  const double stepwise = FitAutoArima(y, options).aicc;
  options.stepwise = false;
  EXPECT_LT(FitAutoArima(y, options).aicc, stepwise + 2);
}

TEST(FitAutoArima, KeepsToWhatIsAllowed) {
  const auto y = RecordedSeries("AirPassengers");
  AutoArimaOptions options = Season(12);
  options.max_p = options.max_q = options.max_seasonal_p = options.max_seasonal_q = 0;
  EXPECT_EQ(FitAutoArima(y, options).order, (ArimaOrder{0, 1, 0, 0, 1, 0}));
  options = Season(12);
  options.d = 0;
  options.seasonal_d = 0;
  const ArimaModel levels = FitAutoArima(y, options);
  EXPECT_EQ(levels.order.d + levels.order.seasonal_d, 0);
  options = Season(12);
  options.max_d = 0;
  options.allow_drift = false;
  const ArimaModel seasonal = FitAutoArima(y, options);
  EXPECT_EQ(seasonal.order.d, 0);
  EXPECT_FALSE(seasonal.has_constant);
  options = Season(1);
  EXPECT_EQ(Name(FitAutoArima(y, options)).find('['), std::string::npos);
  options.criterion = EtsCriterion::kBic;
  const ArimaModel small = FitAutoArima(y, options);
  EXPECT_LE(small.estimated, FitAutoArima(y, Season(1)).estimated);
}

TEST(FitAutoArima, ShortSeries) {
  ExpectError(ErrorCode::kUnusableData, "empty", "", [] { FitAutoArima(std::vector<double>{}, Season(1)); });
  for (std::size_t n = 1; n <= 30; ++n) {
    for (const int period : {1, 4, 7, 12, 365}) {
      const std::string where = std::to_string(n) + " of " + std::to_string(period);
      const ArimaModel model = FitAutoArima(WavySeries(n, 4), Season(period));
      ExpectFinite(model, where);
      ExpectSound(ForecastArima(model), {}, n, where);
    }
    ExpectFinite(FitAutoArima(WavySeries(n, 4), RecordedWaves(1, n), Season(4)), std::to_string(n));
  }
}

TEST(FitAutoArima, ConstantAndPerfectSeries) {
  for (const double level : {0.0, 3.0, -1e-300, 1e139}) {
    const ArimaModel model = FitAutoArima(std::vector<double>(50, level), Season(7));
    EXPECT_EQ(Name(model), "ARIMA(0,0,0) with non-zero mean");
    EXPECT_EQ(model.coefficients.constant, level);
    EXPECT_EQ(model.estimated, 0);
    EXPECT_EQ(model.sigma2, 0);
    ExpectFinite(model, "constant");
    EXPECT_EQ(ForecastArima(model).mean.back(), level);
  }
  std::vector<double> line(40);
  std::iota(line.begin(), line.end(), 1.0);
  const ArimaModel trend = FitAutoArima(line, Season(1));
  EXPECT_EQ(Name(trend), "ARIMA(0,1,0) with drift");
  EXPECT_NEAR(ForecastArima(trend).mean[9], 50, 1e-9);
  for (std::size_t i = 0; i < line.size(); ++i) line[i] = static_cast<double>(i * i);
  // Two differences have no constant: the last slope goes on.
  EXPECT_NEAR(ForecastArima(FitAutoArima(line, Season(1))).mean[9], 39 * 39 + 10 * 77, 1e-6);
  std::vector<double> wave(60);
  for (std::size_t i = 0; i < wave.size(); ++i)
    wave[i] = static_cast<double>(i % 7) + 0.5 * static_cast<double>(i);
  const ArimaModel season = FitAutoArima(wave, Season(7));
  EXPECT_NEAR(ForecastArima(season).mean[6], static_cast<double>(66 % 7) + 33, 1e-6);
  ExpectFinite(FitAutoArima(std::vector<double>(50, 3.0), RecordedWaves(1, 50), Season(7)), "regressors");
}

TEST(FitAutoArima, SurvivesOutliersAndMostlyZeros) {
  for (const double outlier : {1e3, 1e6, 1e12, 1e100, -1e139}) {
    auto y = WavySeries(96, 12);
    y[50] = outlier;
    ExpectFinite(FitAutoArima(y, Season(12)), std::to_string(outlier));
  }
  std::vector<double> zeros(60, 0.0);
  zeros[10] = 5;
  ExpectFinite(FitAutoArima(zeros, Season(7)), "one value");
  for (std::size_t i = 0; i < zeros.size(); i += 9) zeros[i] = 1 + static_cast<double>(i % 4);
  ExpectFinite(FitAutoArima(zeros, Season(7)), "few values");
  auto shift = WavySeries(90, 7);
  for (std::size_t i = 45; i < shift.size(); ++i) shift[i] += 500;
  ExpectFinite(FitAutoArima(shift, Season(7)), "shift");
}

TEST(FitAutoArima, RefusesWhatItCannotUse) {
  std::vector<double> y = WavySeries(20, 4);
  ExpectError(ErrorCode::kInvalidArgument, "period", "Period: 0", [&] { FitAutoArima(y, Season(0)); });
  AutoArimaOptions options;
  options.max_p = -1;
  ExpectError(ErrorCode::kInvalidArgument, "outside its range", "p: -1", [&] { FitAutoArima(y, options); });
  options = {};
  options.max_order = -1;
  ExpectError(ErrorCode::kInvalidArgument, "outside its range", "max_order: -1",
              [&] { FitAutoArima(y, options); });
  options = Season(12);
  options.seasonal_d = 2;
  ExpectError(ErrorCode::kUnusableData, "too short for a difference", "Needed: 25",
              [&] { FitAutoArima(y, options); });
  y[3] = kNaN;
  ExpectError(ErrorCode::kUnusableData, "not a finite number", "Position: 4 of 20",
              [&] { FitAutoArima(y, Season(4)); });
}

TEST(FitAutoArima, LongSeriesAndPeriods) {
  struct Case {
    std::size_t n;
    int period;
    int most_polls;
  };
  for (const Case& c : {Case{1200, 365, 200'000}, Case{20'000, 7, 200'000}, Case{20'000, 8766, 200'000}}) {
    const PollCount polls;
    const ArimaModel model = FitAutoArima(WavySeries(c.n, c.period), Season(c.period));
    ExpectFinite(model, std::to_string(c.period));
    EXPECT_LT(polls.count(), c.most_polls) << c.n << " " << c.period;
  }
}

TEST(FitAutoArima, IsDeterministic) {
  const auto y = WavySeries(150, 7);
  const ArimaModel first = FitAutoArima(y, Season(7));
  const ArimaModel second = FitAutoArima(y, Season(7));
  EXPECT_EQ(first.order, second.order);
  EXPECT_EQ(first.loglik, second.loglik);
}

}  // namespace
}  // namespace ecomm::core
