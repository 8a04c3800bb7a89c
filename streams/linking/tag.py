"""Tagging: where in a text the catalogue's forms occur as words.

Forms are followed from where words may start (`trie`); what is left here is bounded (`boundary`), outside junk
(`junk`), and mapped back to the text as received (`fold`). Spans still overlap: which of them is a mention
is decided later, when all is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.vecs import vec
from mypy_extensions import i64

from streams.linking.boundary import CLITIC_BITS, ENDING, bounds, ends_word
from streams.linking.edges import Edges
from streams.linking.initials import initialled
from streams.linking.shape import LOWER, NO_CASE, TITLE
from streams.linking.span import Span
from streams.linking.trie import END_BITS, FORM, Trie
from streams.linking.variants import ARABIC_KEYS, VariantText, follow_arabic, key_language
from streams.linking.words import CALENDAR, STOP_FORMS

if TYPE_CHECKING:
    from streams.catalog.view import CatalogView
    from streams.linking.text import Text

__all__ = ["MAX_SPANS", "make_span", "tag"]

MAX_SPANS: Final = 50_000
"""Most spans of one text that are weighed; of more, those that come first."""

# Keys for sorting: start, then how much shorter than the longest a span is, then its number.
_LENGTH_BITS: Final = 24
_LONGEST: Final = (1 << _LENGTH_BITS) - 1
_SPACE: Final = 0x20
_ALIF: Final = 0x627
_ARTICLE: Final = "the "
_PERSON: Final = "person"
_RETWEET: Final = "rt"
_RETWEET_WIDTH: Final = 4
_CLITIC: Final = (1 << CLITIC_BITS) - 1
# Rarely do more forms than this begin at one place.
_AT_ONCE: Final = 16


def tag(text: Text, catalog: CatalogView, language: str) -> list[Span]:
    """Return the spans of ``text`` at which a form of the catalogue stands as a word, by start, longest first.

    Of a text that is full of names, the first `MAX_SPANS`.
    """
    spans: list[Span] = []
    tries = [Trie(automaton) for automaton in catalog.automata]
    starts = text.places().names
    for trie in tries:
        _add_words(text, starts, trie, language, spans)
        spans = _first(spans)
    if language == "en":
        _set_articles_apart(text, spans)
    _add_without_initials(text, catalog, tries, language, spans)
    for at in text.assimilated():
        _add_after_article(text, at, tries, language, spans)
    _add_variants(text, tries, language, spans)
    return _sorted(spans)[:MAX_SPANS]


def _add_words(text: Text, starts: vec[i64], trie: Trie, language: str, spans: list[Span]) -> None:
    """Add the spans at which a form of ``trie`` stands as a word, of the first starts as many as may count."""
    body = text.folded.text
    most: i64 = len(spans) + MAX_SPANS
    none = vec[i64](capacity=_AT_ONCE)
    for start in starts:
        low = start >> CLITIC_BITS
        for found in trie.follow(body, low, ord(body[low]), none):
            high = found >> END_BITS
            ending = ends_word(body, high, low, language)
            if ending >= 0:
                span = _span(text, low, high, found & FORM, start & _CLITIC, ending)
                if span is not None:
                    spans.append(span)
        if len(spans) >= most:
            break


def _set_articles_apart(text: Text, spans: list[Span]) -> None:
    """Take an article in small letters off the spans where a capital follows it: it is no part of the name.

    A name that stands there by itself too is left to its own span: the Acme Times, where Acme Times is a form.
    """
    articles = [
        span
        for span in spans
        if span.surface.startswith(_ARTICLE) and span.surface[len(_ARTICLE) : len(_ARTICLE) + 1].isupper()
    ]
    if len(articles) == 0:
        return
    known = {(span.low, span.high) for span in spans}
    apart = set(map(id, articles))
    spans[:] = [span for span in spans if id(span) not in apart]
    for article in articles:
        low = article.low + len(_ARTICLE)
        if (low, article.high) not in known:
            spans.append(Span(text, low, article.high, form=article.form, clitic=0, ending=article.ending))


def _add_without_initials(
    text: Text, catalog: CatalogView, tries: list[Trie], language: str, spans: list[Span]
) -> None:
    """Add names of persons that are forms without the initial in their middle, where they are none with it."""
    names = initialled(text, language)
    if len(names) == 0:
        return
    known = {(span.low, span.high) for span in spans}
    for low, high, name in names:
        for trie in tries:
            form = None if (low, high) in known else trie.form(name)
            if form is None or not any(
                catalog.card(posting.entity).type == _PERSON for posting in catalog.postings(form)
            ):
                continue
            span = _span(text, low, high, form, 0, 0)
            if span is not None:
                span.is_variant = True
                spans.append(span)


def _add_variants(text: Text, tries: list[Trie], language: str, spans: list[Span]) -> None:
    """Add the spans that only a variant key finds: longer than every form that begins or ends where they do."""
    body = text.folded.text
    kind = key_language(body, language)
    if kind is None:
        return
    edges = Edges(len(body), spans)
    variant = None if kind == ARABIC_KEYS else VariantText(body, kind)
    added: list[Span] = []
    for trie in tries:
        if variant is None:
            _add_arabic(text, trie, edges, added)
        else:
            _add_keys(text, variant, trie, language, edges, added)
        added = _first(added)
    spans.extend(added)


def _add_keys(text: Text, variant: VariantText, trie: Trie, language: str, edges: Edges, added: list[Span]) -> None:
    """Add what keys of stems and glyphs find, of the first starts as many as may count."""
    body, key = text.folded.text, variant.key
    most: i64 = len(added) + MAX_SPANS
    none = vec[i64](capacity=_AT_ONCE)
    for start in variant.spaces:
        for found in trie.follow(key, start, _SPACE, none):
            low, high = variant.span(start, found >> END_BITS)
            if low < high and edges.exceeds(low, high):
                ending = bounds(body, low, high, language) if variant.is_glyphic else 0
                if ending >= 0:
                    _add_variant(text, low, high, found & FORM, ending & ENDING, added)
        if len(added) >= most:
            return


def _add_arabic(text: Text, trie: Trie, edges: Edges, added: list[Span]) -> None:
    """Add what keys of Arabic script find, of the first starts as many as may count."""
    body = text.folded.text
    most: i64 = len(added) + MAX_SPANS
    none = vec[i64](capacity=_AT_ONCE)
    for low in text.places().pieces:
        for found in follow_arabic(trie, body, low, none):
            high = found >> END_BITS
            if edges.exceeds(low, high):
                _add_variant(text, low, high, found & FORM, 0, added)
        if len(added) >= most:
            return


def _add_variant(text: Text, low: i64, high: i64, form: i64, ending: i64, added: list[Span]) -> None:
    span = _span(text, low, high, form, 0, ending)
    if span is not None:
        span.is_variant = True
        added.append(span)


def make_span(text: Text, low: int, high: int, language: str) -> Span | None:
    """Return the span of ``text`` from ``low`` to ``high`` of the folded text, if it stands there as a word."""
    found = bounds(text.folded.text, low, high, language)
    return None if found < 0 else _span(text, low, high, None, found >> CLITIC_BITS, found & ENDING)


def _first(spans: list[Span]) -> list[Span]:
    """Return those that count of spans that may be too many."""
    return spans if len(spans) <= MAX_SPANS else _sorted(spans)[:MAX_SPANS]


def _sorted(spans: list[Span]) -> list[Span]:
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


def _span(text: Text, low: int, high: int, form: int | None, clitic: int, ending: int) -> Span | None:
    folded = text.folded
    if folded.splits(low) or folded.splits(high) or text.is_junk(low):
        return None
    span = Span(text, low, high, form=form, clitic=clitic, ending=ending)
    return None if _is_stop(span) else span


def _is_stop(span: Span) -> bool:
    if span.key not in STOP_FORMS:
        return span.key == _RETWEET and _is_retweet(span)
    if span.key in CALENDAR:
        return True
    return span.shape in {LOWER, NO_CASE} or (span.shape == TITLE and span.text.starts_sentence(span.low))


def _is_retweet(span: Span) -> bool:
    """Whether the span says that a message is somebody else's: RT @name, RT: @name."""
    return span.text.source[span.end : span.end + _RETWEET_WIDTH].lstrip(" :").startswith("@")


def _add_after_article(text: Text, at: int, tries: list[Trie], language: str, spans: list[Span]) -> None:
    """Add names that begin with the article ال, after the preposition ل has swallowed its alif: للسعودية.

    The mention is what follows the preposition, as written: لسعودية.
    """
    body = text.folded.text
    for trie in tries:
        for found in trie.follow(body, at, _ALIF, vec[i64]()):
            high = found >> END_BITS
            ending = ends_word(body, high, at, language)
            if ending >= 0 and not text.is_junk(at):
                spans.append(Span(text, at + 1, high, form=found & FORM, clitic=1, ending=ending))
