# The report in a browser: nothing fetched and nothing complained of; readable in light and dark, on a phone and on paper; and its numbers, as
# the browser has them, are those of the views to whom may read nothing else.
use strict;
use warnings;

use File::Basename;
use lib dirname(__FILE__) . '/lib';
use Browser;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'there is no Chromium' unless Browser::program();

my $node = PostgreSQL::Test::Cluster->new('report');
$node->init;
$node->start;
$node->safe_psql('postgres', $_) for (
	q{CREATE EXTENSION ecomm_analytics; CREATE ROLE reader LOGIN; SELECT ecomm_sample_data(customers => 600, days => 500)},
	q{UPDATE product SET description = '<img src=x onerror=alert(1)><script>alert("' || stock_code || '")</script>' WHERE stock_code IN (SELECT stock_code FROM product LIMIT 5)},
	'CALL ecomm_refresh()',
	# later purchases, and a second snapshot
	q{UPDATE sale SET transaction_date = transaction_date + interval '9 days' WHERE transaction_date > (SELECT max(transaction_date) - interval '9 days' FROM sale)},
	'CALL ecomm_refresh(snapshot_days => 1)', q{SELECT ecomm_grant_read('reader')});
my @reader = (extra_params => [ '-U', 'reader' ]);
my $folder = PostgreSQL::Test::Utils::tempdir;
sub sql { return $node->safe_psql('postgres', $_[0], @reader) }

# The page as a user would keep it.
sub keep_page
{
	my ($name, $arguments) = @_;
	my $page = $node->safe_psql('postgres', "SELECT ecomm_report($arguments)", @reader);
	append_to_file("$folder/$name.html", $page);
	return $page;
}
my $page = keep_page('all', '');
cmp_ok(length $page, '<', 1_000_000, 'smaller than a megabyte');
keep_page('days', q{date '2024-01-10', date '2024-03-20', 'Some days', true});
is($node->safe_psql('postgres', q{SELECT xml_is_well_formed_document($$} . $page . q{$$)}), 't', 'well formed') if $node->safe_psql('postgres', q{SELECT setting FROM pg_config WHERE name = 'CONFIGURE'}) =~ /--with-libxml/;

my $browser = Browser->new($folder);

# What the browser had to say or to fetch since the page was opened.
sub quiet
{
	my ($what) = @_;
	is(join("\n", map { JSON::PP->new->canonical->encode($_->{params}) } $browser->events(qw(Log.entryAdded Runtime.consoleAPICalled Runtime.exceptionThrown))),
		'', "$what: nothing complained of");
	is(join("\n", grep { !m{^file:///} } map { $_->{params}{request}{url} } $browser->events('Network.requestWillBeSent')), '', "$what: nothing fetched");
	return;
}

# Elements that reach beyond the screen sideways, and text of charts smaller than can be read.
my $overflow = 'document.documentElement.scrollWidth > innerWidth';
my $smallest = q{Math.min(...[...document.querySelectorAll('svg text')].filter(t => t.getClientRects().length)
	.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a))};
# Each text of the page against what is painted behind it (WCAG 2.1); shapes behind the text of a picture are for the test of the palette.
my $contrast = q{(() => {
	const rgb = c => c.match(/[\d.]+/g).map(Number);
	const light = c => { const f = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
		const [r, g, b] = rgb(c); return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b) };
	const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if ((rgb(c)[3] ?? 1) > 0) return c } return 'rgb(255, 255, 255)' };
	const bad = new Set();
	for (const e of document.querySelectorAll('body *')) {
		if (!e.getClientRects().length || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
		if (e.matches('svg *') && !e.matches('text') || e.matches('[class*="in-h"]')) continue;
		const a = light(e.matches('svg *') ? getComputedStyle(e).fill : getComputedStyle(e).color), b = light(behind(e));
		if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) bad.add(e.tagName + '.' + e.getAttribute('class'));
	}
	return [...bad].join(' ') })()};
