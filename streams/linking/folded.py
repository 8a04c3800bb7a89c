"""A folded text, and the way back to the text as received."""

from __future__ import annotations

import unicodedata
from typing import Final

from librt.vecs import append, vec
from mypy_extensions import i64

__all__ = ["MARKS", "Breaks", "Folded"]

# Scripts whose marks only vary a letter. Elsewhere (Indic, Thai) marks are vowels, and stay.
_RANGES: Final = ((0x300, 0x370), (0x483, 0x488), (0x591, 0x5C8), (0x610, 0x61B), (0x64B, 0x660), (0x670, 0x671),
                 (0x6D6, 0x6DD), (0x6DF, 0x6E9), (0x6EA, 0x6EE), (0x8CA, 0x900), (0x1AB0, 0x1B00), (0x1DC0, 0x1E00),
                 (0x20D0, 0x2100), (0xFE20, 0xFE30))  # fmt: skip
_FIRST_MARK: Final = 0x300
MARKS: Final = frozenset(
    char for low, high in _RANGES for char in map(chr, range(low, high)) if unicodedata.category(char) in {"Mn", "Me"}
)
"""Marks that only vary a letter."""


class Breaks:
    """Where a text was not folded one for one.

    Attributes:
        folded_at: Where in the folded text each break is.
        source_at: Where in the text as received.
        widths: Characters of the latter that one irregular stretch stands for; 0 begins a regular one.
    """

    __slots__ = ("folded_at", "source_at", "widths")

    def __init__(self) -> None:
        self.folded_at: vec[i64] = vec[i64]()
        self.source_at: vec[i64] = vec[i64]()
        self.widths: vec[i64] = vec[i64]()

    def add(self, folded_at: i64, source_at: i64, width: i64) -> None:
        """Add a break behind those that there are."""
        if len(self.widths) == 0:
            self.folded_at = append(self.folded_at, 0)
            self.source_at = append(self.source_at, 0)
            self.widths = append(self.widths, 0)
        self.folded_at = append(self.folded_at, folded_at)
        self.source_at = append(self.source_at, source_at)
        self.widths = append(self.widths, width)


class Folded:
    """A folded text, and the way back.

    Attributes:
        text: The folded text.
        source: The text as received.
    """

    __slots__ = ("_folded_at", "_source_at", "_widths", "source", "text")

    def __init__(self, text: str, source: str, breaks: Breaks | None = None) -> None:
        self.text = text
        self.source = source
        if breaks is None:
            breaks = Breaks()
        self._folded_at: vec[i64] = breaks.folded_at
        self._source_at: vec[i64] = breaks.source_at
        self._widths: vec[i64] = breaks.widths

    def span(self, start: i64, end: i64) -> tuple[int, int]:
        """Return where ``text[start:end]`` stands in ``source``, as a half-open span.

        Marks that belong to the last letter are inside the span; direction marks around it are not.
        """
        return self.source_start(start), self.source_end(end)

    def source_start(self, start: i64) -> i64:
        """Return where what begins at ``start`` of ``text`` begins in ``source``."""
        if len(self._folded_at) == 0:
            return start
        first = self._break(start)
        begin = self._source_at[first]
        if self._widths[first] == 0:
            begin += start - self._folded_at[first]
        return begin

    def source_end(self, end: i64) -> i64:
        """Return where what ends at ``end`` of ``text`` ends in ``source``."""
        if len(self._folded_at) == 0:
            return end
        last = self._break(end - 1)
        width = self._widths[last]
        stop = self._source_at[last] + width
        if width == 0:
            stop += end - self._folded_at[last]
        source = self.source
        length: i64 = len(source)
        # Marks begin beyond the Latin letters.
        while stop < length and ord(source[stop]) >= _FIRST_MARK and source[stop] in MARKS:
            stop += 1
        return stop

    def splits(self, position: i64) -> bool:
        """Whether ``position`` in ``text`` lies inside what one source character was folded to."""
        if len(self._folded_at) == 0:
            return False
        at = self._break(position)
        return self._widths[at] != 0 and self._folded_at[at] != position

    def _break(self, position: i64) -> i64:
        """Return the number of the stretch in which ``position`` of ``text`` lies."""
        starts = self._folded_at
        low: i64 = 0
        high: i64 = len(starts)
        while low < high:
            middle = (low + high) >> 1
            if starts[middle] <= position:
                low = middle + 1
            else:
                high = middle
        return low - 1
