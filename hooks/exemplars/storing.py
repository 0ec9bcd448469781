"""Results of earlier builds by key, files written whole or not at all, and which files there are."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

DIGEST = 32


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sealed(data: bytes, form: bytes = b"") -> bytes:
    """The data behind its own hash; `form`: of another form it is not there."""
    return hashlib.sha256(form + data).digest() + data


def unsealed(entry: bytes, form: bytes = b"") -> bytes | None:
    """What was sealed in this form; None where it is damaged or not whole."""
    data = entry[DIGEST:]
    return data if hashlib.sha256(form + data).digest() == entry[:DIGEST] else None


class Store:
    """Results by key (any text), under a folder that may be deleted at any time. An entry carries its own hash: a damaged or
    half-written one is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._met: set[str] = set()  # names of entries that this process has given or taken

    def _path(self, key: str) -> str:
        name = sha256_of(key.encode())
        self._met.add(name)
        return f"{self.folder}/{name[:2]}/{name[2:]}"

    def get(self, key: str) -> bytes | None:
        found = self.find(key)
        return found[0] if found else None

    def find(self, key: str) -> tuple[bytes, str] | None:
        """What is kept, and its sha256."""
        try:
            with open(self._path(key), "rb", buffering=0) as file:  # noqa: PTH123 - thousands of files
                entry = file.read()
        except OSError:
            return None
        data = unsealed(entry)
        if data is None:
            Path(self._path(key)).unlink(missing_ok=True)
            return None
        return data, entry[:DIGEST].hex()

    def has(self, key: str) -> bool:
        return os.path.isfile(self._path(key))  # noqa: PTH113 - thousands of files

    def put(self, key: str, data: bytes) -> None:
        entry = sealed(data)
        try:
            write(self._path(key), entry)
        except FileNotFoundError:  # another process has swept the store in between
            write(self._path(key), entry)

    def file(self, name: str) -> int:
        """A file of this name beside the entries, opened to be read and added to; it carries no hash. Whoever asks closes it."""
        make_folder(self.folder)
        return os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)

    def remove(self, name: str) -> None:
        """Such a file, for whoever opens it from now on; those who have it open keep it."""
        (self.folder / name).unlink(missing_ok=True)

    @property
    def size(self) -> int:
        """How many entries there are, as one of sixteen folders tells: names are hashes, so they hold about as many each."""
        folders = [f"{self.folder}/{n:02x}" for n in range(0, 256, 16)]
        return 16 * sum(len(os.listdir(folder)) for folder in folders if os.path.isdir(folder))  # noqa: PTH112, PTH208 - at every build

    def keep(self, keys: Iterable[str]) -> None:
        """Forgets all but those, and what this process has given or taken."""
        used = {sha256_of(key.encode()) for key in keys} | self._met
        for folder in self.folder.glob("??"):
            for entry in folder.iterdir():
                if folder.name + entry.name not in used:
                    entry.unlink(missing_ok=True)


@contextlib.contextmanager
def alone(lock: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Nobody else who asks for the same lock goes on before this has ended; the kernel lets go for whoever is killed.

    waiting  told when somebody else is at work, before the wait begins
    """
    make_folder(lock.parent)
    file = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def write(path: Path | str, data: bytes, mode: int = 0o644) -> None:
    """Whole or not at all; readable by the web server whatever the umask, unless another mode is asked for."""
    folder, name = os.path.split(path)
    half = f"{folder}/.{name}.{os.getpid()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        file = os.open(half, flags, 0o644)
    except FileNotFoundError:
        make_folder(Path(folder))
        file = os.open(half, flags, 0o644)
    try:
        with open(file, "wb") as opened:  # noqa: PTH123 - thousands of files: pathlib would double the time
            opened.write(data)
            os.fchmod(file, mode)
        os.replace(half, path)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(half)  # noqa: PTH108
        raise


def make_folder(folder: Path) -> None:
    """With those above it that are not there; whatever the umask, the web server may look into them."""
    if not folder.is_dir():
        make_folder(folder.parent)
        with contextlib.suppress(FileExistsError):  # another child was faster
            folder.mkdir()
            folder.chmod(0o755)


def walk(folder: Path) -> list[str]:
    """Paths of all files below, in order; a folder that cannot be read is an OSError."""
    found = []
    for at, _, names in os.walk(folder, onerror=_raise):
        found += [(Path(at) / name).relative_to(folder).as_posix() for name in names]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error  # os.walk passes over what it cannot read: a site would lose pages without a word
