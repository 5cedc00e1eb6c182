// Sale series read from the lines, in memory where the budget allows it, through the server's own grouping
// (which spills to disk) where not. The values are the same.
#pragma once

#include <functional>

#include "ecomm_analytics/core/sale_metric.hpp"
#include "ecomm_analytics/pg/prelude.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

// The options argument of ecomm._series: grain, and what to count.
std::int32_t SeriesOptionsArgument(const core::SeriesShape& shape);
core::SeriesShape SeriesShapeFrom(std::int32_t options, Oid customer_type, Oid order_type);

struct SeriesOptions {
  core::Metric metric = core::Metric::kSales;
  core::Grain grain = core::Grain::kDay;
  std::vector<std::string> by;
  std::optional<core::Day> from;  // first and last day that count
  std::optional<core::Day> to;
  Oid sale = InvalidOid;  // InvalidOid: the bound or default relation
};

struct SaleSeries {
  std::vector<std::optional<std::string>> name;  // one per name of `by`
  std::vector<core::SeriesCell> cells;           // one per period, from the first to the last
};

class SeriesReading {
 public:
  SeriesReading(Spi& spi, const SeriesOptions& options);

  // In ascending order of the names' bytes, NULL first. All series have the same periods.
  void ForEach(const std::function<void(const SaleSeries&)>& visit) const;

  const SeriesOptions& options() const { return options_; }
  // No dated line: nothing to visit.
  bool empty() const { return !last_day_; }
  std::int64_t first_period() const { return core::PeriodOf(options_.grain, *first_day_); }
  std::int64_t last_period() const { return core::PeriodOf(options_.grain, *last_day_); }
  std::size_t periods() const { return static_cast<std::size_t>(last_period() - first_period() + 1); }
  // Whether the last period is over: no day on which the shop may sell is left of it after the last sale, or
  // after `to` where that is later and past; and today is no day of sales.
  bool is_last_complete() const { return last_complete_; }
  // Whether the sales began before the i-th period or with it, and ended after it or with it.
  bool IsWhole(std::size_t i) const;
  // By ISO weekday less 1: the shop never sells then, through at least four weeks.
  const std::array<bool, 7>& closed() const { return closed_; }
  const core::SeriesCounts& counts() const { return counts_; }

 private:
  void ReadTable(std::string_view finished);
  void ReadGroups();
  void CheckCalendar();
  void AddName(std::optional<std::string> name);
  std::size_t held() const;  // bytes of names and cells
  std::vector<Parameter> Parameters() const;

  Spi& spi_;
  SeriesOptions options_;
  core::SeriesShape shape_;
  std::string lines_;
  core::SeriesCounts counts_;
  std::optional<core::Day> first_day_;
  std::optional<core::Day> last_day_;
  std::array<bool, 7> closed_{};
  bool last_complete_ = true;
  std::vector<std::optional<std::string>> names_;  // of the groups, as they are stored
  std::size_t name_bytes_ = 0;
  std::vector<core::SeriesCell> cells_;  // group is an index into names_; in order
};

// A NOTICE about the lines that the metric does not count, by reason; nothing where there are none.
void NoticeUncounted(const SeriesReading& reading);

}  // namespace ecomm::pg
