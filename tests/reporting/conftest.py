"""A report for the formats."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.reporting.report import Report
from reports import ERROR, PATH, REMINDER, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.model import Problem


@pytest.fixture
def a_report() -> Callable[..., Report]:
    """The reminder and the error in one file of four lines; any field may be replaced."""

    def build(*found: Problem, **changed: Any) -> Report:
        report = Report(found or (REMINDER, ERROR), "3 bài", source=lambda path: SOURCE if path == PATH else "")
        return replace(report, **changed)

    return build
