# A dump of a database with dashboards, restored elsewhere, shows the same, keeps its grants, and goes on.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('dashboards');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE shop');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->safe_psql('shop', <<'SQL');
CREATE EXTENSION ecomm_analytics;
SELECT ecomm_sample_data(300, 90, 3);
SELECT ecomm_bind();
SELECT ecomm_track();
CALL ecomm_refresh(horizon => 7);
CREATE ROLE bi LOGIN;
GRANT SELECT ON ecomm.kpi, ecomm.customer_segments TO bi;
INSERT INTO ecomm.cleaning_rule (kind, spelling, value) VALUES ('state', 'somewhere', 'CA');
SQL

my $dump = $node->basedir . '/shop.sql';
$node->command_ok(['pg_dump', '--file', $dump, $node->connstr('shop')], 'dumped');
$node->command_ok(['psql', '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--file', $dump, $node->connstr('restored')], 'restored without an error');

my $shown = q{SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM %s AS t};
for my $view (split /\n/, $node->safe_psql('shop', 'SELECT ecomm._dashboard_views()')) {
	my $query = sprintf($shown, $view);
	is($node->safe_psql('restored', $query), $node->safe_psql('shop', $query), "$view shows the same");
}
is($node->safe_psql('restored', q{SELECT has_table_privilege('bi', 'ecomm.kpi', 'SELECT')}), 't', 'grants are kept');
is($node->safe_psql('restored', 'SELECT count(*) FROM ecomm_verify()'), '0', 'and it agrees with the lines');
$node->safe_psql('restored', q{UPDATE sale SET quantity = quantity + 1 WHERE invoice_no % 10 = 1});
$node->safe_psql('restored', 'CALL ecomm_refresh(horizon => 7)');
like($node->safe_psql('restored', q{SELECT mode FROM ecomm.refresh_run WHERE step = 'lines' ORDER BY run DESC LIMIT 1}),
	qr/^rebuild: the sale table or its binding is another one/, 'the restored tables are others: built anew');
is($node->safe_psql('restored', 'SELECT count(*) FROM ecomm_verify()'), '0', 'and right');
$node->safe_psql('restored', q{DELETE FROM sale WHERE invoice_no % 10 = 2});
$node->safe_psql('restored', 'CALL ecomm_refresh(horizon => 7)');
is($node->safe_psql('restored', q{SELECT mode FROM ecomm.refresh_run WHERE step = 'lines' ORDER BY run DESC LIMIT 1}), 'changes', 'then from changes');
is($node->safe_psql('restored', 'SELECT count(*) FROM ecomm_verify()'), '0', 'and right');
$node->safe_psql('restored', 'DROP EXTENSION ecomm_analytics');
is($node->safe_psql('restored', q{SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname = 'ecomm'}), '0',
	'all goes with the extension, restored or not');
$node->stop;
done_testing();
