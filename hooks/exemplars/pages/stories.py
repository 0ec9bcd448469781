"""The pages of stories; notices of those that were withdrawn; ways from earlier addresses; where links in texts lead."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zlib import crc32

from exemplars.bodies import Body, Picture
from exemplars.briefs import links_within
from exemplars.linking import address, file_address, is_paper, rendition, resolve, story_address
from exemplars.model import Story
from exemplars.pages.page import Context, Page, Section, Sketch
from exemplars.story_view import Card, card, day, published_photos, story_data

if TYPE_CHECKING:
    from collections.abc import Iterator


PARTS = 64  # sections that the pages of stories are cut into: one edit opens those of its story and of the stories beside it


def story_sections(context: Context) -> Iterator[Section]:
    """The pages of stories, in parts that a new story does not shift."""
    parts: dict[str, list[Story]] = defaultdict(list)
    for story in context.shelf.stories:
        parts[f"stories {crc32(story.origin.path.encode()) % PARTS:02}"].append(story)
    for name in sorted(parts):
        rows = [(story, *_story_told(story, context)) for story in parts[name]]
        told = "".join(told for _, told, _ in rows) if all(told for _, told, _ in rows) else ""
        yield Section(name, told and hashlib.sha256(told.encode()).hexdigest(), partial(_stories, rows, context))


def _story_told(story: Story, context: Context) -> tuple[str, tuple[Card, ...]]:
    """What stands for a story's page, "" where only the page itself can tell; and the cards that it shows, if it may have changed."""
    path = story.origin.path
    if path in context.settled and (told := context.known(story, "page")):
        return told, ()
    face = context.faces.get(path)
    if face is None:
        return "", ()
    near = tuple((card(other, context), why) for other, why in context.shelf.related(story))
    told = _told(story, face, near, context)
    context.keep(story, "page", told)
    return told, tuple(shown for shown, _ in near)


def _stories(rows: list[tuple[Story, str, tuple[Card, ...]]], context: Context) -> Iterator[Page | Sketch]:
    for story, told, near in rows:
        if told:
            listed = not context.shelf.preview
            yield Sketch(story_address(story), told, context.shelf.changed(story), listed, near, partial(_story, story, context))
        else:
            yield _story(story, context)


def gone_pages(context: Context) -> Iterator[Page]:
    """Notices of stories that were withdrawn, and ways from earlier addresses."""
    for story in context.shelf.site.stories:
        if story.withdrawn:
            yield _tombstone(story, context)
        for old in story.redirect_from:
            yield _redirect(old, story_address(story))


def unread_pages(context: Context) -> Iterator[Page]:
    """In a preview, at the address of a story that cannot be read: why. Whoever mends it then looks at the right place."""
    known = context.shelf.site.by_path
    for path, told in sorted(context.problems.items()):
        parts = path.split("/")
        if parts[0] == "stories" and parts[3:] == ["index.md"] and path not in known:
            says = f"Máy chưa đọc được tệp {path}. Sửa xong và lưu lại, trang này sẽ hiện bài."
            yield Page(
                f"guong/{parts[1]}/{parts[2]}/",
                "unread.html",
                "Bài này chưa đọc được",
                says,
                {"says": says, "problems": told},
                listed=False,
            )


def _story(story: Story, context: Context) -> Page:
    return Page(
        story_address(story), "story.html", story.title, story.summary, story_data(story, context), body_of(story, context),
        context.shelf.changed(story), listed=not context.shelf.preview,
    )  # fmt: skip


def _told(story: Story, face: str, near: tuple[tuple[Card, str], ...], context: Context) -> str:
    """All that a story's page depends on beside what is no story: its own files, its neighbours, where its links lead."""
    sizes = [context.sizes.get(sha256) for _, sha256 in context.shelf.brief(story).photos]
    problems = context.problems.get(story.origin.path, ())
    told = repr((face, near, linked(story, context), sizes, problems, context.shelf.preview))
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:32]


def body_of(record: Any, context: Context) -> Body:
    """The text of a record with everything its HTML depends on: where its links lead, which pictures it may show."""
    return Body(record.origin.body, *linked(record, context))


