"""Readings: what a surface form may mean, wherever it stands.

Everything here depends on the form, the surface and the language alone, so it is worked out once and kept: the names
of the day come back in every article. What the article adds is in `features`.
"""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from librt.vecs import vec

from streams.linking.boundary import is_caseless
from streams.linking.cues import is_demonym
from streams.linking.labels import UNRELATED, is_initialled, label_words, left_out, relation, words_of
from streams.linking.meanings import Meaning, told_by_type, told_by_use
from streams.linking.ordinary import ordinary_kind
from streams.linking.row import CONTEXT, MARGIN
from streams.linking.shape import LOWER, TITLE, UPPER
from streams.linking.uses import uses_of
from streams.linking.weights import Model, dot
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.catalog.view import CatalogView
    from streams.linking.span import Span
    from streams.linking.weights import Weights

__all__ = ["Kept", "Reading", "Readings", "lay", "number_of", "readings_of"]

_KEPT: Final = 50_000
# A row of nothing, but that a meaning without a rival wins clearly.
_BLANK: Final = vec[float]([0.0] * MARGIN + [0.0, 1.0, 1.0, 1.0])


class Reading:
    """A surface form and all that it may mean.

    Attributes:
        form: Number of the form in the view, -1 for one that is not the catalogue's.
        meanings: Commonest first, at most `streams.linking.uses.MAX_CONSIDERED`; empty for a form that is not the
            catalogue's.
        words: Number of words beyond the first.
        shape: The surface's, see `streams.linking.shape`.
        types: Types of what it may mean.
        is_phrase: Whether it is several capitalised words.
        is_caseless: Whether its script has no capitals.
        is_seen: Whether the form was ever counted meaning one of them.
        features: What is known of the form without an article: the first features of a row in the order of
            `streams.linking.weights.LINK_FEATURES`.
        link: Their weighted sum.
        ordinary: What kinds of ordinary word it may be, see `streams.linking.ordinary`.
        also: Another reading of the same surface, for another form.
    """

    __slots__ = (
        "also",
        "features",
        "form",
        "is_caseless",
        "is_phrase",
        "is_seen",
        "link",
        "meanings",
        "ordinary",
        "shape",
        "types",
        "words",
    )

    def __init__(
        self, span: Span, meanings: tuple[Meaning, ...], language: str, *, is_exact: bool, model: Model
    ) -> None:
        surface, key, shape = span.surface, span.key, span.shape
        first = surface[0]
        words = key.count(" ")
        lower = shape == LOWER
        caseless = is_caseless(first)
        acronym = shape == UPPER and 1 < len(surface.replace(".", "")) <= 5
        self.form: i64 = number_of(span)
        self.also: Reading | None = None
        self.meanings = meanings
        self.words: i64 = words
        self.shape: i64 = shape
        self.types = frozenset(meaning.type for meaning in meanings)
        self.ordinary: i64 = ordinary_kind(span, self.types, language)
        self.is_caseless = caseless
        self.is_phrase = words > 0 and shape in {TITLE, UPPER} and _all_capital(surface)
        self.is_seen = any(meaning.count > 0 for meaning in meanings)
        features = (
            1.0,
            float(lower and words == 0),
            float(lower and words > 0),
            float(_is_half_lower(span, words, is_exact=is_exact)),
            float(key.startswith("the ")),
            float("," in key),
            float(min(words, 3)),
            float(self.is_phrase),
            float(len(key) <= 3 and not acronym),
            float(acronym),
            log1p(max(0, len(meanings) - 1)),
            float(caseless),
            float(caseless and words == 0),
            float(first.isdigit()),
            float(key.replace(" ", "").isdigit()),
            float(span.form is None),
            float(span.is_variant),
            float(span.is_variant and words == 0),
        )
        self.features: vec[float] = vec[float](features)
        self.link = dot(self.features, 0, CONTEXT, model.link, 0)

    def row(self) -> vec[float]:
        """Return a new row in which stands what is known of the form, for an article to fill in."""
        row: vec[float] = _BLANK[:]
        lay(row, 0, self.features)
        return row


