"""Where in a text something begins: its places by the letters that stand there."""

from __future__ import annotations

from typing import Final

from librt.vecs import append, vec
from mypy_extensions import i32, i64

from streams.linking.boundary import CLITIC_BITS

__all__ = ["LETTERS", "Index", "stands_at"]

LETTERS: Final = 3
"""Letters that a form must have to be looked up."""
# Places fall into this many classes, by their first letters.
_CLASSES: Final = 1024
_NO_PLACES: Final = vec[i32]([-1] * _CLASSES)


class Index:
    """The places of one text where a name may start, by their first letters.

    Args:
        body: Folded text.
        names: Its places, see `streams.linking.places`.
    """

    __slots__ = ("_before", "_body", "_last", "_names")

    def __init__(self, body: str, names: vec[i64]) -> None:
        self._body = body
        self._names: vec[i64] = names
        # The last place of each class, and before each place the last one of its class.
        last: vec[i32] = _NO_PLACES[:]
        before: vec[i32] = vec[i32](capacity=len(names))
        end: i64 = len(body) - LETTERS
        number: i64 = 0
        while number < len(names):
            start = names[number] >> CLITIC_BITS
            if start > end:
                break
            kind = _class_at(body, start)
            before = append(before, last[kind])
            last[kind] = i32(number)
            number += 1
        self._last: vec[i32] = last
        self._before: vec[i32] = before

    def starts_of(self, form: str) -> list[int]:
        """Return where ``form`` stands at one of the places, in order.

        Args:
            form: At least `LETTERS` letters.
        """
        found: list[int] = []
        body = self._body
        number = i64(self._last[_class_at(form, 0)])
        while number >= 0:
            start = self._names[number] >> CLITIC_BITS
            if stands_at(body, start, form):
                found.append(start)
            number = i64(self._before[number])
        found.reverse()
        return found


def stands_at(body: str, start: i64, form: str) -> bool:
    """Whether ``body`` goes on with ``form`` from ``start`` on, without a string made to see it."""
    length: i64 = len(form)
    if start + length > len(body):
        return False
    at: i64 = 0
    while at < length:
        if ord(body[start + at]) != ord(form[at]):
            return False
        at += 1
    return True


def _class_at(text: str, at: i64) -> i64:
    """Return the class of the letters at a place."""
    first: i64 = ord(text[at])
    second: i64 = ord(text[at + 1])
    third: i64 = ord(text[at + 2])
    return (first * 1_229 + second * 331 + third * 37) & (_CLASSES - 1)
