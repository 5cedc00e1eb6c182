// What an RFM state looks like to another process, and when it is finished.

#include <algorithm>
#include <numeric>

#include "rfm_format.hpp"

namespace ecomm::core {

using rfm_format::BadState;
using rfm_format::Cut;
using rfm_format::Header;
using rfm_format::kFormat;
using rfm_format::Name;
using rfm_format::Pack;
using rfm_format::Peek;
using rfm_format::Put;
using rfm_format::PutVector;
using rfm_format::ReadHeader;
using rfm_format::StoredPair;
using rfm_format::StoredTotals;
using rfm_format::Unpack;

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
  std::string out;
  if (numeric()) {
    Sorted sorted;
    WithinBudget([&] { sorted = TakeSorted(); });
    header.failure = failure_;
    header.customers = sorted.keys.size();
    header.orders = sorted.orders.values.size();
    header.days = sorted.days.values.size();
    out.reserve(sizeof header + sorted.bytes());
    Put(out, header);
    sorted.Write(out);
    return out;
  }

  NameBlock customers;
  for (std::uint32_t i = 0; i < customer_names_.size(); ++i) customers.Add(customer_names_.Get(i));
  NameBlock orders;
  for (std::uint32_t i = 0; i < order_names_.size(); ++i) orders.Add(order_names_.Get(i));
  header.customer_bytes = customers.bytes.size();
  header.order_bytes = orders.bytes.size();
  Put(out, header);
  for (std::size_t i = 0; i < customers_.size(); ++i) Put(out, Pack(customers_[i]));
  for (std::size_t i = 0; i < customer_keys_.size(); ++i) Put(out, customer_keys_[i]);
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
  Header header{.format = kFormat,
                .customer_kind = customer_kind_,
                .order_kind = order_kind_,
                .failure = failure_,
                .counts = counts_,
                .last_sale = last_sale_,
                .customers = customers_.size(),
                .customer_bytes = 0,
                .orders = 0,
                .days = 0,
                .order_names = 0,
                .order_bytes = 0};
  std::string out;
  if (merged_) {
    Sorted sorted;
    WithinBudget([&] { sorted = TakeSorted(); });
    header.failure = failure_;
    for (std::size_t i = 0; i < sorted.keys.size(); ++i) {
      sorted.totals[i].frequency = sorted.orders.counts[i] + std::int64_t{sorted.days.counts[i]};
    }
    header.customers = sorted.keys.size();
    Put(out, header);
    PutVector(out, sorted.totals);
    PutVector(out, sorted.keys);
    return out;
  }

  const std::vector<std::uint32_t> order = CustomersByKey();
  NameBlock names;
  if (customer_kind_ == KeyKind::kBytes) {
    for (const std::uint32_t i : order) names.Add(customer_names_.Get(i));
  }
  header.customer_bytes = names.bytes.size();
  out.reserve(sizeof header + order.size() * (sizeof(StoredTotals) + sizeof(std::int64_t)) +
              names.bytes.size());
  Put(out, header);
  for (const std::uint32_t i : order) Put(out, Pack(customers_[i]));
  if (customer_kind_ == KeyKind::kNumber) {
    for (const std::uint32_t i : order) Put(out, customer_keys_[i]);
  }
  out += names.ends;
  out += names.bytes;
  return out;
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
