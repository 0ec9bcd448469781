"""Keys as a writer reads them."""

from __future__ import annotations

import pytest

from exemplars.model import Story, Unit
from exemplars.schema import Where, dotted, labelled


@pytest.mark.parametrize(
    ("where", "key", "label"),
    [
        (("title",), "title", "Tiêu đề"),
        (("photos", 0, "alt"), "photos[1].alt", "Ảnh 1 › Mô tả ảnh"),
        (("criteria", "A2"), "criteria.A2", "Tiêu chí đề nghị A2"),
        (("criteria", "A2", "quote", 1), "criteria.A2.quote[2]", "Tiêu chí đề nghị A2 › Đoạn trích 2"),
        (("criteria", "A2", "confirmation", "by"), "criteria.A2.confirmation.by", "Tiêu chí đề nghị A2 › Xác nhận của đơn vị › Người ký"),
        (("subject", "as_of"), "subject.as_of", "Nhân vật › Tính đến ngày"),
        (("authors", 1), "authors[2]", "Tác giả 2"),
        (("khong", "co", 0), "khong.co[1]", "khong › co 1"),
        ((0, "x"), "[1].x", "1 › x"),
        ((), "", ""),
    ],
)
def test_the_way_to_a_key(where: Where, key: str, label: str) -> None:
    assert dotted(where) == key
    assert labelled(Story, where) == label


def test_a_key_whose_name_python_reserves() -> None:
    assert labelled(Unit, ("from",)) == "Từ ngày"
