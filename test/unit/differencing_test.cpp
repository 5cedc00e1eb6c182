#include "ecomm_analytics/core/differencing.hpp"

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

Values Powers(std::size_t n, double exponent) {
  Values y(n);
  for (std::size_t i = 0; i < n; ++i) y[i] = std::pow(static_cast<double>(i + 1), exponent);
  return y;
}

Values Alternating(std::size_t n) {
  Values y(n);
  for (std::size_t i = 0; i < n; ++i) y[i] = i % 2 == 0 ? 1 : -1;
  return y;
}

TEST(Differencing, Difference) {
  const Values y = {1, 4, 9, 16, 25};
  EXPECT_EQ(Difference(y), (Values{3, 5, 7, 9}));
  EXPECT_EQ(Difference(y, 1, 2), (Values{2, 2, 2}));
  EXPECT_EQ(Difference(y, 3), (Values{15, 21}));
  EXPECT_EQ(Difference(y, 2, 2), (Values{8}));
  EXPECT_EQ(Difference(y, 7, 0), y);
  EXPECT_EQ(Difference(Values{}, 1, 0), Values{});
}

TEST(Differencing, DifferenceRefuses) {
  const Values y = {1, 4, 9, 16, 25};
  ExpectError(ErrorCode::kUnusableData, "too short", "Needed: 6 values, given: 5", [&] { Difference(y, 5); });
  ExpectError(ErrorCode::kUnusableData, "too short",
              "Needed: ", [&] { Difference(y, 2147483647, 2147483647); });
  ExpectError(ErrorCode::kUnusableData, "too short", "Needed: 2 values, given: 0",
              [] { Difference(Values{}); });
  ExpectError(ErrorCode::kInvalidArgument, "lag", "Lag: 0.", [&] { Difference(y, 0); });
  ExpectError(ErrorCode::kInvalidArgument, "negative", "Differences: -1.", [&] { Difference(y, 1, -1); });
  ExpectError(ErrorCode::kUnusableData, "NaN", "Position: 2 of 2.", [] { Difference(Values{1, kNaN}); });
  ExpectError(ErrorCode::kNumericRange, "beyond", "", [] { Difference(Values{-1e308, 1e308}); });
}

TEST(Differencing, NdiffsEqualsForecast) {
  const auto document = ReadReference("differencing_reference.json");
  for (const auto& entry : document["series"]) {
    const auto name = entry["name"].get<std::string>();
    const Values y = RecordedSeries(name);
    for (const auto& row : entry["d"]) {
      const NdiffsOptions options = {.test = ParseDifferenceTest(row[0].get<std::string>()),
                                     .trend = ParseKpssTrend(row[1].get<std::string>()),
                                     .alpha = row[2].get<double>(),
                                     .max_differences = row[3].get<int>()};
      EXPECT_EQ(Ndiffs(y, options), row[4].get<int>()) << name << " " << row.dump();
    }
  }
}

// As ndiffs() of forecast 8.20 answers.
TEST(Differencing, NdiffsOfShortAndRegularSeries) {
  constexpr NdiffsOptions kAdf = {.test = DifferenceTest::kAdf};
  constexpr NdiffsOptions kAroundLine = {.trend = KpssTrend::kTrend};
  EXPECT_EQ(Ndiffs(Values{1}), 0);
  EXPECT_EQ(Ndiffs(Values{1, 2}), 0);
  EXPECT_EQ(Ndiffs(Values{1, 2, 4}), 0);
  EXPECT_EQ(Ndiffs(Values(50, 0.0)), 0);
  EXPECT_EQ(Ndiffs(Values(50, 0.1), kAdf), 0);
  EXPECT_EQ(Ndiffs(Powers(10, 1)), 1);
  EXPECT_EQ(Ndiffs(Powers(10, 1), kAdf), 1);
  EXPECT_EQ(Ndiffs(Powers(10, 1), kAroundLine), 0);
  EXPECT_EQ(Ndiffs(Powers(60, 2)), 2);
  EXPECT_EQ(Ndiffs(Powers(60, 2), kAdf), 2);
  EXPECT_EQ(Ndiffs(Alternating(60)), 1);
  EXPECT_EQ(Ndiffs(Alternating(60), kAdf), 0);
  EXPECT_EQ(Ndiffs(Values{1, 3, 2, 5, 4}, kAdf), 0);
  EXPECT_EQ(Ndiffs(Values{1, 3, 2, 5, 4, 4.5}, kAdf), 0);
  EXPECT_EQ(Ndiffs(Powers(60, 2), {.max_differences = 0}), 0);
}

TEST(Differencing, NdiffsIsTheSameAtAnyScale) {
  const Values walk = Autoregression(300, 1);
  EXPECT_EQ(Ndiffs(walk), 1);
  for (const double factor : {1e300, 1e-300, -1e100}) {
    EXPECT_EQ(Ndiffs(Times(walk, factor)), 1);
    EXPECT_EQ(Ndiffs(Times(walk, factor), {.test = DifferenceTest::kAdf}), 1);
  }
  EXPECT_EQ(Ndiffs(Autoregression(100000, 1)), 1);
}

