"""The last word of a command, where nobody can take it down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sites import REPOSITORY

SAYS = "import sys; sys.path.insert(0, 'hooks'); from exemplars.reporting.saying import complain, say; say('xong', 'hết'); complain('lỗi'); sys.exit(3)"


@pytest.mark.parametrize("where", ["/dev/full", "/dev/null"])
def test_a_full_disk_behind_the_output_changes_no_exit_code(where: str) -> None:
    with Path(where).open("wb") as out:
        done = subprocess.run([sys.executable, "-c", SAYS], cwd=REPOSITORY, stdout=out, stderr=out, check=False)
    assert done.returncode == 3


def test_what_can_be_said_is_said() -> None:
    done = subprocess.run([sys.executable, "-c", SAYS], cwd=REPOSITORY, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "xong\nhết\n", "lỗi\n")
