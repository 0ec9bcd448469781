"""The one schema: every record of the site with the keys a writer meets, and what the checks say about them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import cached_property, lru_cache
from typing import Any, Literal, TypeAlias

from exemplars.aside import Holder
from exemplars.likeness import Gist
from exemplars.records import dataclass
from exemplars.schema import Choice, Count, Day, Flag, Group, Many, Moment, Ref, Same, Slug, Table, Text, Where, key

INDIVIDUAL, COLLECTIVE, HOUSEHOLD = "individual", "collective", "household"
SUBJECTS = (INDIVIDUAL, COLLECTIVE, HOUSEHOLD)
EVIDENCE = ("quote", "award", "figure", "document", "campaign", "confirmation")
PEOPLE = ("consent", "public-event", "none")
WITHDRAWALS = ("error", "consolidated", "withdrawn")
RELATIONS = ("any", "base_plus")

ID = "Chữ thường không dấu, nối bằng gạch ngang. Đặt một lần, không đổi, không dùng lại."


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read.

    path       in the repository, with "/"
    held       the whole file after normalising (no BOM, LF, NFC), UTF-8; see `text`
    body_at    byte where the body begins; body_line its line in the file, from 1
    digest     sha256 of the text, hex
    sound      nothing in the file was refused while reading it
    """

    path: str = ""
    held: bytes | Holder = b""
    body_at: int = 0
    body_line: int = 1
    digest: str = ""
    sound: bool = True

    @property
    def text(self) -> bytes:
        return self.held if isinstance(self.held, bytes) else self.held.read()

    @property
    def body(self) -> str:
        return _body(Same(self))


@lru_cache(maxsize=4)
def _body(same: Same) -> str:
    """A dozen rules ask for the same body in turn."""
    origin: Origin = same.record
    return origin.text[origin.body_at :].decode()


@dataclass(frozen=True, slots=True)
class Period:
    from_: dt.date | None = key("Từ ngày", Day(), example="2020-01-01")
    to: dt.date | None = key("Đến ngày", Day(), example="2020-12-31")

    def holds(self, day: dt.date) -> bool:
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


@dataclass(frozen=True, slots=True)
class Person:
    role: str = key("Chức vụ", Text(), example="Giám đốc")
    name: str = key("Họ và tên", Text(), hint="Không hiện ra ngoài, trừ người ký văn bản.")


# --- câu chuyện ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    type: str = key("Đối tượng", Choice(SUBJECTS), need="always", example=INDIVIDUAL,
                    hint="individual (cá nhân) · collective (tập thể) · household (hộ gia đình).")  # fmt: skip
    name: str = key("Họ và tên / Tên tập thể", Text(120), need="always", example="Nguyễn Mẫu Thị",
                    hint="Viết đúng như nhân vật vẫn viết tên mình.")  # fmt: skip
    address_as: str = key("Cách gọi", Text(20), example="bà", hint="ông, bà, anh, chị, em…: cách gọi nhân vật trong bài.")
    role: str = key("Chức vụ, công việc", Text(200), need="ready", asked=lambda it: it.type == INDIVIDUAL,
                    example="Nhân viên công tác xã hội", hint="Nhân vật làm việc gì.")  # fmt: skip
    workplace: str = key("Nơi công tác", Text(200), hint="Chỉ ghi khi khác đơn vị đề xuất.")
    as_of: dt.date | None = key("Tính đến ngày", Day(), need="ready", asked=lambda it: bool(it.role),
                                example="2020-05-30", hint="Chức vụ, công việc ấy đúng vào ngày nào.")  # fmt: skip
    sort_as: str = key("Sắp xếp theo", Text(120), hint="Chỉ dùng khi tên không theo trật tự họ – tên đệm – tên.")


@dataclass(frozen=True, slots=True)
class Confirmation:
    number: str = key("Số", Text(60), need="ready", rule="TC007", example='"12/XN-TTCTXH"', hint="Để trong dấu nháy.")
    date: dt.date | None = key("Ngày", Day(), need="ready", rule="TC007", example="2020-05-28")
    by: str = key("Người ký", Text(120), need="ready", rule="TC007", example="Giám đốc Trung tâm")


@dataclass(frozen=True, slots=True)
class Claim:
    """One criterion that the writer claims, with its evidence; the Council judges it, the software does not."""

    id: str = ""
    quote: tuple[str, ...] = key("Đoạn trích", Many(Text(), or_one=True), example="đoạn nguyên văn trong bài",
                                 hint="Chép nguyên văn một câu trong phần thân bài (từ 8 âm tiết).")  # fmt: skip
    award: tuple[int, ...] = key("Khen thưởng thứ", Many(Count(), or_one=True), example="1",
                                 hint="Thứ tự trong mục «Khen thưởng», đếm từ 1.")  # fmt: skip
    figure: tuple[int, ...] = key("Số liệu thứ", Many(Count(), or_one=True), example="1",
                                  hint="Thứ tự trong mục «Số liệu», đếm từ 1.")  # fmt: skip
    document: tuple[str, ...] = key("Văn bản", Many(Ref("documents"), or_one=True), hint="Mã văn bản trong kho văn bản.")
    campaign: tuple[str, ...] = key("Phong trào", Many(Ref("campaigns"), or_one=True), example="lao-dong-gioi",
                                    hint="Phong trào mà nhân vật là nòng cốt.")  # fmt: skip
    confirmation: Confirmation | None = key("Xác nhận của đơn vị", Group(Confirmation),
                                            hint="Số, ngày, người ký giấy xác nhận.")  # fmt: skip
    part: str = key("Ý cụ thể", Text(20), example="A2.2", hint="Ý nhỏ của tiêu chí, nếu muốn nói rõ.")
    note: str = key("Ghi chú", Text(500), shown=False, hint="Cho người duyệt; không đăng.")

    def has(self, kind: str) -> bool:
        return bool(getattr(self, kind))


