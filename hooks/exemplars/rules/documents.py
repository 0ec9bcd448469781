"""Văn bản (VB): are documents numbered, dated and cited as they are, and is what serves as evidence a document in force."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from exemplars.citations import citations, is_document_number, is_document_symbol, same_number
from exemplars.linking import resolve
from exemplars.model import Document, Finding
from exemplars.rules.references import links_in
from exemplars.schema import Many, Same, Text, values
from exemplars.spelling import wrong_dates
from exemplars.vietnamese import written_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from exemplars.citations import Citation
    from exemplars.model import Site, Story
    from exemplars.schema import Where

EXAMPLES = "75/KH-UBND, 34-CT/TW, 06/2022/QH15"


@lru_cache(maxsize=1)  # three rules ask in turn
def _texts(same: Same) -> tuple[tuple[Where | None, str], ...]:
    """The texts of a record that may hold a date or a number: of its keys, and its body (None). A quote stands in the body already."""
    record = same.record
    found: list[tuple[Where | None, str]] = []
    for where, key, value, _ in values(record):
        if value and key.name != "quote":
            if isinstance(key.shape, Text):
                found.append((where, value))
            elif isinstance(key.shape, Many) and isinstance(key.shape.of, Text):
                found += (((*where, at), text) for at, text in enumerate(value))
    if record.origin.text:
        found.append((None, record.origin.body))
    return tuple((where, text) for where, text in found if "/" in text or "tháng" in text)


@lru_cache(maxsize=1)
def _citations(same: Same) -> tuple[tuple[Where | int, Citation], ...]:
    """Every document that a record names by its number, with the place."""
    return tuple((_place(same.record, where, text, cited.start), cited) for where, text in _texts(same) for cited in citations(text))


def _place(record: Any, where: Where | None, text: str, at: int) -> Where | int:
    return where if where is not None else int(record.origin.body_line) + text.count("\n", 0, at)


def well_formed_numbers(record: Any, _site: Site) -> Iterator[Finding]:
    """Số, ký hiệu văn bản viết đúng dạng: số, năm (nếu có), loại văn bản, cơ quan.

    Sai:
        number: "75KH/UBND"
    Đúng:
        number: "75/KH-UBND"

    Cũng nhận 5/KH-BTĐKT-TC, 30/2020/NĐ-CP, 06/2022/QH15, 34-CT/TW, 22/HĐTĐKT.

    Căn cứ: Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    for where, key, value, _ in values(record):
        if key.name == "number" and value and not is_document_number(value):
            yield Finding(where, f"Số, ký hiệu «{value}» không đúng dạng.", f"Hãy viết như trên văn bản, ví dụ {EXAMPLES}.")
        elif key.name == "symbol" and value and not is_document_symbol(value):
            yield Finding(where, f"Ký hiệu «{value}» không đúng dạng.", "Hãy viết như trên văn bản, ví dụ KH-SLĐTBXH.")


def dates_as_written(record: Any, _site: Site) -> Iterator[Finding]:
    """Ngày trong bài viết như văn bản hành chính: thêm số 0 trước ngày 1 đến 9 và trước tháng 1, 2.

    Sai:
        Ngày 7/4/2014, bà nhận việc.
    Đúng:
        Ngày 07/4/2014, bà nhận việc.

    Chữ trong ngoặc kép được để nguyên.

    Căn cứ: Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    for where, text in _texts(Same(record)):
        for start, end, right in wrong_dates(text):
            says = f"Ngày «{text[start:end]}» chưa đúng cách ghi."
            yield Finding(_place(record, where, text, start), says, f"Hãy viết «{right}».")


def _numbered(site: Site, number: str) -> list[Document]:
    """The documents of the library with this number: numbers begin anew each year and for each body."""
    return _library(Same(site)).get(same_number(number), [])


@lru_cache(maxsize=1)  # of the site under check
def _library(same: Same) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for document in (*same.record.documents, *same.record.plans):
        if document.number:
            found.setdefault(same_number(document.number), []).append(document)
    return found


def days_as_in_the_library(record: Any, site: Site) -> Iterator[Finding]:
    """Ngày của văn bản được dẫn phải như trong kho văn bản.

    Sai:
        Kế hoạch số 75/KH-UBND ngày 29/8/2016        (kho văn bản ghi 28/9/2016)
    Đúng:
        Kế hoạch số 75/KH-UBND ngày 28/9/2016
    """
    for where, cited in _citations(Same(record)):
        days = [one.issued for one in _numbered(site, cited.number) if one.issued]
        if cited.day and days and cited.day not in days:
            yield _other_day(where, cited.number, cited.day, days)
    for at, award in enumerate(getattr(record, "awards", ())):
        document = site.find("documents", award.document)
        if document and award.date and document.issued and award.date != document.issued:
            yield _other_day(("awards", at, "date"), award.number or document.number, award.date, [document.issued])


def _other_day(where: Where | int, number: str, told: dt.date, known: list[dt.date]) -> Finding:
    says = f"Bài ghi {number} ngày {written_date(told)}, kho văn bản ghi ngày {', '.join(map(written_date, known))}."
    return Finding(where, says, "Hãy xem lại.")


def in_force(story: Story, site: Site) -> Iterator[Finding]:
    """Văn bản được dẫn nên còn hiệu lực vào ngày đăng bài.

    Sai:
        Theo Thông tư 12/2019/TT-BNV …               (đã hết hiệu lực khi bài được đăng)
    Đúng:
        Theo Nghị định 98/2023/NĐ-CP …               (văn bản thay thế)
    """
    day = story.updated or story.date or site.today
    for where, document in (*_cited(story, site), *_evidence(story, site)):
        ended = document.effective.to if document.effective else None
        if ended and ended < day:
            heirs = ", ".join(_name(heir) for id_ in document.replaced_by if (heir := site.find("documents", id_)))
            says = f"{_name(document)} hết hiệu lực từ {written_date(ended)}."
            yield Finding(where, says, f"Vẫn đúng nếu nói về thời điểm trước; nếu không, hãy dẫn {heirs or 'văn bản thay thế'}.")


def _name(document: Document) -> str:
    return document.number or f"«{document.title}»"


def _cited(story: Story, site: Site) -> Iterator[tuple[Where | int, Document]]:
    """Documents that the text names by number; not when the number may be that of another year's document."""
    for where, cited in _citations(Same(story)):
        found = [one for one in _numbered(site, cited.number) if cited.day in {None, one.issued}]
        if len(found) == 1:
            yield where, found[0]


