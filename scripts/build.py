#!/usr/bin/env python3
"""Dựng cả trang vào site/: chỉ ghi tệp đã đổi, bỏ tệp không còn; có lỗi thì trang cũ còn nguyên."""

import argparse
import logging
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from command import ROOT, Parser
from exemplars import building, doors, making, remembering, searching, shells
from exemplars.building import Built
from exemplars.making import Work
from exemplars.reporting.saying import complain, say, trouble
from exemplars.shells import Shell
from exemplars.storing import alone, sha256_of

os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's advertisement at every start
SERVER = ("nginx.conf", "nginx-brotli.conf", "apache.conf", "web.config")  # what `server_settings` tells; asking it takes time
REFUSED = re.compile(r"Config value '([^']*)': (.*)", re.DOTALL)
KEYS = {"site_url": "Hãy ghi địa chỉ đầy đủ, bắt đầu bằng https:// và kết thúc bằng dấu /, như https://portal.example/guong-sang/."}


class Failed(Exception):  # noqa: N818 - what it is
    """Nothing was built; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Asked:
    """Where one build finds and leaves things, and how. `name` tells its notes under `cache` from those of another kind of build."""

    root: Path
    cache: Path
    target: Path
    server: Path
    release: Path | None
    options: argparse.Namespace

    @property
    def name(self) -> str:
        return "preview" if self.options.preview else "site"

    @property
    def manifest(self) -> Path | None:
        """A release is always written whole. Each other place has a note of its own."""
        if self.release:
            return None
        usual = self.target in {self.root / "site", self.cache / "preview"}
        return self.cache / (f"{self.name}.files" if usual else f"{self.name}-{sha256_of(str(self.target).encode())[:8]}.files")


class Engine:
    """MkDocs, which builds the shell: loaded only where the shell that stands is not what it would build now."""

    def __init__(self, asked: Asked, folder: Path) -> None:
        from mkdocs.config import load_config  # noqa: PLC0415 - a third of a second

        preview = asked.options.preview
        logging.getLogger("mkdocs.config").addFilter(_in_vietnamese)
        self.config = load_config(str(asked.root / "mkdocs.yml"), site_dir=str(folder), strict=not preview)
        self.config.plugins.on_startup(command="serve" if preview else "build", dirty=False)
        hooks: Any = self.config.hooks
        self.hook = next(module for name, module in hooks.items() if name.endswith("mkdocs_hooks.py"))

    def shell(self, work: Work, inputs: str) -> Shell:
        from mkdocs.commands.build import build  # noqa: PLC0415

        self.hook.hand_over(work)
        build(self.config)
        shell: Shell = self.hook.shell_of(self.config, inputs)
        return shell


def _in_vietnamese(record: logging.LogRecord) -> bool:
    """Has MkDocs say in words of ours which key of mkdocs.yml it refuses; a hook cannot, for it is not loaded then."""
    if told := REFUSED.match(record.getMessage()):
        key, why = told[1], " ".join(told[2].split()).rstrip(".")
        record.msg, record.args = f"mkdocs.yml: `{key}` không dùng được. MkDocs báo: {why}. {KEYS.get(key, 'Hãy sửa mục ấy.')}", ()
    return True


class Stages:
    """Seconds of this process by stage, for `--profile`."""

    def __init__(self) -> None:
        self.last = time.perf_counter()
        self.took: dict[str, float] = {}

    def __call__(self, name: str) -> None:
        """The stage of that name is over."""
        now = time.perf_counter()
        self.took[name] = self.took.get(name, 0) + now - self.last
        self.last = now

    def table(self, built: Built, work: Work | None) -> str:
        rows = [f"{seconds:8.3f} s  {name}" for name, seconds in self.took.items()]
        counts = {**(work.counts if work else {}), **built.counts, "tệp đã ghi": built.written, "tệp đã bỏ": built.removed}
        return "\n".join([*rows, *(f"{count:8}    {name}" for name, count in counts.items())])


def main(arguments: list[str] | None = None) -> int:
    """0 built, 1 errors in the content, 2 misuse."""
    asked = _asked(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    stage = Stages()
    try:
        built, work = whole(asked, stage)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, ImportError) as error:  # a library that is loaded late lies on the same disk
        complain(trouble(error, asked.target))
        return 1
    say(
        *([stage.table(built, work)] if asked.options.profile else []),
        f"Đã dựng {built.stories} câu chuyện, {len(built.files)} tệp vào {asked.target}: "
        f"làm mới {built.made}, ghi {built.written}, bỏ {built.removed}.",
        *([] if asked.options.preview else [f"Cấu hình máy chủ (nginx, Apache, IIS): {asked.server}"]),
        f"Xem: {sys.executable} {ROOT / 'scripts/serve.py'} {asked.target}",
    )
    return 0


def _asked(arguments: list[str] | None) -> Asked:
    parser = Parser(description=__doc__)
    add = parser.add_argument
    add("--root", type=Path, default=ROOT, help="thư mục chứa mkdocs.yml")
    add("--site", type=Path, help="dựng vào đâu (mặc định: site/)")
    add("--preview", action="store_true",
        help="bản xem trước, có cả bài nháp và bài chờ duyệt kèm lời báo (mặc định vào .cache/preview); không dùng để đăng")  # fmt: skip
    add("--release", type=Path, metavar="THƯ_MỤC", help="dựng mới để đăng: THƯ_MỤC/site, /server, /facts.json")
    add("--no-search", action="store_true", help="không làm chỉ mục tìm kiếm; trang tìm kiếm chỉ dẫn tới các danh sách")
    add("--no-feeds", action="store_true", help="không làm nguồn tin: để đo, không dùng để đăng")
    add("--cache", type=Path, help="để những gì đã làm ở đâu (mặc định: .cache/); cần khi kho chỉ đọc được")
    add("--server", type=Path, help="ghi cấu hình máy chủ vào đâu (mặc định: server/)")
    add("--jobs", type=int, help="số tiến trình làm cùng lúc (mặc định: số bộ xử lý)")
    add("--profile", action="store_true", help="in thêm mỗi bước mất bao nhiêu giây, làm bao nhiêu việc")
    asked = parser.parse_args(arguments)
    if asked.jobs is not None and asked.jobs < 1:
        parser.error("--jobs phải từ 1 trở lên")
    root = asked.root.resolve()
    release: Path | None = asked.release and asked.release.resolve()
    cache, server = (asked.cache or root / ".cache").resolve(), (asked.server or (release or root) / "server").resolve()
    target = (asked.site or (release and release / "site") or (cache / "preview" if asked.preview else root / "site")).resolve()
    return Asked(root, cache, target, server, release, asked)


def whole(asked: Asked, stage: Stages) -> tuple[Built, Work | None]:
    """One build, and what was looked at for it: nothing where nothing had changed.

    errors  Failed; OSError where a file cannot be read or written
    """
    try:
        with alone(asked.cache / "building.lock", lambda: complain("Đang có một lần dựng khác; chờ lần ấy xong…")):
            return _whole(asked, stage)
    except (building.TwoForOne, searching.Failed) as error:
        raise Failed(str(error)) from None
    except (SystemExit, Exception) as error:
        says = _worded(error, asked.root)
        if says is None:
            raise
        raise Failed(says) from None


def _worded(error: BaseException, root: Path) -> str | None:
    """An error of MkDocs or of a template in words of ours; None for any other."""
    mkdocs: Any = sys.modules.get("mkdocs.exceptions")  # not loaded only to ask whether it says so
    if mkdocs and isinstance(error, mkdocs.Abort):
        return "Chưa dựng lại trang. Hãy sửa những chỗ nêu trên rồi chạy lại."
    if mkdocs and isinstance(error, mkdocs.ConfigurationError):
        return _unread(error, root)
    if mkdocs and isinstance(error, mkdocs.MkDocsException):
        return str(error)
    from exemplars.dressing import fault  # noqa: PLC0415 - only for errors

    return fault(error, root)


def _unread(error: Exception, root: Path) -> str:
    """Why MkDocs cannot read its settings: where in the file, if that is known."""
    import yaml  # noqa: PLC0415 - only for errors

    from exemplars.strict_yaml import stumbled  # noqa: PLC0415

    if isinstance(error.__context__, yaml.MarkedYAMLError):
        line, column, reason = stumbled(error.__context__, (root / "mkdocs.yml").read_text(encoding="utf-8", errors="replace"))
        return f"mkdocs.yml:{line + 1}:{column + 1}: MkDocs không đọc được tệp này: {reason}. Hãy sửa dòng này rồi chạy lại."
    return f"mkdocs.yml: MkDocs không đọc được tệp này ({' '.join(str(error).split())}). Hãy sửa tệp ấy rồi chạy lại."


def _whole(asked: Asked, stage: Stages) -> tuple[Built, Work | None]:
    options, commit = asked.options, doors.commit(asked.root)
    folder, note = asked.cache / f"{asked.name}-shell", asked.cache / f"{asked.name}-shell.json"
    inputs = shells.inputs(asked.root, options.preview)
    shell = shells.known(note, folder, inputs)
    engine = None if shell else Engine(asked, folder)
    stage("xem trang viết tay")
    door = making.Door(
        asked.root, doors.today(), shell.settings if shell else engine.hook.settings_of(engine.config),  # type: ignore[union-attr]
        preview=options.preview, search=not options.no_search, fed=not options.no_feeds, brief=True, jobs=options.jobs or doors.jobs(),
        inputs=inputs, cache=asked.cache,
    )  # fmt: skip
    memory = remembering.opened(door.memory)
    told = options.preview or all((asked.server / name).is_file() for name in SERVER)
    standing = making.standing(door, memory, asked.target, asked.manifest, commit) if shell and told else None
    if standing:
        stage("xem có gì đổi không")
        return standing, None
    work = making.prepared(door, memory)
    stage("đọc và kiểm bài")
    _refuse(work)
    if shell is None or not shell.holds(work.context):
        shell = (engine or Engine(asked, folder)).shell(work, inputs)
        shells.note(shell, note)
        stage("dựng trang viết tay (MkDocs)")
    built = making.written(work, asked.target, folder, shell.addresses, asked.manifest, commit)
    stage("dựng và ghi")
    if not options.preview:
        _write_server_settings(work, asked.server)
    if asked.release:
        _write_facts(work, asked.release)
    return built, work


def _refuse(work: Work) -> None:
    """Failed, naming every error, where the content has one and readers would see it."""
    if work.errors and not work.door.preview:
        from exemplars.reporting.report import plain  # noqa: PLC0415 - only for errors

        work.remember()
        errors = [plain(str(problem)) for problem in work.errors]
        raise Failed("\n".join([*errors, f"{len(errors)} lỗi phải sửa, chưa dựng lại trang. Trang đã dựng lần trước còn nguyên."]))


def _write_server_settings(work: Work, folder: Path) -> None:
    """What the web server has to be told, for nginx, Apache and IIS, outside the site."""
    from exemplars import server_settings  # noqa: PLC0415 - none of it where nothing has changed
    from exemplars.pages.stories import gone_and_moved  # noqa: PLC0415
    from exemplars.storing import write  # noqa: PLC0415

    settings, ways = work.door.settings, server_settings.Ways(*gone_and_moved(work.context))
    for name, text in server_settings.settings_for(urlsplit(settings.site_url).path, settings.portals, ways).items():
        write(folder / name, text.encode())


def _write_facts(work: Work, folder: Path) -> None:
    """What publishing has to know of the stories."""
    from exemplars.publishing import facts  # noqa: PLC0415 - for a release only
    from exemplars.storing import write  # noqa: PLC0415

    write(folder / facts.NAME, facts.facts(work.context.shelf))


if __name__ == "__main__":
    sys.exit(main())
