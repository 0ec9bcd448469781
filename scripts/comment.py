#!/usr/bin/env python3
"""Ghi một báo cáo thành lời bình trong đề nghị thay đổi; lần sau sửa lại chính lời bình ấy.

Dành cho CI (.github/workflows/comment.yml). Chỉ dùng thư viện chuẩn. Báo cáo đến từ một việc mà người gửi đề nghị có thể đã sửa,
nên nó chỉ là chữ: đề nghị nào thì hỏi máy chủ, theo commit mà máy chủ cho biết, không theo lời của báo cáo.
"""

import json
import os
import re
import stat
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command import Parser

MARKER = "<!-- guong-sang: báo cáo kiểm tra -->"
NEEDED = ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_TOKEN", "HEAD_OWNER", "HEAD_BRANCH", "HEAD_SHA")
BOT = "github-actions[bot]"
MOST = 60_000  # GitHub takes 65,536 characters
READ_MOST = 1024 * 1024
PAGE = 100
PAGES_MOST = 50
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class Failed(Exception):  # noqa: N818 - a message, not a fault
    """The forge or the report cannot be used; the text says why in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Forge:
    """The REST interface that GitHub, Gitea and Forgejo share."""

    api: str
    repository: str
    token: str

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """The answer's JSON; Failed where the forge refuses or cannot be reached."""
        address = f"{self.api}/repos/{self.repository}/{path}" + (f"?{urllib.parse.urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310 - the runner's own address
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except (OSError, ValueError) as error:
            said = f"{error.code} {error.reason}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__
            raise Failed(f"Máy chủ không nhận {method} {path}: {said}.") from error

    def every(self, path: str, **query: str) -> Iterator[Any]:
        """The items of a list, page after page."""
        for page in range(1, PAGES_MOST + 1):
            items = self.ask("GET", path, **query, per_page=str(PAGE), limit=str(PAGE), page=str(page))
            yield from items
            if len(items) < PAGE:
                return


def main(arguments: list[str] | None = None) -> int:
    """0 written, or nothing to write to; 1 the forge refused; 2 misuse."""
    parser = Parser(description=__doc__)
    parser.add_argument("report", type=Path, metavar="BÁO_CÁO", help="tệp Markdown")
    asked = parser.parse_args(arguments)
    if lacking := [name for name in NEEDED if not os.environ.get(name)]:
        parser.error(f"thiếu biến môi trường {', '.join(lacking)}")
    forge = Forge(os.environ["GITHUB_API_URL"].rstrip("/"), os.environ["GITHUB_REPOSITORY"], os.environ["GITHUB_TOKEN"])
    try:
        text = comment(asked.report, os.environ.get("RUN_URL", ""))
        number = pull_request(forge, os.environ)
        print(
            write(forge, number, text, os.environ.get("BOT", BOT)) if number else "Đề nghị đã đóng hoặc đã có commit mới hơn: không ghi gì."
        )
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


def comment(report: Path, run_url: str) -> str:
    """The comment's text: the hidden marker, the report made harmless and not too long, the way to the preview."""
    try:
        if not stat.S_ISREG(report.lstat().st_mode):
            raise Failed(f"{report} không phải tệp thường.")
        with report.open("rb") as file:
            text = file.read(READ_MOST).decode("utf-8", errors="replace")
    except OSError as error:
        raise Failed(f"Không đọc được {report} ({error.strerror}).") from error
    # a mention would call people in the robot's name; a word joiner after the sign leaves it readable
    text = CONTROLS.sub("", text.replace("\r\n", "\n")).replace("@", "@\u2060").strip()
    if len(text) > MOST:
        text = text[:MOST].rpartition("\n")[0] + "\n\n…\n\nBáo cáo còn dài, xem trọn trong tệp «bao-cao»."
    if not text:
        raise Failed(f"{report} trống.")
    where = f"[trang của lần kiểm này]({run_url})" if run_url.startswith("https://") else "trang của lần kiểm này"
    preview = f"Bản xem trước: tải «xem-truoc» ở cuối {where}, giải nén, chạy `python3 -m http.server` trong thư mục ấy, mở http://127.0.0.1:8000/"
    return f"{MARKER}\n{text}\n\n---\n{preview}\n"


def pull_request(forge: Forge, given: Mapping[str, str]) -> int | None:
    """The open pull request whose latest commit was checked, as the forge knows it; None when there is none any more."""
    for one in forge.every("pulls", state="open", head=f"{given['HEAD_OWNER']}:{given['HEAD_BRANCH']}"):
        if one["head"]["sha"] == given["HEAD_SHA"]:
            return int(one["number"])
    return None


def write(forge: Forge, number: int, text: str, bot: str) -> str:
    """Edits the robot's own comment that holds the marker, or writes the first one; a marker in another's comment is no sign."""
    for one in forge.every(f"issues/{number}/comments"):
        # `null` where the account is gone, where nothing was written
        if (one["user"] or {}).get("login") == bot and (one["body"] or "").startswith(MARKER):
            forge.ask("PATCH", f"issues/comments/{one['id']}", {"body": text})
            return f"Đã sửa lời bình {one['id']} ở đề nghị {number}."
    made = forge.ask("POST", f"issues/{number}/comments", {"body": text})
    return f"Đã viết lời bình {made['id']} ở đề nghị {number}."


if __name__ == "__main__":
    sys.exit(main())
