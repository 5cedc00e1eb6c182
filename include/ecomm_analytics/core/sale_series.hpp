// What was sold per period and group (a category, a product, …), from one pass over the sale lines in any
// order, in pieces that merge, as RfmState (rfm.hpp).
//
//   sales      exact sum of amounts, returns included
//   units      exact sum of quantities, returns included
//   price      the units-weighted average selling price needs the sums over lines that sold: quantity > 0 and
//              amount >= 0
//   orders     distinct orders of the period; lines without an order key count as one order per customer and
//              day, an unknown customer as one. Returns are no orders
//   customers  distinct known customers who bought in the period
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ecomm_analytics/core/calendar.hpp"
#include "ecomm_analytics/core/decimal.hpp"
#include "ecomm_analytics/core/key_index.hpp"
#include "ecomm_analytics/core/pair_log.hpp"
#include "ecomm_analytics/core/rfm.hpp"

namespace ecomm::core {

namespace series_format {
struct Header;
}

struct SeriesShape {
  Grain grain = Grain::kDay;
  bool count_orders = false;     // else orders are 0, and keys need not be given
  bool count_customers = false;  // likewise
  KeyKind customer_kind = KeyKind::kNumber;
  KeyKind order_kind = KeyKind::kNumber;

  bool operator==(const SeriesShape&) const = default;
};

// The shape of the state that was serialised; Error(kBadData) if it is none.
SeriesShape ShapeOfSeries(std::string_view serialized);

// Of one period and group.
struct SeriesCell {
  Int128 sales = 0;  // all four x 10^-kAmountScale
  Int128 units = 0;
  Int128 priced_sales = 0;
  Int128 priced_units = 0;
  std::int64_t orders = 0;
  std::int64_t customers = 0;
  std::int64_t lines = 0;
  std::int32_t group = 0;  // 0: lines without a group; else group names count from 1
  std::int32_t period = 0;
  std::uint8_t sales_scale = 0;  // digits behind the point as written
  std::uint8_t units_scale = 0;
};

// Adds sums and counts of lines, not orders and customers, which need not be different ones; false, and
// nothing changed, when a sum leaves the range.
bool AddTo(SeriesCell& cell, const SeriesCell& other);

struct SeriesCounts {
  std::int64_t lines = 0;
  std::int64_t no_date = 0;      // left out: NULL or infinite
  std::int64_t no_amount = 0;    // counted as 0 in sales: NULL, NaN or infinite
  std::int64_t no_quantity = 0;  // counted as 0 in units, likewise
  // dated lines by weekday, from Monday
  std::array<std::int64_t, 7> by_weekday{};
};

class SeriesState {
 public:
  explicit SeriesState(const SeriesShape& shape) : shape_(shape) {}
  SeriesState(const SeriesState&) = delete;
  SeriesState& operator=(const SeriesState&) = delete;

  struct Line {
    std::optional<std::string_view> group;
    std::optional<Micros> sold_at;  // finite
    std::optional<Amount> amount;
    std::optional<Amount> quantity;
    std::optional<Key> order;
    std::optional<Key> customer;
  };
  // Never throws for want of memory: the state fails, ignores later lines, and its finished table says so.
  void Add(const Line& line);

  // Adds what another state serialised. The bytes are checked; Error(kBadData) if they are no state of the
  // same shape.
  void Merge(std::string_view serialized);

  // Both leave the state of no further use, and fail it where the result would have more than `most` bytes.
  std::string Serialize(std::size_t most = SIZE_MAX);
  // The finished table (see SeriesTable).
  std::string Finish(std::size_t most = SIZE_MAX);

 private:
  template <typename Function>
  void WithinBudget(Function function);
  void Put(const Line& line);
  void PutOrder(std::uint32_t cell, const Line& line);
  std::uint32_t CellNumber(std::int32_t group, std::int32_t period);
  std::uint32_t CustomerNumber(const Key& key);
  void MergeParts(std::string_view bytes, const series_format::Header& header);
  void CountDistinct();
  series_format::Header MakeHeader() const;
  void Fail(RfmFailure failure) noexcept;

  SeriesShape shape_;
  RfmFailure failure_ = RfmFailure::kNone;
  SeriesCounts counts_;
  Micros first_sale_ = INT64_MAX;
  Micros last_sale_ = INT64_MIN;
  Budget budget_;
  BytesIndex groups_{budget_};
  IntegerIndex cell_numbers_{budget_};
  BudgetedVector<SeriesCell> cells_{budget_};
  std::uint32_t last_cell_ = kNoNumber;  // lines come in order of time more often than not
  IntegerIndex customer_numbers_{budget_};
  BudgetedVector<std::int64_t> customer_keys_{budget_};  // for kNumber
  BytesIndex customer_names_{budget_};                   // for kBytes
  BytesIndex order_names_{budget_};
  PairLog orders_{budget_};             // cell, order key or number
  PairLog unnumbered_orders_{budget_};  // cell, customer number and day
  PairLog customers_{budget_};          // cell, customer number
};

// A finished table, read where it lies: cells in ascending order of group, then period. Checked once, at
// construction; the bytes must outlive it.
class SeriesTable {
 public:
  explicit SeriesTable(std::string_view finished);

  RfmFailure failure() const noexcept { return failure_; }
  const SeriesCounts& counts() const noexcept { return counts_; }
  // Over all dated lines; unset where there are none.
  std::optional<Micros> first_sale() const noexcept;
  std::optional<Micros> last_sale() const noexcept;
  std::size_t size() const noexcept { return size_; }
  SeriesCell cell(std::size_t i) const;
  std::int32_t groups() const noexcept { return static_cast<std::int32_t>(group_count_); }
  // `group` from 1.
  std::string_view group_name(std::int32_t group) const;

 private:
  RfmFailure failure_;
  SeriesCounts counts_;
  Micros first_sale_;
  Micros last_sale_;
  std::size_t size_;
  std::size_t group_count_;
  std::string_view cells_;
  std::string_view ends_;
  std::string_view names_;
};

}  // namespace ecomm::core