class Kept:
    """What was worked out for a view under one model. It does not lead to the view, which could never go otherwise.

    Attributes:
        model: The model.
        count: How many readings are kept.
        by_language: They, by the language of the article and then by surface.
    """

    __slots__ = ("by_language", "count", "model")

    def __init__(self, model: Model) -> None:
        self.model = model
        self.count: i64 = 0
        self.by_language: dict[str, dict[str, Reading]] = {}


class Readings:
    """The readings of one view in articles of one language, kept once they are worked out.

    Attributes:
        model: The model.
    """

    __slots__ = ("_catalog", "_here", "_kept", "_language", "model")

    def __init__(self, catalog: CatalogView, kept: Kept, language: str) -> None:
        self._catalog = catalog
        self._kept = kept
        self._language = language
        self._here = kept.by_language.setdefault(language, {})
        self.model = kept.model

    def read(self, span: Span) -> Reading:
        """Return the reading of ``span``."""
        first = self._here.get(span.surface)
        known = first
        form = number_of(span)
        while known is not None:
            if known.form == form:
                span.note_shape(known.shape)
                return known
            known = known.also
        reading = _read(span, self._catalog, self._language, self.model)
        kept = self._kept
        if kept.count >= _KEPT:
            for each in kept.by_language.values():
                each.clear()
            kept.count = 0
            first = None
        kept.count += 1
        reading.also = first
        self._here[span.surface] = reading
        return reading


def number_of(span: Span) -> i64:
    """Return the number of the form of ``span``; -1 where the catalogue has none."""
    form = span.form
    return -1 if form is None else form


def lay(row: vec[float], first: i64, values: vec[float]) -> None:
    """Write ``values`` into ``row``, from number ``first`` on."""
    at: i64 = 0
    size: i64 = len(values)
    while at < size:
        row[first + at] = values[at]
        at += 1


_OF_VIEW: WeakKeyDictionary[CatalogView, Kept] = WeakKeyDictionary()


def readings_of(catalog: CatalogView, weights: Weights, language: str) -> Readings:
    """Return the readings of ``catalog`` in articles in ``language``; what is kept of them goes when the view goes."""
    kept = _OF_VIEW.get(catalog)
    if kept is None or kept.model.weights is not weights:
        kept = _OF_VIEW[catalog] = Kept(Model(weights))
    return Readings(catalog, kept, language)


def _read(span: Span, catalog: CatalogView, language: str, model: Model) -> Reading:
    uses = [] if span.form is None else uses_of(span, catalog.postings(span.form), catalog, language)
    adjective = is_demonym(span.key)
    words = words_of(span.key)
    meanings = []
    for use in uses:
        label = label_words(use.card, span.key, language)
        related = relation(words, label)
        if use.card.type == "person" and is_initialled(span.key, label):
            use.is_label, related = True, UNRELATED
        features = told_by_use(use, span, adjective=adjective) + related + told_by_type(use.card)
        meanings.append(
            Meaning(
                use.number,
                use.card,
                use.count,
                features,
                model,
                left_out=left_out(words, label),
                is_label=use.is_label,
            )
        )
    return Reading(span, tuple(meanings), language, is_exact=any(use.exact for use in uses), model=model)


def _is_half_lower(span: Span, words: i64, *, is_exact: bool) -> bool:
    """Whether a phrase begins with a capital and goes on in lower case, unlike the name; of a variant nobody knows."""
    if span.shape != TITLE or words == 0 or is_exact or span.is_variant:
        return False
    return any(word[0].islower() and not _is_function(word) for word in span.surface.split()[1:])


def _is_function(word: str) -> bool:
    """Whether a word in lower case is so in every name: of, and the article or preposition in dell'Usurpatore."""
    elided, mark, rest = word.replace("’", "'").partition("'")
    return rest[:1].isupper() if mark != "" and elided.islower() else word in STOP_FORMS


def _all_capital(surface: str) -> bool:
    """Whether every word of ``surface`` begins with a capital, words such as *of* left aside."""
    return all(not word[0].islower() or word in STOP_FORMS for word in surface.split())
