#include "ecomm_analytics/core/money_reading.hpp"

#include <gtest/gtest.h>

namespace ecomm::core {
namespace {

TEST(Money, LineTotal) {
  const auto verdict = JudgeMoney({25065, 24341, 15000, 14500, 3});
  EXPECT_EQ(verdict.reading, MoneyReading::kLineTotal);
  EXPECT_EQ(verdict.note, "line total: equals quantity * unit_price on 24,341 of 25,065 lines");
}

// Lines with quantity 1 fit both readings; they must not outvote the telling ones.
TEST(Money, UnitPriceIsSeenThroughLinesOfOnePiece) {
  const auto verdict = JudgeMoney({1000, 905, 100, 5, 95});
  EXPECT_EQ(verdict.reading, MoneyReading::kUnitPrice);
  EXPECT_EQ(verdict.note,
            "a unit price, not a line total: equals unit_price on 95 of the 100 lines where the two differ "
            "(quantity * unit_price on 5)");
}

TEST(Money, NeitherOrUnknown) {
  EXPECT_EQ(JudgeMoney({1000, 905, 100, 50, 50}).reading, MoneyReading::kNeither);
  EXPECT_EQ(JudgeMoney({10, 2, 0, 0, 0}).reading, MoneyReading::kNeither);
  EXPECT_EQ(JudgeMoney({10, 10, 0, 0, 0}).reading, MoneyReading::kLineTotal);
  EXPECT_EQ(JudgeMoney({}).reading, MoneyReading::kLineTotal);
  EXPECT_NE(JudgeMoney({}).note.find("no lines to check"), std::string::npos);
}

TEST(Money, Thousands) {
  EXPECT_EQ(GroupThousands(0), "0");
  EXPECT_EQ(GroupThousands(999), "999");
  EXPECT_EQ(GroupThousands(1000), "1,000");
  EXPECT_EQ(GroupThousands(1234567), "1,234,567");
  EXPECT_EQ(GroupThousands(-1234), "-1,234");
}

}  // namespace
}  // namespace ecomm::core
