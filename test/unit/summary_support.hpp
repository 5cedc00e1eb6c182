// Small random shops, and their summaries by the plainest means.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "ecomm_analytics/core/random.hpp"
#include "ecomm_analytics/core/sales_summary.hpp"

namespace ecomm::core {

struct ShopLine {
  std::int64_t day;
  int customer;  // below 0: unknown
  int order;     // likewise
  int product;   // likewise
  std::int64_t cents;
  std::int64_t quantity;
  bool priced = true;  // has an amount
};

// Of a customer; below 0: in no table.
using States = std::vector<int>;

class Shop {
 public:
  Shop(KeyKind customer_kind, KeyKind order_kind) : customer_kind_(customer_kind), order_kind_(order_kind) {
    for (int i = 0; i < 400; ++i) names_.push_back("name " + std::to_string(i * i));
  }

  static constexpr int kCustomers = 12;
  static constexpr int kProducts = 7;

  static States SomeStates(Random& random) {
    States states;
    for (int i = 0; i < kCustomers; ++i) states.push_back(static_cast<int>(random.Below(5)) - 1);
    return states;
  }
  // Most orders are of one customer and day; some are of several.
  static std::vector<ShopLine> SomeLines(Random& random, std::size_t count) {
    const auto below = [&](std::size_t n) { return static_cast<int>(random.Below(n)); };
    std::vector<ShopLine> lines;
    while (lines.size() < count) {
      const int order = below(40) - 6;
      ShopLine line{.day = below(3) == 0 ? below(900) - 400 : below(40) + 340,
                    .customer = below(kCustomers + 2) - 2,
                    .order = order,
                    .product = 0,
                    .cents = 0,
                    .quantity = 0};
      for (int i = below(4); i >= 0; --i) {
        line.product = below(kProducts + 1) - 1;
        line.cents = below(2000) - 300;
        line.quantity = below(9) - 1;
        line.priced = below(20) > 0;
        if (below(10) == 0) line.day += below(60);
        if (below(10) == 0) line.customer = below(kCustomers + 1) - 1;
        lines.push_back(line);
      }
    }
    return lines;
  }

  LogShape shape(std::uint32_t part = 0, std::uint32_t parts = 1) const {
    return {.customer_kind = customer_kind_, .order_kind = order_kind_, .part = part, .parts = parts};
  }
  Key KeyOf(int number) const { return {number * 3 - 5, names_[static_cast<std::size_t>(number)]}; }
  LineLog::Line LineOf(const ShopLine& line) const {
    constexpr Int128 kCent = 100'000'000'000'000;
    LineLog::Line made;
    made.sold_at = line.day * kMicrosPerDay + 17;
    if (line.customer >= 0) made.customer = KeyOf(line.customer);
    if (line.order >= 0) made.order = KeyOf(line.order);
    if (line.product >= 0) made.product = kWritten[static_cast<std::size_t>(line.product)];
    if (line.priced) made.amount = Amount{.display_scale = 2, .value = line.cents * kCent};
    made.quantity = Amount{.value = line.quantity * kCent * 100};
    return made;
  }
  std::string LogOf(const std::vector<ShopLine>& lines, std::uint32_t part = 0,
                    std::uint32_t parts = 1) const {
    LineLog log(shape(part, parts));
    for (const ShopLine& line : lines) log.Add(LineOf(line));
    return log.Serialize();
  }

  std::unique_ptr<SaleDimensions> DimensionsOf(const States& states, const States& before,
                                               Budget& budget) const {
    auto dimensions = std::make_unique<SaleDimensions>(customer_kind_, budget);
    for (int i = 0; i < kCustomers; ++i) {
      const auto place = [](int state) {
        return state < 0 ? SaleDimensions::Place{}
                         : SaleDimensions::Place{kStates[static_cast<std::size_t>(state)], RegionOf(state)};
      };
      const auto at = static_cast<std::size_t>(i);
      if (states[at] < 0 && before[at] < 0) continue;
      dimensions->AddCustomer(KeyOf(i), place(states[at]), place(before[at]));
    }
    for (std::size_t i = 0; i < kListed; ++i) {
      dimensions->AddProduct(kKeys[i], kIds[i], i == 2 ? std::nullopt : std::optional(kCategories[i]));
    }
    return dimensions;
  }

