import { BASE, item, page, text } from "./_includes/shared.js";

const address = (list, number) => `/${list.address}/${number > 1 ? `page/${number}/` : ""}`;
const link = (list, number, rel) =>
  number >= 1 && number <= list.count ? `<a rel="${rel}" href="${BASE}${address(list, number).slice(1)}">${number}</a>` : "";

export const data = {
  pagination: { data: "collections.pagesOfLists", size: 1, alias: "list" },
  permalink: ({ list }) => `${address(list, list.number)}index.html`,
};

export function render({ list, names }) {
  const title = names[list.kind]?.[list.term] ?? (list.term || "Tất cả");
  const main = `<h1>${text(title)}</h1>
<ul>${list.stories.map(item).join("\n")}</ul>
<nav>${link(list, list.number - 1, "prev")} ${list.number} / ${list.count} ${link(list, list.number + 1, "next")}</nav>`;
  return page({ title, address: address(list, list.number), feed: `${list.address}/index.xml`, main });
}
