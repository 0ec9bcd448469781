#!/usr/bin/env python3
"""Dựng cả trang vào site/: chỉ ghi tệp đã đổi, bỏ tệp không còn; có lỗi thì trang cũ còn nguyên."""

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's advertisement at every start
sys.path.insert(0, str(ROOT / "hooks"))

from jinja2 import TemplateError
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException

from exemplars.reporting.saying import say


def main(arguments: list[str] | None = None) -> int:
    """0 built, 1 errors in the content, 2 misuse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="thư mục chứa mkdocs.yml")
    parser.add_argument("--site", type=Path, help="dựng vào đâu (mặc định: site/)")
    parser.add_argument(
        "--preview",
        action="store_true",
        help="bản xem trước, có cả bài nháp và bài chờ duyệt kèm lời báo (mặc định vào .cache/preview); không dùng để đăng",
    )
    parser.add_argument("--release", type=Path, metavar="THƯ_MỤC", help="dựng mới để đăng: THƯ_MỤC/site, /server, /facts.json")
    parser.add_argument(
        "--taken", action="append", default=[], metavar="MÃ", help="với --release: bài phải gỡ ngay, dù chỗ khác còn dẫn tới"
    )
    parser.add_argument("--no-search", action="store_true", help="không làm chỉ mục tìm kiếm; trang tìm kiếm chỉ dẫn tới các danh sách")
    parser.add_argument("--cache", type=Path, help="để những gì đã làm ở đâu (mặc định: .cache/); cần khi kho chỉ đọc được")
    parser.add_argument("--server", type=Path, help="ghi cấu hình máy chủ vào đâu (mặc định: server/)")
    parser.add_argument("--jobs", type=int, help="số tiến trình làm cùng lúc (mặc định: số bộ xử lý)")
    asked = parser.parse_args(arguments)
    if asked.jobs is not None and asked.jobs < 1:
        parser.error("--jobs phải từ 1 trở lên")
    root = asked.root.resolve()
    release: Path | None = asked.release and asked.release.resolve()
    cache, server = (asked.cache or root / ".cache").resolve(), (asked.server or (release or root) / "server").resolve()
    target = (asked.site or (release and release / "site") or (cache / "preview" if asked.preview else root / "site")).resolve()
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    try:
        config = load_config(str(root / "mkdocs.yml"), site_dir=str(cache / "shell"), strict=not asked.preview)
        config.extra["exemplars"] |= {"aside": True, "cache": str(cache), "jobs": asked.jobs, "taken": asked.taken}
        if asked.no_search:
            config.extra["exemplars"]["search"] = False
        config.plugins.on_startup(command="serve" if asked.preview else "build", dirty=False)
        build(config)
        hooks: Any = config.hooks
        hook = next(module for name, module in hooks.items() if name.endswith("mkdocs_hooks.py"))
        manifest = None if release else cache / ("preview.json" if asked.preview else "manifest.json")
        built = hook.build_into(config, target, manifest)
        if not asked.preview:
            hook.write_server_settings(config, server)
        if release:
            hook.write_facts(release)
    except (MkDocsException, Abort, TemplateError) as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, ImportError) as error:  # a library that is loaded late lies on the same disk
        says = f"Không đọc hay ghi được {getattr(error, 'filename', None) or target} ({getattr(error, 'strerror', None) or error})."
        print(f"{says} Hãy xem lại quyền và chỗ trống trên đĩa rồi chạy lại.", file=sys.stderr)
        return 1
    say(
        f"Đã dựng {built.stories} câu chuyện, {len(built.files)} tệp vào {target}: "
        f"làm mới {built.made}, ghi {built.written}, bỏ {built.removed}.",
        f"Cấu hình máy chủ (nginx, Apache, IIS): {server}",
        f"Xem: {sys.executable} {ROOT / 'scripts/serve.py'} {target}",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
