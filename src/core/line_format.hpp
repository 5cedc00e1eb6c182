// The bytes of a log of lines. Only for the files that write and read them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "byte_format.hpp"
#include "ecomm_analytics/core/line_log.hpp"

namespace ecomm::core::line_format {

inline constexpr std::uint32_t kFormat = 0x4C4F4701;  // "LOG", version 1

// In front of every line.
inline constexpr unsigned kSameDay = 1U << 0;
inline constexpr unsigned kSameCustomer = 1U << 1;  // known or not; else:
inline constexpr unsigned kCustomer = 1U << 2;      // a known one follows
inline constexpr unsigned kSameOrder = 1U << 3;
inline constexpr unsigned kOrder = 1U << 4;
inline constexpr unsigned kProduct = 1U << 5;  // a number follows; with the next free one, the match key
inline constexpr unsigned kAmount = 1U << 6;
inline constexpr unsigned kAmountShift = 7;  // two bits: how many digits behind the point
inline constexpr unsigned kQuantity = 1U << 9;
inline constexpr unsigned kQuantityShift = 10;
inline constexpr unsigned kOfOrder = 1U << 12;
inline constexpr unsigned kOfCustomer = 1U << 13;
inline constexpr unsigned kNoFlag = 3U << 14;

inline constexpr unsigned kWide = 3;  // instead of a number of digits: all 128 bits
inline constexpr std::array<std::int64_t, 3> kToNarrow = {10'000, 100, 1};

// Magnitudes of what is written; with kNarrowScale digits this one stays below.
inline constexpr std::int64_t kMostNarrow = std::int64_t{1} << 62;
inline constexpr Int128 kMostWide = Int128{1} << 125;

inline constexpr std::size_t kMostVarint = 10;
// Flags, day, two keys or lengths, product and its length, two amounts.
inline constexpr std::size_t kMostFixedBytes = 2 + 5 * kMostVarint + 2 * sizeof(Int128);

struct Header {
  LogShape shape;
  std::int64_t undated = 0;
  std::uint8_t amount_scale = 0;
  std::uint8_t quantity_scale = 0;
};

// Seven bits a byte, the lowest first.
inline char* PutVarint(char* end, std::uint64_t value) {
  for (; value >= 128; value >>= 7) *end++ = static_cast<char>(value | 128);
  *end++ = static_cast<char>(value);
  return end;
}

// Small whatever the sign.
inline char* PutSigned(char* end, std::int64_t value) {
  return PutVarint(end, static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

inline std::uint64_t CutVarint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < kMostVarint; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    value |= std::uint64_t{byte & 127U} << (7 * i);
    if (byte < 128) {
      if (i == kMostVarint - 1 && byte > 1) break;
      bytes.remove_prefix(i + 1);
      return value;
    }
  }
  byte_format::BadState();
}

inline std::int64_t CutSigned(std::string_view& bytes) {
  const std::uint64_t value = CutVarint(bytes);
  return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

inline std::string WriteHeader(const Header& header) {
  std::string out;
  byte_format::Put(out, kFormat);
  byte_format::Put(out, static_cast<std::uint8_t>(static_cast<unsigned>(header.shape.customer_kind) |
                                                  static_cast<unsigned>(header.shape.order_kind) << 1));
  byte_format::Put(out, header.amount_scale);
  byte_format::Put(out, header.quantity_scale);
  std::array<char, 3 * kMostVarint> numbers;
  char* end = PutVarint(numbers.data(), header.shape.part);
  end = PutVarint(end, header.shape.parts);
  end = PutVarint(end, static_cast<std::uint64_t>(header.undated));
  return out.append(numbers.data(), static_cast<std::size_t>(end - numbers.data()));
}

inline Header ReadHeader(std::string_view& bytes) {
  constexpr std::size_t kFixed = sizeof kFormat + 3;
  if (bytes.size() < kFixed || byte_format::Peek<std::uint32_t>(bytes, 0) != kFormat) byte_format::BadState();
  const auto kinds = static_cast<unsigned char>(bytes[sizeof kFormat]);
  Header header;
  if (kinds > 3) byte_format::BadState();
  header.shape.customer_kind = static_cast<KeyKind>(kinds & 1U);
  header.shape.order_kind = static_cast<KeyKind>(kinds >> 1);
  header.amount_scale = static_cast<std::uint8_t>(bytes[sizeof kFormat + 1]);
  header.quantity_scale = static_cast<std::uint8_t>(bytes[sizeof kFormat + 2]);
  bytes.remove_prefix(kFixed);
  const std::uint64_t part = CutVarint(bytes);
  const std::uint64_t parts = CutVarint(bytes);
  const std::uint64_t undated = CutVarint(bytes);
  if (part >= parts || parts > UINT32_MAX || undated > INT64_MAX) byte_format::BadState();
  header.shape.part = static_cast<std::uint32_t>(part);
  header.shape.parts = static_cast<std::uint32_t>(parts);
  header.undated = static_cast<std::int64_t>(undated);
  return header;
}

}  // namespace ecomm::core::line_format
