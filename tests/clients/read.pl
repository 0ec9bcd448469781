# perl read.pl <file>: what XML::Feed (Perl) reads, as JSON.
use strict;
use warnings;
use JSON::PP;
use XML::Feed;

$XML::Atom::ForceUnicode = 1;    # XML::Atom gives bytes otherwise

my $feed = XML::Feed->parse($ARGV[0]) or die XML::Feed->errstr;
my @found = map { {
    id => $_->id, title => $_->title, link => $_->link, date => $_->issued->set_time_zone("UTC") . "Z",
    updated => $_->modified && $_->modified->set_time_zone("UTC") . "Z", content => $_->content->body,
    image => $_->enclosure && $_->enclosure->url, author => $_->author,
} } $feed->entries;
print JSON::PP->new->utf8->encode(\@found);
