# A tracked sale table survives dump and restore, and what goes around its triggers shows: a load that disables them, and
# a subscription, which fires none.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 'logical');
$node->start;

$node->safe_psql('postgres', 'CREATE DATABASE shop');
$node->safe_psql(
	'shop', q{
	CREATE EXTENSION ecomm_analytics;
	CREATE TABLE sale (sold_at timestamptz, customer_id bigint, invoice_no bigint, quantity integer, amount numeric)
	  PARTITION BY RANGE (sold_at);
	CREATE TABLE sale_2024 PARTITION OF sale FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
	CREATE TABLE customer (customer_id bigint, name text);
	INSERT INTO customer SELECT i, 'Customer ' || i FROM generate_series(1, 9) AS i;
	INSERT INTO sale SELECT timestamptz '2024-01-01 UTC' + i * interval '1 hour', i % 9 + 1, i / 2, 1, i FROM generate_series(1, 100) AS i;
	SELECT ecomm_bind('sale');
	SELECT ecomm_track();
});

my $tracked = 'SELECT ecomm._tracked(), ecomm._dimensions_tracked()';
my $triggers = q{SELECT tgrelid::regclass, tgname, tgenabled, encode(tgargs, 'escape') FROM pg_trigger
  WHERE tgname LIKE 'ecomm_track%' ORDER BY tgrelid::regclass::text, tgname};
my $logged = 'SELECT kind, count FROM ecomm._change ORDER BY id';
is($node->safe_psql('shop', $tracked), 't|t', 'tracked');

my $folder = $PostgreSQL::Test::Utils::tmp_check;
$node->command_ok([ 'pg_dump', '-Fc', '-f', "$folder/shop.dump", 'shop' ], 'dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'restored', "$folder/shop.dump" ], 'restore');
is($node->safe_psql('restored', $triggers), $node->safe_psql('shop', $triggers), 'the same triggers');
is($node->safe_psql('restored', $tracked), 't|t', 'tracked');
isnt(
	$node->safe_psql('restored', 'SELECT ecomm._relation_fingerprint()'),
	$node->safe_psql('shop', 'SELECT ecomm._relation_fingerprint()'),
	'another fingerprint: the first refresh rebuilds');
$node->safe_psql('restored', q{DELETE FROM ecomm._change; INSERT INTO sale SELECT * FROM sale LIMIT 3; TRUNCATE customer});
is($node->safe_psql('restored', $logged), "lines|3\ncustomer|", 'changes are logged');

$node->command_ok([ 'pg_restore', '--data-only', '--disable-triggers', '-t', 'sale_2024', '-d', 'restored', "$folder/shop.dump" ],
	'restore of data around the triggers');
is($node->safe_psql('restored', $tracked), 'f|t', 'a load around the triggers shows');
is($node->safe_psql('restored', 'SELECT count(*) FROM ecomm_track(); ' . $tracked), "9\nt|t", 'tracked again');

$node->safe_psql('restored', q{SELECT ecomm_bind('sale'); DROP EXTENSION ecomm_analytics; INSERT INTO sale SELECT * FROM sale LIMIT 1});
is($node->safe_psql('restored', $triggers), '', 'the triggers go with the extension');

# a subscriber's table
$node->safe_psql('shop', 'CREATE PUBLICATION p FOR TABLE sale_2024, customer');
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init;
$subscriber->start;
$subscriber->safe_psql(
	'postgres', q{
	CREATE EXTENSION ecomm_analytics;
	CREATE TABLE sale_2024 (sold_at timestamptz, customer_id bigint, invoice_no bigint, quantity integer, amount numeric);
	CREATE TABLE customer (customer_id bigint, name text);
	SELECT ecomm_bind('sale_2024');
	SELECT ecomm_track();
});
is($subscriber->safe_psql('postgres', 'SELECT ecomm._tracked()'), 't', 'tracked while nothing is subscribed to');
my $publisher = $node->connstr . ' dbname=shop';
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION s CONNECTION '$publisher' PUBLICATION p");
$subscriber->wait_for_subscription_sync($node, 's');
$node->safe_psql('shop', q{INSERT INTO sale VALUES ('2024-06-01', 1, 1, 1, 1)});
$node->wait_for_catchup('s');
is($subscriber->safe_psql('postgres', 'SELECT ecomm._tracked()'), 'f', 'a subscribed table is not tracked');
my ($status, $out, $error) = $subscriber->psql('postgres', 'SELECT ecomm_track()');
like($error, qr/changes of public.sale_2024 cannot be tracked.*filled by a subscription/s, 'and says so');
$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION s');

$subscriber->stop;
$node->stop;
done_testing();
