#include "ecomm_analytics/core/outliers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

using Values = std::vector<double>;

std::vector<std::size_t> PlacesOf(const Outliers& found) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < found.is_outlier.size(); ++i) {
    if (found.is_outlier[i]) places.push_back(i);
  }
  return places;
}

TEST(Quantile, InterpolatesAsNumpyDoes) {
  const Values sorted = {1, 2, 4, 8};
  EXPECT_EQ(QuantileOfSorted(sorted, 0), 1);
  EXPECT_EQ(QuantileOfSorted(sorted, 0.25), 1.75);
  EXPECT_EQ(QuantileOfSorted(sorted, 0.5), 3);
  EXPECT_EQ(QuantileOfSorted(sorted, 0.75), 5);
  EXPECT_EQ(QuantileOfSorted(sorted, 1), 8);
  EXPECT_EQ(QuantileOfSorted(Values{5}, 0.3), 5);
  EXPECT_EQ(QuantileOfSorted(Values{-1.5e308, 1.5e308}, 0.5), 0);
}

TEST(Outliers, ByInterquartileRange) {
  const Values y = {10, 12, 11, 13, 12, 11, 30, 12, -9};
  const Outliers found = FindOutliers(y, {});
  EXPECT_EQ(PlacesOf(found), (std::vector<std::size_t>{6, 8}));
  EXPECT_DOUBLE_EQ(found.lower[0], 9.5);  // quartiles 11 and 12
  EXPECT_DOUBLE_EQ(found.upper[0], 13.5);
  EXPECT_DOUBLE_EQ(found.score[6], 18);
  EXPECT_DOUBLE_EQ(found.score[8], -20);
  EXPECT_EQ(found.score[1], 0);
  EXPECT_TRUE(PlacesOf(FindOutliers(y, {.threshold = 20})).empty());
}

TEST(Outliers, BySeasonalRemainder) {
  Random random(4);
  Values y;
  for (int i = 0; i < 140; ++i) y.push_back(100 + 40 * (i % 7 == 5 ? 1 : 0) + 0.5 * i + random.Normal());
  y[60] += 15;  // well within the range of all values
  const Outliers found = FindOutliers(y, {.method = OutlierMethod::kStl, .period = 7});
  EXPECT_EQ(PlacesOf(found), (std::vector<std::size_t>{60}));
  EXPECT_GT(found.score[60], 10);
  EXPECT_LT(found.upper[60], y[60]);
  EXPECT_TRUE(PlacesOf(FindOutliers(y, {})).empty());
}

TEST(Outliers, ConstantSeriesHaveNoneButWhatDiffers) {
  for (const OutlierMethod method : {OutlierMethod::kIqr, OutlierMethod::kStl}) {
    Values y(50, 3.3);
    EXPECT_TRUE(PlacesOf(FindOutliers(y, {.method = method, .period = 7})).empty());
    y[20] = 9;
    const Outliers found = FindOutliers(y, {.method = method, .period = 7});
    EXPECT_EQ(PlacesOf(found), (std::vector<std::size_t>{20}));
    EXPECT_EQ(found.score[20], std::numeric_limits<double>::infinity());
  }
}

TEST(Outliers, ShortAndExtremeSeries) {
  for (const OutlierMethod method : {OutlierMethod::kIqr, OutlierMethod::kStl}) {
    EXPECT_THROW(FindOutliers({}, {.method = method}), Error);
    EXPECT_EQ(FindOutliers(Values{1}, {.method = method}).is_outlier.size(), 1U);
    EXPECT_EQ(FindOutliers(Values{1, 2, 3}, {.method = method, .period = 12}).is_outlier.size(), 3U);
    EXPECT_THROW(FindOutliers(Values{1, std::nan(""), 3}, {.method = method}), Error);
    EXPECT_THROW(FindOutliers(Values{1, 2}, {.method = method, .threshold = -1}), Error);
    EXPECT_THROW(FindOutliers(Values{1, 2}, {.method = method, .threshold = 0}), Error);
    EXPECT_THROW(FindOutliers(Values{1, 2}, {.method = method, .threshold = std::nan("")}), Error);
  }
  EXPECT_EQ(PlacesOf(FindOutliers(Values{1e300, -1e300, 1e300, -1e300, 1e300}, {})).size(), 0U);
}

TEST(Outliers, AreReplacedByTheMeanOfTheLastSeven) {
  const Values y = {14, 1, 2, 3, 4, 5, 6, 70, 8};
  std::vector<bool> is_outlier(y.size());
  is_outlier[0] = is_outlier[7] = true;
  Values expected = y;
  expected[7] = (1 + 2 + 3 + 4 + 5 + 6 + 70) / 7.0;
  EXPECT_EQ(ReplaceOutliers(y, is_outlier, Replacement::kRolling), expected);
  EXPECT_EQ(ReplaceOutliers(y, is_outlier, Replacement::kKeep), y);
}

TEST(Outliers, AreReplacedOnALine) {
  const Values y = {90, 1, 50, 60, 4, 70};
  const std::vector<bool> is_outlier = {true, false, true, true, false, true};
  EXPECT_EQ(ReplaceOutliers(y, is_outlier, Replacement::kInterpolate), (Values{1, 1, 2, 3, 4, 4}));
  EXPECT_EQ(ReplaceOutliers(y, std::vector<bool>(6, true), Replacement::kInterpolate), y);
}

TEST(Outliers, NamesAreChecked) {
  EXPECT_EQ(ParseOutlierMethod("stl"), OutlierMethod::kStl);
  EXPECT_THROW(ParseOutlierMethod("z"), Error);
  EXPECT_EQ(ParseReplacement("rolling"), Replacement::kRolling);
  EXPECT_THROW(ParseReplacement(""), Error);
}

}  // namespace
}  // namespace ecomm::core
