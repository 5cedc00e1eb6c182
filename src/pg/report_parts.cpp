// Categories, states, products, customers and what is known of the data, for a report.
#include "ecomm_analytics/pg/report_source.hpp"

namespace ecomm::pg {
namespace {

struct PartKind {
  std::string level;  // of sales_by_period
  std::string key;    // column
  std::string name;   // expression over the part p and its dimension
  std::string join;
  std::string daily;  // where days are added up: a view, and what is meant of it
  int limit;
};

// Periods of the calendar have orders and customers, counted once; other ranges only what adds up over days.
core::Parts ReadParts(Spi& spi, const ReportDays& days, const core::Report& report, const PartKind& kind) {
  const std::string counted =
      "SELECT " + kind.key +
      " AS key, sales, units, orders, customers FROM ecomm.sales_by_period WHERE level = '" + kind.level +
      "' AND grain = $3 AND period = CASE $3 WHEN 'day' THEN date '2000-01-01' + $1"
      " WHEN 'all' THEN period ELSE date_trunc($3, (date '2000-01-01' + $1)::timestamp)::date END";
  const std::string added =
      "SELECT " + kind.key +
      " AS key, sum(sales) AS sales, sum(units) AS units, NULL::bigint AS orders,"
      " NULL::bigint AS customers FROM " +
      kind.daily + " AND sale_date BETWEEN date '2000-01-01' + $1 AND date '2000-01-01' + $2 GROUP BY 1";
  const auto query = [&](const std::string& part) {
    return spi.Query(
        "SELECT p.key, " + kind.name +
            ", p.sales, p.units, p.orders, p.customers,"
            " round(p.sales / nullif(sum(p.sales) OVER (), 0), 6), count(*) OVER (),"
            " sum(p.sales) OVER () - sum(p.sales) OVER (ORDER BY p.sales DESC, p.key ROWS UNBOUNDED "
            "PRECEDING),"
            " (count(*) FILTER (WHERE p.sales > 0 AND p.key <> 'Unknown') OVER ())::integer"
            " FROM (" +
            part + ") AS p " + kind.join +
            " WHERE $1 <= $2 AND $3 IS NOT NULL"
            " ORDER BY p.sales DESC, p.key LIMIT " +
            std::to_string(kind.limit),
        {Parameter::Int32(static_cast<std::int32_t>(days.first)),
         Parameter::Int32(static_cast<std::int32_t>(days.last)), Parameter::Text(report.range.grain)});
  };
  core::Parts parts;
  Rows rows;
  if (!report.range.grain.empty()) rows = query(counted);
  parts.counted = !rows.empty();
  if (!parts.counted) rows = query(added);
  for (std::uint64_t i = 0; i < rows.count(); ++i) {
    ReportRow row(rows, i);
    core::PartFigures part;
    part.key = row.Text();
    part.name = row.Text();
    for (core::Figure* figure : {&part.sales, &part.units, &part.orders, &part.customers, &part.share}) {
      *figure = row.Number();
    }
    const double all = row.Number().value;
    parts.others_sales = row.Number();
    parts.selling = row.Integer();
    parts.others = core::MakeFigure(
        std::to_string(static_cast<std::int64_t>(all) - static_cast<std::int64_t>(rows.count())));
    parts.rows.push_back(std::move(part));
  }
  return parts;
}

core::CustomerGroup ReadGroup(ReportRow row) {
  core::CustomerGroup group;
  group.name = row.Text();
  group.number = row.Integer();
  for (core::Figure* figure :
       {&group.customers, &group.share, &group.recency, &group.frequency, &group.monetary, &group.sales,
        &group.sales_share, &group.orders, &group.average_order_value}) {
    *figure = row.Number();
  }
  return group;
}

constexpr char kGroupFigures[] =
    "customers, round(share::numeric, 6), round(recency::numeric, 1), round(frequency::numeric, 1), "
    "monetary, sales,"
    " round(sales_share::numeric, 6), orders, average_order_value";

void ReadMoves(Spi& spi, core::Report& report) {
  const Rows rows = spi.Query(
      "SELECT from_day - date '2000-01-01', to_day - date '2000-01-01', from_segment, to_segment, customers, "
      "monetary FROM ecomm.segment_migration"
      " ORDER BY customers DESC, from_segment, to_segment");
  for (std::uint64_t i = 0; i < rows.count(); ++i) {
    ReportRow row(rows, i);
    report.moves_from = row.Day().value_or(0);
    report.moves_to = row.Day().value_or(0);
    core::SegmentMove move{row.Text(), row.Text(), {}, {}};
    move.customers = row.Number();
    move.monetary = row.Number();
    report.moves.push_back(std::move(move));
  }
}

// In an order that a key's hash gives, so that the first so many are a sample, the same each time.
void ReadPoints(Spi& spi, core::Report& report) {
  report.placed =
      ReportRow(spi.Query("SELECT count(*) FROM ecomm.customer_segments WHERE cluster > 0"), 0).Number();
  const Rows rows = spi.Query(
      "SELECT recency::float8, frequency::float8, monetary::float8, cluster FROM ecomm.customer_segments "
      "WHERE cluster > 0"
      " ORDER BY hashtextextended(customer_id::text COLLATE \"C\", 0), customer_id::text COLLATE \"C\" LIMIT "
      "20000");
  report.points.reserve(rows.count());
  for (std::uint64_t i = 0; i < rows.count(); ++i) {
    ReportRow row(rows, i);
    core::CustomerPoint point{row.Float8(), row.Float8(), row.Float8(), 0};
    point.cluster = row.Integer();
    report.points.push_back(point);
  }
}

void ReadModels(Spi& spi, core::Report& report) {
  const Rows rows = spi.Query(
      "SELECT name, kind, to_char(created_at::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD'), source, "
      "version, k, members, "
      "round(silhouette::numeric, 4),"
      " round(davies_bouldin::numeric, 4), round(calinski_harabasz::numeric, 2), round(inertia::numeric, 2)"
      " FROM ecomm.model_registry WHERE active ORDER BY kind, name, id");
  for (std::uint64_t i = 0; i < rows.count(); ++i) {
    ReportRow row(rows, i);
    core::ReportModel model;
    for (std::string* text : {&model.name, &model.kind, &model.created, &model.source}) *text = row.Text();
    for (core::Figure* figure : {&model.version, &model.clusters, &model.members, &model.silhouette,
                                 &model.davies_bouldin, &model.calinski_harabasz, &model.inertia}) {
      *figure = row.Number();
    }
    report.models.push_back(std::move(model));
  }
}

}  // namespace

void ReadProducts(Spi& spi, const ReportDays& days, core::Report& report) {
  report.categories = ReadParts(spi, days, report,
                                {.level = "category",
                                 .key = "category",
                                 .name = "p.key",
                                 .join = "",
                                 .daily = "ecomm.orders_daily WHERE level = 'category'",
                                 .limit = 60});
  report.states = ReadParts(spi, days, report,
                            {.level = "state",
                             .key = "state",
                             .name = "coalesce(s.state_name, p.key)",
                             .join = "LEFT JOIN ecomm.state AS s ON s.state = p.key",
                             .daily = "ecomm.orders_daily WHERE level = 'state'",
                             .limit = 80});
  report.regions = ReadParts(spi, days, report,
                             {.level = "region",
                              .key = "region",
                              .name = "p.key",
                              .join = "",
                              .daily = "ecomm.orders_daily WHERE level = 'region'",
                              .limit = 20});
  report.products = ReadParts(spi, days, report,
                              {.level = "product",
                               .key = "product_id",
                               .name = "coalesce(i.product, p.key)",
                               .join = "LEFT JOIN ecomm.product AS i ON i.product_id = p.key",
                               .daily = "ecomm.sales_daily WHERE true",
                               .limit = 10});
}

void ReadCustomers(Spi& spi, core::Report& report) {
  const Rows segments = spi.Query("SELECT segment, 0, " + std::string(kGroupFigures) +
                                  " FROM ecomm.segment_summary ORDER BY sales DESC, segment");
  for (std::uint64_t i = 0; i < segments.count(); ++i)
    report.segments.push_back(ReadGroup(ReportRow(segments, i)));
  const Rows clusters = spi.Query("SELECT cluster_name, cluster, " + std::string(kGroupFigures) +
                                  " FROM ecomm.cluster_summary ORDER BY cluster < 0, cluster");
  for (std::uint64_t i = 0; i < clusters.count(); ++i)
    report.clusters.push_back(ReadGroup(ReportRow(clusters, i)));
  ReadMoves(spi, report);
  ReadPoints(spi, report);
  ReadModels(spi, report);
}

void ReadFacts(Spi& spi, const ReportDays& days, core::Report& report) {
  const Rows rows = QueryDays(spi, days, R"sql(
    WITH total AS (SELECT sales FROM ecomm.kpi WHERE grain = 'all'),
    known AS (SELECT sum(sales) AS sales FROM ecomm.segment_summary),
    day AS (SELECT count(*) AS days, count(*) FILTER (WHERE d.sale_date IS NULL) AS without
            FROM ecomm.calendar AS c LEFT JOIN (SELECT sale_date FROM ecomm.orders_daily WHERE level = 'total') AS d USING (sale_date)
            WHERE c.sale_date BETWEEN date '2000-01-01' + $1 AND date '2000-01-01' + $2),
    unusual AS (SELECT count(*) AS days FROM ecomm.sales_trend WHERE metric = 'sales' AND is_outlier
                AND sale_date BETWEEN date '2000-01-01' + $1 AND date '2000-01-01' + $2)
    SELECT f.key, f.name, f.meaning, f.value, round(f.value / nullif(f.whole, 0), 6)
    FROM total AS t, known AS k, day AS d, unusual AS u, LATERAL (VALUES
      (1, 'lines', 'Dated sale lines', 'All that the summaries are made of.', (SELECT lines::numeric FROM ecomm.freshness), NULL),
      (2, 'days', 'Days in the range', 'From the first to the last.', $2 - $1 + 1, NULL),
      (3, 'closed', 'Days without sales', 'Closed, or missing: they count in means of a day.', d.without, d.days),
      (4, 'unusual', 'Unusual days', 'Beyond 1.5 interquartile ranges of the quartiles of all days.', u.days, d.days),
      (5, 'unknown_customer', 'Sales to unknown customers', 'In sales and orders; not in segments. All days.',
       t.sales - coalesce(k.sales, 0), t.sales),
      (6, 'unknown_product', 'Sales of unknown products', 'Lines without a product. All days.',
       coalesce((SELECT sales FROM ecomm.product_totals WHERE product_id = 'Unknown'), 0), t.sales),
      (7, 'unknown_category', 'Sales without a category', 'Of products that no table knows, or without one. All days.',
       coalesce((SELECT sales FROM ecomm.category_totals WHERE category = 'Unknown'), 0), t.sales),
      (8, 'unknown_state', 'Sales without a state', 'To customers unknown, or without a state. All days.',
       coalesce((SELECT sales FROM ecomm.state_totals WHERE state = 'Unknown'), 0), t.sales),
      (9, 'only_returned', 'Customers who only returned', 'They have no recency and are in no cluster.',
       (SELECT count(*) FROM ecomm.customer_segments WHERE recency IS NULL), (SELECT count(*) FROM ecomm.customer_segments)),
      (10, 'failed', 'Failed steps of the last refresh', 'At 0, all parts of this page are equally fresh.', (SELECT failed_steps FROM ecomm.freshness), NULL)
    ) AS f (position, key, name, meaning, value, whole) ORDER BY f.position)sql");
  for (std::uint64_t i = 0; i < rows.count(); ++i) {
    ReportRow row(rows, i);
    core::QualityFact fact;
    for (std::string* text : {&fact.key, &fact.name, &fact.meaning}) *text = row.Text();
    fact.value = row.Number();
    fact.share = row.Number();
    report.facts.push_back(std::move(fact));
  }
}

}  // namespace ecomm::pg