  static std::string_view RegionOf(int state) { return state < 0 ? "Unknown" : state < 2 ? "East" : "West"; }
  static std::string StateName(int state) {
    return state < 0 ? "Unknown" : std::string(kStates[static_cast<std::size_t>(state)]);
  }
  static std::string ProductName(int product) {
    return product < 0 ? "Unknown" : std::string(kIds[static_cast<std::size_t>(product)]);
  }
  static std::string CategoryName(int product) {
    const auto i = static_cast<std::size_t>(product);
    return product < 0 || i >= kListed ? "Unknown" : std::string(kCategories[i]);
  }

 private:
  static constexpr std::size_t kListed = 5;
  static constexpr std::array<std::string_view, 4> kStates = {"CA", "TX", "NY", "WA"};
  static constexpr std::array<std::string_view, kProducts> kWritten = {" a1", "b2 ",  "c3", "D4",
                                                                       "e5",  "f6\t", "g7"};
  static constexpr std::array<std::string_view, kProducts> kKeys = {"A1", "B2", "C3", "D4", "E5", "F6", "G7"};
  static constexpr std::array<std::string_view, kProducts> kIds = {"a1", "b2", "c3", "d4", "e5", "F6", "G7"};
  static constexpr std::array<std::string_view, kListed> kCategories = {"Food", "Food", "Unknown", "Toys",
                                                                        "Toys"};

  KeyKind customer_kind_;
  KeyKind order_kind_;
  std::vector<std::string> names_;
};

struct PlainKey {
  SummaryLevel level;
  SummaryGrain grain;
  Day first_day;
  std::string category;
  std::string product;
  std::string region;
  std::string state;
  auto operator<=>(const PlainKey&) const = default;
};

struct PlainCell {
  Int128 sales = 0;
  Int128 units = 0;
  std::int64_t lines = 0;
  std::int64_t orders = 0;
  std::int64_t customers = 0;

