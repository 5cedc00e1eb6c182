// Sales over time, season and outlook of a report.
#include "ecomm_analytics/pg/report_source.hpp"

namespace ecomm::pg {
namespace {

// Every day of the range, days without sales too.
const std::string kDays = R"sql(
  FROM ecomm.calendar AS c
       LEFT JOIN (SELECT sale_date, sales FROM ecomm.orders_daily WHERE level = 'total') AS d USING (sale_date)
       LEFT JOIN (SELECT sale_date, trend FROM ecomm.sales_trend WHERE metric = 'sales') AS t USING (sale_date)
  WHERE c.sale_date BETWEEN date '2000-01-01' + $1 AND date '2000-01-01' + $2)sql";

void ReadPeriods(Spi& spi, const ReportDays& days, core::Report& report) {
  report.period_grain = core::PeriodGrain(days.last - days.first + 1);
  // A week or month that the range begins in is called by its first day in the range.
  const std::string period =
      "date_trunc('" + std::string(core::Name(report.period_grain)) + "', c.sale_date::timestamp)";
  const Rows rows =
      QueryDays(spi, days,
                "SELECT min(c.sale_date) - date '2000-01-01', count(*), coalesce(sum(d.sales), 0),"
                " round(coalesce(sum(d.sales), 0) / count(*), 2), round(avg(t.trend), 2)" +
                    kDays + " GROUP BY " + period + " ORDER BY 1");
  for (std::uint64_t i = 0; i < rows.count(); ++i) {
    ReportRow row(rows, i);
    core::SalesPeriod sold;
    sold.first = row.Day().value_or(0);
    for (core::Figure* figure : {&sold.days, &sold.sales, &sold.mean, &sold.trend}) *figure = row.Number();
    report.periods.push_back(std::move(sold));
  }
}

void ReadUnusual(Spi& spi, const ReportDays& days, core::Report& report) {
  const Rows rows =
      QueryDays(spi, days,
                "SELECT sale_date - date '2000-01-01', observed, trend + seasonal FROM ecomm.sales_trend"
                " WHERE metric = 'sales' AND is_outlier"
                " AND sale_date BETWEEN date '2000-01-01' + $1 AND date '2000-01-01' + $2"
                " ORDER BY abs(remainder) DESC NULLS LAST, sale_date LIMIT 8");
  for (std::uint64_t i = 0; i < rows.count(); ++i) {
    ReportRow row(rows, i);
    core::UnusualDay day;
    day.day = row.Day().value_or(0);
    day.observed = row.Number();
    day.expected = row.Number();
    report.unusual.push_back(std::move(day));
  }
}

// Eight weeks of history lead to it.
void ReadOutlook(Spi& spi, const ReportDays& days, core::Report& report) {
  if (days.last != report.data_last) return;
  core::Outlook& outlook = report.outlook;
  const Rows rows =
      QueryDays(spi, days,
                "SELECT sale_date - date '2000-01-01', observed, forecast, lower, upper, lower_80, upper_80,"
                " method_used FROM ecomm.sales_outlook WHERE metric = 'sales' AND $1 <= $2"
                " AND (kind = 'forecast' OR sale_date > date '2000-01-01' + $2 - 56) ORDER BY sale_date");
  for (std::uint64_t i = 0; i < rows.count(); ++i) {
    ReportRow row(rows, i);
    core::OutlookDay day;
    day.day = row.Day().value_or(0);
    for (core::Figure* figure :
         {&day.observed, &day.forecast, &day.lower, &day.upper, &day.lower_80, &day.upper_80}) {
      *figure = row.Number();
    }
    outlook.method = row.Text();
    outlook.days.push_back(std::move(day));
  }
  const Rows total = spi.Query(R"sql(
    WITH ahead AS (SELECT count(*)::integer AS days, min(sale_date) AS first, sum(forecast) AS total FROM ecomm.sales_outlook
                   WHERE metric = 'sales' AND kind = 'forecast')
    SELECT a.days, a.total,
           (SELECT CASE count(*) WHEN a.days THEN sum(o.observed) END FROM ecomm.sales_outlook AS o
            WHERE o.metric = 'sales' AND o.kind = 'history' AND o.sale_date BETWEEN a.first - a.days AND a.first - 1)
    FROM ahead AS a)sql");
  ReportRow row(total, 0);
  outlook.horizon = row.Number();
  outlook.total = row.Number();
  outlook.total_before = row.Number();
}

void ReadSeason(Spi& spi, const ReportDays& days, core::Report& report) {
  const Rows weekdays =
      QueryDays(spi, days,
                "SELECT c.weekday_name, count(*), coalesce(sum(d.sales), 0),"
                " round(coalesce(sum(d.sales), 0) / count(*), 2),"
                " round(coalesce(sum(d.sales), 0) / nullif(sum(sum(d.sales)) OVER (), 0), 6)" +
                    kDays + " GROUP BY c.weekday, c.weekday_name ORDER BY c.weekday");
  for (std::uint64_t i = 0; i < weekdays.count(); ++i) {
    ReportRow row(weekdays, i);
    core::WeekdayFigures weekday;
    weekday.name = row.Text();
    for (core::Figure* figure : {&weekday.days, &weekday.sales, &weekday.mean, &weekday.share})
      *figure = row.Number();
    report.weekdays.push_back(std::move(weekday));
  }
  const Rows cells =
      QueryDays(spi, days,
                "SELECT c.month, c.weekday, count(*), round(coalesce(sum(d.sales), 0) / count(*), 2)" +
                    kDays + " GROUP BY c.month, c.weekday ORDER BY c.month, c.weekday");
  for (std::uint64_t i = 0; i < cells.count(); ++i) {
    ReportRow row(cells, i);
    core::MonthWeekday cell;
    cell.month = row.Integer();
    cell.weekday = row.Integer();
    cell.days = row.Number();
    cell.mean = row.Number();
    report.season.push_back(std::move(cell));
  }
}

}  // namespace

void ReadSales(Spi& spi, const ReportDays& days, core::Report& report) {
  ReadPeriods(spi, days, report);
  ReadUnusual(spi, days, report);
  ReadOutlook(spi, days, report);
  ReadSeason(spi, days, report);
}

}  // namespace ecomm::pg
