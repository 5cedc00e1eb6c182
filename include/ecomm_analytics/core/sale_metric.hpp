// What is measured of the sales of a period.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ecomm_analytics/core/sale_series.hpp"

namespace ecomm::core {

enum class Metric : std::uint8_t {
  kSales,
  kUnits,
  kOrders,
  kCustomers,
  kAverageOrderValue,  // sales by orders; undefined without an order
  kPrice,              // units-weighted average selling price; undefined where nothing was sold
};

// From 'sales', 'units', 'orders', 'customers', 'average_order_value' or 'price'; anything else throws
// Error(kInvalidArgument) that names these.
Metric ParseMetric(std::string_view text);
std::string_view Name(Metric metric) noexcept;

// What the aggregate must count for it.
constexpr bool NeedsOrders(Metric metric) noexcept {
  return metric == Metric::kOrders || metric == Metric::kAverageOrderValue;
}
constexpr bool NeedsCustomers(Metric metric) noexcept { return metric == Metric::kCustomers; }
constexpr bool SumsAmounts(Metric metric) noexcept {
  return metric == Metric::kSales || metric == Metric::kAverageOrderValue || metric == Metric::kPrice;
}
constexpr bool SumsQuantities(Metric metric) noexcept {
  return metric == Metric::kUnits || metric == Metric::kPrice;
}

// A ratio of sums, which an empty period has no value of, rather than 0.
constexpr bool IsRatio(Metric metric) noexcept {
  return metric == Metric::kAverageOrderValue || metric == Metric::kPrice;
}

// An exact fraction.
struct Ratio {
  Int128 numerator = 0;  // both x 10^-kAmountScale
  Int128 denominator = 0;
  std::uint8_t numerator_scale = 0;  // digits behind the point as written
};
// Unset where it is undefined.
std::optional<Ratio> RatioOf(Metric metric, const SeriesCell& cell) noexcept;

// The value to the nearest double (a ratio to within two roundings); unset where it is undefined.
std::optional<double> ValueOf(Metric metric, const SeriesCell& cell) noexcept;

// What stands in a period without sales.
enum class Fill : std::uint8_t {
  kAuto,   // carried for ratios, 0 for the rest
  kZero,   // a ratio has none: NULL
  kCarry,  // the last period's value; before the first one NULL
  kNull,
};
// From 'auto', 'zero', 'carry' or 'null'; anything else throws Error(kInvalidArgument) that names these.
Fill ParseFill(std::string_view text);

// The cell that stands for each period: its own, or for one without sales what `fill` says; nullptr for NULL.
// `cells` must outlive the result.
std::vector<const SeriesCell*> FillGaps(Metric metric, Fill fill, std::span<const SeriesCell> cells);

// ValueOf each; NaN where there is none.
std::vector<double> ValuesOf(Metric metric, std::span<const SeriesCell* const> cells);

// The mean of `window` values up to and with each, whatever came before these; NaN before there are so many,
// where one of them is NaN and where both infinities are among them. Throws Error(kInvalidArgument) for a
// window below 1.
std::vector<double> RollingMean(std::span<const double> values, std::int64_t window);

}  // namespace ecomm::core
