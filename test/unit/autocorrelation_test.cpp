#include "ecomm_analytics/core/autocorrelation.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tested_series_support.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Values Numbers(const nlohmann::json& list) {
  Values result;
  for (const auto& value : list) result.push_back(ReferenceNumber(value));
  return result;
}

void ExpectAllClose(const Values& actual, const nlohmann::json& list, const std::string& where) {
  const Values expected = Numbers(list);
  ASSERT_EQ(actual.size(), expected.size()) << where;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    ExpectClose(actual[i], expected[i], where + " [" + std::to_string(i) + "]");
  }
}

class ClassicAutocorrelation : public testing::Test {
 protected:
  template <class F>
  void ForEach(F f) {
    const auto document = ReadReference("autocorrelation_reference.json");
    for (const auto& entry : document["series"]) {
      const auto name = entry["name"].get<std::string>();
      SCOPED_TRACE(name);
      f(entry, RecordedSeries(name));
    }
  }
};

TEST_F(ClassicAutocorrelation, AcfEqualsStatsmodels) {
  ForEach([](const nlohmann::json& entry, const Values& y) {
    ExpectAllClose(Acf(y), entry["acf"], "acf");
    ExpectAllClose(Acf(y, {.lags = 30, .adjusted = true}), entry["acf_adjusted"], "adjusted");
  });
}

TEST_F(ClassicAutocorrelation, BoundsEqualStatsmodels) {
  ForEach([](const nlohmann::json& entry, const Values& y) {
    const Values acf = Acf(y, {.lags = 20});
    const Values bounds = BartlettBounds(acf, y.size());
    const Values bounds_10 = BartlettBounds(acf, y.size(), 0.1);
    Values low;
    Values high;
    Values high_10;
    for (std::size_t i = 0; i < acf.size(); ++i) {
      low.push_back(acf[i] - bounds[i]);
      high.push_back(acf[i] + bounds[i]);
      high_10.push_back(acf[i] + bounds_10[i]);
    }
    ExpectAllClose(low, entry["bartlett_low"], "low");
    ExpectAllClose(high, entry["bartlett_high"], "high");
    ExpectAllClose(high_10, entry["bartlett_high_10"], "high at 10 %");
    ExpectClose(WhiteNoiseBound(y.size()), entry["pacf_bound"], "white noise");
  });
}

TEST_F(ClassicAutocorrelation, PacfEqualsStatsmodels) {
  ForEach([](const nlohmann::json& entry, const Values& y) {
    for (const auto& [name, values] : entry["pacf"].items()) {
      ExpectAllClose(Pacf(y, {.method = ParsePacfMethod(name)}), values, name);
    }
    const int most = static_cast<int>(y.size() / 2) - 1;
    const Values pacf = Pacf(y, {.lags = most, .method = PacfMethod::kYuleWalkerMle});
    ExpectAllClose({pacf.end() - 5, pacf.end()}, entry["pacf_at_most"], "as many lags as there can be");
  });
}

void ExpectTests(const std::vector<PortmanteauTest>& tests, const nlohmann::json& reference) {
  Values ljung_box;
  Values ljung_box_p;
  Values box_pierce;
  Values box_pierce_p;
  for (const PortmanteauTest& test : tests) {
    ljung_box.push_back(test.ljung_box);
    ljung_box_p.push_back(test.ljung_box_p);
    box_pierce.push_back(test.box_pierce);
    box_pierce_p.push_back(test.box_pierce_p);
    EXPECT_EQ(test.lag, &test - tests.data() + 1);
  }
  ExpectAllClose(ljung_box, reference["lb_stat"], "Ljung-Box");
  ExpectAllClose(ljung_box_p, reference["lb_pvalue"], "Ljung-Box p");
  ExpectAllClose(box_pierce, reference["bp_stat"], "Box-Pierce");
  ExpectAllClose(box_pierce_p, reference["bp_pvalue"], "Box-Pierce p");
}

TEST_F(ClassicAutocorrelation, PortmanteauEqualsStatsmodels) {
  ForEach([](const nlohmann::json& entry, const Values& y) {
    ExpectTests(Portmanteau(y), entry["portmanteau"]);
    ExpectTests(Portmanteau(y, {.period = 4}), entry["portmanteau_period"]);
    ExpectTests(Portmanteau(y, {.lags = 14, .model_df = 3}), entry["portmanteau_model"]);
  });
}

TEST(Autocorrelation, MethodNamesGoBothWays) {
  for (const PacfMethod method : {PacfMethod::kYuleWalkerAdjusted, PacfMethod::kYuleWalkerMle,
                                  PacfMethod::kLevinsonAdjusted, PacfMethod::kLevinsonBiased}) {
    EXPECT_EQ(ParsePacfMethod(Name(method)), method);
  }
  EXPECT_EQ(ParsePacfMethod("yw"), PacfMethod::kYuleWalkerAdjusted);
  EXPECT_EQ(ParsePacfMethod("ldb"), PacfMethod::kLevinsonBiased);
  ExpectError(ErrorCode::kInvalidArgument, "unknown method of partial autocorrelation \"ols\"", "",
              [] { ParsePacfMethod("ols"); });
}

TEST(Autocorrelation, IsTheSameAtAnyScale) {
  const Values y = Autoregression(200, 0.6);
  // Powers of two near 1e300 and 1e-300: not even the rounding differs.
  for (const double factor : {0x1p996, 0x1p-996}) {
    const Values scaled = Times(y, factor);
    EXPECT_EQ(Acf(scaled), Acf(y));
    EXPECT_EQ(Pacf(scaled), Pacf(y));
    EXPECT_EQ(Portmanteau(scaled).back().ljung_box, Portmanteau(y).back().ljung_box);
  }
  const Values huge = Acf(Times(y, 1e300));
  const Values tiny = Acf(Times(y, 1e-300));
  for (std::size_t i = 0; i < huge.size(); ++i) {
    EXPECT_NEAR(huge[i], Acf(y)[i], 1e-12);
    EXPECT_NEAR(tiny[i], Acf(y)[i], 1e-12);
  }
}

