"""Where in a text something begins: its places by the letters that stand there."""

from __future__ import annotations

from typing import Final

from librt.vecs import vec
from mypy_extensions import i64

from streams.linking.boundary import CLITIC_BITS

__all__ = ["LETTERS", "Index"]

LETTERS: Final = 3
"""Letters that a form must have to be looked up."""
_NONE: Final = -1
# Places fall into this many classes, by their first letters.
_CLASSES: Final = 4096


class Index:
    """The places of one text where a name may start, by their first letters.

    Args:
        body: Folded text.
        names: Its places, see `streams.linking.places`.
    """

    __slots__ = ("_body", "_first", "_names", "_next")

    def __init__(self, body: str, names: vec[i64]) -> None:
        self._body = body
        self._names: vec[i64] = names
        # Chains of the places of one class, in order.
        self._first: vec[i64] = vec[i64]([_NONE] * _CLASSES)
        self._next: vec[i64] = vec[i64]([_NONE] * len(names))
        last: i64 = len(body) - LETTERS
        number: i64 = len(names) - 1
        while number >= 0:
            start = names[number] >> CLITIC_BITS
            if start <= last:
                kind = _class_at(body, start)
                self._next[number] = self._first[kind]
                self._first[kind] = number
            number -= 1

    def starts_of(self, form: str) -> list[int]:
        """Return where ``form`` stands at one of the places, in order.

        Args:
            form: At least `LETTERS` letters.
        """
        found: list[int] = []
        body, first = self._body, ord(form[0])
        number = self._first[_class_at(form, 0)]
        while number >= 0:
            start = self._names[number] >> CLITIC_BITS
            if ord(body[start]) == first and body.startswith(form, start):
                found.append(start)
            number = self._next[number]
        return found


def _class_at(text: str, at: i64) -> i64:
    """Return the class of the letters at a place."""
    first: i64 = ord(text[at])
    second: i64 = ord(text[at + 1])
    third: i64 = ord(text[at + 2])
    return (first * 1_229 + second * 331 + third * 37) & (_CLASSES - 1)
