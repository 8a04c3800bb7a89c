"""Spans: stretches of a text that may be mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.linking.shape import UNKNOWN, shape_of

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.text import Text

__all__ = ["Span"]


class Span:
    """A stretch of text that may be a mention.

    Attributes:
        text: The text it stands in.
        start: First code point in the text as received.
        end: One past the last there.
        low: First code point in the folded text.
        high: One past the last there.
        form: Number of the form in the view, or None where it came from elsewhere than the catalogue.
        key: The folded text in between: what forms are compared by.
        surface: The text in between as received.
        is_variant: Whether only a variant key matches, see `streams.linking.variants`.
        clitic: Length of the clitics glued before it.
        ending: Length of the ending or particle glued after it.
    """

    __slots__ = (
        "_shape",
        "clitic",
        "end",
        "ending",
        "form",
        "high",
        "is_variant",
        "key",
        "low",
        "start",
        "surface",
        "text",
    )

    def __init__(self, text: Text, low: int, high: int, *, form: int | None, clitic: int, ending: int) -> None:
        self.text = text
        folded = text.folded
        self.low = low
        self.high = high
        self.start = folded.source_start(low)
        self.end = folded.source_end(high)
        self.form = form
        self.clitic = clitic
        self.ending = ending
        self.key = folded.text[low:high]
        self.surface = text.source[self.start : self.end]
        self.is_variant = False
        self._shape: i64 = UNKNOWN

    @property
    def shape(self) -> int:
        """See `streams.linking.shape`."""
        shape = self._shape
        if shape == UNKNOWN:
            shape = self._shape = shape_of(self.surface)
        return shape

    def note_shape(self, shape: i64) -> None:
        """Take note of the shape, where somebody has seen the same surface before."""
        self._shape = shape

    @property
    def is_marked(self) -> bool:
        """Whether the text as received has diacritics that folding takes off, such as harakat."""
        return self.end - self.start != self.high - self.low
