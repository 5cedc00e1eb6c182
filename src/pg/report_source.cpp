#include "ecomm_analytics/pg/report_source.hpp"

#include "ecomm_analytics/pg/guard.hpp"
#include "ecomm_analytics/pg/sql_error.hpp"
#include "ecomm_analytics/pg/subtransaction.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace ecomm::pg {
namespace {

core::PeriodFigures ReadPeriod(ReportRow row) {
  core::PeriodFigures period;
  period.grain = row.Text();
  period.first = row.Day().value_or(0);
  period.last = row.Day().value_or(0);
  period.complete = row.Bool();
  core::KeyFigures& f = period.figures;
  for (core::Figure* figure :
       {&f.sales, &f.orders, &f.units, &f.customers, &f.average_order_value, &f.items_per_order,
        &f.sales_previous, &f.orders_previous, &f.customers_previous, &f.sales_year_before,
        &f.orders_year_before, &f.customers_year_before}) {
    *figure = row.Number();
  }
  return period;
}

// A period that the sales begin in is nothing to compare a whole one with.
constexpr char kPeriod[] = R"sql(
  SELECT grain, period - date '2000-01-01', period_end - date '2000-01-01', is_complete, sales, orders, units, active_customers,
         average_order_value, items_per_order, CASE WHEN whole_previous THEN sales_previous END, CASE WHEN whole_previous THEN orders_previous END,
         CASE WHEN whole_previous THEN active_customers_previous END, CASE WHEN whole_year_before THEN sales_year_before END,
         CASE WHEN whole_year_before THEN orders_year_before END, CASE WHEN whole_year_before THEN active_customers_year_before END
  FROM (SELECT k.*, f.first_day, f.first_day <= CASE k.grain WHEN 'quarter' THEN k.period - interval '3 months' WHEN 'all' THEN NULL
                                                ELSE k.period - ('1 ' || k.grain)::interval END AS whole_previous,
               f.first_day <= k.period - CASE WHEN k.grain IN ('day', 'week') THEN interval '364 days' ELSE interval '1 year' END AS whole_year_before
        FROM ecomm.kpi AS k CROSS JOIN ecomm.freshness AS f) AS period)sql";

// A period of the calendar, as far as there are sales in it, is answered exactly by the summaries.
bool ReadCalendarPeriod(Spi& spi, const ReportDays& days, core::Report& report) {
  const Rows rows =
      spi.Query(std::string(kPeriod) +
                    " WHERE greatest(period, date '2000-01-01' + $3) = date '2000-01-01' + $1"
                    " AND least(period_end, date '2000-01-01' + $4) = date '2000-01-01' + $2"
                    " ORDER BY array_position('{year,quarter,month,week,day,all}', grain) LIMIT 1",
                {Parameter::Int32(static_cast<std::int32_t>(days.first)),
                 Parameter::Int32(static_cast<std::int32_t>(days.last)),
                 Parameter::Int32(static_cast<std::int32_t>(*report.data_first)),
                 Parameter::Int32(static_cast<std::int32_t>(*report.data_last))});
  if (rows.empty()) return false;
  report.range = ReadPeriod(ReportRow(rows, 0));
  if (!report.range.complete) {
    // A period that goes on is not compared with one that is over.
    core::KeyFigures& f = report.range.figures;
    f.sales_previous = f.orders_previous = f.customers_previous = {};
    f.sales_year_before = f.orders_year_before = f.customers_year_before = {};
  }
  return true;
}

// Who bought first or last within the days bought in them; of who bought before and after it is not known.
constexpr char kFreeRange[] = R"sql(
  WITH range AS (SELECT date '2000-01-01' + $1 AS first, date '2000-01-01' + $2 AS last, $2 - $1 + 1 AS days,
                        (SELECT first_day FROM ecomm.freshness) AS data_first),
  day AS (SELECT sale_date, sales, units, orders FROM ecomm.orders_daily WHERE level = 'total'),
  own AS (SELECT sum(d.sales) AS sales, sum(d.units) AS units, sum(d.orders) AS orders
          FROM range AS r JOIN day AS d ON d.sale_date BETWEEN r.first AND r.last),
  previous AS (SELECT sum(d.sales) AS sales, sum(d.orders) AS orders
               FROM range AS r JOIN day AS d ON d.sale_date BETWEEN r.first - r.days AND r.first - 1
               WHERE r.first - r.days >= r.data_first),
  year_before AS (SELECT sum(d.sales) AS sales, sum(d.orders) AS orders
                  FROM range AS r JOIN day AS d
                       ON d.sale_date BETWEEN (r.first - interval '1 year')::date AND (r.last - interval '1 year')::date
                  WHERE (r.first - interval '1 year')::date >= r.data_first),
  buyer AS (SELECT count(*) FILTER (WHERE c.first_purchase::date BETWEEN r.first AND r.last
                                       OR c.last_purchase::date BETWEEN r.first AND r.last) AS surely,
                   count(*) FILTER (WHERE c.first_purchase::date < r.first AND c.last_purchase::date > r.last) AS maybe
            FROM range AS r CROSS JOIN ecomm.customer_segments AS c)
  SELECT '', $1, $2, true, own.sales, own.orders, own.units, CASE buyer.maybe WHEN 0 THEN buyer.surely END,
         round(own.sales / nullif(own.orders, 0), 2), round(own.units / nullif(own.orders, 0), 2),
         previous.sales, previous.orders, NULL::bigint, year_before.sales, year_before.orders, NULL::bigint,
         (SELECT sum(orders) FROM day) IS NOT DISTINCT FROM (SELECT orders FROM ecomm.kpi WHERE grain = 'all')
  FROM own, previous, year_before, buyer)sql";

