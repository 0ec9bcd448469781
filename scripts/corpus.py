#!/usr/bin/env python3
"""Tạo một kho bài giả để đo: N bài đã duyệt, mỗi bài một ảnh; cùng hạt giống thì giống nhau từng byte."""

import datetime as dt
import hashlib
import io
import json
import os
import random
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import command

ROOT = command.ROOT  # before any library: a missing one is then told in a line

import PIL
from PIL import Image, ImageDraw

from exemplars.approving import written
from exemplars.model import COLLECTIVE, HOUSEHOLD, INDIVIDUAL, Approval, AwardKind, Campaign, Comparison, Period, Site, Story, Unit
from exemplars.reading import read_site
from exemplars.vietnamese import slug

T = TypeVar("T")

VERSION = 1
MARK = "corpus.json"
TODAY = dt.date(2021, 12, 31)
YEARS = range(2012, 2022)
PLAN = "ke-hoach-2020"
PICTURES = 24
SIZE = (640, 800)
WORDS = (460, 635, 775)  # least, most common, most; each section ends with a whole sentence, so a body has some 65 more
SECTIONS = (("Hoàn cảnh", 0.2), ("Việc làm", 0.35), ("Kết quả", 0.3), ("Kinh nghiệm", 0.15))
QUOTED = 6  # passages that the criteria rest on, all from «Việc làm» and «Kết quả»
SUBJECTS = (*[INDIVIDUAL] * 6, *[COLLECTIVE] * 3, HOUSEHOLD)
TITLES = {INDIVIDUAL: "Người", COLLECTIVE: "Tổ", HOUSEHOLD: "Gia đình"}
LEFT_OUT = ("events", "published.txt", "__pycache__")  # events and the ledger name stories of the repository
# what the text of a story and the hash that approves it follow from: when one changes, a corpus is made anew
MAKERS = ("approving", "model", "reading", "schema", "shaping", "strict_yaml", "vietnamese")


# --- the stock ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stock:
    """What stories are put together from: the repository's lists, and the words and names of its sample stories."""

    site: Site
    phrases: tuple[str, ...]
    families: tuple[str, ...]
    given: tuple[str, ...]

    def units(self, day: dt.date) -> list[Unit]:
        return [unit for unit in self.site.units if unit.type in {"phong", "truc-thuoc"} and unit.active.holds(day)]

    def campaigns(self, day: dt.date) -> list[Campaign]:
        return [one for one in self.site.campaigns if Period(one.starts, one.ends).holds(day)]

    def awards(self, subject: str) -> list[AwardKind]:
        return [kind for kind in self.site.awards if subject in kind.for_ and "Giám đốc Sở" in kind.authority]

    def terms(self, name: str) -> list[str]:
        return [term.id for term in self.site.terms[name]]


def stock_of(site: Site) -> Stock:
    """Phrases of three to five syllables, without capitals or figures; family and given names apart."""
    bodies = [story.origin.body for story in site.stories]
    words = [word if word.isalpha() and word.islower() else "\n" for body in bodies for word in re.findall(r"\w+|[^\w ]", body)]
    runs = [run.split() for run in " ".join(words).split("\n")]
    phrases = [" ".join(run[at : at + 3 + at % 3]) for run in runs for at in range(0, len(run) - 4, 4)]
    asked = [word.lower() for scope in site.scopes for word in scope.words]  # DD004 would ask at every such phrase
    phrases = [phrase for phrase in phrases if not any(word in phrase for word in asked)]
    names = [name for body in bodies for name in re.findall(r"([A-ZĐÀ-Ỹ]\w+) Mẫu ([A-ZĐÀ-Ỹ]\w+)", body)]
    families, given = zip(*sorted(set(names)), strict=True)
    return Stock(site, *(tuple(dict.fromkeys(words)) for words in (phrases, families, given)))


