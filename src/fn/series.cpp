// sales_series, sales_profile: sales over time, and how they lie in the week and in the year.

#include <array>

#include "ecomm_analytics/core/error.hpp"
#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/series_arguments.hpp"
#include "ecomm_analytics/pg/srf.hpp"
#include "series_output.hpp"

namespace ecomm::fn {
namespace {

using core::Metric;
using core::SeriesCell;
using pg::RowSink;

constexpr int kScale = core::kAmountScale;

// The exact value of a period that has one.
void PutValue(RowSink& sink, Metric metric, const SeriesCell& cell) {
  switch (metric) {
    case Metric::kSales:
      sink.Numeric(cell.sales, kScale, cell.sales_scale);
      return;
    case Metric::kUnits:
      sink.Numeric(cell.units, kScale, cell.units_scale);
      return;
    case Metric::kOrders:
      sink.Numeric(cell.orders, 0, 0);
      return;
    case Metric::kCustomers:
      sink.Numeric(cell.customers, 0, 0);
      return;
    default: {
      const core::Ratio ratio = *core::RatioOf(metric, cell);
      sink.Quotient(ratio.numerator, ratio.denominator, kScale, ratio.numerator_scale);
    }
  }
}

Datum SalesSeries(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  const pg::SeriesOptions options =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = 1, .by = 2, .from = 3, .to = 4, .sale = 7});
  const core::Fill fill = core::ParseFill(arguments.Text(5).value_or("auto"));
  const auto rolling = arguments.Int32(6);
  RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::SeriesReading reading(spi, options);
  pg::NoticeUncounted(reading);
  reading.ForEach([&](const pg::SaleSeries& series) {
    const std::vector<const SeriesCell*> filled = core::FillGaps(options.metric, fill, series.cells);
    const std::vector<double> means =
        rolling ? core::RollingMean(core::ValuesOf(options.metric, filled), *rolling) : std::vector<double>();
    for (std::size_t i = 0; i < filled.size(); ++i) {
      const std::int64_t period = reading.first_period() + static_cast<std::int64_t>(i);
      PutName(sink, series.name);
      PutPeriod(sink, options.grain, period);
      if (filled[i] == nullptr) {
        sink.Null();
      } else {
        PutValue(sink, options.metric, *filled[i]);
      }
      if (means.empty() || std::isnan(means[i])) {
        sink.Null();
      } else {
        sink.Float8(means[i]);
      }
      sink.Bool(reading.is_last_complete() || i + 1 < filled.size()).EndRow();
    }
  });
  return sink.Done();
}

struct Bucket {
  std::int64_t periods = 0;
  SeriesCell sum;
};

constexpr std::array<const char*, 7> kWeekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                  "Friday", "Saturday", "Sunday"};
constexpr std::array<const char*, 12> kMonths = {"January",   "February", "March",    "April",
                                                 "May",       "June",     "July",     "August",
                                                 "September", "October",  "November", "December"};

Datum SalesProfile(FunctionCallInfo fcinfo) {
  const pg::Arguments arguments(fcinfo);
  pg::SeriesOptions options =
      pg::ReadSeriesOptions(arguments, {.metric = 0, .grain = -1, .by = 2, .from = 3, .to = 4, .sale = 5});
  if (core::IsRatio(options.metric)) {
    throw core::Error(core::ErrorCode::kInvalidArgument, "a profile needs a metric that adds up", {},
                      "Use 'sales', 'units', 'orders' or 'customers'.");
  }
  const std::string cycle = arguments.Text(1).value_or("weekday");
  if (cycle != "weekday" && cycle != "month") {
    throw core::Error(core::ErrorCode::kInvalidArgument, "unknown cycle \"" + cycle + "\"", {},
                      "Use 'weekday' or 'month'.");
  }
  const bool weekly = cycle == "weekday";
  options.grain = weekly ? core::Grain::kDay : core::Grain::kMonth;
  RowSink sink(fcinfo);
  pg::Spi spi;
  const pg::SeriesReading reading(spi, options);
  pg::NoticeUncounted(reading);
  reading.ForEach([&](const pg::SaleSeries& series) {
    std::vector<Bucket> buckets(weekly ? kWeekdays.size() : kMonths.size());
    double total = 0;
    std::int64_t periods = 0;
    for (std::size_t i = 0; i < series.cells.size(); ++i) {
      const core::Day day =
          core::FirstDayOf(options.grain, reading.first_period() + static_cast<std::int64_t>(i));
      if (!weekly && !reading.IsWhole(i)) continue;
      Bucket& bucket =
          buckets[static_cast<std::size_t>(weekly ? core::WeekdayOf(day) : core::MonthOf(day)) - 1];
      if (!core::AddTo(bucket.sum, series.cells[i])) {
        throw core::Error(core::ErrorCode::kNumericRange, "a sum has more digits than a series holds");
      }
      bucket.sum.orders += series.cells[i].orders;
      bucket.sum.customers += series.cells[i].customers;
      ++bucket.periods;
      ++periods;
      total += *core::ValueOf(options.metric, series.cells[i]);
    }
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      const Bucket& bucket = buckets[i];
      const double mean = *core::ValueOf(options.metric, bucket.sum) / static_cast<double>(bucket.periods);
      PutName(sink, series.name);
      sink.Int32(static_cast<std::int32_t>(i) + 1)
          .Text(weekly ? kWeekdays[i] : kMonths[i])
          .Int64(bucket.periods);
      PutValue(sink, options.metric, bucket.sum);
      if (bucket.periods == 0) {
        sink.Null().Null();
      } else {
        sink.Float8(mean);
        if (total == 0) {
          sink.Null();
        } else {
          sink.Float8(mean / (total / static_cast<double>(periods)));
        }
      }
      if (weekly) {
        sink.Bool(reading.closed()[i]);
      } else {
        sink.Null();
      }
      sink.EndRow();
    }
  });
  return sink.Done();
}

}  // namespace

// (metric text, grain text, by text, from_date date, to_date date, fill text, rolling integer, sale regclass)
ECOMM_FUNCTION(ecomm_sales_series) {
  return pg::Entry([&] { return SalesSeries(fcinfo); });
}

// (metric text, cycle text, by text, from_date date, to_date date, sale regclass)
ECOMM_FUNCTION(ecomm_sales_profile) {
  return pg::Entry([&] { return SalesProfile(fcinfo); });
}

}  // namespace ecomm::fn
