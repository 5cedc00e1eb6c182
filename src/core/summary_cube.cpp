#include "summary_cube.hpp"

#include <algorithm>
#include <tuple>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {

namespace {

constexpr std::size_t kDay = static_cast<std::size_t>(SummaryGrain::kDay);
constexpr std::size_t kWeek = static_cast<std::size_t>(SummaryGrain::kWeek);
constexpr std::size_t kMonth = static_cast<std::size_t>(SummaryGrain::kMonth);
constexpr std::size_t kQuarter = static_cast<std::size_t>(SummaryGrain::kQuarter);
constexpr std::size_t kYear = static_cast<std::size_t>(SummaryGrain::kYear);
constexpr std::size_t kAll = static_cast<std::size_t>(SummaryGrain::kAll);

// 10^(kAmountScale - LoggedLine::kNarrowScale)
constexpr std::int64_t kNarrowUnit = 1'000'000'000'000;

bool IsProductGrain(std::size_t grain) { return grain == kMonth || grain == kYear || grain == kAll; }

void AddSum(Int128& sum, Int128 value) {
  if (__builtin_add_overflow(sum, value, &sum)) {
    throw Error(ErrorCode::kNumericRange, "a sum has more digits than a summary holds",
                "It holds 20 digits before the decimal point.", "Correct what was mistyped.");
  }
}

void AddSums(SummaryCell& cell, const SummaryCell& other) {
  AddSum(cell.sales, other.sales);
  AddSum(cell.units, other.units);
  cell.lines += other.lines;
}

void AddAll(SummaryCell& cell, const SummaryCell& other) {
  AddSums(cell, other);
  cell.orders += other.orders;
  cell.customers += other.customers;
}

bool IsZero(const SummaryCell& cell) {
  return cell.lines == 0 && cell.sales == 0 && cell.units == 0 && cell.orders == 0 && cell.customers == 0;
}

std::int64_t& CountOf(SummaryCell& cell, Counted counted) {
  return counted == Counted::kOrders ? cell.orders : cell.customers;
}

template <typename T>
std::array<T, SummaryCube::kGrains> MakeSix(Budget& budget) {
  return {T(budget), T(budget), T(budget), T(budget), T(budget), T(budget)};
}

}  // namespace

SummaryCube::Grids SummaryCube::MakeGrids(Budget& budget) { return MakeSix<SummaryGrid>(budget); }

SummaryCube::SummaryCube(const SaleDimensions& dimensions, Budget& budget)
    : dimensions_(dimensions),
      day_numbers_(budget),
      periods_(budget),
      period_numbers_(MakeSix<IntegerIndex>(budget)),
      first_days_(MakeSix<BudgetedVector<Day>>(budget)),
      year_of_month_(budget),
      cell_numbers_(budget),
      cells_(budget),
      wide_(budget),
      place_(MakeGrids(budget)),
      cross_(MakeGrids(budget)),
      product_(MakeGrids(budget)),
      total_(MakeGrids(budget)),
      region_(MakeGrids(budget)),
      state_(MakeGrids(budget)),
      category_(MakeGrids(budget)),
      category_seen_(budget),
      product_seen_(budget),
      kept_items_(budget),
      kept_(budget) {
  first_days_[kAll].Append(0);
}

std::uint32_t SummaryCube::PeriodNumber(std::size_t grain, std::int64_t period, Day first_day) {
  const auto [number, is_new] =
      period_numbers_[grain].Insert(period, static_cast<std::uint32_t>(first_days_[grain].size()));
  if (is_new) first_days_[grain].Append(first_day);
  return number;
}

std::uint32_t SummaryCube::DayNumber(std::int32_t day) {
  constexpr std::uint32_t kMostDays = 1U << 20;
  const auto [number, is_new] = day_numbers_.Insert(day, static_cast<std::uint32_t>(periods_.size()));
  if (!is_new) return number;
  if (number >= kMostDays) {
    throw Error(ErrorCode::kUnusableData, "there are sales on too many different days",
                "At most " + std::to_string(kMostDays) + " are possible.");
  }
  Periods periods{.day = day};
  const auto set = [&](std::size_t index, Grain grain) {
    const std::int64_t period = PeriodOf(grain, day);
    periods.of[index] = PeriodNumber(index, period, FirstDayOf(grain, period));
  };
  set(kDay, Grain::kDay);
  set(kWeek, Grain::kWeek);
  set(kMonth, Grain::kMonth);
  set(kQuarter, Grain::kQuarter);
  const std::int64_t quarter = PeriodOf(Grain::kQuarter, day);
  const std::int64_t year = quarter / 4 - (quarter % 4 < 0 ? 1 : 0);
  periods.of[kYear] = PeriodNumber(kYear, year, FirstDayOf(Grain::kQuarter, year * 4));
  if (periods.of[kMonth] == year_of_month_.size()) year_of_month_.Append(periods.of[kYear]);
  periods_.Append(periods);
  return number;
}

