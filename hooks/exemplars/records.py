"""`dataclass` for the records of the site: frozen and slotted to a type checker, and cheap when the program runs.

A site is hundreds of thousands of records, and `scripts/check.py` starts anew for every save. Without the guard against
writing, and with comparing and telling shared by all, a record takes a third of the time to make and its class half of the
time to define.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(**asked: Any) -> Any:
        return dataclasses.dataclass(**asked) if "order" in asked else _record

    def _record(of: type) -> type:
        of.__doc__ = of.__doc__ or of.__name__  # else `dataclasses` works out a signature to stand for it
        of.__eq__, of.__hash__, of.__repr__ = _same, _hash, _told
        return dataclasses.dataclass(slots=True, eq=False, repr=False)(of)

    def _same(one: Any, other: Any) -> bool:
        return one.__class__ is other.__class__ and all(getattr(one, name) == getattr(other, name) for name in one.__slots__)

    def _hash(one: Any) -> int:
        return hash(tuple([getattr(one, name) for name in one.__slots__]))

    def _told(one: Any) -> str:
        return f"{one.__class__.__name__}({', '.join([f'{name}={getattr(one, name)!r}' for name in one.__slots__])})"


__all__ = ["dataclass"]
