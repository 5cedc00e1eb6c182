#include "ecomm_analytics/core/sale_series.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <numeric>

#include "byte_format.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/sale_rules.hpp"

namespace ecomm::core {

using byte_format::BadState;
using byte_format::Cut;
using byte_format::Name;
using byte_format::Peek;
using byte_format::PutNames;

namespace series_format {

constexpr std::uint32_t kFormat = 0x53455201;  // "SER", version 1

// Plain data in front of every serialised state and finished table; the arrays follow in this order.
struct Header {
  std::uint32_t format;
  SeriesShape shape;
  RfmFailure failure;
  SeriesCounts counts;
  Micros first_sale;
  Micros last_sale;
  std::uint64_t groups;
  std::uint64_t group_bytes;
  std::uint64_t cells;
  // Of a serialised state alone:
  std::uint64_t customer_keys;
  std::uint64_t customer_names;
  std::uint64_t customer_bytes;
  std::uint64_t order_names;
  std::uint64_t order_bytes;
  std::uint64_t orders;
  std::uint64_t unnumbered_orders;
  std::uint64_t customers;
};

struct Pair {
  std::int64_t value;
  std::uint64_t cell;
};

Header ReadHeader(std::string_view& bytes) {
  if (bytes.size() < sizeof(Header)) BadState();
  // Read as bytes first: an enumeration or a truth value must not hold what is none.
  constexpr std::size_t kShapeBytes = sizeof(SeriesShape);
  std::array<std::uint8_t, kShapeBytes> shape;
  std::memcpy(shape.data(), bytes.data() + offsetof(Header, shape), kShapeBytes);
  if (Peek<std::uint32_t>(bytes, 0) != kFormat || shape[0] > static_cast<std::uint8_t>(Grain::kQuarter) ||
      std::any_of(shape.begin() + 1, shape.end(), [](std::uint8_t b) { return b > 1; }) ||
      static_cast<std::uint8_t>(bytes[offsetof(Header, failure)]) >
          static_cast<std::uint8_t>(RfmFailure::kPrecision)) {
    BadState();
  }
  const auto header = Peek<Header>(bytes, 0);
  bytes.remove_prefix(sizeof(Header));
  return header;
}

}  // namespace series_format

using series_format::Header;
using series_format::Pair;

namespace {

constexpr std::int64_t kUnknownCustomer = UINT32_MAX;

std::int64_t CellKey(std::int32_t group, std::int32_t period) {
  return std::int64_t{group} << 32 | static_cast<std::uint32_t>(period);
}

}  // namespace

SeriesShape ShapeOfSeries(std::string_view serialized) { return series_format::ReadHeader(serialized).shape; }

bool AddTo(SeriesCell& cell, const SeriesCell& other) {
  Int128 sales;
  Int128 units;
  Int128 priced_sales;
  Int128 priced_units;
  if (__builtin_add_overflow(cell.sales, other.sales, &sales) ||
      __builtin_add_overflow(cell.units, other.units, &units) ||
      __builtin_add_overflow(cell.priced_sales, other.priced_sales, &priced_sales) ||
      __builtin_add_overflow(cell.priced_units, other.priced_units, &priced_units)) {
    return false;
  }
  cell.sales = sales;
  cell.units = units;
  cell.priced_sales = priced_sales;
  cell.priced_units = priced_units;
  cell.lines += other.lines;
  cell.sales_scale = std::max(cell.sales_scale, other.sales_scale);
  cell.units_scale = std::max(cell.units_scale, other.units_scale);
  return true;
}

template <typename Function>
void SeriesState::WithinBudget(Function function) {
  try {
    function();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kMemoryLimit) throw;
    Fail(RfmFailure::kMemory);
  } catch (const std::bad_alloc&) {
    Fail(RfmFailure::kMemory);
  }
}

void SeriesState::Add(const Line& line) {
  if (failure_ != RfmFailure::kNone) return;
  ++counts_.lines;
  if (!line.sold_at) {
    ++counts_.no_date;
    return;
  }
  first_sale_ = std::min(first_sale_, *line.sold_at);
  last_sale_ = std::max(last_sale_, *line.sold_at);
  ++counts_.by_weekday[static_cast<std::size_t>(WeekdayOf(DayOf(*line.sold_at))) - 1];
  if (IsBeyond(line.amount) || IsBeyond(line.quantity)) return Fail(RfmFailure::kPrecision);
  counts_.no_amount += IsFinite(line.amount) ? 0 : 1;
  counts_.no_quantity += IsFinite(line.quantity) ? 0 : 1;
  WithinBudget([&] { Put(line); });
}

