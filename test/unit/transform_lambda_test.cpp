#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "ecomm_analytics/core/transform.hpp"
#include "reference.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Lambda(const std::string& family, const std::vector<double>& x) {
  return family == "boxcox" ? BoxCoxLambda(x) : YeoJohnsonLambda(x);
}

TEST(TransformLambda, AgreesWithScipyAndWithExactValues) {
  const auto reference = ReadReference("transform_reference.json");
  for (const auto& sample : reference["samples"]) {
    const auto x = sample["x"].get<std::vector<double>>();
    const double lambda = Lambda(sample["family"], x);
    if (sample.contains("scipy_lambda")) {
      EXPECT_NEAR(lambda, sample["scipy_lambda"].get<double>(), 1e-6) << sample["name"];
    }
    const double exact = sample["lambda"];
    EXPECT_NEAR(lambda, exact, 1e-11 * std::max(1.0, std::fabs(exact))) << sample["name"];
    const auto& transformed = sample["transformed"];
    for (std::size_t i = 0; i < transformed.size(); ++i) {
      const double expected = transformed[i];
      const double y = sample["family"] == "boxcox" ? BoxCox(x[i], exact) : YeoJohnson(x[i], exact);
      EXPECT_NEAR(y, expected, 1e-10 * std::fabs(expected)) << sample["name"];
    }
  }
}

// Relative to the number of values; scipy's own function overflows on half of these.
TEST(TransformLambda, LogLikelihoodAgreesWithExactValues) {
  const auto reference = ReadReference("transform_reference.json");
  for (const auto& sample : reference["samples"]) {
    const auto x = sample["x"].get<std::vector<double>>();
    for (const auto& point : sample["likelihood"]) {
      const double lambda = point[0];
      const double expected = point[1];
      const double actual =
          sample["family"] == "boxcox" ? BoxCoxLogLikelihood(x, lambda) : YeoJohnsonLogLikelihood(x, lambda);
      EXPECT_NEAR(actual, expected, 1e-11 * std::max(std::fabs(expected), static_cast<double>(x.size())))
          << sample["name"] << " " << lambda;
    }
  }
}

std::vector<double> Lognormal(std::size_t n, double mean, double deviation, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> x(n);
  for (double& value : x) value = std::exp(mean + deviation * random.Normal());
  return x;
}

TEST(TransformLambda, IsWhereTheLikelihoodIsLargest) {
  const auto x = Lognormal(5000, 2, 0.7, 1);
  const double lambda = BoxCoxLambda(x);
  const double best = BoxCoxLogLikelihood(x, lambda);
  for (const double step : {-0.1, -0.001, 0.001, 0.1}) EXPECT_LT(BoxCoxLogLikelihood(x, lambda + step), best);
  EXPECT_NEAR(lambda, 0, 0.05);
}

TEST(TransformLambda, DoesNotDependOnTheUnit) {
  const auto x = Lognormal(3000, 0, 1, 2);
  auto cents = x;
  for (double& value : cents) value *= 0x1p-900;
  EXPECT_NEAR(BoxCoxLambda(cents), BoxCoxLambda(x), 1e-12);
}

TEST(TransformLambda, InvertsWithTheData) {
  auto x = Lognormal(3000, 0, 1, 3);
  for (double& value : x) value = value + 1;
  const double lambda = BoxCoxLambda(x);
  for (double& value : x) value = 1 / value;
  EXPECT_NEAR(BoxCoxLambda(x), -lambda, 1e-11);
}

TEST(TransformLambda, MirrorsWithTheData) {
  Random random(4);
  std::vector<double> x(3000);
  for (double& value : x) value = 3 * std::pow(random.Normal(), 2) - 1;
  const double lambda = YeoJohnsonLambda(x);
  for (double& value : x) value = -value;
  EXPECT_NEAR(YeoJohnsonLambda(x), 2 - lambda, 1e-11);
}

TEST(TransformLambda, SameSequenceSameBits) {
  const auto x = Lognormal(10000, 3, 1.5, 5);
  EXPECT_EQ(BoxCoxLambda(x), BoxCoxLambda(x));
}

TEST(TransformLambda, OrderDoesNotMatterForCountedValues) {
  Random random(8);
  std::vector<double> x(20000);
  for (double& value : x) value = 1.0 + static_cast<double>(random.Below(700));
  const double lambda = BoxCoxLambda(x);
  const double signed_lambda = YeoJohnsonLambda(x);
  random.Shuffle(x);
  EXPECT_EQ(BoxCoxLambda(x), lambda);
  EXPECT_EQ(YeoJohnsonLambda(x), signed_lambda);
}

// The same values are sorted (few), hashed (many, few different) and taken one by one (many different).
TEST(TransformLambda, CountingChangesNothing) {
  for (const double shift : {0.0, -5.0}) {
    auto x = Lognormal(4000, 2, 0.8, 9);
    const auto lambda = shift == 0 ? BoxCoxLambda : YeoJohnsonLambda;
    const auto likelihood = shift == 0 ? BoxCoxLogLikelihood : YeoJohnsonLogLikelihood;
    for (double& value : x) value += shift;
    const double expected = lambda(x);
    const double expected_likelihood = likelihood(x, 0.4);
    auto twice = x;
    twice.insert(twice.end(), x.begin(), x.end());
    EXPECT_NEAR(lambda(twice), expected, 1e-12);
    EXPECT_NEAR(likelihood(twice, 0.4), 2 * expected_likelihood, 1e-9);
    for (std::size_t i = 0; i < x.size(); ++i) twice[i] = std::nextafter(x[i], 1e300);
    EXPECT_NEAR(lambda(twice), expected, 1e-12);
    EXPECT_NEAR(likelihood(twice, 0.4), 2 * expected_likelihood, 1e-9);
  }
}

