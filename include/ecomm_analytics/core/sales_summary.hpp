// What was sold, at every level and grain that dashboards look at, from logs of sale lines (line_log.hpp);
// and what a set of inserted and deleted lines changes in it.
//
// Sums are net and exact. Orders and customers are counted once in every cell that a purchase of theirs lies
// in, by the rules of sale_series.hpp; lines without an order are one order per customer and day, those of
// nobody known one per day.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "ecomm_analytics/core/calendar.hpp"
#include "ecomm_analytics/core/decimal.hpp"
#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/line_log.hpp"
#include "ecomm_analytics/core/sale_dimensions.hpp"

namespace ecomm::core {

enum class SummaryLevel : std::uint8_t {
  kTotal,
  kCategory,
  kRegion,
  kState,
  kProduct,
  kCategoryRegion,
  kProductState,  // days only
};
std::string_view Name(SummaryLevel level) noexcept;

enum class SummaryGrain : std::uint8_t { kDay, kWeek, kMonth, kQuarter, kYear, kAll };
std::string_view Name(SummaryGrain grain) noexcept;

// Numbers of a SaleDimensions; unset where the level does not tell them apart. A product's category and a
// state's region come with kProductState.
struct SummaryKey {
  SummaryLevel level = SummaryLevel::kTotal;
  SummaryGrain grain = SummaryGrain::kAll;
  std::optional<Day> first_day;  // of the period, from Monday for weeks; unset for kAll
  std::optional<std::uint32_t> category;
  std::optional<std::uint32_t> product;
  std::optional<std::uint32_t> region;
  std::optional<std::uint32_t> state;
};

struct SummaryCell {
  Int128 sales = 0;  // both x 10^-kAmountScale
  Int128 units = 0;
  std::int64_t lines = 0;
  std::int64_t orders = 0;
  std::int64_t customers = 0;
};

using SummaryVisit = std::function<void(const SummaryKey&, const SummaryCell&)>;

// Every cell with lines. The logs may be of several parts and hold lines of the same orders and customers;
// all must be of the same kinds of keys, and customers of `dimensions` too: Error(kBadData).
// Error(kMemoryLimit): it takes about 20 bytes a line and 60 a cell of product, state and day.
// Error(kNumericRange) for sums above 10^20.
void Summarise(std::span<const std::string_view> logs, SaleDimensions& dimensions, Budget& budget,
               const SummaryVisit& visit);

// The log of changes says more than the lines can have gone through.
class ChangesDoNotFit : public Error {
 public:
  ChangesDoNotFit();
};

struct LineChanges {
  std::span<const std::string_view> inserted;
  std::span<const std::string_view> deleted;
  // The lines as they are now: at least all lines of every order and every customer that has changed lines,
  // of every customer that moved, and of the orders that such customers have lines of.
  std::string_view current;
};

// Every cell with a difference, not 0, between now and before. Changed lines count where their customers were
// before; those who moved take all their lines with them. Errors as Summarise, and ChangesDoNotFit.
void SummariseChanges(const LineChanges& changes, SaleDimensions& dimensions, Budget& budget,
                      const SummaryVisit& visit);

}  // namespace ecomm::core
