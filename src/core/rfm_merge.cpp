// Merging RFM states: by one walk through sorted arrays where all keys are numbers, else by lookups.

#include <algorithm>
#include <functional>
#include <iterator>
#include <span>

#include "rfm_format.hpp"

namespace ecomm::core {

using byte_format::BadState;
using byte_format::Cut;
using byte_format::CutVector;
using byte_format::Name;
using byte_format::Peek;
using byte_format::PutVector;
using rfm_format::Header;
using rfm_format::Pack;
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

// Walks through the lists of a part, customer by customer.
class ListReader {
 public:
  explicit ListReader(const ValueLists& lists) : lists_(&lists) {}
  std::span<const std::int64_t> Next() {
    const std::size_t begin = end_;
    end_ += lists_->counts[customer_++];
    return {lists_->values.data() + begin, end_ - begin};
  }

 private:
  const ValueLists* lists_;
  std::size_t customer_ = 0;
  std::size_t end_ = 0;
};

// The union of ascending lists, which need not be copied where there is but one.
class ListUnion {
 public:
  void Clear() noexcept { values_ = {}; }
  void Add(std::span<const std::int64_t> list) {
    if (values_.empty()) {
      values_ = list;
    } else if (!list.empty()) {
      next_.clear();
      std::set_union(values_.begin(), values_.end(), list.begin(), list.end(), std::back_inserter(next_));
      next_.swap(stored_);
      values_ = stored_;
    }
  }
  std::span<const std::int64_t> values() const noexcept { return values_; }

 private:
  std::span<const std::int64_t> values_;
  std::vector<std::int64_t> stored_;
  std::vector<std::int64_t> next_;
};

void Append(ValueLists& lists, std::span<const std::int64_t> values) {
  lists.values.insert(lists.values.end(), values.begin(), values.end());
  lists.counts.push_back(static_cast<std::uint32_t>(values.size()));
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
    AddPart(std::move(other));
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
  sorted.orders = orders_.Group(rank);
  sorted.days = unnumbered_days_.Group(rank);
  return sorted;
}

void RfmState::CloseOwn() {
  if (customers_.size() == 0) return;
  // What SortOwn makes and the log has not asked for already.
  RequireMemory(budget_.used() + customers_.size() * (sizeof(StoredTotals) + 4 * sizeof(std::int64_t)),
                "aggregation");
  Sorted own = SortOwn();
  ClearOwn();
  AddPart(std::move(own));
}

void RfmState::AddPart(Sorted part) {
  budget_.Take(part.bytes());
  parts_.push_back(std::move(part));
}

// visit(key, totals, orders, days) for every customer, ascending by key.
template <typename Visit>
void RfmState::WalkParts(const std::vector<Sorted>& parts, Visit visit) {
  struct Cursor {
    const Sorted* part;
    ListReader orders;
    ListReader days;
    std::size_t row = 0;
  };
  std::vector<Cursor> cursors;
  for (const Sorted& part : parts) {
    if (!part.keys.empty()) cursors.push_back({&part, ListReader(part.orders), ListReader(part.days)});
  }
  ListUnion orders;
  ListUnion days;
  for (std::size_t done = 0; !cursors.empty(); ++done) {
    if (done % kPollEvery == 0) Poll();
    const auto key_of = [](const Cursor& cursor) { return cursor.part->keys[cursor.row]; };
    std::int64_t key = key_of(cursors.front());
    for (const Cursor& cursor : cursors) key = std::min(key, key_of(cursor));
    RfmTotals totals;
    orders.Clear();
    days.Clear();
    bool at_end = false;
    for (Cursor& cursor : cursors) {
      if (key_of(cursor) != key) continue;
      if (!Combine(totals, Unpack(cursor.part->totals[cursor.row]))) {
        throw Error(ErrorCode::kNumericRange, "sum of amounts is out of range");
      }
      orders.Add(cursor.orders.Next());
      days.Add(cursor.days.Next());
      at_end |= ++cursor.row == cursor.part->keys.size();
    }
    visit(key, totals, orders.values(), days.values());
    if (at_end) std::erase_if(cursors, [](const Cursor& c) { return c.row == c.part->keys.size(); });
  }
}

RfmState::Sorted RfmState::JoinParts(const std::vector<Sorted>& parts) {
  Sorted out;
  WalkParts(parts, [&](std::int64_t key, const RfmTotals& totals, auto orders, auto days) {
    out.keys.push_back(key);
    out.totals.push_back(Pack(totals));
    Append(out.orders, orders);
    Append(out.days, days);
  });
  return out;
}

RfmState::Sorted RfmState::CountParts(const std::vector<Sorted>& parts) {
  Sorted out;
  std::size_t most = 0;
  for (const Sorted& part : parts) most += part.keys.size();
  out.keys.reserve(most);
  out.totals.reserve(most);
  WalkParts(parts, [&](std::int64_t key, RfmTotals& totals, auto orders, auto days) {
    totals.frequency = static_cast<std::int64_t>(orders.size() + days.size());
    out.keys.push_back(key);
    out.totals.push_back(Pack(totals));
  });
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
  const auto merge_pairs = [&](std::string_view pairs, PairLog& log, bool named) {
    const std::size_t count = pairs.size() / sizeof(StoredPair);
    for (std::size_t i = 0; i < count; ++i) {
      if (i % kPollEvery == 0) Poll();
      auto [value, customer] = Peek<StoredPair>(pairs, i);
      if (customer >= numbers.size()) BadState();
      if (named) {
        if (static_cast<std::uint64_t>(value) >= header.order_names) BadState();
        value = order_names_.Insert(Name(order_ends, order_bytes, static_cast<std::size_t>(value))).first;
      }
      log.Add(numbers[customer], value, customers_.size());
    }
  };
  merge_pairs(orders, orders_, order_kind_ == KeyKind::kBytes);
  merge_pairs(days, unnumbered_days_, false);
}

}  // namespace ecomm::core
