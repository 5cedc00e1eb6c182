# script/load_csv: files as spreadsheets write them.
use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $loader = "$FindBin::RealBin/../script/load_csv";
my $node = PostgreSQL::Test::Cluster->new('load_csv');
$node->init;
$node->start;
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGDATABASE} = 'postgres';

# Loads a folder with these files; its name needs quoting.
sub load
{
	my (%files) = @_;
	my $folder = PostgreSQL::Test::Utils::tempdir() . "/it's here";
	mkdir $folder or die "mkdir: $!";
	append_to_file("$folder/$_", $files{$_}) for keys %files;
	return run_log([ $loader, $folder ]);
}

ok( load(
		'sale.csv' => "\xef\xbb\xbfinvoice_no,customer_id,transaction_date,description,quantity,sale,unit_price,Till No\r\n"
		  . "536365,17850.0,12/1/2020 8:26,\"Seeds, mixed\",1,15.3,15.3,4\r\n"
		  . ",,2021-12-09 12:31:00,\"He said \"\"no\"\"\",-2,-30.6,15.3,\r\n",
		'state.csv' => "order_state,state\nca,California"),
	'two of four files, with byte order mark, CRLF, quotes, ISO and American dates');

is($node->safe_psql('postgres', 'SELECT * FROM sale ORDER BY transaction_date'),
	"536365|17850|2020-12-01 08:26:00|Seeds, mixed|1|15.30|15.30|4\n"
	  . "||2021-12-09 12:31:00|He said \"no\"|-2|-30.60|15.30|",
	'values are cast and empty ones are NULL');
is( $node->safe_psql('postgres',
		q{SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute
		  WHERE attrelid = 'sale'::regclass AND attnum > 0}),
	'bigint, bigint, timestamp without time zone, text, integer, numeric(12,2), numeric(10,2), text',
	'columns get their types by name');
is($node->safe_psql('postgres', 'SELECT * FROM state'), 'ca|California', 'a last line without an end');
is($node->safe_psql('postgres', q{SELECT to_regclass('customer')}), '', 'absent files make no table');

ok(!load('sale.csv' => "customer_id\n1\n"), 'an existing table is not overwritten');
$node->safe_psql('postgres', 'DROP TABLE sale, state');
ok(!load('sale.csv' => "customer_id\n17850.5\n"), 'a fraction is no customer number');

$node->stop;
done_testing();