std::uint32_t SummaryCube::CellNumber(std::uint64_t key) {
  const auto [number, is_new] =
      cell_numbers_.Insert(static_cast<std::int64_t>(key), static_cast<std::uint32_t>(cells_.size()));
  if (is_new) cells_.Append({.key = key});
  return number;
}

SummaryCube::WideSums& SummaryCube::Wide(Cell& cell) {
  if (cell.wide == kNoNumber) {
    cell.wide = static_cast<std::uint32_t>(wide_.size());
    wide_.Append({});
  }
  return wide_[cell.wide];
}

void SummaryCube::Add(std::uint32_t cell_number, const LoggedLine& line, std::int32_t times) {
  Cell& cell = cells_[cell_number];
  cell.lines += times;
  const auto add = [&](std::int64_t Cell::*sum, Int128 WideSums::*wide, std::int64_t value) {
    std::int64_t total;
    if (!__builtin_add_overflow(cell.*sum, value * times, &total)) {
      cell.*sum = total;
      return;
    }
    AddSum(Wide(cell).*wide, Int128{cell.*sum} * kNarrowUnit);
    cell.*sum = value * times;
  };
  add(&Cell::sales, &WideSums::sales, line.amount);
  add(&Cell::units, &WideSums::units, line.quantity);
  if (!line.is_wide) return;
  WideSums& wide = Wide(cell);
  AddSum(wide.sales, line.wide_amount * times);
  AddSum(wide.units, line.wide_quantity * times);
}

void SummaryCube::OpenGrids(Grids& grids, std::size_t rows) {
  for (std::size_t grain = 0; grain < kGrains; ++grain) {
    grids[grain].Open(rows, first_days_[grain].size(), MostDense());
  }
}

void SummaryCube::CloseCells() {
  cell_numbers_.Clear();
  OpenGrids(place_, dimensions_.places());
  OpenGrids(cross_, dimensions_.categories() * dimensions_.regions());
  for (const std::size_t grain : {kMonth, kYear, kAll}) {
    product_[grain].Open(dimensions_.products(), first_days_[grain].size(), MostDense());
  }
  category_seen_.Resize(dimensions_.categories(), {});
  product_seen_.Resize(dimensions_.products(), {});
}

bool SummaryCube::IsInOnePlace(std::span<const std::uint64_t> items) const {
  const std::uint32_t place = cells_[static_cast<std::uint32_t>(items[0])].place();
  return std::all_of(items.begin() + 1, items.end(), [&](std::uint64_t item) {
    return cells_[static_cast<std::uint32_t>(item)].place() == place;
  });
}

void SummaryCube::Count(std::span<const std::uint64_t> items, Counted counted, std::int32_t times) {
  if (items.empty()) return;
  if (IsInOnePlace(items)) return CountInPlace(items, counted, times);
  kept_items_.Append(items.data(), items.size());
  kept_.Append({kept_items_.size(), counted, times});
}

void SummaryCube::CountInPlace(std::span<const std::uint64_t> items, Counted counted, std::int32_t times) {
  const std::uint32_t place = cells_[static_cast<std::uint32_t>(items[0])].place();
  const std::uint32_t region = dimensions_.region_of(place);
  const bool is_order = counted == Counted::kOrders;
  ++group_;
  const auto meet = [this](Seen& seen) {
    if (seen.group == group_) return;
    seen.group = group_;
    seen.period.fill(kNoNumber);
  };
  Seen seen_place;
  seen_place.period.fill(kNoNumber);
  for (const std::uint64_t item : items) {
    Cell& cell = cells_[static_cast<std::uint32_t>(item)];
    (is_order ? cell.orders : cell.customers) += times;
    const auto& periods = periods_[cell.day()].of;
    // Items ascend in time, so a period that was left does not come back.
    const auto count = [&](Seen& seen, Grids& grids, std::uint32_t row, std::size_t grain) {
      if (seen.period[grain] == periods[grain]) return;
      seen.period[grain] = periods[grain];
      CountOf(grids[grain].At(row, periods[grain]), counted) += times;
    };
    if (seen_place.period[kDay] != periods[kDay]) {
      for (std::size_t grain = 0; grain < kGrains; ++grain) count(seen_place, place_, place, grain);
    }
    const std::uint32_t category = dimensions_.category_of(cell.product());
    Seen& seen_category = category_seen_[category];
    meet(seen_category);
    if (seen_category.period[kDay] != periods[kDay]) {
      const std::uint32_t cross = CrossOf(category, region);
      for (std::size_t grain = 0; grain < kGrains; ++grain) count(seen_category, cross_, cross, grain);
    }
    Seen& seen_product = product_seen_[cell.product()];
    meet(seen_product);
    for (const std::size_t grain : {kMonth, kYear, kAll})
      count(seen_product, product_, cell.product(), grain);
  }
}

