"""Real web servers on 127.0.0.1, with the settings that a build writes: nginx and Apache."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from exemplars.server_settings import Ways, settings_for
from readers import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = "/g/"
NGINX = """load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
{user}worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types; access_log off; keepalive_requests 100000000;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{ listen 127.0.0.1:{port}; root {folder}/root; include {folder}/nginx-brotli.conf; include {folder}/ours.conf; }}
}}
"""
APACHE = """ServerRoot /usr/lib/apache2
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
Mutex file:{folder}
User www-data
Group www-data
{modules}
TypesConfig /etc/mime.types
DocumentRoot {folder}/root
DirectoryIndex index.html
<Directory {folder}/root>
    Require all granted
    Options FollowSymLinks
</Directory>
<VirtualHost *:{port}>
    DocumentRoot {folder}/root
    Include {folder}/ours.conf
</VirtualHost>
"""
MODULES = (
    "mpm_event",
    "authz_core",
    "authz_host",
    "mime",
    "dir",
    "alias",
    "headers",
    "rewrite",
    "filter",
    "deflate",
    "autoindex",
    "negotiation",
)


class Answer:
    """What a server said: status, headers by lower-case name, body."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


class Server:
    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = HTTPConnection("127.0.0.1", port, timeout=10)

    def ask(self, path: str, /, method: str = "GET", **headers: str) -> Answer:
        self._connection.request(method, BASE + path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = self._connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def free_port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(port: int, process: subprocess.Popen[bytes], said: Path | None = None) -> None:
    """Waits until the process listens at the port."""
    for _ in range(1500):
        assert process.poll() is None, said.read_text(encoding="utf-8") if said else process.args
        with contextlib.suppress(ConnectionRefusedError), socket() as trying:
            trying.connect(("127.0.0.1", port))
            return
        time.sleep(0.02)
    raise AssertionError(f"nobody listens at {port}")


@contextlib.contextmanager
def running(kind: str, folder: Path, site: Path, portals: str = "*", ways: Ways = Ways()) -> Iterator[Server]:  # noqa: B008 - immutable
    """`kind` (nginx or apache2) serving `site` under BASE, its own files in `folder`."""
    needs(kind)
    port = free_port()
    (folder / "root").mkdir(parents=True)
    (folder / "root/g").symlink_to(site)
    for at in (folder, *folder.parents[:4], site, *site.parents[:3]):
        if at.stat().st_uid and at != Path("/"):
            continue
        at.chmod(at.stat().st_mode | 0o055)  # the server's workers are another user
    settings = settings_for(BASE, portals, ways)
    (folder / "nginx-brotli.conf").write_text(settings["nginx-brotli.conf"], encoding="utf-8")
    (folder / "ours.conf").write_text(settings["nginx.conf" if kind == "nginx" else "apache.conf"], encoding="utf-8")
    user = "" if os.geteuid() else "user root;\n"  # pytest shuts its folders to others again whenever another run of it starts
    modules = "\n".join(f"LoadModule {name}_module modules/mod_{name}.so" for name in MODULES)
    (folder / "server.conf").write_text(
        (NGINX if kind == "nginx" else APACHE).format(folder=folder, port=port, modules=modules, user=user), encoding="utf-8"
    )
    said = folder / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(_command(kind, folder), stdout=out, stderr=out)
    try:
        answers(port, process, said)
        server = Server(port)
        yield server
        server._connection.close()
    finally:
        process.terminate()
        process.wait()


def _command(kind: str, folder: Path) -> list[str]:
    if kind == "nginx":
        return ["nginx", "-c", f"{folder}/server.conf", "-e", f"{folder}/error.log", "-g", "daemon off;"]
    return ["apache2", "-f", f"{folder}/server.conf", "-DFOREGROUND"]
