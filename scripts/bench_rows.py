"""The rows of a bench's table: what was found, and the bound it is held to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what was found, and the bound it is held to, if any."""

    name: str
    found: str
    wanted: str = ""
    met: bool | None = None


def at_most(name: str, value: float, most: float, unit: str, places: int = 0) -> Row:
    return Row(name, f"{value:,.{places}f} {unit}".strip(), f"≤ {most:g} {unit}".strip(), round(value, places) <= most)


def at_least(name: str, value: float, least: float, unit: str, places: int = 0) -> Row:
    return Row(name, f"{value:,.{places}f} {unit}".strip(), f"≥ {least:g} {unit}".strip(), round(value, places) >= least)


def table(rows: list[Row]) -> str:
    lines = ["|  | found | wanted |  |", "| --- | ---: | --- | --- |"]
    for row in rows:
        verdict = "" if row.met is None else "met" if row.met else "**missed**"
        lines.append(f"| {row.name} | {row.found} | {row.wanted} | {verdict} |")
    return "\n".join(lines)
