# Dashboards and provisioning of Grafana, read from their files: what is wrong with them without a database, the queries in
# them, and these queries as Grafana would send them.
package GrafanaProject;

use strict;
use warnings;

use File::Basename;
use JSON::PP;
use YAML::XS ();

# Macros of the PostgreSQL data source that the dashboards use: a function of the time range and the argument. Grafana finds them
# by this pattern, in which an argument has no closing parenthesis.
my $macro_call = qr/\$([_a-zA-Z0-9]+)\(([^)]*)\)/;
my %macro = (
	__timeFilter => sub { "$_[2] BETWEEN '$_[0]' AND '$_[1]'" },
	__timeFrom => sub { "'$_[0]'" },
	__timeTo => sub { "'$_[1]'" });

sub Slurp
{
	my ($file) = @_;
	open my $in, '<:raw', $file or die "$file: $!\n";
	local $/;
	return scalar <$in>;
}

sub Load
{
	my ($dir) = @_;
	local $YAML::XS::Boolean = 'JSON::PP';
	my %project = (dir => $dir, readme => Slurp("$dir/README.md"), compose => YAML::XS::LoadFile("$dir/compose.yaml"));
	push @{ $project{sources} }, @{ YAML::XS::LoadFile($_)->{datasources} } for glob "$dir/provisioning/datasources/*.yaml";
	push @{ $project{providers} }, @{ YAML::XS::LoadFile($_)->{providers} } for glob "$dir/provisioning/dashboards/*.yaml";
	$project{boards}{ basename($_) } = JSON::PP->new->utf8->decode(Slurp($_)) for glob "$dir/dashboards/*.json";
	return \%project;
}

# Every query: of a panel, a variable or an annotation.
sub Queries
{
	my ($board) = @_;
	my @queries;
	for my $panel (@{ $board->{panels} })
	{
		push @queries, { name => "$board->{uid}, $panel->{title}", sql => $_->{rawSql}, format => $_->{format}, panel => $panel }
		  for @{ $panel->{targets} };
	}
	push @queries, { name => "$board->{uid}, variable $_->{name}", sql => $_->{query}, format => 'variable' }
	  for grep { $_->{type} eq 'query' } @{ $board->{templating}{list} };
	push @queries, { name => "$board->{uid}, annotation $_->{name}", sql => $_->{target}{rawSql}, format => 'annotation' }
	  for @{ $board->{annotations}{list} };
	return @queries;
}

# How the data source writes the value of a variable: a list (of a variable with several values) as literals, a single one only with
# its quotes doubled, "All" as the variable says, unchanged.
sub WriteValue
{
	my ($variable, $value) = @_;
	return $variable->{allValue} if ref $value && "@$value" eq '$__all';
	my @written = map { s/'/''/gr } ref $value ? @$value : $value;
	return ref $value ? join ',', map { "'$_'" } @written : $written[0];
}

# The query as PostgreSQL gets it: first the page puts in variables, then the server of Grafana its macros.
sub Expand
{
	my ($board, $sql, $values, $from, $to) = @_;
	my %variable = map { $_->{name} => $_ } @{ $board->{templating}{list} };
	my $put = sub {
		my ($name, $written) = @_;
		return $written if !$variable{$name} && $name =~ /^__/;
		die "unknown variable $name\n" unless $variable{$name};
		return WriteValue($variable{$name}, $values->{$name} // $variable{$name}{current}{value});
	};
	$sql =~ s/(\$(?:(\w+)|\{([^}]*)\}))/$put->($2 \/\/ $3, $1)/ge;
	$sql =~ s/$macro_call/($macro{$1} or die "unknown macro $1\n")->($from, $to, $2)/ge;
	# What is left of a macro's name is no macro to Grafana either: PostgreSQL would get it as it is.
	die "macro not expanded: $1\n" if $sql =~ s/'[^']*'//gr =~ /(\$__\w+)/;
	return $sql;
}

