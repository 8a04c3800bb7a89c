"""Tagging: where in a text the catalogue's forms occur as words.

Occurrences come from the view's matcher and know no words; what is left here is bounded (`boundary`), outside
junk (`junk`), and mapped back to the text as received (`fold`). Spans still overlap: which of them is a mention
is decided later, when all is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.boundary import CLITIC_BITS, ENDING, bounds, ends_word, word_class
from streams.linking.chars import NONE
from streams.linking.shape import LOWER, NO_CASE, TITLE, shape_of
from streams.linking.variants import VariantText, key_language
from streams.linking.words import CALENDAR, STOP_FORMS

if TYPE_CHECKING:
    from streams.catalog.view import CatalogView
    from streams.linking.text import Text

__all__ = ["MAX_SPANS", "Span", "make_span", "tag"]

MAX_SPANS: Final = 50_000
"""Most spans of one text that are weighed; of more, those that come first."""

_WIDE: Final = 1 << 32
# Keys for sorting: start, then how much shorter than the longest a span is, then its number.
_NUMBER_BITS: Final = 18
_NUMBERS: Final = (1 << _NUMBER_BITS) - 1
_LENGTH_BITS: Final = 24
_LONGEST: Final = (1 << _LENGTH_BITS) - 1
_SPACE: Final = 0x20
_LONGEST_AFTER_ARTICLE: Final = 80


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
        shape: See `streams.linking.shape`.
        is_variant: Whether only a variant key matches, see `streams.linking.variants`.
        clitic: Length of the clitics glued before it.
        ending: Length of the ending or particle glued after it.
    """

    __slots__ = (
        "clitic",
        "end",
        "ending",
        "form",
        "high",
        "is_variant",
        "key",
        "low",
        "shape",
        "start",
        "surface",
        "text",
    )

    def __init__(self, text: Text, low: int, high: int, *, form: int | None, clitic: int, ending: int) -> None:
        self.text = text
        self.low = low
        self.high = high
        self.start, self.end = text.folded.span(low, high)
        self.form = form
        self.clitic = clitic
        self.ending = ending
        self.key = text.folded.text[low:high]
        self.surface = text.source[self.start : self.end]
        self.shape = shape_of(self.surface)
        self.is_variant = False

    @property
    def is_marked(self) -> bool:
        """Whether the text as received has diacritics that folding takes off, such as harakat."""
        return self.end - self.start != self.high - self.low


def tag(text: Text, catalog: CatalogView, language: str) -> list[Span]:
    """Return the spans of ``text`` at which a form of the catalogue stands as a word, by start, longest first.

    Of a text that is full of names, the first `MAX_SPANS`.
    """
    body = text.folded.text
    spans: list[Span] = []
    for low, high, form in _in_order(catalog.scan(body)):
        # A form that begins with a space is a variant key, which may look like text.
        if ord(body[low]) == _SPACE:
            continue
        found = bounds(body, low, high, language)
        if found < 0:
            continue
        span = _span(text, low, high, form, found)
        if span is not None:
            spans.append(span)
            if len(spans) == MAX_SPANS:
                break
    for at in text.assimilated():
        _add_after_article(text, at, catalog, language, spans)
    _add_variants(text, catalog, language, spans)
    return _sorted(spans)[:MAX_SPANS]


def _in_order(found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Put occurrences in order where they are so many that not all of them may count."""
    return found if len(found) <= MAX_SPANS else sorted(found, key=_first_and_longest)


def _first_and_longest(found: tuple[int, int, int]) -> int:
    low, high, _ = found
    return low * _WIDE - high


def _add_variants(text: Text, catalog: CatalogView, language: str, spans: list[Span]) -> None:
    """Add the spans that only a variant key finds: no form begins or ends where they do."""
    body = text.folded.text
    kind = key_language(body, language)
    if kind is None:
        return
    variant = VariantText(body, kind)
    occurrences = catalog.scan(variant.key)
    if len(occurrences) == 0:
        return
    starts = {span.low for span in spans}
    ends = {span.high for span in spans}
    for start, end, form in _in_order(occurrences):
        if ord(variant.key[start]) != _SPACE:
            continue
        low, high = variant.span(start, end)
        if low not in starts and high not in ends and low < high:
            span = _span(text, low, high, form, 0)
            if span is not None:
                span.is_variant = True
                spans.append(span)
                if len(spans) >= 2 * MAX_SPANS:
                    return


def make_span(text: Text, low: int, high: int, language: str) -> Span | None:
    """Return the span of ``text`` from ``low`` to ``high`` of the folded text, if it stands there as a word."""
    found = bounds(text.folded.text, low, high, language)
    return None if found < 0 else _span(text, low, high, None, found)


def _sorted(spans: list[Span]) -> list[Span]:
    """Return ``spans`` by start, longest first; of equal ones the first stays first."""
    if len(spans) < 2:
        return spans
    keys: list[int] = []
    for at, span in enumerate(spans):
        position = (span.low << _LENGTH_BITS) + _LONGEST - (span.high - span.low)
        keys.append((position << _NUMBER_BITS) + at)
    keys.sort()
    return [spans[key & _NUMBERS] for key in keys]


def _span(text: Text, low: int, high: int, form: int | None, found: int) -> Span | None:
    folded = text.folded
    if folded.splits(low) or folded.splits(high) or text.is_junk(low):
        return None
    span = Span(text, low, high, form=form, clitic=found >> CLITIC_BITS, ending=found & ENDING)
    return None if _is_stop(span) else span


def _is_stop(span: Span) -> bool:
    if span.key not in STOP_FORMS:
        return False
    if span.key in CALENDAR:
        return True
    return span.shape in {LOWER, NO_CASE} or (span.shape == TITLE and span.text.starts_sentence(span.low))


def _add_after_article(text: Text, at: int, catalog: CatalogView, language: str, spans: list[Span]) -> None:
    """Add names that begin with the article ال, after the preposition ل has swallowed its alif: للسعودية.

    The mention is what follows the preposition, as written: لسعودية.
    """
    body = text.folded.text
    end = min(len(body), at + _LONGEST_AFTER_ARTICLE)
    for low, high, form in catalog.scan("ا" + body[at + 1 : end]):
        if low != 0 or (at + high == end < len(body) and word_class(body[end]) != NONE):
            continue
        ending = ends_word(body, at + high, at, language)
        if ending >= 0 and not text.is_junk(at):
            spans.append(Span(text, at + 1, at + high, form=form, clitic=1, ending=ending))
