#include "ecomm_analytics/core/theta.hpp"

#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "forecast_support.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr ThetaModel kModels[] = {ThetaModel::kStandard, ThetaModel::kOptimised, ThetaModel::kDynamic,
                                  ThetaModel::kDynamicOptimised};

Values SeasonalSales(std::size_t weeks) {
  Values y;
  for (std::size_t week = 0; week < weeks; ++week) {
    for (const double day : {100, 120, 130, 110, 150, 180, 0}) {
      y.push_back(day == 0 ? 0 : day + static_cast<double>(week));
    }
  }
  return y;
}

TEST(Theta, StandardEqualsR) {
  const auto document = ReadReference("theta_reference.json");
  ASSERT_EQ(document["series"].size(), 9U);
  for (const auto& entry : document["series"]) {
    const auto name = entry["name"].get<std::string>();
    const auto [forecast, fit] =
        ForecastTheta(RecordedSeries(name), {.period = entry["period"].get<int>()}, {.horizon = 15});
    EXPECT_EQ(fit.season == ThetaSeason::kMultiplicative, entry["seasonal"].get<bool>()) << name;
    // R stops its search where alpha has some four digits, and never with a smaller error than here.
    const auto& r = entry["thetaf"];
    ExpectForecast(forecast, r, 2e-4, name + " thetaf");
    EXPECT_NEAR(fit.alpha, r["alpha"].get<double>(), 3e-4) << name;
    EXPECT_LE(forecast.sigma2, r["sigma2"].get<double>() * (1 + 1e-12)) << name;
    ExpectClose(fit.slope, r["slope"].get<double>(), name + " slope");
    ExpectClose(forecast.fitted.back(), r["last_fitted"].get<double>(), name + " fitted", 1e-4);
    ExpectForecast(forecast, entry["refined"], 1e-7, name + " refined");
    EXPECT_NEAR(fit.alpha, entry["refined"]["alpha"].get<double>(), 1e-6) << name;
    EXPECT_EQ(forecast.method, "theta");
  }
}

TEST(Theta, ModelsEqualTheirEquations) {
  const auto document = ReadReference("theta_reference.json");
  for (const auto& entry : document["series"]) {
    for (const auto& [key, model, method] :
         {std::tuple("optimised", ThetaModel::kOptimised, "optimised theta"),
          std::tuple("dynamic", ThetaModel::kDynamic, "dynamic theta"),
          std::tuple("dynamic_optimised", ThetaModel::kDynamicOptimised, "dynamic optimised theta")}) {
      const std::string where = entry["name"].get<std::string>() + " " + key;
      const auto [forecast, fit] =
          ForecastTheta(RecordedSeries(entry["name"].get<std::string>()),
                        {.model = model, .period = entry["period"].get<int>()}, {.horizon = 15});
      const auto& expected = entry[key];
      EXPECT_LE(forecast.sigma2, expected["sigma2"].get<double>() * (1 + 1e-10)) << where;
      ExpectForecast(forecast, expected, 1e-5, where);
      EXPECT_NEAR(fit.alpha, expected["alpha"].get<double>(), 1e-4) << where;
      EXPECT_EQ(forecast.method, method);
    }
  }
}

TEST(Theta, ParametersGiveTheForecast) {
  const Values y = RecordedSeries("Nile");
  const auto [forecast, fit] = ForecastTheta(y, {.model = ThetaModel::kOptimised}, {.horizon = 2});
  const auto count = static_cast<double>(y.size());
  const double kept = std::pow(1 - fit.alpha, count);
  double level = fit.initial_level;
  for (const double value : y) level += fit.alpha * (value - level);
  EXPECT_NEAR(fit.level, level, 1e-9 * level);
  const double line = kept * fit.intercept + (1 - kept * (1 - fit.alpha)) / fit.alpha * fit.slope;
  EXPECT_NEAR(forecast.mean[0], level + (1 - 1 / fit.theta) * line, 1e-9 * level);
  EXPECT_NEAR(forecast.mean[1] - forecast.mean[0], (1 - 1 / fit.theta) * fit.slope, 1e-9 * level);
  EXPECT_GE(fit.theta, 1);
}

