#include "ecomm_analytics/core/sale_metric.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/core/host.hpp"
#include "ecomm_analytics/core/steps.hpp"

namespace ecomm::core {
namespace {

constexpr std::array<std::string_view, 6> kMetrics = {
    "sales", "units", "orders", "customers", "average_order_value", "price"};
constexpr std::array<std::string_view, 4> kFills = {"auto", "zero", "carry", "null"};

constexpr Int128 kUnit = 10'000'000'000'000'000;

// The place of `text` in `names`, or an error that lists them.
template <std::size_t count>
std::size_t IndexOf(const std::array<std::string_view, count>& names, std::string_view text,
                    const char* what) {
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    if (names[i] == text) return i;
    list += (i == 0 ? "'" : i + 1 == count ? " or '" : ", '") + std::string(names[i]) + "'";
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown " + std::string(what) + " \"" + std::string(text) + "\"",
              {}, "Use " + list + ".");
}

}  // namespace

Metric ParseMetric(std::string_view text) { return static_cast<Metric>(IndexOf(kMetrics, text, "metric")); }

std::string_view Name(Metric metric) noexcept { return kMetrics[static_cast<std::size_t>(metric)]; }

Fill ParseFill(std::string_view text) { return static_cast<Fill>(IndexOf(kFills, text, "fill")); }

std::optional<Ratio> RatioOf(Metric metric, const SeriesCell& cell) noexcept {
  Ratio ratio{
      .numerator = cell.sales, .denominator = kUnit * cell.orders, .numerator_scale = cell.sales_scale};
  if (metric == Metric::kPrice) {
    ratio.numerator = cell.priced_sales;
    ratio.denominator = cell.priced_units;
  }
  if (ratio.denominator == 0) return std::nullopt;
  return ratio;
}

std::optional<double> ValueOf(Metric metric, const SeriesCell& cell) noexcept {
  switch (metric) {
    case Metric::kSales:
      return AmountToDouble(cell.sales);
    case Metric::kUnits:
      return AmountToDouble(cell.units);
    case Metric::kOrders:
      return static_cast<double>(cell.orders);
    case Metric::kCustomers:
      return static_cast<double>(cell.customers);
    default: {
      const auto ratio = RatioOf(metric, cell);
      if (!ratio) return std::nullopt;
      return AmountToDouble(ratio->numerator) / AmountToDouble(ratio->denominator);
    }
  }
}

std::vector<const SeriesCell*> FillGaps(Metric metric, Fill fill, std::span<const SeriesCell> cells) {
  static const SeriesCell kNothing;
  if (fill == Fill::kAuto) fill = IsRatio(metric) ? Fill::kCarry : Fill::kZero;
  std::vector<const SeriesCell*> filled;
  filled.reserve(cells.size());
  const SeriesCell* last = nullptr;
  for (const SeriesCell& cell : cells) {
    // A period with sales may still have no price: everything came back.
    const bool has_value = cell.lines > 0 && (!IsRatio(metric) || RatioOf(metric, cell));
    if (has_value) last = &cell;
    const SeriesCell* instead = nullptr;
    if (fill == Fill::kCarry) instead = last;
    if (fill == Fill::kZero && !IsRatio(metric)) instead = &kNothing;
    filled.push_back(has_value ? &cell : instead);
  }
  return filled;
}

std::vector<double> ValuesOf(Metric metric, std::span<const SeriesCell* const> cells) {
  std::vector<double> values;
  values.reserve(cells.size());
  for (const SeriesCell* cell : cells) {
    const auto value = cell == nullptr ? std::nullopt : ValueOf(metric, *cell);
    values.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return values;
}

std::vector<double> RollingMean(std::span<const double> values, std::int64_t window) {
  if (window < 1) {
    throw Error(ErrorCode::kInvalidArgument, "the window of a rolling mean must be at least 1",
                "It is " + std::to_string(window) + ".");
  }
  const auto width = static_cast<std::size_t>(window);
  std::vector<double> means(values.size(), std::numeric_limits<double>::quiet_NaN());
  if (width > values.size()) return means;
  RequireMemory((width + 1) * sizeof(long double), "rolling mean");
  // A window is the end of one block of `width` values and the beginning of the next. Their sums need no
  // subtraction: what has left the window leaves nothing behind, be it huge or infinite.
  std::vector<long double> ends(width + 1);  // of the block before, by where they begin
  long double beginning = 0;
  Steps steps;
  for (std::size_t i = 0; i < values.size(); ++i, steps.Step()) {
    const std::size_t place = i % width;
    beginning += values[i];
    if (i + 1 >= width) {
      means[i] = static_cast<double>((ends[place + 1] + beginning) / static_cast<long double>(width));
    }
    if (place + 1 < width) continue;
    for (std::size_t j = 0; j < width; ++j, steps.Step()) {
      ends[width - 1 - j] = ends[width - j] + values[i - j];
    }
    beginning = 0;
  }
  return means;
}

}  // namespace ecomm::core