for my $look ([ 'light', 1280, 'light' ], [ 'dark', 1280, 'dark' ], [ 'phone', 360, 'light' ], [ 'wide', 2400, 'dark' ])
{
	my ($name, $width, $scheme) = @$look;
	$browser->show_as(width => $width, scheme => $scheme);
	$browser->visit("file://$folder/all.html");
	quiet($name);
	ok(!$browser->evaluate($overflow), "$name: fits the screen");
	is($browser->evaluate($contrast), '', "$name: text stands out");
	cmp_ok($browser->evaluate($smallest), '>=', 7.5, "$name: text of charts can be read");
	$browser->screenshot("$folder/$name.png");
	cmp_ok(-s "$folder/$name.png", '>', 50_000, "$name: is seen");
}
$browser->show_as(width => 1280);
is($browser->evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(244, 246, 248)', 'light');

# What a reader with a screen reader is told.
is($browser->evaluate('document.documentElement.lang'), 'en', 'a language');
is($browser->evaluate(q{document.querySelectorAll('h1').length}), 1, 'one first heading');
is($browser->evaluate(q{[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].every((h, i, all) => i === 0 ? h.tagName === 'H1' : h.tagName[1] - all[i - 1].tagName[1] <= 1)}),
	1, 'headings in order');
is($browser->evaluate(q{[...document.querySelectorAll('svg')].filter(s => s.getAttribute('role') !== 'img'
	|| s.getAttribute('aria-labelledby') !== s.querySelector(':scope > title').id + ' ' + s.querySelector(':scope > desc').id
	|| s.querySelector(':scope > desc').textContent.length < 40).map(s => s.id).join(' ')}), '', 'each picture is named and described');
cmp_ok($browser->evaluate(q{document.querySelectorAll('svg').length}), '>=', 10, 'and there are some');
is($browser->evaluate(q{[...document.querySelectorAll('table')].filter(t => !t.caption || [...t.querySelectorAll('th')].some(h => !h.scope)
	|| [...t.tBodies[0].rows].some(r => r.cells[0].tagName !== 'TH' || r.cells.length !== t.tHead.rows[0].cells.length)).map(t => t.id).join(' ')}),
	'', 'each table has a caption and headings');
is($browser->evaluate(q{[...document.querySelectorAll('figure')].filter(f => f.querySelector('svg') && !f.querySelector('table')).length}), 0, 'each picture has its numbers beside it');
is($browser->evaluate(q{new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size === document.querySelectorAll('[id]').length}), 1, 'ids are unique');
is($browser->evaluate(q{document.querySelectorAll('script, img, link, iframe').length}), 0, 'no name became an element');
my @tree = @{ $browser->call('Accessibility.getFullAXTree')->{nodes} };
my @unnamed = grep { ($_->{role}{value} // '') =~ /^(image|img|region|table|figure)$/ && !$_->{ignored} && ($_->{name}{value} // '') eq '' && $_->{role}{value} ne 'figure' } @tree;
is(scalar @unnamed, 0, 'nothing without a name');

# The numbers as the browser has them.
sub number { return $browser->evaluate(qq{document.querySelector('#$_[0]').value}) }

sub table
{
	return $browser->evaluate(qq{[...document.querySelectorAll('#table-$_[0] tbody tr')].map(r => [...r.cells].map(c => c.querySelector('data')?.value ?? c.textContent).join('|')).join('\\n')});
}
my $first = number('kpi-sales');
is(join('|', map { number("kpi-$_") } qw(sales orders units customers aov items)),
	sql(q{SELECT sales, orders, units, active_customers, average_order_value, items_per_order FROM ecomm.kpi WHERE grain = 'all'}), 'key figures');
is(number('outlook-total'), sql(q{SELECT sum(forecast) FROM ecomm.sales_outlook WHERE metric = 'sales'}), 'what is expected');
my %expected = (
	categories => q{SELECT category, sales, round(sales_share::numeric, 6), units, orders, customers FROM ecomm.category_totals ORDER BY sales DESC},
	regions => q{SELECT region, sales, round(sales_share::numeric, 6), units, orders, customers FROM ecomm.region_totals ORDER BY sales DESC, region},
	states => q{SELECT state_name, sales, round(sales_share::numeric, 6), units, orders, customers FROM ecomm.state_totals ORDER BY sales DESC, state LIMIT 80},
	weekdays => q{SELECT weekday_name, days, sales, mean_sales, round(sales_share::numeric, 6) FROM ecomm.weekday_profile ORDER BY weekday},
	segments => q{SELECT segment, customers, round(share::numeric, 6), round(recency::numeric, 1), round(frequency::numeric, 1), monetary, sales,
		round(sales_share::numeric, 6) FROM ecomm.segment_summary ORDER BY sales DESC},
	clusters => q{SELECT CASE WHEN cluster < 0 THEN 'In none' ELSE cluster_name END, customers, round(share::numeric, 6), round(recency::numeric, 1),
		round(frequency::numeric, 1), monetary, sales, round(sales_share::numeric, 6) FROM ecomm.cluster_summary ORDER BY cluster < 0, cluster},
	trend => q{SELECT to_char(min(sale_date), 'FMDD Mon YYYY'), count(*), sum(observed), round(avg(observed), 2), round(avg(trend), 2)
		FROM ecomm.sales_trend WHERE metric = 'sales' GROUP BY date_trunc('week', sale_date) ORDER BY date_trunc('week', sale_date)},
	moves => q{SELECT from_segment, to_segment, customers, monetary FROM ecomm.segment_migration ORDER BY customers DESC, from_segment, to_segment},
	outlook => q{SELECT to_char(sale_date, 'FMDD FMMonth YYYY'), forecast, lower, upper, lower_80, upper_80 FROM ecomm.sales_outlook
		WHERE metric = 'sales' AND kind = 'forecast' ORDER BY sale_date});
is(table($_), sql($expected{$_}), "table of $_") for sort keys %expected;
is((split /\n/, table('products'))[0], sql(q{SELECT product, sales, round(sales_share::numeric, 6), units, orders, customers FROM ecomm.product_totals ORDER BY sales DESC LIMIT 1}),
	'the best product');

# On paper: light whatever the screen is, with every table open.
$browser->show_as(width => 1280, scheme => 'dark', media => 'print');
is($browser->evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)', 'paper is white');
$browser->show_as(width => 1280);
$browser->pdf("$folder/print.pdf");
my $pdf = slurp_file("$folder/print.pdf");
like($pdf, qr/^%PDF-/, 'printed');
my $text = `pdftotext -layout "$folder/print.pdf" -`;
my $shown = $first =~ s/(?<=\d)(?=(\d{3})+\.)/,/gr;
like($text, qr/\Q$shown\E/, 'with its numbers');
my ($category) = split /\|/, (split /\n/, table('weekdays'))[6];
my ($sunday) = (split /\|/, (split /\n/, table('weekdays'))[0])[2];
like($text, qr/\Q@{[ $sunday =~ s{(?<=\d)(?=(\d{3})+\.)}{,}gr ]}\E/, 'and those of tables that are closed on the screen');
my $pages = () = $text =~ /\f/g;
cmp_ok($pages, '<=', 16, "on $pages pages");

# Other days, with a look at the lines that the reader may not take.
$browser->visit("file://$folder/days.html");
quiet('some days');
is($browser->evaluate(q{document.querySelector('h1').textContent}), 'Some days', 'a title');
is(number('kpi-sales'), sql(q{SELECT sum(sales) FROM ecomm.sales_daily WHERE sale_date BETWEEN '2024-01-10' AND '2024-03-20'}), 'their sales');
like($browser->evaluate(q{document.querySelector('#quality-refused').textContent}), qr/permission denied/, 'what could not be looked at');
$browser->quit;

$node->stop;
done_testing();
