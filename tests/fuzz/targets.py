"""What must hold whatever the input. Each target is one hypothesis test: the suite runs a few examples of each, always the same;
`make fuzz` runs the same targets for long, guided by atheris where there is one.
"""

from __future__ import annotations

import atexit
import datetime as dt
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import html5lib
import yaml
from hypothesis import given
from hypothesis import strategies as st

from exemplars.bodies import Body, Picture
from exemplars.bounds import DEEP_MOST, beyond
from exemplars.checking import check
from exemplars.model import Story
from exemplars.reading import read_site
from exemplars.rendering import ATTRIBUTES, TAGS, Renderer
from exemplars.shaping import SLUG, shaped
from exemplars.strict_yaml import DEPTH, Listing, Mapping, Node, Refused, Scalar, parse
from exemplars.texts import decode, split
from exemplars.vietnamese import clean, fold, nearest, nfc, slug
from fuzz.mutations import BLOCKS, BODIES, REPOSITORY, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Problem

TODAY = dt.date(2020, 12, 31)
INDEX = "stories/2020/bai-thu/index.md"
VIETNAMESE = re.compile("[À-ỹĐđ]")
CODE = re.compile(r"[A-Z]{2}[0-9]{3}\Z")
CRASHED = "CT022"


# --- what a good answer is ----------------------------------------------------------------------------------------------


def assert_said_well(problems: Iterable[Problem], root: Path) -> None:
    """Each problem names a file, a line that the file has, a code, and says in Vietnamese what there is and what to do."""
    for problem in problems:
        assert CODE.match(problem.code), problem
        assert problem.code != CRASHED, problem
        assert VIETNAMESE.search(problem.says), problem
        assert VIETNAMESE.search(problem.do), problem
        assert problem.path, problem
        assert problem.line >= 1, problem
        assert problem.column >= 1, problem
        if (root / problem.path).is_file():
            lines = re.split(rb"\r\n|\r|\n", (root / problem.path).read_bytes())
            assert problem.line <= len(lines), problem


def assert_harmless(html: str) -> None:
    """As a browser would read it: only the elements and attributes of the list, nothing that runs, leads astray or clashes."""
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert element.tag in TAGS, element.tag  # a foreign one (svg, math) or a comment is none of them
        for name, value in element.attrib.items():
            assert name in ATTRIBUTES.get(element.tag, set()) | {"class"}, (element.tag, name)
            if name in {"href", "src"}:
                assert re.match(r"(?:https?:|mailto:|tel:|site:/(?![/\\])|#)", value), value
            if name == "id":
                assert value.startswith("muc-"), value


@cache
def a_root() -> Path:
    """The repository's lists, plans and campaigns, and one story."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(REPOSITORY / "content", folder / "content", ignore=shutil.ignore_patterns("events", "published.txt"))
    shutil.copytree(REPOSITORY / "campaigns", folder / "campaigns")
    (folder / INDEX).parent.mkdir(parents=True)
    return folder


@cache
def renderer() -> Renderer:
    return Renderer()


def plain(node: Node | None) -> Any:
    if isinstance(node, Mapping):
        return {name: plain(value) for name, (_, _, value) in node.entries.items()}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return node.text if node else None


def depth(node: Node | None) -> int:
    if node is None or isinstance(node, Scalar):
        return 0
    inner = [value for _, _, value in node.entries.values()] if isinstance(node, Mapping) else node.items
    return 1 + max(map(depth, inner), default=0)


# --- the targets --------------------------------------------------------------------------------------------------------


@given(BLOCKS)
def yaml_is_read_as_typed_or_refused(text: str) -> None:
    """What is accepted is what PyYAML reads when it leaves every scalar a text."""
    text = clean(text)
    try:
        node, problems = parse(text, INDEX, 2)
    except Refused as refused:
        node, problems = None, [refused.problem]
    assert all(VIETNAMESE.search(problem.says) and VIETNAMESE.search(problem.do) and problem.line >= 2 for problem in problems)
    assert depth(node) <= DEPTH
    if not problems:
        assert plain(node) == yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - texts only; libyaml as well, Python's own scanner differs on tabs
    if isinstance(node, Mapping):
        story, faults = shaped(Story, node, INDEX)
        assert isinstance(story, Story)
        assert all(VIETNAMESE.search(fault.says) and VIETNAMESE.search(fault.do) and fault.line >= 2 for fault in faults)


@given(st.one_of(files(), st.binary(max_size=400)))
def a_story_is_judged_whatever_it_holds(data: bytes) -> None:
    """Read and judged by every rule: a record or a problem that names the file; what may be shown is harmless."""
    root = a_root()
    (root / INDEX).write_bytes(data)
    site, problems = read_site(root, TODAY)
    found = check(site, problems)
    assert_said_well(found, root)
    assert site.stories or any(problem.path == INDEX for problem in found)
    for story in site.stories:
        assert_harmless(renderer().html(Body(story.origin.body)))


@given(BODIES, st.booleans())
def html_is_harmless(text: str, known: bool) -> None:  # noqa: FBT001
    """Cleaned once is cleaned for good, and within the limits nothing is lost to them."""
    links = (("b", "guong/2020/b/"), ("javascript:alert(1)", "guong/2020/c/")) if known else ()
    pictures = (("b", Picture("guong/2020/b/anh.webp", 4, 3)), ("data:text/html,x", Picture("x.webp", 4, 3))) if known else ()
    html = renderer().html(Body(text, links, pictures))
    assert_harmless(html)
    assert renderer()._cleaner.clean(html) == html
    assert all(line <= text.count("\n") and DEEP_MOST and VIETNAMESE.search(says + do) for line, says, do in beyond(text))


@given(st.one_of(st.text(max_size=200), BODIES))
def names_are_addresses(text: str) -> None:
    made = slug(text)
    assert made == "" or SLUG.match(made)
    assert slug(made) == made
    assert slug(nfc(text)) == made
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert nearest(text[:80], ("title", "summary", "ngày")) in {"title", "summary", "ngày", None}


@given(st.one_of(files(), st.binary(max_size=200)))
def bytes_are_a_text_or_a_problem(data: bytes) -> None:
    """Nothing between: and the text is normalised, its parts put together again are the whole."""
    text, problems = decode(data, INDEX)
    assert text is not None or problems
    if text is not None:
        assert clean(text.text) == text.text
        parts = split(text.text)
        assert parts is None or text.text.endswith(parts[1])
        assert parts is None or parts[2] == text.text[: len(text.text) - len(parts[1])].count("\n") + 1


TARGETS: dict[str, Callable[[], None]] = {
    target.__name__: target
    for target in (
        yaml_is_read_as_typed_or_refused, bytes_are_a_text_or_a_problem, a_story_is_judged_whatever_it_holds, html_is_harmless, names_are_addresses,
    )
}  # fmt: skip
