# docker/setup, which the image's first start runs, and docker/healthy, on a server set as the image's is: with pg_cron, whose database is the shop.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

chomp(my $share = `pg_config --sharedir`);
plan skip_all => 'pg_cron is not installed' unless -e "$share/extension/pg_cron.control";

my $docker = "$FindBin::RealBin/../docker";
my $node = PostgreSQL::Test::Cluster->new('docker');
$node->init;
$node->append_conf('postgresql.conf', slurp_file("$docker/postgresql.conf"));
$node->append_conf('postgresql.conf', "cron.host = '@{[ $node->host ]}'\nlisten_addresses = ''");
$node->start;
$node->safe_psql('postgres', 'CREATE DATABASE shop; CREATE DATABASE other');

my $superuser = $node->safe_psql('postgres', 'SELECT current_user');

# Runs one of the image's programs with these settings; its exit status, and what it says.
sub run_with
{
	my ($program, %settings) = @_;
	local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port, POSTGRES_USER => $superuser, POSTGRES_DB => 'shop', %settings);
	my $output = '';
	IPC::Run::run([ "$docker/$program" ], '>', \$output, '2>', \$output);
	return ($? >> 8, $output);
}

sub query { return $node->safe_psql('shop', $_[0]) }

sub refused
{
	my ($sql, $message) = @_;
	my ($status, $out, $error) = $node->psql('shop', $sql, extra_params => [ '-U', 'analyst' ]);
	return like($error, qr/$message/, "not the read-only role's: $sql");
}
my $jobs = q{SELECT string_agg(jobname || ' ' || schedule, ', ' ORDER BY jobname) FROM cron.job WHERE username = 'shop_admin'};

# Settings that cannot be.
my ($status, $said) = run_with('setup', ECOMM_SAMPLE_LINES => 'many');
is($status, 1, 'a number of lines that is none');
like($said, qr/it is "many"/, 'is told');
($status, $said) = run_with('setup', POSTGRES_DB => 'other');
is($status, 1, 'another database than pg_cron has');
like($said, qr/-c cron\.database_name=other/, 'is told what to do');

# Nothing to bind.
($status, $said) = run_with('setup');
is($status, 0, 'an empty shop');
like($said, qr/no password yet.*there is no sale table yet.*run ecomm-setup/s, 'is told what is next');
is(query($jobs), '', 'no job that could only fail');
is(query(q{SELECT rolname, rolsuper, rolcreaterole, rolcanlogin, rolpassword IS NULL FROM pg_authid WHERE rolname IN ('analyst', 'shop_admin') ORDER BY 1}),
	"analyst|f|f|t|t\nshop_admin|f|f|t|t", 'roles that can log in, without rights or passwords');

# The health check: over TCP alone, and only where the set-up came to its end.
($status, $said) = run_with('healthy');
is($status, 1, 'a server that listens on its socket alone is not healthy');
like($said, qr/over TCP/, 'and says so');
$node->append_conf('postgresql.conf', "listen_addresses = '127.0.0.1'");
$node->restart;
is((run_with('healthy'))[0], 0, 'one that is set up and listens is');
query('ALTER DATABASE shop RESET ecomm_setup.done');
($status, $said) = run_with('healthy');
is($status, 1, 'one whose set-up broke off is not');
like($said, qr/run ecomm-setup/, 'and says what to do');

# A table that cannot be read as it is.
query('CREATE TABLE sale (id integer)');
($status, $said) = run_with('setup');
is($status, 4, 'a table that is no sale table');
like($said, qr/ERROR:.*run ecomm-setup again/s, 'is told why');
is(query($jobs), '', 'and no job that could only fail');
is((run_with('healthy'))[0], 0, 'the server is healthy all the same');
query('DROP TABLE sale');

