# Models survive dump and restore: documents, ids, versions, the sequence, and every prediction.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $document = <<'JSON';
{"format_version": 1, "kind": "kmeans",
 "features": [{"name": "recency", "transform": "boxcox", "lambda": 0.17815012345678901, "mean": 5.5, "scale": 2.25},
              {"name": "frequency", "transform": "boxcox", "lambda": -0.5678441234567890, "mean": 0.4, "scale": 0.3},
              {"name": "monetary", "transform": "yeo-johnson", "lambda": 0.1234, "mean": 11, "scale": 4.1}],
 "clusters": [{"name": "Złoto", "size": 3, "centroid": [-1.1000000000000001, 1.3, 5e-324], "center": ["NaN", "-0", 1e300]},
              {"name": "Silver", "size": 2, "centroid": [0.30000000000000004, 0.1, 0.2], "center": [1, 2, 3]},
              {"name": "客户", "size": 1, "centroid": [1, -1, -1], "center": [4, 5, "Infinity"]}]}
JSON

# Everything a user could notice.
my $state = <<'SQL';
SELECT id, name, version, kind, created_by, created_at, source, parameters, document, metrics, active
FROM ecomm.model ORDER BY id;
SELECT last_value, is_called FROM ecomm.model_id_seq;
SELECT created_by, id, string_agg(coalesce(kmeans_predict_name(id, 1 + i % 400, 1 + i % 17, i * 37 % 20000)::text, '-'), ','
                                  ORDER BY i)
FROM ecomm.model, generate_series(1, 500) AS i WHERE kind = 'kmeans' GROUP BY id ORDER BY id;
SELECT m.id, f.* FROM ecomm.model AS m, sales_forecast(m.id, 9) AS f WHERE kind = 'forecast' ORDER BY m.id, series, period;
SELECT relrowsecurity, relacl FROM pg_class WHERE oid = 'ecomm.model'::regclass;
SQL

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE shop');
$node->safe_psql('shop', 'CREATE SCHEMA tools; CREATE EXTENSION ecomm_analytics SCHEMA tools');
$node->safe_psql('postgres', 'CREATE ROLE analyst LOGIN');
$node->safe_psql('shop', 'GRANT USAGE ON SCHEMA tools TO PUBLIC');

my $path = 'SET search_path = tools, public;';
$node->safe_psql('shop', "$path SELECT model_import('$document', 'customers', true) FROM generate_series(1, 3)");
$node->safe_psql('shop', "$path SELECT model_import('$document', 'other name')");
$node->safe_psql('shop', "$path SELECT model_drop('customers', 2)");
$node->safe_psql('shop', "$path SELECT model_import('$document', 'analyst''s', true)", extra_params => ['-U', 'analyst']);

$node->safe_psql('shop', <<'SQL');
CREATE TABLE sale AS SELECT timestamp '2024-01-01' + d * interval '1 day' AS sold_at, d AS customer_id, d AS invoice_no,
  (100 + 30 * (d % 7) + (hashint4(d) & 1023) / 100)::numeric AS amount, CASE WHEN d % 2 = 0 THEN 'Łódź' END AS shop
FROM generate_series(0, 120) AS d;
SQL
$node->safe_psql('shop', "$path SELECT sales_forecast_train(by => 'shop', to_date => '2024-04-01', sale => 'public.sale', name => 'sales')");

my $before = $node->safe_psql('shop', "$path $state");
like($before, qr/Złoto/, 'predictions give names');
like($before, qr/Łódź\}\|2024-05-/, 'a kept model forecasts after the last sale');
my $seen = $node->safe_psql('shop', 'SELECT count(*) FROM ecomm.model', extra_params => ['-U', 'analyst']);
is($seen, '1', 'a role sees its own models only');

for my $format ('plain', 'custom') {
    my $file = $node->basedir . "/shop.$format";
    $node->command_ok(['pg_dump', '-F', $format, '-f', $file, 'shop'], "pg_dump, $format");
    $node->safe_psql('postgres', "CREATE DATABASE restored_$format");
    my @restore = $format eq 'plain'
      ? ('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', "restored_$format", '-f', $file)
      : ('pg_restore', '--exit-on-error', '-d', "restored_$format", $file);
    $node->command_ok(\@restore, "restore, $format");
    my $after = $node->safe_psql("restored_$format", "$path $state");
    is($after, $before, "the same models, sequence and predictions, $format");
    my $next = $node->safe_psql("restored_$format",
        "$path SELECT model_import('$document', 'customers') > max(id) FROM ecomm.model");
    is($next, 't', "new models get new ids, $format");
    $seen = $node->safe_psql("restored_$format", 'SELECT count(*) FROM ecomm.model', extra_params => ['-U', 'analyst']);
    is($seen, '1', "a role still sees its own models only, $format");
}

# The owner does not exist where the dump goes.
my $elsewhere = PostgreSQL::Test::Cluster->new('elsewhere');
$elsewhere->init;
$elsewhere->start;
$elsewhere->safe_psql('postgres', 'CREATE DATABASE shop; CREATE ROLE guest LOGIN');
my $sql = $node->basedir . '/no_owner.sql';
$node->command_ok(['pg_dump', '--no-owner', '-f', $sql, 'shop'], 'pg_dump without owners');
$elsewhere->command_ok(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', 'shop', '-f', $sql], 'restore elsewhere');
is($elsewhere->safe_psql('shop', "$path $state"), $before, 'the same on another server');
is($elsewhere->safe_psql('shop', 'SELECT count(*) FROM ecomm.model', extra_params => ['-U', 'guest']),
    '0', 'a vanished owner hides a model without an error');

done_testing();
