"""What is wanted, and whether it was reached; the tables. A row that misses is marked, one that was not measured says so, none is left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from benching.costs import Beyond, Figures, Value
from benching.ours import LARGE, SMALL

Found = Mapping[int, Figures]
"""Size → its figures."""
NONE = "not measured"


@dataclass(frozen=True, slots=True)
class At:
    """A figure at a size."""

    size: int
    name: str

    def of(self, found: Found) -> Value | None:
        return found.get(self.size, {}).get(self.name)


@dataclass(frozen=True, slots=True)
class Target:
    """A figure, or its ratio to another, and the most that is wanted. `said`: the other in words."""

    row: str
    what: At
    most: float
    unit: str
    to: At | None = None
    said: str = ""


def _cold() -> Iterator[Target]:
    row, cpu, wall = f"cold build, {LARGE:,}", At(LARGE, "cold build, CPU"), At(LARGE, "cold build, wall")
    yield Target(row, cpu, 1.5, "×", At(LARGE, "bare pass, CPU"), "the bare pass")
    yield Target(f"{row}, wall", wall, 0.60, "×", cpu, "its own CPU")
    yield Target(row, cpu, 0.70, "×", At(LARGE, "Pelican, cold build, CPU"), "Pelican")
    yield Target(row, cpu, 0.40, "×", At(LARGE, "Hugo with related, cold build, CPU"), "Hugo with related")
    yield Target(row, cpu, 0.08, "×", At(LARGE, "Material blog, cold build, CPU"), "Material blog")
    yield Target(f"{row}, wall", wall, 1.25, "×", At(LARGE, "Hugo, cold build, wall"), "Hugo without related")
    row, cpu = f"cold build, {SMALL:,}", At(SMALL, "cold build, CPU")
    yield Target(row, cpu, 0.8, "×", At(SMALL, "Pelican, cold build, CPU"), "Pelican")
    yield Target(row, cpu, 0.2, "×", At(SMALL, "Material blog, cold build, CPU"), "Material blog")
    yield Target(f"{row}, wall", At(SMALL, "cold build, wall"), 2.2, "s")


def _again() -> Iterator[Target]:
    for size, most in ((SMALL, 1.3), (LARGE, 2.0)):
        page = At(size, "one page, CPU")
        yield Target(f"one story edited, {size:,}", At(size, "build after one edit, CPU"), most, "×", page, "a site of one page")
    # the row names Hugo's rebuild and no more: held to the cheaper of the two
    edit, hugo = At(LARGE, "build after one edit, CPU"), At(LARGE, "Hugo, build after one edit, CPU")
    yield Target(f"one story edited, {LARGE:,}", edit, 0.06, "×", hugo, "Hugo's rebuild, without related")
    yield Target(
        f"nothing changed, {LARGE:,}", At(LARGE, "unchanged build, CPU"), 1.6, "×", At(LARGE, "one page, CPU"), "a site of one page"
    )
    yield Target(f"nothing changed, {LARGE:,}, files written", At(LARGE, "unchanged build, files written"), 0, "")
    for size, most in ((SMALL, 1), (LARGE, 2)):
        yield Target(f"`mkdocs serve`, an edit on screen, {size:,}", At(size, "serve, an edit on screen, wall"), most, "s")


def _search() -> Iterator[Target]:
    with_search = At(LARGE, "build after one edit, search index too, CPU")
    yield Target(f"one story edited, its search shard included, {LARGE:,}", with_search, 3, "s")
    for size, most in ((SMALL, 2.2), (LARGE, 22)):
        yield Target(f"search index, {size:,}, cold", At(size, "search index added, CPU"), most, "s")
    yield Target(f"search index, {LARGE:,}, peak", At(LARGE, "search index added, peak"), 1_500, "MB")


def _scale() -> Iterator[Target]:
    yield Target(f"peak memory, largest process, {LARGE:,}", At(LARGE, "cold build, peak"), 170, "MB")
    growth, small = f"growth {SMALL:,} → {LARGE:,}", f"that at {SMALL:,}"
    for what, name, most in (
        ("cold build", "cold build, CPU", 10), ("one edit", "build after one edit, CPU", 2.5),
        ("bytes of the same pages", "story page, mean of the same 1,000", 1.01),
    ):  # fmt: skip
        yield Target(f"{growth}, {what}", At(LARGE, name), most, "×", At(SMALL, name), small)
    for size in (SMALL, LARGE):
        yield Target(f"story page, largest, {size:,}", At(size, "story page, largest"), 20, "kB")


def _checks() -> Iterator[Target]:
    yield Target(f"check, cold, {SMALL:,}", At(SMALL, "cold check, CPU"), 2, "s")
    yield Target(f"check, cold, {LARGE:,}", At(LARGE, "cold check, CPU"), 8, "s")
    yield Target(f"check, cold, {LARGE:,}, peak", At(LARGE, "cold check, peak"), 250, "MB")
    yield Target(f"check, unchanged, {LARGE:,}", At(LARGE, "unchanged check, CPU"), 1.5, "s")
    yield Target(f"check after one edit, {LARGE:,}", At(LARGE, "check after one edit, CPU"), 0.5, "s")
    for size in (SMALL, LARGE):
        yield Target(f"check of one story alone, after {size:,}", At(size, "check of one story alone, CPU"), 0.1, "s")


TARGETS = (*_cold(), *_again(), *_search(), *_scale(), *_checks())


# --- verdicts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """`met` is None where it was not measured, or a stopped peer leaves it open."""

    found: str
    met: bool | None


def verdict(target: Target, found: Found) -> Verdict:
    value, other = target.what.of(found), target.to.of(found) if target.to else 1.0
    if value is None or other is None:
        return Verdict(NONE, None)
    ratio = _least(value) / _least(other)
    sides = f" ({_text(value)} ÷ {_text(other)})" if target.to else ""
    if isinstance(value, Beyond) and isinstance(other, Beyond):
        return Verdict("both stopped", None)
    if isinstance(value, Beyond):
        return Verdict(f"> {_figure(ratio, target.unit)}{sides}", False if ratio > target.most else None)
    if isinstance(other, Beyond):
        return Verdict(f"< {_figure(ratio, target.unit)}{sides}", True if ratio <= target.most else None)
    return Verdict(f"{_figure(ratio, target.unit)}{sides}", ratio <= target.most)


def _least(value: Value) -> float:
    return value.least if isinstance(value, Beyond) else value


def _text(value: Value) -> str:
    return f"{'> ' if isinstance(value, Beyond) else ''}{_least(value):,.2f}"


def _figure(value: float, unit: str) -> str:
    places = 2 if unit in {"s", "kB"} or (unit == "×" and value >= 0.1) else 3 if unit == "×" else 0  # noqa: PLR2004 - three figures
    return f"{value:,.{places}f} {unit}".strip()


def written(value: Value | None, unit: str) -> str:
    """A cell: the figure, «more than» where the process was stopped, a dash where there is none."""
    if value is None:
        return "–"
    return f"{'> ' if isinstance(value, Beyond) else ''}{_figure(_least(value), unit)}"


# --- tables ---------------------------------------------------------------------------------------------------------------


def lined(heads: list[str], rows: Iterable[list[str]], right: Iterable[int]) -> str:
    """A Markdown table; columns `right` are figures."""
    rule = ["---:" if column in set(right) else "---" for column in range(len(heads))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *rows))


def target_table(found: Found) -> str:
    rows = []
    for target in TARGETS:
        told = verdict(target, found)
        wanted = f"≤ {target.most:g} {target.unit}".strip() + (f" {target.said}" if target.said else "")
        rows.append([target.row, told.found, wanted, {True: "met", False: "**missed**", None: "open"}[told.met]])
    return lined(["", "found", "wanted", ""], rows, [1])


ROWS = (
    *((f"{work}, {figure}", unit)
      for work in ("cold build", "unchanged build", "build after one edit", "search index added", "build after one edit, search index too",
                   "cold check", "unchanged check", "check after one edit", "check of one story alone")
      for figure, unit in (("CPU", "s"), ("wall", "s"), ("peak", "MB"))),
    ("serve, an edit on screen, wall", "s"), ("site, files", ""), ("site, size", "MB"), ("story page, median", "kB"),
    ("story page, largest", "kB"), ("feed.xml", "kB"),
)  # fmt: skip


def our_table(found: Found) -> str:
    """All that was measured of our own commands, at every size."""
    sizes = list(found)
    rows = [[name, *(written(found[size].get(name), unit) for size in sizes)] for name, unit in ROWS]
    return lined(["", *(f"{size:,} stories" for size in sizes)], rows, range(1, len(sizes) + 1))


COLUMNS = (("cold build, CPU", "s"), ("cold build, wall", "s"), ("cold build, peak", "MB"), ("build after one edit, CPU", "s"),
           ("build after one edit, wall", "s"), ("files", ""), ("size", "MB"))  # fmt: skip


def peer_table(figures: Figures, names: Iterable[str]) -> str:
    """Ours and the peers at one size, and our cold CPU as a share of each."""
    ours = figures.get("cold build, CPU")
    rows = [["ours", *(written(figures.get(name if "build" in name else f"site, {name}"), unit) for name, unit in COLUMNS), ""]]
    for peer in names:
        cold = figures.get(f"{peer}, cold build, CPU")
        share = (
            "" if ours is None or cold is None else f"{'< ' if isinstance(cold, Beyond) else ''}{_figure(_least(ours) / _least(cold), '×')}"
        )
        rows.append([peer, *(written(figures.get(f"{peer}, {name}"), unit) for name, unit in COLUMNS), share])
    for floor in ("bare pass", "one page"):
        told = [written(figures.get(f"{floor}, {figure}"), unit) for figure, unit in (("CPU", "s"), ("wall", "s"), ("peak", "MB"))]
        rows.append([f"*{floor}*", *told, "", "", "", "", ""])
    heads = ["", *(name.replace("build after one edit", "one edit") for name, _ in COLUMNS), "ours ÷ its cold CPU"]
    return lined(heads, rows, range(1, len(heads)))
