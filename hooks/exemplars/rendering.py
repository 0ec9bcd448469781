"""Markdown → clean HTML: python-markdown for the text, nh3 for what may stay of it. Nothing is read or looked up here."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import SubElement

import markdown
import nh3
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor, Treeprocessor

from exemplars.bodies import Body
from exemplars.bounds import beyond
from exemplars.linking import SCHEME
from exemplars.vietnamese import slug

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from exemplars.bodies import Picture

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "img", "blockquote", "code", "pre", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "rel", "title"}, "img": {"src", "alt", "width", "height", "loading"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"},
    "ol": {"start"},
}  # fmt: skip
ALIGNED = {"text-align: center;": "giua", "text-align: right;": "phai"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Renderer:
    """Renders one body after another; holds the python-markdown machine, which costs more to build than to use."""

    def __init__(self) -> None:
        self._resolver = _Resolver()
        self._markdown = markdown.Markdown(extensions=["tables", "sane_lists", self._resolver], output_format="html", tab_length=4)
        self._cleaner = nh3.Cleaner(
            tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "http", "mailto", "tel", "site"}, link_rel=None,
            allowed_classes={"td": set(ALIGNED.values()), "th": set(ALIGNED.values())},
        )  # fmt: skip

    def html(self, body: Body) -> str:
        """Clean HTML with `site:/` addresses; a text too deep or too laborious to render comes out as plain paragraphs."""
        return self._cleaner.clean(_paragraphs(body.text) if any(beyond(body.text)) else self._rendered(body))

    def _rendered(self, body: Body) -> str:
        self._resolver.body = body
        try:
            return self._markdown.reset().convert(body.text)
        except RecursionError:
            return _paragraphs(body.text)


def _paragraphs(text: str) -> str:
    return "\n".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))


class _Resolver(Extension):
    def __init__(self) -> None:
        super().__init__()
        self.body = Body("")

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - python-markdown's name
        # HTML in a text is shown as it was typed: then every link and image comes by `_Finish`, and nh3 is the second line
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Inline(md), "inline", 20)  # in the place of python-markdown's own
        md.parser.blockprocessors.register(_Plain(md.parser), "plain", 1000)
        md.treeprocessors.register(_Finish(md, self), "exemplars", 0)


# Most of a story is plain paragraphs. The two shortcuts below know one when they see it and spare it the dozen of patterns that
# python-markdown would try in turn; what they give is what it gives (a test compares them), in half of the time.


class _Plain(BlockProcessor):
    """A paragraph whose lines begin with letters, outside lists and without a bar, can be nothing else."""

    LETTERS = re.compile(r"[^\W\d_][^\n|]*(?:\n[^\W\d_][^\n|]*)*")

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002
        return not self.parser.state.isstate("list") and self.LETTERS.fullmatch(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        SubElement(parent, "p").text = blocks.pop(0)


class _Inline(InlineProcessor):
    """Words without any mark are left alone."""

    MARK = re.compile(r"[`\\\[!<&*_]|  \n")

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803 - the name it takes the place of
        if self.MARK.search(data) is None:
            return data
        given: str = super()._InlineProcessor__handleInline(data, patternIndex)  # type: ignore[misc]
        return given


class _Finish(Treeprocessor):
    """Headings get ids and never reach h1; links and images are replaced by what the body says they lead to."""

    def __init__(self, md: markdown.Markdown, resolver: _Resolver) -> None:
        super().__init__(md)
        self.resolver = resolver

    def run(self, root: Element) -> None:
        links, pictures = dict(self.resolver.body.links), dict(self.resolver.body.pictures)
        used: dict[str, int] = {}
        for element in root.iter():
            if element.tag == "a":
                _link(element, links)
            elif element.tag == "img":
                _image(element, pictures)
            elif element.tag in HEADINGS:
                element.tag = HEADINGS[min(max(HEADINGS.index(element.tag), 1), 3)]
                id_ = slug("".join(element.itertext())) or "muc"
                used[id_] = used.get(id_, 0) + 1
                element.set("id", f"muc-{id_}" if used[id_] == 1 else f"muc-{id_}-{used[id_]}")
            elif element.tag in {"td", "th"} and (side := ALIGNED.get(element.attrib.pop("style", ""))):
                element.set("class", side)


def _link(element: Element, links: dict[str, str]) -> None:
    href = element.get("href", "")
    if href in links:
        if links[href] and not links[href].startswith("#"):
            element.set("href", SCHEME + links[href])
        else:
            del element.attrib["href"]
    elif href.startswith(("https:", "http:")):
        element.set("rel", "noopener")
    elif not href.startswith(("#", "mailto:", "tel:")):
        element.attrib.pop("href", None)


def _image(element: Element, pictures: dict[str, Picture]) -> None:
    picture = pictures.get(element.get("src", ""))
    if picture is None:  # not a declared photo of this story: its words stay, the picture does not
        alt = element.get("alt", "")
        tail = element.tail
        element.clear()
        element.tag, element.text, element.tail = "em", alt, tail
        return
    attributes: dict[str, Any] = {"src": SCHEME + picture.src, "width": picture.width, "height": picture.height, "loading": "lazy"}
    for name, value in attributes.items():
        element.set(name, str(value))
