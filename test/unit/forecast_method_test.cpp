#include "ecomm_analytics/core/forecast_method.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "daily_series.hpp"
#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

TEST(ForecastMethod, NamesAreReadBack) {
  for (const std::string name : {"mean",
                                 "naive",
                                 "seasonal_naive",
                                 "drift",
                                 "theta",
                                 "theta(optimised)",
                                 "theta(dynamic)",
                                 "theta(dynamic optimised)",
                                 "ets",
                                 "ets(MAM)",
                                 "ets(AAdA)",
                                 "ets(ZAN)",
                                 "auto",
                                 "croston",
                                 "sba",
                                 "arima",
                                 "arima(0,1,1)",
                                 "arima(0,1,1)(0,1,1)",
                                 "arima(1,0,0) with non-zero mean",
                                 "arima(1,1,0)(0,1,1)[7] with drift",
                                 "stl(ets)",
                                 "mstl(arima(0,1,1))",
                                 "stl(naive)",
                                 "combine(stl(ets), arima)",
                                 "tsb",
                                 "adida",
                                 "combine(theta, ets(ANN))",
                                 "median(naive, drift, theta(dynamic), ets)"}) {
    EXPECT_EQ(Name(ParseMethod(name)), name);
  }
  EXPECT_EQ(Name(ParseMethod(" Combine( ETS(aan),naive )")), "combine(ets(AAN), naive)");
}

TEST(ForecastMethod, SmoothingHasNamesOfItsOwn) {
  EXPECT_EQ(Name(ParseMethod("ses")), "ets(ANN)");
  EXPECT_EQ(Name(ParseMethod("holt")), "ets(AAN)");
  EXPECT_EQ(Name(ParseMethod("damped_holt")), "ets(AAdN)");
  EXPECT_EQ(Name(ParseMethod("holt_winters")), "ets(AAA)");
  EXPECT_EQ(Name(ParseMethod("holt_winters(multiplicative)")), "ets(MAM)");
}

TEST(ForecastMethod, WhatIsNoneIsRefused) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "combine(";
  for (const std::string& text :
       {std::string(),
        std::string("prophet"),
        std::string("ets("),
        std::string("ets(MAA)x"),
        std::string("ets(AMA)"),
        std::string("naive(2)"),
        std::string("combine"),
        std::string("combine()"),
        std::string("combine(ets)"),
        std::string("combine(ets, auto)"),
        std::string("median(ets,)"),
        std::string("combine(ets, combine(theta, ets))"),
        std::string("theta(wrong)"),
        std::string("holt(multiplicative)"),
        std::string("stl(mstl(ets))"),
        std::string("stl(auto)"),
        std::string("mstl(combine(ets, theta))"),
        std::string("arima(1)"),
        std::string("arima(0,1,1)x"),
        std::string("stl(ets, theta)"),
        std::string("median(naive,naive,naive,naive,naive,naive,naive,naive,naive,naive,naive)"),
        deep}) {
    EXPECT_THROW(ParseMethod(text), Error) << text.substr(0, 50);
  }
}

TEST(ForecastMethod, CombinationsAreTakenStepByStep) {
  const std::vector<double> y = WeeklySeries(100);
  const std::vector<int> week = {7};
  const ForecastOptions options{.horizon = 5};
  const auto by = [&](const char* method) { return ForecastBy(ParseMethod(method), y, week, options); };
  const Forecast theta = by("theta");
  const Forecast ets = by("ets");
  const Forecast naive = by("naive");
  const Forecast mean = by("combine(theta, ets, naive)");
  const Forecast median = by("median(theta, ets, naive)");
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_DOUBLE_EQ(mean.mean[i], theta.mean[i] / 3 + ets.mean[i] / 3 + naive.mean[i] / 3);
    EXPECT_DOUBLE_EQ(mean.upper[1][i], theta.upper[1][i] / 3 + ets.upper[1][i] / 3 + naive.upper[1][i] / 3);
    std::vector<double> lower = {theta.lower[0][i], ets.lower[0][i], naive.lower[0][i]};
    std::sort(lower.begin(), lower.end());
    EXPECT_DOUBLE_EQ(median.lower[0][i], lower[1]);
  }
  EXPECT_EQ(median.method, "median of theta, " + ets.method + " and naive");
  EXPECT_EQ(mean.residuals.size(), y.size());
}

TEST(ForecastMethod, RerunsOverEarlierPartsWithWhatWasFitted) {
  const std::vector<double> y = WeeklySeries(150);
  const std::vector<int> week = {7};
  for (const char* method :
       {"mean", "naive", "seasonal_naive", "drift", "theta", "ets", "ets(ANA)", "arima",
        "arima(1,0,0)(0,1,1)", "stl(ets)", "mstl(theta)", "sba", "combine(ets, theta)"}) {
    const ForecastModel model = FitMethod(ParseMethod(method), y, week);
    const ForecastModel same = Rerun(model, y);
    const ForecastOptions options{.horizon = 8};
    EXPECT_EQ(Describe(same), Describe(model)) << method;
    const Forecast expected = PredictFrom(model, options);
    const Forecast again = PredictFrom(same, options);
    for (std::size_t i = 0; i < 8; ++i) {
      EXPECT_NEAR(again.mean[i], expected.mean[i], 1e-6 * std::abs(expected.mean[i])) << method;
    }
    const ForecastModel earlier = Rerun(model, std::span(y).first(100));
    EXPECT_EQ(Observations(earlier), 100) << method;
  }
}

TEST(ForecastMethod, SeasonsThatDoNotFitAreLeftOut) {
  const std::vector<double> y = WeeklySeries(60);
  const std::vector<int> both = {7, 30};
  const auto described = [&](const char* method) {
    return Describe(FitMethod(ParseMethod(method), y, both));
  };
  EXPECT_EQ(described("stl(naive)"), "STL + naive");
  EXPECT_EQ(described("mstl(naive)"), "STL + naive");
  EXPECT_EQ(Describe(FitMethod(ParseMethod("stl(naive)"), std::span(y).first(13), both)), "naive");
  const std::vector<double> longer = WeeklySeries(61);
  EXPECT_EQ(Describe(FitMethod(ParseMethod("mstl(naive)"), longer, both)), "MSTL + naive");
}

}  // namespace
}  // namespace ecomm::core
