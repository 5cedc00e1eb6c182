# Calls cancelled at many moments leave nothing behind: no memory, no state that a later call trips over.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('cancel');
$node->init;
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION ecomm_analytics;
CREATE TABLE sale (sold_at timestamp, customer_id integer, invoice_no text, amount numeric);
INSERT INTO sale SELECT timestamp '2023-01-01' + i * interval '1 minute', (sqrt(i) * 20)::integer, 'n' || i / 3, (i * 7919 % 10000) / 100.0 + 0.01
  FROM generate_series(1, 60000) AS i;
SQL

my @calls = (
	'SELECT count(*) FROM rfm_segments()',
	q{SELECT kmeans_train(name => 'cancelled', n_init => 50)},
	'SELECT count(*) FROM kmeans_select_k(k_max => 5)',
	'SELECT count(*) FROM cluster_ward()',
	'SELECT count(*) FROM cluster_dbscan(eps => 0.3)',
	'SELECT count(*) FROM pca()');
my $rss = q{SELECT 'RSS ' || substring(pg_read_file('/proc/self/status') from 'VmRSS:\s+(\d+)');};

# One session: the calls in turn, cut off after 1, 2, … milliseconds.
sub script
{
	my ($rounds) = @_;
	my $sql = '';
	for my $round (1 .. $rounds)
	{
		$sql .= "SET statement_timeout = $_; $calls[$_ % @calls];\n" for 1 .. 60;
	}
	return $sql . "SET statement_timeout = 0;\n";
}
my ($stdout, $stderr);
$node->psql('postgres', "SET client_min_messages = error;\n" . script(1) . $rss . script(4) . $rss
	  . "SELECT 'WORKS ' || (count(*) > 1000) FROM rfm_segments();\n",
	stdout => \$stdout, stderr => \$stderr, on_error_stop => 0);

my $cancelled = () = $stderr =~ /canceling statement due to statement timeout/g;
my @errors = grep { /ERROR/ && !/canceling statement/ } split /\n/, $stderr;
cmp_ok($cancelled, '>=', 20, 'calls were cancelled');
is("@errors", '', 'no other error');
my ($before, $after) = $stdout =~ /RSS (\d+)/g;
cmp_ok($after - $before, '<', 16 * 1024, "memory does not grow (kB: $before before, $after after)");
like($stdout, qr/WORKS true/, 'and the session still works');

$node->stop;
done_testing();