class Draw:
    """Chance for one story: whatever the size of the corpus, story `n` of a seed draws the same."""

    def __init__(self, stock: Stock, seed: int, n: int, what: str) -> None:
        self.stock = stock
        self.rng = random.Random(f"{seed}/{n}/{what}")  # noqa: S311 - not a secret

    def one(self, among: Sequence[T]) -> T:
        return among[int(self.rng.random() * len(among))]

    def number(self, least: int, most: int) -> int:
        return least + int(self.rng.random() * (most - least + 1))

    def happens(self, part: float) -> bool:
        return self.rng.random() < part

    def phrases(self, least: int, most: int) -> list[str]:
        return [self.one(self.stock.phrases) for _ in range(self.number(least, most))]

    def sentence(self, least: int = 3, most: int = 6) -> str:
        first, *rest = self.phrases(least, most)
        words = first + "".join((", " if self.happens(0.25) else " ") + phrase for phrase in rest)
        return f"{words[0].upper()}{words[1:]}."

    def name(self) -> str:
        given = " ".join(self.one(self.stock.given) for _ in range(3))  # few share a name and a unit
        return f"{self.one(self.stock.families)} Mẫu {given}"


# --- one story ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """The day and the folder of a story: all that another story needs to link to it."""

    day: dt.date
    slug: str

    @property
    def folder(self) -> str:
        return f"{self.day.year}/{self.slug}"


def place(stock: Stock, seed: int, n: int) -> Place:
    draw = Draw(stock, seed, n, "place")
    day = dt.date(draw.one(YEARS), 1, 1) + dt.timedelta(draw.number(0, 364))
    return Place(day, f"{slug(draw.one(stock.phrases))}-{n + 1}")


def paragraphs(draw: Draw, words: int) -> Iterator[list[str]]:
    """Sentences of about so many words, in paragraphs of three to five."""
    while words > 0:
        made: list[str] = []
        for _ in range(draw.number(3, 5)):
            if words > 0:
                made.append(draw.sentence())
                words -= made[-1].count(" ") + 1
        yield made


def body_of(draw: Draw, link: Callable[[Draw], str]) -> tuple[str, list[str]]:
    """The text of a story, and those of its sentences that may be quoted: plain ones, without marks."""
    least, common, most = WORDS
    words = draw.rng.triangular(least, most, common)
    made = {title: list(paragraphs(draw, round(words * part))) for title, part in SECTIONS}
    plain = [sentence for title in ("Việc làm", "Kết quả") for paragraph in made[title] for sentence in paragraph]
    made["Việc làm"][-1].append(f"“{draw.sentence(2, 3)}”")
    if draw.happens(0.3):
        made["Kết quả"][-1].append(f"{draw.name()} {' '.join(draw.phrases(1, 2))} {link(draw)}.")
    if draw.happens(0.3):
        made["Kinh nghiệm"][0].insert(0, f"*{draw.sentence(2, 2)}*")
    if draw.happens(0.5):
        made["Kinh nghiệm"].append(["\n".join(f"{n}. {draw.sentence(2, 3)}" for n in (1, 2, 3))])
    text = "\n\n".join("\n\n".join([f"## {title}", *(" ".join(found) for found in parts)]) for title, parts in made.items())
    return text + "\n", draw.rng.sample(plain, QUOTED)


def link(draw: Draw, seed: int, n: int) -> str:
    """A link to a campaign, or to a story that every corpus with this one holds too."""
    words = draw.one(draw.stock.phrases)
    if n == 0 or draw.happens(0.4):
        return f"[{words}](../../../campaigns/{draw.one(draw.stock.site.campaigns).id}.md)"
    return f"[{words}](../../{place(draw.stock, seed, draw.number(0, n - 1)).folder}/index.md)"


def story(stock: Stock, seed: int, n: int) -> tuple[str, str]:
    """The folder and the whole `index.md` of story `n`, from 0."""
    at, draw = place(stock, seed, n), Draw(stock, seed, n, "story")
    body, quotes = body_of(draw, partial(link, seed=seed, n=n))
    return at.folder, "\n".join(["---", *_front_matter(draw, at, n, quotes), "---", "", body])


