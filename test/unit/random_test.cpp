#include "ecomm_analytics/core/random.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace ecomm::core {
namespace {

// mt19937_64's 10000th output under its default seed is fixed by the C++ standard [rand.predef].
TEST(Random, EngineIsTheStandardOne) {
  Random random(5489);
  std::uint64_t last = 0;
  for (int i = 0; i < 10000; ++i) last = random.Bits();
  EXPECT_EQ(last, 9981545732273789042ULL);
}

TEST(Random, BelowStaysInRangeAndReachesEveryValue) {
  Random random(1);
  std::vector<int> seen(7);
  for (int i = 0; i < 7000; ++i) ++seen[random.Below(7)];
  for (int count : seen) EXPECT_NEAR(count, 1000, 150);
  EXPECT_EQ(random.Below(1), 0U);
}

TEST(Random, ShuffleIsAPermutation) {
  Random random(2);
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  auto shuffled = items;
  random.Shuffle(shuffled);
  EXPECT_NE(shuffled, items);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, items);
}

}  // namespace
}  // namespace ecomm::core
