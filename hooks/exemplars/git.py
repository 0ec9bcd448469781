"""Git, asked about the repository that a folder lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path


def own(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what git sets for the hooks that it calls: that would lead to another repository or index. Settings stay."""
    return {name: value for name, value in environment.items() if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")}


def run(root: Path, environment: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[bytes] | None:
    """What git answers; None where there is no git. `environment`: all of it, see `own`."""
    import subprocess  # noqa: PLC0415 - 5 ms that a check need not spend

    whole = ["git", "--no-optional-locks", "-C", str(root), *command]
    try:
        return subprocess.run(whole, env=dict(environment), capture_output=True, check=False)  # noqa: S603
    except OSError:
        return None


def commit(root: Path, environment: Mapping[str, str]) -> str | None:
    """The commit that is checked out; None outside a repository, before the first commit, or where there is no git."""
    done = run(root, environment, "rev-parse", "--verify", "HEAD^{commit}")
    return done.stdout.decode().strip() if done and not done.returncode else None
