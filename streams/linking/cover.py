"""Cover: which positions of a text are taken, told in time that does not grow with what was taken before."""

from __future__ import annotations

from typing import Final

__all__ = ["HIGHEST", "Cover"]

HIGHEST: Final = 255
"""The highest level there is."""


class Cover:
    """A mask over the positions of one text."""

    __slots__ = ("_mask",)

    def __init__(self, length: int) -> None:
        self._mask = bytearray(length)

    def take(self, start: int, end: int, level: int = HIGHEST) -> None:
        """Mark ``start`` to ``end`` as taken at ``level``, 1 to 255, where nothing higher stands."""
        mask = self._mask
        part = mask[start:end]
        if level < HIGHEST and any(part):
            mask[start:end] = bytes(max(known, level) for known in part)
        else:
            mask[start:end] = bytes((level,)) * (end - start)

    def level(self, start: int, end: int) -> int:
        """Return the highest level between ``start`` and ``end``; 0 where nothing is taken."""
        return max(self._mask[start:end], default=0)

    def holds(self, start: int, end: int) -> bool:
        """Whether every position from ``start`` to ``end`` is taken."""
        return 0 not in self._mask[start:end]
