"""The only file that knows MkDocs: it carries, it decides nothing.

MkDocs builds the hand-written pages of content/ and lends its theme environment; all else is made by `exemplars`.
"""

import dataclasses
import datetime as dt
import hashlib
import logging
import os
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import jinja2
import material
import mkdocs
from markupsafe import Markup, escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as ShellPage

from exemplars import building, checking, linking, metadata, reading, searching, server_settings
from exemplars.listing import Shelf
from exemplars.model import Problem, Settings, Site
from exemplars.pages import Context, Page, gone_and_moved, home, shell_page
from exemplars.publishing import facts, quarantine
from exemplars.reporting.report import plain
from exemplars.story_view import Card

log = logging.getLogger("mkdocs.hooks.exemplars")  # only loggers under `mkdocs.` count in strict mode
DOORS = {"aside", "search", "cache", "jobs", "taken"}  # what a door says of one build; a page that depends on it has it in its data
LENT = (".css", ".js", ".svg", ".woff2", ".txt", ".png")  # what a theme has beside templates
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LINK = re.compile(r"(\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?)([^)\s>]+)", re.MULTILINE)


@dataclasses.dataclass
class Build:
    """What one build hands from event to event: the only state there is."""

    serving: bool = False
    context: Context | None = None
    env: Any = None
    cards: Any = None
    nav: Any = None
    addresses: tuple[str, ...] = ()
    stamp: Path | None = None


_build = Build()


def on_startup(*, command: str, dirty: bool) -> None:  # noqa: ARG001
    _build.serving = command == "serve"


def on_serve(server: Any, **_: Any) -> Any:
    _build.serving = True  # `mkdocs serve --clean` calls itself "build" at start-up
    return server


def on_config(config: MkDocsConfig) -> None:
    config.theme.static_templates.discard("sitemap.xml")  # ours lists every page, with the days of the content, not of the build


def on_pre_build(config: MkDocsConfig) -> None:
    """Reads and checks before MkDocs empties the output folder, so that a bad story leaves the last site standing."""
    root, settings = _root(config), settings_of(config)
    site, problems = reading.read_site(root, dt.datetime.now(VIETNAM).date())
    sizes, faulty = building.sizes_of(site, root, _store(config), _jobs(config))
    problems = checking.check(site, [*problems, *faulty])
    taken = config.extra["exemplars"].get("taken", ())
    errors = [problem for problem in checking.blocking(problems) if not quarantine.excused(problem, taken)]
    for problem in problems:
        log.log(logging.ERROR if problem in errors else logging.INFO, "%s", plain(str(problem)))
    if errors and not _build.serving:
        raise PluginError(f"{len(errors)} lỗi phải sửa, chưa dựng lại trang. Trang đã dựng lần trước còn nguyên.")
    search = not _build.serving and bool(config.extra["exemplars"].get("search", True))
    _build.context = Context(Shelf(site, preview=_build.serving), settings, sizes, _told(errors) if _build.serving else {}, search)