SummaryCell SummaryCube::SumsOf(const Cell& cell) const {
  SummaryCell sums{.sales = Int128{cell.sales} * kNarrowUnit,
                   .units = Int128{cell.units} * kNarrowUnit,
                   .lines = cell.lines,
                   .orders = cell.orders,
                   .customers = cell.customers};
  if (cell.wide != kNoNumber) {
    AddSum(sums.sales, wide_[cell.wide].sales);
    AddSum(sums.units, wide_[cell.wide].units);
  }
  return sums;
}

// Sums of the base levels: from cells to the finest grain, from there to the coarser ones.
void SummaryCube::SumCells() {
  Steps steps;
  for (std::size_t i = 0; i < cells_.size(); ++i, steps.Step()) {
    const Cell& cell = cells_[i];
    const SummaryCell sums = SumsOf(cell);
    const auto& periods = periods_[cell.day()].of;
    AddSums(place_[kDay].At(cell.place(), periods[kDay]), sums);
    const std::uint32_t cross =
        CrossOf(dimensions_.category_of(cell.product()), dimensions_.region_of(cell.place()));
    AddSums(cross_[kDay].At(cross, periods[kDay]), sums);
    AddSums(product_[kMonth].At(cell.product(), periods[kMonth]), sums);
  }
  for (Grids* grids : {&place_, &cross_}) {
    (*grids)[kDay].ForEach([&](std::uint32_t row, std::uint32_t day, const SummaryCell& cell) {
      for (std::size_t grain = kWeek; grain < kGrains; ++grain) {
        AddSums((*grids)[grain].At(row, periods_[day].of[grain]), cell);
      }
    });
  }
  product_[kMonth].ForEach([&](std::uint32_t row, std::uint32_t month, const SummaryCell& cell) {
    AddSums(product_[kYear].At(row, year_of_month_[month]), cell);
    AddSums(product_[kAll].At(row, 0), cell);
  });
}

// The other levels, from the base ones.
void SummaryCube::SumRows() {
  OpenGrids(total_, 1);
  OpenGrids(region_, dimensions_.regions());
  OpenGrids(state_, dimensions_.states());
  OpenGrids(category_, dimensions_.categories());
  for (std::size_t grain = 0; grain < kGrains; ++grain) {
    place_[grain].ForEach([&](std::uint32_t place, std::uint32_t period, const SummaryCell& cell) {
      AddAll(total_[grain].At(0, period), cell);
      AddAll(region_[grain].At(dimensions_.region_of(place), period), cell);
      AddAll(state_[grain].At(dimensions_.state_of(place), period), cell);
    });
    cross_[grain].ForEach([&](std::uint32_t cross, std::uint32_t period, const SummaryCell& cell) {
      AddAll(category_[grain].At(cross / static_cast<std::uint32_t>(dimensions_.regions()), period), cell);
    });
  }
}

void SummaryCube::CountEverywhere(std::span<const std::uint64_t> items, Counted counted, std::int32_t times) {
  const std::array<Grids*, 6> grids = {&total_, &region_, &state_, &category_, &cross_, &product_};
  constexpr std::uint32_t kProducts = 5;
  std::vector<Address> addresses;
  for (const std::uint64_t item : items) {
    Cell& cell = cells_[static_cast<std::uint32_t>(item)];
    (counted == Counted::kOrders ? cell.orders : cell.customers) += times;
    const std::uint32_t region = dimensions_.region_of(cell.place());
    const std::uint32_t category = dimensions_.category_of(cell.product());
    const std::array<std::uint32_t, 6> rows = {
        0, region, dimensions_.state_of(cell.place()), category, CrossOf(category, region), cell.product()};
    for (std::uint32_t level = 0; level < rows.size(); ++level) {
      for (std::uint32_t grain = 0; grain < kGrains; ++grain) {
        if (level == kProducts && !IsProductGrain(grain)) continue;
        addresses.push_back(
            {level * std::uint32_t{kGrains} + grain, rows[level], periods_[cell.day()].of[grain]});
      }
    }
  }
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  for (const Address& address : addresses) {
    SummaryGrid& grid = (*grids[address.grid / kGrains])[address.grid % kGrains];
    CountOf(grid.At(address.row, address.period), counted) += times;
  }
}

