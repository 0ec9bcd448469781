"""One bad story among many: the others go out, the exit code is 3, and yesterday's site is one short command away."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from faults.reading import over_ssh
from sites import REPOSITORY, tree

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL, REMOTE = 1.0, 10.0  # seconds that a rollback may take


def corpus(root: Path, stories: int) -> None:
    """A repository of that many sound stories, with one commit."""
    subprocess.run([sys.executable, REPOSITORY / "scripts/corpus.py", root, str(stories)], check=True, capture_output=True)
    for name in ("hooks", "scripts"):
        if not (root / name).exists():
            shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    if not (root / "mkdocs.yml").exists():
        shutil.copy(REPOSITORY / "mkdocs.yml", root)
    (root / ".gitignore").write_text(".cache/\nsite/\nserver/\n__pycache__/\n", encoding="utf-8")
    (root / "publish.yml").write_text(f'- {{name: xa, kind: ssh, where: "may:{root.parent}/xa"}}\n', encoding="utf-8")
    git(root, "init", "-q", "-b", "main")
    commit(root)


def git(root: Path, *command: str) -> None:
    subprocess.run(
        ["git", "-C", root, "-c", "user.name=x", "-c", "user.email=x@example.invalid", *command], check=True, capture_output=True
    )


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Đổi")


def publish(root: Path, where: str, *options: str, environment: Mapping[str, str]) -> tuple[subprocess.CompletedProcess[str], float]:
    command = [sys.executable, str(root / "scripts/publish.py"), where, "--root", str(root), "--no-search", *options]
    start = time.monotonic()
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    return done, time.monotonic() - start


def tried(folder: Path, stories: int) -> tuple[str, bool]:
    """What was found, as text, and whether all of it is as it must be."""
    folder.mkdir()
    root, environment = folder / "kho", over_ssh(folder / "gia")
    corpus(root, stories)
    lines, right = [], True
    for kind, where, live, most in (
        ("thư mục", f"{folder}/trang/", folder / "trang/current", LOCAL),
        ("ssh", "xa", folder / "xa/current", REMOTE),
    ):
        git(root, "checkout", "-q", ".")
        first, _ = publish(root, where, "--any-commit", environment=environment)
        before = tree(live.resolve())
        bad = sorted(root.glob("stories/*/*/index.md"))[stories // 2]
        whole = bad.read_text(encoding="utf-8")
        bad.write_text(whole.replace("\nunit: ", "\nunit: khong-co-", 1), encoding="utf-8")
        story = next(path for path in sorted(root.glob("stories/*/*")) if path.is_dir())
        shutil.copytree(story, story.with_name("bai-moi-hong"))
        page = root / "content/gioi-thieu.md"
        page.write_text(f"{page.read_text(encoding='utf-8')}\nThêm một dòng: {kind}.\n", encoding="utf-8")
        commit(root)
        second, seconds = publish(root, where, environment=environment)
        after = tree(live.resolve())
        pages = sum(path.startswith("guong/2") and path.endswith("/index.html") for path in after)
        its = f"guong/{bad.parent.parent.name}/{bad.parent.name}/index.html"
        kept = (
            after[its] == before[its]
            and after["gioi-thieu/index.html"] != before["gioi-thieu/index.html"]
            and "bai-moi-hong" not in " ".join(after)
        )
        back, rollback = publish(root, where, "--rollback", environment=environment)
        same = {path: data for path, data in tree(live.resolve()).items() if path in before} == before
        fine = (first.returncode, second.returncode, back.returncode, kept, same, rollback <= most) == (0, 3, 0, True, True, True)
        lines.append(
            f"một bài hỏng trong {stories}, {kind}: mã {first.returncode}, {second.returncode}; {pages} trang bài; bài hỏng "
            f"{'giữ trang cũ' if kept else 'KHÔNG giữ trang cũ'}; đăng {seconds:.1f} giây; lùi {rollback:.2f} giây, "
            f"{'đúng từng byte' if same else 'KHÔNG đúng'}" + ("" if fine else f"\n{second.stderr[-500:]}{back.stderr[-500:]}")
        )
        right = right and fine
        bad.write_text(whole, encoding="utf-8")
        for path in root.glob("stories/*/bai-moi-hong"):
            shutil.rmtree(path)
        commit(root)
    return "\n".join(lines), right
