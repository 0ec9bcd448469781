"""Pages → HTML documents, by the templates of the theme folder. It needs Jinja and no site generator: the stories outlive the shell."""

from __future__ import annotations

import hashlib
import sys
import traceback
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from exemplars import linking, metadata, versions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exemplars.model import Settings
    from exemplars.pages import Page
    from exemplars.storing import Store
    from exemplars.story_view import Card

TEMPLATES = (".html", ".xml")  # what a traceback calls a line of a template


class Cards:
    """Cards as HTML, each made once: what differs from page to page is a hole that no text can hold."""

    BASE, ABOUT = "\x00", "\x01"

    def __init__(self, env: Any) -> None:
        self._macro: Any = env.get_template("partials/cards.html").module
        self._made: dict[str, str] = {}

    def prepare(self, card: Card) -> str:
        html = self._made.get(card.digest)
        if html is None:
            html = self._made[card.digest] = str(self._macro.card(card, self.BASE, self.ABOUT))
        return html

    def __call__(self, card: Card, base: str, why: str = "") -> Markup:
        """The card on a page from which `base` leads to the root; `why` takes the place of the summary."""
        about = escape(why or card["summary"])
        return Markup(self.prepare(card).replace(self.BASE, base).replace(self.ABOUT, about))  # noqa: S704 - the macro escaped it


class Theme:
    """The theme folder; `building.maker.Theme`. Jinja is loaded when the first page is made: most builds make none."""

    def __init__(self, folder: Path, settings: Settings, store: Store, *, preview: bool = False) -> None:
        self.folder, self.settings, self.store, self.preview = folder, settings, store, preview
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        parts = [f"{versions.of('jinja2', 'markupsafe')} {settings} {preview}".encode(), *(path.read_bytes() for path in files)]
        self.fingerprint = hashlib.sha256(b"\0".join(parts)).hexdigest()

    @cached_property
    def _env(self) -> Any:
        return environment(self.folder, self.store)

    @cached_property
    def _cards(self) -> Cards:
        return Cards(self._env)

    @cached_property
    def _shared(self) -> dict[str, Any]:
        config = SimpleNamespace(site_name=self.settings.site_name, site_description=self.settings.description)
        return {"config": config, "settings": self.settings, "card": self._cards}

    def prepare(self, cards: Iterable[Card]) -> None:
        for card in cards:
            self._cards.prepare(card)

    def render(self, page: Page, body: str) -> str:
        """The whole document. `body`: clean HTML with addresses as seen from the page."""
        base = linking.base(page.address)
        shown = SimpleNamespace(
            title=page.title, url=page.address, canonical_url=self.settings.site_url + page.address, content=body, feeds=page.feeds,
            meta={"title": page.title, "description": page.description}, listed=page.listed, is_homepage=False, toc=[], edit_url=None,
        )  # fmt: skip
        head = Markup(metadata.head(page, self.settings))  # noqa: S704 - it escapes
        html: str = self._env.get_template(page.template).render(
            self._shared, page=shown, data=page.data, head=head, base_url=base.rstrip("/"), preview=self.preview
        )
        return html


def environment(folder: Path, store: Store) -> Any:
    """Jinja over the templates of the folder, everything escaped; what it compiles is kept in the store."""
    from jinja2 import BytecodeCache, Environment, FileSystemLoader  # noqa: PLC0415 - 40 ms that a build which makes no page need not spend

    class Compiled(BytecodeCache):
        """Templates compiled once, under the hash of their source (`checksum`), which Jinja compares as well."""

        def load_bytecode(self, bucket: Any) -> None:
            kept = store.get(f"template {bucket.key} {bucket.checksum}")
            if kept:
                bucket.bytecode_from_string(kept)

        def dump_bytecode(self, bucket: Any) -> None:
            store.put(f"template {bucket.key} {bucket.checksum}", bucket.bytecode_to_string())

    return Environment(loader=FileSystemLoader(folder), autoescape=True, auto_reload=False, bytecode_cache=Compiled())


def fault(error: BaseException, root: Path) -> str | None:
    """Where and why a template failed, and what to do, if that is what this error is: Jinja itself names no file."""
    places = [(one.f_code.co_filename, line) for one, line in traceback.walk_tb(error.__traceback__)]
    of_jinja = "jinja2" in sys.modules and isinstance(error, sys.modules["jinja2"].TemplateError)
    if not of_jinja and not (places and places[-1][0].endswith(TEMPLATES)):  # an error of ours below a template is none of the template's
        return None
    name, line = getattr(error, "filename", None), getattr(error, "lineno", None)  # of one that cannot be read at all
    if not name:
        name, line = next((place for place in reversed(places) if place[0].endswith(TEMPLATES)), ("hooks/theme/", None))
    path = Path(name).relative_to(root).as_posix() if Path(name).is_relative_to(root) else name
    says = " ".join(str(error).split()) or type(error).__name__
    where = f"{path}:{line}" if line else path
    return f"{where}: mẫu trang này không dùng được. Jinja báo: {says}. Hãy sửa mẫu ở dòng ấy, hoặc lấy lại tệp như cũ (git restore {path}), rồi dựng lại."
