"""A new record as text: what is asked of a writer, how an answer is understood, and the draft made from the answers.

Labels, hints and examples come from the schema, allowed values from the site's data; only the prompts of the body stand here.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from exemplars.linking import story_address
from exemplars.model import COLLECTIVE, HOUSEHOLD, INDIVIDUAL, Campaign, Claim, Document, Event, Story, Subject
from exemplars.rules.structure import PROMPT
from exemplars.schema import Choice, Day, Flag, Group, Key, Many, Moment, Ref, Shape, Slug, Table, Text, keys_of
from exemplars.shaping import SLUG
from exemplars.vietnamese import clean, fold, nearest, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.model import Plan, Site

Answers: TypeAlias = "Mapping[str, str | tuple[str, ...]]"
"""By the key's name; those of the person or collective as `subject.name`. Dates as text, 2020-06-09."""

WIDTH = 92
SLUG_MOST = 60
DAY = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4}))(?:[ T]+(\d{1,2})[:.hg](\d{2}))?\Z")
FIRST_YEAR = 1900
BARE = re.compile(r"[^\W\d_][^\W_]*(?:[ –][^\W_]+)*\Z|\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?\Z|[a-z0-9]+(?:-[a-z0-9]+)+\Z")
NOT_YET = frozenset({"updated", "sample", "review_by", "withdrawn", "redirect_from", "waive", "compared", "sha256"})  # of a later day
WORDS_OF_YAML = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True)
class Template:
    """Where a story starts from: whom it is about, and what to tell under each heading."""

    title: str
    subject: str
    sections: tuple[tuple[str, str], ...]


def _sections(before: str, deed: str, result: str, lesson: str) -> tuple[tuple[str, str], ...]:
    return ("Hoàn cảnh", before), ("Việc làm", deed), ("Kết quả", result), ("Kinh nghiệm", lesson)


