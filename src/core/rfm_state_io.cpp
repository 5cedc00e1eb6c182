// What an RFM state looks like to another process, and when it is finished.

#include <algorithm>
#include <numeric>

#include "rfm_format.hpp"

namespace ecomm::core {

using byte_format::BadState;
using byte_format::Cut;
using byte_format::Name;
using byte_format::Peek;
using byte_format::Put;
using byte_format::PutNames;
using byte_format::PutVector;
using rfm_format::Header;
using rfm_format::kFormat;
using rfm_format::Pack;
using rfm_format::ReadHeader;
using rfm_format::StoredPair;
using rfm_format::StoredTotals;
using rfm_format::Unpack;

void RfmState::RequireRoom(std::size_t bytes, std::size_t most) {
  WithinBudget([&] {
    RequireMemory(budget_.used() + bytes, "aggregation");
    if (bytes > most) throw Error(ErrorCode::kMemoryLimit, "state is too long");
  });
}

Header RfmState::MakeHeader() const {
  return {.format = kFormat,
          .customer_kind = customer_kind_,
          .order_kind = order_kind_,
          .failure = failure_,
          .counts = counts_,
          .last_sale = last_sale_,
          .customers = customers_.size(),
          .customer_bytes = customer_names_.bytes(),
          .orders = orders_.size(),
          .days = unnumbered_days_.size(),
          .order_names = order_names_.size(),
          .order_bytes = order_names_.bytes()};
}

std::string RfmState::Serialize(std::size_t most) {
  Flush();
  return numeric() ? SerializeParts(most) : SerializeNamed(most);
}

std::string RfmState::Finish(std::size_t most) {
  Flush();
  return numeric() ? FinishParts(most) : FinishNamed(most);
}

std::string RfmState::SerializeParts(std::size_t most) {
  WithinBudget([&] {
    CloseOwn();
    if (parts_.size() > 1) {
      RequireMemory(2 * budget_.used(), "aggregation");
      AddPart(JoinParts(parts_));
    }
  });
  RequireRoom(sizeof(Header) + (parts_.empty() ? 0 : parts_.back().bytes()), most);
  const Sorted sorted = parts_.empty() ? Sorted() : std::move(parts_.back());
  Header header = MakeHeader();
  header.customers = sorted.keys.size();
  header.orders = sorted.orders.values.size();
  header.days = sorted.days.values.size();
  std::string out;
  out.reserve(sizeof header + sorted.bytes());
  Put(out, header);
  sorted.Write(out);
  return out;
}

std::string RfmState::FinishParts(std::size_t most) {
  Sorted counted;
  WithinBudget([&] {
    CloseOwn();
    counted = CountParts(parts_);
  });
  RequireRoom(sizeof(Header) + counted.bytes(), most);
  if (failure_ != RfmFailure::kNone) counted = {};
  Header header = MakeHeader();
  header.customers = counted.keys.size();
  std::string out;
  Put(out, header);
  PutVector(out, counted.totals);
  PutVector(out, counted.keys);
  return out;
}

std::string RfmState::SerializeNamed(std::size_t most) {
  WithinBudget([&] {
    orders_.Compact(customers_.size());
    unnumbered_days_.Compact(customers_.size());
  });
  const std::size_t key_size = sizeof(std::uint64_t);
  const std::size_t size = sizeof(Header) + customers_.size() * (sizeof(StoredTotals) + key_size) +
                           customer_names_.bytes() +
                           (orders_.size() + unnumbered_days_.size()) * sizeof(StoredPair) +
                           order_names_.size() * key_size + order_names_.bytes();
  RequireRoom(size, most);
  std::string out;
  out.reserve(size);
  Put(out, MakeHeader());
  for (std::size_t i = 0; i < customers_.size(); ++i) Put(out, Pack(customers_[i]));
  for (std::size_t i = 0; i < customer_keys_.size(); ++i) Put(out, customer_keys_[i]);
  PutNames(out, customer_names_.size(), [&](std::size_t i) { return customer_names_.Get(i); });
  const auto put_pair = [&](std::uint32_t customer, std::int64_t value) {
    Put(out, StoredPair{value, customer});
  };
  orders_.ForEach(put_pair);
  unnumbered_days_.ForEach(put_pair);
  PutNames(out, order_names_.size(), [&](std::size_t i) { return order_names_.Get(i); });
  return out;
}

std::string RfmState::FinishNamed(std::size_t most) {
  WithinBudget([&] { CountOrders(); });
  RequireRoom(sizeof(Header) + customers_.size() * (sizeof(StoredTotals) + sizeof(std::uint64_t)) +
                  customer_names_.bytes(),
              most);
  Header header = MakeHeader();
  header.orders = header.days = header.order_names = header.order_bytes = 0;
  const std::vector<std::uint32_t> order = CustomersByKey();
  std::string out;
  Put(out, header);
  for (const std::uint32_t i : order) Put(out, Pack(customers_[i]));
  if (customer_kind_ == KeyKind::kNumber) {
    for (const std::uint32_t i : order) Put(out, customer_keys_[i]);
  } else {
    PutNames(out, order.size(), [&](std::size_t i) { return customer_names_.Get(order[i]); });
  }
  return out;
}

void RfmState::CountOrders() {
  std::vector<std::uint32_t> rank(customers_.size());
  std::iota(rank.begin(), rank.end(), 0U);
  for (const PairLog* log : {&orders_, &unnumbered_days_}) {
    const ValueLists lists = log->Group(rank);
    for (const std::uint32_t i : rank) customers_[i].frequency += lists.counts[i];
  }
}

std::vector<std::uint32_t> RfmState::CustomersByKey() const {
  std::vector<std::uint32_t> order(customers_.size());
  if (customer_kind_ == KeyKind::kBytes) {
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return customer_names_.Get(a) < customer_names_.Get(b);
    });
    return order;
  }
  // Keys beside their numbers: sorting numbers alone would fetch two keys from afar per comparison.
  std::vector<std::pair<std::int64_t, std::uint32_t>> keyed(order.size());
  for (std::uint32_t i = 0; i < keyed.size(); ++i) keyed[i] = {customer_keys_[i], i};
  std::sort(keyed.begin(), keyed.end());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = keyed[i].second;
  return order;
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
