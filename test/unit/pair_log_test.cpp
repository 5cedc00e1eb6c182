#include "ecomm_analytics/core/pair_log.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <set>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/random.hpp"
#include "poll_count.hpp"

namespace ecomm::core {
namespace {

using Sets = std::map<std::uint32_t, std::set<std::int64_t>>;

void ExpectEqual(const ValueLists& lists, std::span<const std::uint32_t> rank, const Sets& sets) {
  ASSERT_EQ(lists.counts.size(), rank.size());
  std::vector<std::size_t> begin(rank.size() + 1);
  std::partial_sum(lists.counts.begin(), lists.counts.end(), begin.begin() + 1);
  ASSERT_EQ(begin.back(), lists.values.size());
  for (std::uint32_t customer = 0; customer < rank.size(); ++customer) {
    const auto first = lists.values.begin() + static_cast<std::ptrdiff_t>(begin[rank[customer]]);
    const std::vector<std::int64_t> values(first, first + lists.counts[rank[customer]]);
    const auto found = sets.find(customer);
    const std::set<std::int64_t> expected = found == sets.end() ? std::set<std::int64_t>{} : found->second;
    EXPECT_EQ(values, std::vector<std::int64_t>(expected.begin(), expected.end())) << customer;
  }
}

struct Filled {
  explicit Filled(Budget& budget) : log(budget) {}
  void Add(int pairs, std::uint64_t values) {
    Random random(5);
    for (int i = 0; i < pairs; ++i) {
      const auto customer = static_cast<std::uint32_t>(random.Below(kCustomers));
      const auto value = static_cast<std::int64_t>(random.Below(values)) - 7;
      log.Add(customer, value, kCustomers);
      sets[customer].insert(value);
    }
  }
  static constexpr std::uint32_t kCustomers = 100;
  PairLog log;
  Sets sets;
};

TEST(PairLog, GroupsAscendingWithoutDuplicatesInTheGivenOrder) {
  Budget budget;
  Filled filled(budget);
  filled.Add(20'000, 300);
  std::vector<std::uint32_t> rank(Filled::kCustomers);
  std::iota(rank.rbegin(), rank.rend(), 0U);
  ExpectEqual(filled.log.Group(rank), rank, filled.sets);
}

TEST(PairLog, EmptyHasEmptyGroups) {
  Budget budget;
  const PairLog log(budget);
  const std::vector<std::uint32_t> rank = {1, 0};
  ExpectEqual(log.Group(rank), rank, {});
  EXPECT_TRUE(log.Group({}).counts.empty());
}

TEST(PairLog, CompactKeepsTheSetAndGivesMemoryBack) {
  Budget budget;
  Filled filled(budget);
  filled.Add(50'000, 20);
  const std::size_t before = budget.used();
  filled.log.Compact(Filled::kCustomers);
  EXPECT_LT(budget.used(), before / 10);
  EXPECT_EQ(filled.log.size(), 2000U);
  std::vector<std::uint32_t> rank(Filled::kCustomers);
  std::iota(rank.begin(), rank.end(), 0U);
  ExpectEqual(filled.log.Group(rank), rank, filled.sets);
  filled.log.Clear();
  EXPECT_EQ(budget.used(), 0U);
}

TEST(PairLog, TheSortOfOneLargeGroupCanBeCancelled) {
  Budget budget;
  PairLog log(budget);
  Random random(6);
  constexpr int kPairs = 1 << 19;
  for (int i = 0; i < kPairs; ++i) log.Add(0, static_cast<std::int64_t>(random.Bits()), 1);
  const PollCount polls;
  log.Group(std::vector<std::uint32_t>{0});
  // A sort compares each of them with about as many others as it can be halved.
  EXPECT_GT(polls.count(), kPairs / 65536 * 15);
}

class PairLogWithLimit : public testing::Test {
 protected:
  PairLogWithLimit() {
    CurrentHost().memory_limit = [] { return std::size_t{200'000}; };
  }
  ~PairLogWithLimit() override { CurrentHost().memory_limit = nullptr; }
  Budget budget_;
};

TEST_F(PairLogWithLimit, DuplicatesDoNotFillIt) {
  Filled filled(budget_);
  filled.Add(300'000, 30);  // 6 MB as they come, 60 kB as a set
  EXPECT_LE(budget_.used(), 200'000U);
  std::vector<std::uint32_t> rank(Filled::kCustomers);
  std::iota(rank.begin(), rank.end(), 0U);
  ExpectEqual(filled.log.Group(rank), rank, filled.sets);
}

TEST_F(PairLogWithLimit, DifferentPairsDo) {
  PairLog log(budget_);
  const auto fill = [&] {
    for (std::int64_t i = 0; i < 100'000; ++i) log.Add(static_cast<std::uint32_t>(i % 10), i, 10);
  };
  EXPECT_THROW(fill(), Error);
  EXPECT_LE(budget_.used(), 200'000U);
}

}  // namespace
}  // namespace ecomm::core
