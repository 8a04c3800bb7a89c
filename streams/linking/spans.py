"""Spans of a text, made and put in order: those that stand there as a word, in prose, and are no function word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.boundary import CLITIC_BITS, ENDING, LONGEST_FRAGMENT, bounds, is_fragment
from streams.linking.shape import LOWER, NO_CASE, TITLE, UPPER
from streams.linking.span import Span
from streams.linking.words import CALENDAR, STOP_FORMS

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.text import Text

__all__ = ["MAX_SPANS", "first_spans", "make_span", "sorted_spans", "span_at"]

MAX_SPANS: Final = 50_000
"""Most spans of one text that are weighed; of more, those that come first."""

# Keys for sorting: start, then how much shorter than the longest a span is, then its number.
_LENGTH_BITS: Final = 24
_LONGEST: Final = (1 << _LENGTH_BITS) - 1
_RETWEET: Final = "rt"
# Of kings and centuries, but for those that are acronyms too: IV, VI, XL.
_NUMERALS: Final = frozenset("ii iii vii viii ix xii xiii xiv xv xvi xvii xviii xix xx xxi".split())
_RETWEET_WIDTH: Final = 4


def make_span(text: Text, low: int, high: int, language: str) -> Span | None:
    """Return the span of ``text`` from ``low`` to ``high`` of the folded text, if it stands there as a word."""
    found = bounds(text.folded.text, low, high, language)
    return None if found < 0 else span_at(text, low, high, None, found >> CLITIC_BITS, found & ENDING)


def span_at(text: Text, low: int, high: int, form: int | None, clitic: int, ending: int) -> Span | None:
    """Return the span of ``text`` that a form takes up, or None where it is no prose or a function word.

    Args:
        text: The text.
        low: Where it begins in the folded text.
        high: Where it ends there.
        form: Number of the form; None where it is not the catalogue's.
        clitic: Length of the clitics before it.
        ending: Length of what is glued to it.
    """
    folded = text.folded
    if folded.splits(low) or folded.splits(high) or text.is_junk(low):
        return None
    if high - low <= LONGEST_FRAGMENT and is_fragment(folded.text, low, high):
        return None
    span = Span(text, low, high, form=form, clitic=clitic, ending=ending)
    return None if _is_stop(span) else span


def first_spans(spans: list[Span]) -> list[Span]:
    """Return those that count of spans that may be too many."""
    return spans if len(spans) <= MAX_SPANS else sorted_spans(spans)[:MAX_SPANS]


def sorted_spans(spans: list[Span]) -> list[Span]:
    """Return ``spans`` by start, longest first; of equal ones the first stays first."""
    if _are_sorted(spans):
        return spans
    keys: list[int] = []
    bits = len(spans).bit_length()
    for at, span in enumerate(spans):
        position = (span.low << _LENGTH_BITS) + _LONGEST - (span.high - span.low)
        keys.append((position << bits) + at)
    keys.sort()
    numbers = (1 << bits) - 1
    return [spans[key & numbers] for key in keys]


def _are_sorted(spans: list[Span]) -> bool:
    before: i64 = -1
    reach: i64 = 0
    for span in spans:
        low: i64 = span.low
        high: i64 = span.high
        if low < before or (low == before and high > reach):
            return False
        before, reach = low, high
    return True


def _is_stop(span: Span) -> bool:
    if span.key not in STOP_FORMS:
        return (span.key == _RETWEET and _is_retweet(span)) or (span.shape == UPPER and span.key in _NUMERALS)
    if span.key in CALENDAR:
        return True
    return span.shape in {LOWER, NO_CASE} or (span.shape == TITLE and span.text.starts_sentence(span.low))


def _is_retweet(span: Span) -> bool:
    """Whether the span says that a message is somebody else's: RT @name, RT: @name."""
    return span.text.source[span.end : span.end + _RETWEET_WIDTH].lstrip(" :").startswith("@")
