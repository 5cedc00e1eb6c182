// Merging RFM states: by one walk through sorted arrays where all keys are numbers, else by lookups.

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <span>

#include "rfm_format.hpp"

namespace ecomm::core {

using rfm_format::BadState;
using rfm_format::Cut;
using rfm_format::CutVector;
using rfm_format::Header;
using rfm_format::Name;
using rfm_format::Pack;
using rfm_format::Peek;
using rfm_format::PutVector;
using rfm_format::ReadHeader;
using rfm_format::StoredPair;
using rfm_format::StoredTotals;
using rfm_format::Unpack;

namespace {

constexpr std::size_t kPollEvery = 65536;

bool Ascends(const ValueLists& lists) {
  std::size_t end = 0;
  for (const std::uint32_t count : lists.counts) {
    if (count > lists.values.size() - end) return false;
    const auto begin = lists.values.begin() + static_cast<std::ptrdiff_t>(end);
    end += count;
    if (std::adjacent_find(begin, begin + count, std::greater_equal<>()) != begin + count) return false;
  }
  return end == lists.values.size();
}

// Values grouped by the rank of their customer, ascending in each group.
ValueLists Group(const PairSet& pairs, const std::vector<std::uint32_t>& rank) {
  ValueLists lists{std::vector<std::uint32_t>(rank.size()), std::vector<std::int64_t>(pairs.size())};
  pairs.ForEach([&](std::uint32_t customer, std::int64_t) { ++lists.counts[rank[customer]]; });
  std::vector<std::size_t> next(rank.size());
  std::exclusive_scan(lists.counts.begin(), lists.counts.end(), next.begin(), std::size_t{0});
  pairs.ForEach(
      [&](std::uint32_t customer, std::int64_t value) { lists.values[next[rank[customer]]++] = value; });
  for (std::size_t i = 0; i < rank.size(); ++i) {
    if (i % kPollEvery == 0) Poll();
    const auto end = lists.values.begin() + static_cast<std::ptrdiff_t>(next[i]);
    std::sort(end - lists.counts[i], end);
  }
  return lists;
}

// Walks through the lists of a state, customer by customer.
class ListReader {
 public:
  explicit ListReader(const ValueLists& lists) : lists_(lists) {}
  std::span<const std::int64_t> Next() {
    const std::size_t begin = end_;
    end_ += lists_.counts[customer_++];
    return {lists_.values.data() + begin, end_ - begin};
  }

 private:
  const ValueLists& lists_;
  std::size_t customer_ = 0;
  std::size_t end_ = 0;
};

void PutUnion(ValueLists& lists, std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  const std::size_t before = lists.values.size();
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(lists.values));
  lists.counts.push_back(static_cast<std::uint32_t>(lists.values.size() - before));
}

}  // namespace

void RfmState::Merge(std::string_view bytes) {
  const std::string_view whole = bytes;
  const Header header = ReadHeader(bytes);
  if (header.customer_kind != customer_kind_ || header.order_kind != order_kind_) BadState();
  Flush();
  counts_ += header.counts;
  last_sale_ = std::max(last_sale_, header.last_sale);
  if (header.failure != RfmFailure::kNone) Fail(header.failure);
  if (failure_ != RfmFailure::kNone) return;
  WithinBudget([&] {
    if (!numeric()) return MergeByLookup(whole);
    Sorted other = Sorted::Read(header, bytes);
    if (!bytes.empty()) BadState();
    if (!merged_) {
      merged_ = std::make_unique<Sorted>(std::move(other));
    } else {
      *merged_ = Join(*merged_, other);
    }
  });
}

std::size_t RfmState::Sorted::bytes() const noexcept {
  return totals.size() * (sizeof(StoredTotals) + sizeof(std::int64_t) + 2 * sizeof(std::uint32_t)) +
         (orders.values.size() + days.values.size()) * sizeof(std::int64_t);
}

RfmState::Sorted RfmState::Sorted::Read(const Header& header, std::string_view& bytes) {
  RequireMemory(bytes.size(), "aggregation");
  Sorted sorted;
  sorted.totals = CutVector<StoredTotals>(bytes, header.customers);
  sorted.keys = CutVector<std::int64_t>(bytes, header.customers);
  sorted.orders.counts = CutVector<std::uint32_t>(bytes, header.customers);
  sorted.orders.values = CutVector<std::int64_t>(bytes, header.orders);
  sorted.days.counts = CutVector<std::uint32_t>(bytes, header.customers);
  sorted.days.values = CutVector<std::int64_t>(bytes, header.days);
  const auto& keys = sorted.keys;
  if (std::adjacent_find(keys.begin(), keys.end(), std::greater_equal<>()) != keys.end() ||
      !Ascends(sorted.orders) || !Ascends(sorted.days)) {
    BadState();
  }
  return sorted;
}