TEST(Differencing, NdiffsRefuses) {
  ExpectError(ErrorCode::kUnusableData, "too short", "Needed: 1 values", [] { Ndiffs(Values{}); });
  ExpectError(ErrorCode::kUnusableData, "an infinity", "Position: 1 of 2.", [] {
    Ndiffs(Values{kInfinity, 1});
  });
  for (const double alpha : {0.0, 0.009, 0.11, kNaN}) {
    ExpectError(ErrorCode::kInvalidArgument, "alpha", "allowed: 0.01 to 0.10", [=] {
      Ndiffs(Values{1, 2}, {.alpha = alpha});
    });
  }
  ExpectError(ErrorCode::kInvalidArgument, "negative", "-2", [] {
    Ndiffs(Values{1, 2}, {.max_differences = -2});
  });
  for (const DifferenceTest test : {DifferenceTest::kKpss, DifferenceTest::kAdf}) {
    EXPECT_EQ(ParseDifferenceTest(Name(test)), test);
  }
  ExpectError(ErrorCode::kInvalidArgument, "\"pp\"", "", [] { ParseDifferenceTest("pp"); });
}

TEST(Differencing, NsdiffsEqualsForecast) {
  const auto document = ReadReference("differencing_reference.json");
  int compared = 0;
  for (const auto& entry : document["series"]) {
    if (entry["seasons"].is_null()) continue;
    const auto name = entry["name"].get<std::string>();
    const Values y = RecordedSeries(name);
    const auto& seasons = entry["seasons"];
    const auto period = entry["period"].get<int>();
    for (int most = 0; most <= 2; ++most) {
      // The strengths R found, by the length of the series asked about.
      const SeasonalStrength strength = [&](std::span<const double> asked) {
        const std::size_t done = (y.size() - asked.size()) / static_cast<std::size_t>(period);
        return seasons["strengths"].at(done).get<double>();
      };
      EXPECT_EQ(Nsdiffs(y, {.period = period, .max_differences = most}, strength),
                seasons["D"].at(static_cast<std::size_t>(most)).get<int>())
          << name << " " << most;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 30);
}

TEST(Differencing, NsdiffsAsksOnlyWhereItCan) {
  const SeasonalStrength never = [](std::span<const double>) -> double { throw std::logic_error("asked"); };
  const SeasonalStrength always = [](std::span<const double>) { return 1.0; };
  const SeasonalStrength unknown = [](std::span<const double>) { return kNaN; };
  const Values y = Autoregression(50, 0.5);
  EXPECT_EQ(Nsdiffs(y, {.period = 25}, never), 0);
  EXPECT_EQ(Nsdiffs(Values{1}, {.period = 2}, never), 0);
  EXPECT_EQ(Nsdiffs(Values(50, 3.0), {.period = 2}, never), 0);
  EXPECT_EQ(Nsdiffs(y, {.period = 12, .max_differences = 0}, never), 0);
  EXPECT_EQ(Nsdiffs(y, {.period = 24}, unknown), 0);
  EXPECT_EQ(Nsdiffs(y, {.period = 24}, always), 1);
  // 50, 38 and 26 values are more than two periods, 14 are not.
  EXPECT_EQ(Nsdiffs(y, {.period = 12, .max_differences = 9}, always), 3);
  // A regular season is gone after one difference.
  EXPECT_EQ(Nsdiffs(Alternating(50), {.period = 2, .max_differences = 9}, always), 1);
  ExpectError(ErrorCode::kInvalidArgument, "period", "Period: 1.", [&] { Nsdiffs(y, {.period = 1}, never); });
  ExpectError(ErrorCode::kUnusableData, "too short", "", [&] { Nsdiffs(Values{}, {}, never); });
  ExpectError(ErrorCode::kUnusableData, "NaN", "Position: 1 of 1.",
              [&] { Nsdiffs(Values{kNaN}, {}, never); });
}

TEST(Differencing, SuggestedTogether) {
  Values y;
  for (int i = 0; i < 120; ++i)
    y.push_back(0.5 * i + 20 * std::sin(i * 2 * 3.14159265358979 / 12) + (i * 7919 % 11) * 0.1);
  const SuggestedDifferences suggested = SuggestDifferences(y, 12);
  EXPECT_EQ(suggested.seasonal, 1);
  EXPECT_EQ(suggested.first, Ndiffs(Difference(y, 12)));
  EXPECT_EQ(SuggestDifferences(Values(40, 3), 12).seasonal, 0);
  EXPECT_EQ(SuggestDifferences(Values{1, 2, 3, 4, 5, 6}, 12).seasonal, 0);
}

}  // namespace
}  // namespace ecomm::core