TEST(Theta, ConstantsHaveNoWidth) {
  for (const ThetaModel model : kModels) {
    for (const double value : {0.0, 0.1, -1e140, 1e-310}) {
      for (const std::size_t length : {1U, 2U, 6U, 7U, 40U}) {
        const auto forecast = ForecastTheta(Values(length, value), {.model = model, .period = 7}).forecast;
        EXPECT_EQ(forecast.mean, Values(10, value));
        EXPECT_EQ(forecast.lower[1], forecast.mean);
        EXPECT_EQ(forecast.upper[1], forecast.mean);
        EXPECT_EQ(forecast.sigma2, 0);
      }
    }
  }
}

TEST(Theta, ModelsContinueALine) {
  Values y;
  for (int i = 1; i <= 20; ++i) y.push_back(1e6 + 3 * i);
  for (const ThetaModel model : {ThetaModel::kOptimised, ThetaModel::kDynamicOptimised}) {
    const auto forecast = ForecastTheta(y, {.model = model}).forecast;
    for (int step = 1; step <= 10; ++step) {
      EXPECT_NEAR(forecast.mean[static_cast<std::size_t>(step - 1)], y.back() + 3 * step, 1e-2)
          << Name(model);
    }
  }
}

TEST(Theta, NoPlaceOnTheScaleIsSpecial) {
  const Values y = RecordedSeries("WWWusage");
  for (const ThetaModel model : kModels) {
    const auto plain = ForecastTheta(y, {.model = model});
    Values moved = Times(y, 1e-100);
    for (double& value : moved) value += 1e-94;
    const auto other = ForecastTheta(moved, {.model = model});
    EXPECT_NEAR(other.fit.alpha, plain.fit.alpha, 1e-6);
    for (std::size_t step = 0; step < 10; ++step) {
      EXPECT_NEAR((other.forecast.mean[step] - 1e-94) * 1e100, plain.forecast.mean[step], 1e-3)
          << Name(model);
    }
  }
}

TEST(Theta, ShortSeriesAreStandard) {
  for (const ThetaModel model : kModels) {
    const auto six = ForecastTheta(Values{1, 3, 2, 5, 4, 6}, {.model = model});
    EXPECT_EQ(six.forecast.method, "theta");
    EXPECT_EQ(six.fit.initial_level, 1);
    for (std::size_t length = 1; length < 12; ++length) {
      const Values y = Autoregression(length, 1);
      ExpectSound(ForecastTheta(y, {.model = model, .period = 2}).forecast, {}, length, "short");
    }
  }
  const auto two = ForecastTheta(Values{2, 5});
  EXPECT_EQ(two.fit.alpha, 1);
  EXPECT_NEAR(two.forecast.mean[0], 6.5, 1e-12);
}

TEST(Theta, ExtremesStayFinite) {
  const ForecastOptions far = {.horizon = 10000, .levels = {0.5, 1 - 1e-12}};
  Values outlier = Autoregression(300, 0.5);
  outlier[150] = 1e12;
  Values intermittent(200, 0.0);
  for (std::size_t i = 0; i < 200; i += 9) intermittent[i] = static_cast<double>(i % 4 + 1);
  for (const ThetaModel model : kModels) {
    for (const Values& y :
         {Times(Autoregression(200, 1), 1e138), Times(Autoregression(200, 1), 1e-300), outlier, intermittent,
          Values{1e140, -1e140, 1e140, -1e140, 1e140, -1e140, 1e140, -1e140}}) {
      for (const int period : {1, 2, 7, 365}) {
        ExpectSound(ForecastTheta(y, {.model = model, .period = period}, far).forecast, far, y.size(),
                    std::string(Name(model)));
      }
    }
  }
}

