# A headless Chromium, driven over the DevTools protocol through two pipes: no port is opened.
package Browser;

use strict;
use warnings;

use IO::Handle;
use IO::Select;
use JSON::PP;
use MIME::Base64;
use POSIX ();

# The first Chromium on PATH, or undef.
sub program
{
	for my $name (qw(chromium chromium-browser google-chrome))
	{
		for (split /:/, $ENV{PATH}) { return "$_/$name" if -x "$_/$name" }
	}
	return;
}

# folder: where profile and log go; it must be the caller's own.
sub new
{
	my ($class, $folder) = @_;
	pipe(my $to_read, my $to_write) or die "pipe: $!";
	pipe(my $from_read, my $from_write) or die "pipe: $!";
	$to_write->autoflush;
	my $pid = fork // die "fork: $!";
	if ($pid == 0)
	{
		# The protocol reads descriptor 3 and writes descriptor 4.
		my ($in, $out) = map { POSIX::dup2(fileno $_, fileno($_) + 50); fileno($_) + 50 } $to_read, $from_write;
		POSIX::dup2($in, 3);
		POSIX::dup2($out, 4);
		open STDOUT, '>', "$folder/browser.log";
		open STDERR, '>&', \*STDOUT;
		# Unprivileged user namespaces, which the sandbox needs, are not to be had everywhere; the only page is our own.
		exec { program() } 'chromium', '--headless', '--remote-debugging-pipe', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
		  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
		  '--hide-scrollbars', "--user-data-dir=$folder/profile", 'about:blank'
		  or POSIX::_exit(127);
	}
	close $_ for $to_read, $from_write;
	my $self = bless { pid => $pid, in => $from_read, out => $to_write, buffer => '', id => 0, events => [], log => "$folder/browser.log" }, $class;
	my ($target) = grep { $_->{type} eq 'page' } @{ $self->call('Target.getTargets')->{targetInfos} };
	$self->{session} = $self->call('Target.attachToTarget', targetId => $target->{targetId}, flatten => JSON::PP::true)->{sessionId};
	$self->call("$_.enable") for qw(Page Runtime Log Network DOM);
	return $self;
}

# The next message, as what it says.
sub receive
{
	my ($self) = @_;
	my $end;
	while (($end = index $self->{buffer}, "\0") < 0)
	{
		IO::Select->new($self->{in})->can_read(30) or die "the browser does not answer; see $self->{log}";
		sysread($self->{in}, $self->{buffer}, 1 << 20, length $self->{buffer}) or die "the browser has gone; see $self->{log}";
	}
	my $message = substr $self->{buffer}, 0, $end + 1, '';
	chop $message;
	return decode_json($message);
}

# Answers come between events, which are kept.
sub call
{
	my ($self, $method, %parameters) = @_;
	my $id = ++$self->{id};
	my %message = (id => $id, method => $method, params => \%parameters);
	$message{sessionId} = $self->{session} if $self->{session};
	print { $self->{out} } encode_json(\%message), "\0";
	while (1)
	{
		my $answer = $self->receive;
		if (!defined $answer->{id}) { push @{ $self->{events} }, $answer; next }
		next if $answer->{id} != $id;
		die "$method: $answer->{error}{message}" if $answer->{error};
		return $answer->{result};
	}
}

# All events so far of that method.
sub events
{
	my ($self, @methods) = @_;
	return grep { my $event = $_; grep { $event->{method} eq $_ } @methods } @{ $self->{events} };
}

# Opens a page and returns when it has loaded.
sub visit
{
	my ($self, $url) = @_;
	$self->{events} = [];
	$self->call('Page.navigate', url => $url);
	push @{ $self->{events} }, $self->receive until $self->events('Page.loadEventFired');
	return;
}

# width in CSS pixels; scheme: light or dark; media: screen or print.
sub show_as
{
	my ($self, %look) = @_;
	$self->call('Emulation.setDeviceMetricsOverride', width => $look{width}, height => $look{height} // 900, deviceScaleFactor => $look{scale} // 1, mobile => JSON::PP::false);
	$self->call('Emulation.setEmulatedMedia', media => $look{media} // '', features => [ { name => 'prefers-color-scheme', value => $look{scheme} // 'light' } ]);
	return;
}

# The value of a JavaScript expression.
sub evaluate
{
	my ($self, $expression) = @_;
	my $answer = $self->call('Runtime.evaluate', expression => $expression, returnByValue => JSON::PP::true);
	die "JavaScript: $answer->{exceptionDetails}{exception}{description}" if $answer->{exceptionDetails};
	return $answer->{result}{value};
}

sub screenshot
{
	my ($self, $file) = @_;
	_put($file, $self->call('Page.captureScreenshot', captureBeyondViewport => JSON::PP::true)->{data});
	return;
}

sub pdf
{
	my ($self, $file) = @_;
	_put($file, $self->call('Page.printToPDF', printBackground => JSON::PP::true, preferCSSPageSize => JSON::PP::true)->{data});
	return;
}

sub _put
{
	my ($file, $data) = @_;
	open my $out, '>:raw', $file or die "$file: $!";
	print $out decode_base64($data);
	close $out or die "$file: $!";
	return;
}

sub quit
{
	my ($self) = @_;
	eval { $self->call('Browser.close') };
	waitpid $self->{pid}, 0;
	return;
}

1;
