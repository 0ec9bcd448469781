import { BASE, SITE, day, page, text } from "./shared.js";

export const render = (data) => {
  const { title, summary, photo, alt, terms, collections, names } = data, { url, date } = data.page;
  const at = collections.stories.places.get(url);
  const link = (story, rel) => (story ? `<a rel="${rel}" href="${BASE}${story.url.slice(1)}">${text(story.data.title)}</a>` : "");
  const told = {
    "@context": "https://schema.org", "@type": "Article", headline: title, datePublished: day(date), description: summary,
    image: `${SITE}/${photo}`, url: `${SITE}${url}`,
  };
  const head = `<meta property="og:title" content="${text(title)}">
<meta property="og:image" content="${SITE}/${photo}">
<script type="application/ld+json">${JSON.stringify(told).replaceAll("<", "\\u003c")}</script>`;
  const lists = Object.entries(terms).flatMap(([kind, ids]) =>
    ids.map((id) => `<li><a href="${BASE}${kind}/${id}/">${text(names[kind]?.[id] ?? id)}</a></li>`));
  const related = collections.related[0][url].map((story) => `<li>${link(story, "related")}</li>`);
  const main = `<article>
<h1>${text(title)}</h1>
<p>${text(summary)}</p>
<p><time datetime="${day(date)}">${day(date)}</time></p>
<img src="${BASE}${photo}" alt="${text(alt)}" width="640" height="800">
${data.content}
<ul>${lists.join("\n")}</ul>
${link(collections.stories[at - 1], "next")}
${link(collections.stories[at + 1], "prev")}
<ul>${related.join("\n")}</ul>
</article>`;
  return page({ title, summary, address: url, head, main });
};
