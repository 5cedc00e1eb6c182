// How an RFM state travels between processes, and what it looks like when finished.

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/rfm.hpp"

namespace ecomm::core {
namespace {

constexpr std::uint32_t kFormat = 0x52464D01;  // "RFM", version 1

// How far ahead a merge asks for memory.
constexpr std::size_t kLookahead = 16;

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
  std::uint64_t orders;          // StoredPair
  std::uint64_t days;            // StoredPair
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

[[noreturn]] void BadState() { throw Error(ErrorCode::kBadData, "invalid RFM state"); }

template <typename T>
void Put(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
T Peek(std::string_view bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

// Cuts `count` items of `size` bytes off the front.
std::string_view Cut(std::string_view& bytes, std::uint64_t count, std::size_t size) {
  if (count > bytes.size() / size) BadState();
  const std::string_view piece = bytes.substr(0, count * size);
  bytes.remove_prefix(piece.size());
  return piece;
}

Header ReadHeader(std::string_view& bytes) {
  if (bytes.size() < sizeof(Header)) BadState();
  const auto header = Peek<Header>(bytes, 0);
  bytes.remove_prefix(sizeof(Header));
  if (header.format != kFormat || header.customer_kind > KeyKind::kBytes ||
      header.order_kind > KeyKind::kBytes || header.failure > RfmFailure::kPrecision) {
    BadState();
  }
  return header;
}

// The i-th byte string of a block whose ends are 64-bit offsets.
std::string_view Name(std::string_view ends, std::string_view bytes, std::size_t i) {
  const std::uint64_t begin = i == 0 ? 0 : Peek<std::uint64_t>(ends, i - 1);
  const auto end = Peek<std::uint64_t>(ends, i);
  if (begin > end || end > bytes.size()) BadState();
  return bytes.substr(begin, end - begin);
}

RfmTotals Unpack(const StoredTotals& stored) {
  return {.monetary = stored.monetary,
          .first_purchase = stored.first_purchase,
          .last_purchase = stored.last_purchase,
          .frequency = stored.frequency,
          .display_scale = static_cast<std::uint8_t>(stored.display_scale)};
}

StoredTotals Pack(const RfmTotals& totals) {
  return {totals.monetary, totals.first_purchase, totals.last_purchase, totals.frequency,
          totals.display_scale};
}

}  // namespace

void RfmState::Merge(std::string_view bytes) {
  const Header header = ReadHeader(bytes);
  if (header.customer_kind != customer_kind_ || header.order_kind != order_kind_) BadState();
  Flush();
  counts_ += header.counts;
  last_sale_ = std::max(last_sale_, header.last_sale);
  if (header.failure != RfmFailure::kNone) Fail(header.failure);
  if (failure_ != RfmFailure::kNone) return;
  const auto totals = Cut(bytes, header.customers, sizeof(StoredTotals));
  const auto keys = Cut(bytes, header.customers, sizeof(std::int64_t));
  const auto names = Cut(bytes, header.customer_bytes, 1);
  const auto orders = Cut(bytes, header.orders, sizeof(StoredPair));
  const auto days = Cut(bytes, header.days, sizeof(StoredPair));
  const auto order_ends = Cut(bytes, header.order_names, sizeof(std::uint64_t));
  const auto order_bytes = Cut(bytes, header.order_bytes, 1);
  if (!bytes.empty()) BadState();

  try {
    std::vector<std::uint32_t> numbers(header.customers);
    customers_.Reserve(std::max(customers_.size(), numbers.size()));
    orders_.Reserve(std::max<std::size_t>(orders_.size(), header.orders));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (i % 65536 == 0) Poll();
      if (customer_kind_ == KeyKind::kNumber && i + kLookahead < numbers.size()) {
        customer_numbers_.Prefetch(Peek<std::int64_t>(keys, i + kLookahead));
      }
      numbers[i] = customer_kind_ == KeyKind::kNumber ? CustomerNumber(Peek<std::int64_t>(keys, i))
                                                      : CustomerNumber(Name(keys, names, i));
      const RfmTotals other = Unpack(Peek<StoredTotals>(totals, i));
      if (!Combine(customers_[numbers[i]], other)) return Fail(RfmFailure::kPrecision);
    }
    // Frequencies do not add: an order may have lines in both states. They are counted anew from the sets.
    const auto merge_pairs = [&](std::string_view pairs, PairSet& set, bool named) {
      const std::size_t count = pairs.size() / sizeof(StoredPair);
      for (std::size_t i = 0; i < count; ++i) {
        if (i % 65536 == 0) Poll();
        if (!named && i + kLookahead < count) {
          const auto ahead = Peek<StoredPair>(pairs, i + kLookahead);
          if (ahead.customer < numbers.size()) set.Prefetch(numbers[ahead.customer], ahead.value);
        }
        auto [value, customer] = Peek<StoredPair>(pairs, i);
        if (customer >= numbers.size()) BadState();
        if (named) {
          if (static_cast<std::uint64_t>(value) >= header.order_names) BadState();
          value = order_names_.Insert(Name(order_ends, order_bytes, static_cast<std::size_t>(value))).first;
        }
        if (set.Insert(numbers[customer], value)) ++customers_[numbers[customer]].frequency;
      }
    };
    merge_pairs(orders, orders_, order_kind_ == KeyKind::kBytes);
    merge_pairs(days, unnumbered_days_, false);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kMemoryLimit) throw;
    Fail(RfmFailure::kMemory);
  } catch (const std::bad_alloc&) {
    Fail(RfmFailure::kMemory);
  }
}

namespace {

struct NameBlock {
  std::string ends;
  std::string bytes;
  void Add(std::string_view name) {
    bytes += name;
    Put(ends, static_cast<std::uint64_t>(bytes.size()));
  }
};

}  // namespace

std::string RfmState::Serialize() {
  Flush();
  Header header{.format = kFormat,
                .customer_kind = customer_kind_,
                .order_kind = order_kind_,
                .failure = failure_,
                .counts = counts_,
                .last_sale = last_sale_,
                .customers = customers_.size(),
                .customer_bytes = 0,
                .orders = orders_.size(),
                .days = unnumbered_days_.size(),
                .order_names = order_names_.size(),
                .order_bytes = 0};
  NameBlock customers;
  for (std::uint32_t i = 0; i < customer_names_.size(); ++i) customers.Add(customer_names_.Get(i));
  NameBlock orders;
  for (std::uint32_t i = 0; i < order_names_.size(); ++i) orders.Add(order_names_.Get(i));
  header.customer_bytes = customers.bytes.size();
  header.order_bytes = orders.bytes.size();

  std::string out;
  out.reserve(sizeof header + header.customers * (sizeof(StoredTotals) + 8) + header.customer_bytes +
              (header.orders + header.days) * sizeof(StoredPair) + header.order_names * 8 +
              header.order_bytes);
  Put(out, header);
  for (std::size_t i = 0; i < customers_.size(); ++i) Put(out, Pack(customers_[i]));
  if (customer_kind_ == KeyKind::kNumber) {
    for (std::size_t i = 0; i < customer_keys_.size(); ++i) Put(out, customer_keys_[i]);
  }
  out += customers.ends;
  out += customers.bytes;
  const auto put_pair = [&](std::uint32_t customer, std::int64_t value) {
    Put(out, StoredPair{value, customer});
  };
  orders_.ForEach(put_pair);
  unnumbered_days_.ForEach(put_pair);
  out += orders.ends;
  out += orders.bytes;
  return out;
}

std::string RfmState::Finish() {
  Flush();
  std::vector<std::uint32_t> order(customers_.size());
  if (customer_kind_ == KeyKind::kNumber) {
    // Keys beside their numbers: sorting numbers alone would fetch two keys from afar per comparison.
    std::vector<std::pair<std::int64_t, std::uint32_t>> keyed(order.size());
    for (std::size_t i = 0; i < keyed.size(); ++i)
      keyed[i] = {customer_keys_[i], static_cast<std::uint32_t>(i)};
    std::sort(keyed.begin(), keyed.end());
    for (std::size_t i = 0; i < keyed.size(); ++i) order[i] = keyed[i].second;
  } else {
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return customer_names_.Get(a) < customer_names_.Get(b);
    });
  }
  Header header{.format = kFormat,
                .customer_kind = customer_kind_,
                .order_kind = order_kind_,
                .failure = failure_,
                .counts = counts_,
                .last_sale = last_sale_,
                .customers = order.size(),
                .customer_bytes = 0,
                .orders = 0,
                .days = 0,
                .order_names = 0,
                .order_bytes = 0};
  NameBlock names;
  if (customer_kind_ == KeyKind::kBytes) {
    for (const std::uint32_t i : order) names.Add(customer_names_.Get(i));
  }
  header.customer_bytes = names.bytes.size();
  std::string out;
  out.reserve(sizeof header + order.size() * (sizeof(StoredTotals) + 8) + names.bytes.size());
  Put(out, header);
  for (const std::uint32_t i : order) Put(out, Pack(customers_[i]));
  if (customer_kind_ == KeyKind::kNumber) {
    for (const std::uint32_t i : order) Put(out, customer_keys_[i]);
  }
  out += names.ends;
  out += names.bytes;
  return out;
}

RfmTable::RfmTable(std::string_view finished) {
  const Header header = ReadHeader(finished);
  failure_ = header.failure;
  key_kind_ = header.customer_kind;
  counts_ = header.counts;
  last_sale_ = header.last_sale;
  size_ = header.customers;
  totals_ = Cut(finished, header.customers, sizeof(StoredTotals));
  keys_ = Cut(finished, header.customers, sizeof(std::int64_t));
  names_ = Cut(finished, header.customer_bytes, 1);
  if (!finished.empty()) BadState();
}

Key RfmTable::key(std::size_t i) const {
  if (key_kind_ == KeyKind::kNumber) return {.number = Peek<std::int64_t>(keys_, i), .bytes = {}};
  return {.number = 0, .bytes = Name(keys_, names_, i)};
}

RfmTotals RfmTable::totals(std::size_t i) const { return Unpack(Peek<StoredTotals>(totals_, i)); }

}  // namespace ecomm::core
