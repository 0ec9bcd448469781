"""What the builds cost, in bars: one SVG that needs nothing else, is read aloud by its title and description, light and dark."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from benching.costs import Beyond, Figures, Value
from benching.targets import Found, written

OURS = "Gương sáng"
WIDTH, LEFT, RIGHT, ROW, BAR = 720, 150, 90, 26, 16
STYLE = """
text{font:13px system-ui,sans-serif;fill:#1f2328}.h{font-weight:600}.p{fill:#6e7781}.o{fill:#0b6e4f}.b{fill:#fff}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.p{fill:#8b949e}.o{fill:#3fb68b}.b{fill:#0d1117}}
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars of one kind at one size: names and CPU seconds, ours first."""

    title: str
    bars: tuple[tuple[str, Value], ...]


def panels(found: Found, peers: Iterable[str]) -> Iterator[Panel]:
    names = list(peers)
    for size, figures in found.items():
        for what, title in (("cold build", "cold build"), ("build after one edit", "build after one edit")):
            bars = tuple(_bars(figures, what, names))
            if bars:
                yield Panel(f"{size:,} stories, {title}: CPU seconds", bars)


def _bars(figures: Figures, what: str, peers: list[str]) -> Iterator[tuple[str, Value]]:
    for name, row in ((OURS, f"{what}, CPU"), *((peer, f"{peer}, {what}, CPU") for peer in peers)):
        value = figures.get(row)
        if value is not None:
            yield name, value


def chart(found: Found, peers: Iterable[str]) -> str:
    """The whole document. Each panel has a scale of its own; the figures stand beside the bars and in the description."""
    shown = list(panels(found, peers))
    told = " ".join(f"{panel.title}: {', '.join(f'{name} {_seconds(value)}' for name, value in panel.bars)}." for panel in shown)
    height, body = 12, list[str]()
    for panel in shown:
        height += ROW
        body.append(f'<text class="h" x="12" y="{height - 8}">{escape(panel.title)}</text>')
        longest = max((_length(value) for _, value in panel.bars), default=0) or 1
        for name, value in panel.bars:
            height += ROW
            across = max(1, round(_length(value) / longest * (WIDTH - LEFT - RIGHT)))
            kind = "o" if name == OURS else "p"
            body += [
                f'<text x="{LEFT - 8}" y="{height - 9}" text-anchor="end">{escape(name)}</text>',
                f'<rect class="{kind}" x="{LEFT}" y="{height - 22}" width="{across}" height="{BAR}" rx="2"/>',
                f'<text x="{LEFT + across + 6}" y="{height - 9}">{escape(_seconds(value))}</text>',
            ]
        height += 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="t d">',
        '<title id="t">What a build costs, beside other generators</title>', f'<desc id="d">{escape(told)}</desc>', f"<style>{STYLE}</style>",
        f'<rect class="b" width="{WIDTH}" height="{height}"/>', *body, "</svg>",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _seconds(value: Value) -> str:
    return written(value, "s")


def _length(value: Value) -> float:
    return value.least if isinstance(value, Beyond) else value
