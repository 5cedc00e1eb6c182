// The difference that changed lines make. Orders and customers are counted again as wholes: each that changed
// is taken out of all cells its purchases were in, and put into those they are in now.

#include <algorithm>
#include <tuple>
#include <vector>

#include "ecomm_analytics/core/sales_summary.hpp"
#include "order_numbers.hpp"
#include "summary_cube.hpp"

namespace ecomm::core {
namespace {

// Orders, or customers, that have to be counted again, and their purchases.
class ChangedGroups {
 public:
  explicit ChangedGroups(Budget& budget) : changed_(budget), purchases_(budget) {}

  void Mark(std::uint32_t group) {
    if (group >= changed_.size()) changed_.Resize(std::max<std::size_t>(group + 1, 2 * changed_.size()), 0);
    changed_[group] = 1;
  }
  bool IsMarked(std::uint32_t group) const { return group < changed_.size() && changed_[group] != 0; }
  // `before` and `after`: how many of such purchases were there, and are.
  void Add(std::uint32_t group, std::uint64_t item, std::int32_t before, std::int32_t after) {
    purchases_.Append({item, group, before, after});
  }

  void Count(Counted counted, SummaryCube& cube) {
    Steps steps;
    std::sort(purchases_.data(), purchases_.data() + purchases_.size(),
              [&](const Purchase& a, const Purchase& b) {
                steps.Step();
                return std::tie(a.group, a.item) < std::tie(b.group, b.item);
              });
    std::vector<std::uint64_t> were;
    std::vector<std::uint64_t> are;
    for (std::size_t i = 0; i < purchases_.size();) {
      were.clear();
      are.clear();
      for (const std::uint32_t group = purchases_[i].group;
           i < purchases_.size() && purchases_[i].group == group;) {
        const std::uint64_t item = purchases_[i].item;
        std::int64_t before = 0;
        std::int64_t after = 0;
        for (; i < purchases_.size() && purchases_[i].group == group && purchases_[i].item == item; ++i) {
          steps.Step();
          before += purchases_[i].before;
          after += purchases_[i].after;
        }
        if (before < 0) throw ChangesDoNotFit();
        if (before > 0) were.push_back(item);
        if (after > 0) are.push_back(item);
      }
      if (were == are) continue;
      cube.Count(were, counted, -1);
      cube.Count(are, counted, 1);
    }
    purchases_.Clear();
  }

 private:
  struct Purchase {
    std::uint64_t item;
    std::uint32_t group;
    std::int32_t before;
    std::int32_t after;
  };
  BudgetedVector<std::uint8_t> changed_;
  BudgetedVector<Purchase> purchases_;
};

class Changes {
 public:
  Changes(const LogShape& shape, SaleDimensions& dimensions, Budget& budget)
      : shape_(shape),
        dimensions_(dimensions),
        cube_(dimensions, budget),
        order_numbers_(shape.order_kind, budget),
        orders_(budget),
        customers_(budget) {}

  // `times`: 1 where inserted, -1 where deleted.
  void AddChanged(std::span<const std::string_view> logs, std::int32_t times) {
    for (const std::string_view log : logs) {
      ForEachLine(log, [&](const LoggedLine& line, std::uint32_t product) {
        const std::uint32_t customer = CustomerOf(line);
        const std::uint32_t cell = CellOf(line, product, dimensions_.place_before(customer));
        if (line.of_order) cube_.Add(cell, line, times);
        if (!line.is_purchase) return;
        if (line.of_order) {
          const std::uint32_t order = order_numbers_.Of(line, customer);
          orders_.Mark(order);
          orders_.Add(order, cube_.ItemOf(cell), -times, 0);
        }
        if (line.of_customer && customer != kNoNumber) {
          customers_.Mark(customer);
          customers_.Add(customer, cube_.ItemOf(cell), -times, 0);
        }
      });
    }
  }