void SeriesState::Put(const Line& line) {
  std::int32_t group = 0;
  if (line.group) group = static_cast<std::int32_t>(groups_.Insert(*line.group).first) + 1;
  const auto period = static_cast<std::int32_t>(PeriodOf(shape_.grain, DayOf(*line.sold_at)));
  const std::uint32_t number = CellNumber(group, period);

  SeriesCell added;
  added.lines = 1;
  if (IsFinite(line.amount)) {
    added.sales = line.amount->value;
    added.sales_scale = line.amount->display_scale;
  }
  if (IsFinite(line.quantity)) {
    added.units = line.quantity->value;
    added.units_scale = line.quantity->display_scale;
  }
  if (IsFinite(line.amount) && added.sales >= 0 && added.units > 0) {
    added.priced_sales = added.sales;
    added.priced_units = added.units;
  }
  if (!AddTo(cells_[number], added)) return Fail(RfmFailure::kPrecision);

  if (!IsPurchase(line.amount)) return;
  if (shape_.count_orders) PutOrder(number, line);
  if (shape_.count_customers && line.customer) {
    customers_.Add(number, CustomerNumber(*line.customer), cells_.size());
  }
}

void SeriesState::PutOrder(std::uint32_t cell, const Line& line) {
  if (line.order) {
    const std::int64_t order = shape_.order_kind == KeyKind::kNumber
                                   ? line.order->number
                                   : std::int64_t{order_names_.Insert(line.order->bytes).first};
    orders_.Add(cell, order, cells_.size());
    return;
  }
  const std::int64_t customer = line.customer ? CustomerNumber(*line.customer) : kUnknownCustomer;
  const auto day = static_cast<std::uint32_t>(DayOf(*line.sold_at));
  unnumbered_orders_.Add(cell, customer << 32 | day, cells_.size());
}

std::uint32_t SeriesState::CellNumber(std::int32_t group, std::int32_t period) {
  if (last_cell_ != kNoNumber && cells_[last_cell_].group == group && cells_[last_cell_].period == period) {
    return last_cell_;
  }
  const auto [number, is_new] =
      cell_numbers_.Insert(CellKey(group, period), static_cast<std::uint32_t>(cells_.size()));
  if (is_new) {
    SeriesCell cell;
    cell.group = group;
    cell.period = period;
    cells_.Append(cell);
  }
  return last_cell_ = number;
}

std::uint32_t SeriesState::CustomerNumber(const Key& key) {
  if (shape_.customer_kind == KeyKind::kBytes) return customer_names_.Insert(key.bytes).first;
  const auto [number, is_new] =
      customer_numbers_.Insert(key.number, static_cast<std::uint32_t>(customer_keys_.size()));
  if (is_new) customer_keys_.Append(key.number);
  return number;
}

Header SeriesState::MakeHeader() const {
  return {.format = series_format::kFormat,
          .shape = shape_,
          .failure = failure_,
          .counts = counts_,
          .first_sale = first_sale_,
          .last_sale = last_sale_,
          .groups = groups_.size(),
          .group_bytes = groups_.bytes(),
          .cells = cells_.size(),
          .customer_keys = customer_keys_.size(),
          .customer_names = customer_names_.size(),
          .customer_bytes = customer_names_.bytes(),
          .order_names = order_names_.size(),
          .order_bytes = order_names_.bytes(),
          .orders = orders_.size(),
          .unnumbered_orders = unnumbered_orders_.size(),
          .customers = customers_.size()};
}

std::string SeriesState::Serialize(std::size_t most) {
  const std::size_t offset_size = sizeof(std::uint64_t);
  std::size_t size = 0;
  WithinBudget([&] {
    for (PairLog* log : {&orders_, &unnumbered_orders_, &customers_}) log->Compact(cells_.size());
    size = sizeof(Header) + groups_.size() * offset_size + groups_.bytes() +
           cells_.size() * sizeof(SeriesCell) + customer_keys_.size() * sizeof(std::int64_t) +
           customer_names_.size() * offset_size + customer_names_.bytes() +
           order_names_.size() * offset_size + order_names_.bytes() +
           (orders_.size() + unnumbered_orders_.size() + customers_.size()) * sizeof(Pair);
    RequireMemory(budget_.used() + size, "aggregation");
    if (size > most) throw Error(ErrorCode::kMemoryLimit, "state is too long");
  });
  std::string out;
  if (failure_ == RfmFailure::kNone) out.reserve(size);
  byte_format::Put(out, MakeHeader());
  PutNames(out, groups_.size(), [&](std::size_t i) { return groups_.Get(i); });
  Steps steps;
  for (std::size_t i = 0; i < cells_.size(); ++i, steps.Step()) byte_format::Put(out, cells_[i]);
  for (std::size_t i = 0; i < customer_keys_.size(); ++i, steps.Step()) {
    byte_format::Put(out, customer_keys_[i]);
  }
  PutNames(out, customer_names_.size(), [&](std::size_t i) { return customer_names_.Get(i); });
  PutNames(out, order_names_.size(), [&](std::size_t i) { return order_names_.Get(i); });
  for (const PairLog* log : {&orders_, &unnumbered_orders_, &customers_}) {
    log->ForEach([&](std::uint32_t cell, std::int64_t value) {
      steps.Step();
      byte_format::Put(out, Pair{value, cell});
    });
  }
  return out;
}