sub LayoutFaults
{
	my ($board) = @_;
	my (@faults, %taken, %id);
	for my $panel (@{ $board->{panels} })
	{
		my ($name, $at) = ("panel «$panel->{title}»", $panel->{gridPos});
		push @faults, "$name: id $panel->{id} is taken" if $id{ $panel->{id} }++;
		push @faults, "$name is not within 24 columns" if $at->{x} < 0 || $at->{w} < 1 || $at->{h} < 2 || $at->{x} + $at->{w} > 24;
		my %over;
		for my $y ($at->{y} .. $at->{y} + $at->{h} - 1)
		{
			$over{ $taken{"$_ $y"} // next } = 1 for $at->{x} .. $at->{x} + $at->{w} - 1;
			$taken{"$_ $y"} = $panel->{title} for $at->{x} .. $at->{x} + $at->{w} - 1;
		}
		push @faults, "$name lies over «$_»" for sort keys %over;
	}
	return @faults;
}

sub PanelFaults
{
	my ($panel, $source) = @_;
	my @faults;
	push @faults, "a panel has no $_" for grep { ($panel->{$_} // '') !~ /\S/ } qw(title description);
	push @faults, 'no unit' unless $panel->{fieldConfig}{defaults}{unit};
	push @faults, 'not exactly one query, called A' unless join(' ', map { $_->{refId} } @{ $panel->{targets} }) eq 'A';
	for ($panel, @{ $panel->{targets} })
	{
		push @faults, 'another data source' unless $_->{datasource}{uid} eq $source->{uid} && $_->{datasource}{type} eq $source->{type};
	}
	for (@{ $panel->{targets} })
	{
		push @faults, "format $_->{format}" unless $_->{format} eq ($panel->{type} eq 'timeseries' ? 'time_series' : 'table');
		push @faults, 'a query that is not raw SQL' unless $_->{rawQuery} && $_->{rawSql};
	}
	return map { "panel «$panel->{title}»: $_" } @faults;
}

sub BoardFaults
{
	my ($board, $project) = @_;
	my $source = $project->{sources}[0];
	my %uid = map { $_->{uid} => 1 } values %{ $project->{boards} };
	my @faults;
	push @faults, "uid «$board->{uid}»" unless $board->{uid} =~ /^ecomm-[a-z-]{1,30}$/;
	push @faults, 'an id of its own' if defined $board->{id};
	push @faults, "no $_" for grep { !$board->{$_} } qw(title description time schemaVersion);
	push @faults, 'not tagged ecomm_analytics' unless grep { $_ eq 'ecomm_analytics' } @{ $board->{tags} };
	push @faults, 'a schema version before 39' if $board->{schemaVersion} < 39;
	push @faults, "refreshes every $board->{refresh}" if $board->{refresh} ne '' && $board->{refresh} !~ /^(?:[5-9]|\d\d+)m$|^\d+[hd]$/;
	# Days are dates: in the time zone of a browser the day's first second may belong to the day before.
	push @faults, 'not in UTC' unless $board->{timezone} eq 'utc';
	push @faults, 'no link to the other dashboards'
	  unless grep { $_->{type} eq 'dashboards' && $_->{tags}[0] eq 'ecomm_analytics' } @{ $board->{links} };
	for my $variable (@{ $board->{templating}{list} })
	{
		my $name = "variable $variable->{name}";
		push @faults, "$name has no description" unless $variable->{description};
		next if $variable->{type} eq 'custom' && !$variable->{multi} && !$variable->{includeAll};
		# Only lists are written as literals by every release, and «All» is left as it is.
		push @faults, "$name is not a list with an «All» of its own"
		  unless $variable->{type} eq 'query' && $variable->{multi} && $variable->{includeAll} && $variable->{allValue} eq "'All'";
		push @faults, "$name asks another data source" unless $variable->{datasource}{uid} eq $source->{uid};
	}
	push @faults, "annotation $_->{name} asks another data source"
	  for grep { $_->{datasource}{uid} ne $source->{uid} } @{ $board->{annotations}{list} };
	push @faults, map { PanelFaults($_, $source) } @{ $board->{panels} };
	push @faults, LayoutFaults($board);
	my $text = JSON::PP->new->canonical->encode($board);
	push @faults, "a link to «$_», which is not there" for grep { !$uid{$_} } $text =~ m{"/d/([\w-]+)}g;
	push @faults, "the variable $_ in a link is not there"
	  for grep { my $used = $_; !grep { $_->{name} eq $used } @{ $board->{templating}{list} } } $text =~ /\$\{(\w+):queryparam\}/g;
	return map { "$board->{uid}: $_" } @faults;
}

# What holds for provisioning as a whole.
sub ProvisioningFaults
{
	my ($project) = @_;
	my ($source, $provider, $service) = ($project->{sources}[0], $project->{providers}[0], $project->{compose}{services}{grafana});
	my @faults;
	push @faults, 'not exactly one data source' unless @{ $project->{sources} } == 1;
	push @faults, 'not exactly one provider of dashboards' unless @{ $project->{providers} } == 1;
	push @faults, "data source of type $source->{type}" unless $source->{type} eq 'grafana-postgresql-datasource';
	my %setting = (url => $source->{url}, user => $source->{user}, password => $source->{secureJsonData}{password},
		database => $source->{jsonData}{database}, sslmode => $source->{jsonData}{sslmode});
	for my $name (sort keys %setting)
	{
		my @names = ($setting{$name} // '') =~ /\$\{(\w+)\}/g;
		push @faults, "$name does not come from the environment" unless @names;
		push @faults, "$_ is not set in compose.yaml" for grep { !exists $service->{environment}{$_} } @names;
	}
	my $compose = JSON::PP->new->canonical->encode($service);
	push @faults, "README.md does not tell of $_" for grep { $project->{readme} !~ /`$_`/ } $compose =~ /\$\{(\w+):/g;
	my %mount = map { (split /:/)[ 1, 0 ] } @{ $service->{volumes} };
	push @faults, 'dashboards are mounted elsewhere' unless $mount{ $provider->{options}{path} };
	for my $from (grep { m{^\.\./dashboard/grafana/} } values %mount)
	{
		push @faults, "$from is not there" unless -d $project->{dir} . ($from =~ s{^\.\./dashboard/grafana}{}r);
	}
	my %count;
	$count{ $_->{uid} }++ for values %{ $project->{boards} };
	push @faults, "uid $_ is there twice" for grep { $count{$_} > 1 } sort keys %count;
	push @faults, "$_ is not called after its uid" for grep { $_ ne "$project->{boards}{$_}{uid}.json" } sort keys %{ $project->{boards} };
	return @faults;
}

# Whatever is wrong, in words; the empty list if nothing is.
sub Faults
{
	my ($project) = @_;
	return (ProvisioningFaults($project), map { BoardFaults($_, $project) } map { $project->{boards}{$_} } sort keys %{ $project->{boards} });
}

my $number = qr/^(?:smallint|integer|bigint|numeric(?:\(.*\))?|double precision|real)$/;
my $moment = qr/^timestamp(?:\(\d\))? with(?:out)? time zone$/;
my $known = qr/$number|$moment|^(?:text|boolean|character varying.*|name)$/;

# What is wrong with an answer for the panel that asked: columns (names), types, rows (undef is NULL).
sub AnswerFaults
{
	my ($query, $columns, $types, $rows) = @_;
	my (@faults, %type);
	@type{@$columns} = @$types;
	push @faults, 'two columns of one name' if keys %type < @$columns;
	push @faults, "$_ is of type $type{$_}" for grep { $type{$_} !~ $known } sort keys %type;
	for my $row (@$rows)
	{
		push @faults, "$columns->[$_] is $row->[$_]"
		  for grep { $types->[$_] =~ $number && ($row->[$_] // '') =~ /^(?:NaN|-?Infinity)$/i } 0 .. $#$columns;
	}
	my ($time) = grep { $columns->[$_] eq 'time' } 0 .. $#$columns;
	if ($query->{format} =~ /^(?:time_series|annotation)$/)
	{
		return (@faults, 'no column time') unless defined $time;
		return (@faults, 'time is no time') unless $types->[$time] =~ $moment;
		push @faults, 'a time is missing' if grep { !defined $_->[$time] } @$rows;
		push @faults, 'times are not in order' if grep { ($rows->[ $_ - 1 ][$time] // '') gt ($rows->[$_][$time] // '') } 1 .. $#$rows;
	}
	if ($query->{format} eq 'time_series')
	{
		my @text = grep { $types->[$_] eq 'text' } 0 .. $#$columns;
		push @faults, 'text that names no series' if @text > 1 || @text && ($columns->[ $text[0] ] ne 'metric' || @$columns != 3);
		push @faults, 'no numbers' unless grep { $_ =~ $number } @$types;
		my %seen;
		push @faults, 'two values of a series at one time' if grep { $seen{ join "\0", map { $_ // '' } @$_[ $time, @text ] }++ } @$rows;
	}
	push @faults, 'not one column of text' if $query->{format} eq 'variable' && "@$types" ne 'text';
	return @faults unless $query->{panel};
	my $kind = $query->{panel}{type};
	push @faults, 'no name and number' if $kind =~ /^(?:barchart|piechart)$/ && !($types->[0] eq 'text' && $types->[1] =~ $number);
	push @faults, 'the column of bars is not there' if $kind eq 'barchart' && !$type{ $query->{panel}{options}{xField} };
	push @faults, 'not one row' if $kind eq 'stat' && @$rows > 1;
	for my $match (map { $_->{matcher} } @{ $query->{panel}{fieldConfig}{overrides} })
	{
		my ($pattern) = $match->{options} =~ m{^/(.*)/$};
		push @faults, "no column is called $match->{options}"
		  unless grep { defined $pattern ? /$pattern/ : $_ eq $match->{options} } @$columns;
	}
	push @faults, "no column is called $_"
	  for grep { !$type{$_} } JSON::PP->new->encode($query->{panel}) =~ /__data\.fields\.(\w+)/g;
	return @faults;
}

1;
