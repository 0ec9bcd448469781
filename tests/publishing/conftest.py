"""Real servers on this machine: one that speaks ssh, one that speaks S3."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parent.parent.parent
S3RVER = REPOSITORY / "node_modules/s3rver/bin/s3rver.js"
SSHD = Path("/usr/sbin/sshd")
WEBSITE = (
    '<WebsiteConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IndexDocument><Suffix>index.html</Suffix></IndexDocument>'
    "</WebsiteConfiguration>"
)


def needs(*tools: str | Path) -> None:
    lacking = [str(tool) for tool in tools if not (tool.is_file() if isinstance(tool, Path) else shutil.which(tool))]
    if lacking:
        says = f"thiếu {', '.join(lacking)}: chạy scripts/tools.py"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(says)


def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


def answers(at: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", at)) == 0:
                return
        assert process.poll() is None, "máy chủ đã dừng"
        time.sleep(0.05)
    pytest.fail(f"không máy chủ nào trả lời ở cổng {at}")


class Ssh(NamedTuple):
    """A machine `may` in the file `config`; also as a remote `may` of rclone in `rclone`."""

    config: Path
    rclone: Path


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ssh]:
    """An sshd of our own, with its own keys, for whoever runs the tests."""
    needs("ssh", "ssh-keygen", "rsync", "rclone", SSHD)
    folder, at = tmp_path_factory.mktemp("sshd"), port()
    for name in ("host", "me"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where it lays down its privileges
    (folder / "sshd_config").write_text(
        f"Port {at}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/me.pub\nStrictModes no\nUsePAM no\n"
        f"PidFile none\nPasswordAuthentication no\nMaxStartups 100\nSubsystem sftp internal-sftp\n", encoding="utf-8",
    )  # fmt: skip
    (folder / "config").write_text(
        f"Host may\n  HostName 127.0.0.1\n  Port {at}\n  IdentityFile {folder}/me\n  IdentitiesOnly yes\n"
        f"  UserKnownHostsFile {folder}/known\n  StrictHostKeyChecking accept-new\n  LogLevel ERROR\n", encoding="utf-8",
    )  # fmt: skip
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "rclone.conf").write_text(
        f"[may]\ntype = sftp\nhost = 127.0.0.1\nport = {at}\nuser = {user}\nkey_file = {folder}/me\n", encoding="utf-8"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "sshd_config"], stdout=log, stderr=log)
        answers(at, process)
        yield Ssh(folder / "config", folder / "rclone.conf")
        process.terminate()
        process.wait()


class S3(NamedTuple):
    """Buckets `trang` and `rieng` as remote `kho` of rclone; `url` is where readers find `trang`; `data` what the server keeps."""

    rclone: Path
    url: str
    data: Path


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    needs("node", "rclone", S3RVER)
    folder, at = tmp_path_factory.mktemp("s3"), port()
    (folder / "website.xml").write_text(WEBSITE, encoding="utf-8")
    (folder / "rclone.conf").write_text(
        "[kho]\ntype = s3\nprovider = Other\naccess_key_id = S3RVER\nsecret_access_key = S3RVER\n"
        f"endpoint = http://127.0.0.1:{at}\n", encoding="utf-8",
    )  # fmt: skip
    command = ["node", S3RVER, "-d", folder / "data", "-a", "127.0.0.1", "-p", str(at), "--silent"]
    buckets = ["--configure-bucket", "trang", folder / "website.xml", "--configure-bucket", "rieng"]
    process = subprocess.Popen([*command, *buckets], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    answers(at, process)
    yield S3(folder / "rclone.conf", f"http://127.0.0.1:{at}/trang/", folder / "data")
    process.terminate()
    process.wait()
