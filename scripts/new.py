#!/usr/bin/env python3
"""Tạo bản nháp một câu chuyện, phong trào, sự kiện hay văn bản: hỏi vài câu, hoặc lấy câu trả lời từ dòng lệnh."""

import argparse
import datetime as dt
import os
import shutil
import sys
from pathlib import Path
from typing import TextIO

from command import ROOT, STOPPED, Parser, listen
from exemplars import doors, drafting
from exemplars.checking import blocking, check
from exemplars.drafting import KINDS, TEMPLATES, Kind, Question, Template, UnclearError
from exemplars.model import Plan, Problem, Site, Story
from exemplars.reading import read_site
from exemplars.shaping import SLUG

NEXT = {
    True: "Viết tiếp trong tệp ấy, rồi kiểm bằng `make check`. Viết xong thì bỏ dòng `draft: true`.",
    False: "Viết thêm vài câu dưới dòng `---` thứ hai nếu cần, rồi kiểm bằng `make check`.",
}

Said = dict[str, str | tuple[str, ...]]


class Refused(Exception):  # noqa: N818 - a message for the writer, not a fault
    """Nothing can be made of what was given; the text says in Vietnamese why and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """0 made, 1 the draft would not pass, 2 misuse, 130 stopped; whatever is not 0 leaves nothing behind."""
    listen()
    parser, given = _typed(arguments)
    root = given.root.resolve()
    site, _ = read_site(root, given.today or doors.today())
    try:
        return _new(given, root, site)
    except (Refused, UnclearError) as refused:
        parser.error(str(refused))
    except (KeyboardInterrupt, EOFError):
        print("\nĐã dừng, chưa tạo tệp nào.", file=sys.stderr)
        return STOPPED


def _typed(arguments: list[str] | None) -> tuple[Parser, argparse.Namespace]:
    """One command a kind, each with a flag for every key that one line can answer."""
    parser = Parser(description=__doc__, epilog="Không ghi gì thêm thì máy hỏi từng câu. Ctrl-C để dừng, không tạo tệp nào.")
    shared = Parser(add_help=False)
    shared.add_argument("--slug", metavar="TÊN", help="tên thư mục hay tên tệp: chữ thường không dấu, nối bằng gạch ngang")
    shared.add_argument("--today", type=dt.date.fromisoformat, help=argparse.SUPPRESS)
    shared.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="what", metavar="LOẠI", required=True)
    for name, kind in KINDS.items():
        command = commands.add_parser(name, parents=[shared], help=kind.title, description=f"Tạo bản nháp {kind.title}.")
        if kind.record is Story:
            shown = ", ".join(f"{one} ({template.title})" for one, template in TEMPLATES.items())
            command.add_argument("--template", choices=list(TEMPLATES), metavar="MẪU", help=f"viết về ai, về việc gì: {shown}")
        for question in drafting.questions(kind, Site()):
            label = f"{question.key.label}. {question.key.hint}".strip().replace("%", "%%")
            command.add_argument(_flag(question), dest=f"key {question.name}", metavar="…", help=label)
    return parser, parser.parse_args(arguments)


def _flag(question: Question) -> str:
    return "--" + question.name.removeprefix("subject.").replace("_", "-")


def _new(given: argparse.Namespace, root: Path, site: Site) -> int:
    kind = KINDS[given.what]
    asking = sys.stdin.isatty()  # is there anybody to answer
    template = _template(given, asking=asking) if kind.record is Story else None
    said = _answers(given, drafting.questions(kind, site), site, asking=asking)
    year = str(said.get("date", ""))[:4]
    if given.slug is not None:
        _usable(given.slug, kind, year, site)
    name = given.slug or (_agreed if asking else _proposed)(kind, said, year, site)
    id_, path = drafting.id_of(kind, name, year), drafting.path_of(kind, name, year)
    if os.path.lexists(root / path) or (kind.record is Story and os.path.lexists((root / path).parent)):
        raise Refused(f"đã có {path}; máy không ghi đè. Hãy chọn tên khác bằng --slug.")
    plan: Plan | None = site.find("plans", str(said.get("plan", "")))
    return _written(root, path, drafting.draft(kind, id_, said, template, plan), site.today)


def _template(given: argparse.Namespace, *, asking: bool) -> Template:
    if given.template:
        return TEMPLATES[given.template]
    if not asking:
        raise Refused(f"cần --template ({', '.join(TEMPLATES)}), vì ở đây không có ai để hỏi.")
    names = list(TEMPLATES)
    print("Viết về ai, về việc gì?")
    for number, name in enumerate(names, 1):
        print(f"  {number}  {TEMPLATES[name].title}")
    while True:
        typed = input("→ ").strip()
        if typed in names or (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(names)):
            return TEMPLATES[typed if typed in names else names[int(typed) - 1]]
        print(f"Hãy gõ một số từ 1 đến {len(names)}.")


def _answers(given: argparse.Namespace, questions: tuple[Question, ...], site: Site, *, asking: bool) -> Said:
    said: Said = {}
    lacking = []
    for question in questions:
        typed, default = getattr(given, f"key {question.name}"), _default(question, site)
        if typed is not None:
            said[question.name] = drafting.understood(question, typed)
        elif question.name == "date" or (default and len(question.choices) == 1):
            said[question.name] = default
        elif asking and question.asked:
            said[question.name] = _asked(question, default)
        elif default:
            said[question.name] = default
        if question.needed and not said.get(question.name):
            lacking.append(f"{_flag(question)} ({question.key.label.lower()})")
    if lacking:
        raise Refused(f"còn thiếu {', '.join(lacking)}. Gọi từ một cửa sổ dòng lệnh thì máy sẽ hỏi từng câu.")
    return {name: value for name, value in said.items() if value}


def _default(question: Question, site: Site) -> str:
    """What may be assumed: today as the day, the latest plan, the event's own hour never."""
    if question.name == "date":
        return site.today.isoformat()
    if question.name == "plan" and site.plans:
        return max(site.plans, key=lambda plan: (str(plan.period.from_ if plan.period else ""), plan.id)).id
    return ""


