#!/usr/bin/env python3
"""Chuẩn bị công cụ để kiểm trang bằng phần mềm thật: trình duyệt, máy chủ, phần mềm đọc tin, và các gói trong package-lock.json."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from command import ROOT, Parser

# program, or file of a library → Debian package
PROGRAMS = {
    "chromium": "chromium", "java": "default-jre-headless", "javac": "default-jdk-headless", "node": "nodejs", "npm": "npm", "nginx": "nginx-light",
    "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so": "libnginx-mod-http-brotli-static", "apache2": "apache2-bin", "strace": "strace", "faketime": "faketime",
    "rsync": "rsync", "ssh": "openssh-client", "/usr/sbin/sshd": "openssh-server", "rclone": "rclone", "git": "git",
    "newsboat": "newsboat", "sfeed": "sfeed", "r2e": "rss2email", "ruby": "ruby", "php": "php-cli",
    "/usr/share/perl5/XML/Feed.pm": "libxml-feed-perl",
    "/usr/share/java/rome.jar": "librome-java", "/usr/share/php/Horde/Feed.php": "php-horde-feed",
}  # fmt: skip


def missing() -> list[str]:
    """Programs and libraries that are not there."""
    return [name for name in PROGRAMS if not (Path(name).is_file() if name.startswith("/") else shutil.which(name))]


def install(programs: list[str]) -> None:
    """By apt, where that is allowed; what then is still missing is told by the caller."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid():
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = [PROGRAMS[name] for name in programs]
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)  # noqa: S603, S607


def packages(*, bench: bool) -> bool:
    """The packages of package-lock.json in node_modules/, exactly; those of the bench only when asked for."""
    stamp = ROOT / "node_modules" / ".of"
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    have = stamp.read_text(encoding="utf-8").split() if stamp.is_file() else []
    if have[:1] == [wanted] and (not bench or have[1:] == ["bench"]):
        return True
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *([] if bench else ["--omit=dev"])]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    if done.returncode:
        return False
    stamp.write_text(f"{wanted}{' bench' if bench else ''}\n", encoding="utf-8")
    return True


def main(arguments: list[str] | None = None) -> int:
    """0 all there, or (outside CI and the bench) told what is missing; 1 something is missing."""
    parser = Parser(description=__doc__)
    parser.add_argument("--bench", action="store_true", help="cả Lighthouse, cho `make bench`")
    asked = parser.parse_args(arguments)
    if missing():
        install(missing())
    lacking = missing()
    if not lacking and packages(bench=asked.bench):
        return 0
    what = ", ".join(lacking) if lacking else "các gói npm (npm ci không xong)"
    how = f"apt-get install {' '.join(PROGRAMS[name] for name in lacking)}" if lacking else "npm ci --omit=dev"
    must = asked.bench or os.environ.get("CI") == "true"
    then = "" if must else " Các phép thử bằng những thứ ấy sẽ bị bỏ qua."
    print(f"Thiếu {what}. Trên Debian, Ubuntu: {how}.{then}", file=sys.stderr)
    return int(must)


if __name__ == "__main__":
    sys.exit(main())
