"""Tham chiếu (TL): does every id, link and file that a record names exist, and does it still hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from exemplars.approving import State, state
from exemplars.bounds import numbered
from exemplars.linking import is_paper, resolve, target
from exemplars.model import Event, Finding, Story
from exemplars.picture_header import PHOTOS
from exemplars.schema import references
from exemplars.vietnamese import nearest, written_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exemplars.model import Site, Unit

NAMES = {
    "units": "đơn vị", "campaigns": "phong trào", "plans": "kế hoạch", "documents": "văn bản", "stories": "bài", "events": "sự kiện",
    "awards": "danh hiệu, hình thức khen thưởng", "kinds": "thể loại", "fields": "lĩnh vực", "stages": "giai đoạn", "occasions": "dịp",
    "levels": "cấp", "scopes": "phạm vi đồng ý",
}  # fmt: skip
# by the end of a link's words, not by their beginning: words may hold brackets and run over lines, and a text of open
# brackets is then read once, not once for each of them
# possessive and bounded: where no bracket closes, giving back what was taken letter by letter would take minutes
LINK = re.compile(r"\]\(\s*+<?([^)\s>]{1,1000}+)[^)\n]{0,1000}+\)|^ {0,3}\[[^\]\n]{1,200}\]:\s*<?([^\s>]+)", re.MULTILINE)
CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


def known_ids(record: Any, site: Site) -> Iterator[Finding]:
    """Mã đơn vị, phong trào, kế hoạch, văn bản… phải có trong danh mục.

    Sai:
        unit: trung-tam-cong-tac-xh
    Đúng:
        unit: trung-tam-cong-tac-xa-hoi
    """
    for where, key, collection, id_ in references(record):
        known = site.collections[collection]
        if id_ in known or site.may_hold(collection, id_) or collection == "awards":  # KT004 looks at their day as well
            continue
        near = nearest(id_, known)
        do = f"Có phải là «{near}»?" if near else "Hãy xem lại mã trong danh mục."
        name = NAMES.get(collection, "mục")
        yield Finding(where, f"«{key.label}» (`{key.name}`): không tìm thấy {name} «{id_}».", do, word=id_)


def links_in(record: Any) -> Iterator[tuple[int, str]]:
    """Every link and image of a body: (line in the file, address); code is passed over."""
    body = record.origin.body
    if "](" not in body and "]:" not in body:
        return
    body = CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), body)
    for line, match in numbered(body, LINK.finditer(body)):
        if match[0].lstrip().startswith("[^"):  # a footnote, which BS006 speaks of
            continue
        start = opened(body, match.start()) if match[1] else match.start()
        yield record.origin.body_line + line - body.count("\n", start, match.start()), match[1] or match[2]


def opened(body: str, closed: int) -> int:
    """Where the words of a link begin that end at `closed`; the end itself where no bracket opens them nearby."""
    depth = 0
    for at in range(closed, max(closed - 500, -1), -1):
        depth += (body[at] == "]") - (body[at] == "[")
        if depth == 0:
            return at
    return closed


def links_lead_somewhere(record: Any, site: Site) -> Iterator[Finding]:
    """Liên kết trong bài và tệp ảnh phải dẫn tới một tệp có thật.

    Sai:
        Xem [bài trước](../giu-lua/index.md).          (không có thư mục giu-lua)
    Đúng:
        Xem [bài trước](../nguoi-giu-lua-mai-am/index.md).
    """
    for line, href in links_in(record):
        wanted = target(href, record.origin.path)
        if wanted is not None and resolve(href, record.origin.path, site)[0] is None and not _unread(wanted, site):
            yield Finding(line, f"Liên kết «{href}» không dẫn tới tệp nào.", "Hãy sửa đường dẫn hoặc thêm tệp.", word=href)
    if isinstance(record, Story):
        folder = record.origin.path.rpartition("/")[0]
        for at, photo in enumerate(record.photos):
            if not photo.file or photo.sha256 or f"{folder}/{photo.file}" in site.files:
                continue
            says, do = f"Không có tệp ảnh «{photo.file}» cạnh bài.", "Hãy chép tệp JPG, PNG hoặc WebP vào thư mục bài, đúng tên này."
            if not photo.file.lower().endswith(PHOTOS):  # of an iPhone, for one
                says = f"«{photo.file}» không phải tệp ảnh JPG, PNG hay WebP."
                do = (
                    "Hãy lưu ảnh ấy thành JPG (trong ứng dụng ảnh: xuất, hoặc lưu với tên khác), chép vào thư mục bài, rồi ghi tên tệp mới."
                )
            yield Finding(("photos", at, "file"), says, do)


def _unread(wanted: str, site: Site) -> bool:
    """Whether the file is there and merely faulty: its own problem is reported, this link is not at fault."""
    parts = wanted.removesuffix("/index.md").split("/")
    guess = "-".join(parts[1:]) if parts[0] == "stories" else parts[-1].removesuffix(".md")
    return any(guess in ids for ids in site.unread.values())


def launched_campaigns(site: Site) -> Iterator[Finding]:
    """Phong trào nên ghi văn bản phát động, cấp và cơ quan phát động.

    Sai:
        level:              # đoán cho đủ
    Đúng:
        (để trống khi kế hoạch không nói, bổ sung khi có văn bản)
    """
    for campaign in site.campaigns:
        lacking = [
            said
            for said, value in (
                ("văn bản phát động (`documents`)", campaign.documents),
                ("cấp phát động (`level`)", campaign.level),
                ("cơ quan phát động (`authority`)", campaign.authority),
            )
            if not value
        ]
        if lacking:
            says = f"Phong trào «{campaign.label}» chưa ghi {', '.join(lacking)}."
            yield Finding(1, says, "Hãy bổ sung khi có văn bản; không đoán.", campaign.origin.path)


def unit_of_its_time(story: Story, site: Site) -> Iterator[Finding]:
    """Đơn vị đề xuất phải đang hoạt động vào ngày đăng bài.

    Sai:
        date: 2020-06-09
        unit: chi-cuc-phong-chong-te-nan-xa-hoi         # đã kết thúc năm 2018
    Đúng:
        unit: phong-phong-chong-te-nan-xa-hoi
    """
    unit: Unit | None = site.find("units", story.unit)
    if unit is None or story.date is None or unit.active.holds(story.date):
        return
    start = written_date(unit.from_) if unit.from_ else "…"
    end = written_date(unit.to) if unit.to else "nay"
    heir = unit.successors[0] if unit.successors else ""
    says = f"Đơn vị «{unit.name}» không hoạt động vào ngày {written_date(story.date)} ({start} – {end})."
    next_ = f" hoặc đơn vị kế thừa «{heir}»" if heir else ""
    yield Finding(("unit",), says, f"Hãy chọn đơn vị của thời điểm đó{next_}.")


def no_circles(site: Site) -> Iterator[Finding]:
    """Không đơn vị, phong trào nào là cấp trên của chính nó.

    Sai:
        - {id: phong-a, parent: phong-b}
        - {id: phong-b, parent: phong-a}
    Đúng:
        - {id: phong-a, parent: so}
    """
    chains: tuple[tuple[str, str, Iterable[Any]], ...] = (
        ("Đơn vị cấp trên", "parent", site.units),
        ("Thuộc phong trào", "parent", site.campaigns),
        ("Bài thay thế", "withdrawn.see", site.stories),
    )
    for label, key, records in chains:
        step = {one.id: one.withdrawn.see if key != "parent" and one.withdrawn else getattr(one, "parent", "") for one in records}
        for record in records:
            way = [record.id]
            while (after := step.get(way[-1], "")) and after not in way:
                way.append(after)
            # each circle is told once, by its smallest id
            if after == record.id and record.id == min(way):
                where = tuple(key.split(".")) if record.origin.text else record.origin.body_line
                says = f"«{label}» tạo thành vòng: {' → '.join([*way, after])}."
                yield Finding(where, says, f"Hãy sửa `{key}`.", record.origin.path)


def no_withdrawn_example(record: Any, site: Site) -> Iterator[Finding]:
    """Bài đã gỡ không còn được dẫn tới như một gương: chữ vẫn hiện, liên kết thì trang tự bỏ.

    Sai:
        stories: [2020-xe-lan-tu-xe-dap-cu]       # bài này đã gỡ
    Đúng:
        stories: [2020-sap-lai-so-truc-dem]
    """
    if isinstance(record, Event):
        for at, id_ in enumerate(record.stories):
            story = site.find("stories", id_)
            if story is not None and story.withdrawn:
                yield _gone(("stories", at), id_, "mục `stories`")
    if isinstance(record, Story) and record.withdrawn and record.withdrawn.see:
        story = site.find("stories", record.withdrawn.see)
        if story is not None and story.withdrawn and story.withdrawn.kind != "consolidated":
            yield _gone(("withdrawn", "see"), story.id, "mục `see`")
    for line, href in links_in(record):
        found, _ = resolve(href, record.origin.path, site)
        if isinstance(found, Story) and found.withdrawn:
            yield _gone(line, found.id, "câu này", href)


def _gone(where: Any, id_: str, place: str, word: str = "") -> Finding:
    return Finding(where, f"Bài «{id_}» đã gỡ, không thể dẫn tới như một gương.", f"Hãy bỏ khỏi {place}.", word=word)


def papers_led_to(story: Story, site: Site) -> Iterator[Finding]:
    """Tệp PDF cạnh bài chỉ được đăng khi có trang dẫn tới nó; tệp không ai dẫn tới thì đừng để trong kho.

    Sai:
        (thư mục bài có phieu-dong-y.pdf, thân bài không nhắc tới)
    Đúng:
        Xem [sơ đồ](so-do.pdf).
    """
    folder = story.origin.path.rpartition("/")[0]
    papers = [path for path in site.files_in.get(folder, ()) if is_paper(path)]
    led = {target(href, story.origin.path) for _, href in links_in(story)} if papers else set()
    for path in papers:
        if path not in led:
            says = f"Tệp «{path.removeprefix(folder + '/')}» nằm cạnh bài mà bài không dẫn tới; tệp không trang nào dẫn tới thì không được đăng."
            yield Finding(story.origin.body_line, says, "Hãy dẫn tới tệp trong bài, hoặc đưa tệp ra khỏi kho: ai có kho cũng đọc được.")


def links_to_published(record: Any, site: Site) -> Iterator[Finding]:
    """Liên kết tới bài chưa duyệt: chữ vẫn hiện, liên kết chỉ có khi bài kia được duyệt.

    Sai:
        Xem [bếp ăn dinh dưỡng](../bep-an-dinh-duong/index.md).      (bài này còn chờ Hội đồng)
    Đúng:
        (giữ nguyên và chờ, hoặc dẫn tới một bài đã duyệt)
    """
    if isinstance(record, Story) and state(record) is not State.APPROVED:
        return
    for line, href in links_in(record):
        found, _ = resolve(href, record.origin.path, site)
        if isinstance(found, Story) and not found.withdrawn and state(found) is not State.APPROVED:
            says = f"Liên kết dẫn tới bài «{found.id}» đang ở trạng thái «{state(found)}»."
            yield Finding(line, says, "Chữ vẫn hiện, liên kết sẽ có khi bài kia được duyệt; hoặc hãy dẫn tới bài khác.", word=href)
