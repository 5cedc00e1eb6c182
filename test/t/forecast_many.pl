# More than a thousand series of a generated shop forecast in one statement: each has its status, they add up, and
# the numbers do not depend on how many workers there are.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('forecast_many');
$node->init;
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION ecomm_analytics;
SELECT * FROM ecomm_sample_data(customers => 2000, days => 365, lines => 60000);
SELECT * FROM ecomm_bind('sale');
SQL

sub sql { return $node->safe_psql('postgres', shift) }

my $forecast = q{sales_forecast(28, by => 'category,state,product', method => 'theta', reconcile => 'mint')};
sql("CREATE TABLE parallel AS SELECT * FROM $forecast");
sql("SET max_parallel_workers_per_gather = 0; CREATE TABLE serial AS SELECT * FROM $forecast");

is(sql(q{SELECT count(DISTINCT series) >= 1000 FROM parallel WHERE NOT '*' = ANY (array_replace(series, NULL, ''))}), 't', 'series');
is(sql(q{SELECT count(*) FROM (SELECT series FROM parallel GROUP BY series
                               HAVING count(*) <> 28 OR count(status) <> 28 OR min(forecast) < 0) AS odd}),
	'0', 'each has its steps and its status, and no forecast is negative');
is(sql('SELECT count(*) FROM (TABLE parallel EXCEPT TABLE serial) AS different'), '0', 'workers change nothing');

# The lines below a sum are those whose names are its names, where it has any.
is( sql(q{WITH bottom AS (SELECT * FROM parallel WHERE NOT '*' = ANY (array_replace(series, NULL, ''))),
               parts AS (SELECT s.series, s.period, s.forecast, sum(b.forecast) AS total
                         FROM parallel AS s JOIN bottom AS b USING (period)
                         WHERE '*' = ANY (array_replace(s.series, NULL, ''))
                           AND (SELECT bool_and(coalesce(n = '*', false) OR n IS NOT DISTINCT FROM m) FROM unnest(s.series, b.series) AS pair (n, m))
                           AND s.period = (SELECT max(period) FROM parallel)
                         GROUP BY s.series, s.period, s.forecast)
          SELECT count(*) > 50, max(abs(forecast - total)) < 1e-6 FROM parts}),
	't|t', 'sums agree');

$node->stop;
done_testing();