void SummaryCube::CountKept() {
  Steps steps;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < kept_.size(); ++i, steps.Step()) {
    CountEverywhere({kept_items_.data() + begin, kept_[i].end - begin}, kept_[i].counted, kept_[i].times);
    begin = kept_[i].end;
  }
}

template <typename Fill>
void SummaryCube::VisitGrids(SummaryLevel level, const Grids& grids, const SummaryVisit& visit,
                             Fill fill) const {
  for (std::size_t grain = 0; grain < kGrains; ++grain) {
    if (level == SummaryLevel::kState && grain == kWeek) continue;
    grids[grain].ForEach([&](std::uint32_t row, std::uint32_t period, const SummaryCell& cell) {
      if (IsZero(cell)) return;
      SummaryKey key;
      key.level = level;
      key.grain = static_cast<SummaryGrain>(grain);
      if (grain != kAll) key.first_day = first_days_[grain][period];
      fill(key, row);
      visit(key, cell);
    });
  }
}

// Places of one state are one cell, in the region that the state is in now.
void SummaryCube::VisitCells(const SummaryVisit& visit) const {
  std::vector<std::uint32_t> places_of_state(dimensions_.states());
  for (std::uint32_t place = 0; place < dimensions_.places(); ++place) {
    ++places_of_state[dimensions_.state_of(place)];
  }
  const auto visit_one = [&](const Cell& cell, const SummaryCell& sums) {
    if (IsZero(sums)) return;
    const std::uint32_t state = dimensions_.state_of(cell.place());
    visit({.level = SummaryLevel::kProductState,
           .grain = SummaryGrain::kDay,
           .first_day = periods_[cell.day()].day,
           .category = dimensions_.category_of(cell.product()),
           .product = cell.product(),
           .region = dimensions_.region_of_state(state),
           .state = state},
          sums);
  };
  Steps steps;
  std::vector<std::uint32_t> shared;
  for (std::size_t i = 0; i < cells_.size(); ++i, steps.Step()) {
    if (places_of_state[dimensions_.state_of(cells_[i].place())] > 1) {
      shared.push_back(static_cast<std::uint32_t>(i));
    } else {
      visit_one(cells_[i], SumsOf(cells_[i]));
    }
  }
  const auto order = [&](std::uint32_t i) {
    const Cell& cell = cells_[i];
    return std::tuple(cell.day(), cell.product(), dimensions_.state_of(cell.place()));
  };
  std::sort(shared.begin(), shared.end(), [&](std::uint32_t a, std::uint32_t b) {
    steps.Step();
    return std::tuple(order(a), cells_[a].place()) < std::tuple(order(b), cells_[b].place());
  });
  for (std::size_t i = 0; i < shared.size();) {
    const Cell& first = cells_[shared[i]];
    SummaryCell sums;
    for (const auto same = order(shared[i]); i < shared.size() && order(shared[i]) == same; ++i) {
      AddAll(sums, SumsOf(cells_[shared[i]]));
    }
    visit_one(first, sums);
  }
}

void SummaryCube::ForEach(const SummaryVisit& visit) {
  SumCells();
  SumRows();
  CountKept();
  VisitCells(visit);
  VisitGrids(SummaryLevel::kTotal, total_, visit, [](SummaryKey&, std::uint32_t) {});
  VisitGrids(SummaryLevel::kRegion, region_, visit,
             [](SummaryKey& key, std::uint32_t row) { key.region = row; });
  VisitGrids(SummaryLevel::kState, state_, visit,
             [](SummaryKey& key, std::uint32_t row) { key.state = row; });
  VisitGrids(SummaryLevel::kProduct, product_, visit,
             [](SummaryKey& key, std::uint32_t row) { key.product = row; });
  VisitGrids(SummaryLevel::kCategory, category_, visit,
             [](SummaryKey& key, std::uint32_t row) { key.category = row; });
  const auto regions = static_cast<std::uint32_t>(dimensions_.regions());
  VisitGrids(SummaryLevel::kCategoryRegion, cross_, visit, [=](SummaryKey& key, std::uint32_t row) {
    key.category = row / regions;
    key.region = row % regions;
  });
}

}  // namespace ecomm::core
