#!/usr/bin/env perl
# What can go stale in docker/ without anyone building an image: files it names, settings it documents, its version.
# Prints each fault; run from the root of the repository.
use strict;
use warnings;

use CPAN::Meta::YAML;

my $faults = 0;
sub fault { print "docker: @_\n"; $faults++; return; }

sub text_of
{
	my ($path) = @_;
	open(my $file, '<', $path) or do { fault("$path: $!"); return '' };
	local $/;
	return scalar <$file>;
}

# Every path copied from the repository is there, and let through by the list of what may be copied.
my %sent = map { $_ => 1 } text_of('.dockerignore') =~ /^!(\S+)$/mg;
my $dockerfile = text_of('docker/Dockerfile');
for my $arguments ($dockerfile =~ /^COPY (?!--from)(.*)$/mg)
{
	my @paths = split ' ', $arguments;
	pop @paths;
	for my $path (map { s{/$}{}r } @paths)
	{
		fault("Dockerfile copies $path, which is not there") unless -e $path;
		fault("Dockerfile copies $path, which .dockerignore keeps back") unless delete $sent{$path};
	}
}
fault(".dockerignore lets $_ through, which Dockerfile does not copy") for sort keys %sent;

my ($version) = text_of('ecomm_analytics.control') =~ /^default_version = '(.*)'/m;
fault(".dockerignore does not keep back the install script of version $version, which is made in the image")
  unless text_of('.dockerignore') =~ m{^sql/ecomm_analytics--\Q$version\E\.sql$}m;
fault("Dockerfile is not of version $version") unless $dockerfile =~ /^ARG VERSION=\Q$version\E$/m;

# Compose builds from that Dockerfile, and checks health by a program that is in the image.
my $compose = text_of('docker/compose.yaml');
my ($service) = map { $_->{services}{db} } @{ CPAN::Meta::YAML->read_string($compose) };
my $built = join '/', 'docker', @{ $service->{build} }{qw(context dockerfile)};
fault("compose.yaml builds from $built, which is not there") unless -e $built;
my $health = $service->{healthcheck}{test}[1];
fault("compose.yaml calls $health, which is not in the image") unless $dockerfile =~ m{^COPY \S+ \S*/\Q$health\E$}m;
fault("Dockerfile does not check health by $health") unless $dockerfile =~ /^HEALTHCHECK .*"\Q$health\E"/m;

# Each setting has a line in the example, and each line of the example is a setting; defaults are the same.
my %default = $compose =~ /\$\{(\w+)(?::-([^}]*))?/g;
my %example = text_of('docker/.env.example') =~ /^(\w+)=(.*)$/mg;
for my $name (sort keys %{ { %default, %example } })
{
	if (!exists $example{$name}) { fault(".env.example lacks $name") }
	elsif (!exists $default{$name}) { fault("compose.yaml does not know $name of .env.example") }
	elsif (($default{$name} // '') ne '' && $default{$name} ne $example{$name})
	{
		fault("$name is $default{$name} in compose.yaml and $example{$name} in .env.example");
	}
}

# What compose hands to the container is what the set-up reads, or what the official image knows.
my $setup = text_of('docker/setup');
for my $name (sort keys %{ $service->{environment} })
{
	fault("docker/setup does not read $name") unless $name eq 'POSTGRES_PASSWORD' || $setup =~ /\b$name\b/;
}
exit($faults > 0);
