#include "ecomm_analytics/core/ets_forecast.hpp"

#include <algorithm>
#include <limits>

#include "ets_support.hpp"

namespace ecomm::core {
namespace {

constexpr double kNormal80 = 1.2815515655446004;

EtsModel Fitted(const std::string& form, std::size_t n = 120, int period = 7) {
  EtsOptions options;
  options.form = ParseEtsForm(form);
  options.period = period;
  return FitEts(WavySeries(n, period), options);
}

void ExpectOrdered(const Forecast& f, int horizon, const std::string& where) {
  const auto steps = static_cast<std::size_t>(horizon);
  ASSERT_EQ(f.mean.size(), steps) << where;
  ExpectFinite(f.mean, where);
  for (std::size_t level = 0; level < f.levels.size(); ++level) {
    ASSERT_EQ(f.lower[level].size(), steps);
    ExpectFinite(f.lower[level], where + " lower");
    ExpectFinite(f.upper[level], where + " upper");
    for (std::size_t h = 0; h < steps; ++h) EXPECT_LE(f.lower[level][h], f.upper[level][h]) << where;
  }
}

// Against the moments of the state space matrices themselves, multiplied out step by step.
TEST(ForecastEts, EqualsTheStateSpaceMoments) {
  for (const auto& fit : EtsReference()["fits"]) {
    const std::string label = Label(fit);
    const auto mean = fit["dense_mean"].get<std::vector<double>>();
    const Forecast f = ForecastEts(RecordedModel(fit), {static_cast<int>(mean.size()), {0.8}});
    ASSERT_EQ(f.mean.size(), mean.size());
    for (std::size_t h = 0; h < mean.size(); ++h) {
      const std::string where = label + " step " + std::to_string(h + 1);
      EXPECT_NEAR(f.mean[h] / mean[h], 1, 1e-9) << where;
      const double deviation = std::sqrt(fit["dense_variance"][h].get<double>());
      EXPECT_NEAR((f.upper[0][h] - f.mean[h]) / (kNormal80 * deviation), 1, 1e-7) << where;
    }
  }
}

// R's intervals, except where the reference script says that R's formula is off.
TEST(ForecastEts, EqualsR) {
  int compared = 0;
  for (const auto& fit : EtsReference()["fits"]) {
    const std::string form = fit["form"];
    if (form == "MAdM") continue;
    const bool until_period = form == "ANA" || form == "MNA";
    const auto mean = fit["mean"].get<std::vector<double>>();
    const Forecast f = ForecastEts(RecordedModel(fit), {static_cast<int>(mean.size()), {0.8, 0.95}});
    for (std::size_t h = 0; h < mean.size(); ++h) {
      const std::string where = Label(fit) + " step " + std::to_string(h + 1);
      EXPECT_NEAR(f.mean[h] / mean[h], 1, 1e-6) << where;
      if (until_period && h + 1 >= static_cast<std::size_t>(RecordedPeriod(fit["series"]))) continue;
      const double width = f.upper[1][h] - f.lower[1][h];
      EXPECT_NEAR(f.lower[1][h], fit["lower95"][h].get<double>(), 1e-6 * width) << where;
      EXPECT_NEAR(f.upper[0][h], fit["upper80"][h].get<double>(), 1e-6 * width) << where;
      ++compared;
    }
  }
  EXPECT_GT(compared, 500);
}

TEST(ForecastEts, FirstStepIsTheNextFittedValue) {
  const auto y = WavySeries(121, 7);
  for (const char* form : {"ANN", "AAdA", "MNA", "MAdN", "MNM", "MAdM", "MMdM", "MMN"}) {
    const EtsModel model = Fitted(form, 120);
    const Forecast f = ForecastEts(model, {1, {0.9}});
    EXPECT_NEAR(f.mean[0], UpdateEts(model, std::span(y).last(1)).fitted.back(), 1e-9) << form;
    EXPECT_EQ(f.fitted, model.fitted);
    EXPECT_EQ(f.residuals, model.residuals);
    EXPECT_EQ(f.sigma2, model.sigma2);
  }
}

TEST(ForecastEts, SimulationAgreesWithTheFormulas) {
  for (const char* form : {"ANN", "AAdA", "MNN", "MAdA", "MNM", "MAdM"}) {
    const EtsModel model = Fitted(form);
    const ForecastOptions options{20, {0.8}};
    const Forecast exact = ForecastEts(model, options);
    EtsSimulation simulation;
    simulation.intervals = true;
    simulation.paths = 20'000;
    const Forecast simulated = ForecastEts(model, options, simulation);
    const Matrix paths = SimulateEts(model, 20, simulation);
    for (std::size_t h = 0; h < 20; ++h) {
      const double width = exact.upper[0][h] - exact.lower[0][h];
      EXPECT_NEAR(simulated.lower[0][h], exact.lower[0][h], 0.05 * width) << form << h;
      EXPECT_NEAR(simulated.upper[0][h], exact.upper[0][h], 0.05 * width) << form << h;
      EXPECT_NEAR(paths.col(static_cast<Eigen::Index>(h)).mean(), exact.mean[h], 0.02 * width) << form << h;
    }
  }
}

TEST(ForecastEts, SimulationKeepsToItsSeed) {
  const EtsModel model = Fitted("MMdM");
  EtsSimulation simulation;
  simulation.paths = 500;
  const Forecast first = ForecastEts(model, {12, {0.95}}, simulation);
  EXPECT_EQ(first.lower, ForecastEts(model, {12, {0.95}}, simulation).lower);
  ExpectOrdered(first, 12, "MMdM");
  simulation.seed = 2;
  EXPECT_NE(first.lower, ForecastEts(model, {12, {0.95}}, simulation).lower);
  simulation.bootstrap = true;
  ExpectOrdered(ForecastEts(model, {12, {0.5, 0.99}}, simulation), 12, "bootstrap");
}

TEST(ForecastEts, BootstrapDrawsTheResiduals) {
  EtsModel model = Fitted("ANN");
  std::fill(model.residuals.begin(), model.residuals.end(), -1.0);
  for (std::size_t i = 0; i < model.residuals.size(); i += 2) model.residuals[i] = 1;
  EtsSimulation simulation;
  simulation.bootstrap = true;
  simulation.paths = 1000;
  const Matrix paths = SimulateEts(model, 1, simulation);
  for (Eigen::Index i = 0; i < paths.rows(); ++i) {
    EXPECT_NEAR(std::fabs(paths(i, 0) - model.state.level), 1, 1e-9);
  }
}

TEST(ForecastEts, LongHorizonsAndPeriods) {
  for (const char* form : {"ANN", "AAN", "AAA", "MNN", "MNA", "MAM", "MNM", "MAdM", "MMdN"}) {
    EtsSimulation simulation;
    simulation.paths = 20;
    ExpectOrdered(ForecastEts(Fitted(form), {10'000, {0.8, 0.95}}, simulation), 10'000, form);
  }
  EtsModel model;
  model.form = ParseEtsForm("MAM");
  model.period = 8766;
  model.parameters = {0.1, 0.001, 0.05, 1};
  model.state = {100, 0.01, std::vector<double>(8766, 1.0)};
  model.sigma2 = 0.01;
  ExpectOrdered(ForecastEts(model, {10'000, {0.95}}), 10'000, "MAM 8766");
}

TEST(ForecastEts, NamesItsMethod) {
  EXPECT_EQ(ForecastEts(Fitted("AAdA")).method, "ETS(A,Ad,A)");
  EXPECT_EQ(ForecastEts(Fitted("MNM")).method, "ETS(M,N,M)");
}

TEST(ForecastEts, HorizonZeroIsEmpty) {
  for (const char* form : {"ANN", "MNN", "MAM", "MMN"})
    ExpectOrdered(ForecastEts(Fitted(form), {0, {0.8}}), 0, form);
}

TEST(ForecastEts, RefusesAbsurdOptions) {
  const EtsModel model = Fitted("ANN");
  ExpectError(ErrorCode::kInvalidArgument, "horizon", "-1", [&] { ForecastEts(model, {-1, {0.8}}); });
  ExpectError(ErrorCode::kInvalidArgument, "level", "1", [&] { ForecastEts(model, {3, {1.0}}); });
  EtsSimulation simulation;
  simulation.paths = 0;
  ExpectError(ErrorCode::kInvalidArgument, "paths", "Paths: 0", [&] { SimulateEts(model, 3, simulation); });
  simulation.paths = 10;
  simulation.bootstrap = true;
  EtsModel bare = model;
  bare.residuals.clear();
  ExpectError(ErrorCode::kInvalidArgument, "residuals", "", [&] {
    ForecastEts(bare, {3, {0.8}}, simulation);
  });
  EtsModel explosive = Fitted("MMN");
  explosive.state.trend = 1e10;
  ExpectError(ErrorCode::kNumericRange, "grows beyond", "MMN", [&] { ForecastEts(explosive, {100, {0.8}}); });
}

}  // namespace
}  // namespace ecomm::core
