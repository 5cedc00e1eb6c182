#include "ecomm_analytics/core/sale_series.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "poll_count.hpp"

namespace ecomm::core {
namespace {

constexpr Int128 kUnit = 10'000'000'000'000'000;

Amount Of(std::int64_t value) { return {.display_scale = 2, .value = value * kUnit}; }

struct Sale {
  int group;  // below 0: none
  std::int64_t day;
  std::int64_t amount;
  std::int64_t quantity;
  int order;     // below 0: none
  int customer;  // below 0: none
};

const std::vector<std::string>& Names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (int i = 0; i < 60; ++i) made.push_back("name " + std::to_string(i * i));
    return made;
  }();
  return names;
}

SeriesState::Line LineOf(const Sale& sale) {
  SeriesState::Line line;
  if (sale.group >= 0) line.group = Names()[static_cast<std::size_t>(sale.group)];
  line.sold_at = sale.day * kMicrosPerDay + 5;
  line.amount = Of(sale.amount);
  line.quantity = Of(sale.quantity);
  if (sale.order >= 0) line.order = Key{sale.order, Names()[static_cast<std::size_t>(sale.order)]};
  if (sale.customer >= 0)
    line.customer = Key{sale.customer, Names()[static_cast<std::size_t>(sale.customer)]};
  return line;
}

std::vector<Sale> SomeSales(int count) {
  Random random(3);
  std::vector<Sale> sales;
  for (int i = 0; i < count; ++i) {
    sales.push_back({.group = static_cast<int>(random.Below(4)) - 1,
                     .day = static_cast<std::int64_t>(random.Below(70)) - 20,
                     .amount = static_cast<std::int64_t>(random.Below(100)) - 10,
                     .quantity = static_cast<std::int64_t>(random.Below(9)) - 1,
                     .order = static_cast<int>(random.Below(50)) - 5,
                     .customer = static_cast<int>(random.Below(50)) - 5});
  }
  return sales;
}

struct Expected {
  std::int64_t sales = 0;
  std::int64_t units = 0;
  std::int64_t priced_sales = 0;
  std::int64_t priced_units = 0;
  std::int64_t lines = 0;
  std::set<int> numbered;
  std::set<std::pair<int, std::int64_t>> unnumbered;
  std::set<int> customers;
};

using Cells = std::map<std::pair<std::string, std::int64_t>, Expected>;

Cells Aggregate(const std::vector<Sale>& sales, Grain grain) {
  Cells cells;
  for (const Sale& sale : sales) {
    const std::string group = sale.group < 0 ? "" : Names()[static_cast<std::size_t>(sale.group)];
    Expected& cell = cells[{group, PeriodOf(grain, sale.day)}];
    cell.sales += sale.amount;
    cell.units += sale.quantity;
    ++cell.lines;
    if (sale.amount >= 0 && sale.quantity > 0) {
      cell.priced_sales += sale.amount;
      cell.priced_units += sale.quantity;
    }
    if (sale.amount < 0) continue;
    if (sale.order >= 0) {
      cell.numbered.insert(sale.order);
    } else {
      cell.unnumbered.insert({std::max(sale.customer, -1), sale.day});
    }
    if (sale.customer >= 0) cell.customers.insert(sale.customer);
  }
  return cells;
}

void ExpectEqual(std::string_view finished, const Cells& cells) {
  const SeriesTable table(finished);
  ASSERT_EQ(table.failure(), RfmFailure::kNone);
  ASSERT_EQ(table.size(), cells.size());
  std::size_t i = 0;
  for (const auto& [key, expected] : cells) {
    const SeriesCell cell = table.cell(i++);
    EXPECT_EQ(cell.group == 0 ? "" : table.group_name(cell.group), key.first);
    EXPECT_EQ(cell.period, key.second);
    EXPECT_TRUE(cell.sales == expected.sales * kUnit);
    EXPECT_TRUE(cell.units == expected.units * kUnit);
    EXPECT_TRUE(cell.priced_sales == expected.priced_sales * kUnit);
    EXPECT_TRUE(cell.priced_units == expected.priced_units * kUnit);
    EXPECT_EQ(cell.lines, expected.lines);
    EXPECT_EQ(static_cast<std::size_t>(cell.orders), expected.numbered.size() + expected.unnumbered.size());
    EXPECT_EQ(static_cast<std::size_t>(cell.customers), expected.customers.size());
    EXPECT_EQ(cell.sales_scale, 2);
  }
}

class SaleSeries : public testing::TestWithParam<std::tuple<Grain, KeyKind, KeyKind>> {
 protected:
  SeriesShape shape() const {
    const auto [grain, customer_kind, order_kind] = GetParam();
    return {.grain = grain,
            .count_orders = true,
            .count_customers = true,
            .customer_kind = customer_kind,
            .order_kind = order_kind};
  }
};

TEST_P(SaleSeries, AnySplitGivesTheSameTable) {
  const std::vector<Sale> sales = SomeSales(5000);
  const Cells cells = Aggregate(sales, shape().grain);
  for (const std::size_t pieces : {1, 2, 7}) {
    SeriesState merged(shape());
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      SeriesState part(shape());
      for (std::size_t i = piece; i < sales.size(); i += pieces) part.Add(LineOf(sales[i]));
      merged.Merge(part.Serialize());
    }
    merged.Merge(SeriesState(shape()).Serialize());
    ExpectEqual(merged.Finish(), cells);
  }
}

