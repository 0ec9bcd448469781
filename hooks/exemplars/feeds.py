"""Listing + clean HTML → RSS 2.0. The only user of feedgen, whose faults are repaired here.

A feed says nothing of the day it was made: its date is that of the newest story in it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exemplars.linking import permanent, rendition, story_address
from exemplars.pages import CAMPAIGNS, body_of, campaign_feed
from exemplars.rendering import Body
from exemplars.story_view import shown_photos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Settings, Story
    from exemplars.pages import Context

VERSION = "1 feedgen 1.0.0"
WINDOW = 50
EPOCH = dt.date(1970, 1, 1)
SAMPLE = "<p><strong>Bài mẫu: nhân vật và số liệu là hư cấu.</strong></p>"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The first picture of a story: its file is `src`, as published; `source` and `photo` say what it is made of."""

    src: str
    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    title: str
    summary: str
    address: str
    published: dt.date
    updated: dt.date
    authors: tuple[str, ...]
    categories: tuple[tuple[str, str], ...]  # label, site-relative address of the list
    body: Body
    sample: bool
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed document; the newest entry first."""

    address: str
    home: str
    id: str
    title: str
    description: str
    updated: dt.date
    entries: tuple[Entry, ...]


def feeds(context: Context) -> Iterator[Feed]:
    """The feeds of the site: one of all stories, one of each campaign."""
    settings, shelf = context.settings, context.shelf
    yield _feed(context, "feed.xml", "", "site", settings.site_name, settings.description, shelf.stories)
    for campaign in shelf.site.campaigns:
        address, _ = campaign_feed(campaign)
        about = campaign.goals[0] if campaign.goals else CAMPAIGNS.about
        stories = shelf.of("campaign", campaign.id)
        home = address.removesuffix("feed.xml")
        yield _feed(
            context, address, home, f"phong-trao/{campaign.id}", f"{settings.site_name}: {campaign.label}", about, stories, campaign.starts
        )


def _feed(  # noqa: PLR0913, PLR0917
    context: Context, address: str, home: str, id_: str, title: str, about: str, stories: tuple[Story, ...], since: dt.date | None = None,
) -> Feed:  # fmt: skip
    entries = tuple(_entry(story, context) for story in stories[:WINDOW] if story.date)
    newest = max((entry.updated for entry in entries), default=since or EPOCH)
    return Feed(address, home, f"tag:{context.settings.tag}:{id_}", title, about, newest, entries)


def _entry(story: Story, context: Context) -> Entry:
    site = context.shelf.site
    day = story.date or EPOCH
    unit = site.find("units", story.unit)
    terms = (("kinds", story.kind, "loai"), ("fields", story.field, "linh-vuc"))
    categories = [(found.title, f"{at}/{found.id}/") for name, id_, at in terms if (found := site.find(name, id_))]
    categories += [(unit.name, f"don-vi/{unit.id}/")] if unit else []
    categories += [(found.label, f"phong-trao/{found.id}/") for id_ in story.campaigns if (found := site.find("campaigns", id_))]
    photo = next(shown_photos(story, context), None)
    enclosure = None
    if photo:
        src = story_address(story) + rendition(photo.file, wide=True)
        enclosure = Enclosure(src, *context.sizes[photo.sha256][1], photo.sha256)
    return Entry(
        permanent(context.settings.tag, story.id), story.title, story.summary, story_address(story), day, story.updated or day,
        story.authors or ((unit.name,) if unit else ()), tuple(categories), body_of(story, context), story.sample, enclosure,
    )  # fmt: skip


def rss(feed: Feed, html: dict[str, str], sizes: dict[str, int], settings: Settings) -> bytes:
    """RSS 2.0 with whole content.

    html    entry id → clean HTML with absolute addresses
    sizes   address of a picture → its true length in bytes, as the RSS Board's profile demands
    source  RSS 2.0; dc:creator because `author` must be an e-mail address; guid is never the address
    """
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 - 0.1 s, and most builds find their feeds already made

    made = FeedGenerator()
    made.load_extension("dc", atom=False, rss=True)
    made.id(feed.id)
    made.title(feed.title)
    made.description(feed.description or feed.title)
    made.language("vi")
    made.generator("Gương sáng")
    made.docs("https://www.rssboard.org/rss-specification")
    made.lastBuildDate(_midnight(feed.updated))
    made.link(href=settings.site_url + feed.address, rel="self", type="application/rss+xml")
    made.link(href=settings.site_url + feed.home, rel="alternate")  # last: feedgen takes the last link as the channel's
    for entry in feed.entries:
        _add(made.add_entry(order="append"), entry, html[entry.id], sizes, settings)
    return bytes(made.rss_str(pretty=True))


def _add(item: Any, entry: Entry, html: str, sizes: dict[str, int], settings: Settings) -> None:
    item.title(entry.title)
    item.link(href=settings.site_url + entry.address)
    item.guid(entry.id, permalink=False)
    item.description(entry.summary or entry.title)
    picture = entry.enclosure
    if picture:
        address = settings.site_url + picture.src
        item.enclosure(address, str(sizes[picture.src]), "image/webp")
        html = f'<p><img src="{address}" alt="" width="{picture.width}" height="{picture.height}"></p>\n{html}'
    item.content((SAMPLE + "\n" if entry.sample else "") + html)
    item.published(_midnight(entry.published))
    item.updated(_midnight(entry.updated))
    item.dc.dc_creator(list(entry.authors))
    for label, address in entry.categories:
        item.category(term=label, scheme=settings.site_url + address)


def _midnight(day: dt.date) -> dt.datetime:
    """A day without an hour goes out as T00:00:00Z: 07:00 in Vietnam, the same calendar day in both zones."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