TEST(TransformLambda, OneOddValueAmongMany) {
  std::vector<double> x(100000, 1.0);
  x.back() = 2;
  const double lambda = BoxCoxLambda(x);
  // The likelihood of two values with weights p and 1 - p is flat where 1/(1 - e^-t) - 1/t = p, t = lambda
  // log 2.
  EXPECT_NEAR(lambda * std::log(2.0), -1e5, 1);
}

TEST(TransformLambda, NeighbouringDoubles) {
  const std::vector<double> x{1e6, std::nextafter(1e6, 2e6), std::nextafter(1e6, 2e6)};
  EXPECT_TRUE(std::isfinite(BoxCoxLambda(x)));
  EXPECT_TRUE(std::isfinite(YeoJohnsonLambda(x)));
}

TEST(TransformLambda, ExtremesOfDouble) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
  EXPECT_NEAR(BoxCoxLambda(std::vector{kSmallest, 1.0, kLargest}), 0, 0.01);
  EXPECT_TRUE(std::isfinite(BoxCoxLambda(std::vector{kLargest, kLargest, kLargest / 2})));
  EXPECT_TRUE(std::isfinite(YeoJohnsonLambda(std::vector{-kLargest, 0.0, kLargest / 8, kLargest})));
  EXPECT_NEAR(YeoJohnsonLambda(std::vector{-kLargest, -1.0, 1.0, kLargest}), 1, 1e-12);
}

TEST(TransformLambda, BeyondADoubleIsAnError) {
  const double x = std::numeric_limits<double>::denorm_min();
  const auto error = Thrown([&] { YeoJohnsonLambda(std::vector{x, x, x, 2 * x, 9 * x}); });
  EXPECT_EQ(error.code(), ErrorCode::kNumericRange);
}

TEST(TransformLambda, UnusableData) {
  for (const auto lambda : {BoxCoxLambda, YeoJohnsonLambda}) {
    EXPECT_EQ(Thrown([&] { lambda({}); }).code(), ErrorCode::kUnusableData);
    EXPECT_EQ(Thrown([&] { lambda(std::vector{3.5}); }).detail(), "There is one value, 3.5.");
    EXPECT_EQ(Thrown([&] { lambda(std::vector{3.0, 3.0}); }).detail(), "All 2 values are 3.");
    EXPECT_EQ(Thrown([&] {
                lambda(std::vector{1.0, kNaN, 2.0, kInfinity});
              }).detail(),
              "Value 2 of 4 is nan, and 1 more cannot be used.");
    const std::string message = Thrown([&] { lambda(std::vector{1.0, -kInfinity}); }).what();
    EXPECT_NE(message.find("needs finite values"), std::string::npos) << message;
  }
}

TEST(TransformLambda, BoxCoxNeedsPositiveValues) {
  const auto error = Thrown([] { BoxCoxLambda(std::vector{1.0, 2.0, -3.0, 0.0, 5.0}); });
  EXPECT_EQ(error.code(), ErrorCode::kUnusableData);
  EXPECT_STREQ(error.what(), "Box-Cox needs positive values");
  EXPECT_EQ(error.detail(), "Value 3 of 5 is -3, and 1 more cannot be used.");
  EXPECT_NE(error.hint().find("yeo-johnson"), std::string::npos);
  EXPECT_NO_THROW(YeoJohnsonLambda(std::vector{1.0, 2.0, -3.0, 0.0, 5.0}));
}

TEST(TransformLambda, LikelihoodRefusesAnInfiniteLambda) {
  const std::vector<double> x{1, 2, 3};
  EXPECT_EQ(Thrown([&] { BoxCoxLogLikelihood(x, kInfinity); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Thrown([&] { YeoJohnsonLogLikelihood(x, kNaN); }).code(), ErrorCode::kInvalidArgument);
}

TEST(TransformLambda, AsksForMemoryFirst) {
  CurrentHost().memory_limit = [] { return std::size_t{4096}; };
  const auto error = Thrown([] { BoxCoxLambda(Lognormal(1000, 0, 1, 6)); });
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(error.code(), ErrorCode::kMemoryLimit);
}

struct Cancelled {};

TEST(TransformLambda, CanBeCancelled) {
  const auto x = Lognormal(10000, 0, 1, 7);
  static int polls = 0;
  polls = 0;
  CurrentHost().poll = [] {
    if (++polls == 30) throw Cancelled();
  };
  EXPECT_THROW(BoxCoxLambda(x), Cancelled);
  CurrentHost().poll = nullptr;
}

TEST(BoxCoxLambda, OfTheClassicSeries) {
  const auto lambdas = ReadReference("series_lambda.json")["lambda"];
  for (const auto& series : ReadReference("series.json")["series"]) {
    const auto values = series["values"].get<std::vector<double>>();
    const auto name = series["name"].get<std::string>();
    // scipy's search is exact to 1.5e-8 of the lambda.
    const double expected = lambdas[name].get<double>();
    EXPECT_NEAR(BoxCoxLambda(values), expected, 1e-6 * std::max(1.0, std::abs(expected))) << name;
  }
}

}  // namespace
}  // namespace ecomm::core