TEMPLATES = {
    "individual": Template("cá nhân", INDIVIDUAL, _sections(
        "lúc đầu khó ở chỗ nào? Kể một cảnh cụ thể: ngày nào, ở đâu, ai thấy.",
        "người ấy đã làm gì, từng bước; vướng gì và gỡ ra sao? Ghi một lời nói của chính nhân vật.",
        "trước và sau khác nhau thế nào? Con số, thời gian, nguồn số liệu; ai được nhờ?",
        "hai, ba điều người khác có thể làm theo ngay.",
    )),
    "collective": Template("tập thể", COLLECTIVE, _sections(
        "tập thể có bao nhiêu người, lo việc gì, lúc đầu vướng ở đâu?",
        "ai nghĩ ra, ai bắt tay làm, chia việc thế nào, có lúc nào phải làm lại không?",
        "trước và sau khác nhau thế nào? Con số, thời gian, nguồn số liệu; ai được nhờ?",
        "hai, ba điều tập thể khác có thể làm theo ngay.",
    )),
    "household": Template("hộ gia đình", HOUSEHOLD, _sections(
        "trước đây gia đình sống thế nào? Chỉ kể điều gia đình đồng ý cho kể.",
        "gia đình đã làm gì, ai giúp, bắt đầu từ đâu?",
        "nay khác trước thế nào? Con số, thời gian, nguồn số liệu.",
        "hai, ba điều gia đình khác có thể làm theo ngay.",
    )),
    "model": Template("mô hình, cách làm", COLLECTIVE, _sections(
        "việc này trước đây làm thế nào, tốn công, tốn thời gian ở đâu?",
        "mô hình chạy ra sao: gồm những bước nào, cần người, tiền, đồ dùng gì?",
        "chạy từ ngày nào, kết quả ra sao, so với trước? Con số và nguồn số liệu.",
        "nơi khác muốn làm theo thì chuẩn bị gì, tránh điều gì? Nơi nào đã làm theo?",
    )),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be made new: what writers call it, its record, the collection that holds it, the folder that its file goes into."""

    title: str
    record: type
    collection: str
    folder: str


KINDS = {
    "story": Kind("câu chuyện", Story, "stories", "stories"),
    "campaign": Kind("phong trào", Campaign, "campaigns", "campaigns"),
    "event": Kind("sự kiện", Event, "events", "content/events"),
    "document": Kind("văn bản", Document, "documents", "content/documents"),
}


# --- what is asked, and how an answer is understood ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """A key to be answered. `choices`: (id, title) where only these are taken; `needed`: nothing can be made without it."""

    name: str
    key: Key
    needed: bool
    asked: bool
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def many(self) -> bool:
        return isinstance(self.key.shape, Many)


class UnclearError(Exception):
    """An answer that is not understood; the text says in Vietnamese what is wanted."""


def questions(kind: Kind, site: Site) -> tuple[Question, ...]:
    """Every key that one line can answer, in schema order; `asked` are those a person is asked for.

    Asked is what nothing can be made without, and what the Council will want that is chosen from a list of the site.
    """
    found = []
    for prefix, key in _simple(kind.record):
        shape = key.shape.of if isinstance(key.shape, Many) else key.shape
        needed = key.need == "always"
        chosen = isinstance(shape, Ref)
        found.append(Question(prefix + key.name, key, needed, needed or (key.need == "ready" and chosen), _choices(shape, site)))
    return tuple(found)


def _simple(record: type) -> Iterator[tuple[str, Key]]:
    for key in keys_of(record).values():
        if key.name in {"id", "draft", "sample", "updated", "redirect_from", "sha256", "file"}:
            continue
        shape = key.shape.of if isinstance(key.shape, Many) else key.shape
        if isinstance(shape, Text | Day | Moment | Ref | Slug | Choice):
            yield "", key
        elif shape == Group(Subject):
            yield from (("subject.", one) for one in keys_of(Subject).values() if one.name != "type")


def _choices(shape: Shape, site: Site) -> tuple[tuple[str, str], ...]:
    match shape:
        case Ref(to):
            records = list(site.collections.get(to, {}).values())[::-1]  # in the order of the file
            if to == "units":  # a unit that was dissolved stays in the list for the stories of its time
                records = [one for one in records if one.active.holds(site.today)] or records
            return tuple((one.id, getattr(one, "title", "") or one.name) for one in records)
        case Choice(of):
            return tuple((one, one) for one in of)
        case _:
            return ()


def understood(question: Question, typed: str) -> str | tuple[str, ...]:
    """An answer as the record takes it; "" or () for none. A choice may be typed as its number, id or title."""
    text = " ".join(clean(typed).split())
    if question.many:
        known = [_fold(title) for _, title in question.choices]
        whole = [text] if _fold(text) in known else text.split(",")
        return tuple(_one(question, part.strip()) for part in whole if part.strip())
    return _one(question, text) if text else ""


def _one(question: Question, text: str) -> str:
    shape = question.key.shape.of if isinstance(question.key.shape, Many) else question.key.shape
    match shape:
        case Ref() | Choice():
            return _chosen(question, text)
        case Day() | Moment():
            return _day(text, hour=isinstance(shape, Moment))
        case Slug() if not SLUG.match(text):
            raise UnclearError(
                f"«{question.key.label}» chỉ gồm chữ thường không dấu, chữ số và gạch ngang, ví dụ {slug(text) or 'ten-goi'}."
            )
        case Text(most) if most and len(text) > most:
            raise UnclearError(f"«{question.key.label}» dài {len(text)} ký tự, tối đa {most}. Hãy rút gọn.")
        case _:
            return text


def _chosen(question: Question, text: str) -> str:
    ids = [id_ for id_, _ in question.choices]
    if slug(text) in ids:
        return slug(text)
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(ids):
        return ids[int(text) - 1]
    titled = [id_ for id_, title in question.choices if _fold(title) == _fold(text)]
    if titled:
        return titled[0]
    near = nearest(text, ids)
    hint = f"Có phải là «{near}»?" if near else f"Các giá trị được nhận: {', '.join(ids) or '(danh mục còn trống)'}."
    raise UnclearError(f"«{question.key.label}» không có giá trị «{text}». {hint}")


def _fold(text: str) -> str:
    return " ".join(fold(text).split())


def _day(text: str, *, hour: bool) -> str:
    match = DAY.match(text)
    wants = "ngày như 09/6/2020 hay 2020-06-09" + (", có thể thêm giờ: 09/6/2020 08:00" if hour else "")
    if match is None or (match[7] and not hour):
        raise UnclearError(f"Không hiểu «{text}»: hãy ghi {wants}.")
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        moment = dt.datetime(int(year), int(month), int(day), int(match[7] or 0), int(match[8] or 0))  # noqa: DTZ001 - a wall clock
    except ValueError:
        raise UnclearError(f"Không có ngày giờ «{text}»: hãy ghi {wants}.") from None
    if moment.year < FIRST_YEAR:
        raise UnclearError(f"Năm {year} xa quá, chắc là gõ nhầm: hãy ghi {wants}.")
    return moment.strftime("%Y-%m-%d %H:%M" if match[7] else "%Y-%m-%d")


# --- its name ---------------------------------------------------------------------------------------------------------


def proposed(kind: Kind, answers: Answers) -> str:
    """The slug for the file or folder, from what was answered; "" when no answer has a Latin letter."""
    said = {name: value if isinstance(value, str) else " ".join(value) for name, value in answers.items()}
    match kind.record.__name__:
        case "Event":
            parts = [said.get("title", ""), said.get("starts", "")[:4]]
        case "Document":
            parts = [said.get("kind", ""), said.get("number") or said.get("title", ""), said.get("issued", "")[:4]]
        case _:
            parts = [said.get("short_title") or said.get("title", "")]
    whole = slug(" ".join(part for part in parts if part))
    if len(whole) <= SLUG_MOST:
        return whole
    year = parts[-1] if len(parts) > 1 and parts[-1] else ""
    kept = whole[: SLUG_MOST - len(year)].rpartition("-")[0] or whole[:SLUG_MOST]
    return "-".join(filter(None, (kept, year)))


def id_of(kind: Kind, name: str, year: str) -> str:
    return f"{year}-{name}" if kind.record is Story else name


def path_of(kind: Kind, name: str, year: str) -> str:
    return f"{kind.folder}/{year}/{name}/index.md" if kind.record is Story else f"{kind.folder}/{name}.md"


def taken(kind: Kind, name: str, year: str, site: Site) -> str:
    """Why a name cannot be used, in Vietnamese; "" when it is free. An address once published is never given away again."""
    id_ = id_of(kind, name, year)
    other = site.find(kind.collection, id_)
    if other is not None or site.may_hold(kind.collection, id_):
        return f"Mã «{id_}» đã dùng{f' ở {other.origin.path}' if other else ''}."
    if kind.record is not Story:
        return ""
    address = f"guong/{year}/{name}/"
    gone = next((line for line in site.published if line.id == id_ or line.address.casefold() == address), None)
    if gone:
        return f"Mã «{id_}» hoặc địa chỉ «{address}» đã từng đăng (sổ địa chỉ, dòng {gone.line}); không bao giờ dùng lại."
    for story in site.stories:
        if address in {story_address(story), *story.redirect_from}:
            return f"Địa chỉ «{address}» thuộc về {story.origin.path}."
    return ""


def free(kind: Kind, name: str, year: str, site: Site) -> str:
    """The name itself, or with the first number that makes it free."""
    tries = (name, *(f"{name}-{number}" for number in range(2, 10_000)))
    return next(one for one in tries if not taken(kind, one, year, site))


def names_a_person(name: str, answers: Answers) -> bool:
    """Whether the address would hold the person's name, which can never be called back."""
    person = answers.get("subject.name", "")
    return bool(isinstance(person, str) and slug(person) and f"-{slug(person)}-" in f"-{name}-")


# --- the draft --------------------------------------------------------------------------------------------------------


def draft(kind: Kind, id_: str, answers: Answers, template: Template | None, plan: Plan | None) -> str:
    """The whole file: front matter with a comment above each key, and a body with its headings. It passes the checks as a draft."""
    whole = {"id": id_, **answers}
    if template:
        whole |= {"draft": "true", "subject.type": template.subject}
    block = [line for line in _lines(kind.record, whole, "", "", plan) if line]
    body = [f"\n## {heading}\n\n{PROMPT}{prompt}]\n" for heading, prompt in template.sections] if template else ["\n"]
    return "\n".join(["---", *block, "---", ""]) + "".join(body)


def _lines(record: type, answers: Answers, prefix: str, indent: str, plan: Plan | None) -> Iterator[str]:
    later = []
    for key in keys_of(record).values():
        value = answers.get(prefix + key.name, "")
        inside = any(name.startswith(f"{prefix}{key.name}.") for name in answers)
        wanted = key.need == "always" or (key.need == "ready" and _applies(key, record, answers))
        if not (value or inside or wanted):
            later.append(key)
            continue
        yield from _comment(key, indent)
        match key.shape:
            case Group(of):
                yield f"{indent}{key.name}:"
                yield from _lines(of, answers, f"{prefix}{key.name}.", indent + "  ", plan)
            case Table():
                yield f"{indent}{key.name}:"
                yield from _claims(plan, indent + "  ")
            case Flag():
                yield f"{indent}{key.name}: {value}"
            case _:
                yield f"{indent}{key.name}: {_written(value)}".rstrip()
    if later and not prefix:
        yield f"{indent}# Khi cần thì thêm (bỏ dấu # ở đầu dòng; giải thích trong CONTRIBUTING.md):"
        yield from (f"{indent}# {key.name}: {_flow(key.shape, key.example)}  # {key.label}" for key in later if key.name not in NOT_YET)


def _applies(key: Key, record: type, answers: Answers) -> bool:
    """Whether a wanted key concerns this record, as the schema says: role and consent are asked of persons only."""
    if key.asked is None:
        return True
    about = str(answers.get("subject.type", ""))
    subject = Subject(about, role="…" if about == INDIVIDUAL else "")
    return key.asked(subject if record is Subject else Story(subject=subject) if record is Story else record())


def _comment(key: Key, indent: str) -> Iterator[str]:
    said = f"{key.label}. {key.hint}".strip()
    return (f"{indent}# {line}" for line in textwrap.wrap(said, WIDTH - len(indent)))


def _claims(plan: Plan | None, indent: str) -> Iterator[str]:
    """Each criterion of the plan in its own words, with the evidence it takes, ready to be uncommented."""
    for criterion in plan.criteria if plan else ():
        yield from (f"{indent}# {line}" for line in textwrap.wrap(f"{criterion.id} · {criterion.quote}", WIDTH - len(indent)))
        kinds = criterion.needs or criterion.evidence[:1]
        yield f"{indent}# {criterion.id}: {{{_pairs(Claim, kinds)}}}"


def _pairs(record: type, names: Iterable[str]) -> str:
    keys = keys_of(record)
    return ", ".join(f"{name}: {_flow(keys[name].shape, keys[name].example)}" for name in names)


def _flow(shape: Shape, example: str) -> str:
    """An example on one line, as YAML takes it inside braces; a group with the keys that it needs."""
    match shape:
        case Group(of):
            return "{" + _pairs(of, [key.name for key in keys_of(of).values() if key.need] or list(keys_of(of))) + "}"
        case Many(of=Group() as of):
            return f"[{_flow(of, '')}]"
        case Many(of, or_one) if not example:
            return _flow(of, "") if or_one else f"[{_flow(of, '')}]"
        case Flag():
            return example or "true"
        case Day():
            return example or "2020-06-09"
        case _ if example.startswith(("[", '"')):
            return example
        case Text() | Many(of=Text()):  # in quotes, for what is typed over it may hold a comma or a colon
            return json.dumps(example or "…", ensure_ascii=False)
        case _:
            return _written(example) or '"…"'


def _written(value: Any) -> str:
    """A value as YAML: bare where no reader can take it for something else, in double quotes elsewhere."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    if not value or (BARE.match(value) and value.lower() not in WORDS_OF_YAML):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