@dataclass(frozen=True, slots=True)
class Revocation:
    date: dt.date | None = key("Ngày thu hồi", Day(), need="always", example="2021-03-01")
    number: str = key("Số quyết định", Text(60), example='"9/QĐ-SLĐTBXH"')
    authority: str = key("Cơ quan", Text(200))


@dataclass(frozen=True, slots=True)
class Award:
    type: str = key("Danh hiệu / hình thức", Ref("awards"), need="always", example="bang-khen",
                    hint="Một dòng trong data/awards.yml.")  # fmt: skip
    number: str = key("Số quyết định", Text(60), need="ready", rule="KT001", example='"123/QĐ-UBND"',
                      hint="Để trong dấu nháy.")  # fmt: skip
    date: dt.date | None = key("Ngày quyết định", Day(), need="ready", rule="KT001", example="2020-02-03")
    authority: str = key("Cơ quan quyết định", Text(200), need="ready", rule="KT001", example="Chủ tịch UBND tỉnh")
    for_: str = key("Thành tích được khen", Text(500), need="ready", rule="KT001", hint="Mỗi khen thưởng một thành tích.")
    category: str = key("Loại hình khen thưởng", Ref("award_categories"), example="dot-xuat")
    achieved: str = key("Thời gian lập thành tích", Text(10), example='"2020"', hint="Năm hoặc ngày.")
    document: str = key("Văn bản", Ref("documents"), hint="Mã văn bản, nếu quyết định có trong kho văn bản.")
    revoked: Revocation | None = key("Đã thu hồi", Group(Revocation))


@dataclass(frozen=True, slots=True)
class Figure:
    name: str = key("Tên số liệu", Text(200), need="always", example="Hồ sơ giải quyết trong ngày")
    value: str = key("Giá trị", Text(40), need="always", example='"96"', hint='Để trong dấu nháy: "96", "1.234,5".')
    unit: str = key("Đơn vị tính", Text(40), need="ready", rule="TC012", example='"%"')
    period: str = key("Kỳ", Text(80), need="ready", rule="TC012", example="6 tháng đầu năm 2020")
    baseline: str = key("Mốc so sánh", Text(120), example="71 % năm 2019")
    source: str = key("Nguồn", Text(200), need="ready", rule="TC012", example="Sổ theo dõi của Văn phòng Sở")


@dataclass(frozen=True, slots=True)
class Photo:
    file: str = key("Tệp ảnh", Text(120), need="always", example="anh-chinh.jpg", hint="Tệp nằm cạnh bài.")
    alt: str = key("Mô tả ảnh", Text(300), need="ready", rule="AN001", example="Cuốn sổ trực mở trên bàn, cạnh ngọn đèn",
                   hint="Một câu cho người không nhìn thấy ảnh.")  # fmt: skip
    caption: str = key("Chú thích", Text(300), hint="Dòng chữ dưới ảnh.")
    credit: str = key("Người chụp", Text(120), example="Tranh minh họa")
    date: dt.date | None = key("Ngày chụp", Day(), example="2020-05-20")
    people: str = key("Người trong ảnh", Choice(PEOPLE), need="ready", rule="AN002", example="none",
                      hint="consent (đã đồng ý) · public-event (hoạt động công cộng) · none (không nhận ra ai).")  # fmt: skip
    minors: bool = key("Có trẻ em", Flag(), shown=False, example="false")
    record: str = key("Mã hồ sơ đồng ý", Text(60), shown=False, hint="Chỉ cho người khác nhân vật.")
    sha256: str = ""
    size: int = 0
    fault: str = ""  # why the file is no picture to publish
    private: tuple[str, ...] = ()  # what else the file tells: place, camera


@dataclass(frozen=True, slots=True)
class OtherConsent:
    name: str = key("Họ và tên", Text(120), need="always", example="Trần Mẫu An", hint="Viết như trong bài.")
    record: str = key("Mã hồ sơ", Text(60), need="always", example="HS-2020-015")


