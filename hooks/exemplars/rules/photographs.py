"""Ảnh (AN): is each photo described, agreed to, sound and silent about place and camera.

What the file itself says was read from its header by `reading`; the pixels are decoded when the site is built.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exemplars.linking import rendition, target
from exemplars.model import Finding
from exemplars.picture_header import remedy
from exemplars.rules.references import CODE, LINK, opened
from exemplars.vietnamese import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Photo, Site, Story

ELSEWHERE = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//|\\)")
PICTURE = re.compile(r"\.(?:jpe?g|png|webp)$", re.IGNORECASE)
NO_WORDS = re.compile(r"(?:(?:img|dsc|dcim|image|photo|picture|anh|hinh|chan dung|screenshot|untitled)\W*)?[\d\W_]*", re.IGNORECASE)


def _photos(story: Story) -> Iterator[tuple[int, Photo]]:
    return enumerate(() if story.withdrawn else story.photos)


def described(story: Story, _site: Site) -> Iterator[Finding]:
    """Mỗi ảnh có một câu mô tả cho người không nhìn thấy ảnh.

    Sai:
        photos: [{file: anh-chinh.jpg}]
    Đúng:
        photos: [{file: anh-chinh.jpg, alt: "Cuốn sổ trực mở trên bàn, cạnh ngọn đèn", …}]
    """
    for at, photo in _photos(story):
        if not photo.alt:
            says = f"Ảnh «{photo.file}» thiếu mô tả (`alt`)."
            yield Finding(("photos", at, "alt"), says, "Hãy viết một câu cho người không nhìn thấy ảnh.")


def people_agreed(story: Story, _site: Site) -> Iterator[Finding]:
    """Ảnh phải ghi ai trong ảnh; người nhận ra được thì phải đồng ý, trừ ảnh hoạt động công cộng.

    Sai:
        photos: [{file: chan-dung.jpg, people: consent, …}]          # mà bài không có hồ sơ đồng ý nào
    Đúng:
        photos: [{file: chan-dung.jpg, people: consent, record: HS-2020-031, …}]

    Căn cứ: Bộ luật Dân sự 2015, Điều 32.
    """
    agreed = story.consent is not None and bool(story.consent.record)
    for at, photo in _photos(story):
        if not photo.people:
            says = f"Ảnh «{photo.file}»: chưa ghi người trong ảnh (`people`)."
            yield Finding(("photos", at, "people"), says, "Hãy chọn consent, public-event hoặc none.")
        elif photo.people == "consent" and not photo.record and not agreed:
            says = f"Ảnh «{photo.file}» cần đồng ý của người trong ảnh (Điều 32 Bộ luật Dân sự), bài chưa có mã hồ sơ nào."
            yield Finding(("photos", at, "people"), says, "Hãy ghi mã hồ sơ ở `record` của ảnh hoặc ở `consent`, hoặc đổi ảnh.")


def nothing_but_the_picture(story: Story, _site: Site) -> Iterator[Finding]:
    """Tệp ảnh không được mang theo tọa độ nơi chụp hay thông tin máy chụp.

    Sai:
        (ảnh chép thẳng từ điện thoại, còn tọa độ nhà nhân vật)
    Đúng:
        (ảnh đã xóa thông tin ẩn bằng `scripts/check.py --fix`)
    """
    for at, photo in _photos(story):
        if photo.private:
            says = f"Ảnh «{photo.file}» còn {', '.join(photo.private)}."
            yield Finding(("photos", at, "file"), says, "Hãy chạy `scripts/check.py --fix`.")


def readable(story: Story, _site: Site) -> Iterator[Finding]:
    """Tệp ảnh phải là ảnh JPG, PNG hoặc WebP còn nguyên, không quá 40 triệu điểm.

    Sai:
        (tệp .heic đổi tên thành .jpg; ảnh tải về dở dang)
    Đúng:
        (ảnh lưu lại thành JPG)
    """
    for at, photo in _photos(story):
        if photo.fault:
            yield Finding(("photos", at, "file"), f"Không dùng được ảnh «{photo.file}» ({photo.fault}).", remedy(photo.fault))


def _images_in(story: Story) -> Iterator[tuple[int, str]]:
    """Every image of the body: (line in the file, address); one that names its address further down has that line."""
    if story.withdrawn or b"![" not in story.origin.text:
        return
    body = CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), story.origin.body)
    labels = {" ".join(fold(label).split()) for label in re.findall(r"!\[[^\[\]\n]{0,300}\]\[([^\[\]\n]{1,200})\]", body)}
    for match in LINK.finditer(body):
        at = opened(body, match.start()) if match[1] else match.start()
        if (match[1] and body[at - 1 : at] == "!" and at) or (match[2] and _label(match[0]) in labels):
            yield story.origin.body_line + body.count("\n", 0, at), match[1] or match[2]


def _label(definition: str) -> str:
    return " ".join(fold(definition.partition("[")[2].partition("]")[0]).split())


def kept_beside_the_story(story: Story, _site: Site) -> Iterator[Finding]:
    """Ảnh phải nằm trong thư mục bài: ảnh ở trang khác có thể mất, bị đổi, và cho trang ấy biết ai đang đọc.

    Sai:
        ![Bếp ăn](https://trang-khac.vn/anh.jpg)
    Đúng:
        ![Bếp ăn](bep-an.jpg)
    """
    for line, src in _images_in(story):
        if ELSEWHERE.match(src):
            yield Finding(line, f"Ảnh «{src}» nằm ở trang khác.", "Hãy lưu ảnh vào thư mục bài.")


def declared(story: Story, site: Site) -> Iterator[Finding]:
    """Ảnh dùng trong thân bài phải khai ở mục «Ảnh»: ai chụp, ai trong ảnh, đã đồng ý chưa.

    Sai:
        ![Bếp ăn](bep-an.jpg)                  (mục photos không có tệp này)
    Đúng:
        photos: [{file: bep-an.jpg, alt: …, people: none}]
    """
    folder = story.origin.path.rpartition("/")[0]
    known = {f"{folder}/{photo.file}" for photo in story.photos}
    for line, src in _images_in(story):
        path = target(src, story.origin.path)
        if path and PICTURE.search(path) and path in site.files and path not in known:
            says = f"Ảnh «{path.removeprefix(folder + '/')}» có trong bài nhưng chưa khai ở «Ảnh» (`photos`)."
            yield Finding(line, says, "Hãy khai tệp, mô tả và người trong ảnh.")


def truly_described(story: Story, _site: Site) -> Iterator[Finding]:
    """Mô tả ảnh nói ảnh cho thấy gì, không phải tên tệp, không chép lại chú thích.

    Sai:
        alt: IMG_2043.jpg
    Đúng:
        alt: Cuốn sổ trực mở trên bàn, cạnh ngọn đèn
    """
    for at, photo in _photos(story):
        alt = _words(photo.alt)
        stem = _words(PICTURE.sub("", photo.file))
        if alt and (PICTURE.search(photo.alt) or alt in {stem, _words(photo.caption)} or NO_WORDS.fullmatch(alt)):
            says = f"Mô tả ảnh «{photo.alt}» là tên tệp hoặc chép lại chú thích."
            yield Finding(("photos", at, "alt"), says, "Hãy tả ảnh cho thấy gì.")


def one_photo_a_name(story: Story, _site: Site) -> Iterator[Finding]:
    """Mỗi ảnh của bài ra một tên riêng khi đăng: đuôi tệp và chữ hoa không đủ để phân biệt, bản nhỏ mang tên …-400.

    Sai:
        photos: [{file: bep.jpg, …}, {file: bep.png, …}]
    Đúng:
        photos: [{file: bep.jpg, …}, {file: bep-buoi-toi.png, …}]
    """
    published: dict[str, str] = {}
    for at, photo in enumerate(story.photos):
        names = (rendition(photo.file, wide=True), rendition(photo.file, wide=False)) if photo.file else ()
        met = next((published[name] for name in names if name in published), None)
        if met is not None:
            says = f"Hai ảnh cùng ra một địa chỉ: «{met}» và «{photo.file}»." if met != photo.file else f"Ảnh «{met}» khai hai lần."
            yield Finding(("photos", at), says, "Hãy đổi tên hoặc bỏ một ảnh; chữ hoa, dấu và đuôi tệp không đủ để phân biệt.")
        published |= dict.fromkeys(names, photo.file)


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))
