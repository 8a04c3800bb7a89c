"""Variants in a text: where only a coarser key of a name matches (`streams.linking.variants`).

One counts where it is longer than every span of a form that begins or ends where it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.vecs import vec
from mypy_extensions import i64

from streams.linking.arabic import counted, follow_arabic, may_begin
from streams.linking.boundary import CLITIC_BITS, ENDING, bounds
from streams.linking.dots import undotted
from streams.linking.edges import Edges
from streams.linking.spans import MAX_SPANS, first_spans, span_at
from streams.linking.spelt import find_spelt, start_spelt
from streams.linking.stems import UNINFLECTED, are_joined, is_long
from streams.linking.trie import END_BITS, FORM
from streams.linking.variants import ARABIC_KEYS, VariantText, key_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.linking.dots import Undotted
    from streams.linking.span import Span
    from streams.linking.text import Text
    from streams.linking.trie import Trie

__all__ = ["variant_spans"]

_SPACE: Final = 0x20
_DOTTING: Final = "zh"
# Letters that a name with dots must have.
_LEAST_DOTTED: Final = 4
_CLITIC: Final = (1 << CLITIC_BITS) - 1
# Who heads an office is not the office, though the consonants are the same: وزير المالية, وزارة المالية.
_OFFICERS: Final = frozenset("وزير وزيره رييس رييسه سفير سفيره امير اميره محافظ مدير مديره نايب مفوض".split())
_ARTICLE: Final = "ال"
# Rarely do more forms than this begin at one place.
_AT_ONCE: Final = 16


def variant_spans(text: Text, tries: Sequence[Trie], language: str, spans: list[Span]) -> list[Span]:
    """Return the spans that only a variant key finds.

    Args:
        text: The text.
        tries: The catalogue's forms.
        language: Its primary language subtag.
        spans: Those of forms.
    """
    body = text.folded.text
    kind = key_language(body, language)
    if kind is None:
        return []
    edges = Edges(len(body), spans)
    variant = None if kind == ARABIC_KEYS else VariantText(body, kind)
    bare = undotted(text) if kind == _DOTTING else None
    added: list[Span] = []
    if variant is None:
        _add_arabic(text, list(tries), edges, added)
    for trie in tries:
        if variant is not None:
            _add_keys(text, variant, trie, language, edges, added)
            if kind in UNINFLECTED:
                _add_bare(text, variant, trie, edges, added)
        if bare is not None:
            _add_undotted(text, bare, trie, language, edges, added)
        added = first_spans(added)
    return added


def _add_bare(text: Text, variant: VariantText, trie: Trie, edges: Edges, added: list[Span]) -> None:
    """Add the names that a key of stems shows without what stands between their words: Pagoda Thien Mu."""
    key = variant.key
    most: i64 = len(added) + MAX_SPANS
    none = vec[i64](capacity=_AT_ONCE)
    last: i64 = len(key) - 1
    for start in variant.spaces:
        if start >= last:
            return
        for found in trie.follow(key, start + 1, ord(key[start + 1]), none):
            end = found >> END_BITS
            if ord(key[end]) != _SPACE:
                continue
            low, high = variant.span(start, end + 1)
            if edges.exceeds(low, high) and _is_bare(text, variant, trie, start, end):
                _add_variant(text, low, high, found & FORM, 0, 0, added)
        if len(added) >= most:
            return


def _is_bare(text: Text, variant: VariantText, trie: Trie, start: i64, end: i64) -> bool:
    """Whether the words of a key from one space to another are a name without what stands between them in the text.

    They are not where the first or the last is a name by itself: the bank of Santander is no Banco Santander.
    """
    key, body = variant.key, text.folded.text
    words = key[start + 1 : end].split(" ")
    if not is_long(key[start : end + 1], len(words)):
        return False
    if trie.form(words[0]) is not None or trie.form(words[-1]) is not None:
        return False
    at = start
    for word in words[:-1]:
        _, before = variant.span(at, at + len(word) + 2)
        at += len(word) + 1
        after, _ = variant.span(at, key.index(" ", at + 1) + 1)
        if not are_joined(body[before:after]):
            return False
    return True


def _add_undotted(text: Text, bare: Undotted, trie: Trie, language: str, edges: Edges, added: list[Span]) -> None:
    """Add the names that a text in Chinese shows without the dots between their parts."""
    body, key = text.folded.text, bare.key
    most: i64 = len(added) + MAX_SPANS
    none = vec[i64](capacity=_AT_ONCE)
    for start in bare.starts:
        for found in trie.follow(key, start, ord(key[start]), none):
            end = found >> END_BITS
            low, high = bare.span(start, end)
            if end - start >= _LEAST_DOTTED and high - low > end - start and edges.exceeds(low, high):
                ending = bounds(body, low, high, language)
                if ending >= 0:
                    _add_variant(text, low, high, found & FORM, 0, ending & ENDING, added)
        if len(added) >= most:
            return


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
                    _add_variant(text, low, high, found & FORM, 0, ending & ENDING, added)
        if len(added) >= most:
            return


def _add_arabic(text: Text, tries: list[Trie], edges: Edges, added: list[Span]) -> None:
    """Add what keys of Arabic script find, of the first starts as many as may count."""
    body = text.folded.text
    none = vec[i64](capacity=_AT_ONCE)
    spelt = vec[i64]([start_spelt(trie) for trie in tries])
    for start in text.places().names:
        low = start >> CLITIC_BITS
        clitic = start & _CLITIC
        if not may_begin(ord(body[low]), clitic):
            continue
        word = counted(body, low)
        for at, trie in enumerate(tries):
            for found in follow_arabic(trie, body, low, word, none):
                high = found >> END_BITS
                if edges.exceeds(low, high) and not _is_phrase(body, low, high):
                    _add_variant(text, low, high, found & FORM, clitic, 0, added)
            if spelt[at] >= 0:
                form = find_spelt(trie, spelt[at], body, low, word[0], word[1])
                if form >= 0 and edges.exceeds(low, word[0]):
                    _add_variant(text, low, word[0], form, clitic, 0, added)
        if len(added) >= MAX_SPANS:
            return


def _is_phrase(body: str, low: i64, high: i64) -> bool:
    """Whether words of Arabic are its own and not a foreign name: an officer's, or all with the article."""
    space: i64 = body.find(" ", low, high)
    if space < 0:
        return False
    if body[low:space] in _OFFICERS:
        return True
    at = low
    while at < high:
        if not body.startswith(_ARTICLE, at):
            return False
        at = body.find(" ", at, high) + 1
        if at == 0:
            return True
    return True


def _add_variant(text: Text, low: i64, high: i64, form: i64, clitic: i64, ending: i64, added: list[Span]) -> None:
    span = span_at(text, low, high, form, clitic, ending)
    if span is not None:
        span.is_variant = True
        added.append(span)
