#include "ecomm_analytics/core/period.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "daily_series.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "tested_series_support.hpp"

namespace ecomm::core {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kNone{1};

std::vector<double> Noise(std::size_t length, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> y(length);
  for (double& value : y) value = random.Normal();
  return y;
}

TEST(FindPeriods, KnowsTheClassicSeries) {
  const std::pair<const char*, double> seasonal[] = {
      {"AirPassengers", 12}, {"nottem", 12}, {"UKgas", 4}, {"USAccDeaths", 12}, {"co2", 12}};
  for (const auto& [name, period] : seasonal) {
    SCOPED_TRACE(name);
    const auto y = RecordedSeries(name);
    EXPECT_EQ(FindPeriods(y).periods, std::vector<double>{period});
    const auto search = FindPeriods(y, {.candidates = {period}});
    EXPECT_EQ(search.periods, std::vector<double>{period});
    ASSERT_EQ(search.candidates.size(), 1U);
    EXPECT_TRUE(search.candidates[0].significant);
    EXPECT_LT(search.candidates[0].p_value, 1e-4);
    EXPECT_GT(search.candidates[0].strength, 0.9);
    EXPECT_GT(search.candidates[0].acf, 0.7);
  }
  for (const std::string name : {"Nile", "LakeHuron", "WWWusage"}) {
    EXPECT_EQ(FindPeriods(RecordedSeries(name)).periods, kNone) << name;
    EXPECT_EQ(FindPeriods(RecordedSeries(name), {.candidates = {4, 7, 12}}).periods, kNone) << name;
  }
}

TEST(FindPeriods, ACycleOfVaryingLengthIsNoSeason) {
  const auto search = FindPeriods(RecordedSeries("lynx"));
  EXPECT_EQ(search.periods, kNone);
  ASSERT_FALSE(search.candidates.empty());
  EXPECT_EQ(search.candidates[0].period, 10);
  EXPECT_GT(search.candidates[0].strength, 0.6);
}

TEST(FindPeriods, FindsTheWeekAndTheYearOfDays) {
  const auto customary = CustomaryPeriods(Grain::kDay);
  EXPECT_EQ(FindPeriods(DailySeries(1100), {.candidates = customary}).periods,
            (std::vector<double>{7, 365.25}));
  EXPECT_EQ(FindPeriods(DailySeries(1100)).periods, std::vector<double>{7});

  const auto short_search = FindPeriods(DailySeries(400), {.candidates = customary});
  EXPECT_EQ(short_search.periods, std::vector<double>{7});
  EXPECT_TRUE(std::isnan(short_search.candidates[1].p_value));
  EXPECT_FALSE(short_search.candidates[1].significant);

  std::vector<double> closed_on_fridays(70);
  for (std::size_t i = 0; i < 70; ++i) {
    closed_on_fridays[i] = i % 7 == 4 ? 0 : 100 + static_cast<double>(i % 3);
  }
  EXPECT_EQ(FindPeriods(closed_on_fridays, {.candidates = customary}).periods, std::vector<double>{7});
  EXPECT_EQ(FindPeriods(closed_on_fridays).periods, std::vector<double>{7});
}

TEST(FindPeriods, FindsTheDayInNoisyHours) {
  Random random(3);
  std::vector<double> y;
  for (std::size_t i = 0; i < std::size_t{24} * 7 * 8; ++i) {
    const double hour = std::sin(static_cast<double>(i) * std::numbers::pi / 12);
    y.push_back(10 * hour + (i / 24 % 7 > 4 ? 6 : 0) + 2 * random.Normal());
  }
  EXPECT_EQ(FindPeriods(y).periods, std::vector<double>{24});
  EXPECT_EQ(FindPeriods(y, {.candidates = {24, 168}}).periods, (std::vector<double>{24, 168}));
}

TEST(FindPeriods, NoiseHasNoPeriod) {
  int found = 0;
  int wandering = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    auto y = Noise(200, seed);
    found += FindPeriods(y).periods != kNone;
    found += FindPeriods(y, {.candidates = {7}}).periods != kNone;
    for (std::size_t i = 1; i < y.size(); ++i) y[i] += y[i - 1];
    wandering += FindPeriods(y).periods != kNone;
    wandering += FindPeriods(y, {.candidates = {12}}).periods != kNone;
  }
  EXPECT_LE(found, 6);  // of 200
  EXPECT_LE(wandering, 6);
}

TEST(FindPeriods, APerfectPatternIsFound) {
  std::vector<double> y(21);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<double>(i % 7 * (i % 7));
  EXPECT_EQ(FindPeriods(y).periods, std::vector<double>{7});
  EXPECT_EQ(FindPeriods(y, {.candidates = {7}}).periods, std::vector<double>{7});
}

TEST(FindPeriods, NothingIsFoundWhereNothingVaries) {
  std::vector<double> line(70);
  for (std::size_t i = 0; i < line.size(); ++i) line[i] = 3 * static_cast<double>(i);
  for (const auto& y : {std::vector<double>{}, std::vector<double>{5}, std::vector<double>{1, 2, 1},
                        std::vector<double>(100, 0.0), std::vector<double>(100, 0.1), line}) {
    EXPECT_EQ(FindPeriods(y).periods, kNone);
    EXPECT_EQ(FindPeriods(y, {.candidates = {2, 7, 12.5, 1e6}}).periods, kNone);
  }
}

TEST(FindPeriods, TakesLongSeries) {
  EXPECT_EQ(FindPeriods(DailySeries(100'000)).periods, std::vector<double>{7});
  EXPECT_EQ(FindPeriods(DailySeries(100'000), {.candidates = {7, 365.25, 8766}}).periods,
            (std::vector<double>{7, 365.25}));
  EXPECT_EQ(FindPeriods(Noise(100'000, 9)).periods, kNone);
}

TEST(FindPeriods, RefusesWhatItCannotUse) {
  auto y = DailySeries(60);
  const auto options_of = [](double period) { return PeriodOptions{.candidates = {period}}; };
  for (const double period : {1.0, 0.0, -7.0, kNaN, std::numeric_limits<double>::infinity()}) {
    ExpectError(ErrorCode::kInvalidArgument, "period", "2 and more",
                [&] { FindPeriods(y, options_of(period)); });
  }
  for (const double alpha : {0.0, 1.0, -1.0, kNaN}) {
    ExpectError(ErrorCode::kInvalidArgument, "alpha", "between 0 and 1",
                [&] { FindPeriods(y, {.alpha = alpha}); });
  }
  y[3] = kNaN;
  ExpectError(ErrorCode::kUnusableData, "finite", "Position: 4 of 60", [&] { FindPeriods(y); });
  CurrentHost().memory_limit = [] { return std::size_t{1000}; };
  ExpectError(ErrorCode::kMemoryLimit, "memory", "", [] { FindPeriods(DailySeries(60)); });
  CurrentHost().memory_limit = nullptr;
}

TEST(CustomaryPeriods, AreThoseOfTheCalendar) {
  EXPECT_EQ(CustomaryPeriods(Grain::kDay), (std::vector<double>{7, 365.25}));
  EXPECT_NEAR(CustomaryPeriods(Grain::kWeek).at(0), 52.18, 0.01);
  EXPECT_EQ(CustomaryPeriods(Grain::kMonth), std::vector<double>{12});
  EXPECT_EQ(CustomaryPeriods(Grain::kQuarter), std::vector<double>{4});
}

}  // namespace
}  // namespace ecomm::core
