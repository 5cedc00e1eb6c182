# Random changes from several sessions, refreshes in between, crashes: after each round what the refresh keeps is what
# the sale lines give. ECOMM_ROUNDS rounds (default: few).
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $rounds = $ENV{ECOMM_ROUNDS} || 12;
my $seed = $ENV{ECOMM_SEED} || 7;

my $node = PostgreSQL::Test::Cluster->new('refresh');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\n");
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION ecomm_analytics;
CREATE TABLE sale (transaction_date timestamp, customer_id bigint, stock_code text, invoice_no bigint, quantity integer, sale numeric,
                   unit_price numeric(10,2)) PARTITION BY RANGE (transaction_date);
CREATE TABLE sale_early PARTITION OF sale FOR VALUES FROM (MINVALUE) TO ('2024-02-01');
CREATE TABLE sale_late PARTITION OF sale DEFAULT;
CREATE TABLE customer (customer_id bigint PRIMARY KEY, order_city text, order_state text);
CREATE TABLE product (stock_code text PRIMARY KEY, description text, category text);
CREATE TABLE state (order_state text PRIMARY KEY, state_abbreviation text, region text, state text);
INSERT INTO state SELECT 'S' || i, 'S' || i, 'Region ' || i % 3, 'State ' || i FROM generate_series(1, 6) AS i;
INSERT INTO product SELECT 'p' || i, 'Product ' || i, 'Category ' || i % 3 FROM generate_series(1, 7) AS i;
INSERT INTO customer SELECT i, 'City ' || i % 9, 'S' || (1 + i % 7) FROM generate_series(1, 30) AS i;

-- Lines as dirty as they come: no customer, no invoice, no date, no amount, returns, products in two spellings and in no table.
CREATE FUNCTION some_lines(n integer) RETURNS SETOF sale LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN random() < 0.97 THEN timestamp '2024-01-01' + floor(random() * 70) * interval '1 day' + floor(random() * 3) * interval '5 hours' END,
         CASE WHEN random() < 0.8 THEN floor(random() * 40)::bigint WHEN random() < 0.5 THEN -1 END,
         CASE WHEN random() < 0.97 THEN CASE WHEN random() < 0.7 THEN 'p' ELSE 'P' END || floor(random() * 10) END,
         CASE WHEN random() < 0.85 THEN floor(random() * 60)::bigint END,
         floor(random() * 6)::integer - 1,
         CASE WHEN random() < 0.97 THEN (floor(random() * 4000) - 400) / 100 END,
         1.00
  FROM generate_series(1, n)
$$;
INSERT INTO sale SELECT * FROM some_lines(200);
SELECT ecomm_bind(amount => 'sale');
SELECT ecomm_track();
CALL ecomm_refresh();
SQL
is($node->safe_psql('postgres', 'SELECT count(*) FROM ecomm_verify()'), '0', 'the first build agrees with the lines');

