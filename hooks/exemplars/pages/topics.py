"""What has feeds of its own, the page that explains feeds to people, and the frames that portals show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars.calendars import ALL as CALENDAR
from exemplars.linking import FEEDS_PAGE, FRAME, address
from exemplars.pages.lists import CAMPAIGNS, FAMILIES, members, newest
from exemplars.pages.page import Context, Page
from exemplars.story_view import card, day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from exemplars.model import Story


class FeedType(NamedTuple):
    """A format of feeds: its file beside the page of a topic, its media type, its name."""

    name: str
    media_type: str
    label: str


FEEDS = {
    "rss": FeedType("feed.xml", "application/rss+xml", "RSS"),
    "atom": FeedType("atom.xml", "application/atom+xml", "Atom"),
    "json": FeedType("feed.json", "application/feed+json", "JSON Feed"),
}
SITE_TOPIC = ""
FRAMED = 10  # stories in a frame


def feed_address(home: str, form: str, archive: int = 0) -> str:
    """The subscription document of a topic, or its archive of that number, from 1, the oldest."""
    stem, _, ending = FEEDS[form].name.partition(".")
    return f"{home}{stem}-{archive}.{ending}" if archive else f"{home}{stem}.{ending}"


class Topic(NamedTuple):
    """What has feeds of its own: the site, a campaign, a unit, a field, a kind.

    home   site-relative address of its page; the feeds stand beside it
    id     the last part of the feed's permanent id
    since  the day of a feed that has no entry yet
    """

    home: str
    id: str
    title: str
    about: str
    stories: tuple[Story, ...]
    since: dt.date | None = None


def topics(context: Context) -> Iterator[Topic]:
    """Everything that has feeds, the site first."""
    settings, shelf = context.settings, context.shelf
    yield Topic(SITE_TOPIC, "site", settings.site_name, settings.description, shelf.stories)
    for one in shelf.site.campaigns:
        about = one.goals[0] if one.goals else CAMPAIGNS.about
        title = f"{settings.site_name}: {one.label}"
        yield Topic(address(one), f"phong-trao/{one.id}", title, about, shelf.of("campaign", one.id), one.starts)
    for family in FAMILIES:
        for id_, title, about in members(context, family) if family.key != "year" else ():
            stories = shelf.of(family.key, id_)
            yield Topic(f"{family.at}{id_}/", f"{family.at}{id_}", f"{settings.site_name}: {title}", about or family.about, stories)


def feed_pages(context: Context) -> Iterator[Page]:
    """The page that explains feeds to people, and the pages that portals show in a frame."""
    found, site_url = tuple(topics(context)), context.settings.site_url
    rows = tuple(
        (one.home, one.title if not one.home else one.title.removeprefix(f"{context.settings.site_name}: "), len(one.stories),
         day(newest(one.stories, context)), _framed(one))
        for one in found
    )  # fmt: skip
    about = (
        "Theo dõi bằng phần mềm đọc tin, hoặc đưa câu chuyện lên cổng thông tin của đơn vị. Mỗi nguồn tin mang trọn bài, mới nhất trước."
    )
    frame = f'<iframe src="{site_url}{FRAME}#n5" title="Gương điển hình" width="100%" height="420" loading="lazy"></iframe>'
    script = f'<div id="guong-sang"></div>\n<script src="{site_url}assets/embed.js" data-n="5" data-into="guong-sang" async></script>'
    data = {
        "about": about, "rows": rows, "crumbs": (), "forms": tuple((form.name, form.label) for form in FEEDS.values()), "site_url": site_url,
        "frame": frame, "script": script, "calendar": CALENDAR, "example": next((one.home for one in found if one.home and _framed(one)), ""),
    }  # fmt: skip
    yield Page(FEEDS_PAGE, "feeds.html", "Nguồn tin", about, data, listed=not context.shelf.preview)
    for one in found:
        if _framed(one):
            stories = tuple(
                (c["href"], c["title"], c["day"], c["sample"]) for c in (card(story, context) for story in one.stories[:FRAMED])
            )
            shown: dict[str, Any] = {"title": one.title, "home": one.home, "stories": stories, "most": FRAMED}
            yield Page(FRAME + one.home, "frame.html", one.title, one.about, shown, listed=False)


def _framed(topic: Topic) -> bool:
    return topic.home.startswith((CAMPAIGNS.at, "don-vi/")) or topic.home == SITE_TOPIC
