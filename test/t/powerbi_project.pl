# The Power BI project of dashboard/powerbi: its form by Microsoft's schemas and validator, its model and report, and every view and column
# against a database, as a role sees them that may read the views for dashboards and nothing else. Then faults are planted in copies.
use strict;
use warnings;

use File::Basename;
use File::Path qw(remove_tree);
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::RecursiveCopy;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'ECOMM_NPM=no: packages from npm are not wanted' if ($ENV{ECOMM_NPM} // '') eq 'no';
my $tools = "$FindBin::RealBin/../powerbi";
my $project = "$FindBin::RealBin/../dashboard/powerbi";
unless (-d "$tools/node_modules/ajv")
{
	fail('what checks the Power BI project is installed: see build/powerbi/npm.log, or set ECOMM_NPM=no to do without');
	done_testing();
	exit;
}

my $node = PostgreSQL::Test::Cluster->new('powerbi_project');
$node->init;
$node->start;
$node->safe_psql('postgres', $_) for (
	q{CREATE EXTENSION ecomm_analytics; CREATE ROLE reader LOGIN; SELECT ecomm_sample_data(customers => 100, days => 200)},
	'CALL ecomm_refresh()',
	q{SELECT ecomm_grant_read('reader')});
my @reader = (extra_params => [ '-U', 'reader' ]);

my $columns = PostgreSQL::Test::Utils::tempdir() . '/columns.tsv';
append_to_file($columns, $node->safe_psql('postgres', q{
	SELECT concat_ws(E'\t', table_schema || '.' || table_name, column_name, data_type, coalesce(numeric_scale, 0))
	FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
	WHERE table_schema = 'ecomm' AND table_type = 'VIEW' ORDER BY table_name, ordinal_position}, @reader) . "\n");

# The faults found in a project, by the classes asked for.
sub faults
{
	my ($folder, @classes) = @_;
	my ($out, $err) = run_command([ 'node', "$tools/check.mjs", $folder, $columns, @classes ]);
	return $err ne '' ? "$out\n$err" : $out;
}

for my $class (qw(form model report views columns))
{
	like(faults($project, $class), qr/\A[1-9]\d* tables, 0 faults\z/, "the project has no fault of $class");
}

# Where the model relies on integrity, keys are unique and never NULL, and every row has one.
my ($relationships) = run_command([ 'node', "$tools/check.mjs", $project, $columns, 'relationships' ]);
isnt($relationships, '', 'there are relationships');
for (split /\n/, $relationships)
{
	my ($many, $column, $condition, $one, $key) = split /\t/;
	is($node->safe_psql('postgres', qq{
		SELECT (SELECT count(*) = count(DISTINCT $key) FROM $one),
		  (SELECT count(*) FROM $many AS m WHERE $condition AND NOT EXISTS (SELECT FROM $one AS o WHERE o.$key = m.$column))}, @reader),
		't|0', "$many refers to $one by $column");
}

# What the measures choose by is there: any other value would leave visuals empty.
for (
	[ sales_by_period => 'grain, level', join ' UNION ALL ', map { my $grain = $_; map { "SELECT '$grain', '$_'" } qw(total region state category category_region) }
		qw(all year quarter month day) ],
	[ kpi => 'grain, is_complete', q{SELECT 'month', true} ],
	[ sales_outlook => 'metric, kind', q{SELECT 'sales', 'history' UNION ALL SELECT 'sales', 'forecast'} ],
	[ sales_trend => 'metric, is_complete', q{SELECT 'sales', true} ])
{
	my ($view, $by, $chosen) = @$_;
	is($node->safe_psql('postgres', "($chosen) EXCEPT SELECT $by FROM ecomm.$view", @reader), '', "$view has what is chosen by $by");
}

# Class, file, what to find there, what to put in its place, and what the check must say of it.
my $model = 'EcommAnalytics.SemanticModel/definition';
my $pages = 'EcommAnalytics.Report/definition/pages';
my @plants = (
	[ form => "$pages/sales/page.json", qr/"width": 1280/, '"width": "wide"', qr{page\.json: /width must be number} ],
	[ form => "$pages/sales/visuals/sales_donut/visual.json", qr/"donutChart"/, '"doughnut"', qr/PBIR_VISUAL_TYPE_UNKNOWN/ ],
	[ form => "$pages/sales/visuals/sales_line/visual.json", qr/"Category": \{/, '"Axis": {', qr/PBIR_ROLE_UNKNOWN/ ],
	[ form => 'EcommAnalytics.Report/definition/report.json', qr/report\/3\.0\.0/, 'report/9.0.0', qr/no schema .*9\.0\.0/ ],
	[ form => 'EcommAnalytics.pbip', qr/"artifacts"/, '"articles"', qr/must have required property 'artifacts'/ ],
	[ model => "$model/tables/Sales.tmdl", qr/SUM \( Sales\[Amount\] \)/, 'SUM ( Sales[Turnover] )', qr/no column or measure Sales\[Turnover\]/ ],
	[ model => "$model/tables/Sales.tmdl", qr/DIVIDE \( \[Sales\], \[Units\] \)/, 'DIVIDE ( [Sales], [Units]', qr/\) is missing/ ],
	[ model => "$model/tables/Sales.tmdl", qr/DIVIDE \( \[Sales\], \[Units\] \)/, 'DIVISION ( [Sales], [Units] )', qr/no function DIVISION/ ],
	[ model => "$model/tables/Regions.tmdl", qr/IF \( HASONEVALUE \( Regions\[Region\] \), (SUM \( Regions\[Order Count\] \)) \)/, 'SUM ( Regions[Order Count] )', qr/does not add up/ ],
	[ model => "$model/tables/Metric.tmdl", qr/'Sales'\[Units\]/, q{'Sales'[Pieces]}, qr/no measure 'Sales'\[Pieces\]/ ],
	[ model => "$model/tables/Date.tmdl", qr/sortByColumn: 'Month Number'/, 'sortByColumn: Number', qr/cannot be sorted by Number/ ],
	[ model => "$model/tables/Date.tmdl", qr/\t\tsortByColumn: 'Weekday Number'\n/, '', qr/in the order of the alphabet/ ],
	[ model => "$model/tables/Date.tmdl", qr/column: Quarter/, 'column: Season', qr/no column Season/ ],
	[ model => "$model/tables/Date.tmdl", qr{\t/// Year\.\n}, '', qr/column Year has no description/ ],
	[ model => "$model/tables/Date.tmdl", qr/\t\tdataType: int64/, "\t\tdatatype: int64", qr/column has no property datatype/ ],
	[ model => "$model/tables/Date.tmdl", qr/formatString: 0/, 'formatString: "Q"0', qr/in quotes as a whole/ ],
	[ model => "$model/tables/Date.tmdl", qr/mode: directQuery/, 'mode: import', qr/mode import/ ],
	[ model => "$model/tables/Date.tmdl", qr/\}\[Data\]/, '}[Data', qr/Date\.tmdl:\d+: M: / ],
	[ model => "$model/tables/Date.tmdl", qr/\(Server, /, '(Host, ', qr/M: no parameter Host/ ],
	[ model => "$model/relationships.tmdl", qr/\trelyOnReferentialIntegrity\n/, '', qr/does not rely on referential integrity/ ],
	[ model => "$model/relationships.tmdl", qr/fromColumn: Sales\.Date/, 'fromColumn: Sales.Day', qr/joins int64 to dateTime/ ],
	[ model => "$model/model.tmdl", qr/ref table Outlook\n/, '', qr/not listed once/ ],
	[ report => "$pages/sales/visuals/sales_states/visual.json", qr/"Property": "State"/, '"Property": "County"', qr/no column Sales\.County/ ],
	[ report => "$pages/customers/visuals/customers_rfm/visual.json", qr/"Property": "Segment Recency"/, '"Property": "Recentness"', qr/no measure Segments\.Recentness/ ],
	[ report => "$pages/sales/visuals/sales_line/visual.json", qr/"Level": "Quarter"/, '"Level": "Season"', qr/no level Date\.Calendar\.Season/ ],
	[ report => "$pages/sales/visuals/sales_card/visual.json", qr/"length": 1/, '"length": 2', qr/does not offer/ ],
	[ report => "$pages/outlook/visuals/outlook_outlook/visual.json", qr/"metadata": "Outlook\.Expected"/, '"metadata": "Outlook.Hoped"', qr/styles Outlook\.Hoped/ ],
	[ report => "$pages/sales/visuals/sales_donut/visual.json", qr/"altText"/, '"altWords"', qr/no alternative text/ ],
	[ report => "$pages/sales/visuals/sales_donut/visual.json", qr/"x": 16/, '"x": 300', qr/lies over/ ],
	[ report => 'EcommAnalytics.Report/StaticResources/RegisteredResources/EcommAnalytics.json', qr/"#B5510B"/, '"#F9E0A0"', qr/a contrast of/ ],
	[ views => "$model/tables/Sales.tmdl", qr/"category_daily"/, '"category_hourly"', qr/no view ecomm\.category_hourly/ ],
	[ columns => "$model/tables/Outlook.tmdl", qr/sourceColumn: lower_80/, 'sourceColumn: lower_90', qr/no column lower_90.*column ecomm\.sales_outlook\.lower_80 is missing/s ],
	[ columns => "$model/tables/Sales.tmdl", qr/dataType: decimal/, 'dataType: string', qr/Amount is string, but sales is numeric/ ],
);
for my $plant (@plants)
{
	my ($class, $file, $find, $put, $says) = @$plant;
	my $copy = PostgreSQL::Test::Utils::tempdir() . '/project';
	PostgreSQL::Test::RecursiveCopy::copypath($project, $copy);
	my $text = slurp_file("$copy/$file");
	$text =~ s/$find/$put/ or die "$file: there is nothing like $find";
	unlink "$copy/$file";
	append_to_file("$copy/$file", $text);
	my $found = faults($copy, $class);
	like($found, $says, "$class: " . basename($file) . " with '" . ($put =~ s/[\n\t]//gr || 'a line less') . "' is told");
	unlike($found, qr/ 0 faults/, 'and makes the check fail');
	remove_tree($copy);
}

$node->stop;
done_testing();