def _front_matter(draw: Draw, at: Place, n: int, quotes: list[str]) -> Iterator[str]:
    subject, unit = draw.one(SUBJECTS), draw.one(draw.stock.units(at.day))
    campaigns = [one.id for one in draw.rng.sample(draw.stock.campaigns(at.day), draw.number(1, 2))]
    stage = draw.one(draw.stock.terms("stages"))
    yield f"id: {at.day.year}-{at.slug}"
    yield f"title: {_text(' '.join([TITLES[subject], *draw.phrases(1, 2)]))}"
    yield f"summary: {_text(f'{draw.sentence(3, 4)} {draw.sentence(3, 4)}')}"
    yield f"date: {at.day}"
    yield "sample: true"
    yield f"kind: {draw.one(draw.stock.terms('kinds'))}"
    yield f"subject: {_subject(draw, subject, at.day)}"
    yield f"unit: {unit.id}"
    yield f"field: {draw.one(draw.stock.terms('fields'))}"
    yield f"plan: {PLAN}"
    yield f"campaigns: [{', '.join(campaigns)}]"
    if at.day.year == 2020:  # noqa: PLR2004 - the congresses of that year
        yield f"occasions: [{draw.one(draw.stock.terms('occasions'))}]"
    yield f"stage: {stage}"
    yield "criteria:"
    yield from _criteria(draw, at.day, unit, campaigns[0], quotes)
    yield from _awards(draw, at.day, subject)
    yield from _figures(draw, at.day.year, unit)
    yield from _photo(draw, subject)
    if subject != COLLECTIVE:
        yield f"consent: {{record: HS-{at.day.year}-{n + 1:05}, date: {at.day - dt.timedelta(12)}, scope: [name, photo]}}"
    if stage == "nhan-rong":
        yield "replicated:"
        yield f"  - {{unit: {draw.one(draw.stock.units(at.day)).id}, date: {at.day + dt.timedelta(30)}}}"
    yield f"authors: [{_text(unit.name)}]"


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _subject(draw: Draw, subject: str, day: dt.date) -> str:
    if subject == COLLECTIVE:
        return f"{{type: {subject}, name: {_text('Tổ ' + draw.one(draw.stock.phrases))}}}"
    name = draw.name() if subject == INDIVIDUAL else f"Gia đình {draw.one(('ông', 'bà'))} {draw.name()}"
    if subject == HOUSEHOLD:
        return f"{{type: {subject}, name: {_text(name)}}}"
    role = f"Nhân viên {draw.one(draw.stock.phrases)}"
    called = draw.one(("ông", "bà", "anh", "chị"))
    return f"{{type: {subject}, name: {_text(name)}, address_as: {called}, role: {_text(role)}, as_of: {day - dt.timedelta(20)}}}"


def _criteria(draw: Draw, day: dt.date, unit: Unit, campaign: str, quotes: list[str]) -> Iterator[str]:
    """All seven of route A. An award as evidence only where its year is the plan's, else TC009 would ask why."""
    first = ["figure: 1", f"quote: {_text(quotes[5])}, figure: 1", *(["award: 1", "award: 1, figure: 2"] if day.year == 2020 else [])]  # noqa: PLR2004
    yield f"  A1: {{{draw.one(first)}}}"
    yield f"  A2: {{quote: {_text(quotes[0])}, part: A2.{draw.number(1, 4)}}}"
    yield f"  A3: {{quote: {_text(quotes[1])}, campaign: {campaign}}}"
    signer = unit.head.role if unit.head else f"Thủ trưởng {unit.label}"
    yield f'  A4: {{confirmation: {{number: "{draw.number(1, 99)}/XN", date: {day - dt.timedelta(15)}, by: {_text(signer)}}}}}'
    yield f"  A5: {{quote: {_text(quotes[2])}, campaign: hoc-tap-va-lam-theo-bac}}"
    yield f"  A6: {{quote: {_text(quotes[3])}}}"
    yield f"  A7: {{quote: {_text(quotes[4])}}}"


def _awards(draw: Draw, day: dt.date, subject: str) -> Iterator[str]:
    kind = draw.one(draw.stock.awards(subject))
    number, given = f"{draw.number(1, 400)}/QĐ-SLĐTBXH", max(day - dt.timedelta(draw.number(20, 60)), dt.date(day.year, 1, 1))
    yield "awards:"
    yield (f"  - {{type: {kind.id}, number: {_text(number)}, date: {given}, authority: Giám đốc Sở, "
           f"for: {_text(draw.sentence(2, 3)[:-1])}, achieved: {day.year}}}")  # fmt: skip


