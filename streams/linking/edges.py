"""Edges: how long the longest span is at each place, told in time that does not grow with how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.strings import BytesWriter
from mypy_extensions import i64, u8

if TYPE_CHECKING:
    from streams.linking.span import Span

__all__ = ["Edges"]

# Longer spans count as so long: a variant that is does not exceed them.
_VERY_LONG: Final = 255


class Edges:
    """How long the longest span is that begins, and that ends, at each place, with what is glued to it."""

    __slots__ = ("_from", "_length", "_spans", "_to")

    def __init__(self, length: int, spans: list[Span]) -> None:
        self._spans: list[Span] | None = spans
        self._length = length
        self._from = BytesWriter()
        self._to = BytesWriter()

    def exceeds(self, low: i64, high: i64) -> bool:
        """Whether the stretch from ``low`` to ``high`` is longer than every span that begins or ends where it does."""
        spans = self._spans
        if spans is not None:
            # Most texts hold no variant.
            self._spans = None
            self._from.write(bytes(self._length + 1))
            self._to.write(bytes(self._length + 1))
            for span in spans:
                first: i64 = span.low - span.clitic
                last: i64 = span.high + span.ending
                _raise(self._from, first, last - first)
                _raise(self._from, span.low, last - span.low)
                _raise(self._to, last, last - first)
                _raise(self._to, span.high, span.high - first)
        return max(i64(self._from[low]), i64(self._to[high])) < min(high - low, _VERY_LONG)


def _raise(lengths: BytesWriter, at: i64, length: i64) -> None:
    known = i64(lengths[at])
    if length > known:
        lengths[at] = u8(min(length, _VERY_LONG))
