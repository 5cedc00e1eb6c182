# A binding survives dump and restore: the view is dumped as any view, what ecomm_bind understood as the extension's
# data; and the extension can be dropped without CASCADE before and after.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

$node->safe_psql('postgres', 'CREATE DATABASE shop');
$node->safe_psql(
	'shop', q{
	CREATE EXTENSION ecomm_analytics;
	CREATE ROLE reader;
	CREATE TABLE "Order Lines" ("Order Date" timestamp, "Customer ID" bigint, "Invoice" text, "Quantity" integer,
	  "Price" float8);
	INSERT INTO "Order Lines" SELECT timestamp '2024-01-01' + i * interval '1 hour', i % 7 - 1, 'I' || i / 2, i % 3 + 1,
	  i / 10.0 FROM generate_series(1, 100) AS i;
	SELECT ecomm_bind('"Order Lines"', sold_at => '"Order Date" + interval ''30 min''');
	GRANT SELECT ON ecomm.sale_line TO reader;
});

my $lines = 'SELECT * FROM ecomm.sale_line ORDER BY sold_at';
my $roles = q{SELECT * FROM ecomm_source('"Order Lines"')};
my $file = $PostgreSQL::Test::Utils::tmp_check . '/shop.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $file, 'shop' ], 'dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'restored', $file ], 'restore');

for my $query ($lines, $roles, 'TABLE ecomm.binding ORDER BY position') {
	is($node->safe_psql('restored', $query), $node->safe_psql('shop', $query), "the same: $query");
}
is($node->safe_psql('restored', 'SET ROLE reader; SELECT count(*) FROM ecomm.sale_line'), '100', 'grants are kept');

$node->safe_psql('shop', 'DROP EXTENSION ecomm_analytics');
is($node->safe_psql('shop', q{SELECT to_regclass('ecomm.sale_line') IS NULL}), 't', 'the view goes with the extension');

my ($status, $out, $error) = $node->psql('restored', 'DROP EXTENSION ecomm_analytics');
like($error, qr/view ecomm\.sale_line depends on/, 'restored, the view stands in the way');
$node->safe_psql('restored', q{SELECT ecomm_bind('"Order Lines"'); DROP EXTENSION ecomm_analytics});
pass('until it is bound again');

$node->stop;
done_testing();