def _asked(question: Question, default: str) -> str | tuple[str, ...]:
    more = " Nhiều giá trị thì cách nhau bằng dấu phẩy." if question.many else ""
    skip = "" if question.needed else " (Enter: để sau)"
    print(f"\n{question.key.label}{skip}. {question.key.hint}{more}".rstrip())
    for number, (_, title) in enumerate(question.choices, 1):
        print(f"  {number:>2}  {title}")
    if not question.choices and question.key.example:
        print(f"  Ví dụ: {question.key.example}")
    while True:
        typed = input(f"[{default}] → " if default else "→ ").strip() or default
        try:
            found = drafting.understood(question, typed)
        except UnclearError as unclear:
            print(unclear)
            continue
        if found or not question.needed:
            return found
        print("Mục này cần có.")


def _proposed(kind: Kind, said: Said, year: str, site: Site) -> str:
    """The slug made from the answers; never one in use, never one that was ever published."""
    name = drafting.proposed(kind, said)
    if not name:
        raise Refused("tên không có chữ cái Latinh nào để đặt mã; hãy thêm --slug.")
    name = drafting.free(kind, name, year, site)
    if drafting.names_a_person(name, said):
        print(
            f"Nhắc: «{name}» chứa tên người, mà địa chỉ đã đăng thì không thu hồi được. Nên đặt theo việc làm bằng --slug.", file=sys.stderr
        )
    return name


def _agreed(kind: Kind, said: Said, year: str, site: Site) -> str:
    """The slug that a person takes or types."""
    first = drafting.proposed(kind, said)
    first = first and drafting.free(kind, first, year, site)
    print("\nTên trong địa chỉ trang, đặt một lần, không đổi: chữ thường không dấu, nối bằng gạch ngang.")
    if drafting.names_a_person(first, said):
        print("Nên đặt theo việc làm: tên đề nghị đang chứa tên người, mà địa chỉ đã đăng thì không thu hồi được.")
    while True:
        typed = input(f"[{first}] → " if first else "→ ").strip() or first
        try:
            _usable(typed, kind, year, site)
        except Refused as refused:
            print(refused)
        else:
            return typed


def _usable(name: str, kind: Kind, year: str, site: Site) -> None:
    if not SLUG.match(name):
        raise Refused(f"«{name}» không dùng làm tên được: chỉ chữ thường không dấu, chữ số, nối bằng gạch ngang.")
    if why := drafting.taken(kind, name, year, site):
        raise Refused(f"{why} Tên còn trống: «{drafting.free(kind, name, year, site)}».")


def _written(root: Path, path: str, text: str, today: dt.date) -> int:
    """Writes the file, checks it where it stands, and takes it away again unless it passes."""
    file = root / path
    made = next(folder for folder in reversed([file, *file.parents]) if not folder.exists())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
        problems = [problem for problem in check(*read_site(root, today)) if problem.path == path]
    except BaseException:
        _removed(made)
        raise
    if blocking(problems):
        _removed(made)
        _told("Chưa tạo được: bản nháp sẽ không qua được phần kiểm tra.", blocking(problems), sys.stderr)
        return 1
    _told(f"Đã tạo {path}.", problems, sys.stdout)
    print(NEXT["draft: true\n" in text])
    return 0


def _removed(made: Path) -> None:
    if made.is_dir():
        shutil.rmtree(made)
    else:
        made.unlink(missing_ok=True)


def _told(first: str, problems: list[Problem], to: TextIO) -> None:
    print(first, file=to)
    for problem in problems:
        print(f"  {problem.line}: {problem.says} {problem.do}", file=to)


if __name__ == "__main__":
    sys.exit(main())
