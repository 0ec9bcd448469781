"""The only file that knows MkDocs: it carries, it decides nothing.

MkDocs builds the hand-written pages of content/ with the templates of hooks/theme/; all else is made by `exemplars`.
"""

import dataclasses
import logging
import re
from pathlib import Path
from typing import Any

import jinja2
import material
import mkdocs
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as ShellPage

from exemplars import building, doors, linking, making, metadata, searching, shells
from exemplars.dressing import Cards, fault
from exemplars.making import Door, Work
from exemplars.model import Settings
from exemplars.pages import Context
from exemplars.pages.home import home, shell_page
from exemplars.reporting.report import plain
from exemplars.reporting.saying import trouble
from exemplars.storing import walk

log = logging.getLogger("mkdocs.hooks.exemplars")  # only loggers under `mkdocs.` count in strict mode
LENT = (".css", ".js", ".svg", ".woff2", ".txt", ".png")  # what a theme has beside templates
UNSHOWN = re.compile(rf'<a href="{linking.SCHEME}{shells.UNSHOWN}"[^>]*>(.*?)</a>', re.DOTALL)
DEAD = re.compile(r"(?=.*contains an (absolute) link|)Doc file '([^']+)' contains [^']*'([^']+)'")
NAV = (
    (re.compile(r"The following pages exist.*?:\n  - (.*)", re.DOTALL),
     r"trang viết tay chưa có trong mục `nav`: \1. Hãy thêm vào `nav`, hoặc đưa tệp ra khỏi content/."),
    (re.compile(r"A reference to '(.*?)' is included in .*"),
     r"mục `nav` nêu «\1», mà content/ không có tệp ấy. Hãy sửa tên tệp, hoặc bỏ dòng ấy."),
    (re.compile(r"An absolute path to '(.*?)' is included in .*"),
     r"mục `nav` nêu «\1» là địa chỉ tuyệt đối, máy không soát được. Hãy ghi tên tệp .md trong content/, hoặc địa chỉ đầy đủ https://…"),
)  # fmt: skip
LINK = re.compile(r"(\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?)([^)\s>]+)", re.MULTILINE)


@dataclasses.dataclass
class Build:
    """What one build hands from event to event: the only state there is.

    handed  the site that `scripts/build.py` has looked at already; MkDocs then builds the shell and no more
    """

    serving: bool = False
    handed: bool = False
    work: Work | None = None
    cards: Any = None
    lead: str = ""
    docs: Path = Path()
    links: list[tuple[str, str, str]] = dataclasses.field(default_factory=list)
    addresses: tuple[str, ...] = ()
    stamp: Path | None = None


_build = Build()


def on_startup(*, command: str, dirty: bool) -> None:
    if dirty:
        raise PluginError("Không dùng `--dirty`: lần dựng nào cũng chỉ làm lại những trang có chỗ đã đổi.")
    _build.serving = command == "serve"


def on_serve(server: Any, **_: Any) -> Any:
    _build.serving = True  # `mkdocs serve --clean` calls itself "build" at start-up
    return server


def on_config(config: MkDocsConfig) -> None:
    _build.docs = Path(config.docs_dir)
    for name in ("pages", "nav"):
        logging.getLogger(f"mkdocs.structure.{name}").addFilter(_in_vietnamese)
    config.theme.static_templates.discard("sitemap.xml")  # ours lists every page, with the days of the content, not of the build


def _in_vietnamese(record: logging.LogRecord) -> bool:
    """Says of a link that MkDocs cannot follow what the rules say of a story's, and which line of `nav` is wrong."""
    message = record.getMessage()
    if dead := DEAD.match(message):
        path, href, absolute = f"{_build.docs.name}/{dead[2]}", dead[3], dead[1]
        lines = (_build.docs / dead[2]).read_text(encoding="utf-8", errors="replace").split("\n")
        line = next((number for number, typed in enumerate(lines, 1) if href in typed), 1)
        says = "là địa chỉ tuyệt đối, máy không soát được. Hãy ghi đường dẫn tới tệp .md, hoặc địa chỉ đầy đủ https://…"
        told = says if absolute else "không dẫn tới trang hay mục nào. Hãy sửa đường dẫn."
        record.msg, record.args = f"{path}:{line}: liên kết «{href}» {told}", ()
    for pattern, says in NAV:
        if found := pattern.fullmatch(message):
            record.msg, record.args = f"mkdocs.yml: {found.expand(says)}".replace("\n  - ", ", "), ()
    return True


