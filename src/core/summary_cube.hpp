// The cells of all levels and grains while a summary is made. Only for the files that make one.
//
// Three steps: take the lines into cells of product, place and day; count orders and customers, group by
// group; add up. A group of one place (every customer, most orders) adds up over places, so it is counted in
// places only; the few others are kept and counted last, in every cell one by one.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "budgeted_chunks.hpp"
#include "ecomm_analytics/core/sale_dimensions.hpp"
#include "summary_grid.hpp"

namespace ecomm::core {

enum class Counted : std::uint8_t { kOrders, kCustomers };

class SummaryCube {
 public:
  static constexpr std::size_t kGrains = 6;

  // The dimensions must outlive it, and know all their places.
  SummaryCube(const SaleDimensions& dimensions, Budget& budget);

  // A day's number; Error(kUnusableData) beyond a million of them.
  std::uint32_t DayNumber(std::int32_t day);
  static std::uint64_t CellKey(std::uint32_t product, std::uint32_t place, std::uint32_t day_number) {
    return std::uint64_t{day_number} << 44 | std::uint64_t{place} << 28 | product;
  }
  void PrefetchCell(std::uint64_t key) const noexcept {
    cell_numbers_.Prefetch(static_cast<std::int64_t>(key));
  }
  std::uint32_t CellNumber(std::uint64_t key);
  // Has a cell's memory on its way before it is needed.
  void Prefetch(std::uint32_t cell) const noexcept { cells_.Prefetch(cell); }
  // `times`: 1 or -1.
  void Add(std::uint32_t cell, const LoggedLine& line, std::int32_t times);
  // No more cells.
  void CloseCells();

  // A cell as it stands in a group: ascending in time.
  std::uint64_t ItemOf(std::uint32_t cell) const noexcept {
    constexpr std::int64_t kBias = std::int64_t{1} << 31;
    return static_cast<std::uint64_t>(periods_[cells_[cell].day()].day + kBias) << 32 | cell;
  }
  // One order or customer: the cells its purchases lie in, ascending, each once.
  void Count(std::span<const std::uint64_t> items, Counted counted, std::int32_t times);

  // Adds up. Once, at the end.
  void ForEach(const SummaryVisit& visit);

 private:
  struct Cell {
    std::uint64_t key = 0;
    std::int64_t sales = 0;  // both x 10^-LoggedLine::kNarrowScale
    std::int64_t units = 0;
    std::int32_t lines = 0;
    std::int32_t orders = 0;
    std::int32_t customers = 0;
    std::uint32_t wide = kNoNumber;  // where the rest of the sums is
    std::uint32_t day() const noexcept { return static_cast<std::uint32_t>(key >> 44); }
    std::uint32_t place() const noexcept { return static_cast<std::uint32_t>(key >> 28 & UINT16_MAX); }
    std::uint32_t product() const noexcept { return static_cast<std::uint32_t>(key & ((1U << 28) - 1)); }
  };
  struct WideSums {
    Int128 sales = 0;
    Int128 units = 0;
  };
  // Of a day: itself and the numbers of the periods it lies in, by grain.
  struct Periods {
    std::int64_t day = 0;
    std::array<std::uint32_t, kGrains> of{};
  };
  // What a group was last seen in.
  struct Seen {
    std::uint32_t group = 0;
    std::array<std::uint32_t, kGrains> period{};
  };
  struct Address {
    std::uint32_t grid;
    std::uint32_t row;
    std::uint32_t period;
    auto operator<=>(const Address&) const = default;
  };
  using Grids = std::array<SummaryGrid, kGrains>;

  static Grids MakeGrids(Budget& budget);
  void OpenGrids(Grids& grids, std::size_t rows);
  // Beyond this a grid is looked up, so that it takes no more than the cells it comes from.
  std::size_t MostDense() const noexcept { return 65536 + cells_.size() / 4; }
  std::uint32_t PeriodNumber(std::size_t grain, std::int64_t period, Day first_day);
  WideSums& Wide(Cell& cell);
  SummaryCell SumsOf(const Cell& cell) const;
  std::uint32_t CrossOf(std::uint32_t category, std::uint32_t region) const {
    return category * static_cast<std::uint32_t>(dimensions_.regions()) + region;
  }
  bool IsInOnePlace(std::span<const std::uint64_t> items) const;
  void CountInPlace(std::span<const std::uint64_t> items, Counted counted, std::int32_t times);
  void SumCells();
  void SumRows();
  void CountEverywhere(std::span<const std::uint64_t> items, Counted counted, std::int32_t times);
  void CountKept();
  void VisitCells(const SummaryVisit& visit) const;
  template <typename Fill>
  void VisitGrids(SummaryLevel level, const Grids& grids, const SummaryVisit& visit, Fill fill) const;

  const SaleDimensions& dimensions_;
  IntegerIndex day_numbers_;
  BudgetedVector<Periods> periods_;
  std::array<IntegerIndex, kGrains> period_numbers_;
  std::array<BudgetedVector<Day>, kGrains> first_days_;
  BudgetedVector<std::uint32_t> year_of_month_;
  IntegerIndex cell_numbers_;
  BudgetedChunks<Cell> cells_;
  BudgetedVector<WideSums> wide_;

  Grids place_;
  Grids cross_;    // category and region
  Grids product_;  // months, years, all
  Grids total_;
  Grids region_;
  Grids state_;
  Grids category_;

  std::uint32_t group_ = 0;
  BudgetedVector<Seen> category_seen_;
  BudgetedVector<Seen> product_seen_;

  // Groups in several places.
  struct Kept {
    std::size_t end;
    Counted counted;
    std::int32_t times;
  };
  BudgetedVector<std::uint64_t> kept_items_;
  BudgetedVector<Kept> kept_;
};

}  // namespace ecomm::core
