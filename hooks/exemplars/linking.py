"""Addresses: where each record is found on the site, site-relative, as seen from a page, absolute and permanent.

A site-relative address has no leading slash: `guong/2020/sap-lai-so-truc-dem/`. Inside rendered HTML it carries the
scheme `site:/`, so that one rendering serves pages at any depth and feeds alike.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from exemplars.model import Campaign, Document, Event, Plan, Story
from exemplars.vietnamese import slug

if TYPE_CHECKING:
    from exemplars.model import Site

    Page = Story | Campaign | Plan | Document | Event

SCHEME = "site:/"
ON_THE_WEB = re.compile(
    r"https?://[a-zA-Z0-9.-]+(?::\d{1,5})?(?:/[!-~]*)?"
)  # that every program can ask for: no blank, no letter with marks
IN_HTML = re.compile(r'(?<=[\s])(href|src)="site:/([^"]*)"')
PER_PAGE = 24
SITE_CARD = "assets/chia-se.png"  # the picture for sharing where a story has none
SEARCH, INDEX = "tim-kiem/", "pagefind/"
FEEDS_PAGE, FRAME = "nguon-tin/", "nhung/"
# the first part of every address of ours that is no story's
FAMILIES = frozenset({
    "phong-trao", "don-vi", "linh-vuc", "loai", "tieu-chi", "nam", "nhan-vat", "van-ban", "su-kien", "nguon-tin", "nhung", "tim-kiem",
    "pagefind",
    "quy-tac", "assets",
})  # fmt: skip


def story_address(story: Story) -> str:
    return f"guong/{story.folder}/"


def address(record: Page) -> str:
    """The page of a record; documents, plans and events stand on their list, each at its own anchor."""
    match record:
        case Story():
            return story_address(record)
        case Campaign():
            return f"phong-trao/{record.id}/"
        case Event():
            return f"su-kien/#{record.id}"
        case _:
            return f"van-ban/#{record.id}"


def criterion_address(plan: str, criterion: str) -> str:
    return f"tieu-chi/{plan}/{criterion.lower()}/"


def page_address(first: str, number: int) -> str:
    """The address of a page of a list, from 1; the first page keeps the bare address."""
    return first if number == 1 else f"{first}trang-{number}/"


def permanent(tag: str, id_: str) -> str:
    """The id of a story for feeds, for ever: a `tag:` URI (RFC 4151) of a fixed authority and date, and the story's id."""
    return f"tag:{tag}:guong/{id_}"


def base(at: str) -> str:
    """The way from a page back to the root: `guong/2020/x/` → `../../../`."""
    return "../" * at.count("/") or "./"


def relative(html: str, at: str) -> str:
    """Rendered HTML with its `site:/` addresses as seen from the page at `at`."""
    return IN_HTML.sub(rf'\1="{base(at)}\2"', html) if SCHEME in html else html


def absolute(html: str, site_url: str) -> str:
    """Rendered HTML with its `site:/` addresses under `site_url`, which ends in a slash."""
    for name in ("href", "src"):  # a regular expression would look at every letter of ten thousand texts
        html = html.replace(f' {name}="{SCHEME}', f' {name}="{site_url}')
    return html


def target(href: str, path: str) -> str | None:
    """The repository path that a link in the file `path` points to; None for the web, mail, or a mark on the same page.

    A path that leaves the repository comes back with its `..`, and so is found nowhere.
    """
    try:
        parts = urlsplit(href)
    except ValueError:  # http://[x
        return None
    if parts.scheme or parts.netloc or not parts.path:
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))


def resolve(href: str, path: str, site: Site) -> tuple[Page | str | None, str]:
    """What a link written in the file `path` leads to: a record, or the path of a file beside a story; and its anchor."""
    wanted = target(href, path)
    if wanted is None:
        return None, ""
    anchor = urlsplit(href).fragment
    record = site.by_path.get(wanted) or site.by_path.get(f"{wanted}/index.md")
    if record is not None:
        return record, anchor
    return (wanted if wanted in site.files else None), anchor


@lru_cache(maxsize=1024)
def rendition(file: str, wide: bool) -> str:  # noqa: FBT001
    """The published name of a photo: `anh-chinh.jpg` → `anh-chinh.webp`, narrow `anh-chinh-400.webp`."""
    stem = slug(file.rpartition(".")[0]) or "anh"
    return f"{stem}.webp" if wide else f"{stem}-400.webp"


def share_picture(file: str) -> str:
    """The published name of the crop of a photo for sharing: `anh-chinh.jpg` → `anh-chinh-og.jpg`."""
    return rendition(file, wide=True).removesuffix(".webp") + "-og.jpg"


def is_paper(path: str) -> bool:
    """Whether a file beside a story is one that readers may be led to."""
    return path.lower().endswith(".pdf")


def file_address(path: str) -> str:
    """Where a file beside a story is published: `stories/2020/x/so-do.pdf` → `guong/2020/x/so-do.pdf`."""
    return "guong/" + path.removeprefix("stories/")
