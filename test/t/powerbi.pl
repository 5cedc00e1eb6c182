# The queries that Power BI sends over DirectQuery, by a role that was granted the views for dashboards and nothing else.
use strict;
use warnings;

use File::Basename;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('powerbi');
$node->init;
$node->start;
$node->safe_psql('postgres', $_) for (
	q{CREATE EXTENSION ecomm_analytics; CREATE ROLE reader LOGIN; SELECT ecomm_sample_data(customers => 500, days => 500)},
	'CALL ecomm_refresh()',
	q{SELECT ecomm_grant_read('reader')});

# What the queries slice by.
my %slicer;
@slicer{qw(year month from until category region segment top)} = split /\|/, $node->safe_psql('postgres', q{
	SELECT extract(year FROM last_day), extract(month FROM last_day), first_day, last_day,
	  (SELECT max(category) FROM ecomm.category_totals), (SELECT max(region) FROM ecomm.region_totals),
	  (SELECT max(segment) FROM ecomm.segment_summary),
	  (SELECT string_agg(quote_literal(product), ', ') FROM (SELECT product FROM ecomm.product_totals ORDER BY sales DESC LIMIT 3) AS best)
	FROM ecomm.freshness});
my @reader = (extra_params => [ '-U', 'reader', map { ('-v', "$_=$slicer{$_}") } keys %slicer ]);

my (undef, @queries) = split /^--- /m, slurp_file(dirname(__FILE__) . '/powerbi.sql');
my %answer;
for (@queries)
{
	my ($name, $sql) = /([^\n]*)\n(.*)/s;
	my ($status, $rows, $error) = $node->psql('postgres', $sql, @reader);
	is($error, '', "$name: answered");
	$answer{$name} = join "\n", sort split /\n/, $rows;
	isnt($rows, '', "$name: rows") unless $name =~ /none are visible|may be empty/;
}

is($answer{'donut: sales by category'}, $answer{'donut: sales by category, from the totals'}, 'days and totals agree by category');
is($answer{'top N: which products'}, $answer{'top N: products, from the totals'}, 'and by product');
is($answer{'slicer: regions'}, $answer{'slicer: regions, of the flat view'}, 'and regions are the same in both');
my ($sales, $orders) = split /\|/, $answer{'card: key figures over all'};
is($sales, $answer{'card: all sales'}, 'and all sales');
is("$sales|$orders", $node->safe_psql('postgres',
		q{SELECT sum(sale), count(DISTINCT coalesce(invoice_no::text, concat(customer_id, ' ', transaction_date::date)))
		  FILTER (WHERE quantity > 0 AND sale > 0) FROM sale}), 'and the sale lines');
is($answer{'relationship: orders by month of the calendar, each counted once'},
	join("\n", sort split /\n/, $node->safe_psql('postgres',
		q{SELECT extract(year FROM period), extract(month FROM period), orders FROM ecomm.kpi WHERE grain = 'month'})), 'orders by month are those of the key figures');
is($answer{'relationship: orders of the categories in a year'}, $node->safe_psql('postgres', qq{
		SELECT p.category, count(DISTINCT coalesce(invoice_no::text, concat(customer_id, ' ', transaction_date::date)))
		FROM sale JOIN ecomm.product AS p ON p.product_id = stock_code
		WHERE quantity > 0 AND sale > 0 AND extract(year FROM transaction_date) = $slicer{year} AND p.category = '$slicer{category}' GROUP BY 1}),
	'and those of a category the distinct orders of its lines');

# The model says by which columns relationships go: both sides are never NULL and the one side is unique.
for my $side ('calendar.sale_date', 'product.product_id', 'customer.customer_id', 'state.state')
{
	my ($view, $key) = split /\./, $side;
	is($node->safe_psql('postgres', "SELECT count(*) = count(DISTINCT $key) FROM ecomm.$view", @reader), 't', "$side is a key");
	for my $many ('sales_daily', 'customer_segments')
	{
		next unless $node->safe_psql('postgres',
			"SELECT 1 FROM information_schema.columns WHERE (table_schema, table_name, column_name) = ('ecomm', '$many', '$key')");
		is($node->safe_psql('postgres', "SELECT count(*) FROM ecomm.$many AS m WHERE NOT EXISTS
			(SELECT FROM ecomm.$view AS o WHERE o.$key = m.$key)", @reader), 0, "$many refers to $view");
	}
}

# A day is not over while it goes on, nor is what it belongs to.
$node->safe_psql('postgres', $_) for (
	q{INSERT INTO sale (transaction_date, customer_id, stock_code, invoice_no, quantity, sale, unit_price)
	  SELECT localtimestamp, customer_id, stock_code, 0, 1, 5, 5 FROM sale LIMIT 1}, 'CALL ecomm_refresh()');
is($node->safe_psql('postgres', q{SELECT count(*) > 0, bool_or(is_complete) FROM ecomm.kpi WHERE grain <> 'all' AND period_end >= current_date}, @reader),
	't|f', 'no period of key figures is complete that goes on');

$node->stop;
done_testing();
