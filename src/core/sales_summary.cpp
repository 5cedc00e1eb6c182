#include "ecomm_analytics/core/sales_summary.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "ecomm_analytics/core/error.hpp"
#include "order_numbers.hpp"
#include "summary_cube.hpp"

namespace ecomm::core {
namespace {

constexpr std::array<std::string_view, 7> kLevels = {"total",   "category",        "region",       "state",
                                                     "product", "category_region", "product_state"};
constexpr std::array<std::string_view, 6> kGrainNames = {"day", "week", "month", "quarter", "year", "all"};

// What is looked up is asked for this many steps before: waits for memory then overlap.
constexpr std::size_t kAhead = 32;

// What remains of the lines once their sums are taken: the cell and the order and customer to count.
class CountableLines {
 public:
  CountableLines(std::size_t lines, Budget& budget) : cells_(budget), orders_(budget), customers_(budget) {
    if (lines >= kNoNumber) {
      throw Error(ErrorCode::kMemoryLimit, "there are too many sale lines for one summary", {},
                  "Take the lines in more parts.");
    }
    for (auto* column : {&cells_, &orders_, &customers_}) column->Resize(lines, kNoNumber);
  }
  void Add(std::uint32_t cell, std::uint32_t order, std::uint32_t customer) {
    cells_[size_] = cell;
    orders_[size_] = order;
    customers_[size_++] = customer;
  }
  // Counts groups 0 to `groups` - 1, and forgets who was in them.
  void Count(Counted counted, std::uint32_t groups, SummaryCube& cube, Budget& budget) {
    BudgetedVector<std::uint32_t>& group = counted == Counted::kOrders ? orders_ : customers_;
    BudgetedVector<std::uint32_t> starts(budget);
    BudgetedVector<std::uint64_t> items(budget);
    starts.Resize(std::size_t{groups} + 1, 0);
    Steps steps;
    for (std::size_t i = 0; i < size_; ++i, steps.Step()) {
      if (group[i] != kNoNumber) ++starts[group[i]];
    }
    std::uint32_t start = 0;
    for (std::size_t i = 0; i <= groups; ++i) start += std::exchange(starts[i], start);
    items.Resize(start, 0);
    for (std::size_t i = 0; i < size_; ++i, steps.Step()) {
      if (i + kAhead < size_) {
        cube.Prefetch(cells_[i + kAhead]);
        if (group[i + kAhead] != kNoNumber) starts.Prefetch(group[i + kAhead]);
      }
      if (group[i] != kNoNumber) items[starts[group[i]]++] = cube.ItemOf(cells_[i]);
    }
    // Now each start is the next one's.
    std::size_t begin = 0;
    std::vector<std::uint64_t> distinct;
    for (std::size_t i = 0; i < groups; ++i, steps.Step()) {
      distinct.assign(items.data() + begin, items.data() + starts[i]);
      for (; begin < starts[i]; ++begin) {
        if (begin + kAhead < start) cube.Prefetch(static_cast<std::uint32_t>(items[begin + kAhead]));
      }
      std::sort(distinct.begin(), distinct.end());
      distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
      cube.Count(distinct, counted, 1);
    }
    items.Clear();
    starts.Clear();
    group.Clear();
  }

 private:
  std::size_t size_ = 0;
  BudgetedVector<std::uint32_t> cells_;
  BudgetedVector<std::uint32_t> orders_;     // kNoNumber: not to be counted
  BudgetedVector<std::uint32_t> customers_;  // likewise
};

// Takes lines into cells, a batch at a time, so that the look-ups of a batch wait for memory together.
class LineTaker {
 public:
  LineTaker(KeyKind order_kind, SaleDimensions& dimensions, SummaryCube& cube, CountableLines& countable,
            Budget& budget)
      : dimensions_(dimensions), cube_(cube), countable_(countable), orders_(order_kind, budget) {}

