"""Bar charts that a page draws at build time, with the table beneath each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Chart: TypeAlias = "Mapping[str, Any]"


def chart(id_: str, title: str, finding: str, rows: tuple[tuple[str, int, int, str], ...]) -> Chart:
    """What a bar chart and the table beneath it show.

    finding  one sentence of what there is to see, computed from the rows
    rows     (label, count before, new count, address of its list or "")
    gives    for each row the two widths in % of the longest bar, as text with one decimal, too
    """
    most = max((before + new for _, before, new, _ in rows), default=0) or 1
    bars = tuple(
        (label, before + new, f"{100 * before / most:.1f}", f"{100 * new / most:.1f}", new, href) for label, before, new, href in rows
    )
    return {"id": id_, "title": title, "finding": finding, "rows": bars, "stacked": any(before for _, before, _, _ in rows)}
