# A real shop's lines, as dirty as they came: what was published about them comes out, and where the published
# cleaning was wrong (it compared money in binary floating point), ours keeps what is good.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use FindBin;
use Test::More;

my $data = $ENV{PETSHOP_DIR} // '';
plan skip_all => 'the pet shop\'s files are not here; name their folder in PETSHOP_DIR' unless -r "$data/sale.csv";

my $node = PostgreSQL::Test::Cluster->new('petshop');
$node->init;
$node->start;
$node->safe_psql('postgres', <<"SQL");
CREATE EXTENSION ecomm_analytics;
CREATE TABLE raw (transaction_date text, customer_id text, description text, stock_code text, invoice_no text, quantity text,
                  sale text, unit_price text);
\\copy raw FROM '$data/sale.csv' CSV HEADER
CREATE TABLE sale AS
SELECT transaction_date::timestamp, nullif(customer_id, '')::numeric::bigint AS customer_id, description, stock_code,
       nullif(invoice_no, '')::bigint AS invoice_no, quantity::integer, sale::numeric(12,2), unit_price::numeric(10,2)
FROM raw;
-- as published: binary comparison and all
CREATE TABLE cleaned AS
SELECT transaction_date, coalesce(customer_id, -1) AS customer_id, stock_code, coalesce(invoice_no, -1) AS invoice_no, quantity, sale,
       unit_price, quantity * sale AS amount
FROM sale
WHERE quantity > 0 AND sale > 0 AND unit_price > 0 AND sale::float8 = quantity::float8 * unit_price::float8
  AND unit_price <> 3897;  -- two lines of one customer, 29.70 elsewhere
SQL

sub sql { return $node->safe_psql('postgres', shift) }

is(sql('SELECT count(*), count(*) FILTER (WHERE customer_id <> -1) FROM cleaned'), '23150|18921', 'the published cleaned table');

sql(q{SELECT * FROM ecomm_bind('cleaned', amount => 'quantity * sale', unit_price => 'unit_price')});
is(sql('SELECT count(*) FROM rfm()'), '3084', 'customers');
sql(q{SELECT kmeans_train(name => 'pet')});
is( sql(q{SELECT string_agg(round((f->>'lambda')::numeric, 6)::text, ' ' ORDER BY n)
          FROM ecomm.model, jsonb_array_elements(document->'features') WITH ORDINALITY AS e (f, n)}),
	'0.178150 -0.567844 -0.193113',
	'Box-Cox lambdas');
is(sql(q{SELECT calinski_harabasz >= 2327.015, round(silhouette::numeric, 3) FROM kmeans_evaluate('pet')}),
	't|0.322', 'quality at k = 3');
is( sql(q{SELECT kmeans_predict_name('pet', 15, 8, 25000), kmeans_predict_name('pet', 100, 3, 7000),
                 kmeans_predict_name('pet', 150, 1, 500)}),
	'Champions|At-Risk|Occasional',
	'the three example customers');
is(sql(q{SELECT array_agg(n ORDER BY n DESC) FROM cluster_compare(), unnest(sizes) AS n WHERE method ILIKE '%ward%'}), '{1279,1253,552}', 'Ward');
is( sql(q{SELECT noise, array_agg(n ORDER BY n DESC) FROM cluster_compare(eps => 0.5, min_points => 10), unnest(sizes) AS n
          WHERE method ILIKE '%dbscan%' GROUP BY noise}),
	'44|{1256,1177,607}',
	'DBSCAN');

sql('SELECT ecomm_unbind()');
is( sql(q{SELECT count(*), count(*) FILTER (WHERE r.monetary = s.monetary AND r.monetary::text = s.monetary::text)
          FROM rfm('sale') AS r FULL JOIN (SELECT customer_id, sum(sale) AS monetary FROM sale
                                           WHERE customer_id IS NOT NULL GROUP BY 1) AS s USING (customer_id)}),
	'3146|3146',
	'monetary is the sum of the raw lines, to the cent, for every customer');
is( sql(q{SELECT count(*) FROM sale WHERE quantity > 0 AND sale > 0 AND unit_price > 0 AND sale::float8 <> quantity::float8 * unit_price::float8}),
	'1189',
	'good lines that binary floating point would lose');