// Closed on Sundays: no factor could bring that back, and a zero then says nothing of the other days.
TEST(Theta, ClosedDaysAreLeftOut) {
  const Values y = SeasonalSales(30);
  for (const ThetaModel model : kModels) {
    const auto [forecast, fit] = ForecastTheta(y, {.model = model, .period = 7}, {.horizon = 14});
    EXPECT_EQ(fit.season, ThetaSeason::kMultiplicative);
    ASSERT_EQ(fit.seasonal.size(), 7U);
    EXPECT_EQ(forecast.mean[6], 0);
    EXPECT_EQ(forecast.upper[0][6], 0);
    EXPECT_NEAR(forecast.mean[5], 210, 20);
    const ThetaFit later = UpdateTheta(
        FitTheta(std::span(y).first(y.size() - 9), {.model = model, .period = 7}), std::span(y).last(9));
    ASSERT_EQ(later.fitted.size(), y.size());
    EXPECT_NEAR(ForecastFrom(later, {.horizon = 6}).mean[5], 210, 20);
  }
  ExpectError(ErrorCode::kUnusableData, "cannot be divided", "0.0001",
              [&] { ForecastTheta(y, {.period = 7, .season = ThetaSeason::kMultiplicative}); });
  EXPECT_EQ(ForecastTheta(y, {.period = 7, .season = ThetaSeason::kNone}).fit.season, ThetaSeason::kNone);
  Values returned = y;
  returned[6] = -1;
  EXPECT_EQ(ForecastTheta(returned, {.period = 7}).fit.season, ThetaSeason::kAdditive);
  EXPECT_TRUE(ForecastTheta(y, {.period = 200}).fit.seasonal.empty());
}

// The standard model's intervals have one width, as R's; the others' follow the season.
TEST(Theta, WidthFollowsTheSeason) {
  const Values y = RecordedSeries("AirPassengers");
  const auto [forecast, fit] =
      ForecastTheta(y, {.model = ThetaModel::kOptimised, .period = 12}, {.horizon = 1, .levels = {0.5}});
  const double width = forecast.upper[0][0] - forecast.lower[0][0];
  EXPECT_NEAR(width, 2 * 0.6744897501960817 * std::sqrt(forecast.sigma2) * fit.seasonal[0], 1e-9 * width);
}

TEST(Theta, Names) {
  for (const ThetaModel model : kModels) EXPECT_EQ(ParseThetaModel(Name(model)), model);
  EXPECT_EQ(ParseThetaModel("dotm"), ThetaModel::kDynamicOptimised);
  for (const auto season :
       {ThetaSeason::kAuto, ThetaSeason::kNone, ThetaSeason::kAdditive, ThetaSeason::kMultiplicative}) {
    EXPECT_EQ(ParseThetaSeason(Name(season)), season);
  }
  ExpectError(ErrorCode::kInvalidArgument, "\"beta\"", "", [] { ParseThetaModel("beta"); });
  ExpectError(ErrorCode::kInvalidArgument, "\"winter\"", "", [] { ParseThetaSeason("winter"); });
}

TEST(Theta, Refuses) {
  const Values y = {1, 2, 3, 2, 1, 2, 3};
  EXPECT_TRUE(ForecastTheta(y, {}, {.horizon = 0}).forecast.mean.empty());
  ExpectError(ErrorCode::kUnusableData, "empty", "", [] { ForecastTheta({}); });
  ExpectError(ErrorCode::kUnusableData, "not a finite", "Position: 1 of 2", [] {
    ForecastTheta(Values{kNaN, 1});
  });
  ExpectError(ErrorCode::kInvalidArgument, "period", "Period: 0", [&] { ForecastTheta(y, {.period = 0}); });
  ExpectError(ErrorCode::kInvalidArgument, "level", "", [&] { ForecastTheta(y, {}, {.levels = {0}}); });
  ExpectError(ErrorCode::kUnusableData, "too short", "",
              [&] { ForecastTheta(y, {.period = 4, .season = ThetaSeason::kAdditive}); });
}

}  // namespace
}  // namespace ecomm::core
