"""Who may import whom: the layers, the few third-party packages, and what no module of the package may ask for."""

from __future__ import annotations

import ast
import graphlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).resolve().parent.parent / "hooks/exemplars"
WORDS = frozenset({"vietnamese", "legacy_encodings", "spelling", "citations", "likeness"})
MODEL = WORDS | {"schema", "model"}
ADDRESSED = MODEL | {"approving", "linking"}
SHOWN = ADDRESSED | {"rules", "bodies", "briefs", "renditions", "listing"}

OWN = {
    "vietnamese": frozenset(),
    "legacy_encodings": frozenset({"vietnamese"}),
    "spelling": frozenset({"vietnamese"}),
    "citations": frozenset(),
    "likeness": frozenset({"vietnamese"}),
    "records": frozenset(),
    "schema": frozenset({"records"}),
    "aside": frozenset(),
    "model": frozenset({"schema", "aside", "likeness", "records"}),
    "bounds": frozenset(),
    "strict_yaml": MODEL,
    "shaping": MODEL | {"strict_yaml"},
    "approving": MODEL,
    "linking": MODEL,
    "texts": MODEL | {"aside", "bounds", "strict_yaml"},
    "reading": MODEL | {"aside", "approving", "picture_header", "strict_yaml", "shaping", "texts"},
    "layout": frozenset(),
    "rules": ADDRESSED | {"bounds", "layout", "picture_header"},
    "versions": frozenset(),
    "storing": frozenset(),
    "children": frozenset(),
    "git": frozenset(),
    "doors": frozenset({"git"}),
    "mirroring": frozenset({"storing"}),
    "bodies": frozenset({"versions"}),
    "rendering": MODEL | {"bodies", "bounds", "linking"},
    "picture_header": frozenset(),
    "renditions": frozenset({"versions"}),
    "photos": frozenset({"picture_header", "renditions"}),
    "briefs": ADDRESSED | {"rules"},
    "listing": ADDRESSED | {"briefs"},
    "checking": ADDRESSED | {"rules", "texts"},
    "photo_metadata": frozenset(),
    "repairing": MODEL | {"linking", "layout", "strict_yaml", "shaping", "texts"},
    "rewriting": ADDRESSED
    | {"shaping", "reading", "checking", "picture_header", "repairing", "reporting", "photo_metadata", "photos", "storing"},
    "drafting": ADDRESSED | {"rules", "shaping"},
    "changing": ADDRESSED | {"reading", "checking", "git"},
    "remembering": ADDRESSED | {"children", "reading", "checking"},
    "explaining": MODEL | {"rules"},
    "reporting": MODEL | {"explaining", "rules"},
    "describing": MODEL,
    "story_view": SHOWN,
    "searching": SHOWN | {"story_view"},
    "pages": SHOWN | {"story_view", "explaining", "searching", "calendars"},
    "quoting": MODEL,
    "calendars": MODEL | {"linking"},
    "metadata": SHOWN | {"story_view", "pages"},
    "serving": MODEL | {"linking"},
    "packing": frozenset({"versions"}),
    "unfinished": frozenset(),
    "server_settings": MODEL | {"serving", "packing"},
    "traces": SHOWN | {"packing", "photos", "reading", "searching", "storing"},
    "withdrawing": MODEL,
    "ledger": ADDRESSED | {"listing"},
    "feeds": SHOWN | {"ledger", "story_view", "pages"},
    "dressing": SHOWN | {"story_view", "pages", "metadata", "storing", "versions"},
    "publishing": SHOWN
    | {"building", "checking", "children", "ledger", "packing", "reading", "records", "reporting", "rules", "serving", "shaping", "storing"}
    | {"git", "strict_yaml", "texts", "unfinished"},
    "building": SHOWN
    | {"aside", "calendars", "checking", "children", "feeds", "metadata", "pages", "photos", "quoting", "reading", "rendering", "searching"}
    | {"picture_header", "storing", "story_view", "texts", "unfinished", "versions"},
    "making": SHOWN | {"bodies", "building", "checking", "dressing", "mirroring", "pages", "remembering", "storing", "versions"},
    "shells": ADDRESSED | {"pages", "storing", "versions"},
}
FOR_TYPES = {"story_view": {"pages"}, "searching": {"pages"}}  # the context of a page, which a view only names
THIRD_PARTY = {
    "strict_yaml": {"yaml"},
    "reading": {"yaml"},
    "remembering": {"yaml"},
    "rendering": {"markdown", "nh3"},
    "photos": {"PIL"},
    "searching": {"pagefind_bin"},
    "packing": {"brotli"},
    "feeds": {"feedgen", "lxml"},
    "dressing": {"jinja2", "markupsafe"},
}
NEVER = {"now", "today", "utcnow", "random", "getcwd", "cwd", "environ", "getenv", "urandom", "uuid4"}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported, `exemplars.x` in full; those for types only as well."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides where it leads"
            if node.module in {"exemplars", "exemplars.rules"}:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