TEST(Autocorrelation, KeepsItsDigitsFarFromZero) {
  const Values y = Autoregression(200, 0.6);
  Values far = y;
  for (double& x : far) x += 0x1p30;
  Values rounded = far;
  for (double& x : rounded) x -= 0x1p30;
  const Values expected = Acf(rounded);
  const Values actual = Acf(far);
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-12);
}

TEST(Autocorrelation, AlternatingSeries) {
  Values y;
  for (int i = 0; i < 100; ++i) y.push_back(i % 2 == 0 ? 1 : -1);
  const Values acf = Acf(y, {.lags = 3});
  for (std::size_t lag = 0; lag <= 3; ++lag) {
    const double expected = (lag % 2 == 0 ? 1 : -1) * (1 - static_cast<double>(lag) / 100);
    EXPECT_NEAR(acf[lag], expected, 1e-15);
  }
  // Adjusted, the first lag tells all: no equation for a second has a single solution.
  const Values pacf = Pacf(y, {.lags = 3, .method = PacfMethod::kLevinsonAdjusted});
  EXPECT_DOUBLE_EQ(pacf[1], -1);
  EXPECT_TRUE(std::isnan(pacf[2]));
  EXPECT_TRUE(std::isnan(pacf[3]));
  EXPECT_FALSE(std::isnan(Pacf(y, {.lags = 3, .method = PacfMethod::kLevinsonBiased})[3]));
}

TEST(Autocorrelation, ShortestSeries) {
  EXPECT_EQ(Acf(Values{1, 2}, {.lags = 1}), (Values{1, -0.5}));
  EXPECT_EQ(Acf(Values{1, 2}), (Values{1, -0.5}));
  EXPECT_EQ(Pacf(Values{1, 2}), (Values{1}));
  EXPECT_EQ(Pacf(Values{1, 2, 4}), (Values{1}));
  EXPECT_EQ(Acf(Values{1, 2, 4}, {.lags = 0}), (Values{1}));
  EXPECT_EQ(Portmanteau(Values{1, 2, 4, 1, 3}).size(), 1U);
}

TEST(Autocorrelation, RefusesWhatHasNoAnswer) {
  for (const Values& y : {Values{}, Values{3}}) {
    const std::string detail = "Needed: 2 values, given: " + std::to_string(y.size());
    ExpectError(ErrorCode::kUnusableData, "too short", detail, [&] { Acf(y); });
    ExpectError(ErrorCode::kUnusableData, "too short", detail, [&] { Pacf(y); });
    ExpectError(ErrorCode::kUnusableData, "too short", "Needed: 5 values", [&] { Portmanteau(y); });
  }
  for (const Values& y : {Values(9, 0.0), Values(9, 0.1), Values(9, -1e300), Values(9, 5e-324)}) {
    ExpectError(ErrorCode::kUnusableData, "constant", "All 9 values are ", [&] { Acf(y); });
    ExpectError(ErrorCode::kUnusableData, "constant", "All 9 values are ", [&] { Pacf(y); });
    ExpectError(ErrorCode::kUnusableData, "constant", "All 9 values are ", [&] { Portmanteau(y); });
  }
  ExpectError(ErrorCode::kUnusableData, "holds NaN", "Position: 3 of 4.", [] { Acf(Values{1, 2, kNaN, 3}); });
  ExpectError(ErrorCode::kUnusableData, "an infinity", "Position: 1 of 2.", [] {
    Pacf(Values{-kInfinity, 3});
  });
}

TEST(Autocorrelation, RefusesParametersOutOfRange) {
  const Values y = {1, 5, 2, 4, 3, 6, 1, 2};
  constexpr ErrorCode kCode = ErrorCode::kInvalidArgument;
  ExpectError(kCode, "lags", "Lags: 8, allowed for this series: 0 to 7.", [&] { Acf(y, {.lags = 8}); });
  ExpectError(kCode, "lags", "Lags: -1", [&] { Acf(y, {.lags = -1}); });
  ExpectError(kCode, "lags", "0 to 3.", [&] { Pacf(y, {.lags = 4}); });
  ExpectError(kCode, "lags", "0 to 7.", [&] { Portmanteau(y, {.lags = 2147483647}); });
  ExpectError(kCode, "period", "Period: 1.", [&] { Portmanteau(y, {.period = 1}); });
  ExpectError(kCode, "parameters", "Parameters: -1.", [&] { Portmanteau(y, {.model_df = -1}); });
  for (const double alpha : {0.0, 1.0, -1.0, kNaN, kInfinity}) {
    ExpectError(kCode, "alpha", "Alpha: ", [&] { WhiteNoiseBound(10, alpha); });
  }
  ExpectError(kCode, "number of values", "", [] { BartlettBounds(Values{1}, 0); });
  EXPECT_TRUE(std::isnan(Portmanteau(y, {.lags = 3, .model_df = 2147483647}).back().ljung_box_p));
}

TEST(Autocorrelation, LongSeries) {
  const Values y = Autoregression(100000, 0.5);
  EXPECT_NEAR(Acf(y)[1], 0.5, 0.02);
  EXPECT_NEAR(Acf(y, {.lags = 500, .adjusted = true}).back(), 0, 0.02);
  EXPECT_NEAR(Pacf(y)[1], 0.5, 0.02);
  EXPECT_EQ(Portmanteau(y, {.lags = 400}).back().ljung_box_p, 0);
}

}  // namespace
}  // namespace ecomm::core
