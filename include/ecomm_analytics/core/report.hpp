// A shop's report as one page: what is known about it, and the page made of that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ecomm_analytics/core/calendar.hpp"
#include "ecomm_analytics/core/figure.hpp"

namespace ecomm::core {

// Figures that are not known are not present. Text is UTF-8 and may hold anything: it is other people's data.

struct KeyFigures {
  Figure sales, orders, units, customers, average_order_value, items_per_order;
  Figure sales_previous, orders_previous, customers_previous;           // the period before
  Figure sales_year_before, orders_year_before, customers_year_before;  // the same, a year before
};

struct PeriodFigures {
  std::string grain;  // day, week, month, quarter, year or all; empty: any other range of days
  Day first = 0, last = 0;
  bool complete = true;
  KeyFigures figures;
};

struct SalesPeriod {
  Day first = 0;
  Figure days, sales, mean, trend;  // mean and trend: a day
};

struct UnusualDay {
  Day day = 0;
  Figure observed, expected;
};

struct OutlookDay {
  Day day = 0;
  Figure observed, forecast, lower, upper, lower_80, upper_80;
};

struct Outlook {
  std::vector<OutlookDay> days;  // history, then forecast
  std::string method;
  Figure horizon;       // days ahead
  Figure total;         // expected over them
  Figure total_before;  // sold in as many days before
};

struct WeekdayFigures {
  std::string name;
  Figure days, sales, mean, share;
};

struct MonthWeekday {
  int month = 1;    // 1 to 12
  int weekday = 1;  // 1 is Monday
  Figure days, mean;
};

// A category, state or product.
struct PartFigures {
  std::string key, name;
  Figure sales, units, orders, customers, share;
};

struct Parts {
  std::vector<PartFigures> rows;  // by sales, from the largest
  bool counted = false;           // orders and customers are known
  Figure others, others_sales;    // parts that are left out of `rows`, and what they sold
  int selling = 0;                // parts with sales above 0 whose name is known, in `rows` or not
};

// A segment or a cluster.
struct CustomerGroup {
  std::string name;
  int number = 0;
  Figure customers, share, recency, frequency, monetary, sales, sales_share, orders, average_order_value;
};

struct SegmentMove {
  std::string from, to;
  Figure customers, monetary;
};

struct CustomerPoint {
  double recency, frequency, monetary;
  int cluster;
};

struct ReportModel {
  std::string name, kind, created, source;
  Figure version, clusters, members, silhouette, davies_bouldin, calinski_harabasz, inertia;
};

struct QualityFact {
  std::string key, name, meaning;
  Figure value, share;
};

struct QualityRow {
  std::string subject, reason, effect;
  Figure lines, amount;
};

struct Report {
  std::string title;
  bool empty = false;  // no sale in the range, or none at all
  std::optional<Day> data_first, data_last;
  std::string refreshed;  // UTC; empty: never
  Figure lines, failed_steps;

  PeriodFigures range;
  bool orders_exact = true;           // in a free range: no order lies on two days
  std::vector<PeriodFigures> recent;  // the last complete month, quarter and year

  Grain period_grain = Grain::kDay;
  std::vector<SalesPeriod> periods;
  std::vector<UnusualDay> unusual;
  Outlook outlook;
  std::vector<WeekdayFigures> weekdays;
  std::vector<MonthWeekday> season;

  Parts categories, states, regions, products;

  std::vector<CustomerGroup> segments;
  Day moves_from = 0, moves_to = 0;  // days of the snapshots
  std::vector<SegmentMove> moves;
  std::vector<CustomerGroup> clusters;
  std::vector<CustomerPoint> points;  // what components are found from
  Figure placed;                      // customers in clusters, of which `points` are all or a sample

  std::vector<QualityFact> facts;
  bool quality_asked = false;
  std::string quality_refused;  // why the lines could not be looked at
  std::vector<QualityRow> quality;
  std::vector<ReportModel> models;
};

// How sales over so many days are best shown: by day, week or month.
Grain PeriodGrain(std::int64_t days);

// HTML5 that is well-formed XML, in ASCII, with nothing to load and nothing to run. Throws
// Error(kMemoryLimit) for the components of the customers.
std::string WriteReport(const Report& report);

}  // namespace ecomm::core