void RfmState::Sorted::Write(std::string& out) const {
  PutVector(out, totals);
  PutVector(out, keys);
  PutVector(out, orders.counts);
  PutVector(out, orders.values);
  PutVector(out, days.counts);
  PutVector(out, days.values);
}

RfmState::Sorted RfmState::SortOwn() const {
  const std::vector<std::uint32_t> order = CustomersByKey();
  Sorted sorted;
  sorted.keys.reserve(order.size());
  sorted.totals.reserve(order.size());
  std::vector<std::uint32_t> rank(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    sorted.keys.push_back(customer_keys_[order[i]]);
    sorted.totals.push_back(Pack(customers_[order[i]]));
  }
  sorted.orders = Group(orders_, rank);
  sorted.days = Group(unnumbered_days_, rank);
  return sorted;
}

RfmState::Sorted RfmState::TakeSorted() {
  if (!merged_) return SortOwn();
  if (customers_.size() == 0) return std::move(*merged_);
  return Join(*merged_, SortOwn());
}

RfmState::Sorted RfmState::Join(const Sorted& a, const Sorted& b) {
  RequireMemory(2 * (a.bytes() + b.bytes()), "aggregation");
  Sorted out;
  out.totals.reserve(a.totals.size() + b.totals.size());
  out.keys.reserve(a.keys.size() + b.keys.size());
  for (auto list : {&Sorted::orders, &Sorted::days}) {
    (out.*list).counts.reserve(a.keys.size() + b.keys.size());
    (out.*list).values.reserve((a.*list).values.size() + (b.*list).values.size());
  }
  ListReader orders_a(a.orders);
  ListReader orders_b(b.orders);
  ListReader days_a(a.days);
  ListReader days_b(b.days);
  for (std::size_t i = 0, j = 0; i < a.keys.size() || j < b.keys.size();) {
    if ((i + j) % kPollEvery == 0) Poll();
    const bool from_a = i < a.keys.size() && (j == b.keys.size() || a.keys[i] <= b.keys[j]);
    const bool from_b = j < b.keys.size() && (i == a.keys.size() || b.keys[j] <= a.keys[i]);
    RfmTotals totals;
    if (from_a) totals = Unpack(a.totals[i]);
    if (from_b && !Combine(totals, Unpack(b.totals[j]))) {
      throw Error(ErrorCode::kNumericRange, "sum of amounts is out of range");
    }
    out.totals.push_back(Pack(totals));
    out.keys.push_back(from_a ? a.keys[i] : b.keys[j]);
    constexpr std::span<const std::int64_t> kNone;
    PutUnion(out.orders, from_a ? orders_a.Next() : kNone, from_b ? orders_b.Next() : kNone);
    PutUnion(out.days, from_a ? days_a.Next() : kNone, from_b ? days_b.Next() : kNone);
    i += from_a ? 1 : 0;
    j += from_b ? 1 : 0;
  }
  return out;
}

void RfmState::MergeByLookup(std::string_view bytes) {
  const Header header = ReadHeader(bytes);
  const auto totals = Cut(bytes, header.customers, sizeof(StoredTotals));
  const auto keys = Cut(bytes, header.customers, sizeof(std::int64_t));
  const auto names = Cut(bytes, header.customer_bytes, 1);
  const auto orders = Cut(bytes, header.orders, sizeof(StoredPair));
  const auto days = Cut(bytes, header.days, sizeof(StoredPair));
  const auto order_ends = Cut(bytes, header.order_names, sizeof(std::uint64_t));
  const auto order_bytes = Cut(bytes, header.order_bytes, 1);
  if (!bytes.empty()) BadState();

  std::vector<std::uint32_t> numbers(header.customers);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i % kPollEvery == 0) Poll();
    numbers[i] = customer_kind_ == KeyKind::kNumber ? CustomerNumber(Peek<std::int64_t>(keys, i))
                                                    : CustomerNumber(Name(keys, names, i));
    if (!Combine(customers_[numbers[i]], Unpack(Peek<StoredTotals>(totals, i)))) {
      return Fail(RfmFailure::kPrecision);
    }
  }
  // Frequencies do not add: an order may have lines in both states. They are counted anew from the sets.
  const auto merge_pairs = [&](std::string_view pairs, PairSet& set, bool named) {
    const std::size_t count = pairs.size() / sizeof(StoredPair);
    for (std::size_t i = 0; i < count; ++i) {
      if (i % kPollEvery == 0) Poll();
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
}

}  // namespace ecomm::core