TEST_P(SaleSeries, DamagedStatesAreRefused) {
  SeriesState state(shape());
  for (const Sale& sale : SomeSales(12)) state.Add(LineOf(sale));
  const std::string good = state.Serialize();
  for (std::size_t length = 0; length < good.size(); ++length) {
    SeriesState merged(shape());
    EXPECT_THROW(merged.Merge(std::string_view(good).substr(0, length)), Error) << length;
  }
  Random random(3);
  for (int i = 0; i < 10'000; ++i) {
    std::string bad = good;
    bad[random.Below(bad.size())] = static_cast<char>(random.Bits());
    SeriesState merged(shape());
    merged.Merge(good);
    try {
      merged.Merge(bad);
      const std::string finished = merged.Finish();
      (void)SeriesTable(finished);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, SaleSeries,
                         testing::Combine(testing::Values(Grain::kDay, Grain::kWeek, Grain::kMonth,
                                                          Grain::kQuarter),
                                          testing::Values(KeyKind::kNumber, KeyKind::kBytes),
                                          testing::Values(KeyKind::kNumber, KeyKind::kBytes)));

TEST(SaleSeriesOf, NothingIsAnEmptyTable) {
  const std::string finished = SeriesState(SeriesShape{}).Finish();
  const SeriesTable table(finished);
  EXPECT_EQ(table.size(), 0U);
  EXPECT_FALSE(table.last_sale().has_value());
}

TEST(SaleSeriesOf, WhatIsMissingIsCounted) {
  SeriesState state(SeriesShape{.count_orders = true});
  SeriesState::Line line =
      LineOf({.group = -1, .day = 1, .amount = 5, .quantity = 1, .order = 1, .customer = 1});
  line.amount.reset();
  state.Add(line);
  line.amount = Amount{.kind = Amount::Kind::kNotANumber};
  line.quantity.reset();
  state.Add(line);
  line.sold_at.reset();
  state.Add(line);
  const std::string finished = state.Finish();
  const SeriesTable table(finished);
  EXPECT_EQ(table.counts().lines, 3);
  EXPECT_EQ(table.counts().no_date, 1);
  EXPECT_EQ(table.counts().no_amount, 2);
  EXPECT_EQ(table.counts().no_quantity, 1);
  ASSERT_EQ(table.size(), 1U);
  EXPECT_TRUE(table.cell(0).units == kUnit);
  EXPECT_EQ(table.cell(0).orders, 0);
}

TEST(SaleSeriesOf, ASumOutOfRangeChangesNothing) {
  SeriesCell cell;
  cell.sales = 1;
  cell.priced_units = Int128{1} << 126;
  SeriesCell other = cell;
  other.lines = 1;
  EXPECT_FALSE(AddTo(cell, other));
  EXPECT_TRUE(cell.sales == 1);
  EXPECT_EQ(cell.lines, 0);
  other.priced_units = 5;
  EXPECT_TRUE(AddTo(cell, other));
  EXPECT_TRUE(cell.sales == 2);
  EXPECT_TRUE(cell.priced_units == (Int128{1} << 126) + 5);
}

TEST(SaleSeriesOf, ManyGroupsCanBeCancelled) {
  constexpr int kGroups = 1 << 17;
  Random random(8);
  SeriesState state(SeriesShape{});
  SeriesState::Line line;
  line.sold_at = 0;
  for (int i = 0; i < kGroups; ++i) {
    const std::string name = std::to_string(random.Bits());
    line.group = name;
    state.Add(line);
  }
  const PollCount written;
  const std::string serialized = state.Serialize();
  EXPECT_GE(written.count(), kGroups / 65536 * 2);  // names and cells

  SeriesState merged(SeriesShape{});
  merged.Merge(serialized);
  const PollCount finished;
  EXPECT_FALSE(merged.Finish().empty());
  EXPECT_GT(finished.count(), kGroups / 65536 * 30);  // two sorts
}

TEST(SaleSeriesOf, TooMuchOrTooPreciseFails) {
  SeriesState state(SeriesShape{});
  SeriesState::Line line =
      LineOf({.group = -1, .day = 1, .amount = 5, .quantity = 1, .order = 1, .customer = 1});
  line.amount = Amount{.value = Int128{1} << 126};
  state.Add(line);
  state.Add(line);
  std::string finished = state.Finish();
  EXPECT_EQ(SeriesTable(finished).failure(), RfmFailure::kPrecision);

  CurrentHost().memory_limit = [] { return std::size_t{64} << 10; };
  SeriesState large(SeriesShape{});
  for (std::int64_t day = 0; day < 10'000; ++day) {
    large.Add(LineOf({.group = -1, .day = day, .amount = 1, .quantity = 1, .order = -1, .customer = -1}));
  }
  finished = large.Finish();
  CurrentHost().memory_limit = nullptr;
  EXPECT_EQ(SeriesTable(finished).failure(), RfmFailure::kMemory);

  SeriesState whole(SeriesShape{});
  whole.Add(LineOf({.group = 0, .day = 1, .amount = 1, .quantity = 1, .order = -1, .customer = -1}));
  finished = whole.Finish(100);
  EXPECT_EQ(SeriesTable(finished).failure(), RfmFailure::kMemory);
}

}  // namespace
}  // namespace ecomm::core
