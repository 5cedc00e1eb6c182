#include "ecomm_analytics/core/sale_metric.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

constexpr Int128 kUnit = 10'000'000'000'000'000;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

SeriesCell Cell(std::int64_t sales, std::int64_t units, std::int64_t orders) {
  SeriesCell cell;
  cell.sales = cell.priced_sales = sales * kUnit;
  cell.units = cell.priced_units = units * kUnit;
  cell.orders = orders;
  cell.lines = 1;
  return cell;
}

TEST(SaleMetric, ValuesAndRatios) {
  const SeriesCell cell = Cell(30, 4, 3);
  EXPECT_EQ(ValueOf(Metric::kSales, cell), 30);
  EXPECT_EQ(ValueOf(Metric::kUnits, cell), 4);
  EXPECT_EQ(ValueOf(Metric::kOrders, cell), 3);
  EXPECT_EQ(ValueOf(Metric::kAverageOrderValue, cell), 10);
  EXPECT_EQ(ValueOf(Metric::kPrice, cell), 7.5);
  EXPECT_FALSE(ValueOf(Metric::kPrice, SeriesCell{}).has_value());
  EXPECT_FALSE(ValueOf(Metric::kAverageOrderValue, Cell(5, 1, 0)).has_value());
}

TEST(SaleMetric, NamesAreReadBack) {
  for (const Metric metric : {Metric::kSales, Metric::kUnits, Metric::kOrders, Metric::kCustomers,
                              Metric::kAverageOrderValue, Metric::kPrice}) {
    EXPECT_EQ(ParseMetric(Name(metric)), metric);
  }
  EXPECT_THROW(ParseMetric("revenue"), Error);
  EXPECT_THROW(ParseFill("mean"), Error);
}

void ExpectSame(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(expected[i])) {
      EXPECT_TRUE(std::isnan(values[i])) << i;
    } else {
      EXPECT_DOUBLE_EQ(values[i], expected[i]) << i;
    }
  }
}

TEST(SaleMetric, GapsAreFilled) {
  // The third period has only a return: sales, but no price.
  SeriesCell returned = Cell(-5, -1, 0);
  returned.priced_sales = returned.priced_units = 0;
  const std::vector<SeriesCell> cells = {SeriesCell{}, Cell(30, 4, 3), returned, SeriesCell{}};
  const auto filled = [&](Metric metric, Fill fill) {
    return ValuesOf(metric, FillGaps(metric, fill, cells));
  };
  ExpectSame(filled(Metric::kSales, Fill::kAuto), {0, 30, -5, 0});
  ExpectSame(filled(Metric::kSales, Fill::kCarry), {kNaN, 30, -5, -5});
  ExpectSame(filled(Metric::kSales, Fill::kNull), {kNaN, 30, -5, kNaN});
  ExpectSame(filled(Metric::kPrice, Fill::kAuto), {kNaN, 7.5, 7.5, 7.5});
  ExpectSame(filled(Metric::kPrice, Fill::kZero), {kNaN, 7.5, kNaN, kNaN});
}

TEST(RollingMean, OfAWindowBegunAnewAfterAGap) {
  ExpectSame(RollingMean(std::vector<double>{1, 2, 3, kNaN, 5, 6, 7, 8}, 3),
             {kNaN, kNaN, 2, kNaN, kNaN, kNaN, 6, 7});
  ExpectSame(RollingMean(std::vector<double>{4, 2}, 1), {4, 2});
  ExpectSame(RollingMean(std::vector<double>{4, 2}, 3), {kNaN, kNaN});
  ExpectSame(RollingMean(std::vector<double>{}, 3), {});
  EXPECT_THROW(RollingMean(std::vector<double>{1}, 0), Error);
}

TEST(RollingMean, WhatHasLeftTheWindowLeavesNothingBehind) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  ExpectSame(RollingMean(std::vector<double>{1e22, 1, 1, 1, 1}, 2), {kNaN, 5e21, 1, 1, 1});
  ExpectSame(RollingMean(std::vector<double>{kInfinity, 1, 1, 1, 1}, 2), {kNaN, kInfinity, 1, 1, 1});
  ExpectSame(RollingMean(std::vector<double>{1, kInfinity, -kInfinity, 1, 1}, 2),
             {kNaN, kInfinity, kNaN, -kInfinity, 1});
  for (const std::int64_t window : {1, 2, 3, 4, 5}) {
    const std::vector<double> means =
        RollingMean(std::vector<double>{2, 1e300, 1, 2, 3, -1e300, 4, 5, 6, 7, 8}, window);
    EXPECT_EQ(means.back(), 8 - 0.5 * static_cast<double>(window - 1)) << window;
  }
}

TEST(RollingMean, RoundingDoesNotPileUp) {
  Random random(2);
  std::vector<double> values;
  for (int i = 0; i < 20'000; ++i) values.push_back(i == 5 ? 1e15 : random.Uniform());
  const std::vector<double> means = RollingMean(values, 7);
  for (std::size_t i = 20; i < values.size(); ++i) {
    double sum = 0;
    for (std::size_t j = i - 6; j <= i; ++j) sum += values[j];
    ASSERT_NEAR(means[i], sum / 7, 1e-12) << i;
  }
}

}  // namespace
}  // namespace ecomm::core