def linked(record: Any, context: Context) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, Picture], ...]]:
    """The links of a text that lead within the repository, with where they lead on the site; its pictures likewise."""
    made = context.links.get(record.origin.path)
    if made is None:
        links = _links(record, context)
        made = context.links[record.origin.path] = links, (_pictures(record, links, context) if links else ())
    return made


def _pictures(record: Any, links: tuple[tuple[str, str], ...], context: Context) -> tuple[tuple[str, Picture], ...]:
    named = {href for href, _ in links}
    return tuple(
        (file, Picture(story_address(record) + rendition(file, wide=True), *context.sizes[sha256][1]))
        for file, sha256 in (published_photos(record, context) if isinstance(record, Story) else ())
        if file in named
    )


def _links(record: Any, context: Context) -> tuple[tuple[str, str], ...]:
    links = []
    for href in context.shelf.brief(record).links if isinstance(record, Story) else links_within(record):
        found, anchor = resolve(href, record.origin.path, context.shelf.site)
        links.append((href, _shown_address(found, context) + (f"#{anchor}" if anchor else "")))
    return tuple(links)


def papers(context: Context) -> tuple[str, ...]:
    """The PDF files that a page leads to, by repository path: what nobody is led to is not published, whatever lies beside a story."""
    shelf = context.shelf
    site = shelf.site
    if not any(map(is_paper, site.files)):
        return ()
    records: tuple[Any, ...] = (*shelf.stories, *site.campaigns, *site.plans, *site.events, *site.documents)
    led = {
        found for record in records
        for href in (shelf.brief(record).links if isinstance(record, Story) else links_within(record))
        if isinstance(found := resolve(href, record.origin.path, site)[0], str) and is_paper(found)
    }  # fmt: skip
    return tuple(sorted(path for path in led if f"{path.rpartition('/')[0]}/index.md" in shelf.by_path))


def _shown_address(found: Any, context: Context) -> str:
    """Where a link may lead; "" to a story that readers do not see, and to a photo, which is published as a picture only."""
    if found is None or (isinstance(found, Story) and not context.shelf.shows(found)):
        return ""
    if isinstance(found, str):
        return quote(file_address(found)) if is_paper(found) else ""
    return address(found)


GONE = {
    "error": "Bài đăng ở địa chỉ này đã được gỡ vì có sai sót.",
    "consolidated": "Bài đăng ở địa chỉ này đã được gộp vào một bài khác.",
    "withdrawn": "Bài đăng ở địa chỉ này đã được rút.",
}


def _tombstone(story: Story, context: Context) -> Page:
    """The notice that stays at the address: no name, no text, no picture of the story."""
    withdrawn = story.withdrawn
    heir = _heir(story, context)
    if heir:
        return _redirect(story_address(story), story_address(heir))
    says = GONE.get(withdrawn.kind if withdrawn else "", GONE["withdrawn"])
    data = {"says": says, "day": day(withdrawn.date if withdrawn else None), "reason": withdrawn.reason if withdrawn else ""}
    return Page(
        story_address(story), "withdrawn.html", "Bài đã gỡ", says, data, modified=withdrawn.date if withdrawn else None, listed=False
    )


def _heir(story: Story, context: Context) -> Story | None:
    """The story that readers are led to instead, which may have been merged into another in its turn."""
    met, at = set[str](), story
    while at.withdrawn and at.withdrawn.see and at.id not in met:
        met.add(at.id)
        found = context.shelf.site.find("stories", at.withdrawn.see)
        if found is None:
            return None
        at = found
    return at if at is not story and context.shelf.shows(at) else None


def gone_and_moved(context: Context) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Addresses that only a notice answers, and those that moved, with where to: what a server can tell by its status."""
    stories = context.shelf.site.stories
    notices = [_tombstone(story, context) for story in stories if story.withdrawn]
    gone = tuple(page.address for page in notices if page.template == "withdrawn.html")
    moved = [(page.address, page.data["to"]) for page in notices if page.template == "redirected.html"]
    moved += [(old, story_address(story)) for story in stories for old in story.redirect_from]
    return tuple(sorted(gone)), tuple(sorted(moved))


def _redirect(at: str, to: str) -> Page:
    return Page(at, "redirected.html", "Địa chỉ đã chuyển", "Câu chuyện ở địa chỉ này đã chuyển chỗ.", {"to": to}, listed=False)