def on_pre_build(config: MkDocsConfig) -> None:
    """Reads and checks before MkDocs empties the output folder, so that a bad story leaves the last site standing."""
    _build.links.clear()
    if _build.handed:
        return
    work = _build.work = making.prepared(door_of(config, preview=_build.serving))
    for problem in work.problems:
        log.log(logging.ERROR if problem.level == "error" else logging.INFO, "%s", plain(str(problem)))
    if work.errors and not _build.serving:
        work.remember()
        raise PluginError(f"{len(work.errors)} lỗi phải sửa, chưa dựng lại trang. Trang đã dựng lần trước còn nguyên.")
    _hold_plan(work)


def _hold_plan(work: Work) -> None:
    """The home page names the criteria of a plan: it must be there."""
    wanted, site = work.door.settings.plan, work.look.site
    if wanted and not site.find("plans", wanted) and not site.may_hold("plans", wanted):
        there = ", ".join(plan.id for plan in site.plans) or "chưa có kế hoạch nào"
        raise PluginError(f"mkdocs.yml: `extra.exemplars.plan` là «{wanted}», mà content/plans không có kế hoạch ấy. Đang có: {there}.")


def hand_over(work: Work) -> None:
    """Has MkDocs build the shell of a site that somebody has looked at, and nothing else."""
    _hold_plan(work)
    _build.work, _build.handed, _build.serving = work, True, work.door.preview


def shell_of(config: MkDocsConfig, inputs: str) -> shells.Shell:
    """What MkDocs has just built, as far as it follows from the stories."""
    context = _context()
    told = shells.shown_at_home(context, _build.lead)
    return shells.Shell(inputs, settings_of(config), _build.lead, told, tuple(_build.links), _build.addresses,
                        shells.files_of(Path(config.site_dir)))  # fmt: skip


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
    wanted = {path: Path(config.docs_dir, path) for path in walk(Path(config.docs_dir))}
    wanted |= {path: folder / path for folder in _theme_folders(config) for path in walk(folder) if path.endswith(LENT)}
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
    led = shells.Shell.led(href, path, _context())
    if not led:
        log.warning("%s: liên kết «%s» không dẫn tới tệp nào. Hãy sửa đường dẫn.", path, href)
        return href
    _build.links.append((href, path, led))
    return linking.SCHEME + led


def on_env(env: jinja2.Environment, *, config: MkDocsConfig, **_: Any) -> None:
    ours = {path.relative_to(folder).as_posix(): path for folder in _theme_folders(config) for path in folder.rglob("*.html")}
    env.autoescape = lambda name: name in ours  # MkDocs escapes nothing by itself
    env.auto_reload = False  # once found they stay found
    _hold_templates(env, ours, config)
    _build.cards = Cards(env)


def _hold_templates(env: jinja2.Environment, ours: dict[str, Path], config: MkDocsConfig) -> None:
    """Jinja passes over a file that the disk refuses, and takes the next of that name: Material's. errors: PluginError."""
    theirs = [Path(folder) for folder in config.theme.dirs if Path(folder) not in _theme_folders(config)]
    for name, path in ours.items():
        if any((folder / name).is_file() for folder in theirs) and env.get_template(name).filename != str(path):
            raise PluginError(f"{path}: không đọc được mẫu trang này. Hãy xem lại tệp và quyền đọc, rồi dựng lại.")


