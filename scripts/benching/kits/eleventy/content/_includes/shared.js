export const SITE = "https://portal.example/guong-sang", BASE = "/guong-sang/";
const MARKS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const text = (words) => String(words).replace(/[&<>"]/g, (mark) => MARKS[mark]);
export const day = (date) => date.toISOString().slice(0, 10);

export const page = ({ title, summary, address, feed, head = "", main }) => `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(title)} · Gương sáng</title>
<meta name="description" content="${text(summary ?? "")}">
<link rel="canonical" href="${SITE}${address}">
${feed ? `<link rel="alternate" type="application/rss+xml" href="${BASE}${feed}">` : ""}
${head}
</head>
<body>
<header><a href="${BASE}">Gương sáng</a></header>
<main>${main}</main>
</body>
</html>
`;

export const item = ({ url, date, data }) =>
  `<li><a href="${BASE}${url.slice(1)}"><img src="${BASE}${data.photo}" alt="" loading="lazy"> ${text(data.title)}</a> <time>${day(date)}</time> <p>${text(data.summary)}</p></li>`;
