#include "ecomm_analytics/core/product_numbers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

std::string RandomCode(Random& random, std::uint64_t most) {
  std::string code;
  for (std::uint64_t size = random.Below(most); size > 0; --size) code += "aAbB \t12"[random.Below(8)];
  return code;
}

// Few codes that come again and again, and many of which each pushes another out of the memory.
TEST(ProductNumbers, AreThoseOfTheMatchKeys) {
  Random random(3);
  for (const std::uint64_t most : {3, 5, 9, 20}) {
    Budget budget;
    ProductNumbers numbers(budget);
    std::map<std::string, std::uint32_t> known;
    for (int i = 0; i < 50'000; ++i) {
      const std::string code = RandomCode(random, most);
      const std::string key = MatchKey(code);
      const auto [number, is_new] = numbers.Insert(code);
      if (key.empty()) {
        EXPECT_EQ(number, kNoNumber);
        EXPECT_FALSE(is_new);
        continue;
      }
      const auto [expected, is_first] = known.emplace(key, static_cast<std::uint32_t>(known.size()));
      ASSERT_EQ(number, expected->second) << '"' << code << '"';
      EXPECT_EQ(is_new, is_first);
      EXPECT_EQ(numbers.Get(number), key);
    }
  }
}

TEST(ProductNumbers, TellCodesApartInEveryByte) {
  Budget budget;
  ProductNumbers numbers(budget);
  for (int i = 0; i < 2000; ++i) numbers.Insert("seen often");
  std::uint32_t next = 1;
  for (std::size_t size = 1; size <= 18; ++size) {
    const std::string code(size, 'X');
    EXPECT_EQ(numbers.Insert(code).first, next++);
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = code;
      other[i] = 'Y';
      EXPECT_EQ(numbers.Insert(other).first, next++);
    }
    EXPECT_EQ(numbers.Insert(code).first, next - size - 1);
  }
}

}  // namespace
}  // namespace ecomm::core
