/* The search page: Pagefind's index, our own list of results. Nothing is loaded before a word is typed or a filter opened.
   In the index «đ» is written «ḏ», which loses its mark like any other letter: see hooks/exemplars/searching/. */

const form = document.querySelector(".seek");
const [field, details, sortBy] = [form.elements.q, form.querySelector("details"), form.elements.xep];
const facets = [...form.querySelectorAll("select")].filter((one) => one !== sortBy);
const [status, first, near, nearTitle, more] = ["so-ket-qua", "dung-dau", "gan-dung", "gan-dung-la", "xem-them"].map((id) => document.getElementById(id));
const [STEP, MOST] = [10, 100];
const FAILED = "Chưa tải được chỉ mục tìm kiếm. Anh chị tải lại trang, hoặc xem theo các danh sách dưới đây.";

const typed = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();
const ours = (text) => text.replace(/đ/g, "ḏ").replace(/Đ/g, "Ḏ");
const shown = (text) => text.replace(/ḏ/g, "đ").replace(/Ḏ/g, "Đ");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d").replace(/[^\p{L}\p{N}]+/gu, "");
const marked = (text) => /[\u0300-\u036fđĐ]/.test(text.normalize("NFD"));

/** The two ways of placing the tone in open oa, oe, uy: «hoà, hòa». A query is looked for as typed, then in either way. */
const TONE = "[\u0300\u0301\u0303\u0309\u0323]";
const each = (text, pattern, change) => text.normalize("NFD").replace(new RegExp(`${pattern}(?![\\p{L}\\p{M}])`, "giu"), change).normalize("NFC");
const spellings = (text) => [...new Set([
  text,
  each(text, `(o)(${TONE})([ae])|((?<!q)u)(${TONE})(y)`, (_, o, t, a, u, t2, y) => (o ? o + a + t : u + y + t2)),
  each(text, `(o)([ae])(${TONE})|((?<!q)u)(y)(${TONE})`, (_, o, a, t, u, y, t2) => (o ? o + t + a : u + t2 + y)),
])];

let loading;
export const load = () => (loading ??= import(new URL(form.dataset.index, location.href).href).then(async (pagefind) => {
  // a whole word before a longer one that begins with it: «nga» in a name before «ngày» in every text
  await pagefind.options({ ranking: { metaWeights: { card: 0 }, termSimilarity: 20 } });
  await pagefind.init();
  return pagefind;
}));

/** Results in order: marks as typed first, then what differs in marks only. `exact` says how many are of the first kind. */
export async function find(pagefind, text, filters, sort) {
  const options = { filters, ...(sort ? { sort: { date: "desc" } } : {}) };
  await pagefind.options({ exactDiacritics: false });
  const all = await pagefind.search(text ? ours(text) : null, options);
  const exact = new Map();
  if (marked(text) && all.results.length) {
    await pagefind.options({ exactDiacritics: true });
    for (const spelling of spellings(text)) {
      for (const one of (await pagefind.search(ours(spelling), options)).results) if (!exact.has(one.id)) exact.set(one.id, one);
    }
  }
  const rest = all.results.filter((one) => !exact.has(one.id));
  const asTyped = marked(text) ? [...exact.values()] : [];
  return { results: [...asTyped, ...rest], exact: marked(text) ? asTyped.length : rest.length, counts: all.filters, whole: all.totalFilters };
}

/** Pagefind takes a shorter word for one that stands nowhere: a result must hold every word that was typed. */
function holds(data, words) {
  const text = fold(shown(data.raw_content));
  return words.every((word) => text.includes(word));
}

const bytes = (signs) => Uint8Array.from(signs, (sign) => sign.charCodeAt(0) - 0x2800);
const cardOf = (data) => JSON.parse(new TextDecoder().decode(bytes(data.meta.card)));

function card(data, words) {
  const [title, kicker, unit, day, initials, sample, src, width, height] = cardOf(data);
  const item = document.getElementById("mau-the").content.firstElementChild.cloneNode(true);
  const [top, about, last] = item.querySelectorAll("p");
  const face = src ? Object.assign(new Image(width, height), { src: form.dataset.base + src, alt: "", loading: "lazy" })
    : Object.assign(document.createElement("span"), { className: "initials", textContent: initials, ariaHidden: "true" });
  item.prepend(face);
  top.textContent = [kicker, unit].filter(Boolean).join(" · ");
  Object.assign(item.querySelector("a"), { textContent: title, href: form.dataset.base + data.raw_url.slice(1) });
  last.textContent = day + (sample ? " · Bài mẫu" : "");
  const excerpt = new DOMParser().parseFromString(data.excerpt, "text/html").body;
  for (const node of excerpt.childNodes) {
    const [, word, tail] = shown(node.textContent).match(/^(.*?)([\p{P}]*)$/su);
    const piece = document.createElement(words.length && node.nodeName === "MARK" ? "mark" : "span");
    piece.textContent = word;
    about.append(piece, tail);
  }
  return item;
}

let [turn, found] = [0, null];

