"""Biên soạn (BS): does a story have the shape that lets others learn from it, and is it there only once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars import layout
from exemplars.likeness import candidates, gist, likeness
from exemplars.model import Finding
from exemplars.vietnamese import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Site, Story

LESSONS = ("kinh nghiem", "cach lam", "bai hoc")
RESULTS = ("ket qua",)
TOP = 2  # «##»; «#» is the title of the page
ALIKE = 0.8


class Heading(NamedTuple):
    line: int  # of the body, from 0
    level: int
    title: str


@lru_cache(maxsize=2)  # three rules ask about one body in turn
def headings(body: str) -> tuple[Heading, ...]:
    """The headings of a Markdown body: `## …` and underlined ones; none in fenced code."""
    found = []
    fence = before = ""
    for number, line in enumerate(body.split("\n")):
        if fence:
            fence = "" if line.startswith(fence) else fence
        elif line.startswith(("```", "~~~")):
            fence = line[:3]
        elif line.startswith("#"):
            title = line.lstrip("#")
            found.append(Heading(number, min(len(line) - len(title), 6), title.strip(" \t#")))
        elif line and line[0] in "=-" and before.strip() and not line.rstrip().strip(line[0]):
            found.append(Heading(number - 1, 1 if line[0] == "=" else 2, before.strip()))
        before = line
    return tuple(found)


def _lacks(story: Story, titles: tuple[str, ...]) -> bool:
    """Whether a story has a body, and in it no heading with one of these titles (folded)."""
    body = story.origin.body
    if story.withdrawn or not body.strip():
        return False
    return not any(title in fold(heading.title) for heading in headings(body) for title in titles)


def lessons_told(story: Story, _site: Site) -> Iterator[Finding]:
    """Bài nên có mục «Kinh nghiệm» hoặc «Cách làm»: điều người khác làm theo được.

    Sai:
        (bài dừng ở mục «Kết quả»)
    Đúng:
        ## Kinh nghiệm

    Căn cứ: kế hoạch của Sở, mục I.2: phổ biến cách làm, kinh nghiệm để học tập, làm theo.
    """
    if _lacks(story, LESSONS):
        says = "Bài không có mục «Kinh nghiệm» hoặc «Cách làm»."
        yield Finding(story.origin.body_line, says, "Hãy nêu điều người khác làm theo được (Kế hoạch I.2).")


def results_told(story: Story, _site: Site) -> Iterator[Finding]:
    """Bài nên có mục «Kết quả»: việc làm ấy đã đem lại gì.

    Sai:
        (bài chỉ kể hoàn cảnh và việc làm)
    Đúng:
        ## Kết quả
    """
    if _lacks(story, RESULTS):
        yield Finding(story.origin.body_line, "Bài không có mục «Kết quả».", "Hãy nêu việc làm đã đem lại gì.")


def ordered_headings(record: Any, _site: Site) -> Iterator[Finding]:
    """Đầu mục bắt đầu từ «##» và không nhảy cấp; «#» là tiêu đề của cả trang.

    Sai:
        # Hoàn cảnh
        #### Việc làm
    Đúng:
        ## Hoàn cảnh
        ### Việc làm
    """
    if not record.origin.text:
        return
    before = TOP - 1
    for line, level, title in headings(record.origin.body):
        if level < TOP:
            says = f"Đầu mục «{title}» dùng `#`, là cấp của tiêu đề trang."
            yield Finding(record.origin.body_line + line, says, f"Hãy viết `## {title}`.")
        elif level > before + 1:
            says = f"Đầu mục «{title}» nhảy cấp."
            yield Finding(record.origin.body_line + line, says, f"Hãy viết `{'#' * (before + 1)} {title}`.")
        before = max(level, TOP)


SLIPS = {
    layout.LIST: ("Danh sách dính liền dòng trên, nên sẽ chạy thành một đoạn.", "Hãy để một dòng trống trước dòng này."),
    layout.TABLE: ("Bảng dính liền dòng trên, nên sẽ hiện nguyên các dấu |.", "Hãy để một dòng trống trước dòng này."),
    layout.BULLETS: ("Dấu «{}» đầu dòng không tạo thành danh sách.", "Hãy viết `- ` đầu mỗi ý, và để một dòng trống trước ý đầu."),
    layout.NUMBERS: ("«{}» đầu dòng không tạo thành danh sách.", "Hãy viết `1. ` đầu mỗi ý, và để một dòng trống trước ý đầu."),
    layout.INDENT: ("Dòng thụt đầu bằng Tab hay bốn dấu cách sẽ hiện thành khung chữ đều nét như mã máy.", "Hãy bỏ khoảng thụt; trang tự trình bày đoạn văn."),
    layout.TABS: ("Bảng ngăn cột bằng phím Tab sẽ chạy thành một đoạn.", "Hãy viết bảng bằng dấu |, xem «Viết thân bài» trong CONTRIBUTING.md."),
    layout.NOTE: ("Chú thích cuối trang «{}» sẽ hiện nguyên chữ.", "Hãy ghi nguồn trong ngoặc đơn ngay sau câu."),
}  # fmt: skip


def shown_as_meant(record: Any, _site: Site) -> Iterator[Finding]:
    """Đoạn văn, danh sách, bảng viết theo cách mà trang hiện được.

    Sai:
        Tổ làm ba việc:
        • Sắp lại sổ trực.
        • Báo ca trước một tuần.
    Đúng:
        Tổ làm ba việc:

        - Sắp lại sổ trực.
        - Báo ca trước một tuần.

    Đoạn văn không thụt đầu dòng; trước danh sách và bảng có một dòng trống. `make fix` tự sửa phần lớn những chỗ này.
    """
    if not record.origin.text:
        return
    for slip in layout.slips(record.origin.body):
        says, do = SLIPS[slip.kind]
        yield Finding(record.origin.body_line + slip.first, says.format(slip.found), do, word=slip.found)


def replication_named(story: Story, site: Site) -> Iterator[Finding]:
    """Bài ghi giai đoạn nhân rộng thì nêu đã nhân rộng ở đâu.

    Sai:
        stage: nhan-rong        # mà không có mục `replicated`
    Đúng:
        stage: nhan-rong
        replicated: [{unit: trung-tam-bao-tro-xa-hoi, date: 2020-08-01}]
    """
    stage = site.find("stages", story.stage)
    if stage and stage.replicated and not story.replicated and not story.withdrawn:
        says = f"Bài ghi giai đoạn «{stage.title}» nhưng chưa nêu đã nhân rộng ở đâu (`replicated`)."
        yield Finding(("stage",), says, "Hãy ghi đơn vị đã làm theo, hoặc chọn giai đoạn khác.")


def told_once(site: Site) -> Iterator[Finding]:
    """Mỗi gương một bài: không hai bài về một người của một đơn vị, không hai bài giống nhau trên 80 % nội dung.

    Sai:
        (chép bài năm trước, đổi tiêu đề và ngày)
    Đúng:
        (sửa bài cũ, thêm `updated`; hoặc gỡ bài cũ với `withdrawn: {kind: consolidated, see: …}`)
    """
    stories = sorted((one for one in site.stories if not one.withdrawn), key=lambda one: (str(one.date or "9"), one.origin.path))
    gists = [story.gist or gist(story.subject.name if story.subject else "", story.origin.body) for story in stories]
    found: dict[int, dict[int, list[str]]] = {}  # by the place of the later story, then of the earlier
    people: dict[tuple[str, str], int] = {}
    for later, story in enumerate(stories):
        person = (gists[later].person, story.unit)
        if all(person):
            if person in people:
                found.setdefault(later, {}).setdefault(people[person], []).append("cùng tên và đơn vị")
            people[person] = later
    for later, earlier in candidates(one.fingerprint for one in gists):
        share = likeness(stories[later].origin.body, stories[earlier].origin.body)
        if share > ALIKE:
            found.setdefault(later, {}).setdefault(earlier, []).append(f"{share * 100:.0f} % nội dung")
    for later, others in found.items():
        for earlier, why in others.items():
            says = f"Bài giống bài «{stories[earlier].id}» ({', '.join(why)})."
            yield Finding(("id",), says, "Có phải trùng không? Nếu không, hãy ghi lý do vào `waive`.", stories[later].origin.path)
