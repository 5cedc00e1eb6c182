#include "ecomm_analytics/core/rfm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

constexpr Int128 kCent = 100'000'000'000'000;  // 10^-2 in units of 10^-16

RfmState::Line MakeLine(std::int64_t customer, Micros sold_at, std::int64_t order, std::int64_t cents) {
  return {.customer = Key{.number = customer, .bytes = {}},
          .sold_at = sold_at,
          .order = Key{.number = order, .bytes = {}},
          .amount = Amount{.display_scale = 2, .value = kCent * cents}};
}

TEST(Rfm, CountsDistinctOrdersAndSumsExactly) {
  RfmState state(KeyKind::kNumber, KeyKind::kNumber);
  state.Add(MakeLine(7, 0, 1, 10));
  state.Add(MakeLine(7, 2 * kMicrosPerDay, 2, 20));
  state.Add(MakeLine(7, kMicrosPerDay, 1, 30));
  state.Add(MakeLine(3, kMicrosPerDay, 1, 5));
  const std::string finished = state.Finish();
  const RfmTable table(finished);
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table.key(0).number, 3);
  EXPECT_EQ(table.key(1).number, 7);
  EXPECT_EQ(table.totals(1).frequency, 2);
  EXPECT_TRUE(table.totals(1).monetary == 60 * kCent);
  EXPECT_EQ(table.totals(1).first_purchase, 0);
  EXPECT_EQ(Recency(table.totals(1).last_purchase, DefaultSnapshot(*table.last_sale())), 1);
}

TEST(Rfm, ReturnsLowerMonetaryAndAreNoPurchase) {
  RfmState state(KeyKind::kNumber, KeyKind::kNumber);
  state.Add(MakeLine(1, 0, 1, 100));
  state.Add(MakeLine(1, 9 * kMicrosPerDay, 2, -40));
  state.Add(MakeLine(2, 0, 3, -10));
  const std::string finished = state.Finish();
  const RfmTable table(finished);
  EXPECT_EQ(table.totals(0).frequency, 1);
  EXPECT_EQ(table.totals(0).last_purchase, 0);
  EXPECT_TRUE(table.totals(0).monetary == 60 * kCent);
  EXPECT_FALSE(table.totals(1).purchased());
  EXPECT_EQ(table.counts().returns, 2);
  EXPECT_EQ(*table.last_sale(), 9 * kMicrosPerDay);
}

TEST(Rfm, LinesWithoutOrderCountOncePerDay) {
  RfmState state(KeyKind::kNumber, KeyKind::kNumber);
  for (const Micros moment : {Micros{1}, Micros{2}, kMicrosPerDay, kMicrosPerDay + 5, Micros{-1}}) {
    auto line = MakeLine(1, moment, 0, 1);
    line.order.reset();
    state.Add(line);
  }
  const std::string finished = state.Finish();
  EXPECT_EQ(RfmTable(finished).totals(0).frequency, 3);
}

TEST(Rfm, CountsWhatItLeavesOut) {
  RfmState state(KeyKind::kNumber, KeyKind::kNumber);
  auto line = MakeLine(1, 0, 1, 1);
  line.customer.reset();
  state.Add(line);
  line = MakeLine(1, 0, 1, 1);
  line.sold_at.reset();
  state.Add(line);
  line = MakeLine(1, 0, 1, 1);
  line.amount.reset();
  state.Add(line);
  line.amount = Amount{.kind = Amount::Kind::kNotANumber};
  state.Add(line);
  const std::string finished = state.Finish();
  const RfmTable table(finished);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.counts().lines, 4);
  EXPECT_EQ(table.counts().unknown_customer, 1);
  EXPECT_EQ(table.counts().no_date, 1);
  EXPECT_EQ(table.counts().no_amount, 2);
}

TEST(Rfm, EmptyStateHasNoSnapshot) {
  RfmState state(KeyKind::kNumber, KeyKind::kNumber);
  const std::string finished = state.Finish();
  EXPECT_EQ(RfmTable(finished).size(), 0U);
  EXPECT_FALSE(RfmTable(finished).last_sale().has_value());
}