void ReadFreeRange(Spi& spi, const ReportDays& days, core::Report& report) {
  const Rows rows = QueryDays(spi, days, kFreeRange);
  report.range = ReadPeriod(ReportRow(rows, 0));
  report.orders_exact = rows.Bool(0, rows.columns() - 1).value_or(false);
}

void ReadRecent(Spi& spi, const ReportDays& days, core::Report& report) {
  const Rows rows = QueryDays(spi, days,
                              "SELECT * FROM (SELECT DISTINCT ON (grain) * FROM (" + std::string(kPeriod) +
                                  " WHERE grain IN ('month', 'quarter', 'year') AND is_complete"
                                  " AND period >= first_day"
                                  " AND period_end <= date '2000-01-01' + $2 AND $1 IS NOT NULL) AS p ORDER "
                                  "BY grain, 2 DESC) AS recent"
                                  " ORDER BY array_position('{month,quarter,year}', grain)");
  for (std::uint64_t i = 0; i < rows.count(); ++i) report.recent.push_back(ReadPeriod(ReportRow(rows, i)));
}

void ReadFreshness(Spi& spi, core::Report& report) {
  const Rows rows = spi.Query(
      "SELECT first_day - date '2000-01-01', last_day - date '2000-01-01', lines,"
      " to_char(refreshed_at_utc, 'YYYY-MM-DD HH24:MI'), failed_steps FROM ecomm.freshness");
  if (rows.empty()) return;
  ReportRow row(rows, 0);
  report.data_first = row.Day();
  report.data_last = row.Day();
  report.lines = row.Number();
  report.refreshed = row.Text();
  report.failed_steps = row.Number();
}

}  // namespace

std::string Utf8(std::string text) {
  if (GetDatabaseEncoding() == PG_UTF8 || GetDatabaseEncoding() == PG_SQL_ASCII) return text;
  return Call([s = text.c_str(), length = static_cast<int>(text.size())] {
    return pg_server_to_any(s, length, PG_UTF8);
  });
}

core::Figure ReportRow::Number() { return core::MakeFigure(rows_.Output(row_, column_++).value_or("")); }
std::string ReportRow::Text() { return Utf8(rows_.Output(row_, column_++).value_or("")); }
int ReportRow::Integer() { return rows_.Int32(row_, column_++).value_or(0); }
std::optional<core::Day> ReportRow::Day() {
  const auto day = rows_.Int32(row_, column_++);
  return day ? std::optional<core::Day>(*day) : std::nullopt;
}
double ReportRow::Float8() { return rows_.Float8(row_, column_++).value_or(std::nan("")); }
bool ReportRow::Bool() { return rows_.Bool(row_, column_++).value_or(false); }

Rows QueryDays(Spi& spi, const ReportDays& days, const std::string& sql) {
  return spi.Query(sql, {Parameter::Int32(static_cast<std::int32_t>(days.first)),
                         Parameter::Int32(static_cast<std::int32_t>(days.last))});
}

core::Report ReadReport(Spi& spi, const ReportRange& range) {
  if (!spi.Query("SELECT to_regclass('ecomm.freshness') IS NOT NULL").Bool(0, 0).value_or(false)) {
    throw SqlError(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "there are no views for dashboards yet",
                   "A report is made of them.", "CALL ecomm_refresh() makes them.");
  }
  core::Report report;
  ReadFreshness(spi, report);
  report.empty = true;
  if (!report.data_first || !report.data_last) return report;
  const ReportDays days{std::max(range.from.value_or(*report.data_first), *report.data_first),
                        std::min(range.to.value_or(*report.data_last), *report.data_last)};
  if (days.first > days.last) return report;
  if (!ReadCalendarPeriod(spi, days, report)) ReadFreeRange(spi, days, report);
  report.range.first = days.first;
  report.range.last = days.last;
  report.empty = !report.range.figures.sales.present();
  if (report.empty) return report;
  ReadRecent(spi, days, report);
  ReadSales(spi, days, report);
  ReadProducts(spi, days, report);
  ReadCustomers(spi, report);
  ReadFacts(spi, days, report);
  return report;
}

void ReadLineQuality(core::Report& report) {
  report.quality_asked = true;
  const auto problem = InSubtransaction([&] {
    Spi spi;
    const Rows schema = spi.Query(
        "SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension AS e, pg_catalog.pg_namespace "
        "AS n"
        " WHERE n.oid OPERATOR(pg_catalog.=) e.extnamespace AND e.extname OPERATOR(pg_catalog.=) "
        "'ecomm_analytics'");
    const Rows rows = spi.Query("SELECT subject, reason, lines, amount, effect FROM " +
                                schema.Text(0, 0).value() + ".sales_quality()");
    for (std::uint64_t i = 0; i < rows.count(); ++i) {
      ReportRow row(rows, i);
      core::QualityRow found{row.Text(), row.Text(), {}, {}, {}};
      found.lines = row.Number();
      found.amount = row.Number();
      found.effect = row.Text();
      if (found.lines.value > 0) report.quality.push_back(std::move(found));
    }
  });
  if (problem) report.quality_refused = Utf8(*problem);
}

}  // namespace ecomm::pg
