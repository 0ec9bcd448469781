"""Problems told outward: to a person at a terminal, to a forge, to a program. One format a module, each loaded when it is asked for."""

# ruff: noqa: PLC0415 - a check of one story pays for one format, not for eight

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.reporting.report import Report

FORMATS = ("text", "github", "gitlab", "sarif", "rdjson", "junit", "json", "markdown")


def writer(name: str) -> Callable[[Report], str]:
    """The function that writes this format; KeyError for a name that is not in FORMATS."""
    match name:
        case "text":
            from exemplars.reporting.text import text as write
        case "github":
            from exemplars.reporting.github import github as write
        case "gitlab":
            from exemplars.reporting.gitlab import gitlab as write
        case "sarif":
            from exemplars.reporting.sarif import sarif as write
        case "rdjson":
            from exemplars.reporting.rdjson import rdjson as write
        case "junit":
            from exemplars.reporting.junit import junit as write
        case "json":
            from exemplars.reporting.as_json import as_json as write
        case "markdown":
            from exemplars.reporting.markdown import markdown as write
        case _:
            raise KeyError(name)
    return write
