"""The whole of it: `make faults`. Every fault of every kind at some thousands of calls, a million reads, a thousand stories with a bad one.

Prints a table and writes what was wrong to `.cache/faults/`. Takes some twenty minutes on two cores.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(REPOSITORY / part) for part in ("tests", "hooks", "scripts")]

from faults import reading, sweeping, thousand
from faults.injecting import Zygote

KEPT = REPOSITORY / ".cache/faults"


SHARES = (("folder", 0.45, 3), ("build", 0.3, 2), ("ssh", 0.25, 3))  # kind, its share of the cases, how many sweeps it has


def swept(scratch: Path, sites: sweeping.Sites, cases: int) -> list[sweeping.Swept]:
    """Builds, publications to a folder, publications by rsync, side by side; about `cases` in all."""
    with ProcessPoolExecutor(len(SHARES)) as pool:
        found = [pool.submit(_swept, scratch / kind, sites, kind, int(cases * share / sweeps) + 1) for kind, share, sweeps in SHARES]
        return [one for done in found for one in done.result()]


def _swept(scratch: Path, sites: sweeping.Sites, kind: str, most: int) -> list[sweeping.Swept]:
    scratch.mkdir()
    with Zygote(scratch, reading.over_ssh(scratch / "gia")) as zygote:
        before = scratch / "truoc"
        sweeps = sweeping.builds(sites, zygote, before) if kind == "build" else sweeping.publications(sites, zygote, before, kind)
        return [
            sweeping.swept(sweep, zygote, scratch / "x", most, lambda said: print(said, file=sys.stderr, flush=True)) for sweep in sweeps
        ]


def read(scratch: Path, sites: sweeping.Sites, publications: int, reads: int) -> list[tuple[str, reading.Told]]:
    """Half of the reads of a folder, half of a place over ssh, and of an S3 store what there is time for."""
    found = []
    with Zygote(scratch, reading.over_ssh(scratch / "gia-2")) as zygote:
        for kind, times, most in (("folder", publications, reads // 2), ("ssh", publications, reads // 2), ("s3", publications // 5, 0)):
            place = scratch / f"doc-{kind}"
            (place / "kho/content/data").mkdir(parents=True)
            shutil.copy(sites.source(1) / "mkdocs.yml", place / "kho")

            def publish(made: Path, kind: str = kind, place: Path = place) -> None:
                ended = zygote.run("publish", str(made), *sweeping.arguments(place, kind))
                assert ended.code == 0, ended.err

            with contextlib.ExitStack() as stack:
                at: AbstractContextManager[str] = reading.nginx(place / "trang/current", place / "may-chu")
                if kind == "s3":
                    at = contextlib.nullcontext(stack.enter_context(reading.store(place / "s3"))[0])
                told = reading.read_while_publishing(publish, at, sites, place / "x", publications=times, reads=most, patient=kind == "s3")
            found.append((kind, told))
    return found


def main() -> int:
    """0 everything held, 1 something did not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2100)
    parser.add_argument("--publications", type=int, default=50, help="of each kind")
    parser.add_argument("--reads", type=int, default=1_000_000)
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--only", choices=("sweep", "read", "thousand"))
    asked = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    memory = Path("/dev/shm")  # noqa: S108 - the disk is not what is tried, and fsync costs less there
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="gs-loi-", dir=memory if memory.is_dir() else None) as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)
        sites = sweeping.made(scratch / "sites")
        if asked.only in {None, "sweep"}:
            start = time.monotonic()
            found = swept(scratch, sites, asked.cases)
            print(sweeping.written(found), f"{time.monotonic() - start:.0f} giây", sep="\n", flush=True)
            (KEPT / "sai.json").write_text(sweeping.as_json(found), encoding="utf-8")
            wrong += sum(len(one.wrong) for one in found)
            for one in found:
                print(*one.wrong[:10], sep="\n")
        if asked.only in {None, "read"}:
            for kind, told in read(scratch, sites, asked.publications, asked.reads):
                print(
                    f"người đọc, {kind}: {told.publications} lần đăng, {told.reads} lượt đọc, {len(told.broken)} hỏng",
                    *told.broken[:10],
                    sep="\n",
                    flush=True,
                )
                wrong += len(told.broken)
        if asked.only in {None, "thousand"}:
            said, right = thousand.tried(scratch / "nghin", asked.stories)
            print(said, flush=True)
            wrong += not right
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