  bool operator==(const PlainCell&) const = default;
  PlainCell& operator+=(const PlainCell& other) {
    sales += other.sales;
    units += other.units;
    lines += other.lines;
    orders += other.orders;
    customers += other.customers;
    return *this;
  }
  PlainCell operator-() const { return {-sales, -units, -lines, -orders, -customers}; }
};

inline std::ostream& operator<<(std::ostream& out, const PlainCell& cell) {
  return out << static_cast<double>(cell.sales) / 1e16 << ' ' << static_cast<double>(cell.units) / 1e16 << ' '
             << cell.lines << " lines " << cell.orders << " orders " << cell.customers << " customers";
}

using PlainSummary = std::map<PlainKey, PlainCell>;

// Where two summaries first differ; empty where they do not.
inline std::string DifferenceOf(const PlainSummary& a, const PlainSummary& b) {
  std::ostringstream out;
  const auto put = [&](const char* which, const PlainSummary& summary, const PlainKey& key) {
    const auto found = summary.find(key);
    out << which << ": ";
    if (found == summary.end()) {
      out << "none ";
    } else {
      out << found->second << ' ';
    }
  };
  for (const auto* summary : {&a, &b}) {
    for (const auto& [key, cell] : *summary) {
      const auto in_a = a.find(key);
      const auto in_b = b.find(key);
      if (in_a != a.end() && in_b != b.end() && in_a->second == in_b->second) continue;
      out << Name(key.level) << ' ' << Name(key.grain) << ' ' << key.first_day << ' ' << key.category << ' '
          << key.product << ' ' << key.region << ' ' << key.state << ": ";
      put("first", a, key);
      put("second", b, key);
      return out.str();
    }
  }
  return {};
}

inline void AddTo(PlainSummary& summary, const PlainSummary& other) {
  for (const auto& [key, cell] : other) {
    if ((summary[key] += cell) == PlainCell{}) summary.erase(key);
  }
}

inline PlainSummary Difference(PlainSummary after, const PlainSummary& before) {
  for (const auto& [key, cell] : before) {
    if ((after[key] += -cell) == PlainCell{}) after.erase(key);
  }
  return after;
}

// Line by line, with a set for everything that is counted once.
inline PlainSummary PlainSummaryOf(const std::vector<ShopLine>& lines, const States& states) {
  using Level = SummaryLevel;
  struct Sets {
    std::set<std::tuple<int, std::int64_t, int>> orders;
    std::set<int> customers;
  };
  PlainSummary summary;
  std::map<PlainKey, Sets> sets;
  for (const ShopLine& line : lines) {
    const int state_number = line.customer < 0 ? -1 : states[static_cast<std::size_t>(line.customer)];
    const std::string state = Shop::StateName(state_number);
    const std::string region(Shop::RegionOf(state_number));
    const std::string product = Shop::ProductName(line.product);
    const std::string category = Shop::CategoryName(line.product);
    const std::int64_t quarter = PeriodOf(Grain::kQuarter, line.day);
    const std::array<Day, 6> periods = {line.day,
                                        FirstDayOf(Grain::kWeek, PeriodOf(Grain::kWeek, line.day)),
                                        FirstDayOf(Grain::kMonth, PeriodOf(Grain::kMonth, line.day)),
                                        FirstDayOf(Grain::kQuarter, quarter),
                                        FirstDayOf(Grain::kQuarter, quarter - quarter % 4),
                                        INT64_MIN};
    const auto put = [&](Level level, std::size_t grain, const char* of_category, const char* of_product,
                         const char* of_region, const char* of_state) {
      const PlainKey key{
          level,   static_cast<SummaryGrain>(grain), periods[grain], of_category, of_product, of_region,
          of_state};
      PlainCell& cell = summary[key];
      if (line.priced) cell.sales += Int128{line.cents} * 100'000'000'000'000;
      cell.units += Int128{line.quantity} * 10'000'000'000'000'000;
      ++cell.lines;
      if (!line.priced || line.cents < 0) return;
      Sets& counted = sets[key];
      if (line.order >= 0) {
        counted.orders.insert({line.order, 0, 0});
      } else {
        counted.orders.insert({-1, line.day, std::max(line.customer, -1)});
      }
      if (line.customer >= 0) counted.customers.insert(line.customer);
    };
    for (std::size_t grain = 0; grain < periods.size(); ++grain) {
      put(Level::kTotal, grain, "All", "All", "All", "All");
      put(Level::kCategory, grain, category.c_str(), "All", "All", "All");
      put(Level::kRegion, grain, "All", "All", region.c_str(), "All");
      put(Level::kCategoryRegion, grain, category.c_str(), "All", region.c_str(), "All");
      if (grain != 1) put(Level::kState, grain, "All", "All", "All", state.c_str());
      if (grain == 2 || grain >= 4) put(Level::kProduct, grain, "All", product.c_str(), "All", "All");
    }
    put(Level::kProductState, 0, category.c_str(), product.c_str(), region.c_str(), state.c_str());
  }
  for (const auto& [key, counted] : sets) {
    summary[key].orders = static_cast<std::int64_t>(counted.orders.size());
    summary[key].customers = static_cast<std::int64_t>(counted.customers.size());
  }
  return summary;
}

// What a summary visits, each cell once.
class Collected {
 public:
  explicit Collected(const SaleDimensions& dimensions) : dimensions_(dimensions) {}
  void operator()(const SummaryKey& key, const SummaryCell& cell) {
    const PlainKey plain{key.level,
                         key.grain,
                         key.first_day.value_or(INT64_MIN),
                         key.category ? std::string(dimensions_.category_name(*key.category)) : "All",
                         key.product ? std::string(dimensions_.product_name(*key.product)) : "All",
                         key.region ? std::string(dimensions_.region_name(*key.region)) : "All",
                         key.state ? std::string(dimensions_.state_name(*key.state)) : "All"};
    const PlainCell value{cell.sales, cell.units, cell.lines, cell.orders, cell.customers};
    EXPECT_TRUE(summary.emplace(plain, value).second);
  }
  PlainSummary summary;

 private:
  const SaleDimensions& dimensions_;
};

}  // namespace ecomm::core
