"""Whole stories: those in `clean/` give nothing; those in `broken/` give exactly what they announce, where they announce it."""

from __future__ import annotations

import ast
import datetime as dt
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exemplars.checking import blocking, check
from exemplars.model import RecordRule, StoryRule
from exemplars.reading import read_site
from exemplars.rules import NEEDLESS_WAIVER, RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.model import Rule

HERE = Path(__file__).resolve().parent
CLEAN = sorted(path.parent for path in (HERE / "stories/clean").glob("*/index.md"))
BROKEN = sorted(path.parent for path in (HERE / "stories/broken").glob("*/index.md"))
TODAY = dt.date(2020, 12, 31)
EXPECT = re.compile(r"(?:#|<!--) expect: ([A-Z]{2}\d{3})")
IN_BODY = re.compile(r" *<!-- expect: [A-Z]{2}\d{3} -->")


def announced(folder: Path) -> list[tuple[str, int, str]]:
    """File, line and code of every announcement: a YAML comment in the front matter, an HTML comment in the body."""
    return sorted(
        (file.name, number, code)
        for file in folder.iterdir()
        if file.suffix in {".md", ".yml"}
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1)
        for code in EXPECT.findall(line)
    )


def settle(fixture: Path, root: Path) -> str:
    """Copy a fixture into the site. A body takes no comments, so what it announces there is taken out again.

    What a fixture needs otherwise in the site, a list for example, lies in its folder `site/`.
    """
    folder = root / "stories/2020" / fixture.name.lower()
    shutil.copytree(fixture, folder, ignore=shutil.ignore_patterns("site"))
    if (fixture / "site").is_dir():
        shutil.copytree(fixture / "site", root, dirs_exist_ok=True)
    text = (folder / "index.md").read_text(encoding="utf-8")
    (folder / "index.md").write_text(IN_BODY.sub("", text), encoding="utf-8", newline="\n")
    return folder.relative_to(root).as_posix()


@pytest.mark.parametrize("fixture", [*CLEAN, *BROKEN], ids=lambda fixture: fixture.name)
def test_a_story_gives_what_it_announces(fixture: Path, a_root: Callable[..., Path]) -> None:
    root = a_root(real=True)
    shutil.copytree(HERE / "stories/documents", root / "content/documents", dirs_exist_ok=True)
    named = (fixture / "index.md").read_text(encoding="utf-8")
    for neighbour in CLEAN:  # what it links to, or is like
        if neighbour != fixture and neighbour.name in named:
            settle(neighbour, root)
    folder = settle(fixture, root)
    problems = check(*read_site(root, TODAY))
    found = [
        (path.removeprefix(f"{folder}/"), problem.line, problem.code)
        for problem in problems
        if (path := problem.path).startswith(f"{folder}/")
    ]
    assert found == announced(fixture)


@pytest.mark.parametrize("fixture", BROKEN, ids=lambda fixture: fixture.name)
def test_a_broken_story_announces_the_code_it_is_named_after(fixture: Path) -> None:
    assert fixture.name[:5] in {code for _, _, code in announced(fixture)}


@pytest.mark.parametrize("fixture", CLEAN, ids=lambda fixture: fixture.name)
def test_a_clean_story_announces_nothing(fixture: Path) -> None:
    assert announced(fixture) == []


def test_the_stories_of_the_repository_have_no_error(repository: Path) -> None:
    problems = check(*read_site(repository, dt.date(2021, 12, 31)))  # some are of 2021
    assert [str(problem) for problem in blocking(problems) if problem.path.startswith("stories/")] == []


def test_every_story_rule_has_a_broken_story() -> None:
    shown = {code for fixture in BROKEN for _, _, code in announced(fixture)}
    asked = {rule.code for rule in RULES if isinstance(rule, StoryRule | RecordRule)} | {NEEDLESS_WAIVER}
    assert asked - shown == set()


def test_every_rule_has_a_table() -> None:
    """So the rules of a whole site (CT004, CT005, CT014, TL003, TL005), which no single story can break, are tested too."""
    assert [rule.code for rule in RULES if not _tested(rule)] == []


def _tested(rule: Rule) -> bool:
    """Whether `tests/rules/test_<family>.py` has a `test_<function>`."""
    file = HERE / "rules" / f"test_{rule.check.__module__.rpartition('.')[2]}.py"
    if not file.exists():
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return any(name.startswith(f"test_{rule.check.__name__}") for name in names)


def test_codes_are_used_once() -> None:
    codes = [*(rule.code for rule in RULES), NEEDLESS_WAIVER]
    assert sorted(set(codes)) == sorted(codes)
    assert all(re.fullmatch(r"[A-Z]{2}\d{3}", code) for code in codes)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_documented_with_a_wrong_and_a_right_example(rule: Rule) -> None:
    told = rule.check.__doc__ or ""
    first, *_ = told.split("\n")
    assert first.endswith((".", "…"))
    assert "\n    Sai:\n        " in told
    assert "\n    Đúng:\n        " in told
    assert told.index("Sai:") < told.index("Đúng:")