is( sql(q{SELECT (SELECT sum(monetary) FROM rfm('sale')) = (SELECT sum(sale) FROM sale WHERE customer_id IS NOT NULL)}),
	't', 'and none of their money is lost');

# Sales over time, as published (the line total is the column sale).
sql(q{CREATE VIEW published AS SELECT transaction_date, nullif(customer_id, -1) AS customer_id, stock_code, invoice_no, quantity, sale,
             unit_price FROM cleaned});
is( sql(q{SELECT string_agg(value::text, ' ' ORDER BY period) FROM (SELECT * FROM sales_series(sale => 'published') LIMIT 5) AS s}),
	'9103.02 3283.26 7619.94 0 3661.74', 'the first days');
is( sql(q{SELECT string_agg(value::text, ' ' ORDER BY period) FROM (SELECT * FROM sales_series(grain => 'week', sale => 'published') LIMIT 5) AS s}),
	'31229.16 31594.68 22849.56 8748.90 0', 'the first weeks');
is( sql(q{SELECT string_agg(value::text, ' ' ORDER BY period) FROM (SELECT * FROM sales_series(grain => 'month', sale => 'published') LIMIT 3) AS s}),
	'94422.30 68143.56 59034.36', 'the first months');
is( sql(q{SELECT string_agg(round(value, 2)::text, ' ' ORDER BY period)
          FROM (SELECT * FROM sales_series('price', 'month', sale => 'published') LIMIT 3) AS s}),
	'24.99 21.25 21.62', 'the first monthly prices');
is( sql(q{SELECT string_agg(total, ' ' ORDER BY n) FROM
          (SELECT n, sum(value)::text AS total FROM unnest('{sales,units,orders}'::text[]) WITH ORDINALITY AS m (metric, n),
                  sales_series(metric, sale => 'published') GROUP BY n) AS totals}),
	'1297522.20 64500 10933', 'the totals');
is( sql(q{CREATE VIEW with_typos AS SELECT transaction_date, customer_id, stock_code, invoice_no, quantity, sale, unit_price FROM sale
          WHERE quantity > 0 AND sale > 0 AND unit_price > 0 AND sale::float8 = quantity::float8 * unit_price::float8;
          SELECT string_agg(days::text, ' ' ORDER BY n) FROM
          (SELECT n, (SELECT count(*) FROM sales_outliers(metric, sale => 'with_typos')) AS days
           FROM unnest('{sales,units,orders}'::text[]) WITH ORDINALITY AS m (metric, n)) AS found}),
	'11 18 6', 'outlier days by sales, units and orders');

# Published unit root tests, of differences of the Box-Cox series: units with outliers replaced, and a cent added to the days without.
sql(q{CREATE TABLE day AS
      SELECT u.period, u.value::float8 AS units, (o.period IS NOT NULL) AS outlier, round(u.rolling_mean::numeric) AS mean_units,
             -- as binary rounding had it: two prices of exactly half a cent went down
             round(p.value - 0.000001, 2)::float8 AS price
      FROM sales_series('units', sale => 'published') AS u JOIN sales_series('price', sale => 'published') AS p USING (period)
      LEFT JOIN sales_outliers('units', sale => 'published') AS o USING (period)});
sub unit_root {
	my ($series) = @_;
	return sql(qq{SELECT round(ts_boxcox_lambda(y)::numeric, 6), round((SELECT statistic FROM ts_adf(ts_difference(ts_transform(y))))::numeric, 6)
	              FROM ($series) AS s (y)});
}
# A rolling mean has none for the first six days: the seventh's stands there.
sub smoothed {
	my ($y, $round, $add) = @_;
	return "SELECT array_agg(round(coalesce(m, first)::numeric, $round)::float8 + $add ORDER BY n) FROM (SELECT m, n, first_value(m) OVER (ORDER BY m IS NULL, n) AS first
	        FROM (SELECT array_agg($y ORDER BY period) AS y FROM day) AS a, unnest(ts_rolling_mean(a.y)) WITH ORDINALITY AS r (m, n)) AS f";
}
is(unit_root('SELECT array_agg(CASE WHEN outlier THEN mean_units ELSE units END + 0.01 ORDER BY period) FROM day'),
	'0.377314|-8.479734', 'ADF of units');
