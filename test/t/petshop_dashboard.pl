# A real shop's dashboards: the totals that were published of its cleaned lines, and those of the lines as they came.
use strict;
use warnings;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $data = $ENV{PETSHOP_DIR} // '';
plan skip_all => 'the pet shop\'s files are not here; name their folder in PETSHOP_DIR' unless -r "$data/sale.csv";

my $node = PostgreSQL::Test::Cluster->new('petshop_dashboard');
$node->init;
$node->start;
sub sql { return $node->safe_psql('postgres', shift) }
{
	local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port, PGDATABASE => 'postgres');
	command_ok([ "$FindBin::RealBin/../script/load_csv", $data ], 'the shop loads');
}
sql('CREATE EXTENSION ecomm_analytics');

# As published: money compared in binary floating point, and two lines of a wrong price left out.
sql(q{CREATE TABLE cleaned AS SELECT transaction_date, customer_id, stock_code, invoice_no, quantity, sale, unit_price FROM sale
      WHERE quantity > 0 AND sale > 0 AND unit_price > 0 AND sale::float8 = quantity::float8 * unit_price::float8 AND unit_price <> 3897});
sql(q{SELECT ecomm_bind('cleaned'); SELECT ecomm_track(); CALL ecomm_refresh()});
is(sql(q{SELECT status, count(*) FROM ecomm.refresh_run GROUP BY 1}), 'ok|6', 'refreshed');
is(sql(q{SELECT orders, units, sales, average_order_value FROM ecomm.kpi WHERE grain = 'all'}), '10933|64500|1297522.20|118.68', 'totals');
is( sql(q{SELECT category, sales FROM ecomm.category_totals ORDER BY sales DESC}),
	join("\n", 'Food|436729.02', 'Disposables|361039.62', 'Grooming|170683.26', 'Supplements|120392.34', 'Electronics|89711.46', 'Pet Food|68658.12',
		'Cleanig Supplies|50308.38'),
	'categories, a slip of the pen included');
is( sql(q{SELECT region, sales FROM ecomm.region_totals WHERE region <> 'Unknown' ORDER BY sales DESC}),
	"East|419702.16\nCentral|328279.32\nWest|252453.36\nOther|4484.16", 'regions of the known customers, where the state table takes Arkansas for Alaska');
is(sql(q{SELECT count(*) FILTER (WHERE frequency > 0), (SELECT count(*) FROM ecomm.customer WHERE customer_id <> -1) FROM ecomm.customer_segments}),
	'3084|4372', 'customers who bought, of all');
is( sql(q{SELECT count(DISTINCT city) FROM ecomm.city_totals WHERE customers > 0
          UNION ALL SELECT count(DISTINCT city) FROM ecomm.customer WHERE customer_id <> -1}),
	"1775\n2217", 'cities with customers who bought, of all');
is( sql(q{SELECT count(*) FROM ecomm.state_totals WHERE customers > 0 AND state <> 'Unknown' UNION ALL
          SELECT count(*) FROM ecomm.state WHERE state <> 'Unknown'}),
	"51\n54", 'states with customers who bought, of all');
is(sql(q{SELECT weekday_name, sales FROM ecomm.weekday_profile WHERE weekday IN (1, 5) ORDER BY weekday}), "Monday|269316.78\nFriday|0.00", 'the week');
is(sql(q{SELECT (SELECT count(*) FROM ecomm.customer_segments) = (SELECT count(*) FROM ecomm.customer_segments AS d JOIN rfm_segments() AS r
         USING (customer_id, recency, frequency, segment, rfm_score))}), 't', 'segments are those of rfm_segments()');
is(sql('SELECT count(*) FROM ecomm_verify()'), '0', 'all of it is what the lines say');

# Rules mend the slips, without a change to the shop's tables.
sql(q{INSERT INTO ecomm.cleaning_rule (kind, spelling, value) VALUES ('category', 'Cleanig Supplies', 'Cleaning Supplies'), ('state', 'Arkansas', 'AR')});
sql('CALL ecomm_refresh()');
is(sql(q{SELECT sales FROM ecomm.category_totals WHERE category = 'Cleaning Supplies'}), '50308.38', 'a cleaning rule counts at the next refresh');
is( sql(q{SELECT region, sales FROM ecomm.region_totals WHERE region <> 'Unknown' ORDER BY sales DESC}),
	"East|419702.16\nCentral|328304.82\nWest|252453.36\nOther|4458.66", 'regions as published');
is(sql('SELECT count(*) FROM ecomm_verify()'), '0', 'and everything agrees');

# Outlier days by 1.5 IQR, before the two lines are left out.
sql(q{CREATE TABLE with_two AS SELECT transaction_date, customer_id, stock_code, invoice_no, quantity, sale, unit_price FROM sale
      WHERE quantity > 0 AND sale > 0 AND unit_price > 0 AND sale::float8 = quantity::float8 * unit_price::float8});
sql(q{SELECT ecomm_bind('with_two'); CALL ecomm_refresh()});
is(sql(q{SELECT metric, count(*) FROM ecomm.sales_trend WHERE is_outlier GROUP BY 1 ORDER BY 1}), "orders|6\nsales|11\nunits|18", 'outlier days');

# As the lines came: good lines that the published cleaning lost are there, returns lower the sales.
sql(q{SELECT ecomm_bind('sale'); CALL ecomm_refresh()});
is(sql(q{SELECT orders, units, sales, average_order_value FROM ecomm.kpi WHERE grain = 'all'}),
	sql(q{SELECT count(DISTINCT coalesce(invoice_no::text, customer_id || ' ' || transaction_date::date, transaction_date::date::text))
	               FILTER (WHERE sale >= 0),
	             sum(quantity), sum(sale), round(sum(sale) / count(DISTINCT coalesce(invoice_no::text, customer_id || ' ' || transaction_date::date,
	               transaction_date::date::text)) FILTER (WHERE sale >= 0), 2) FROM sale}),
	'raw totals: ' . sql(q{SELECT orders, units, sales, average_order_value FROM ecomm.kpi WHERE grain = 'all'}));
is(sql(q{SELECT (SELECT sum(sales) FROM ecomm.category_totals) = (SELECT sum(sale) FROM sale)}), 't', 'categories add up to every cent');
is(sql('SELECT count(*) FROM ecomm_verify()'), '0', 'and agree with the lines');
note(sql(q{SELECT string_agg(format('%s %s', category, sales), ', ' ORDER BY sales DESC) FROM ecomm.category_totals}));
note(sql(q{SELECT string_agg(format('%s %s', region, sales), ', ' ORDER BY sales DESC) FROM ecomm.region_totals}));

$node->stop;
done_testing();
