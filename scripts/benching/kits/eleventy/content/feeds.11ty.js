import { SITE, text } from "./_includes/shared.js";

const LIMIT = 50;

export const data = {
  pagination: { data: "collections.lists", size: 1, alias: "list" },
  permalink: ({ list }) => (list.address === "guong" ? "/index.xml" : `/${list.address}/index.xml`),
};

export const render = ({ list, names }) => `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel>
<title>${text(names[list.kind]?.[list.term] ?? (list.term || "Gương sáng"))}</title>
<link>${SITE}/${list.address}/</link>
<description>Gương sáng</description>
${list.stories.slice(0, LIMIT).map(({ url, date, data }) => `<item><title>${text(data.title)}</title><link>${SITE}${url}</link>` +
  `<guid>${SITE}${url}</guid><pubDate>${date.toUTCString()}</pubDate><description>${text(data.summary)}</description></item>`).join("\n")}
</channel></rss>
`;
