"""Queries as readers type them, made from the stories themselves, with the stories that each must find; and what is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exemplars.searching import entries
from exemplars.vietnamese import fold, passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from playwright.sync_api import Page

    from exemplars.pages import Context

WORDS = re.compile(r"[^\W\d_]+")
FIND = """async ([base, queries, filters]) => {
  const { find, load } = await import(`${base}assets/search.js`);
  const pagefind = await load(), known = new Map(), found = {};
  const address = async (one) => { if (!known.has(one.id)) known.set(one.id, (await one.data()).raw_url.slice(1)); return known.get(one.id); };
  for (const query of queries) {
    const { results } = await find(pagefind, query.normalize("NFC"), filters, "");
    found[query] = await Promise.all(results.map(address));
  }
  return found;
}"""


def unmarked(context: Context, count: int) -> dict[str, set[str]]:
    """Query without marks → addresses of the stories in which all its words stand, as a plain search of the text finds them.

    Names, titles, units, campaigns, roles first; then phrases of three words from titles, summaries and bodies, those
    with «đ» before the others. Always the same for the same stories.
    """
    known = {entry.address: [text for _, text in entry.known] for entry in entries(context)}
    bodies = {entry.address: passages(entry.origin.body) for entry in entries(context)}
    held = {at: set(_words(" ".join((*known[at], *bodies[at])))) for at in known}
    whole = [text for texts in known.values() for text in texts[:4] if len(_words(text)) <= 8]
    whole += [label for entry in entries(context) for key, label in entry.facets if key in {"don-vi", "phong-trao"}]
    phrases = [phrase for at, texts in known.items() for text in (*texts, *bodies[at]) for phrase in _phrases(text)]
    phrases.sort(key=lambda phrase: "đ" not in phrase.lower())  # a stable sort: order of the stories within each kind
    wanted = [" ".join(_words(text)) for text in (*whole, *phrases)]
    chosen = list(dict.fromkeys(query for query in wanted if len(query) > 3))[:count]
    return {query: {at for at, words in held.items() if words.issuperset(query.split())} for query in chosen}


def _words(text: str) -> list[str]:
    return WORDS.findall(fold(text))


def _phrases(text: str) -> list[str]:
    """Three neighbouring words, every seventh: a sample of all themes."""
    words = WORDS.findall(text)
    return [" ".join(words[at : at + 3]) for at in range(0, len(words) - 2, 7)]


def named(context: Context) -> dict[str, str]:
    """The names of all whom the stories are about, with marks → the address of the story."""
    return {story.subject.name: f"guong/{story.folder}/" for story in context.shelf.stories if story.subject}


def searched(page: Page, home: str, queries: Iterable[str], filters: Mapping[str, str]) -> dict[str, list[str]]:
    """Query → addresses in the order in which the search page, which `page` shows, finds them."""
    found: dict[str, list[str]] = page.evaluate(FIND, [home, list(queries), dict(filters)])
    return found