@pytest.fixture(params=FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def file(request: pytest.FixtureRequest) -> tuple[str, ast.AST]:
    path: Path = request.param
    return layer(path), ast.parse(path.read_text(encoding="utf-8"))


def test_every_module_has_its_layer() -> None:
    assert {layer(path) for path in FILES} - set(OWN) == set()


def test_a_module_imports_only_what_stands_below_it(file: tuple[str, ast.AST]) -> None:
    name, tree = file
    ours = {module.split(".")[1] for module in imported(tree) if module.startswith("exemplars.")}
    assert ours - OWN[name] - FOR_TYPES.get(name, set()) - {name} == set()


def test_no_layer_stands_on_itself() -> None:
    graphlib.TopologicalSorter(OWN).prepare()  # CycleError


def test_third_party_packages_stay_where_they_belong(file: tuple[str, ast.AST]) -> None:
    name, tree = file
    foreign = {module.split(".")[0] for module in imported(tree)} - set(sys.stdlib_module_names) - {"exemplars"}
    assert foreign - THIRD_PARTY.get(name, set()) == set()


def test_the_package_does_not_know_its_shell(file: tuple[str, ast.AST]) -> None:
    _, tree = file
    assert [module for module in imported(tree) if module.split(".")[0] in {"mkdocs", "material", "properdocs"}] == []


def test_no_module_asks_the_clock_the_dice_or_the_machine(file: tuple[str, ast.AST]) -> None:
    """The doors hand down the day and the root; so the same commit gives the same bytes."""
    name, tree = file
    if name == "doors":  # what the doors ask with, and nobody else imports
        return
    assert not {"random", "secrets", "uuid"} & {module.split(".")[0] for module in imported(tree)}
    asked = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (node.attr in NEVER or ast.unparse(node) in {"time.time", "time.time_ns"})
        and not _is_ours(node)
    ]
    assert asked == []


def _is_ours(node: ast.Attribute) -> bool:
    """`site.today`, `door.today` is the day that was handed down."""
    handed = ("site", "door", "self")
    return (
        node.attr == "today" and isinstance(node.value, ast.Name | ast.Attribute) and any(one in ast.unparse(node.value) for one in handed)
    )


@pytest.mark.parametrize("path", [path for path in FILES if layer(path) == "rules"], ids=lambda path: path.name)
def test_rules_open_no_file_raise_nothing_and_print_nothing(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called & {"open", "print", "input", "eval", "exec", "__import__"} == set()
    modules = {module.split(".")[0] for module in imported(tree)}
    assert modules & {"os", "pathlib", "sys", "logging", "subprocess", "io"} == set()
    assert [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Raise)] == []


OPENING = {"read_text", "read_bytes", "open", "scandir", "iterdir", "glob", "rglob", "walk", "listdir"}
OPEN = {
    "reading", "remembering", "rewriting",  # content
    "searching",  # a scratch folder of its own
    "building", "storing", "children", "mirroring", "shells", "dressing",  # what was built, what is kept of it, the theme
    "traces",  # compares a built site with what it was made of
    "unfinished",  # a build's own note
    "publishing",  # what lies at a place
    "versions",  # the names of libraries
}  # fmt: skip
CLOSED = [path for path in FILES if layer(path) not in OPEN and path.name != "saying.py"]  # it opens /dev/null, to write


@pytest.mark.parametrize("path", CLOSED, ids=lambda path: path.name)
def test_only_reading_opens_content(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) in OPENING]
    assert [ast.unparse(node) for node in calls if not _on_bytes(node)] == []


def _name(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _on_bytes(node: ast.Call) -> bool:
    """`Image.open(io.BytesIO(data))` opens no file."""
    return bool(node.args) and ast.unparse(node.args[0]).startswith("io.BytesIO(")
