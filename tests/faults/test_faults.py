"""A few dozen of the faults and a few thousand of the reads that `make faults` does in full."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults import reading, sweeping
from faults.injecting import EIO, Fault, Zygote, faults
from readers import needs

KINDS = ("folder", "ssh")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> sweeping.Sites:
    return sweeping.made(tmp_path_factory.mktemp("loi") / "sites")


@pytest.fixture
def zygote(tmp_path: Path) -> Iterator[Zygote]:
    needs("strace")
    with Zygote(tmp_path, reading.over_ssh(tmp_path / "gia")) as zygote:
        yield zygote


@pytest.mark.parametrize(("kind", "most"), [("folder", 8), ("ssh", 3)])
def test_readers_have_the_old_site_or_the_new_one_whatever_fails_while_publishing(
    kind: str, most: int, sites: sweeping.Sites, zygote: Zygote, tmp_path: Path
) -> None:
    needs("rsync")
    for sweep in sweeping.publications(sites, zygote, tmp_path / "truoc", kind):
        found = sweeping.swept(sweep, zygote, tmp_path / sweep.name.replace(":", ""), most)
        assert found.total == most
        assert found.wrong == []


def test_a_build_says_what_failed_and_the_next_one_is_whole(sites: sweeping.Sites, zygote: Zygote, tmp_path: Path) -> None:
    for sweep in sweeping.builds(sites, zygote, tmp_path / "truoc"):
        found = sweeping.swept(sweep, zygote, tmp_path / sweep.name, 5)
        assert found.total == 5
        assert found.wrong == []


def test_the_sweep_sees_a_fault_that_is_swallowed(sites: sweeping.Sites, zygote: Zygote, tmp_path: Path) -> None:
    """A judge that can find nothing would be no judge: a site with one file cut is told from old and new."""
    sweep = next(iter(sweeping.publications(sites, zygote, tmp_path / "truoc")))
    place = tmp_path / "cho"
    place.mkdir()
    sweep.prepare(place)
    ended = zygote.run(sweep.do, *sweep.command(place))
    assert sweep.judge(place, ended) == "mới, xong"
    page = place / "trang/current/guong/index.html"
    page.write_bytes(page.read_bytes()[:100])
    with pytest.raises(sweeping.Wrong, match="lẫn lộn"):
        sweep.judge(place, ended)
    page.unlink()
    with pytest.raises(sweeping.Wrong, match="lẫn lộn"):
        sweep.judge(place, ended)


def test_faults_are_spread_over_all_calls() -> None:
    counted = sweeping.Counter({"openat": 400, "rename": 4})
    every = faults(counted, 10_000, everywhere=False)
    assert len(every) == 3 * 404
    assert Fault("openat", EIO, 400) in every
    some = faults(counted, 303, everywhere=True)
    assert len(some) == 303
    assert {one.call for one in some} == {"openat", "rename"}


# ---- readers


def publisher(kind: str, sites: sweeping.Sites, zygote: Zygote, folder: Path) -> Callable[[Path], None]:
    (folder / "kho/content/data").mkdir(parents=True)
    shutil.copy(sites.source(1) / "mkdocs.yml", folder / "kho")

    def publish(made: Path) -> None:
        ended = zygote.run("publish", str(made), *sweeping.arguments(folder, kind))
        assert ended.code == 0, ended.err

    return publish


@pytest.mark.parametrize("kind", KINDS)
def test_no_reader_ever_asks_in_vain(kind: str, sites: sweeping.Sites, zygote: Zygote, tmp_path: Path) -> None:
    needs("nginx")
    publish = publisher(kind, sites, zygote, tmp_path)
    at = reading.nginx(tmp_path / "trang/current", tmp_path / "may-chu")
    told = reading.read_while_publishing(publish, at, sites, tmp_path / "doc", publications=6, reads=3000)
    assert told.broken == []
    assert told.publications >= 6
    assert told.reads >= 3000


def test_no_reader_of_a_store_asks_in_vain(sites: sweeping.Sites, zygote: Zygote, tmp_path: Path) -> None:
    """Without a switch, by phases: a list and a page may be of two versions, but what they name is there."""
    publish = publisher("s3", sites, zygote, tmp_path)
    with reading.store(tmp_path / "s3") as (address, _):
        told = reading.read_while_publishing(
            publish, contextlib.nullcontext(address), sites, tmp_path / "doc", publications=2, reads=200, patient=True
        )
    assert told.broken == []


def test_readers_find_out_a_careless_publisher(sites: sweeping.Sites, tmp_path: Path) -> None:
    """Copied over what is live, removed what is gone: the same readers find missing styles, and pages of two versions."""
    needs("nginx")
    live = tmp_path / "trang/current"

    def publish(made: Path) -> None:
        live.mkdir(parents=True, exist_ok=True)
        subprocess.run(["rsync", "-a", "--delete", "--inplace", "--bwlimit=8000", f"{made}/site/", live], check=True)

    told = reading.read_while_publishing(
        publish, reading.nginx(live, tmp_path / "may-chu"), sites, tmp_path / "doc", publications=4, reads=2000
    )
    assert told.broken != []
