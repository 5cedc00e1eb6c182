# Grafana's dashboards: their files, and every query in them as Grafana would send it, by a role that was granted the views for
# dashboards and nothing else.
use strict;
use warnings;

use File::Basename;
use lib dirname(__FILE__);
use GrafanaProject;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Storable 'dclone';
use Test::More;

my $project = GrafanaProject::Load("$ENV{TESTDIR}/dashboard/grafana");
my @boards = map { $project->{boards}{$_} } sort keys %{ $project->{boards} };
is(scalar @boards, 4, 'four dashboards');
is(join("\n", GrafanaProject::Faults($project)), '', 'files: no fault');

# A shop with unusual names, special days, two snapshots of its segments, a model, and a refresh that was skipped.
my $node = PostgreSQL::Test::Cluster->new('grafana');
$node->init;
$node->start;
$node->safe_psql('postgres', $_) for (
	'CREATE EXTENSION ecomm_analytics; CREATE ROLE reader LOGIN; SELECT ecomm_sample_data(customers => 500, days => 500)',
	q{UPDATE product SET category = $$O'Reilly$$ WHERE category = 'Tools';
	  UPDATE product SET category = $$6" \\ $1 {x} (y), z$$ WHERE category = (SELECT max(category) FROM product WHERE category < 'M');
	  UPDATE state SET region = $$O'Reilly's West$$ WHERE region = 'West';
	  INSERT INTO ecomm.special_day (day, name) VALUES ('2024-03-31', 'Easter'), ('2024-05-25', 'Fair');
	  CREATE TABLE later AS SELECT * FROM sale WHERE transaction_date > '2024-03-01';
	  DELETE FROM sale WHERE transaction_date > '2024-03-01'},
	'CALL ecomm_refresh()',
	'INSERT INTO sale SELECT * FROM later',
	'CALL ecomm_refresh()',
	'CALL ecomm_retrain()',
	q{INSERT INTO ecomm.refresh_run (run, step, status) VALUES (nextval('ecomm._refresh_run_seq'), 'prepare', 'skipped');
	  SELECT ecomm_grant_read('reader')});
my $month = $node->safe_psql('postgres', q{SELECT max(period) FROM ecomm.kpi WHERE grain = 'month' AND is_complete});
my ($from, $to) = ('2023-01-01T00:00:00Z', '2099-12-31T23:59:59.999Z');

# Runs a query as the reader; returns what is wrong and the rows.
sub Ask
{
	my ($sql) = @_;
	my ($status, $out, $error) = $node->psql('postgres', "$sql\n\\gdesc\n\\echo \x1d\n$sql\n;", extra_params =>
		  [ '-U', 'reader', '-F', "\x1f", '-R', "\x1e", '-P', "null=\x01", '-v', 'ON_ERROR_STOP=1' ]);
	return ([$error]) if $error ne '' || $status;
	my ($described, $answer) = split /\x1d\n?/, $out;
	my (@columns, @types);
	for (split /[\x1e\n]/, $described)
	{
		my ($column, $type) = split /\x1f/;
		push @columns, $column;
		push @types, $type;
	}
	my @rows = map { [ map { $_ eq "\x01" ? undef : $_ } split /\x1f/, $_, -1 ] } split /\x1e/, $answer // '';
	return ([], \@columns, \@types, \@rows);
}

# What is wrong with the answer to a query under these values of variables, as text; the rows beside it.
sub Try
{
	my ($board, $query, $values, @range) = @_;
	my $sql = eval { GrafanaProject::Expand($board, $query->{sql}, $values, @range ? @range : ($from, $to)) };
	return $@ unless defined $sql;
	my ($errors, $columns, $types, $rows) = Ask($sql);
	return ("@$errors") if @$errors;
	return (join("\n", GrafanaProject::AnswerFaults($query, $columns, $types, $rows)), $rows);
}

