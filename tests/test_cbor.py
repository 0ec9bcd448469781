"""What is written is read again; what is not understood is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars.searching.cbor import LIST, TEXT, Value, elements, listed, of, read, sized, text, written

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**64 - 1) | st.text(), lambda inner: st.lists(inner, max_size=40), max_leaves=60
)


@given(VALUES)
def test_round_trip(value: Value) -> None:
    assert read(written(value)) == value


@given(st.lists(VALUES, max_size=30))
def test_elements_of_a_list_as_they_are_written(values: list[Value]) -> None:
    assert elements(written(values), 0) == [written(value) for value in values]
    assert listed(elements(written(values), 0)) == written(values)


@given(st.text(), st.lists(st.integers(0, 9), max_size=300))
def test_a_head_and_what_follows_it(word: str, values: list[int]) -> None:
    data = b"\x00" + written([word, values])
    at = of(data, 1, 2)
    found, at = text(data, at)
    size, at = sized(data, at, LIST)
    assert (found, size, data[at:]) == (word, len(values), bytes(values))
    with pytest.raises(ValueError, match="length"):
        of(data, 1, 3)
    with pytest.raises(ValueError, match="CBOR"):
        sized(data, 1, TEXT)


@pytest.mark.parametrize("data", ["", "00", "8201", "81", "821861"])
def test_a_list_that_is_none(data: str) -> None:
    with pytest.raises(ValueError, match=r"list|CBOR"):
        elements(bytes.fromhex(data), 0)


@pytest.mark.parametrize(("value", "data"), [(0, "00"), (24, "1818"), (1000, "1903e8"), (1000000, "1a000f4240"), ("ü", "62c3bc"),
                                             ([1, [2, 3]], "8201820203"), (True, "f5"), (None, "f6")])  # fmt: skip
def test_examples_of_the_rfc(value: Value, data: str) -> None:
    assert written(value).hex() == data
    assert read(bytes.fromhex(data)) == value


@pytest.mark.parametrize("data", ["", "18", "8201", "20", "a0", "fb3ff0000000000000", "1f", "0000", "61ff"])
def test_anything_else_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match=r"value|CBOR"):
        read(bytes.fromhex(data))
