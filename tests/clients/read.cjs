// node read.cjs <rss-parser|feedsmith> <file>: what a Node parser reads, as JSON.
const fs = require("fs");
const [, , name, file] = process.argv;
const text = fs.readFileSync(file, "utf8");

const links = (i) => (i.links || []).filter((l) => l.$ && l.$.rel === "enclosure").map((l) => l.$.href)[0];

async function rssParser() {
  const Parser = require("rss-parser");
  const feed = await new Parser({ customFields: { item: [["link", "links", { keepArray: true }]] } }).parseString(text);
  return feed.items.map((i) => ({
    id: i.guid || i.id, title: i.title, link: i.link, date: i.isoDate, content: i["content:encoded"] || i.content,
    image: (i.enclosure || {}).url || links(i), author: i.creator || i.author,
  }));
}

async function feedsmith() {
  const { parseFeed } = await import("feedsmith");
  const { format, feed } = parseFeed(text);
  const first = (list) => (list && list[0]) || {};
  if (format === "rss") {
    return feed.items.map((i) => ({
      id: i.guid.value, title: i.title, link: i.link, date: i.pubDate, updated: i.atom.updated, content: i.content.encoded,
      image: first(i.enclosures).url, author: first(i.dc.creators).value || first(i.dc.creators),
    }));
  }
  if (format === "atom") {
    return feed.entries.map((i) => ({
      id: i.id, title: i.title.value || i.title, link: i.links.find((l) => l.rel === "alternate").href, date: i.published, updated: i.updated,
      content: i.content.value || i.content, image: (i.links.find((l) => l.rel === "enclosure") || {}).href, author: first(i.authors).name,
    }));
  }
  return feed.items.map((i) => ({
    id: i.id, title: i.title, link: i.url, date: i.date_published, updated: i.date_modified, content: i.content_html, image: i.image,
    author: first(i.authors).name,
  }));
}

(name === "feedsmith" ? feedsmith() : rssParser()).then((items) => process.stdout.write(JSON.stringify(items)));
