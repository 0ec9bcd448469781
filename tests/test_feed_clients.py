"""Real readers read every format, of a small site and of one with archives: every story, every field, in every client."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from lxml import html

from exemplars.linking import absolute, permanent, story_address
from exemplars.listing import newest_first
from exemplars.pages.stories import body_of
from exemplars.rendering import Renderer
from feedsite import TAG, FeedSite, many, served
from readers import Newsboat, Rss2email, needs, read

SIZES = {"small": 7, "with archives": 61}
SUBSCRIPTIONS = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}
ARCHIVES = {"rss": "feed-1.xml", "atom": "atom-1.xml", "json": "feed-1.json"}
PARSERS = ("feedparser", "sfeed", "ruby", "horde", "rome", "rss-parser", "feedsmith", "xml-feed", "atoma")
READ_JSON = ("feedsmith", "atoma")
# All exceptions there are: what a client cannot give, by its own making. The list may not grow; what a client has learnt leaves it.
LACKS = {
    # RSS of itself has no day of a change; these know no module that tells it
    ("sfeed", "rss"): {"updated"}, ("ruby", "rss"): {"updated"}, ("horde", "rss"): {"updated"},
    ("rome", "rss"): {"updated"}, ("rss-parser", "rss"): {"updated"},
    # one day only for each entry
    ("sfeed", "atom"): {"updated"}, ("rss-parser", "atom"): {"updated"},
    # knows no dc:creator, and of JSON Feed what version 1.0 had
    ("atoma", "rss"): {"updated", "author"}, ("atoma", "json"): {"author"},
    # keep no second day and no enclosure; rss2email mails, under the day of the mail
    ("newsboat", "rss"): {"updated", "image"}, ("newsboat", "atom"): {"updated", "image"},
    ("rss2email", "rss"): {"updated", "image", "author", "date"}, ("rss2email", "atom"): {"updated", "image", "author", "date"},
}  # fmt: skip
READINGS = [(client, form) for client in PARSERS for form in SUBSCRIPTIONS if form != "json" or client in READ_JSON]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, a_story, a_site) -> dict[str, FeedSite]:
    made = {}
    for name, count in SIZES.items():
        made[name] = many(FeedSite(tmp_path_factory.mktemp("nguon-tin"), a_story, a_site), count)
        for story in list(made[name].stories.values())[3::10]:
            story["body"] = "\n## Việc làm\n\nXem [bài đầu](../bai-000/index.md), [văn bản](https://vb.example/a?b=1&c=2): a < b & **c**.\n"
            story["updated"] = story["date"] + dt.timedelta(days=40)
        made[name].publish()
    return made


def documents(size: str) -> list[dict[str, str]]:
    return [SUBSCRIPTIONS, ARCHIVES] if size == "with archives" else [SUBSCRIPTIONS]


def expected(site: FeedSite, document: str) -> list[dict[str, Any]]:
    """The 50 published last, for which those of the archive make room that were corrected; or the first 50, in the archive; the newest first."""
    context, render = site.context(), Renderer()
    stories = newest_first(context.shelf.stories)
    archive = stories[-50:] if len(stories) > 50 else []
    corrected = [story for story in archive if story.updated]
    others = [story for story in stories if story not in corrected][: 50 - len(corrected)]
    shown = [story for story in stories if story in corrected or story in others]
    return [
        {
            "id": permanent(TAG, story.id), "title": story.title, "link": site.url + story_address(story), "date": story.date,
            "updated": story.updated or story.date, "author": story.authors[0],
            "image": f"{site.url}{story_address(story)}anh.webp" if story.photos else None,
            "content": absolute(render.html(body_of(story, context)), site.url),
        }
        for story in (archive if "-1." in document else shown)
    ]  # fmt: skip


def check(client: str, form: str, document: str, found: list[dict[str, Any]], site: FeedSite) -> None:
    wanted, lacks = expected(site, document), LACKS.get((client, form), set())
    assert len(found) == len(wanted) == min(50, len(site.stories))
    for one, story in zip(found, wanted, strict=True):
        assert (one["id"], one["title"], one["link"]) == (story["id"], story["title"], story["link"])
        for key in ("date", "updated", "author", "image"):
            given = one.get(key) or None
            given = day(given) if given and key in {"date", "updated"} else given
            assert (given == story[key]) != (key in lacks) or story[key] is None, f"{client}: {key}"
        assert seen(one["content"], story["image"]) == seen(story["content"], None), client
        assert ("<img" in one["content"]) == bool(story["image"])


def seen(content: str, picture: str | None) -> tuple[str, list[str], list[str]]:
    """What a reader of the text sees: its words, where its links lead, its pictures; `picture` apart, which feeds put before it."""
    tree = html.fragment_fromstring(content, create_parent="div")
    pictures = [one.get("src") for one in tree.iter("img")]
    if picture:
        pictures.remove(picture)
    return re.sub(r"\s+", " ", tree.text_content()).strip(), [one.get("href") for one in tree.iter("a")], pictures


def day(said: str) -> dt.date:
    if re.match(r"\w{3},", said):
        return dt.datetime.strptime(said, "%a, %d %b %Y %H:%M:%S %z").astimezone(dt.UTC).date()
    return dt.datetime.fromisoformat(said).astimezone(dt.UTC).date()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("client", "form"), READINGS)
def test_a_parser_reads_every_field(client: str, form: str, size: str, sites: dict[str, FeedSite]) -> None:
    needs(client)
    site = sites[size]
    for document in documents(size):
        check(client, form, document[form], read(client, site.out / document[form]), site)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_newsboat_reads_every_field(form: str, size: str, sites: dict[str, FeedSite], tmp_path) -> None:
    needs("newsboat")
    site = sites[size]
    for n, document in enumerate(documents(size)):
        with served(site.out) as home:
            found = Newsboat(tmp_path / f"newsboat-{n}", home + document[form]).reload()
        check("newsboat", form, document[form], _newest_first(found, site), site)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_rss2email_mails_every_story(form: str, size: str, sites: dict[str, FeedSite], tmp_path) -> None:
    needs("rss2email")
    site = sites[size]
    with served(site.out) as home:
        found = Rss2email(tmp_path / "r2e", home + SUBSCRIPTIONS[form]).reload()
    check("rss2email", form, SUBSCRIPTIONS[form], _newest_first(found, site), site)


def _newest_first(found: list[dict[str, Any]], site: FeedSite) -> list[dict[str, Any]]:
    order = {permanent(TAG, story.id): at for at, story in enumerate(newest_first(site.site().stories))}
    return sorted(found, key=lambda one: order[one["id"]])
