#include "ecomm_analytics/core/value_sample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/random.hpp"

namespace ecomm::core {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<std::uint64_t> Bits(std::span<const double> values) {
  std::vector<std::uint64_t> bits;
  for (const double value : values) bits.push_back(std::bit_cast<std::uint64_t>(value));
  return bits;
}

ValueSample Of(std::initializer_list<double> values) {
  ValueSample sample;
  for (const double value : values) sample.Add(value);
  return sample;
}

ErrorCode CodeOf(ValueSample& sample, const std::string& bytes) {
  try {
    sample.Merge(bytes);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kInvalidArgument;
}

TEST(ValueSample, SortsWhateverComes) {
  ValueSample sample = Of({3, kNaN, -kInfinity, 1e-300, kInfinity, -0.0, 3, 1e300});
  const auto sorted = sample.Sorted();
  ASSERT_EQ(sorted.size(), 8U);
  EXPECT_TRUE(std::isnan(sorted[7]));
  EXPECT_EQ(Bits(sorted.first(7)),
            Bits(std::vector<double>{-kInfinity, 0.0, 1e-300, 3, 3, 1e300, kInfinity}));
}

TEST(ValueSample, EmptyIsEmpty) {
  ValueSample sample;
  EXPECT_TRUE(sample.Sorted().empty());
  ValueSample other;
  other.Merge(sample.Serialize());
  EXPECT_EQ(other.size(), 0U);
}

TEST(ValueSample, PiecesAndOrderDoNotMatter) {
  Random random(7);
  std::vector<double> values(5000);
  for (double& value : values) value = std::floor(random.Uniform() * 1000) / 10;
  ValueSample whole;
  for (const double value : values) whole.Add(value);
  ValueSample pieces;
  for (std::size_t begin = 0; begin < values.size(); begin += 700) {
    ValueSample piece;
    for (std::size_t i = std::min(values.size(), begin + 700); i-- > begin;) piece.Add(values[i]);
    pieces.Merge(piece.Serialize());
  }
  EXPECT_EQ(Bits(whole.Sorted()), Bits(pieces.Sorted()));
}

TEST(ValueSample, TakesMoreAfterSorting) {
  ValueSample sample = Of({2, 1});
  (void)sample.Sorted();
  sample.Add(0);
  EXPECT_EQ(Bits(sample.Sorted()), Bits(std::vector<double>{0, 1, 2}));
}

TEST(ValueSample, RefusesBytesThatAreNoState) {
  ValueSample sample = Of({1, 2});
  const std::string good = sample.Serialize();
  EXPECT_EQ(CodeOf(sample, ""), ErrorCode::kBadData);
  EXPECT_EQ(CodeOf(sample, good.substr(0, 8)), ErrorCode::kBadData);
  EXPECT_EQ(CodeOf(sample, good.substr(0, good.size() - 1)), ErrorCode::kBadData);
  EXPECT_EQ(CodeOf(sample, good.substr(0, good.size() - 8)), ErrorCode::kBadData);
  EXPECT_EQ(CodeOf(sample, good + std::string(8, 'x')), ErrorCode::kBadData);
  std::string other_format = good;
  other_format[0] = 9;
  EXPECT_EQ(CodeOf(sample, other_format), ErrorCode::kBadData);
  std::string huge_count = good;
  std::fill_n(huge_count.begin() + 8, 8, '\xff');
  EXPECT_EQ(CodeOf(sample, huge_count), ErrorCode::kBadData);
  EXPECT_EQ(sample.size(), 2U);
}

TEST(ValueSample, ReadsStateAtAnyAddress) {
  ValueSample sample;
  const std::string shifted = "x" + Of({1, 2}).Serialize();
  sample.Merge(std::string_view(shifted).substr(1));
  EXPECT_EQ(Bits(sample.Sorted()), Bits(std::vector<double>{1, 2}));
}

TEST(ValueSample, StopsAtTheMemoryLimit) {
  const Host before = CurrentHost();
  CurrentHost().memory_limit = [] { return std::size_t{4096}; };
  ValueSample sample;
  EXPECT_THROW(
      {
        for (int i = 0; i < 1000; ++i) sample.Add(i);
      },
      Error);
  CurrentHost() = before;
  EXPECT_EQ(sample.size(), 256U);
}

}  // namespace
}  // namespace ecomm::core