  void Take(const LoggedLine& line, std::uint32_t product) {
    Taken& taken = batch_[count_++];
    taken.line = line;
    taken.product = product;
    if (line.customer && !line.same_customer) dimensions_.PrefetchCustomer(*line.customer);
    if (!line.same_order) orders_.Prefetch(line);
    if (count_ == batch_.size()) Flush();
  }
  // The number of orders.
  std::uint32_t Finish() {
    Flush();
    const std::uint32_t count = orders_.count();
    orders_.Clear();
    return count;
  }

 private:
  struct Taken {
    LoggedLine line;
    std::uint32_t product = 0;
    std::uint32_t customer = kNoNumber;
    std::uint32_t cell = 0;
    std::uint64_t cell_key = 0;
  };

  void Flush() {
    const std::span<Taken> batch(batch_.data(), count_);
    count_ = 0;
    for (Taken& taken : batch) {
      steps_.Step();
      if (!taken.line.same_customer) {
        customer_ = taken.line.customer ? dimensions_.CustomerNumber(*taken.line.customer) : kNoNumber;
      }
      if (taken.line.day != day_ || day_number_ == kNoNumber) {
        day_ = taken.line.day;
        day_number_ = cube_.DayNumber(day_);
      }
      taken.customer = customer_;
      taken.cell_key = SummaryCube::CellKey(taken.product, dimensions_.place(customer_), day_number_);
      cube_.PrefetchCell(taken.cell_key);
    }
    for (Taken& taken : batch) {
      taken.cell = cube_.CellNumber(taken.cell_key);
      cube_.Prefetch(taken.cell);
    }
    for (const Taken& taken : batch) {
      const LoggedLine& line = taken.line;
      if (line.of_order) cube_.Add(taken.cell, line, 1);
      if (!line.order || !line.same_order) order_ = kNoNumber;
      if (!line.is_purchase) continue;
      if (line.of_order && order_ == kNoNumber) order_ = orders_.Of(line, taken.customer);
      countable_.Add(taken.cell, line.of_order ? order_ : kNoNumber,
                     line.of_customer ? taken.customer : kNoNumber);
    }
  }

  SaleDimensions& dimensions_;
  SummaryCube& cube_;
  CountableLines& countable_;
  OrderNumbers orders_;
  Steps steps_;
  // Of the line before.
  std::uint32_t customer_ = kNoNumber;
  std::uint32_t order_ = kNoNumber;
  std::int32_t day_ = 0;
  std::uint32_t day_number_ = kNoNumber;
  std::size_t count_ = 0;
  std::array<Taken, 64> batch_;
};

}  // namespace

std::string_view Name(SummaryLevel level) noexcept { return kLevels[static_cast<std::size_t>(level)]; }
std::string_view Name(SummaryGrain grain) noexcept { return kGrainNames[static_cast<std::size_t>(grain)]; }

void Summarise(std::span<const std::string_view> logs, SaleDimensions& dimensions, Budget& budget,
               const SummaryVisit& visit) {
  if (logs.empty()) return;
  std::vector<LineReader> readers(logs.begin(), logs.end());
  std::uint64_t lines = 0;
  for (const LineReader& reader : readers) {
    lines += reader.lines();
    if (reader.shape().customer_kind != readers[0].shape().customer_kind ||
        reader.shape().order_kind != readers[0].shape().order_kind) {
      throw Error(ErrorCode::kBadData, "logs of sale lines have keys of different types");
    }
  }
  SummaryCube cube(dimensions, budget);
  CountableLines countable(lines, budget);
  LineTaker taker(readers[0].shape().order_kind, dimensions, cube, countable, budget);
  for (LineReader& reader : readers) {
    reader.ForEach([&](std::string_view key) { return dimensions.ProductNumber(key); },
                   [&](const LoggedLine& line, std::uint32_t product) {
                     taker.Take(line, product == kNoNumber ? 0 : product);
                   });
  }
  const std::uint32_t orders = taker.Finish();
  cube.CloseCells();
  countable.Count(Counted::kOrders, orders, cube, budget);
  countable.Count(Counted::kCustomers, dimensions.customers(), cube, budget);
  cube.ForEach(visit);
}

}  // namespace ecomm::core