def on_page_context(context: Any, *, page: ShellPage, config: MkDocsConfig, **_: Any) -> Any:
    if page.is_homepage:
        _build.lead = str(page.meta.get("lead", ""))
    context["data"] = home(_context(), _build.lead) if page.is_homepage else {}
    context["settings"], context["card"] = settings_of(config), _build.cards
    title, about = str(page.meta.get("title") or page.title), str(page.meta.get("description") or config.site_description)
    shown = shell_page(page.url.removeprefix("./"), title, about)
    context["head"] = Markup(metadata.head(shown, context["settings"], home=page.is_homepage))  # noqa: S704 - it escapes
    return context


def on_template_context(context: Any, *, config: MkDocsConfig, **_: Any) -> Any:
    context["settings"] = settings_of(config)
    return context


def on_post_page(output: str, *, page: ShellPage, **_: Any) -> str:
    return linking.relative(UNSHOWN.sub(r"\1", output), page.url)


def on_post_build(config: MkDocsConfig) -> None:
    """Our files, from a folder of their own where only what has changed is made: linked into the one that MkDocs has emptied."""
    if _build.handed or _build.work is None:
        return
    site = Path(config.site_dir)
    _build.stamp = site / "build.json"
    aside = _build.work.door.root / ".cache" / ("served" if _build.serving else "built")
    try:
        making.beside(_build.work, aside, site, _build.addresses, doors.commit(_build.work.door.root))
    except (building.TwoForOne, searching.Failed) as error:
        raise PluginError(str(error)) from None


def on_build_error(*, error: Exception, **_: Any) -> None:
    """A strict build may still fail after `on_post_build`: nothing may then look finished. A template that failed is named, and a disk."""
    if _build.stamp and not _build.serving:
        _build.stamp.unlink(missing_ok=True)
    root = Path(__file__).resolve().parent.parent
    if says := fault(error, root) or (trouble(error, root) if isinstance(error, OSError) else None):
        raise PluginError(says) from None


def door_of(config: MkDocsConfig, *, preview: bool) -> Door:
    return Door(_root(config), doors.today(), settings_of(config), preview=preview, jobs=doors.jobs())


def settings_of(config: MkDocsConfig) -> Settings:
    """The site's settings; a site without an absolute address cannot have feeds, and says so."""
    given = {name: "" if value is None else str(value) for name, value in (config.extra.get("exemplars") or {}).items()}
    address = config.site_url or ""
    if not linking.ON_THE_WEB.fullmatch(address) or not address.endswith("/"):
        raise PluginError(
            f"mkdocs.yml: `site_url` là «{address}». Hãy ghi địa chỉ đầy đủ, bắt đầu bằng https:// và kết thúc bằng dấu /, không dấu cách, không chữ có dấu."
        )
    if not re.fullmatch(r"[a-z0-9.-]+,\d{4}(-\d\d){0,2}", given.get("tag", "")):
        raise PluginError("mkdocs.yml: `extra.exemplars.tag` phải như portal.example,2020. Đặt một lần, không bao giờ đổi.")
    contact, hub = given.get("contact", ""), given.get("hub", "")
    if contact and not re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+", contact):
        raise PluginError(
            f"mkdocs.yml: `extra.exemplars.contact` là «{contact}». Hãy ghi đúng một hộp thư, như lienhe@portal.example, hoặc để trống."
        )
    if hub and not linking.ON_THE_WEB.fullmatch(hub):
        raise PluginError(f"mkdocs.yml: `extra.exemplars.hub` là «{hub}». Hãy ghi địa chỉ đầy đủ, bắt đầu bằng https://, hoặc để trống.")
    known = {field.name for field in dataclasses.fields(Settings)}
    return Settings(site_name=config.site_name, site_url=address, description=config.site_description or "",
                    **{name: value for name, value in given.items() if name in known})  # fmt: skip


def _context() -> Context:
    assert _build.work is not None  # noqa: S101 - `on_pre_build` comes first
    return _build.work.context


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent


def _theme_folders(config: MkDocsConfig) -> list[Path]:
    """The folders of our templates, not Material's."""
    return [Path(folder) for folder in config.theme.dirs if not Path(folder).is_relative_to(Path(material.__file__).parent)
            and not Path(folder).is_relative_to(Path(mkdocs.__file__).parent)]  # fmt: skip
