"""Dots between the parts of a foreign name in Chinese, which some writers put and some do not: 哈利·波特, 哈利波特."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.vecs import append, vec
from mypy_extensions import i64

if TYPE_CHECKING:
    from streams.linking.text import Text

__all__ = ["Undotted", "undotted"]

_DOTS: Final = frozenset("·・‧•⋅･")
# A name is not longer than this before its first dot.
_BEFORE: Final = 24


class Undotted:
    """A folded text without its dots, and the way back.

    Attributes:
        key: The text.
        starts: Where names may start in it that have a dot, in order.
    """

    __slots__ = ("_places", "key", "starts")

    def __init__(self, key: str, places: vec[i64], dots: vec[i64]) -> None:
        self.key = key
        self.starts: vec[i64] = vec[i64]()
        self._places = places
        done: i64 = 0
        for dot in dots:
            start = max(done, dot - _BEFORE)
            while start < dot:
                self.starts = append(self.starts, start)
                start += 1
            done = dot

    def span(self, low: i64, high: i64) -> tuple[int, int]:
        """Return where ``key[low:high]``, which is not empty, stands in the folded text."""
        return self._places[low], self._places[high - 1] + 1


def undotted(text: Text) -> Undotted | None:
    """Return a text without the dots between its letters, or None where it has none."""
    if _DOTS.isdisjoint(text.source):
        return None
    body = text.folded.text
    kept: list[str] = []
    places: vec[i64] = vec[i64]()
    dots: vec[i64] = vec[i64]()
    length: i64 = len(body)
    done: i64 = 0
    at: i64 = 0
    while at < length:
        if text.source[text.folded.source_start(at)] in _DOTS:
            kept.append(body[done:at])
            done = at + 1
            dots = append(dots, len(places))
        else:
            places = append(places, at)
        at += 1
    kept.append(body[done:])
    return Undotted("".join(kept), places, dots) if len(dots) > 0 else None