void SeriesState::Merge(std::string_view bytes) {
  const Header header = series_format::ReadHeader(bytes);
  if (header.shape != shape_) BadState();
  counts_.lines += header.counts.lines;
  counts_.no_date += header.counts.no_date;
  counts_.no_amount += header.counts.no_amount;
  counts_.no_quantity += header.counts.no_quantity;
  for (std::size_t i = 0; i < counts_.by_weekday.size(); ++i) {
    counts_.by_weekday[i] += header.counts.by_weekday[i];
  }
  first_sale_ = std::min(first_sale_, header.first_sale);
  last_sale_ = std::max(last_sale_, header.last_sale);
  if (header.failure != RfmFailure::kNone) Fail(header.failure);
  if (failure_ != RfmFailure::kNone) return;
  WithinBudget([&] { MergeParts(bytes, header); });
}

void SeriesState::MergeParts(std::string_view bytes, const Header& header) {
  const auto cut_names = [&](std::uint64_t count, std::uint64_t size) {
    const std::string_view ends = Cut(bytes, count, sizeof(std::uint64_t));
    return std::pair(ends, Cut(bytes, size, 1));
  };
  const auto groups = cut_names(header.groups, header.group_bytes);
  const auto cells = Cut(bytes, header.cells, sizeof(SeriesCell));
  const auto customer_keys = Cut(bytes, header.customer_keys, sizeof(std::int64_t));
  const auto customer_names = cut_names(header.customer_names, header.customer_bytes);
  const auto order_names = cut_names(header.order_names, header.order_bytes);
  const std::array pairs = {Cut(bytes, header.orders, sizeof(Pair)),
                            Cut(bytes, header.unnumbered_orders, sizeof(Pair)),
                            Cut(bytes, header.customers, sizeof(Pair))};
  if (!bytes.empty()) BadState();

  const bool named_customers = shape_.customer_kind == KeyKind::kBytes;
  const std::uint64_t customers = named_customers ? header.customer_names : header.customer_keys;
  const auto customer_number = [&](std::uint64_t i) -> std::int64_t {
    if (i >= customers) BadState();
    return CustomerNumber(
        named_customers ? Key{.number = 0, .bytes = Name(customer_names.first, customer_names.second, i)}
                        : Key{.number = Peek<std::int64_t>(customer_keys, i), .bytes = {}});
  };
  RequireMemory(budget_.used() + header.cells * sizeof(std::uint32_t), "aggregation");
  std::vector<std::uint32_t> numbers(header.cells);
  Steps steps;
  for (std::size_t i = 0; i < numbers.size(); ++i, steps.Step()) {
    const auto cell = Peek<SeriesCell>(cells, i);
    if (cell.group < 0 || static_cast<std::uint64_t>(cell.group) > header.groups) BadState();
    std::int32_t group = cell.group;
    if (group > 0) {
      group =
          static_cast<std::int32_t>(
              groups_.Insert(Name(groups.first, groups.second, static_cast<std::size_t>(group) - 1)).first) +
          1;
    }
    numbers[i] = CellNumber(group, cell.period);
    if (!AddTo(cells_[numbers[i]], cell)) return Fail(RfmFailure::kPrecision);
  }
  const auto merge = [&](std::string_view stored, PairLog& log, auto translate) {
    for (std::size_t i = 0; i < stored.size() / sizeof(Pair); ++i, steps.Step()) {
      const auto [value, cell] = Peek<Pair>(stored, i);
      if (cell >= numbers.size()) BadState();
      log.Add(numbers[cell], translate(value), cells_.size());
    }
  };
  merge(pairs[0], orders_, [&](std::int64_t order) -> std::int64_t {
    if (shape_.order_kind == KeyKind::kNumber) return order;
    if (static_cast<std::uint64_t>(order) >= header.order_names) BadState();
    return order_names_.Insert(Name(order_names.first, order_names.second, static_cast<std::size_t>(order)))
        .first;
  });
  merge(pairs[1], unnumbered_orders_, [&](std::int64_t order) {
    const auto customer = static_cast<std::uint64_t>(order) >> 32;
    const std::int64_t number = customer == kUnknownCustomer ? kUnknownCustomer : customer_number(customer);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << 32 |
                                     (static_cast<std::uint64_t>(order) & UINT32_MAX));
  });
  merge(pairs[2], customers_,
        [&](std::int64_t customer) { return customer_number(static_cast<std::uint64_t>(customer)); });
}