// Any split of the lines over states, merged in any order, gives the same bytes as one pass.
class RfmMerge : public testing::TestWithParam<std::tuple<KeyKind, KeyKind>> {};

TEST_P(RfmMerge, AnySplitGivesTheSameTable) {
  const auto [customer_kind, order_kind] = GetParam();
  Random random(11);
  std::vector<std::string> names(50);
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = "key " + std::to_string(i * i);
  std::vector<RfmState::Line> lines;
  for (int i = 0; i < 5000; ++i) {
    const auto customer = random.Below(50);
    const auto order = random.Below(40);
    auto line =
        MakeLine(static_cast<std::int64_t>(customer), static_cast<Micros>(random.Below(900)) * kMicrosPerDay,
                 static_cast<std::int64_t>(order), static_cast<std::int64_t>(random.Below(5000)) - 500);
    line.customer->bytes = names[customer];
    line.order->bytes = names[order];
    if (random.Below(10) == 0) line.order.reset();
    lines.push_back(line);
  }
  RfmState whole(customer_kind, order_kind);
  for (const auto& line : lines) whole.Add(line);
  const std::string expected = whole.Finish();

  for (const int pieces : {1, 2, 7}) {
    random.Shuffle(lines);
    RfmState merged(customer_kind, order_kind);
    for (int piece = 0; piece < pieces; ++piece) {
      RfmState part(customer_kind, order_kind);
      for (std::size_t i = piece; i < lines.size(); i += pieces) part.Add(lines[i]);
      merged.Merge(part.Serialize());
    }
    merged.Merge(RfmState(customer_kind, order_kind).Serialize());
    EXPECT_EQ(merged.Finish(), expected);
  }

  std::map<std::uint64_t, std::set<std::string>> orders;
  std::map<std::uint64_t, Int128> money;
  for (const auto& line : lines) {
    const auto customer = static_cast<std::uint64_t>(line.customer->number);
    money[customer] += line.amount->value;
    if (line.amount->value < 0) continue;
    orders[customer].insert(line.order ? "order " + std::to_string(line.order->number)
                                       : "day " + std::to_string(*line.sold_at));
  }
  const RfmTable table(expected);
  ASSERT_EQ(table.size(), money.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::uint64_t customer =
        customer_kind == KeyKind::kNumber
            ? static_cast<std::uint64_t>(table.key(i).number)
            : static_cast<std::uint64_t>(std::find(names.begin(), names.end(), table.key(i).bytes) -
                                         names.begin());
    EXPECT_TRUE(table.totals(i).monetary == money[customer]);
    EXPECT_EQ(static_cast<std::size_t>(table.totals(i).frequency), orders[customer].size());
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, RfmMerge,
                         testing::Combine(testing::Values(KeyKind::kNumber, KeyKind::kBytes),
                                          testing::Values(KeyKind::kNumber, KeyKind::kBytes)));

TEST(Rfm, OverTheBudgetItGivesUpAndSaysSo) {
  CurrentHost().memory_limit = [] { return std::size_t{64} << 10; };
  RfmState state(KeyKind::kNumber, KeyKind::kNumber);
  for (std::int64_t i = 0; i < 100'000; ++i) state.Add(MakeLine(i, 0, i, 1));
  CurrentHost().memory_limit = nullptr;
  const std::string failed = state.Finish();
  EXPECT_EQ(RfmTable(failed).failure(), RfmFailure::kMemory);
  RfmState merged(KeyKind::kNumber, KeyKind::kNumber);
  merged.Merge(state.Serialize());
  const std::string finished = merged.Finish();
  EXPECT_EQ(RfmTable(finished).failure(), RfmFailure::kMemory);
}

TEST(Rfm, AmountsBeyond128BitsGiveUp) {
  RfmState state(KeyKind::kNumber, KeyKind::kNumber);
  auto line = MakeLine(1, 0, 1, 1);
  line.amount = Amount{.kind = Amount::Kind::kBeyond};
  state.Add(line);
  const std::string failed = state.Finish();
  EXPECT_EQ(RfmTable(failed).failure(), RfmFailure::kPrecision);

  RfmState sum(KeyKind::kNumber, KeyKind::kNumber);
  line.amount = Amount{.value = (Int128{1} << 126)};
  for (int i = 0; i < 2; ++i) sum.Add(line);
  const std::string failed_sum = sum.Finish();
  EXPECT_EQ(RfmTable(failed_sum).failure(), RfmFailure::kPrecision);
}

TEST_P(RfmMerge, DamagedStatesAreRefused) {
  const auto [customer_kind, order_kind] = GetParam();
  RfmState state(customer_kind, order_kind);
  for (std::int64_t i = 0; i < 3; ++i) {
    auto line = MakeLine(i, i * kMicrosPerDay, 2 * i, 1);
    const std::string name = "somebody " + std::to_string(i);
    line.customer->bytes = line.order->bytes = name;
    state.Add(line);
    line.order.reset();
    state.Add(line);
  }
  const std::string good = state.Serialize();
  for (std::size_t length = 0; length < good.size(); ++length) {
    RfmState merged(customer_kind, order_kind);
    EXPECT_THROW(merged.Merge(std::string_view(good).substr(0, length)), Error) << length;
  }
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    std::string bad = good;
    bad[random.Below(bad.size())] = static_cast<char>(random.Bits());
    RfmState merged(customer_kind, order_kind);
    merged.Merge(good);
    try {
      merged.Merge(bad);
      (void)merged.Finish();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
    }
  }
  RfmState other(customer_kind == KeyKind::kNumber ? KeyKind::kBytes : KeyKind::kNumber, order_kind);
  EXPECT_THROW(other.Merge(good), Error);
}

TEST(Rfm, SumsBeyond128BitsGiveUpWhenMerged) {
  RfmState state(KeyKind::kNumber, KeyKind::kNumber);
  auto line = MakeLine(1, 0, 1, 1);
  line.amount = Amount{.value = (Int128{1} << 126)};
  state.Add(line);
  const std::string one = state.Serialize();
  RfmState merged(KeyKind::kNumber, KeyKind::kNumber);
  merged.Merge(one);
  merged.Merge(one);
  const std::string finished = merged.Finish();
  EXPECT_EQ(RfmTable(finished).failure(), RfmFailure::kPrecision);
}

TEST_P(RfmMerge, WhatWouldBeTooLongFails) {
  const auto [customer_kind, order_kind] = GetParam();
  const auto fill = [&](RfmState& state) {
    for (std::int64_t i = 0; i < 100; ++i) {
      auto line = MakeLine(i, i * kMicrosPerDay, i, 1);
      const std::string name = std::to_string(i);
      line.customer->bytes = line.order->bytes = name;
      state.Add(line);
    }
  };
  RfmState whole(customer_kind, order_kind);
  fill(whole);
  const std::size_t size = whole.Serialize().size();
  for (const auto& [most, failure] :
       {std::pair(size, RfmFailure::kNone), std::pair(size - 1, RfmFailure::kMemory)}) {
    RfmState state(customer_kind, order_kind);
    fill(state);
    RfmState merged(customer_kind, order_kind);
    merged.Merge(state.Serialize(most));
    const std::string finished = merged.Finish();
    EXPECT_EQ(RfmTable(finished).failure(), failure);
    EXPECT_EQ(RfmTable(finished).counts().lines, 100);
  }
  RfmState state(customer_kind, order_kind);
  fill(state);
  const std::string finished = state.Finish(1000);
  EXPECT_EQ(RfmTable(finished).failure(), RfmFailure::kMemory);
}

TEST(Rfm, LinesMayComeAfterAMerge) {
  RfmState part(KeyKind::kNumber, KeyKind::kNumber);
  part.Add(MakeLine(1, 0, 1, 10));
  RfmState state(KeyKind::kNumber, KeyKind::kNumber);
  state.Add(MakeLine(2, 0, 2, 20));
  state.Merge(part.Serialize());
  state.Add(MakeLine(1, 0, 3, 30));
  const std::string finished = state.Finish();
  const RfmTable table(finished);
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table.totals(0).frequency, 2);
  EXPECT_TRUE(table.totals(0).monetary == 40 * kCent);
}

}  // namespace
}  // namespace ecomm::core