@dataclass(frozen=True, slots=True)
class Consent:
    record: str = key("Mã hồ sơ", Text(60), need="ready", rule="DD001", example="HS-2020-014",
                      hint="Mã hồ sơ giấy Văn phòng giữ; không đưa giấy lên đây.")  # fmt: skip
    date: dt.date | None = key("Ngày", Day(), need="ready", rule="DD001", example="2020-06-01")
    scope: tuple[str, ...] = key("Phạm vi", Many(Ref("scopes")), need="ready", rule="DD001", example="[name, photo]",
                                 hint="Các mã trong data/scopes.yml: name · photo · health · disability · ethnicity · religion · politics.")  # fmt: skip
    minor: bool = key("Dưới 16 tuổi", Flag(), hint="true khi nhân vật dưới 16 tuổi.")
    child: bool = key(
        "Trẻ đồng ý", Flag(), hint="Trẻ từ đủ 7 tuổi phải tự đồng ý; dưới 7 tuổi, người đại diện đồng ý thay và vẫn ghi true."
    )
    guardian: bool = key("Người đại diện đồng ý", Flag(), hint="Cha, mẹ hoặc người giám hộ. Cũng cần khi ảnh có trẻ em (`minors`).")
    until: dt.date | None = key("Có giá trị đến", Day(), hint="Bỏ trống khi giấy không ghi thời hạn.")
    revoked: dt.date | None = key("Đã rút ngày", Day(), hint="Nhân vật rút lại sự đồng ý ngày nào.")
    others: tuple[OtherConsent, ...] = key("Người khác đã đồng ý", Many(Group(OtherConsent)),
                                           hint="Người được giúp đỡ mà bài nêu tên, mỗi người một mã hồ sơ.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replication:
    unit: str = key("Đơn vị", Ref("units"), need="always", example="trung-tam-bao-tro-xa-hoi")
    date: dt.date | None = key("Từ ngày", Day(), example="2020-08-01")
    source: str = key("Nguồn", Text(200))


@dataclass(frozen=True, slots=True)
class Introduction:
    date: dt.date | None = key("Ngày gửi", Day(), need="always", example="2020-06-02")
    number: str = key("Số phiếu", Text(60), example='"07/PGT-VP"')


@dataclass(frozen=True, slots=True)
class Withdrawal:
    date: dt.date | None = key("Ngày gỡ", Day(), need="always", example="2020-11-20")
    kind: str = key("Kiểu gỡ", Choice(WITHDRAWALS), need="always", example="error",
                    hint="error (đăng nhầm) · consolidated (gộp vào bài khác) · withdrawn (rút).")  # fmt: skip
    reason: str = key("Lý do", Text(500), hint="Cần với error và withdrawn.")
    see: str = key("Bài thay thế", Ref("stories"), hint="Cần với consolidated.")


@dataclass(frozen=True, slots=True)
class Waiver:
    rule: str = key("Quy tắc", Text(5), need="always", example="TC003")
    reason: str = key("Lý do", Text(500), hint="Một câu.")
    until: dt.date | None = key("Đến ngày", Day(), example="2020-12-31")


@dataclass(frozen=True, slots=True)
class Correction:
    date: dt.date | None = key("Ngày sửa", Day(), need="always")
    by: str = key("Người sửa", Text(120), need="always")
    note: str = key("Sửa gì", Text(500), need="always")


@dataclass(frozen=True, slots=True)
class Comparison:
    claims: tuple[str, ...] = key("Tiêu chí đã đối chiếu", Many(Text(20)), need="always")
    by: str = key("Người đối chiếu", Text(120), need="always")
    number: str = key("Số giấy", Text(60))
    date: dt.date | None = key("Ngày", Day(), need="always")


@dataclass(frozen=True, slots=True)
class Approval:
    """`approval.yml`: the Council's decision on exactly one text."""

    body: str = key("Cơ quan thông qua", Text(200), example="Hội đồng Thi đua - Khen thưởng Sở")
    minutes: str = key("Biên bản", Text(120), example='"05/BB-HĐTĐKT"')
    date: dt.date | None = key("Ngày", Day(), example="2020-06-12")
    accepted: tuple[str, ...] = key("Tiêu chí được thông qua", Many(Text(20)), example="[A1, A2]")
    by: tuple[str, ...] = key("Người duyệt", Many(Text(120), or_one=True), example="[Thư ký Hội đồng]")
    text_sha256: str = key("Mã văn bản được duyệt", Text(64))
    correction: Correction | None = key("Sửa chữa biên tập", Group(Correction))
    compared: tuple[Comparison, ...] = key("Đã đối chiếu", Many(Group(Comparison)))
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Story:
    """`stories/<year>/<slug>/index.md`."""

    id: str = key("Mã bài", Slug(), need="always", example="2020-sap-lai-so-truc-dem",
                  hint="Chữ thường không dấu, nối bằng gạch ngang. Đặt theo việc làm, tránh tên người (địa chỉ đã đăng không thu hồi được). Đặt một lần, không đổi, kể cả khi sửa tiêu đề.")  # fmt: skip
    title: str = key("Tiêu đề", Text(160), need="always", example="Người sắp lại sổ trực đêm",
                     hint="Nêu người và việc. Không dùng mã HTML, không viết hoa toàn bộ.")  # fmt: skip
    summary: str = key("Tóm tắt", Text(300), need="ready", hint="Một đến ba câu: ai, làm gì, được kết quả gì.",
                       example="Ba mươi phút ngồi lại với sổ trực đã giúp cả Trung tâm không còn ca đêm bỏ trống.")  # fmt: skip
    date: dt.date | None = key("Ngày đăng", Day(), need="ready", example="2020-06-09", hint="Năm-tháng-ngày.")
    updated: dt.date | None = key("Ngày sửa", Day(), example="2020-07-01", hint="Chỉ ghi khi nội dung thay đổi.")
    draft: bool = key("Bản nháp", Flag(), example="true", shown=False,
                      hint="Bỏ dòng này khi bài sẵn sàng trình Hội đồng.")  # fmt: skip
    sample: bool = key("Bài mẫu", Flag(), example="true", hint="Bài dựng để làm mẫu; trang sẽ ghi rõ «Bài mẫu».")
    kind: str = key("Thể loại", Ref("kinds"), need="always", example="nguoi-tot-viec-tot",
                    hint="Người tốt việc tốt, điển hình tiên tiến, mô hình mới, nhân tố mới hay cách làm hay.")  # fmt: skip
    subject: Subject | None = key("Nhân vật", Group(Subject), need="always", hint="Ai được nêu gương.")
    unit: str = key("Đơn vị đề xuất", Ref("units"), need="always", example="trung-tam-cong-tac-xa-hoi",
                    hint="Phòng, đơn vị phát hiện và đề xuất gương.")  # fmt: skip
    field: str = key("Lĩnh vực", Ref("fields"), need="always", example="cong-tac",
                     hint="Lao động, sản xuất, học tập hay công tác.")  # fmt: skip
    plan: str = key("Kế hoạch", Ref("plans"), need="always", example="ke-hoach-2020",
                    hint="Bộ tiêu chí dùng để xét bài này, giữ mãi.")  # fmt: skip
    campaigns: tuple[str, ...] = key("Phong trào", Many(Ref("campaigns")), need="ready", example="[lao-dong-gioi]",
                                     hint="Ít nhất một phong trào.")  # fmt: skip
    occasions: tuple[str, ...] = key("Dịp", Many(Ref("occasions")), example="[dai-hoi-thi-dua-tinh-5]",
                                     hint="Đại hội, ngày lễ lớn mà thành tích chào mừng.")  # fmt: skip
    groups: tuple[str, ...] = key("Nhóm ưu tiên", Many(Text(60)), example="[vuot-kho]",
                                  hint="Mã trong preferred_kinds của kế hoạch (II.2.c), khi thể loại và phong trào chưa nói đủ.")  # fmt: skip
    stage: str = key("Giai đoạn", Ref("stages"), need="ready", example="nhan-rong",
                     hint="Phát hiện, lựa chọn, bồi dưỡng hay nhân rộng.")  # fmt: skip
    criteria: tuple[Claim, ...] = key("Tiêu chí đề nghị", Table(Claim), need="ready",
                                      hint="Mỗi tiêu chí kèm dẫn chứng: chép nguyên văn một câu trong bài, hoặc chỉ tới khen thưởng, số liệu, văn bản.")  # fmt: skip
    awards: tuple[Award, ...] = key("Khen thưởng", Many(Group(Award)), hint="Danh hiệu, hình thức khen thưởng đã có quyết định.")
    figures: tuple[Figure, ...] = key("Số liệu", Many(Group(Figure)), hint="Con số nói lên kết quả.")
    photos: tuple[Photo, ...] = key("Ảnh", Many(Group(Photo)), hint="Tệp ảnh nằm cạnh bài; ảnh đầu là ảnh chân dung.")
    consent: Consent | None = key("Đồng ý của nhân vật", Group(Consent), need="ready", rule="DD001", shown=False,
                                  asked=lambda it: it.subject is not None and it.subject.type in {INDIVIDUAL, HOUSEHOLD},
                                  hint="Chỉ ghi mã hồ sơ giấy Văn phòng giữ, không đưa giấy lên đây.")  # fmt: skip
    replicated: tuple[Replication, ...] = key("Nhân rộng tại", Many(Group(Replication)), hint="Nơi đã làm theo, từ ngày nào.")
    authors: tuple[str, ...] = key("Tác giả", Many(Text(120)), need="ready", example="[Phòng Bảo trợ xã hội]",
                                   hint="Phòng, đơn vị hoặc người viết.")  # fmt: skip
    source: str = key("Nguồn", Text(300), hint="Nơi đăng đầu tiên, nếu có.")
    introduced: Introduction | None = key("Giới thiệu với Hội đồng TĐKT Sở", Group(Introduction), shown=False,
                                          hint="Ngày gửi phiếu giới thiệu (Kế hoạch II.3).")  # fmt: skip
    review_by: dt.date | None = key("Rà soát lại trước ngày", Day(), shown=False, example="2021-06-01")
    withdrawn: Withdrawal | None = key("Đã gỡ", Group(Withdrawal), shown=False, hint="Lý do gỡ. Không xóa thư mục bài.")
    redirect_from: tuple[str, ...] = key("Địa chỉ cũ", Many(Text(200)), shown=False, example="[guong/2020/ten-cu/]")
    waive: tuple[Waiver, ...] = key("Miễn quy tắc", Many(Group(Waiver)), shown=False, hint="Phải có lý do và thời hạn.")
    origin: Origin = Origin()
    approval: Approval | None = None
    text_sha256: str = ""
    gist: Gist | None = None  # known to whoever read the body; see `likeness`
    decided: bool = False  # whether it has an `approval`, for whoever asks that of all stories in turn

    @property
    def folder(self) -> str:
        """`2020/sap-lai-so-truc-dem`: what the address is made of."""
        path = self.origin.path
        return path[path.find("/") + 1 : path.rfind("/")]

    @property
    def year(self) -> str:
        return self.folder.split("/", maxsplit=1)[0]


# --- phong trào, kế hoạch, văn bản, sự kiện ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Review:
    kind: str = key("Loại", Ref("review_kinds"), need="always", example="so-ket")
    date: dt.date | None = key("Ngày", Day(), example="2020-07-10")
    document: str = key("Văn bản", Ref("documents"))
    result: str = key("Kết quả", Text(1000))
    lessons: str = key("Bài học kinh nghiệm", Text(1000))


@dataclass(frozen=True, slots=True)
class Quota:
    min: int | None = key("Ít nhất", Count(), example="1")
    max: int | None = key("Nhiều nhất", Count(), example="2")


@dataclass(frozen=True, slots=True)
class Campaign:
    """`campaigns/<slug>.md`."""

    id: str = key("Mã", Slug(), need="always", hint=ID, example="lao-dong-gioi")
    title: str = key("Tên phong trào", Text(300), need="always", example="Lao động giỏi, lao động sáng tạo")
    short_title: str = key("Tên gọn", Text(80), hint="Dùng trên thẻ và trong danh sách.")
    quoted_name: str = key("Tên trích dẫn", Text(300), example="Lao động giỏi, lao động sáng tạo",
                           hint="Nguyên văn trong văn bản, kể cả chữ thường; để trống nếu văn bản không đặt trong ngoặc kép.")  # fmt: skip
    emulation: bool = key("Phong trào thi đua", Flag(), default=True, hint="false khi văn bản chỉ gọi là phong trào.")
    level: str = key("Cấp phát động", Ref("levels"), need="ready", rule="TL003", example="tinh",
                     hint="Để trống khi kế hoạch không nói.")  # fmt: skip
    type: str = key("Loại", Ref("campaign_types"), example="thuong-xuyen")
    authority: str = key("Cơ quan phát động", Text(200), need="ready", rule="TL003", example="UBND tỉnh")
    documents: tuple[str, ...] = key("Văn bản phát động", Many(Ref("documents")), need="ready", rule="TL003",
                                     example="[chi-thi-05-ubnd-2018]")  # fmt: skip
    starts: dt.date | None = key("Từ ngày", Day(), example="2020-01-01")
    ends: dt.date | None = key("Đến ngày", Day(), example="2020-12-31")
    plans: tuple[str, ...] = key("Kế hoạch", Many(Ref("plans")), example="[ke-hoach-2020]", hint="Kế hoạch nêu phong trào này.")
    goals: tuple[str, ...] = key("Mục tiêu", Many(Text(300)))
    occasions: tuple[str, ...] = key("Dịp", Many(Ref("occasions")))
    reviews: tuple[Review, ...] = key("Sơ kết, tổng kết", Many(Group(Review)))
    parent: str = key("Thuộc phong trào", Ref("campaigns"))
    quota: Quota | None = key("Chỉ tiêu mỗi đơn vị", Group(Quota), hint="Chỉ để báo cáo.")
    origin: Origin = Origin()

    @property
    def label(self) -> str:
        return self.short_title or self.title


@dataclass(frozen=True, slots=True)
class Compared:
    by: str = key("Người đối chiếu", Text(120), need="always")
    date: dt.date | None = key("Ngày", Day(), need="always")


@dataclass(frozen=True, slots=True)
class Document:
    """`content/documents/<id>.md`: a legal document as the department knows it."""

    id: str = key("Mã", Slug(), need="always", hint="Loại, cơ quan, năm.", example="ke-hoach-75-ubnd-2016")
    kind: str = key("Loại văn bản", Ref("document_kinds"), need="always", example="ke-hoach")
    number: str = key("Số, ký hiệu", Text(60), example='"05/CT-UBND"', hint="Để trong dấu nháy; số 0 đứng đầu được giữ. Chưa có số thì bỏ dòng này, không đặt số.")  # fmt: skip
    symbol: str = key("Ký hiệu", Text(60), example="KH-SLĐTBXH", hint="Khi chưa có số.")
    title: str = key("Trích yếu", Text(400), need="always")
    authority: str = key("Cơ quan ban hành", Text(200), need="always", example="UBND tỉnh")
    signer: Person | None = key("Người ký", Group(Person))
    issued: dt.date | None = key("Ngày ban hành", Day(), example="2016-09-28", hint="Chưa có ngày thì bỏ dòng này.")
    effective: Period | None = key("Hiệu lực", Group(Period))
    replaces: tuple[str, ...] = key("Thay thế", Many(Ref("documents"), or_one=True))
    replaced_by: tuple[str, ...] = key("Bị thay thế bởi", Many(Ref("documents"), or_one=True))
    official_url: str = key("Địa chỉ chính thức", Text(400), hint="Trang của cơ quan nhà nước.")
    compared: Compared | None = key("Đã đối chiếu", Group(Compared), hint="Người đối chiếu với bản chính thức.")
    file: str = key("Tệp", Text(120))
    sha256: str = key("Mã kiểm", Text(64))
    origin: Origin = Origin()

    @property
    def draft(self) -> bool:
        """Without number or day it is a draft; nothing prints an invented one."""
        return not self.number and self.issued is None


@dataclass(frozen=True, slots=True)
class Part:
    id: str = key("Mã ý", Text(20), need="always", example="A2.1")
    title: str = key("Tên ý", Text(120), need="always")
    quote: str = key("Câu chữ của văn bản", Text(500), need="always")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a plan, in the plan's own words."""

    id: str = ""
    title: str = key("Tên tiêu chí", Text(120), need="always")
    quote: str = key("Câu chữ của văn bản", Text(600), need="always", hint="Nguyên văn trong kế hoạch.")
    clause: str = key("Mục", Text(60), need="always", example="II.2.b ý 1")
    evidence: tuple[str, ...] = key("Dẫn chứng được nhận", Many(Choice(EVIDENCE)), need="always", hint="Một loại là đủ.")
    needs: tuple[str, ...] = key("Dẫn chứng bắt buộc", Many(Choice(EVIDENCE)), hint="Phải có tất cả.")
    judged_by: str = key("Ai xét", Text(200), need="always")
    min_words: int | None = key("Đoạn trích ít nhất (âm tiết)", Count(), example="8")
    at_least: int | None = key("Ít nhất mấy kết quả riêng", Count(), example="2")
    fresh_months: int | None = key("Còn mới trong (tháng)", Count(), example="12",
                                   hint="Chức vụ, công việc phải được xác nhận trong chừng ấy tháng trước ngày đăng.")  # fmt: skip
    improves_on: str = key("Vươn lên từ tiêu chí", Text(20), example="C1",
                           hint="Số liệu phải muộn hơn và cùng đơn vị tính với tiêu chí kia.")  # fmt: skip
    public: bool = key("Công khai", Flag(), default=True, hint="false: không có trang, nhãn, nguồn tin cho tiêu chí này.")
    parts: tuple[Part, ...] = key("Các ý", Many(Group(Part)))


@dataclass(frozen=True, slots=True)
class Route:
    id: str = ""
    title: str = key("Tên hướng", Text(120), need="always")
    all_of: tuple[str, ...] = key("Cần tất cả", Many(Text(20)))
    any_of: tuple[str, ...] = key("Cần một trong", Many(Text(20)))
    at_least: int | None = key("Cần ít nhất mấy trong any_of", Count())


@dataclass(frozen=True, slots=True)
class Preference:
    id: str = key("Mã nhóm", Slug(), need="always")
    title: str = key("Tên nhóm", Text(200), need="always")
    kinds: tuple[str, ...] = key("Thể loại", Many(Ref("kinds")))
    campaigns: tuple[str, ...] = key("Phong trào", Many(Ref("campaigns")))
    subjects: tuple[str, ...] = key("Đối tượng", Many(Choice(SUBJECTS)))


@dataclass(frozen=True, slots=True)
class Plan(Document):
    """`content/plans/<id>.md`: a document that sets criteria."""

    period: Period | None = key("Thời gian", Group(Period), need="always")
    parent: str = key("Căn cứ", Ref("documents"))
    recipients: tuple[str, ...] = key("Nơi nhận", Many(Text(200)))
    criteria: tuple[Criterion, ...] = key("Tiêu chí", Table(Criterion), need="always")
    routes: tuple[Route, ...] = key("Hướng xét", Table(Route), need="always")
    routes_relation: str = key("Quan hệ giữa các hướng", Choice(RELATIONS), default="any",
                               hint="any: một hướng là đủ · base_plus: các hướng sau thêm vào hướng đầu.")  # fmt: skip
    preferred_kinds: tuple[Preference, ...] = key("Nhóm ưu tiên", Many(Group(Preference)),
                                                  hint="Ưu tiên trên cả tập bài (II.2.c); chỉ để báo cáo.")  # fmt: skip

    def criterion(self, id_: str) -> Criterion | None:
        for one in self.criteria:  # asked a dozen times for every claim: twice as fast as `next` of a generator
            if one.id == id_:
                return one
        return None


@dataclass(frozen=True, slots=True)
class Material:
    file: str = key("Tệp", Text(120), need="always")
    title: str = key("Tên tài liệu", Text(200), need="always")


@dataclass(frozen=True, slots=True)
class Event:
    """`content/events/<id>.md`."""

    id: str = key("Mã", Slug(), need="always", hint=ID, example="toa-dam-2020")
    title: str = key("Tên", Text(200), need="always")
    kind: str = key("Hình thức", Ref("event_kinds"), need="always", example="toa-dam")
    starts: dt.datetime | None = key("Bắt đầu", Moment(), need="always", example="2020-08-19 08:00")
    ends: dt.datetime | None = key("Kết thúc", Moment(), example="2020-08-19 11:00")
    place: str = key("Địa điểm", Text(200), need="always")
    mode: str = key("Cách tổ chức", Ref("event_modes"), example="truc-tiep")
    unit: str = key("Đơn vị tổ chức", Ref("units"), need="always", example="van-phong-so")
    sample: bool = key("Bài mẫu", Flag())
    stories: tuple[str, ...] = key("Gương tham gia, báo cáo", Many(Ref("stories")))
    campaigns: tuple[str, ...] = key("Phong trào", Many(Ref("campaigns")))
    documents: tuple[str, ...] = key("Văn bản", Many(Ref("documents")))
    materials: tuple[Material, ...] = key("Tài liệu", Many(Group(Material)))
    result: str = key("Kết quả", Text(1000), hint="Ghi sau khi sự kiện diễn ra.")
    origin: Origin = Origin()


# --- danh mục (content/data) ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitPlan:
    year: int | None = key("Năm", Count(), need="always", example="2020")
    number: str = key("Số", Text(60))
    date: dt.date | None = key("Ngày", Day())
    document: str = key("Văn bản", Ref("documents"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of `content/data/units.yml`."""

    id: str = key("Mã", Slug(), need="always", hint=ID, example="van-phong-so")
    name: str = key("Tên đơn vị", Text(200), need="always", example="Văn phòng Sở")
    short_name: str = key("Tên gọn", Text(80))
    type: str = key("Loại", Ref("unit_types"), need="always", example="phong")
    parent: str = key("Đơn vị cấp trên", Ref("units"))
    from_: dt.date | None = key("Từ ngày", Day())
    to: dt.date | None = key("Đến ngày", Day())
    successors: tuple[str, ...] = key("Đơn vị kế thừa", Many(Ref("units")))
    cluster: str = key("Khối thi đua", Text(80))
    head: Person | None = key("Người đứng đầu", Group(Person), hint="Không hiện ra ngoài.")
    contact: str = key("Đầu mối", Text(120), hint="Hộp thư chung, không ghi số điện thoại của cá nhân.")
    plans: tuple[UnitPlan, ...] = key("Kế hoạch của đơn vị", Many(Group(UnitPlan)))
    origin: Origin = Origin()

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def active(self) -> Period:
        return Period(self.from_, self.to)


@dataclass(frozen=True, slots=True)
class AwardKind:
    """A row of `content/data/awards.yml`: danh hiệu and hình thức are two groups, a property of the row."""

    id: str = key("Mã", Slug(), need="always", hint=ID)
    title: str = key("Tên", Text(200), need="always")
    group: str = key("Nhóm", Ref("award_groups"), need="always")
    for_: tuple[str, ...] = key("Dành cho", Many(Choice(SUBJECTS)), need="always")
    authority: tuple[str, ...] = key("Cơ quan quyết định", Many(Text(200)))
    law: Period | None = key("Thời gian có trong luật", Group(Period))
    checked: Compared | None = key("Đã đối chiếu", Group(Compared))
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Scope:
    """A row of `content/data/scopes.yml`: what a person may agree to have told, and the words that make one ask."""

    id: str = key("Mã", Slug(), need="always", hint=ID, example="health")
    title: str = key("Tên", Text(200), need="always", example="sức khỏe")
    words: tuple[str, ...] = key("Từ gợi ý", Many(Text(80)), hint="Gặp một từ này mà phạm vi chưa nêu thì hỏi người viết.")
    unless: tuple[str, ...] = key("Trừ khi nằm trong", Many(Text(120)), hint="Tên hội, cơ quan có chứa từ ấy.")
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Term:
    """A row of one of the small lists: kinds, fields, stages, levels …"""

    id: str = key("Mã", Slug(), need="always", hint=ID)
    title: str = key("Tên", Text(200), need="always")
    about: str = key("Giải thích", Text(400))
    replicated: bool = key("Cần nêu nơi nhân rộng", Flag())
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Published:
    """A line of `LEDGER`, the ledger of story addresses that readers were ever given; `lists`: those it stood in."""

    address: str
    id: str
    line: int
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What `mkdocs.yml` says of the site, once for all pages.

    site_url   absolute, with a slash at the end; the site works under any path
    tag        authority and date of the permanent ids (RFC 4151), `"portal.example,2020"`; never changed
    plan       the plan in force, whose criteria the home page shows
    hub        the WebSub hub that feeds name and publishing tells of news; "" for none
    portals    who may show /nhung/ in a frame: addresses of portals, as `frame-ancestors` wants them; "*" for anybody
    """

    site_name: str = "Gương sáng"
    site_url: str = ""
    description: str = ""
    publisher: str = ""
    tag: str = ""
    plan: str = ""
    contact: str = ""
    notice: str = ""
    hub: str = ""
    portals: str = "*"


LEDGER = "content/data/published.txt"
EVERYTHING = "*"  # in `Site.unread`: the whole list could not be read

TERMS = (
    "kinds", "fields", "stages", "levels", "campaign_types", "review_kinds", "event_kinds", "event_modes",
    "document_kinds", "award_categories", "award_groups", "unit_types", "occasions", "official_hosts",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Site:
    """All that was read, handed down whole; nothing below it opens a file.

    unread    ids of files that exist but could not be read: they are faulty, not missing
    files     the other files beside stories, by repository path: what a link may point to
    today     for the rules only: no page may depend on it, or the same commit would give other bytes tomorrow
    """

    stories: tuple[Story, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    plans: tuple[Plan, ...] = ()
    documents: tuple[Document, ...] = ()
    events: tuple[Event, ...] = ()
    units: tuple[Unit, ...] = ()
    awards: tuple[AwardKind, ...] = ()
    scopes: tuple[Scope, ...] = ()
    terms: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    published: tuple[Published, ...] = ()
    unread: Mapping[str, frozenset[str]] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    today: dt.date = dt.date.max

    @cached_property
    def collections(self) -> Mapping[str, Mapping[str, Any]]:
        """Every collection by the name a `Ref` uses, each by id; of two records with one id the first stands."""
        lists: dict[str, tuple[Any, ...]] = {
            "stories": self.stories, "campaigns": self.campaigns, "plans": self.plans, "events": self.events,
            "documents": (*self.documents, *self.plans), "units": self.units, "awards": self.awards, "scopes": self.scopes,
            **self.terms,
        }  # fmt: skip
        return {name: {one.id: one for one in reversed(records)} for name, records in lists.items()}

    def find(self, collection: str, id_: str) -> Any:
        """The record, or None."""
        return self.collections.get(collection, {}).get(id_)

    def ahead(self, day: dt.date) -> bool:
        """Whether the day has not come yet. For the rules: what they are told of one day holds until then."""
        return day > self.today

    def plan_of(self, story: Story) -> Plan | None:
        plan: Plan | None = self.find("plans", story.plan)
        return plan

    def may_hold(self, collection: str, id_: str) -> bool:
        """Whether the record may stand in a file that could not be read: faulty then, not missing.

        A list that could not be read may hold anything; a plan is cited as a document, too.
        """
        names = (collection, "plans") if collection == "documents" else (collection,)
        return any(id_ in self.unread.get(name, ()) or EVERYTHING in self.unread.get(name, ()) for name in names)

    @cached_property
    def files_in(self) -> Mapping[str, tuple[str, ...]]:
        """The other files of a story by its folder."""
        folders: dict[str, list[str]] = {}
        for path in sorted(self.files):
            folders.setdefault(path.rpartition("/")[0], []).append(path)
        return {folder: tuple(paths) for folder, paths in folders.items()}

    @cached_property
    def by_path(self) -> Mapping[str, Story | Campaign | Plan | Document | Event]:
        """The records that have a file of their own, by repository path."""
        return {
            one.origin.path: one for records in (self.stories, self.campaigns, self.plans, self.documents, self.events) for one in records
        }


# --- what checks say --------------------------------------------------------------------------------------------------

Level: TypeAlias = Literal["error", "ready", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule saw: where (the way to a key, or a line of the file), what is there, what to do.

    word   the words of that line that are meant, where the rule knows them: the columns follow from it
    """

    where: Where | int
    says: str
    do: str
    path: str = ""  # only when it is not the file of the record under check
    word: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A finding with its place: what every report prints.

    line, column   from 1; columns count characters of the normalised line
    end            the column after the last character that is meant; 0 where nobody knows it
    key            the key it is about as it is written, `photos[1].alt`, positions from 1; "" for a line of the body
    label          the same in the words of the schema, `Ảnh 1 › Mô tả ảnh`
    """

    path: str
    line: int
    column: int
    code: str
    level: Literal["error", "warning"]
    says: str
    do: str
    end: int = field(default=0, compare=False)
    key: str = field(default="", compare=False)
    label: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.says} {self.do}"

    @property
    def fingerprint(self) -> str:
        """The same problem keeps it when lines move: code, file, key and words, 32 hex digits; no line number."""
        words = " ".join(LINE_NUMBERS.sub("…", self.says).casefold().split())
        return hashlib.sha256(f"{self.code}\0{self.path}\0{self.key}\0{words}".encode(errors="replace")).hexdigest()[:32]


LINE_NUMBERS = re.compile(r"(?<=dòng )\d+(?: và \d+)?|(?<=byte thứ )\d+")


@dataclass(frozen=True, slots=True)
class Edit:
    """A repair: the characters from `start` up to `end` of a file become `text`.

    start, end   offsets from 0 in the text of the file, decoded as UTF-8 just as it stands (BOM, CR and all)
    code         the rule whose problem it repairs, "" for none
    """

    code: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class StoryRule:
    code: str
    level: Level
    check: Callable[[Story, Site], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class RecordRule:
    """A check of any record that has keys: stories, campaigns, plans, documents, events, units, rows of lists."""

    code: str
    level: Level
    check: Callable[[Any, Site], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class SiteRule:
    code: str
    level: Level
    check: Callable[[Site], Iterator[Finding]]


Rule: TypeAlias = StoryRule | RecordRule | SiteRule


def kind_of(path: str) -> type | None:
    """The record that a content file holds, or a row of it; None for a file that is none of the writers' (`approval.yml` is the Council's)."""
    folder, _, name = path.rpartition("/")
    pages = {"campaigns": Campaign, "content/plans": Plan, "content/documents": Document, "content/events": Event}
    if folder.startswith("stories/") and name == "index.md":
        return Story
    if folder in pages and name.endswith(".md") and name != "README.md":
        return pages[folder]
    if folder == "content/data" and name.endswith(".yml"):
        lists = {"units": Unit, "awards": AwardKind} | dict.fromkeys(TERMS, Term)
        return lists.get(name.removesuffix(".yml"))
    return None
