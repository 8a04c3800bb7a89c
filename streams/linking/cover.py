"""Cover: which positions of a text are taken, told in time that does not grow with what was taken before."""

from __future__ import annotations

from typing import Final

from librt.strings import BytesWriter
from mypy_extensions import i64, u8

__all__ = ["HIGHEST", "Cover"]

HIGHEST: Final = 255
"""The highest level there is."""


class Cover:
    """A mask over the positions of one text."""

    __slots__ = ("_mask",)

    def __init__(self, length: int) -> None:
        self._mask = BytesWriter()
        self._mask.write(bytes(length))

    def take(self, start: i64, end: i64, level: i64 = HIGHEST) -> None:
        """Mark ``start`` to ``end`` as taken at ``level``, 1 to 255, where nothing higher stands."""
        mask = self._mask
        stop = min(end, len(mask))
        at = start
        while at < stop:
            if i64(mask[at]) < level:
                mask[at] = u8(level)
            at += 1

    def level(self, start: i64, end: i64) -> i64:
        """Return the highest level between ``start`` and ``end``; 0 where nothing is taken."""
        mask = self._mask
        stop = min(end, len(mask))
        highest: i64 = 0
        at = start
        while at < stop:
            here = i64(mask[at])
            if here > highest:  # noqa: PLR1730 - compiled, a call costs more
                highest = here
            at += 1
        return highest

    def holds(self, start: i64, end: i64) -> bool:
        """Whether every position from ``start`` to ``end`` is taken."""
        mask = self._mask
        at = start
        while at < end:
            if mask[at] == 0:
                return False
            at += 1
        return True