# Sample data, and all that follows from it.
my $password = q{it's "a" \\ $secret};
($status, $said) = run_with('setup', ECOMM_SAMPLE_LINES => 3000, ECOMM_ANALYST_PASSWORD => $password);
is($status, 0, 'with sample data') or diag($said);
unlike($said, qr/password/, 'nothing is missing');
is(query($jobs), 'ecomm_cleanup 5 3 * * *, ecomm_refresh 17 2 * * *, ecomm_retrain 40 2 * * 0', 'its jobs');
is(query(q{SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'}), 'shop_admin', 'the shop has an owner');
is(query(q{SELECT max(transaction_date)::date BETWEEN current_date - 31 AND current_date - 1,
	  min(transaction_date)::date - date_trunc('year', current_date - interval '2 years')::date BETWEEN 0 AND 30 FROM sale}), 't|t',
	'of two whole years and this one, up to the last days');
is(query('SELECT sum(sales) = (SELECT sum(amount) FROM ecomm.sale_line) FROM ecomm.sales_daily'), 't', 'the views are filled');
unlike(slurp_file($node->logfile), qr/secret/, 'the log has no password');

# The read-only role: by network with its password, every view, nothing else.
unlink $node->data_dir . '/pg_hba.conf';
$node->append_conf('pg_hba.conf', "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256");
$node->reload;
{
	local $ENV{PGPASSWORD} = $password;
	my $port = $node->port;
	my ($out, $error);
	IPC::Run::run([ 'psql', '-XAtw', '-c', 'SELECT count(*) > 0 FROM ecomm.kpi', "host=127.0.0.1 port=$port user=analyst dbname=shop" ], '>', \$out, '2>', \$error);
	is($out, "t\n", 'logs in with its password') or diag($error);
}
my $reads = $node->safe_psql('shop', q{SELECT string_agg(format('SELECT count(*) >= 0 FROM %s', view), ' UNION ' ORDER BY view) FROM ecomm._dashboard_views() AS view});
is($node->safe_psql('shop', $reads, extra_params => [ '-U', 'analyst' ]), 't', 'reads every view');
refused('SELECT FROM sale', 'permission denied for table sale');
refused('SELECT FROM ecomm.sale_line', 'permission denied for view sale_line');
refused('SELECT FROM ecomm.model', 'permission denied for table model');
refused('SELECT FROM cron.job', 'permission denied for schema cron');
refused('SET default_transaction_read_only = off; DELETE FROM ecomm.special_day', 'permission denied for table special_day');
refused('SET default_transaction_read_only = off; CREATE TABLE public.mine ()', 'permission denied for schema public');
refused('SET default_transaction_read_only = off; CREATE TEMPORARY TABLE mine ()', 'permission denied to create temporary tables');
is(($node->psql('postgres', 'SELECT 1', extra_params => [ '-U', 'analyst' ]))[0], 2, 'and has no other database');

# Again: as after an upgrade. What was changed since stays, unless the settings say otherwise.
query(q{SET ROLE shop_admin; SELECT ecomm_schedule('*/5 * * * *', NULL)});
($status, $said) = run_with('setup', ECOMM_SAMPLE_LINES => 3000);
is($status, 0, 'run again') or diag($said);
is(query($jobs), 'ecomm_cleanup 5 3 * * *, ecomm_refresh */5 * * * *', 'the jobs stay as they were set');
is(query(q{SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = 'analyst'}), 'f', 'so does the password');
my $secret = PostgreSQL::Test::Utils::tempdir() . '/secret';
append_to_file($secret, "from a file\n");
($status, $said) = run_with('setup', ECOMM_REFRESH => '@hourly', ECOMM_RETRAIN => 'off', ECOMM_CLEANUP => 'off', ECOMM_ANALYST_PASSWORD_FILE => $secret);
is($status, 0, 'with other settings') or diag($said);
is(query($jobs), 'ecomm_refresh @hourly', 'the jobs are as these say');
($status, $said) = run_with('setup', ECOMM_REFRESH => 'now and then');
is($status, 3, 'a schedule that is none');
like($said, qr/HINT:  For example/, 'is told');

$node->stop;
done_testing();
