"""The long run: `make fuzz`, or one target for longer: `.venv/bin/python tests/fuzz/run.py --seconds 3600 html_is_harmless`.

With atheris each target is guided by the branches it takes; without it (there is no wheel for every Python) hypothesis draws at
random. What fails is kept in `.hypothesis/` by hypothesis, which tries it first the next time, and shown smallest.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
CORPUS = REPOSITORY / ".cache/fuzz"
CODE_UNDER_TEST = ["exemplars", "markdown"]
SLOW = 60  # seconds for one input: the limits allow some three, watched code takes ten times as long
NAMES = (
    "yaml_is_read_as_typed_or_refused", "bytes_are_a_text_or_a_problem", "a_story_is_judged_whatever_it_holds", "html_is_harmless",
    "names_are_addresses",
)  # fmt: skip


def guided(name: str, seconds: int) -> None:
    """Runs until the time is over or something fails; then the process ends."""
    import atheris

    with atheris.instrument_imports(include=CODE_UNDER_TEST):
        from fuzz.targets import TARGETS
    from hypothesis import HealthCheck, settings

    target = settings(deadline=None, suppress_health_check=list(HealthCheck))(TARGETS[name])
    seen = CORPUS / name
    seen.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOW}",
        f"-report_slow_units={SLOW}",
        "-max_len=8192",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={CORPUS}/{name}-", str(seen)], target.hypothesis.fuzz_one_input)
    atheris.Fuzz()


def drawn(name: str, seconds: int) -> None:
    """The same by hypothesis alone: other examples at each turn, each with a limit of its own."""
    from hypothesis import HealthCheck, settings

    from fuzz.targets import TARGETS

    target = settings(max_examples=500, deadline=SLOW * 1000, suppress_health_check=list(HealthCheck))(TARGETS[name])
    end, turns = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        target()
        turns += 1
    print(f"{name}: {turns} × 500")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=120, help="for each target")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*", metavar="target", help=f"of {', '.join(NAMES)}; all if none is named")
    args = parser.parse_args()
    if unknown := set(args.targets) - set(NAMES):
        parser.error(f"{', '.join(sorted(unknown))}: not one of {', '.join(NAMES)}")
    atheris = importlib.util.find_spec("atheris") is not None
    if args.here:
        sys.path[:0] = [str(REPOSITORY / "hooks"), str(REPOSITORY / "tests")]
        (guided if atheris else drawn)(args.targets[0], args.seconds)
        return 0
    if not atheris:
        print(
            f"No atheris for Python {sys.version_info[0]}.{sys.version_info[1]}: hypothesis alone, without guidance by branches.",
            file=sys.stderr,
        )
    failed = []
    for name in args.targets or NAMES:
        print(f"== {name}", flush=True)
        command = [sys.executable, __file__, "--here", "--seconds", str(args.seconds), name]
        if subprocess.run(command, cwd=REPOSITORY, check=False).returncode:
            failed.append(name)
    print("failed: " + ", ".join(failed) if failed else "nothing found")
    return len(failed) > 0


if __name__ == "__main__":
    sys.exit(main())