my $changes = PostgreSQL::Test::Utils::tempdir() . '/changes.sql';
append_to_file($changes, <<'SQL');
\set what random(1, 100)
\set n random(1, 12)
\set day random(0, 69)
\if :what <= 40
INSERT INTO sale SELECT * FROM some_lines(:n);
\elif :what <= 50
UPDATE sale SET quantity = quantity + 1, sale = sale + 0.01 WHERE transaction_date::date = date '2024-01-01' + :day;
\elif :what <= 60
UPDATE sale SET customer_id = (:n * 3)::bigint, invoice_no = CASE WHEN :n > 2 THEN invoice_no END WHERE invoice_no = :day;
\elif :what <= 66
UPDATE sale SET transaction_date = transaction_date + interval '30 days' WHERE customer_id = :n;
\elif :what <= 76
DELETE FROM sale WHERE invoice_no % 20 = :n OR customer_id = :day;
\elif :what <= 80
DELETE FROM sale_late WHERE customer_id % 4 = :n % 4;
\elif :what <= 86
BEGIN;
INSERT INTO sale SELECT * FROM some_lines(:n);
DELETE FROM sale WHERE customer_id = :n;
ROLLBACK;
\elif :what <= 90
BEGIN;
INSERT INTO sale SELECT * FROM some_lines(:n);
SAVEPOINT a;
UPDATE sale SET sale = 5 WHERE customer_id = :n;
ROLLBACK TO a;
INSERT INTO sale_early SELECT * FROM some_lines(:n) AS s WHERE transaction_date < '2024-02-01';
COMMIT;
\elif :what <= 91
TRUNCATE sale;
\elif :what <= 94
UPDATE customer SET order_state = 'S' || (1 + (customer_id + :day) % 8) WHERE customer_id % 5 = :n % 5;
\elif :what <= 96
INSERT INTO customer VALUES (30 + :n, 'City', 's1') ON CONFLICT DO NOTHING;
\elif :what <= 97
DELETE FROM customer WHERE customer_id = :n;
\elif :what <= 98
UPDATE product SET category = 'Category ' || :n % 3 WHERE stock_code = 'p' || :n;
\elif :what <= 99
INSERT INTO product VALUES ('p8', 'Product', 'Category 1'), ('P9', 'Product', 'Category 2') ON CONFLICT DO NOTHING;
\else
UPDATE state SET region = 'Region ' || :n % 3 WHERE order_state = 'S1';
\endif
SQL
my $refresh = PostgreSQL::Test::Utils::tempdir() . '/refresh.sql';
append_to_file($refresh, "CALL ecomm_refresh();\n");

my $bad = 0;
my %modes;
for my $round (1 .. $rounds) {
	# The changes of a round are the same with the same seed, but for how the sessions mix.
	my @command = ('pgbench', '--no-vacuum', '--client=3', '--transactions=8', '--max-tries=100', '--random-seed=' . ($seed * 100000 + $round),
		"--file=$changes\@8", "--file=$refresh\@1", $node->connstr('postgres'));
	if ($round % 6 == 0) {
		# The server goes down while changes and a refresh are at work.
		my $bench = IPC::Run::start(['pgbench', '--no-vacuum', '--client=3', '--transactions=1000', '--max-tries=100',
				'--random-seed=' . ($seed * 100000 + $round), "--file=$changes\@8", "--file=$refresh\@2", $node->connstr('postgres')],
			'<', \undef, '>', \my $out, '2>', \my $err);
		my $before = $node->safe_psql('postgres', 'SELECT max(run) FROM ecomm.refresh_run');
		$node->poll_query_until('postgres', "SELECT max(run) > $before FROM ecomm.refresh_run");
		$node->stop('immediate');
		$bench->finish;
		$node->start;
	}
	else {
		my ($out, $err);
		IPC::Run::run(\@command, '<', \undef, '>', \$out, '2>', \$err) or do { diag($err); $bad++ };
	}
	$node->safe_psql('postgres', 'CALL ecomm_refresh()');
	$modes{ (split /:/, $node->safe_psql('postgres', q{SELECT mode FROM ecomm.refresh_run WHERE step = 'lines' ORDER BY run DESC LIMIT 1}))[0] }++;
	my $differences = $node->safe_psql('postgres', 'SELECT * FROM ecomm_verify() LIMIT 5');
	if ($differences ne '') {
		$bad++;
		diag("round $round: $differences");
	}
	my $left = $node->safe_psql('postgres', 'SELECT count(*) FROM ecomm._change');
	if ($left ne '0') { $bad++; diag("round $round: $left rows left in the log"); }
}
is($bad, 0, "$rounds rounds of changes, refreshes and crashes");
note("how the last refresh of a round went: " . join(', ', map { "$_ $modes{$_}" } sort keys %modes));
cmp_ok($modes{changes} // 0, '>', 0, 'some of them from the changes alone');

is( $node->safe_psql('postgres', q{SELECT count(*) FROM ecomm.refresh_run WHERE status = 'failed'}), '0', 'no step failed');
$node->stop;
done_testing();
