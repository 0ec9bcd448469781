"""The bounded run of the fuzz targets: a few hundred examples of each, the same on every machine. `make fuzz` is the long one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLES = {"a_story_is_judged_whatever_it_holds": 60, "html_is_harmless": 150}
SUITE = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_target(target: Callable[[], None]) -> None:
    settings(SUITE, max_examples=EXAMPLES.get(target.__name__, 300))(target)()
