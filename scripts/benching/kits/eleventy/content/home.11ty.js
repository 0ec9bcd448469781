import { BASE, item, page, text } from "./_includes/shared.js";

export const data = { permalink: "/index.html" };

export function render({ collections, names }) {
  const lists = collections.lists.filter(({ kind }) => kind).map(({ kind, term, address, stories }) =>
    `<li><a href="${BASE}${address}/">${text(names[kind]?.[term] ?? term)}</a> ${stories.length}</li>`);
  const main = `<h1>Gương sáng</h1><ul>${collections.stories.slice(0, 20).map(item).join("\n")}</ul><ul>${lists.join("\n")}</ul>`;
  return page({ title: "Gương sáng", address: "/", feed: "index.xml", main });
}
