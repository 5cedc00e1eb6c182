#include "ecomm_analytics/core/sales_summary.hpp"

#include "poll_count.hpp"
#include "summary_support.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

class SalesSummary : public testing::TestWithParam<std::tuple<KeyKind, KeyKind>> {
 protected:
  PlainSummary SummaryOf(const std::vector<std::string>& logs, const States& states) const {
    Budget budget;
    const auto dimensions = shop_.DimensionsOf(states, states, budget);
    Collected collected(*dimensions);
    const std::vector<std::string_view> views(logs.begin(), logs.end());
    Summarise(views, *dimensions, budget, std::ref(collected));
    return collected.summary;
  }
  Shop shop_{std::get<0>(GetParam()), std::get<1>(GetParam())};
};

INSTANTIATE_TEST_SUITE_P(KeyKinds, SalesSummary,
                         testing::Combine(testing::Values(KeyKind::kNumber, KeyKind::kBytes),
                                          testing::Values(KeyKind::kNumber, KeyKind::kBytes)));

TEST_P(SalesSummary, IsThatOfThePlainestMeans) {
  Random random(11);
  for (const std::size_t count : {1, 2, 5, 30, 300, 2000}) {
    for (int round = 0; round < 10; ++round) {
      const States states = Shop::SomeStates(random);
      const auto lines = Shop::SomeLines(random, count);
      ASSERT_EQ(DifferenceOf(SummaryOf({shop_.LogOf(lines)}, states), PlainSummaryOf(lines, states)), "")
          << count;
    }
  }
}

TEST_P(SalesSummary, PartsAddUp) {
  Random random(12);
  for (int round = 0; round < 10; ++round) {
    const States states = Shop::SomeStates(random);
    const auto lines = Shop::SomeLines(random, 300);
    PlainSummary sum;
    std::vector<std::string> logs;
    for (std::uint32_t part = 0; part < 5; ++part) {
      logs.push_back(shop_.LogOf(lines, part, 5));
      AddTo(sum, SummaryOf({logs.back()}, states));
    }
    const PlainSummary expected = PlainSummaryOf(lines, states);
    ASSERT_EQ(DifferenceOf(sum, expected), "");
    // And together, in one call.
    ASSERT_EQ(DifferenceOf(SummaryOf(logs, states), expected), "");
  }
}

TEST_P(SalesSummary, LogsMergeInAnyOrder) {
  Random random(13);
  const States states = Shop::SomeStates(random);
  const auto lines = Shop::SomeLines(random, 500);
  std::vector<std::vector<ShopLine>> pieces(4);
  for (const ShopLine& line : lines) pieces[random.Below(4)].push_back(line);
  std::vector<std::string> logs;
  for (const auto& piece : pieces) logs.push_back(shop_.LogOf(piece));
  const PlainSummary expected = PlainSummaryOf(lines, states);
  EXPECT_EQ(DifferenceOf(SummaryOf(logs, states), expected), "");
  for (const std::vector<std::size_t>& order : {std::vector<std::size_t>{0, 1, 2, 3}, {3, 1, 0, 2}}) {
    LineLog merged(shop_.shape());
    for (const std::size_t i : order) {
      LineLog one(shop_.shape());
      one.Merge(logs[i]);
      merged.Merge(one.Serialize());
    }
    for (const ShopLine& line : pieces[0]) merged.Add(shop_.LineOf(line));
    auto more = lines;
    more.insert(more.end(), pieces[0].begin(), pieces[0].end());
    EXPECT_EQ(DifferenceOf(SummaryOf({merged.Serialize()}, states), PlainSummaryOf(more, states)), "");
  }
}

TEST_P(SalesSummary, NoLineIsNoCell) {
  const States states(Shop::kCustomers, 1);
  EXPECT_TRUE(SummaryOf({}, states).empty());
  EXPECT_TRUE(SummaryOf({shop_.LogOf({})}, states).empty());
}

TEST(SalesSummaryLimits, SumsBeyondTheNarrowOnesAreExact) {
  const Int128 huge = Int128{9'000'000'000'000'000'000} * 10'000'000'000'000;
  Budget budget;
  LineLog log({});
  LineLog::Line line;
  line.sold_at = 0;
  Int128 expected = 0;
  // Wide, nearly too long for the narrow form, and both in turn.
  for (const Int128 value : {huge, Int128{1}, huge / 100 * 100, Int128{1} << 118,
                             Int128{45'000'000} * 100'000'000'000'000'000, -(Int128{1} << 100)}) {
    for (int i = 0; i < 5; ++i) {
      line.amount = Amount{.display_scale = 2, .value = value};
      log.Add(line);
      expected += value;
    }
  }
  for (int i = 0; i < 5; ++i) {
    // 2^62 x 10^-4 less a little: the third leaves what a cell holds.
    const Int128 value = ((Int128{1} << 62) - 1) * 1'000'000'000'000;
    line.amount = Amount{.display_scale = 4, .value = value};
    log.Add(line);
    expected += value;
  }
  SaleDimensions dimensions(KeyKind::kNumber, budget);
  const std::string bytes = log.Serialize();
  const std::string_view view = bytes;
  int cells = 0;
  Summarise({&view, 1}, dimensions, budget, [&](const SummaryKey&, const SummaryCell& cell) {
    ++cells;
    EXPECT_TRUE(cell.sales == expected);
    EXPECT_EQ(cell.lines, 35);
    EXPECT_EQ(cell.orders, 1);
  });
  EXPECT_EQ(cells, 6 * 4 + 5 + 3 + 1);
}

TEST(SalesSummaryLimits, AsksForMemoryAndCanBeCancelled) {
  const Shop shop(KeyKind::kNumber, KeyKind::kBytes);
  Random random(5);
  const States states = Shop::SomeStates(random);
  const std::string log = shop.LogOf(Shop::SomeLines(random, 300'000));
  const std::string_view view = log;
  const auto run = [&] {
    Budget budget;
    const auto dimensions = shop.DimensionsOf(states, states, budget);
    Summarise({&view, 1}, *dimensions, budget, [](const SummaryKey&, const SummaryCell&) {});
  };
  const PollCount polls;
  run();
  EXPECT_GT(polls.count(), 15);
  CurrentHost().memory_limit = [] { return std::size_t{2} << 20; };
  EXPECT_EQ(Thrown(run).code(), ErrorCode::kMemoryLimit);
  CurrentHost().memory_limit = nullptr;
}

}  // namespace
}  // namespace ecomm::core
