#include "ecomm_analytics/core/sample_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"

namespace ecomm::core {
namespace {

constexpr std::int64_t kMinutesPerDay = 1440;

std::vector<SampleLine> Lines(const SampleShopOptions& options) {
  SampleSales sales(options);
  std::vector<SampleLine> lines;
  while (auto line = sales.Next()) lines.push_back(*line);
  return lines;
}

const std::vector<SampleLine>& DefaultLines() {
  static const std::vector<SampleLine> lines = Lines({});
  return lines;
}

double Share(const std::vector<SampleLine>& lines, bool (*holds)(const SampleLine&)) {
  return static_cast<double>(std::count_if(lines.begin(), lines.end(), holds)) /
         static_cast<double>(lines.size());
}

auto Fields(const SampleLine& line) {
  return std::tuple(line.minute, line.customer_id, line.product, line.invoice_no, line.quantity,
                    line.unit_price);
}

std::int64_t Revenue(std::int64_t from_day, std::int64_t until_day) {
  const std::int64_t first = SampleShopOptions{}.first_day;
  std::int64_t cents = 0;
  for (const SampleLine& line : DefaultLines()) {
    const std::int64_t day = line.minute / kMinutesPerDay - first;
    if (day >= from_day && day < until_day) cents += line.Amount();
  }
  return cents;
}

TEST(SampleSales, SameOptionsGiveTheSameLines) {
  const SampleShopOptions options{.customers = 300, .days = 200, .seed = 7};
  const auto first = Lines(options);
  const auto second = Lines(options);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) ASSERT_EQ(Fields(first[i]), Fields(second[i]));
}

TEST(SampleSales, AnotherSeedGivesOtherLines) {
  const auto first = Lines({.customers = 300, .days = 200, .seed = 7});
  const auto second = Lines({.customers = 300, .days = 200, .seed = -7});
  EXPECT_NE(Fields(first.front()), Fields(second.front()));
}

TEST(SampleSales, ComeInOrderOfTimeOnOpenDays) {
  const SampleShopOptions options;
  std::int64_t last = options.first_day * kMinutesPerDay;
  for (const SampleLine& line : DefaultLines()) {
    ASSERT_GE(line.minute, last);
    last = line.minute;
    ASSERT_NE((line.minute / kMinutesPerDay + 4) % 7, 0) << "sold on a Sunday";
  }
  EXPECT_LT(last, (options.first_day + options.days) * kMinutesPerDay);
  EXPECT_GT(last, (options.first_day + options.days - 3) * kMinutesPerDay);
}

TEST(SampleSales, HaveTheDirtOfRealTables) {
  const auto& lines = DefaultLines();
  EXPECT_NEAR(Share(lines, [](const SampleLine& line) { return line.quantity < 0; }), 0.024, 0.006);
  EXPECT_NEAR(Share(lines, [](const SampleLine& line) { return !line.customer_id; }), 0.12, 0.02);
  EXPECT_NEAR(Share(lines, [](const SampleLine& line) { return !line.invoice_no; }), 0.042, 0.01);
  EXPECT_NEAR(Share(lines, [](const SampleLine& line) { return line.unit_price == 0; }), 0.0015, 0.001);
  for (const SampleLine& line : lines) {
    ASSERT_NE(line.quantity, 0);
    ASSERT_GE(line.unit_price, 0);
  }
}

TEST(SampleSales, AnInvoiceIsOneCustomersAtOneMinute) {
  std::map<std::int64_t, std::pair<std::int64_t, std::optional<std::int64_t>>> seen;
  for (const SampleLine& line : DefaultLines()) {
    if (!line.invoice_no) continue;
    const auto [place, fresh] = seen.try_emplace(*line.invoice_no, line.minute, line.customer_id);
    ASSERT_TRUE(fresh || place->second == std::pair(line.minute, line.customer_id));
  }
  EXPECT_GT(seen.size(), 15'000U);
}

TEST(SampleSales, GrowAndHaveASeason) {
  EXPECT_GT(static_cast<double>(Revenue(365, 730)), 1.1 * static_cast<double>(Revenue(0, 365)));
  // May against August, both in the second year.
  EXPECT_GT(static_cast<double>(Revenue(485, 515)), 1.4 * static_cast<double>(Revenue(577, 607)));
}

TEST(SampleSales, SaturdaysBeatTuesdays) {
  std::map<std::int64_t, int> lines_on;
  for (const SampleLine& line : DefaultLines()) ++lines_on[(line.minute / kMinutesPerDay + 4) % 7];
  EXPECT_GT(lines_on[6], 1.2 * lines_on[2]);
}

TEST(SampleSales, SomeBuyOnceAndFewBuyMuch) {
  std::map<std::int64_t, std::set<std::int64_t>> invoices;
  for (const SampleLine& line : DefaultLines()) {
    if (line.customer_id && line.invoice_no && line.quantity > 0) {
      invoices[*line.customer_id].insert(*line.invoice_no);
    }
  }
  std::vector<std::size_t> orders;
  for (const auto& [customer, numbers] : invoices) orders.push_back(numbers.size());
  std::sort(orders.rbegin(), orders.rend());
  const auto once = static_cast<double>(std::count(orders.begin(), orders.end(), 1U));
  EXPECT_GT(once / static_cast<double>(orders.size()), 0.3);
  const auto tenth = orders.begin() + static_cast<std::ptrdiff_t>(orders.size() / 10);
  EXPECT_GT(std::accumulate(orders.begin(), tenth, 0.0),
            0.35 * std::accumulate(orders.begin(), orders.end(), 0.0));
}

TEST(SampleSales, PricesChange) {
  std::map<const SampleProduct*, std::set<std::int64_t>> prices;
  for (const SampleLine& line : DefaultLines()) {
    if (line.quantity < 12 && line.quantity > 0 && line.unit_price > 0) {
      prices[line.product].insert(line.unit_price);
    }
  }
  EXPECT_EQ(prices.size(), SampleProducts().size());
  const auto changed =
      std::count_if(prices.begin(), prices.end(), [](const auto& entry) { return entry.second.size() > 1; });
  EXPECT_GT(changed, static_cast<std::ptrdiff_t>(prices.size() / 2));
}

TEST(SampleSales, TheSmallestShopsWork) {
  EXPECT_LT(Lines({.customers = 1, .days = 1}).size(), 60U);
  EXPECT_GT(Lines({.customers = 200, .days = 1}).size(), 20U);
  // The first day is a Sunday.
  EXPECT_TRUE(Lines({.customers = 200, .days = 1, .first_day = SampleShopOptions{}.first_day - 1}).empty());
}

TEST(SampleSales, SizedByLines) {
  SampleShopOptions options{.days = 365};
  options.customers = SampleCustomersFor(300'000, options);
  EXPECT_NEAR(static_cast<double>(Lines(options).size()), 300'000.0, 15'000.0);
  EXPECT_EQ(SampleCustomersFor(1, options), 1);
}

void ExpectError(const SampleShopOptions& options, ErrorCode code) {
  try {
    SampleSales sales(options);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
  }
}

TEST(SampleSales, OptionsOutOfRangeAreRefused) {
  ExpectError({.customers = 0}, ErrorCode::kInvalidArgument);
  ExpectError({.customers = 100'000'001}, ErrorCode::kInvalidArgument);
  ExpectError({.days = 0}, ErrorCode::kInvalidArgument);
  ExpectError({.days = 36'526}, ErrorCode::kInvalidArgument);
  ExpectError({.first_day = 2'567'732}, ErrorCode::kInvalidArgument);
  ExpectError({.first_day = -719'163}, ErrorCode::kInvalidArgument);
  EXPECT_THROW(SampleCustomersFor(0, {}), Error);
  EXPECT_THROW(SampleCustomersFor(kMaxSampleLines + 1, {}), Error);
  EXPECT_THROW(SampleCustomersFor(kMaxSampleLines, {.days = 1}), Error);
  EXPECT_THROW(SampleCustomersFor(1000, {.days = 1, .first_day = SampleShopOptions{}.first_day - 1}), Error);
}

TEST(SampleSales, MemoryIsAskedFor) {
  CurrentHost().memory_limit = [] { return std::size_t{1} << 20; };
  ExpectError({.customers = 10'000'000}, ErrorCode::kMemoryLimit);
  CurrentHost().memory_limit = nullptr;
}

TEST(SampleCustomers, AreAllThereWithStatesSpeltManyWays) {
  std::set<std::string> listed;
  for (const SampleSpelling& spelling : SampleSpellings()) listed.insert(spelling.spelling);
  EXPECT_EQ(listed.size(), SampleSpellings().size());

  SampleCustomers customers({});
  std::set<std::int64_t> ids;
  std::set<std::string> spellings;
  int unlisted = 0;
  int nowhere = 0;
  while (auto customer = customers.Next()) {
    ids.insert(customer->customer_id);
    spellings.insert(customer->state);
    if (!listed.contains(customer->state)) ++unlisted;
    if (!customer->latitude) ++nowhere;
    EXPECT_EQ(customer->latitude.has_value(), customer->longitude.has_value());
    EXPECT_FALSE(customer->city.empty());
  }
  EXPECT_EQ(ids.size(), 4000U);
  EXPECT_EQ(*ids.begin(), kFirstSampleCustomer);
  EXPECT_EQ(*ids.rbegin(), kFirstSampleCustomer + 3999);
  EXPECT_GT(spellings.size(), 150U);
  EXPECT_NEAR(unlisted, 16, 12);
  EXPECT_NEAR(nowhere, 80, 30);
}

TEST(SampleCatalog, CodesAndTownsAreUnique) {
  std::set<std::string_view> codes;
  for (const SampleProduct& product : SampleProducts()) codes.insert(product.stock_code);
  EXPECT_EQ(codes.size(), SampleProducts().size());
  for (std::size_t state = 0; state < SampleStates().size(); ++state) {
    std::set<std::string> towns;
    for (int town = 0; town < kTownsPerState; ++town) towns.insert(SampleTown(static_cast<int>(state), town));
    EXPECT_EQ(towns.size(), static_cast<std::size_t>(kTownsPerState));
  }
}

}  // namespace
}  // namespace ecomm::core