def _evidence(story: Story, site: Site) -> Iterator[tuple[Where, Document]]:
    """Documents that serve as evidence: named by a criterion, or by an award that a criterion names."""
    found: dict[Where, str] = {}
    for claim in story.criteria:
        for at, id_ in enumerate(claim.document):
            found["criteria", claim.id, "document", *([at] if len(claim.document) > 1 else [])] = id_
        for number in claim.award:
            if number <= len(story.awards) and story.awards[number - 1].document:
                found["awards", number - 1, "document"] = story.awards[number - 1].document
    for where, id_ in found.items():
        document: Document | None = site.find("documents", id_)
        if document:
            yield where, document


def evidence_compared(story: Story, site: Site) -> Iterator[Finding]:
    """Văn bản dùng làm dẫn chứng phải được một người đối chiếu với bản chính thức.

    Sai:
        A1: {document: quyet-dinh-87-ubnd-2020}      # trang văn bản chưa có `compared`
    Đúng:
        compared: {by: Văn phòng Sở, date: 2020-06-01}         # ghi ở trang văn bản
    """
    for where, document in _evidence(story, site):
        if not document.draft and not document.compared:
            says = f"{_name(document)} dùng làm dẫn chứng nhưng chưa ai đối chiếu với bản chính thức."
            yield Finding(where, says, f"Hãy đối chiếu rồi ghi `compared` vào {document.origin.path}.")


def no_draft_as_issued(story: Story, site: Site) -> Iterator[Finding]:
    """Dự thảo không dùng làm dẫn chứng, và không gọi là văn bản đã ban hành.

    Sai:
        Sở đã ban hành [kế hoạch năm 2020](../../../content/plans/ke-hoach-2020.md).      (kế hoạch chưa có số, ngày)
    Đúng:
        Sở soạn [kế hoạch năm 2020](../../../content/plans/ke-hoach-2020.md).

    Ghi một dự thảo ở mục `plan` thì không sao: bài được xét theo tiêu chí của nó.
    """
    said = "còn là dự thảo (chưa có số, ngày)."
    do = "Không trích như văn bản đã ban hành."
    for where, document in _evidence(story, site):
        if document.draft:
            yield Finding(where, f"«{document.title}» {said}", do)
    if "ban hành" not in story.origin.body:
        return
    lines = story.origin.body.split("\n")
    for line, href in links_in(story):
        found, _ = resolve(href, story.origin.path, site)
        if isinstance(found, Document) and found.draft and "ban hành" in lines[line - story.origin.body_line]:
            yield Finding(line, f"«{found.title}» {said}", do)


def official_addresses(site: Site) -> Iterator[Finding]:
    """Địa chỉ chính thức của văn bản là trang của cơ quan nhà nước, danh sách ở content/data/official_hosts.yml.

    Sai:
        official_url: https://thuvien.example.com/ke-hoach-75
    Đúng:
        official_url: https://vanban.chinhphu.vn/?docid=1
    """
    official = [term.title for term in site.terms.get("official_hosts", ())]
    for document in (*site.documents, *site.plans):
        host = _host(document.official_url)
        if document.official_url and not any(host == one or host.endswith(f".{one}") for one in official):
            says = f"Địa chỉ «{host or document.official_url}» không phải trang của cơ quan nhà nước."
            yield Finding(("official_url",), says, "Hãy dùng bản chính thức.", document.origin.path)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # http://[x
        return ""