  // All lines of those who moved go with them; their orders are to be counted again.
  void Move(std::string_view current) {
    bool moved = false;
    for (std::uint32_t i = 0; i < dimensions_.customers(); ++i) {
      if (!HasMoved(i)) continue;
      moved = true;
      customers_.Mark(i);
    }
    if (!moved) return;
    ForEachLine(current, [&](const LoggedLine& line, std::uint32_t product) {
      const std::uint32_t customer = CustomerOf(line);
      if (!HasMoved(customer) || !line.of_order) return;
      cube_.Add(CellOf(line, product, dimensions_.place_before(customer)), line, -1);
      cube_.Add(CellOf(line, product, dimensions_.place(customer)), line, 1);
      if (line.is_purchase) orders_.Mark(order_numbers_.Of(line, customer));
    });
  }

  void AddCurrent(std::string_view current) {
    ForEachLine(current, [&](const LoggedLine& line, std::uint32_t product) {
      if (!line.is_purchase) return;
      const std::uint32_t customer = CustomerOf(line);
      const std::uint32_t order = line.of_order ? order_numbers_.Of(line, customer) : kNoNumber;
      const bool of_order = line.of_order && orders_.IsMarked(order);
      const bool of_customer = line.of_customer && customer != kNoNumber && customers_.IsMarked(customer);
      if (!of_order && !of_customer) return;
      const std::uint64_t after = cube_.ItemOf(CellOf(line, product, dimensions_.place(customer)));
      const std::uint64_t before =
          HasMoved(customer) ? cube_.ItemOf(CellOf(line, product, dimensions_.place_before(customer)))
                             : after;
      const auto add = [&](ChangedGroups& groups, std::uint32_t group) {
        groups.Add(group, before, 1, before == after ? 1 : 0);
        if (before != after) groups.Add(group, after, 0, 1);
      };
      if (of_order) add(orders_, order);
      if (of_customer) add(customers_, customer);
    });
  }

  void Finish(const SummaryVisit& visit) {
    order_numbers_.Clear();
    cube_.CloseCells();
    orders_.Count(Counted::kOrders, cube_);
    customers_.Count(Counted::kCustomers, cube_);
    cube_.ForEach(visit);
  }

 private:
  template <typename Visit>
  void ForEachLine(std::string_view log, Visit visit) {
    if (log.empty()) return;
    LineReader reader(log);
    if (reader.shape().customer_kind != shape_.customer_kind ||
        reader.shape().order_kind != shape_.order_kind) {
      throw ChangesDoNotFit();
    }
    reader.ForEach([this](std::string_view key) { return dimensions_.ProductNumber(key); },
                   [&](const LoggedLine& line, std::uint32_t product) {
                     steps_.Step();
                     visit(line, product == kNoNumber ? 0 : product);
                   });
  }
  std::uint32_t CustomerOf(const LoggedLine& line) {
    return line.customer ? dimensions_.CustomerNumber(*line.customer) : kNoNumber;
  }
  bool HasMoved(std::uint32_t customer) const {
    return dimensions_.place(customer) != dimensions_.place_before(customer);
  }
  std::uint32_t CellOf(const LoggedLine& line, std::uint32_t product, std::uint32_t place) {
    return cube_.CellNumber(SummaryCube::CellKey(product, place, cube_.DayNumber(line.day)));
  }

  LogShape shape_;
  SaleDimensions& dimensions_;
  SummaryCube cube_;
  OrderNumbers order_numbers_;
  ChangedGroups orders_;
  ChangedGroups customers_;
  Steps steps_;
};

}  // namespace

ChangesDoNotFit::ChangesDoNotFit()
    : Error(ErrorCode::kUnusableData, "the change log does not fit the sale lines",
            "More lines were deleted or inserted than there can have been.",
            "Bring the summaries up to date from the lines.") {}

void SummariseChanges(const LineChanges& changes, SaleDimensions& dimensions, Budget& budget,
                      const SummaryVisit& visit) {
  const std::string_view* first = changes.current.empty() ? nullptr : &changes.current;
  for (const auto& logs : {changes.inserted, changes.deleted}) {
    if (first == nullptr && !logs.empty()) first = logs.data();
  }
  if (first == nullptr) return;
  Changes made(ShapeOfLog(*first), dimensions, budget);
  made.AddChanged(changes.inserted, 1);
  made.AddChanged(changes.deleted, -1);
  made.Move(changes.current);
  made.AddCurrent(changes.current);
  made.Finish(visit);
}

}  // namespace ecomm::core
