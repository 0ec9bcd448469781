# ruby read.rb <file>: what Ruby's validating parser reads, as JSON; a document it holds for invalid ends with an error.
require "json"
require "rss"

feed = RSS::Parser.parse(File.read(ARGV[0], encoding: "UTF-8"), true)
items = feed.items.map do |item|
  if feed.feed_type == "rss"
    { id: item.guid.content, title: item.title, link: item.link, date: item.pubDate.utc.iso8601, content: item.content_encoded,
      image: item.enclosure&.url, author: item.dc_creator }
  else
    { id: item.id.content, title: item.title.content, link: item.links.find { |l| l.rel == "alternate" }.href,
      date: item.published.content.utc.iso8601, updated: item.updated.content.utc.iso8601, content: item.content.content,
      image: item.links.find { |l| l.rel == "enclosure" }&.href, author: item.authors.first.name.content }
  end
end
puts JSON.generate(items)
