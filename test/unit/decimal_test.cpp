#include "ecomm_analytics/core/decimal.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>
#include <string>

namespace ecomm::core {
namespace {

// A numeric's payload in the short format: header, then base-10000 digits.
std::string Short(bool negative, int scale, int weight, std::initializer_list<int> digits) {
  std::string payload;
  const auto put = [&](unsigned word) {
    payload.push_back(static_cast<char>(word & 0xFF));
    payload.push_back(static_cast<char>(word >> 8));
  };
  put(0x8000U | (negative ? 0x2000U : 0U) | static_cast<unsigned>(scale) << 7 |
      (static_cast<unsigned>(weight) & 0x7FU));
  for (const int digit : digits) put(static_cast<unsigned>(digit));
  return payload;
}

std::string Long(bool negative, int scale, int weight, std::initializer_list<int> digits) {
  std::string payload = Short(false, 0, 0, {});
  payload.clear();
  const auto put = [&](unsigned word) {
    payload.push_back(static_cast<char>(word & 0xFF));
    payload.push_back(static_cast<char>(word >> 8 & 0xFF));
  };
  put((negative ? 0x4000U : 0U) | static_cast<unsigned>(scale));
  put(static_cast<unsigned>(weight));
  for (const int digit : digits) put(static_cast<unsigned>(digit));
  return payload;
}

Amount Decode(const std::string& payload) { return DecodeNumeric(payload.data(), payload.size()); }

constexpr Int128 kUnit = 10'000'000'000'000'000;

TEST(Decimal, ReadsBothFormats) {
  EXPECT_TRUE(Decode(Short(false, 2, 0, {214, 2000})).value == kUnit * 2142 / 10);
  EXPECT_EQ(Decode(Short(false, 2, 0, {214, 2000})).display_scale, 2);
  EXPECT_TRUE(Decode(Short(true, 2, 0, {0, 100})).value == -(kUnit / 100));
  EXPECT_TRUE(Decode(Short(false, 4, -1, {1})).value == kUnit / 10000);
  EXPECT_TRUE(Decode(Short(false, 0, 1, {1})).value == kUnit * 10000);
  EXPECT_TRUE(Decode(Long(true, 2, 4, {9999, 9999, 9999, 9999, 9999, 9900})).value ==
              -((kUnit * 10000 * 10000 * 10000 * 10000 - kUnit) * 10000 + kUnit * 9999 + kUnit / 100 * 99));
  EXPECT_TRUE(Decode(Short(false, 3, 0, {})).value == 0);
}

TEST(Decimal, SaysWhatItCannotHold) {
  EXPECT_EQ(Decode(Short(false, 20, -5, {1})).kind, Amount::Kind::kBeyond);
  EXPECT_EQ(Decode(Short(false, 0, 5, {1})).kind, Amount::Kind::kBeyond);
  EXPECT_EQ(Decode(std::string("\x00\xC0", 2)).kind, Amount::Kind::kNotANumber);
  EXPECT_EQ(Decode(std::string("\x00\xD0", 2)).kind, Amount::Kind::kNotANumber);
  EXPECT_EQ(Decode("").kind, Amount::Kind::kBeyond);
}

TEST(Decimal, ToDoubleRoundsCorrectly) {
  EXPECT_EQ(AmountToDouble(0), 0.0);
  EXPECT_EQ(AmountToDouble(kUnit * 2142 / 10), 214.2);
  EXPECT_EQ(AmountToDouble(-(kUnit / 100)), -0.01);
  EXPECT_EQ(AmountToDouble(Int128{1234567890123456789} * 1000 + 1), 123456.7890123456789001);
  EXPECT_EQ(AmountToDouble(kUnit * 1000000007 + kUnit / 3), 1000000007.3333333333333333);
  EXPECT_EQ(AmountToDouble(-(kUnit * 1000000007 + kUnit / 3)), -1000000007.3333333333333333);
}

}  // namespace
}  // namespace ecomm::core