def _told(problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    """What is wrong, by file, for the preview."""
    return {path: tuple(str(one) for one in problems if one.path == path) for path in {one.path for one in problems}}


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    _hold_whole(files, config)
    for file in list(files):
        if file.src_dir == config.docs_dir:
            file.edit_uri = f"{Path(config.docs_dir).name}/{file.src_uri}"
        elif file.src_uri.startswith(("assets/javascripts/", "assets/stylesheets/", "assets/images/", "sitemap.xml")):
            files.remove(file)  # our pages need none of Material's bundles
    _build.addresses = tuple(sorted(file.url.removeprefix("./") for file in files.documentation_pages()))
    return files


def _hold_whole(files: Files, config: MkDocsConfig) -> None:
    """MkDocs passes over a folder or file that cannot be read just now, without a word: the site would lack it."""
    wanted = {path: Path(config.docs_dir, path) for path in building.walk(Path(config.docs_dir))}
    wanted |= {path: folder / path for folder in _theme_folders(config) for path in building.walk(folder) if path.endswith(LENT)}
    lost = [str(path) for at, path in wanted.items() if at not in files.src_uris]
    if lost:
        raise PluginError(f"Không đọc được {lost[0]}, nên chưa dựng lại trang. Hãy xem lại quyền đọc và đĩa rồi chạy lại.")


def on_page_markdown(markdown: str, *, page: ShellPage, config: MkDocsConfig, **_: Any) -> str:
    """A link to a story's or campaign's source file becomes its address; MkDocs knows neither."""
    path = f"{Path(config.docs_dir).name}/{page.file.src_uri}"
    return LINK.sub(lambda match: match[1] + _address(match[2], path), markdown)


def _address(href: str, path: str) -> str:
    wanted = linking.target(href, path)
    if wanted is None or not wanted.startswith(("stories/", "campaigns/", "content/plans/", "content/documents/", "content/events/")):
        return href
    found, anchor = linking.resolve(href, path, _context().shelf.site)
    if found is None or isinstance(found, str):
        log.warning("%s: liên kết «%s» không dẫn tới tệp nào. Hãy sửa đường dẫn.", path, href)
        return href
    return linking.SCHEME + linking.address(found) + (f"#{anchor}" if anchor else "")


def on_nav(nav: Navigation, **_: Any) -> None:
    _build.nav = nav


def on_env(env: jinja2.Environment, *, config: MkDocsConfig, **_: Any) -> None:
    ours = {path.relative_to(folder).as_posix() for folder in _theme_folders(config) for path in folder.rglob("*.html")}
    env.autoescape = lambda name: name in ours  # MkDocs escapes nothing by itself
    _build.env, _build.cards = env, Cards(env)


def on_page_context(context: Any, *, page: ShellPage, config: MkDocsConfig, **_: Any) -> Any:
    context["data"] = home(_context(), str(page.meta.get("lead", ""))) if page.is_homepage else {}
    context["settings"], context["card"] = settings_of(config), _build.cards
    title, about = str(page.meta.get("title") or page.title), str(page.meta.get("description") or config.site_description)
    shown = shell_page(page.url.removeprefix("./"), title, about)
    context["head"] = Markup(metadata.head(shown, context["settings"], home=page.is_homepage))  # noqa: S704 - it escapes
    return context


def on_template_context(context: Any, *, config: MkDocsConfig, **_: Any) -> Any:
    context["settings"] = settings_of(config)
    return context


def on_post_page(output: str, *, page: ShellPage, **_: Any) -> str:
    return linking.relative(output, page.url)


def on_post_build(config: MkDocsConfig) -> None:
    if not config.extra["exemplars"].get("aside"):
        build_into(config, Path(config.site_dir), None)


def on_build_error(**_: Any) -> None:
    """A strict build may still fail after `on_post_build`: nothing may then look finished."""
    if _build.stamp and not _build.serving:
        _build.stamp.unlink(missing_ok=True)


def build_into(config: MkDocsConfig, target: Path, manifest: Path | None) -> building.Built:
    """Writes our files into `target`, beside what MkDocs has built in its own folder."""
    _build.stamp = target / "build.json"
    theme = MaterialTheme(config)
    maker = building.Maker(_root(config), _context(), theme, _store(config))
    stamp = building.Stamp(_commit(_root(config)), preview=_build.serving)
    try:
        return building.build(maker, target, Path(config.site_dir), _build.addresses, manifest, stamp, _jobs(config))
    except building.TwoForOne as error:
        raise PluginError(f"CT014 {error}") from None
    except searching.Failed as error:
        raise PluginError(str(error)) from None


def write_server_settings(config: MkDocsConfig, folder: Path) -> None:
    """What the web server has to be told, for nginx, Apache and IIS, outside the site."""
    ways = server_settings.Ways(*gone_and_moved(_context()))
    for name, text in server_settings.settings_for(urlsplit(config.site_url or "").path, settings_of(config).portals, ways).items():
        building.write(folder / name, text.encode())


def write_facts(folder: Path) -> None:
    """What publishing has to know of the stories."""
    building.write(folder / facts.NAME, facts.facts(_context().shelf))


class Cards:
    """Cards as HTML, each made once: what differs from page to page is a hole that no text can hold."""

    BASE, ABOUT = "\x00", "\x01"

    def __init__(self, env: jinja2.Environment) -> None:
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


class MaterialTheme:
    """Our pages in the theme environment of MkDocs; `building.Theme`."""

    def __init__(self, config: MkDocsConfig) -> None:
        self.config = config
        self.settings = settings_of(config)
        files = [path for folder in _theme_folders(config) for path in sorted(folder.rglob("*")) if path.is_file()]
        extra = {**config.extra, "exemplars": {name: value for name, value in config.extra["exemplars"].items() if name not in DOORS}}
        parts = [f"{mkdocs.__version__} {_version_of_material()} {jinja2.__version__} {extra} {config.site_name}".encode()]
        self.fingerprint = hashlib.sha256(b"\0".join([*parts, *(path.read_bytes() for path in files)])).hexdigest()
        self.shared = {
            "config": config,
            "settings": self.settings,
            "nav": _build.nav,
            "extra_css": [],
            "mkdocs_version": mkdocs.__version__,
            "card": _build.cards,
        }

    def prepare(self, page: Page) -> None:
        for card in page.cards:
            _build.cards.prepare(card)

    def render(self, page: Page, body: str) -> str:
        base = linking.base(page.address)
        shown = SimpleNamespace(
            title=page.title, url=page.address, canonical_url=self.settings.site_url + page.address, content=body, feeds=page.feeds,
            meta={"title": page.title, "description": page.description}, listed=page.listed, is_homepage=False, toc=[], edit_url=None,
        )  # fmt: skip
        template = _build.env.get_template(page.template)
        head = Markup(metadata.head(page, self.settings))  # noqa: S704 - it escapes
        html: str = template.render(self.shared, page=shown, data=page.data, head=head, base_url=base.rstrip("/"), preview=_build.serving)
        return html


def settings_of(config: MkDocsConfig) -> Settings:
    """The site's settings; a site without an absolute address cannot have feeds, and says so."""
    given = config.extra.get("exemplars") or {}
    address = config.site_url or ""
    if not re.fullmatch(r"https?://[^/\s]+/(?:.*/)?", address):
        raise PluginError(f"mkdocs.yml: `site_url` là «{address}». Hãy ghi địa chỉ đầy đủ, bắt đầu bằng https:// và kết thúc bằng dấu /.")
    if not re.fullmatch(r"[a-z0-9.-]+,\d{4}(-\d\d){0,2}", str(given.get("tag", ""))):
        raise PluginError("mkdocs.yml: `extra.exemplars.tag` phải như portal.example,2020. Đặt một lần, không bao giờ đổi.")
    known = {field.name for field in dataclasses.fields(Settings)}
    return Settings(site_name=config.site_name, site_url=address, description=config.site_description or "",
                    **{name: str(value) for name, value in given.items() if name in known})  # fmt: skip


def _context() -> Context:
    return _build.context or Context(Shelf(Site()), Settings(), {})


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent


def _store(config: MkDocsConfig) -> building.Store:
    return building.Store(Path(config.extra["exemplars"].get("cache") or _root(config) / ".cache") / "store")


def _theme_folders(config: MkDocsConfig) -> list[Path]:
    """The folders of our templates, not Material's."""
    return [Path(folder) for folder in config.theme.dirs if not Path(folder).is_relative_to(Path(material.__file__).parent)
            and not Path(folder).is_relative_to(Path(mkdocs.__file__).parent)]  # fmt: skip


def _version_of_material() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - 20 ms that `mkdocs serve` need not spend at start-up

    return version("mkdocs-material")


def _jobs(config: MkDocsConfig) -> int:
    asked: int | None = config.extra["exemplars"].get("jobs")
    return asked or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _commit(root: Path) -> str | None:
    done = subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout.strip() or None
