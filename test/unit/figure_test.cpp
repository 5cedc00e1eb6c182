#include "ecomm_analytics/core/figure.hpp"

#include <gtest/gtest.h>

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string Shown(std::string_view decimal) { return Grouped(MakeFigure(decimal)); }

TEST(Figure, KeepsEveryDigit) {
  EXPECT_EQ(Shown("0"), "0");
  EXPECT_EQ(Shown("999"), "999");
  EXPECT_EQ(Shown("1000"), "1,000");
  EXPECT_EQ(Shown("99999999999999.99"), "99,999,999,999,999.99");
  EXPECT_EQ(Shown("-1234.50"), "\u22121,234.50");
  EXPECT_EQ(MakeFigure("-1234.50").exact, "-1234.50");
  EXPECT_EQ(MakeFigure("-1234.50").value, -1234.5);
}

TEST(Figure, WhatIsNoNumberIsADash) {
  for (const char* none : {"", "NaN", "Infinity", "-Infinity", "1e5", "12x", "abc", "<b>"}) {
    EXPECT_FALSE(MakeFigure(none).present()) << none;
    EXPECT_EQ(Shown(none), "\u2013") << none;
  }
}

TEST(Figure, Compact) {
  EXPECT_EQ(Compact(0), "0");
  EXPECT_EQ(Compact(-0.0), "0");
  EXPECT_EQ(Compact(0.5), "0.5");
  EXPECT_EQ(Compact(7), "7");
  EXPECT_EQ(Compact(12.34), "12.3");
  EXPECT_EQ(Compact(999.4), "999");
  EXPECT_EQ(Compact(999.6), "1.00k");
  EXPECT_EQ(Compact(-5008951.06), "\u22125.01M");
  EXPECT_EQ(Compact(5008951.06, 2), "5.0M");
  EXPECT_EQ(Compact(12345, 2), "12k");
  EXPECT_EQ(Compact(2e9), "2.00B");
  EXPECT_EQ(Compact(3e13), "30.0T");
  EXPECT_EQ(Compact(1e300).find('\0'), std::string::npos);
  EXPECT_EQ(Compact(std::nan("")), "\u2013");
  EXPECT_EQ(Compact(kInfinity), "\u2013");
  EXPECT_EQ(TickText(5000), "5k");
  EXPECT_EQ(TickText(1500), "1.5k");
  EXPECT_EQ(TickText(-200), "\u2212200");
}

TEST(Figure, Percentages) {
  EXPECT_EQ(Percent(0.1234), "12.3%");
  EXPECT_EQ(Percent(-0.0421), "\u22124.2%");
  EXPECT_EQ(Percent(-0.0001), "0.0%");
  EXPECT_EQ(Percent(std::nan("")), "\u2013");
  EXPECT_EQ(MoreOrLess(-0.042, "the month before"), "4.2% less than the month before");
  EXPECT_EQ(MoreOrLess(1.5, "a year before"), "150.0% more than a year before");
  EXPECT_EQ(MoreOrLess(0, "a year before"), "as much as a year before");
}

TEST(Figure, Dates) {
  EXPECT_EQ(DateText(-746117), "15 March 44 BC");
  EXPECT_EQ(PeriodText("year", -730119), "1");
  EXPECT_EQ(PeriodText("year", -730120), "1 BC");
  EXPECT_EQ(DateText(0), "1 January 2000");
  EXPECT_EQ(ShortDate(59), "29 Feb");
  EXPECT_EQ(IsoDate(-1), "1999-12-31");
  EXPECT_EQ(MonthText(366), "January 2001");
  EXPECT_EQ(PeriodText("quarter", 366 + 270), "Q3 2001");
  EXPECT_EQ(PeriodText("year", 366), "2001");
  EXPECT_EQ(PeriodText("week", 2), "week from 3 January 2000");
}

TEST(Figure, ShortenedByCharacters) {
  EXPECT_EQ(Shortened("abc", 3), "abc");
  EXPECT_EQ(Shortened("abcd", 3), "ab\u2026");
  EXPECT_EQ(Shortened("\u00E4\u00F6\u00FC\u00DF", 3), "\u00E4\u00F6\u2026");
  EXPECT_EQ(Shortened("", 3), "");
}

}  // namespace
}  // namespace ecomm::core