is(unit_root('SELECT array_agg(price ORDER BY period) FROM day'), '0.180534|-10.217526', 'ADF of the price');
like(unit_root(smoothed('units', 0, 0.01)), qr/\|-8\.303454$/, 'ADF of the rolling mean of units');
like(unit_root(smoothed('price', 2, 0)), qr/\|-7\.82218[34]$/, 'ADF of the rolling mean of the price');

is(sql(q{SELECT name, total FROM sales_profile(sale => 'published') WHERE closed OR number = 1 ORDER BY number}),
	"Monday|269316.78\nFriday|0", 'closed on Fridays');

# The tables beside the sale table, as clean as they can be told to be.
sql('CREATE SCHEMA shop; ALTER TABLE sale SET SCHEMA shop');
{
	local $ENV{PGOPTIONS} = '-c search_path=shop';
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	local $ENV{PGDATABASE} = 'postgres';
	my $copy = PostgreSQL::Test::Utils::tempdir();
	symlink("$data/$_.csv", "$copy/$_.csv") or die $! for qw(customer product state);
	command_ok([ "$FindBin::RealBin/../script/load_csv", $copy ], 'the tables beside it load');
}
sql(q{SELECT * FROM ecomm_bind('shop.sale'); SELECT ecomm._create_dimension_sources()});
is(sql(q{SELECT count(*), count(DISTINCT state), count(*) FILTER (WHERE found_by = 'spelling'), count(*) FILTER (WHERE found_by = 'unknown') FROM ecomm._state_spelling}),
	'206|51|186|0', 'every spelling of a state is known');
is(sql(q{SELECT count(*), count(DISTINCT region) FROM ecomm._state_source WHERE state <> 'Unknown'}), '54|4', 'states');
is(sql(q{SELECT count(*), count(DISTINCT category) FROM ecomm._product_source WHERE product_id <> 'Unknown'}), '20|7', 'products');
sql(q{CREATE VIEW active AS SELECT DISTINCT customer_id FROM cleaned WHERE customer_id <> -1});
# As published: a name is a city whatever its state and its capitals, full stops and commas.
is( sql(q{SELECT count(DISTINCT c), count(DISTINCT c) FILTER (WHERE customer_id IN (TABLE active))
          FROM (SELECT customer_id, btrim(translate(lower(order_city), '.,', '')) AS c FROM shop.customer) AS s}),
	'2217|1775', 'cities as published, and those with customers who bought');
is( sql(q{SELECT count(*), count(DISTINCT city), count(DISTINCT city) FILTER (WHERE customer_id IN (TABLE active)),
                 count(DISTINCT (city, state)), count(DISTINCT (city, state)) FILTER (WHERE customer_id IN (TABLE active))
          FROM ecomm._customer_source WHERE customer_id <> -1}),
	'4372|2217|1775|2524|1964', 'ours: the same, and told apart by state');
is(sql(q{SELECT count(DISTINCT state) FROM ecomm._customer_source WHERE customer_id IN (TABLE active)}), '51', 'active states');

sub quality { my ($subject, $reason) = @_; return sql("SELECT lines, amount FROM sales_quality() WHERE subject = '$subject' AND reason = '$reason'") }
is(quality('line', 'all'), '25065|1531026.78', 'lines');
is(quality('line', 'not positive'), '724|-22883.04', 'lines that are not positive');
is(quality('amount', 'inconsistent'), '0|0', 'none is inconsistent, compared as numeric');
is(quality('unit_price', 'outlying'), '2|42867.00', 'the two lines of an outlying price');
is(quality('customer_id', 'missing'), '4416|325508.10', 'lines without a customer');
is(sql(q{SELECT suggestion FROM sales_quality() WHERE reason = 'contradictory'}), q{INSERT INTO ecomm.cleaning_rule VALUES ('state', 'Arkansas', 'AR')},
	'the state table says that Arkansas is Alaska');

$node->stop;
done_testing();