# What may be chosen, as the dashboards' own queries say.
my %choice;
for my $board (@boards)
{
	for (grep { $_->{format} eq 'variable' } GrafanaProject::Queries($board))
	{
		my ($name) = $_->{name} =~ /variable (\w+)/;
		my ($fault, $rows) = Try($board, $_, {});
		is($fault, '', $_->{name});
		$choice{$name} = [ map { $_->[0] } @$rows ];
		cmp_ok(scalar @$rows, '>', 1, "$_->{name}: something to choose");
	}
}
my ($quoted) = grep { /6"/ } @{ $choice{category} };
ok($quoted, 'a category of odd signs can be chosen');
my $name = q{O'Reilly};
my $attack = q{x') OR true; SELECT $$'; --};

my @cases = (
	{ name => 'all', values => {} },
	{ name => 'one of each', values => { category => [ $choice{category}[1] ], region => [ $choice{region}[0] ], segment => [ $choice{segment}[0] ] } },
	{ name => 'a name with a quote', values => { category => [$name] } },
	{ name => 'odd signs', values => { category => [$quoted], region => [q{O'Reilly's West}] } },
	{ name => 'several', values => { category => [ @{ $choice{category} }[ 0 .. 3 ], $name ], region => [ @{ $choice{region} }[ 1, 2 ] ], segment => $choice{segment} } },
	{ name => 'what is not there', values => { category => [$attack], region => [$attack], segment => [$attack] }, none => 1 },
	{ name => 'odd hours', values => {}, range => [ '2023-06-01T21:30:59.123456789Z', '2024-05-02T04:00:00Z' ], none => 1 },
	{ name => 'no days', values => {}, range => [ '1999-01-01T00:00:00Z', '1999-02-01T00:00:00Z' ], none => 1 },
	map({ { name => "by $_", values => { grain => $_ }, of => 'grain' } } qw(day week quarter)),
	map({ { name => "of $_", values => { metric => $_ }, of => 'metric' } } qw(units orders)));
my %answer;
for my $case (@cases)
{
	for my $board (@boards)
	{
		for my $query (GrafanaProject::Queries($board))
		{
			next if $query->{format} eq 'variable' || $case->{of} && $query->{sql} !~ /\$$case->{of}\b/;
			next if $case->{values}{category} && $query->{sql} !~ /\$(?:category|region|segment)\b/;
			my ($fault, $rows) = Try($board, $query, $case->{values}, @{ $case->{range} // [] });
			$fault .= 'no rows' if $fault eq '' && !@$rows && !$case->{none};
			is($fault, '', "$case->{name}: $query->{name}");
			$answer{ $case->{name} }{ $query->{name} } = $rows;
		}
	}
}

# The numbers are those of the views and of the sale lines.
my $shown = $answer{all};
sub Sql { return $node->safe_psql('postgres', $_[0]) }
sub Sum { my ($rows, $column) = @_; my $sum = 0; $sum += $_->[$column] // 0 for @$rows; return sprintf '%.2f', $sum }
is(join('|', map { sprintf '%.2f', $shown->{"ecomm-sales, $_"}[0][0] } 'Sales', 'Units', 'Orders', 'Customers', 'Order value', 'Items per order'),
	Sql("SELECT concat_ws('|', sales, units::numeric(18,2), orders::numeric(18,2), active_customers::numeric(18,2), average_order_value, items_per_order)
		 FROM ecomm.kpi WHERE grain = 'month' AND period = '$month'"), 'key figures are those of the view');
is(join('|', map { sprintf '%.6f', $_ } @{ $shown->{'ecomm-sales, Sales'}[0] }[ 1, 2 ]),
	Sql("SELECT concat_ws('|', sales_change::numeric(18,6), sales_change_year::numeric(18,6)) FROM ecomm.kpi WHERE grain = 'month' AND period = '$month'"),
	'and so are their changes');
my $all = Sql('SELECT sum(sale)::numeric(18,2) FROM sale');
is(Sum($shown->{"ecomm-sales, $_->[0]"}, $_->[1]), $all, "$_->[0]: all sales")
  for (['Sales by category', 1], ['Categories', 1], ['States', 2], ['Products, all regions', 2], ['Sales by $grain and category', 2]);
is(sprintf('%.2f', Sum($shown->{'ecomm-sales, Sales by $grain, and a year before'}, 1) + Sum($shown->{'ecomm-sales, Sales by $grain, and a year before'}, 2)),
	$all, 'bars by period: all sales');
my $of_name = Sql(q{SELECT sum(s.sale)::numeric(18,2) FROM sale AS s JOIN product AS p USING (stock_code) WHERE p.category = $$O'Reilly$$});
is(Sum($answer{'a name with a quote'}{"ecomm-sales, $_"}, $_ eq 'States' ? 2 : 1), $of_name, "$_: sales of a category")
  for ('Sales by category', 'Categories', 'States');
is($answer{several}{'ecomm-sales, Orders'}[0][0], undef, 'orders of several categories: no number rather than a wrong one');
is(Sum($shown->{'ecomm-customers, Customers by segment'}, 1), Sum($shown->{'ecomm-customers, All customers'}, 0), 'segments: all customers');
is(Sum([ map { [ Sum([ map { [$_] } @$_[ 1 .. 5 ] ], 0) ] } @{ $shown->{'ecomm-customers, Scores of the selected customers'} } ], 0),
	Sum($shown->{'ecomm-customers, All customers'}, 0), 'scores: all customers');
is($answer{'what is not there'}{'ecomm-sales, Orders'}[0][0], 0, 'no orders of what is not there');
is($answer{'what is not there'}{'ecomm-sales, Categories'}[0], undef, 'a hostile value selects nothing');

# A fault in each thing that is looked at is found.
my ($sales) = grep { $_->{uid} eq 'ecomm-sales' } @boards;
my %planted = (
	'an overlapping panel' => [ sub { $_[0]{panels}[3]{gridPos}{x}-- }, qr/lies over/ ],
	'a panel too far right' => [ sub { $_[0]{panels}[0]{gridPos}{x} = 1 }, qr/24 columns/ ],
	'an id taken twice' => [ sub { $_[0]{panels}[1]{id} = 1 }, qr/is taken/ ],
	'no description' => [ sub { $_[0]{panels}[2]{description} = ' ' }, qr/no description/ ],
	'no unit' => [ sub { delete $_[0]{panels}[2]{fieldConfig}{defaults}{unit} }, qr/no unit/ ],
	'another data source' => [ sub { $_[0]{panels}[2]{targets}[0]{datasource}{uid} = 'other' }, qr/another data source/ ],
	'a refresh each minute' => [ sub { $_[0]{refresh} = '1m' }, qr/refreshes every/ ],
	'the time of the browser' => [ sub { $_[0]{timezone} = 'browser' }, qr/UTC/ ],
	'a link that leads nowhere' => [ sub { $_[0]{panels}[0]{fieldConfig}{overrides}[0]{properties}[0]{value}[0]{url} = '/d/nowhere' }, qr/not there/ ],
	'a single value for a list' => [ sub { $_[0]{templating}{list}[1]{multi} = JSON::PP::false }, qr/not a list/ ]);
for my $fault (sort keys %planted)
{
	my ($plant, $found) = @{ $planted{$fault} };
	my $copy = dclone($sales);
	$plant->($copy);
	like(join("\n", GrafanaProject::BoardFaults($copy, $project)), $found, "planted and found: $fault");
}
my $copy = dclone($project);
$copy->{sources}[0]{uid} = 'renamed';
like(join("\n", GrafanaProject::Faults($copy)), qr/another data source/, 'planted and found: a data source of another uid');
$copy = dclone($project);
$copy->{sources}[0]{secureJsonData}{password} = 'secret';
like(join("\n", GrafanaProject::Faults($copy)), qr/password does not come from the environment/, 'planted and found: a password in the file');

my ($series) = grep { $_->{name} =~ /Sales by day, with trend/ } GrafanaProject::Queries($sales);
my ($table) = grep { $_->{name} =~ /Categories$/ } GrafanaProject::Queries($sales);
%planted = (
	'a wrong column' => [ $series, sub { s/\btrend\b/slope/ }, qr/column "slope" does not exist/ ],
	'an unknown macro' => [ $series, sub { s/__timeFilter/__timeSieve/ }, qr/unknown macro __timeSieve/ ],
	'a macro without an argument' => [ $series, sub { s/\$__timeFilter\(sale_date\)/\$__interval > 0/ }, qr/not expanded/ ],
	'an unknown variable' => [ $table, sub { s/\$region\b/\$county/ }, qr/unknown variable county/ ],
	'a format of a variable' => [ $table, sub { s/\$region\b/\${region:sqlstring}/ }, qr/unknown variable region:sqlstring/ ],
	'a time that is a date' => [ $series, sub { s/::timestamp// }, qr/time is no time/ ],
	'no time' => [ $series, sub { s/AS time/AS day/ }, qr/no column time/ ],
	'times in no order' => [ $series, sub { s/ORDER BY 1/ORDER BY observed/ }, qr/not in order/ ],
	'no number' => [ $series, sub { s/observed AS/'NaN'::float8 AS/ }, qr/is NaN/ ],
	'a type unknown to panels' => [ $table, sub { s/sum\(units\) AS/'{1}'::integer[] AS/ }, qr/of type integer\[\]/ ],
	'a renamed column' => [ $table, sub { s/"Per unit"/"Price"/ }, qr/no column is called Per unit/ ],
	'a table beyond the views' => [ $table, sub { s/ecomm\.orders_daily/(SELECT *, period AS sale_date FROM ecomm._sales_period) AS p/ }, qr/permission denied/ ]);
for my $fault (sort keys %planted)
{
	my ($query, $plant, $found) = @{ $planted{$fault} };
	my %changed = %$query;
	$plant->() for $changed{sql};
	isnt($changed{sql}, $query->{sql}, "planted: $fault");
	like((Try($sales, \%changed, {}))[0], $found, "planted and found: $fault");
}

# The day that goes on is no period to compare.
$node->safe_psql('postgres', $_) for (
	q{INSERT INTO sale (transaction_date, customer_id, stock_code, invoice_no, quantity, sale, unit_price)
	  SELECT localtimestamp, customer_id, stock_code, 0, 1, 98765.43, 98765.43 FROM sale LIMIT 1}, 'CALL ecomm_refresh()');
my %by_name = map { $_->{name} => $_ } GrafanaProject::Queries($sales);
my ($fault, $rows) = Try($sales, $by_name{'ecomm-sales, Sales'}, { grain => 'day' });
is($fault, '', 'key figures by day, while a day goes on');
isnt($rows->[0][0], '98765.43', 'are those of the day before');
($fault, $rows) = Try($sales, $by_name{'ecomm-sales, Sales by $grain, and a year before'}, { grain => 'day' });
is($rows->[-1][1], undef, 'a day that goes on is not drawn as one that is over');
is($rows->[-1][2], '98765.43', 'but as what was sold so far');

$node->stop;
done_testing();
