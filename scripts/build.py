#!/usr/bin/env python3
"""Dựng cả trang vào site/: chỉ ghi tệp đã đổi, bỏ tệp không còn; có lỗi thì trang cũ còn nguyên."""

import argparse
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's advertisement at every start

if TYPE_CHECKING:
    from exemplars.building import Built
    from exemplars.making import Work
    from exemplars.shells import Shell


class Failed(Exception):  # noqa: N818 - what it is
    """Nothing was built; the message says why, in Vietnamese."""


class Engine:
    """MkDocs, which builds the shell: loaded only where the shell that stands is not what it would build now."""

    def __init__(self, root: Path, folder: Path, asked: argparse.Namespace) -> None:
        from mkdocs.config import load_config  # noqa: PLC0415 - a third of a second

        self.config = load_config(str(root / "mkdocs.yml"), site_dir=str(folder), strict=not asked.preview)
        self.config.plugins.on_startup(command="serve" if asked.preview else "build", dirty=False)
        hooks: Any = self.config.hooks
        self.hook = next(module for name, module in hooks.items() if name.endswith("mkdocs_hooks.py"))

    def shell(self, work: "Work", inputs: str) -> "Shell":
        from mkdocs.commands.build import build  # noqa: PLC0415

        self.hook.hand_over(work)
        build(self.config)
        shell: Shell = self.hook.shell_of(self.config, inputs)
        return shell


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

    def table(self, built: "Built", work: "Work | None") -> str:
        rows = [f"{seconds:8.3f} s  {name}" for name, seconds in self.took.items()]
        counts = {**(work.counts if work else {}), **built.counts, "tệp đã ghi": built.written, "tệp đã bỏ": built.removed}
        return "\n".join([*rows, *(f"{count:8}    {name}" for name, count in counts.items())])


def main(arguments: list[str] | None = None) -> int:
    """0 built, 1 errors in the content, 2 misuse."""
    asked = parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):  # Vietnamese whatever the terminal was set to
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    root = asked.root.resolve()
    target = (asked.site or root / (".cache/preview" if asked.preview else "site")).resolve()
    sys.path.insert(0, str(root / "hooks"))  # those of the site that is built
    try:
        built = whole(root, target, asked)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Đã dựng {built.stories} câu chuyện, {len(built.files)} tệp vào {target}: "
          f"làm mới {built.made}, ghi {built.written}, bỏ {built.removed}.")  # fmt: skip
    if not asked.preview:
        print(f"Cấu hình máy chủ (nginx, Apache, IIS): {root / 'server'}")
    print(f"Xem: {sys.executable} {ROOT / 'scripts/serve.py'} {target}")
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--root", type=Path, default=ROOT, help="thư mục chứa mkdocs.yml")
    made.add_argument("--site", type=Path, help="dựng vào đâu (mặc định: site/)")
    made.add_argument(
        "--preview",
        action="store_true",
        help="bản xem trước, có cả bài nháp và bài chờ duyệt kèm lời báo (mặc định vào .cache/preview); không dùng để đăng",
    )
    made.add_argument("--no-search", action="store_true", help="không làm chỉ mục tìm kiếm; trang tìm kiếm chỉ dẫn tới các danh sách")
    made.add_argument("--no-feeds", action="store_true", help="không làm nguồn tin: để đo, không dùng để đăng")
    made.add_argument("--profile", action="store_true", help="in thêm mỗi bước mất bao nhiêu giây, làm bao nhiêu việc")
    return made


def whole(root: Path, target: Path, asked: argparse.Namespace) -> "Built":
    """One build; the stages in their order.

    errors  Failed
    """
    from exemplars import building, doors, making, remembering, searching, shells  # noqa: PLC0415 - only now it is known whose

    stage = Stages()
    name, day, commit = "preview" if asked.preview else "site", doors.today(), doors.commit(root)
    folder, note, manifest = (root / ".cache" / f"{name}{what}" for what in ("-shell", "-shell.json", ".files"))
    inputs = shells.inputs(root, asked.preview)
    shell = shells.known(note, folder, inputs)
    try:
        engine = None if shell else Engine(root, folder, asked)
        settings = shell.settings if shell else engine.hook.settings_of(engine.config)  # type: ignore[union-attr]
        stage("xem trang viết tay")
        door = making.Door(
            root, day, settings, asked.preview, not asked.no_search, not asked.no_feeds, brief=True, jobs=doors.jobs(), inputs=inputs
        )
        memory = remembering.opened(door.memory)
        built = making.standing(door, memory, target, manifest, commit) if shell else None
        if built:
            stage("xem có gì đổi không")
            return reported(stage, built, None, asked)
        work = making.prepared(door, memory)
        stage("đọc và kiểm bài")
        refuse(work)
        if shell is None or not shell.holds(work.context):
            shell = (engine or Engine(root, folder, asked)).shell(work, inputs)
            shells.note(shell, note)
            stage("dựng trang viết tay (MkDocs)")
        built = making.written(work, target, folder, shell.addresses, manifest, commit)
        stage("dựng và ghi")
    except (building.TwoForOne, searching.Failed) as error:
        raise Failed(str(error)) from None
    except (SystemExit, Exception) as error:
        if not _of_mkdocs(error):
            raise
        raise Failed(str(error)) from None
    if not asked.preview:
        write_server_settings(work, root / "server")
        stage("cấu hình máy chủ")
    return reported(stage, built, work, asked)


def reported(stage: Stages, built: "Built", work: "Work | None", asked: argparse.Namespace) -> "Built":
    if asked.profile:
        print(stage.table(built, work))
    return built


def _of_mkdocs(error: BaseException) -> bool:
    """Whether MkDocs says so; it is not loaded only to ask."""
    known = sys.modules.get("mkdocs.exceptions")
    return known is not None and isinstance(error, known.MkDocsException)


def refuse(work: "Work") -> None:
    """Failed, naming every error, where the content has one and readers would see it."""
    if work.errors and not work.door.preview:
        from exemplars.reporting.report import plain  # noqa: PLC0415 - only for errors

        work.remember()
        errors = [plain(str(problem)) for problem in work.errors]
        raise Failed("\n".join([*errors, f"{len(errors)} lỗi phải sửa, chưa dựng lại trang. Trang đã dựng lần trước còn nguyên."]))


def write_server_settings(work: "Work", folder: Path) -> None:
    """What the web server has to be told, for nginx, Apache and IIS, outside the site."""
    from exemplars import serving  # noqa: PLC0415
    from exemplars.pages import gone_and_moved  # noqa: PLC0415
    from exemplars.storing import write  # noqa: PLC0415

    settings, ways = work.door.settings, serving.Ways(*gone_and_moved(work.context))
    for name, text in serving.settings_for(urlsplit(settings.site_url).path, settings.portals, ways).items():
        write(folder / name, text.encode())


if __name__ == "__main__":
    sys.exit(main())
