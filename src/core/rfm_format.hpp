// The bytes of a serialised RFM state. Only for the files that write and read them.
#pragma once

#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "byte_format.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/rfm.hpp"

namespace ecomm::core::rfm_format {

using byte_format::BadState;
using byte_format::Peek;

inline constexpr std::uint32_t kFormat = 0x52464D01;  // "RFM", version 1

// Plain data in front of every serialised state; the arrays follow in the order of the counts.
struct Header {
  std::uint32_t format;
  KeyKind customer_kind;
  KeyKind order_kind;
  RfmFailure failure;
  std::uint8_t padding = 0;
  LineCounts counts;
  Micros last_sale;
  std::uint64_t customers;       // StoredTotals, then keys
  std::uint64_t customer_bytes;  // after the keys, for kBytes
  std::uint64_t orders;          // StoredPair; where both kinds are kNumber, counts and values
  std::uint64_t days;            // likewise
  std::uint64_t order_names;     // ends, then bytes, for kBytes
  std::uint64_t order_bytes;
};

struct StoredTotals {
  Int128 monetary;
  Micros first_purchase;
  Micros last_purchase;
  std::int64_t frequency;
  std::uint64_t display_scale;
};

struct StoredPair {
  std::int64_t value;
  std::uint64_t customer;
};

inline Header ReadHeader(std::string_view& bytes) {
  if (bytes.size() < sizeof(Header)) BadState();
  const auto header = Peek<Header>(bytes, 0);
  bytes.remove_prefix(sizeof(Header));
  if (header.format != kFormat || header.customer_kind > KeyKind::kBytes ||
      header.order_kind > KeyKind::kBytes || header.failure > RfmFailure::kPrecision) {
    BadState();
  }
  return header;
}

inline RfmTotals Unpack(const StoredTotals& stored) {
  return {.monetary = stored.monetary,
          .first_purchase = stored.first_purchase,
          .last_purchase = stored.last_purchase,
          .frequency = stored.frequency,
          .display_scale = static_cast<std::uint8_t>(stored.display_scale)};
}

inline StoredTotals Pack(const RfmTotals& totals) {
  return {totals.monetary, totals.first_purchase, totals.last_purchase, totals.frequency,
          totals.display_scale};
}

}  // namespace ecomm::core::rfm_format

namespace ecomm::core {

// A state whose keys are numbers, in an order in which two merge by walking once through both: customers
// ascend by key. (Merging by lookups instead waited for memory longer than the whole scan took.)
struct RfmState::Sorted {
  std::vector<rfm_format::StoredTotals> totals;  // frequency only from CountParts
  std::vector<std::int64_t> keys;
  ValueLists orders;
  ValueLists days;

  std::size_t bytes() const noexcept;
  // The arrays behind a header, taken off the front; checked to be in order.
  static Sorted Read(const rfm_format::Header& header, std::string_view& bytes);
  void Write(std::string& out) const;
};

template <typename Function>
void RfmState::WithinBudget(Function function) {
  try {
    function();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kMemoryLimit) return Fail(RfmFailure::kMemory);
    if (error.code() == ErrorCode::kNumericRange) return Fail(RfmFailure::kPrecision);
    throw;
  } catch (const std::bad_alloc&) {
    Fail(RfmFailure::kMemory);
  }
}

}  // namespace ecomm::core
