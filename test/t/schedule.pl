# Jobs of a real pg_cron: registered, changed, removed, and run; in the database that has pg_cron and from another one.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

chomp(my $share = `pg_config --sharedir`);
plan skip_all => 'pg_cron is not installed' unless -e "$share/extension/pg_cron.control";

my $node = PostgreSQL::Test::Cluster->new('schedule');
$node->init;
$node->append_conf('postgresql.conf', <<"CONF");
shared_preload_libraries = 'pg_cron'
cron.database_name = 'postgres'
cron.host = '@{[ $node->host ]}'
CONF
$node->start;

# What an SQL text raises, without psql's prefixes.
sub error_of
{
	my ($database, $sql) = @_;
	my ($status, $out, $error) = $node->psql($database, $sql);
	return $error =~ s/^psql:.*?: //mgr;
}

my $superuser = $node->safe_psql('postgres', 'SELECT current_user');
my $jobs = q{SELECT jobname, schedule, command, database, username, active FROM cron.job ORDER BY jobname, username};
my $shop = q{Bob's "shop"};
$node->safe_psql('postgres', q{CREATE DATABASE "Bob's ""shop"""});
$node->safe_psql($shop, 'CREATE EXTENSION ecomm_analytics');

# The database that is to have pg_cron, before it has, and roles that may not use it.
$node->safe_psql('postgres', 'CREATE ROLE keeper; CREATE EXTENSION ecomm_analytics');
like(error_of('postgres', 'SELECT ecomm_schedule()'), qr/^HINT:  As a superuser: CREATE EXTENSION pg_cron;/m, 'loaded but not created');
$node->safe_psql('postgres', 'CREATE EXTENSION pg_cron');
like(error_of('postgres', 'SET ROLE keeper; SELECT ecomm_schedule()'), qr/GRANT USAGE ON SCHEMA cron TO keeper$/m, 'no right');
$node->safe_psql('postgres', 'GRANT USAGE ON SCHEMA cron TO keeper');
like(error_of('postgres', 'SET ROLE keeper; SELECT ecomm_schedule()'), qr/^HINT:  ALTER ROLE keeper LOGIN/m, 'no login');
$node->safe_psql('postgres', 'ALTER ROLE keeper LOGIN');

# Registered once, however often it is called; changed; paused; removed one by one; each role's are its own.
sub as_keeper { return $node->safe_psql('postgres', $_[0], extra_params => [ '-U', 'keeper' ]) }
my $all = "ecomm_refresh|17 2 * * *|CALL public.ecomm_refresh()|keeper|t\n"
  . "ecomm_retrain|40 2 * * 0|CALL public.ecomm_retrain()|keeper|t\n"
  . 'ecomm_cleanup|5 3 * * *|CALL public.ecomm_cleanup()|keeper|t';
is(as_keeper('SELECT * FROM ecomm_schedule()'), $all, 'three jobs');
is(as_keeper('SELECT * FROM ecomm_schedule()'), $all, 'three jobs, called again');
is($node->safe_psql('postgres', 'SELECT count(*) FROM cron.job'), 3, 'and no more');
$node->safe_psql('postgres', q{SELECT cron.alter_job(jobid, active => false) FROM cron.job WHERE jobname = 'ecomm_retrain'});
is(as_keeper(q{SELECT * FROM ecomm_schedule('*/10 * * * *', cleanup => NULL)}),
	"ecomm_refresh|*/10 * * * *|CALL public.ecomm_refresh()|keeper|t\n"
	  . 'ecomm_retrain|40 2 * * 0|CALL public.ecomm_retrain()|keeper|f',
	'another schedule, one job fewer, and what was paused stays so');
like(error_of('postgres', q{SELECT ecomm_schedule(refresh => '17 2 * *', retrain => NULL)}),
	qr/^ERROR:  invalid schedule for ecomm_refresh: "17 2 \* \*"\nDETAIL:.*\nHINT:  For example /, 'a schedule that is none');
is($node->safe_psql('postgres', 'SELECT ecomm_unschedule()'), 0, 'no jobs of one\'s own');
is(as_keeper('SELECT ecomm_unschedule()'), 2, 'removed');
is($node->safe_psql('postgres', $jobs), '', 'and gone');

# The records pg_cron keeps for ever: one's own of these jobs go when they are old.
$node->safe_psql('postgres', q{
	INSERT INTO cron.job_run_details (jobid, database, username, command, status, end_time)
	SELECT 0, 'postgres', who, command, days, now() - days::integer * interval '1 day' + interval '1 hour'
	FROM unnest('{keeper,postgres}'::text[]) AS who, unnest('{CALL public.ecomm_refresh(),SELECT 1}'::text[]) AS command,
	  unnest('{1,30,31}'::text[]) AS days;
	GRANT DELETE, SELECT ON ecomm.refresh_run TO keeper});
as_keeper('CALL ecomm_cleanup()');
is($node->safe_psql('postgres', q{SELECT username, command, string_agg(status, ',' ORDER BY end_time DESC) FROM cron.job_run_details
	GROUP BY 1, 2 ORDER BY 1, 2 DESC}),
	"keeper|SELECT 1|1,30,31\nkeeper|CALL public.ecomm_refresh()|1,30\n"
	  . "postgres|SELECT 1|1,30,31\npostgres|CALL public.ecomm_refresh()|1,30,31", 'old records go, and no one else\'s');
$node->safe_psql('postgres', 'DELETE FROM cron.job_run_details');

# From another database: the hint is to be run as it stands.
sub commands_for
{
	my ($call) = @_;
	my $error = error_of($shop, $call);
	like($error, qr/Its jobs are all kept in database "postgres"/, "$call: told where pg_cron is");
	return join "\n", $error =~ /^(SELECT cron\..*;)$/mg;
}
$node->safe_psql('postgres', commands_for('SELECT ecomm_schedule()')) for 1 .. 2;
like($node->safe_psql('postgres', $jobs),
	qr{^ecomm_cleanup_\Q$shop\E\|5 3 \* \* \*\|CALL public.ecomm_cleanup\(\)\|\Q$shop\E\|\w+\|t
ecomm_job_log_\Q$shop\E\|5 3 \* \* \*\|DELETE FROM cron.job_run_details WHERE database = .*\|postgres\|\w+\|t
ecomm_refresh_\Q$shop\E\|17 2 \* \* \*\|CALL public.ecomm_refresh\(\)\|\Q$shop\E\|\w+\|t
ecomm_retrain_\Q$shop\E\|40 2 \* \* 0\|CALL public.ecomm_retrain\(\)\|\Q$shop\E\|\w+\|t$}, 'its commands register the jobs, once');

# Run by pg_cron, at the next full minute: as the role that scheduled it, and in the other database.
my $sample = 'SELECT ecomm_sample_data(customers => 100, days => 100); SELECT ecomm_bind()';
$node->safe_psql('postgres', q{
	CREATE SCHEMA keeper AUTHORIZATION keeper;
	GRANT ALL ON SCHEMA ecomm TO keeper;
	GRANT ALL ON ALL TABLES IN SCHEMA ecomm TO keeper;
	GRANT ALL ON ALL SEQUENCES IN SCHEMA ecomm TO keeper});
as_keeper($sample);
$node->safe_psql($shop, $sample);
as_keeper(q{SELECT ecomm_schedule('* * * * *', NULL, NULL)});
$node->safe_psql('postgres', commands_for(q{SELECT ecomm_schedule('* * * * *', NULL, NULL)}));
my $ended = q{FROM cron.job_run_details WHERE command = 'CALL public.ecomm_refresh()' AND status IN ('succeeded', 'failed')};
ok($node->poll_query_until('postgres', "SELECT count(DISTINCT database) = 2 $ended"), 'the jobs run');
is($node->safe_psql('postgres', "SELECT DISTINCT username, status, return_message $ended ORDER BY 1"),
	"keeper|succeeded|CALL\n$superuser|succeeded|CALL", 'and succeed, each as its role');
for my $database ('postgres', $shop)
{
	is($node->safe_psql($database, q{SELECT count(*) FILTER (WHERE status = 'ok') >= 6, count(*) FILTER (WHERE status <> 'ok') FROM ecomm.refresh_run
		WHERE run = 1}), 't|0', "$database: every step is in the log");
	is($node->safe_psql($database, 'SELECT sum(sales) = (SELECT sum(amount) FROM ecomm.sale_line) FROM ecomm.sales_daily'), 't',
		"$database: and the views are filled");
}

# What the weekly job does, after more was sold: a new version, and the views have its clusters without another refresh.
is(as_keeper(q{
	INSERT INTO sale (transaction_date, customer_id, invoice_no, stock_code, quantity, unit_price, sale)
	SELECT max(transaction_date) + interval '10 days', 1, 77777777, 'new', 1, 10, 10 FROM sale;
	CALL ecomm_refresh();
	CALL ecomm_retrain();
	SELECT version, active FROM ecomm.model ORDER BY version;
	SELECT count(DISTINCT snapshot_day) FROM ecomm.segment_history;
	SELECT count(*) FROM ecomm.customer_segments AS c
	WHERE c.recency IS NOT NULL AND (c.cluster, c.cluster_name) IS DISTINCT FROM (SELECT (p.cluster, p.name)
	  FROM kmeans_assign('default', 'ecomm._customer_feature') AS p WHERE p.customer_id = c.customer_id);}),
	"1|f\n2|t\n2\n0", 'trained again');

$node->stop;
done_testing();
