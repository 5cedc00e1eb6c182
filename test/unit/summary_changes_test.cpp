#include "ecomm_analytics/core/changed_keys.hpp"
#include "ecomm_analytics/core/sales_summary.hpp"
#include "summary_support.hpp"
#include "thrown.hpp"

namespace ecomm::core {
namespace {

class SummaryChanges : public testing::TestWithParam<std::tuple<KeyKind, KeyKind>> {
 protected:
  PlainSummary ChangesOf(const std::vector<std::string>& inserted, const std::vector<std::string>& deleted,
                         const std::string& current, const States& states, const States& before) const {
    Budget budget;
    const auto dimensions = shop_.DimensionsOf(states, before, budget);
    Collected collected(*dimensions);
    const std::vector<std::string_view> inserted_views(inserted.begin(), inserted.end());
    const std::vector<std::string_view> deleted_views(deleted.begin(), deleted.end());
    SummariseChanges({inserted_views, deleted_views, current}, *dimensions, budget, std::ref(collected));
    return collected.summary;
  }
  Shop shop_{std::get<0>(GetParam()), std::get<1>(GetParam())};
};

INSTANTIATE_TEST_SUITE_P(KeyKinds, SummaryChanges,
                         testing::Combine(testing::Values(KeyKind::kNumber, KeyKind::kBytes),
                                          testing::Values(KeyKind::kNumber, KeyKind::kBytes)));

// What a refresh looks at again: whole orders and customers with changed lines, those who moved, and their
// orders.
std::vector<ShopLine> CurrentOf(const std::vector<ShopLine>& lines, const std::vector<ShopLine>& changed,
                                const States& states, const States& before) {
  std::set<int> orders;
  std::set<int> customers;
  std::set<std::int64_t> unknown_days;
  const auto add = [&](const ShopLine& line) {
    if (line.order >= 0) orders.insert(line.order);
    if (line.customer >= 0) customers.insert(line.customer);
    if (line.order < 0 && line.customer < 0) unknown_days.insert(line.day);
  };
  for (const ShopLine& line : changed) add(line);
  for (int i = 0; i < Shop::kCustomers; ++i) {
    if (states[static_cast<std::size_t>(i)] != before[static_cast<std::size_t>(i)]) customers.insert(i);
  }
  for (const ShopLine& line : lines) {
    if (line.customer >= 0 && line.order >= 0 &&
        states[static_cast<std::size_t>(line.customer)] != before[static_cast<std::size_t>(line.customer)]) {
      orders.insert(line.order);
    }
  }
  std::vector<ShopLine> current;
  for (const ShopLine& line : lines) {
    if (orders.contains(line.order) || customers.contains(line.customer) ||
        (line.order < 0 && line.customer < 0 && unknown_days.contains(line.day))) {
      current.push_back(line);
    }
  }
  return current;
}

TEST_P(SummaryChanges, AreTheDifferenceOfTwoSummaries) {
  Random random(21);
  States states = Shop::SomeStates(random);
  auto lines = Shop::SomeLines(random, 60);
  for (int round = 0; round < 300; ++round) {
    const States before = states;
    const PlainSummary whole_before = PlainSummaryOf(lines, before);
    std::vector<std::string> inserted;
    std::vector<std::string> deleted;
    std::vector<ShopLine> changed;
    for (std::size_t statement = random.Below(4); statement > 0; --statement) {
      // Lines may come and go several times before a refresh looks.
      std::vector<ShopLine> in;
      std::vector<ShopLine> out;
      if (random.Below(2) == 0) in = Shop::SomeLines(random, 1 + random.Below(8));
      for (std::size_t n = random.Below(8); n > 0 && !lines.empty(); --n) {
        const std::size_t i = random.Below(lines.size());
        out.push_back(lines[i]);
        lines[i] = lines.back();
        lines.pop_back();
        // A corrected line.
        if (random.Below(3) == 0) {
          in.push_back(out.back());
          in.back().cents -= 500;
          in.back().product = static_cast<int>(random.Below(Shop::kProducts));
        }
      }
      lines.insert(lines.end(), in.begin(), in.end());
      changed.insert(changed.end(), in.begin(), in.end());
      changed.insert(changed.end(), out.begin(), out.end());
      inserted.push_back(shop_.LogOf(in));
      deleted.push_back(shop_.LogOf(out));
    }
    if (random.Below(3) == 0) states[random.Below(states.size())] = static_cast<int>(random.Below(5)) - 1;
    const bool everything = random.Below(4) == 0;
    const std::string current = shop_.LogOf(everything ? lines : CurrentOf(lines, changed, states, before));
    const PlainSummary expected = Difference(PlainSummaryOf(lines, states), whole_before);
    ASSERT_EQ(DifferenceOf(ChangesOf(inserted, deleted, current, states, before), expected), "") << round;
    if (lines.size() > 150) lines.resize(60);
  }
}

TEST_P(SummaryChanges, InPartsAddUp) {
  Random random(22);
  const States before = Shop::SomeStates(random);
  States states = before;
  states[3] = 1;
  const auto lines = Shop::SomeLines(random, 200);
  const std::vector<ShopLine> inserted(lines.begin(), lines.begin() + 30);
  const std::vector<ShopLine> old(lines.begin() + 30, lines.end());
  PlainSummary sum;
  for (std::uint32_t part = 0; part < 3; ++part) {
    AddTo(sum, ChangesOf({shop_.LogOf(inserted, part, 3)}, {}, shop_.LogOf(lines, part, 3), states, before));
  }
  EXPECT_EQ(DifferenceOf(sum, Difference(PlainSummaryOf(lines, states), PlainSummaryOf(old, before))), "");
}

TEST_P(SummaryChanges, ThatDoNotFitAreRefused) {
  const States states(Shop::kCustomers, 0);
  const std::vector<ShopLine> lines = {{1, 1, 1, 1, 100, 1}};
  const auto run = [&](const std::vector<ShopLine>& inserted, const std::string& current) {
    return ChangesOf({shop_.LogOf(inserted)}, {}, current, states, states);
  };
  EXPECT_THROW(run(lines, shop_.LogOf({})), ChangesDoNotFit);
  EXPECT_THROW(run({lines[0], lines[0]}, shop_.LogOf(lines)), ChangesDoNotFit);
  EXPECT_NO_THROW(run(lines, shop_.LogOf(lines)));
  const KeyKind other = std::get<0>(GetParam()) == KeyKind::kNumber ? KeyKind::kBytes : KeyKind::kNumber;
  EXPECT_THROW(run(lines, Shop(other, std::get<1>(GetParam())).LogOf(lines)), ChangesDoNotFit);
  EXPECT_TRUE(ChangesOf({}, {}, "", states, states).empty());
  EXPECT_TRUE(ChangesOf({}, {}, shop_.LogOf(lines), states, states).empty());
}

// A state without sales goes to another region while somebody leaves it and somebody there buys.
TEST_P(SummaryChanges, StandInTheRegionThatTheStateIsInNow) {
  Budget budget;
  SaleDimensions dimensions(std::get<0>(GetParam()), budget);
  dimensions.AddCustomer(shop_.KeyOf(1), {"TX", "West"}, {"CA", "East"});
  dimensions.AddCustomer(shop_.KeyOf(2), {"CA", "North"}, {"CA", "East"});
  Collected collected(dimensions);
  const std::string log = shop_.LogOf({{1, 2, 1, 1, 100, 1}});
  const std::vector<std::string_view> inserted = {log};
  SummariseChanges({inserted, {}, log}, dimensions, budget, std::ref(collected));
  std::set<std::string> regions;
  for (const auto& [key, cell] : collected.summary) regions.insert(key.region);
  EXPECT_EQ(regions, (std::set<std::string>{"All", "North"}));
}

TEST_P(SummaryChanges, TellHowTotalsOfCustomersDiffer) {
  const std::vector<ShopLine> before = {
      {1, 3, 1, 1, 100, 1}, {1, 2, 2, 1, 500, 1}, {2, 1, 3, 1, 700, 1}, {2, -1, 4, 1, 700, 1}};
  std::vector<ShopLine> after = before;
  after[0].cents = 40;
  after[2].priced = false;
  after[3].cents = 900;
  const std::string inserted = shop_.LogOf(after);
  const std::string deleted = shop_.LogOf(before);
  const auto changes =
      AmountChanges(std::vector<std::string_view>{inserted}, std::vector<std::string_view>{deleted});
  constexpr Int128 kCent = 100'000'000'000'000;
  ASSERT_EQ(changes.size(), 2U);
  if (std::get<0>(GetParam()) == KeyKind::kNumber) {
    EXPECT_EQ(changes[0].customer.number, shop_.KeyOf(1).number);
  } else {
    EXPECT_EQ(changes[0].customer.bytes, shop_.KeyOf(1).bytes);
  }
  EXPECT_EQ(changes[0].amount, -700 * kCent);
  EXPECT_EQ(changes[1].amount, -60 * kCent);
  EXPECT_TRUE(AmountChanges({}, {}).empty());
  const KeyKind other = std::get<0>(GetParam()) == KeyKind::kNumber ? KeyKind::kBytes : KeyKind::kNumber;
  const std::string odd = Shop(other, std::get<1>(GetParam())).LogOf(after);
  EXPECT_THROW(AmountChanges(std::vector<std::string_view>{odd}, std::vector<std::string_view>{deleted}),
               Error);
}

TEST_P(SummaryChanges, TellWhomTheyConcern) {
  Random random(23);
  const auto lines = Shop::SomeLines(random, 100);
  std::set<int> customers;
  std::set<int> orders;
  std::set<Day> days;
  for (const ShopLine& line : lines) {
    if (line.customer >= 0) customers.insert(line.customer);
    if (line.order >= 0) orders.insert(line.order);
    if (line.customer < 0 && line.order < 0) days.insert(line.day);
  }
  const std::array logs = {shop_.LogOf(lines), shop_.LogOf({}), shop_.LogOf({lines[5], lines[6]})};
  const std::vector<std::string_view> views(logs.begin(), logs.end());
  const auto check = [&](KeyRole role, KeyKind kind, const std::set<int>& expected) {
    const std::vector<Key> keys = DistinctKeys(views, role);
    ASSERT_EQ(keys.size(), expected.size());
    for (const int number : expected) {
      const Key key = shop_.KeyOf(number);
      EXPECT_EQ(std::count_if(keys.begin(), keys.end(),
                              [&](const Key& k) {
                                return kind == KeyKind::kNumber ? k.number == key.number
                                                                : k.bytes == key.bytes;
                              }),
                1);
    }
  };
  check(KeyRole::kCustomer, std::get<0>(GetParam()), customers);
  check(KeyRole::kOrder, std::get<1>(GetParam()), orders);
  EXPECT_EQ(UnknownDays(views), std::vector<Day>(days.begin(), days.end()));
  EXPECT_TRUE(DistinctKeys({}, KeyRole::kOrder).empty());
}

}  // namespace
}  // namespace ecomm::core
