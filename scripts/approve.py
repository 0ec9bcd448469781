#!/usr/bin/env python3
"""Ghi quyết định của Hội đồng về một bài vào tệp approval.yml, gắn với đúng nội dung hiện có."""

import argparse
import dataclasses
import datetime as dt
import re
import sys
from pathlib import Path

from command import ROOT, Parser, day
from exemplars import doors
from exemplars.approving import State, state, written
from exemplars.checking import blocking, check
from exemplars.model import Approval, Comparison, Correction, Story
from exemplars.reading import content_paths, read_site
from exemplars.reporting.report import plain
from exemplars.storing import write
from exemplars.vietnamese import clean


def said(typed: str) -> str:
    """Words for `type=`: what `approval.yml` may hold."""
    text = clean(typed).strip()
    if not text or not text.isprintable():
        raise argparse.ArgumentTypeError("phải là một dòng chữ, không để trống")
    return text


def past(typed: str) -> dt.date:
    """A day for `type=` on which something was decided."""
    found = day(typed)
    if found > doors.today():
        raise argparse.ArgumentTypeError(f"ngày {found:%d/%m/%Y} còn ở phía trước")
    return found


def main(arguments: list[str] | None = None) -> int:
    """0 written, 1 refused with the reasons, 2 misuse."""
    parser = Parser(description=__doc__)
    parser.add_argument("story", metavar="BÀI", help="thư mục của bài, ví dụ stories/2020/ho-so-tra-trong-ngay")
    parser.add_argument("--body", type=said, help="cơ quan thông qua, ví dụ «Hội đồng Thi đua - Khen thưởng Sở»")
    parser.add_argument("--minutes", type=said, help="số biên bản, ví dụ 05/BB-HĐTĐKT")
    parser.add_argument("--date", type=past, help="ngày thông qua: 2020-06-12 hoặc 12/6/2020")
    parser.add_argument("--accepted", help="các tiêu chí được thông qua, cách nhau bằng dấu phẩy: A1,A2")
    parser.add_argument("--by", type=said, action="append", help="người duyệt (chức danh hoặc tên); có thể ghi nhiều lần")
    parser.add_argument("--compared", metavar="TIÊU_CHÍ", help="các tiêu chí đã được đối chiếu với bản giấy: A1,A4")
    parser.add_argument("--compared-by", type=said, metavar="CHỨC_DANH", help="ai đối chiếu")
    parser.add_argument("--compared-on", metavar="NGÀY", type=past, help="đối chiếu ngày nào")
    parser.add_argument("--correction", type=said, metavar="NỘI_DUNG", help="ghi nhận sửa chữa biên tập không làm đổi nội dung đã duyệt")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    root = asked.root.resolve()
    site, read = read_site(root, doors.today())
    path = (content_paths(root, [asked.story])[0] or "").removesuffix("/index.md")
    read = [problem for problem in read if problem.path != f"{path}/approval.yml"]  # that file is written anew
    story = next((one for one in site.stories if one.origin.path == f"{path}/index.md"), None)
    if story is None:
        parser.error(f"không đọc được bài nào ở «{asked.story}»")
    approval = _corrected(parser, asked, story) if asked.correction else _decided(parser, asked, story)
    approval = dataclasses.replace(approval, text_sha256=story.text_sha256)
    stories = tuple(dataclasses.replace(one, approval=approval) if one is story else one for one in site.stories)
    problems = [p for p in check(dataclasses.replace(site, stories=stories), read) if p.path.startswith(f"{path}/")]
    if blocking(problems) or state(story) in {State.DRAFT, State.WITHDRAWN}:
        if state(story) in {State.DRAFT, State.WITHDRAWN}:
            print(f"Bài đang ở trạng thái «{state(story)}», chưa duyệt được.", file=sys.stderr)
        for problem in blocking(problems):
            print(plain(str(problem)), file=sys.stderr)
        return 1
    write(root / path / "approval.yml", written(approval).encode())
    print(f"Đã ghi {path}/approval.yml: {', '.join(approval.accepted)} · mã văn bản {approval.text_sha256[:12]}…")
    return 0


def _decided(parser: Parser, asked: argparse.Namespace, story: Story) -> Approval:
    lacking = [f"--{name}" for name in ("body", "minutes", "date", "accepted", "by") if not getattr(asked, name)]
    if lacking:
        parser.error(f"còn thiếu {', '.join(lacking)}; phần mềm không quyết định thay Hội đồng")
    accepted, papers = _ids(asked.accepted, story), _ids(asked.compared or "", story)
    if papers and not (asked.compared_by and asked.compared_on):
        parser.error("--compared cần --compared-by và --compared-on")
    compared = (Comparison(papers, asked.compared_by, date=asked.compared_on),) if papers else ()
    claimed = {claim.id for claim in story.criteria}
    if extra := [id_ for id_ in (*accepted, *papers) if id_ not in claimed]:
        parser.error(f"bài không khai tiêu chí {', '.join(extra)}; bài khai: {', '.join(sorted(claimed)) or 'chưa có tiêu chí nào'}")
    origin = dataclasses.replace(story.origin, path=story.origin.path.replace("index.md", "approval.yml"))
    return Approval(asked.body, asked.minutes, asked.date, accepted, tuple(asked.by), compared=compared, origin=origin)


def _ids(typed: str, story: Story) -> tuple[str, ...]:
    """The criteria that were typed, in the letters of those that the story claims."""
    claimed = {claim.id.casefold(): claim.id for claim in story.criteria}
    return tuple(dict.fromkeys(claimed.get(id_.casefold(), id_) for id_ in re.split(r"[,;\s]+", typed) if id_))


def _corrected(parser: Parser, asked: argparse.Namespace, story: Story) -> Approval:
    if story.approval is None or not asked.by or not asked.date:
        parser.error("sửa chữa biên tập cần bài đã duyệt, --date và --by")
    if story.approval.date and asked.date < story.approval.date:
        parser.error(f"ngày sửa {asked.date:%d/%m/%Y} đứng trước ngày thông qua {story.approval.date:%d/%m/%Y}")
    return dataclasses.replace(story.approval, correction=Correction(asked.date, asked.by[0], asked.correction))


if __name__ == "__main__":
    sys.exit(main())