void SeriesState::CountDistinct() {
  std::vector<std::uint32_t> rank(cells_.size());
  std::iota(rank.begin(), rank.end(), 0U);
  const auto count = [&](const PairLog& log, std::int64_t SeriesCell::*total) {
    const ValueLists lists = log.Group(rank);
    for (const std::uint32_t i : rank) cells_[i].*total += lists.counts[i];
  };
  count(orders_, &SeriesCell::orders);
  count(unnumbered_orders_, &SeriesCell::orders);
  count(customers_, &SeriesCell::customers);
}

std::string SeriesState::Finish(std::size_t most) {
  const std::size_t size = sizeof(Header) + groups_.size() * sizeof(std::uint64_t) + groups_.bytes() +
                           cells_.size() * sizeof(SeriesCell);
  Steps steps;
  std::vector<std::uint32_t> by_name;
  std::vector<std::uint32_t> order;
  WithinBudget([&] {
    RequireMemory(budget_.used() + size + (groups_.size() * 2 + cells_.size()) * sizeof(std::uint32_t),
                  "aggregation");
    if (size > most) throw Error(ErrorCode::kMemoryLimit, "table is too long");
    CountDistinct();
    by_name.resize(groups_.size());
    std::iota(by_name.begin(), by_name.end(), 0U);
    std::sort(by_name.begin(), by_name.end(), [&](std::uint32_t a, std::uint32_t b) {
      steps.Step();
      return groups_.Get(a) < groups_.Get(b);
    });
    std::vector<std::int32_t> place(groups_.size() + 1);
    for (std::size_t i = 0; i < by_name.size(); ++i) place[by_name[i] + 1] = static_cast<std::int32_t>(i) + 1;
    for (std::size_t i = 0; i < cells_.size(); ++i, steps.Step()) {
      cells_[i].group = place[static_cast<std::size_t>(cells_[i].group)];
    }
    order.resize(cells_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      steps.Step();
      return CellKey(cells_[a].group, 0) + cells_[a].period < CellKey(cells_[b].group, 0) + cells_[b].period;
    });
  });
  if (failure_ != RfmFailure::kNone) by_name = order = {};
  Header header = MakeHeader();
  header.customer_keys = header.customer_names = header.customer_bytes = 0;
  header.order_names = header.order_bytes = header.orders = header.unnumbered_orders = header.customers = 0;
  std::string out;
  if (failure_ == RfmFailure::kNone) out.reserve(size);
  byte_format::Put(out, header);
  PutNames(out, by_name.size(), [&](std::size_t i) { return groups_.Get(by_name[i]); });
  for (const std::uint32_t i : order) {
    steps.Step();
    byte_format::Put(out, cells_[i]);
  }
  return out;
}

void SeriesState::Fail(RfmFailure failure) noexcept {
  failure_ = failure;
  last_cell_ = kNoNumber;
  groups_.Clear();
  cell_numbers_.Clear();
  cells_.Clear();
  customer_numbers_.Clear();
  customer_keys_.Clear();
  customer_names_.Clear();
  order_names_.Clear();
  orders_.Clear();
  unnumbered_orders_.Clear();
  customers_.Clear();
}

SeriesTable::SeriesTable(std::string_view finished) {
  const Header header = series_format::ReadHeader(finished);
  failure_ = header.failure;
  counts_ = header.counts;
  first_sale_ = header.first_sale;
  last_sale_ = header.last_sale;
  size_ = header.cells;
  group_count_ = header.groups;
  ends_ = Cut(finished, header.groups, sizeof(std::uint64_t));
  names_ = Cut(finished, header.group_bytes, 1);
  cells_ = Cut(finished, header.cells, sizeof(SeriesCell));
  if (!finished.empty()) BadState();
}

std::optional<Micros> SeriesTable::first_sale() const noexcept {
  return last_sale_ == INT64_MIN ? std::nullopt : std::optional(first_sale_);
}

std::optional<Micros> SeriesTable::last_sale() const noexcept {
  return last_sale_ == INT64_MIN ? std::nullopt : std::optional(last_sale_);
}

SeriesCell SeriesTable::cell(std::size_t i) const { return Peek<SeriesCell>(cells_, i); }

std::string_view SeriesTable::group_name(std::int32_t group) const {
  return Name(ends_, names_, static_cast<std::size_t>(group) - 1);
}

}  // namespace ecomm::core