/** Looks results through until so many hold every word, or as many as may be looked at in vain. False: another search has begun. */
async function look(wanted) {
  const { results, exact, words, good } = found;
  const mine = turn;
  for (let left = MOST; found.at < results.length && good.length < wanted && left > 0; left -= STEP) {
    const at = found.at;
    const part = await Promise.all(results.slice(at, at + STEP).map((one) => one.data()));
    if (mine !== turn) return false;
    part.forEach((data, n) => { if (holds(data, words)) good.push([data, at + n < exact]); else found.dropped = true; });
    found.at = at + part.length;
  }
  return true;
}

async function show(focus) {
  const { results, words, good, shown } = found;
  more.hidden = true;
  // where one was dropped, only a look at all of them tells how many there are
  if (!(await look(shown + STEP)) || (found.dropped && !(await look(Infinity)))) return false;
  const cards = good.slice(shown, shown + STEP).map(([data, exact]) => [card(data, words), exact ? first : near]);
  cards.forEach(([item, list]) => list.append(item));
  near.hidden = nearTitle.hidden = !near.children.length;
  found.shown += cards.length;
  const whole = found.at >= results.length;
  const count = found.dropped ? good.length : results.length;
  more.hidden = !count || (whole && found.shown >= good.length);
  status.textContent = count ? `${whole || !found.dropped ? "" : "Ít nhất "}${number(count)} kết quả${found.of}` : `Không thấy kết quả${found.of}. Thử bỏ bớt từ hoặc bớt lọc, hoặc xem theo các danh sách dưới đây.`;
  if (focus) cards[0]?.[0].querySelector("a").focus();
  return true;
}

const number = (count) => count.toLocaleString("vi");

function clear(text) {
  first.replaceChildren();
  near.replaceChildren();
  near.hidden = nearTitle.hidden = more.hidden = true;
  status.textContent = text;
}

const chosen = () => Object.fromEntries(facets.filter((one) => one.value).map((one) => [one.name, one.value]));
const order = new Intl.Collator("vi", { numeric: true }).compare;

/** The choices of each filter with how many results each would leave; the chosen one stays, whatever its count. */
function offer(counts) {
  for (const one of facets) {
    const rows = Object.entries(counts[one.name] ?? {}).filter(([label, count]) => count || label === one.value);
    rows.sort(([a], [b]) => (one.name === "nam" ? order(b, a) : order(a, b)));
    const kept = one.value;
    one.replaceChildren(one.options[0], ...rows.map(([label, count]) => new Option(`${label} (${number(count)})`, label)));
    one.value = kept;
  }
}

async function search() {
  const [text, filters, mine] = [typed(field.value), chosen(), ++turn];
  remember(text, filters);
  if (fold(text).length < 2 && !Object.keys(filters).length) return clear(text ? "Hãy gõ từ hai chữ cái trở lên." : "Hãy gõ từ cần tìm.");
  status.textContent = "Đang tìm…";
  try {
    const pagefind = await load();
    const query = fold(text).length < 2 ? "" : text;
    const answer = await queued(() => (mine === turn ? find(pagefind, query, filters, sortBy.value) : null));
    if (mine !== turn || !answer) return undefined;
    clear("");
    found = { ...answer, words: query.split(" ").map(fold).filter(Boolean), of: query ? ` cho “${query}”` : "", good: [], at: 0, shown: 0, dropped: false };
    if (!(await show(false))) return undefined;
    if (details.open) offer(Object.keys(filters).length ? mixed(await queued(() => find(pagefind, query, {}, "")), answer, filters) : answer.counts);
  } catch {
    loading = undefined;
    if (mine === turn) clear(FAILED);
  }
  return undefined;
}

/** A filter in use offers its other values as well: its counts are those without it, where it is the only one. */
const mixed = (free, answer, filters) => Object.fromEntries(Object.keys(free.counts).map((name) => [name, Object.keys(filters).every((key) => key === name) ? free.counts[name] : answer.counts[name] ?? {}]));

/** Options of Pagefind hold for the whole page, so searches run one after another. */
let last = Promise.resolve();
const queued = (work) => (last = last.catch(() => {}).then(work));

function remember(text, filters) {
  const asked = new URLSearchParams({ ...(text ? { q: text } : {}), ...filters, ...(sortBy.value ? { xep: sortBy.value } : {}) });
  history.replaceState(null, "", String(asked) ? `?${asked}` : location.pathname);
}

let waiting;
field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 150); });
field.addEventListener("keydown", (event) => { if (event.key === "Escape") { field.value = ""; search(); } });
form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); search(); });
form.addEventListener("change", (event) => { if (event.target !== field) search(); });
more.addEventListener("click", () => show(true));
/** What each filter offers costs as many bytes as a query, so it is loaded when the filters are opened, and counted anew. */
details.addEventListener("toggle", async () => {
  if (!details.open) return;
  try {
    const all = await (await load()).filters();
    if (found) search(); else offer(all);
  } catch { loading = undefined; clear(FAILED); }
});

const asked = new URLSearchParams(location.search);
field.value = asked.get("q") ?? "";
sortBy.value = asked.get("xep") === "moi" ? "moi" : "";
for (const one of facets) {
  const value = asked.get(one.name);
  if (value) { one.append(new Option(value, value)); one.value = value; details.open = true; }
}
if (String(asked)) search();
