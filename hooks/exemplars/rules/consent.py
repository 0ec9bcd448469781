"""Đồng ý (DD001, DD002, DD005, DD007): is there a paper for what the story tells of a person, does it reach so far, does it still hold.

The paper itself never lies here, only its number; whether consent was really given, the software cannot know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exemplars.model import HOUSEHOLD, INDIVIDUAL, Finding
from exemplars.vietnamese import written_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Site, Story

NEEDED = {"record": "mã hồ sơ", "date": "ngày", "scope": "phạm vi"}


def consent_on_record(story: Story, _site: Site) -> Iterator[Finding]:
    """Nhân vật là cá nhân, hộ gia đình phải đồng ý trước; bài ghi mã hồ sơ, ngày và phạm vi.

    Sai:
        consent: {record: HS-2020-014}
    Đúng:
        consent: {record: HS-2020-014, date: 2020-06-01, scope: [name, photo]}

    Căn cứ: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15, Điều 9: đồng ý phải rõ ràng, im lặng không phải là đồng ý.
    """
    if story.withdrawn:
        return
    if story.consent is None:
        if _one_person(story):
            says = "Chưa có hồ sơ đồng ý của nhân vật (`consent`: mã hồ sơ, ngày, phạm vi)."
            yield Finding(("consent",), says, "Hãy xin ý kiến rồi ghi mã hồ sơ.")
        return
    lacking = [name for name in NEEDED if not getattr(story.consent, name)]
    if lacking:
        says = f"Hồ sơ đồng ý của nhân vật (`consent`) chưa có {', '.join(NEEDED[name] for name in lacking)}."
        yield Finding(("consent", lacking[0]) if len(lacking) == 1 else ("consent",), says, "Hãy ghi theo giấy đồng ý.")


def _one_person(story: Story) -> bool:
    return story.subject is not None and story.subject.type in {INDIVIDUAL, HOUSEHOLD}


def both_consents_for_a_child(story: Story, _site: Site) -> Iterator[Finding]:
    """Trẻ dưới 16 tuổi: cần cả trẻ từ đủ 7 tuổi và người đại diện đồng ý.

    Sai:
        consent: {record: HS-2020-014, …, minor: true, guardian: true}
    Đúng:
        consent: {record: HS-2020-014, …, minor: true, child: true, guardian: true}

    Ảnh có trẻ em (`minors: true`) cũng vậy, trừ khi không nhận ra ai (`people: none`).

    Căn cứ: Luật 91/2025/QH15, Điều 24; Luật Trẻ em 2016, Điều 6 khoản 11.
    """
    consent = story.consent
    if story.withdrawn or (consent and consent.child and consent.guardian):
        return
    photo = next((at for at, one in enumerate(story.photos) if one.minors and one.people != "none"), None)
    if (consent is None or not consent.minor) and photo is None:
        return
    does = "" if photo is None or (consent and consent.minor) else f" trong ảnh «{story.photos[photo].file}»"
    says = f"Bài có người dưới 16 tuổi{does}: cần đồng ý của trẻ từ đủ 7 tuổi (`child`) và của người đại diện (`guardian`)."
    where = ("consent", "minor") if consent and consent.minor else ("photos", photo or 0, "minors")
    yield Finding(where, says, "Nếu chưa có, hãy viết tắt tên và bỏ ảnh.")


def consent_holds(story: Story, site: Site) -> Iterator[Finding]:
    """Sự đồng ý phải còn hiệu lực; đã rút thì bài phải gỡ.

    Sai:
        consent: {…, until: 2020-06-30}          # hôm nay đã quá ngày ấy
        consent: {…, revoked: 2020-07-01}
    Đúng:
        (xin lại và ghi ngày mới, hoặc gỡ bài bằng mục `withdrawn`)
    """
    consent = story.consent
    if story.withdrawn or consent is None:
        return
    do = "Hãy xin lại, hoặc gỡ bài (mục `withdrawn`)."
    if consent.revoked:
        yield Finding(("consent", "revoked"), f"Sự đồng ý đã rút ngày {written_date(consent.revoked)}.", do)
    elif consent.until and consent.until < site.today:
        yield Finding(("consent", "until"), f"Sự đồng ý hết hạn ngày {written_date(consent.until)}.", do)


def told_within_the_scope(story: Story, _site: Site) -> Iterator[Finding]:
    """Phạm vi đồng ý phải có họ tên, và có ảnh khi nhận ra nhân vật trong ảnh.

    Sai:
        photos: [{file: chan-dung.jpg, people: consent, …}]
        consent: {…, scope: [name]}
    Đúng:
        consent: {…, scope: [name, photo]}
    """
    consent = story.consent
    if story.withdrawn or consent is None or not consent.scope:
        return
    lacking = ["họ tên (`name`)"] if _one_person(story) and "name" not in consent.scope else []
    if "photo" not in consent.scope and any(photo.people == "consent" and not photo.record for photo in story.photos):
        lacking.append("ảnh (`photo`)")
    if lacking:
        says = f"Bài có {', '.join(lacking)} nhưng phạm vi đồng ý (`scope`) không có."
        yield Finding(("consent", "scope"), says, "Hãy xin thêm hoặc bỏ.")
