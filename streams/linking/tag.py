"""Tagging: where in a text the catalogue's forms occur as words.

Forms are followed from where words may start (`trie`); what is left here is bounded (`boundary`), outside junk
(`junk`), and mapped back to the text as received (`fold`). Spans still overlap: which of them is a mention
is decided later, when all is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.vecs import vec
from mypy_extensions import i64

from streams.linking.boundary import CLITIC_BITS, ends_word
from streams.linking.initials import initialled
from streams.linking.points import pointed
from streams.linking.span import Span
from streams.linking.spans import MAX_SPANS, first_spans, sorted_spans, span_at
from streams.linking.trie import END_BITS, FORM, trie_of
from streams.linking.variant_spans import variant_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import CatalogView
    from streams.linking.text import Text
    from streams.linking.trie import Trie

__all__ = ["tag"]

_ALIF: Final = 0x627
_ARTICLE: Final = "the "
_PERSON: Final = "person"
_CLITIC: Final = (1 << CLITIC_BITS) - 1
# Rarely do more forms than this begin at one place.
_AT_ONCE: Final = 16


def tag(text: Text, catalog: CatalogView, language: str) -> list[Span]:
    """Return the spans of ``text`` at which a form of the catalogue stands as a word, by start, longest first.

    Of a text that is full of names, the first `MAX_SPANS`.
    """
    spans: list[Span] = []
    tries = [trie_of(automaton) for automaton in catalog.automata]
    starts = text.places().names
    for trie in tries:
        _add_words(text, starts, trie, language, spans)
        spans = first_spans(spans)
    if language == "en":
        _set_articles_apart(text, spans)
    _add_without_initials(text, catalog, tries, language, spans)
    _add_pointed(text, tries, spans)
    for at in text.assimilated():
        _add_after_article(text, at, tries, language, spans)
    spans += variant_spans(text, tries, language, spans)
    return sorted_spans(spans)[:MAX_SPANS]


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
                span = span_at(text, low, high, found & FORM, start & _CLITIC, ending)
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
    text: Text, catalog: CatalogView, tries: Sequence[Trie], language: str, spans: list[Span]
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
            span = span_at(text, low, high, form, 0, 0)
            if span is not None:
                span.is_variant = True
                spans.append(span)


def _add_pointed(text: Text, tries: Sequence[Trie], spans: list[Span]) -> None:
    """Add spelt-out acronyms that are forms with spaces where the text has points, where they are none with these."""
    names = pointed(text)
    if len(names) == 0:
        return
    known = {(span.low, span.high) for span in spans}
    for low, high, clitic, name in names:
        for trie in tries:
            form = None if (low, high) in known else trie.form(name)
            span = None if form is None else span_at(text, low, high, form, clitic, 0)
            if span is not None:
                span.is_variant = True
                spans.append(span)


def _add_after_article(text: Text, at: int, tries: Sequence[Trie], language: str, spans: list[Span]) -> None:
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
