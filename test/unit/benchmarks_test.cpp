#include "ecomm_analytics/core/benchmarks.hpp"

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "forecast_support.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Method {
  const char* key;
  const char* name;
  Forecast (*forecast)(std::span<const double>, int, const ForecastOptions&);
};

const std::vector<Method>& Methods() {
  static const std::vector<Method> methods = {
      {"mean", "mean", [](std::span<const double> y, int, const auto& o) { return ForecastMean(y, o); }},
      {"naive", "naive", [](std::span<const double> y, int, const auto& o) { return ForecastNaive(y, o); }},
      {"seasonal", "seasonal naive",
       [](std::span<const double> y, int period, const auto& o) {
         return ForecastSeasonalNaive(y, period, o);
       }},
      {"drift", "drift", [](std::span<const double> y, int, const auto& o) { return ForecastDrift(y, o); }},
  };
  return methods;
}

TEST(Benchmarks, EqualR) {
  const auto document = ReadReference("benchmarks_reference.json");
  ASSERT_EQ(document["series"].size(), 9U);
  for (const auto& entry : document["series"]) {
    const auto name = entry["name"].get<std::string>();
    const Values y = RecordedSeries(name);
    for (const Method& method : Methods()) {
      const auto& expected = entry[method.key];
      const Forecast actual = method.forecast(y, entry["period"].get<int>(), {.horizon = 15});
      ExpectForecast(actual, expected, 1e-8, name + " " + method.key);
      EXPECT_EQ(actual.method, method.name);
      int missing = 0;
      double squares = 0;
      for (const double residual : actual.residuals) {
        if (std::isnan(residual)) {
          ++missing;
        } else {
          squares += residual * residual;
        }
      }
      EXPECT_EQ(missing, expected["residuals"][0].get<int>());
      ExpectClose(squares, expected["residuals"][1].get<double>(), name + " residuals");
      ExpectClose(actual.fitted.back(), expected["last_fitted"].get<double>(), name + " fitted");
    }
  }
}

TEST(Benchmarks, OneObservation) {
  for (const Method& method : Methods()) {
    const Forecast forecast = method.forecast(Values{7}, 1, {.horizon = 3});
    ExpectSound(forecast, {.horizon = 3}, 1, method.name);
    EXPECT_EQ(forecast.mean, Values(3, 7.0));
    EXPECT_EQ(forecast.lower[1], Values(3, 7.0));
    EXPECT_EQ(forecast.sigma2, 0);
  }
}

TEST(Benchmarks, ConstantsHaveNoWidth) {
  for (const double value : {0.0, 0.1, -1e140, 1e-310}) {
    for (const Method& method : Methods()) {
      const Forecast forecast = method.forecast(Values(31, value), 7, {.horizon = 20});
      EXPECT_EQ(forecast.mean, Values(20, value)) << method.name;
      EXPECT_EQ(forecast.lower[1], forecast.mean) << method.name;
      EXPECT_EQ(forecast.upper[1], forecast.mean) << method.name;
      EXPECT_EQ(forecast.sigma2, 0) << method.name;
    }
  }
}

TEST(Benchmarks, ExtremesStayFinite) {
  const ForecastOptions far = {.horizon = 10000, .levels = {1e-9, 0.5, 1 - 1e-12}};
  for (const Method& method : Methods()) {
    for (const Values& y : {Values{-1e140, 1e140}, Values{-1e140, 1e140, -1e140},
                            Values{1e-300, 2e-300, 5e-300}, Times(Autoregression(5000, 1), 1e138)}) {
      ExpectSound(method.forecast(y, 2, far), far, y.size(), method.name);
    }
  }
}

TEST(Benchmarks, DriftFollowsALine) {
  const Forecast forecast = ForecastDrift(Values{2, 5}, {.horizon = 2});
  EXPECT_EQ(forecast.mean, (Values{8, 11}));
  EXPECT_EQ(forecast.upper[0], forecast.mean);
  EXPECT_TRUE(std::isnan(forecast.fitted[0]));
  EXPECT_EQ(forecast.residuals[1], 0);
}

TEST(Benchmarks, SeasonalNaiveOfOnePeriod) {
  const Forecast forecast = ForecastSeasonalNaive(Values{1, 2, 3}, 3, {.horizon = 5});
  EXPECT_EQ(forecast.mean, (Values{1, 2, 3, 1, 2}));
  EXPECT_EQ(forecast.lower[0], forecast.mean);
  for (const double value : forecast.fitted) EXPECT_TRUE(std::isnan(value));
}

TEST(Benchmarks, Refuse) {
  const Values y = {1, 2, 3};
  for (const Method& method : Methods()) {
    EXPECT_TRUE(method.forecast(y, 1, {.horizon = 0}).mean.empty());
    ExpectError(ErrorCode::kUnusableData, "empty", "", [&] { method.forecast({}, 1, {}); });
    ExpectError(ErrorCode::kUnusableData, "not a finite number", "Position: 2 of 2", [&] {
      method.forecast(Values{1, kNaN}, 1, {});
    });
    ExpectError(ErrorCode::kInvalidArgument, "horizon", "", [&] { method.forecast(y, 1, {.horizon = -1}); });
    ExpectError(ErrorCode::kInvalidArgument, "level", "", [&] { method.forecast(y, 1, {.levels = {95}}); });
  }
  ExpectError(ErrorCode::kInvalidArgument, "period", "Period: 0", [&] { ForecastSeasonalNaive(y, 0); });
  ExpectError(ErrorCode::kUnusableData, "too short", "Length: 3, needed: 4",
              [&] { ForecastSeasonalNaive(y, 4); });
}

}  // namespace
}  // namespace ecomm::core
