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
      if (group[i] != kNoNumber) items[starts[group[i]]++] = cube.ItemOf(cells_[i]);
    }
    // Now each start is the next one's.
    std::size_t begin = 0;
    std::vector<std::uint64_t> distinct;
    for (std::size_t i = 0; i < groups; ++i, steps.Step()) {
      distinct.assign(items.data() + begin, items.data() + starts[i]);
      begin = starts[i];
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
  OrderNumbers orders(readers[0].shape().order_kind, budget);
  CountableLines countable(lines, budget);
  Steps steps;
  for (LineReader& reader : readers) {
    reader.ForEach(
        [&](std::string_view key) { return dimensions.ProductNumber(key); },
        [&](const LoggedLine& line, std::uint32_t product) {
          steps.Step();
          const std::uint32_t customer =
              line.customer ? dimensions.CustomerNumber(*line.customer) : kNoNumber;
          const std::uint32_t cell = cube.CellNumber(SummaryCube::CellKey(
              product == kNoNumber ? 0 : product, dimensions.place(customer), cube.DayNumber(line.day)));
          if (line.of_order) cube.Add(cell, line, 1);
          if (!line.is_purchase) return;
          countable.Add(cell, line.of_order ? orders.Of(line, customer) : kNoNumber,
                        line.of_customer ? customer : kNoNumber);
        });
  }
  orders.Clear();
  cube.CloseCells();
  countable.Count(Counted::kOrders, orders.count(), cube, budget);
  countable.Count(Counted::kCustomers, dimensions.customers(), cube, budget);
  cube.ForEach(visit);
}

}  // namespace ecomm::core