def _figures(draw: Draw, year: int, unit: Unit) -> Iterator[str]:
    yield "figures:"
    for _ in range(2):
        name, kind, value = draw.sentence(1, 2)[:-1], draw.one(("%", "ca", "hồ sơ", "người", "triệu đồng")), draw.number(2, 99)
        before = f"{value // 2} {kind} năm {year - 1}"
        yield (f'  - {{name: {_text(name)}, value: "{value}", unit: "{kind}", period: năm {year}, baseline: "{before}", '
               f"source: {_text(f'Sổ theo dõi của {unit.name}')}}}")  # fmt: skip


def _photo(draw: Draw, subject: str) -> Iterator[str]:
    people = draw.one(("none", "public-event", "consent" if subject == INDIVIDUAL else "none"))
    alt, caption = (draw.sentence(3, 4)[:-1] for _ in range(2))
    yield "photos:"
    yield f"  - {{file: anh-chinh.jpg, alt: {_text(alt)}, caption: {_text(caption)}, credit: Tranh minh họa, people: {people}}}"


# --- the folder -----------------------------------------------------------------------------------------------------------


def picture(seed: int, n: int) -> bytes:
    """A JPEG of about 30 kB: soft colours, a few shapes, some grain."""
    rng = random.Random(f"{seed}/picture/{n}")  # noqa: S311
    width, height = SIZE
    image = Image.frombytes("RGB", (5, 6), rng.randbytes(5 * 6 * 3)).resize(SIZE, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y, across = rng.randrange(width), rng.randrange(height), rng.randrange(60, 400)
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        box = (x - across / 2, y - across / 3, x + across / 2, y + across / 3)
        rng.choice((draw.ellipse, draw.rectangle))(box, fill=colour)
    grain = Image.frombytes("L", (width // 8, height // 8), rng.randbytes(width * height // 64)).resize(SIZE, Image.Resampling.BICUBIC)
    out = io.BytesIO()
    Image.blend(image, grain.convert("RGB"), 0.05).save(out, "JPEG", quality=75)
    return out.getvalue()


def made_from() -> str:
    """The hash of everything that a corpus of a given seed depends on."""
    texts = [Path(__file__), *(ROOT / "hooks" / "exemplars" / f"{name}.py" for name in MAKERS)]
    texts += sorted([*ROOT.glob("stories/*/*/index.md"), *ROOT.glob("campaigns/*.md"), *ROOT.glob("content/**/*.*")])
    parts = [f"{VERSION} pillow {PIL.__version__}".encode(), *(path.read_bytes() for path in texts)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


CAMPAIGN = """\
---
id: {id}
title: {title}
quoted_name: {title}
type: thuong-xuyen
plans: [{plan}]
goals:
  - {goal}
---

{body}
"""
UNIT = """\
- id: {id}
  name: {name}
  type: truc-thuoc
  parent: so-lao-dong-thuong-binh-va-xa-hoi
  from: 2008-01-01
"""


def add_lists(folder: Path, campaigns: int, units: int, seed: int) -> None:
    """Campaigns and units beside the repository's own, until there are so many of each."""
    stock = stock_of(read_site(ROOT, TODAY)[0])
    for n in range(len(stock.site.campaigns) + 1, campaigns + 1):
        draw, id_ = Draw(stock, seed, n, "campaign"), f"phong-trao-{n:02}"
        words = [" ".join(draw.phrases(1, 2)), draw.sentence(2, 3)[:-1], draw.sentence()]
        title, goal, body = (f"{text[0].upper()}{text[1:]}" for text in words)
        text = CAMPAIGN.format(id=id_, title=title, plan=PLAN, goal=goal, body=body)
        (folder / "campaigns" / f"{id_}.md").write_text(text, encoding="utf-8", newline="\n")
    path = folder / "content/data/units.yml"
    more = [UNIT.format(id=f"trung-tam-{n:02}", name=f"Trung tâm số {n}") for n in range(len(stock.site.units) + 1, units + 1)]
    path.write_text(path.read_text(encoding="utf-8") + "".join(more), encoding="utf-8", newline="\n")


def dress(folder: Path) -> None:
    """The repository's own content, settings and hooks, as they are now."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("content", "campaigns", "hooks"):
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    shutil.copy2(ROOT / "mkdocs.yml", folder / "mkdocs.yml")


def write_stories(folder: Path, count: int, seed: int) -> None:
    words, lists = read_site(ROOT, TODAY)[0], read_site(folder, TODAY)[0]
    stock = stock_of(replace(words, campaigns=lists.campaigns, units=lists.units))
    (folder / "pictures").mkdir()
    pictures = [folder / "pictures" / f"{n:02}.jpg" for n in range(PICTURES)]
    for n, path in enumerate(pictures):
        path.write_bytes(picture(seed, n))
    for n in range(count):
        at, text = story(stock, seed, n)
        (folder / "stories" / at).mkdir(parents=True)
        (folder / "stories" / at / "index.md").write_text(text, encoding="utf-8", newline="\n")
        _link(pictures[n % PICTURES], folder / "stories" / at / "anh-chinh.jpg")


def _link(picture: Path, path: Path) -> None:
    try:
        os.link(picture, path)
    except OSError:  # a file system without hard links, or one that allows few
        shutil.copyfile(picture, path)


def approve_all(folder: Path) -> None:
    """An `approval.yml` beside every story, for exactly the text that the site reads there."""
    site, problems = read_site(folder, TODAY)
    if problems:
        raise SystemExit(f"Kho bài giả có lỗi, phải sửa scripts/corpus.py: {problems[0]}")
    for one in site.stories:
        (folder / one.origin.path).with_name("approval.yml").write_text(written(_approval(one)), encoding="utf-8", newline="\n")


def _approval(story: Story) -> Approval:
    day = (story.date or TODAY) - dt.timedelta(4)
    return Approval(
        body="Hội đồng Thi đua - Khen thưởng Sở", minutes=f"{day.month:02}/BB-HĐTĐKT", date=day,
        accepted=tuple(claim.id for claim in story.criteria), by=("Chủ tịch Hội đồng", "Thư ký Hội đồng"),
        text_sha256=story.text_sha256, compared=(Comparison(("A4",), "Văn phòng Sở", date=day - dt.timedelta(2)),),
    )  # fmt: skip


def make(folder: Path, count: int, seed: int, campaigns: int = 0, units: int = 0) -> bool:
    """Brings the folder to what is asked; False when its stories already are.

    campaigns, units  how many there are to be at least; the repository's own come first
    errors  FileExistsError: the folder holds something else
    """
    mark = {"version": VERSION, "seed": seed, "stories": count, "lists": [campaigns, units], "made_from": made_from()}
    found = _mark(folder)
    if found is None and folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder)
    dress(folder)
    add_lists(folder, campaigns, units, seed)
    if found == mark:
        return False
    (folder / MARK).write_text("{}\n", encoding="utf-8")  # ours, but not whole yet
    for name in ("stories", "pictures", "site", ".cache"):
        shutil.rmtree(folder / name, ignore_errors=True)
    write_stories(folder, count, seed)
    approve_all(folder)
    (folder / MARK).write_text(json.dumps(mark, indent=2) + "\n", encoding="utf-8")
    return True


def _mark(folder: Path) -> object:
    try:
        return json.loads((folder / MARK).read_bytes())
    except (OSError, ValueError):
        return None


def main(arguments: list[str] | None = None) -> int:
    """0 made or already there, 2 misuse."""
    parser = command.Parser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="dựng vào đây; phải trống, hoặc do chính lệnh này dựng")
    parser.add_argument("count", type=int, metavar="N", help="số bài")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống (mặc định: 1)")
    parser.add_argument("--campaigns", type=int, default=0, metavar="N", help="thêm phong trào cho đủ N (mặc định: không thêm)")
    parser.add_argument("--units", type=int, default=0, metavar="N", help="thêm đơn vị cho đủ N (mặc định: không thêm)")
    asked = parser.parse_args(arguments)
    if asked.count < 1:
        parser.error("N phải từ 1")
    try:
        made = make(asked.folder.resolve(), asked.count, asked.seed, asked.campaigns, asked.units)
    except FileExistsError:
        parser.error(f"«{asked.folder}» không trống và không phải kho bài giả")
    print(f"{'Đã tạo' if made else 'Dùng lại'} {asked.count} bài ở {asked.folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
