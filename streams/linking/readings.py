"""Readings: what a surface form may mean, wherever it stands.

Everything here depends on the form, the surface and the language alone, so it is worked out once and kept: the names
of the day come back in every article. What the article adds is in `features`.

Length: what is kept (`Reading`, `Meaning`) and the features that are worked out for it stand together, since each names
the other.
"""

from __future__ import annotations

from math import log, log1p, log10
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from streams.linking.boundary import is_caseless
from streams.linking.cues import is_demonym
from streams.linking.fold import surface_hash
from streams.linking.labels import UNRELATED, label_words, left_out, relation, words_of
from streams.linking.shape import LOWER, NO_CASE, TITLE, UPPER
from streams.linking.weights import SPAN_FEATURES, dot
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import CatalogView, EntityCard, Posting
    from streams.linking.tag import Span
    from streams.linking.weights import Weights

__all__ = [
    "MAX_CONSIDERED",
    "UNKNOWN_PRIOR",
    "Meaning",
    "Reading",
    "Readings",
    "early",
    "readings_of",
]

MAX_CONSIDERED: Final = 32
"""Most entities weighed for one form; of more, the commonest."""

UNKNOWN_PRIOR: Final = 0.3
"""The prior of an entity of which nobody said how famous it is."""

# Weight of the prior against counts: as if the form had been seen this often before anybody counted.
_SMOOTHING: Final = 4.0
_FLOOR: Final = 1e-3
# log(1 + 49): from here on, shares of counts are trusted.
_OFTEN: Final = log1p(49)
_OBSCURE: Final = 0.05
_FIRST: Final = 2.0
_LATEST: Final = 8.0
_LOCAL_EARLY: Final = 0.5
_MAX_LEAD: Final = 4.0
_LEAST_LEAD: Final = 1e-6
_KEPT: Final = 50_000
# Where the weights of the best candidate's features begin.
_LINK_BEST_FREE: Final = len(SPAN_FEATURES)


_Key = tuple[int | None, str, str]


class Meaning:
    """One entity that a form may mean.

    Attributes:
        number: Number of the entity in the view.
        card: What is known about it.
        count: How often the form was seen meaning it.
        left_out: Words of its label that the form does not have.
        entity_id: The card's.
        type: The card's.
        related: The card's.
        named: Its names by language, once somebody asked; see `streams.linking.cards.names_in`.
        features: In the order of `streams.linking.weights.CANDIDATE_FREE`.
        rank: Their weighted sum in the ranking.
        link: Their weighted sum in the judgement of the best.
    """

    __slots__ = (
        "card",
        "count",
        "entity_id",
        "features",
        "left_out",
        "link",
        "named",
        "number",
        "rank",
        "related",
        "type",
    )

    def __init__(
        self,
        number: int,
        card: EntityCard,
        count: int,
        features: tuple[float, ...],
        weights: Weights,
        *,
        left_out: tuple[str, ...] = (),
    ) -> None:
        self.number = number
        self.card = card
        self.count = count
        self.left_out = left_out
        self.features = features
        self.rank = dot(features, weights.rank, 0)
        self.link = dot(features, weights.link, _LINK_BEST_FREE)
        # What every article asks the card for.
        self.entity_id = card.entity_id
        self.type = card.type
        self.related = card.related
        self.named: dict[str, tuple[str, dict[str, str] | None]] = {}


class Reading:
    """A surface form and all that it may mean.

    Attributes:
        meanings: Commonest first, at most `MAX_CONSIDERED`; empty for a form that is not the catalogue's.
        words: Number of words beyond the first.
        is_phrase: Whether it is several capitalised words.
        is_caseless: Whether its script has no capitals.
        is_seen: Whether the form was ever counted meaning one of them.
        features: In the order of `streams.linking.weights.SPAN_FREE`.
        link: Their weighted sum.
    """

    __slots__ = ("features", "is_caseless", "is_phrase", "is_seen", "link", "meanings", "words")

    def __init__(self, span: Span, meanings: tuple[Meaning, ...], *, is_exact: bool, weights: Weights) -> None:
        surface, key, shape = span.surface, span.key, span.shape
        first = surface[0]
        words = key.count(" ")
        lower = shape == LOWER
        caseless = is_caseless(first)
        acronym = shape == UPPER and 1 < len(surface.replace(".", "")) <= 5
        self.meanings = meanings
        self.words = words
        self.is_caseless = caseless
        self.is_phrase = words > 0 and shape in {TITLE, UPPER} and _all_capital(surface)
        self.is_seen = any(meaning.count > 0 for meaning in meanings)
        self.features = (
            1.0,
            float(lower and words == 0),
            float(lower and words > 0),
            float(shape == TITLE and words > 0 and not is_exact and any(w[0].islower() for w in surface.split()[1:])),
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
        self.link = dot(self.features, weights.link, 0)


class Readings:
    """The readings of one view under one model, kept once they are worked out."""

    __slots__ = ("_catalog", "_kept", "weights")

    def __init__(self, catalog: CatalogView, weights: Weights, kept: dict[_Key, Reading]) -> None:
        self._catalog = catalog
        self._kept = kept
        self.weights = weights

    def read(self, span: Span, language: str) -> Reading:
        """Return the reading of ``span`` in an article in ``language``."""
        key = (span.form, span.surface, language)
        reading = self._kept.get(key)
        if reading is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            reading = self._kept[key] = _read(span, self._catalog, language, self.weights)
        return reading

    def contested(self, meaning: Meaning) -> Meaning:
        """Return the meaning of a short form that the catalogue does not give to the entity of ``meaning``."""
        return Meaning(meaning.number, meaning.card, 0, _bare(meaning.card), self.weights)


# What is kept must not lead back to the view: it would never go, and its readings with it, change after change.
_OF_VIEW: WeakKeyDictionary[CatalogView, tuple[Weights, dict[_Key, Reading]]] = WeakKeyDictionary()


def readings_of(catalog: CatalogView, weights: Weights) -> Readings:
    """Return the readings kept for ``catalog``; they go when the view goes."""
    kept = _OF_VIEW.get(catalog)
    if kept is None or kept[0] is not weights:
        kept = _OF_VIEW[catalog] = (weights, {})
    return Readings(catalog, weights, kept[1])


def early(entity_id: str) -> float:
    """Return how early an item was made in Wikidata, 0 (the latest) to 1 (the first hundred).

    Wikidata began with what every encyclopedia has, so that the number of an item tells something about its fame
    where nothing else does. An id of our own counts as an item of middling age.
    """
    if entity_id[0] != "Q":
        return _LOCAL_EARLY
    return max(0.0, min(1.0, (_LATEST - log10(int(entity_id[1:]))) / (_LATEST - _FIRST)))


class _Use:
    """How one entity uses the form: its postings taken together."""

    __slots__ = ("card", "commonness", "count", "exact", "in_language", "is_label", "lead", "number", "seen_share")

    def __init__(self, number: int, card: EntityCard) -> None:
        self.number = number
        self.card = card
        self.count = 0
        self.exact = self.is_label = self.in_language = False
        self.commonness = self.seen_share = self.lead = 0.0


def _read(span: Span, catalog: CatalogView, language: str, weights: Weights) -> Reading:
    uses = [] if span.form is None else _uses(span, catalog.postings(span.form), catalog, language)
    adjective = is_demonym(span.key)
    words = words_of(span.key)
    meanings = []
    for use in uses:
        label = label_words(use.card, span.key, language)
        features = _free(use, span, adjective=adjective) + relation(words, label) + _types(use.card)
        meanings.append(Meaning(use.number, use.card, use.count, features, weights, left_out=left_out(words, label)))
    return Reading(span, tuple(meanings), is_exact=any(use.exact for use in uses), weights=weights)


def _uses(span: Span, postings: Sequence[Posting], catalog: CatalogView, language: str) -> list[_Use]:
    written = surface_hash(span.surface)
    # Without capitals there is one way to write a name, marks aside.
    plain = span.shape == NO_CASE and not span.is_marked and not span.is_variant
    found: dict[int, _Use] = {}
    if len(postings) > 4 * MAX_CONSIDERED:
        postings = sorted(postings, key=lambda posting: (-posting.count, not posting.is_label))[: 4 * MAX_CONSIDERED]
    for posting in postings:
        use = found.get(posting.entity)
        if use is None:
            use = found[posting.entity] = _Use(posting.entity, catalog.card(posting.entity))
        use.count += posting.count
        use.exact = use.exact or plain or posting.surface_hash == written
        use.is_label = use.is_label or posting.is_label
        use.in_language = use.in_language or posting.language.partition("-")[0] in {language, "mul", "und"}
    # What an editor blocked is no reading, not as a spelling variant of another name either.
    uses = [use for use in found.values() if span.key not in use.card.blocked]
    if span.shape == LOWER:
        uses = _lower_case(uses, is_word=" " not in span.key)
    if len(uses) > 1:
        _weigh(uses)
    uses.sort(key=lambda use: (-use.commonness, use.card.entity_id))
    if len(uses) > 0:
        behind = uses[1].commonness if len(uses) > 1 else -_MAX_LEAD
        uses[0].lead = max(_LEAST_LEAD, min(_MAX_LEAD, uses[0].commonness - behind))
    return uses[:MAX_CONSIDERED]


def _lower_case(uses: list[_Use], *, is_word: bool) -> list[_Use]:
    """Leave out whose names have capitals: *apple* is the fruit where that is catalogued, and never the company."""
    exact = [use for use in uses if use.exact]
    return exact if is_word or len(exact) > 0 else uses


def _weigh(uses: list[_Use]) -> None:
    """Set the commonness: counts of the form, smoothed by the squared priors of those who share it."""
    fame = [_FLOOR + (UNKNOWN_PRIOR if use.card.prior is None else use.card.prior) ** 2 for use in uses]
    all_fame = sum(fame)
    seen = sum(use.count for use in uses)
    reliance = min(1.0, log1p(seen) / _OFTEN)
    for use, share in zip(uses, fame, strict=True):
        use.seen_share = reliance * use.count / seen if seen > 0 else 0.0
        use.commonness = log((use.count + _SMOOTHING * share / all_fame) / (seen + _SMOOTHING))


def _free(use: _Use, span: Span, *, adjective: bool) -> tuple[float, ...]:
    prior, type_ = use.card.prior, use.card.type
    return (
        use.commonness,
        use.seen_share,
        float(use.lead > 0),
        use.lead,
        UNKNOWN_PRIOR if prior is None else prior,
        early(use.card.entity_id),
        float(prior is not None and prior < _OBSCURE),
        log1p(use.count),
        float(use.exact),
        float(use.exact and span.is_marked),
        float(span.shape == LOWER and not use.exact),
        float(use.is_label),
        float(use.in_language),
        float(type_ == "other"),
        float(adjective and type_ == "place" and not use.is_label),
    )


def _bare(card: EntityCard) -> tuple[float, ...]:
    prior = UNKNOWN_PRIOR if card.prior is None else card.prior
    obscure = float(card.prior is not None and card.prior < _OBSCURE)
    untyped = float(card.type == "other")
    known = (0.0, 0.0, 0.0, 0.0, prior, early(card.entity_id), obscure, *(0.0,) * 6, untyped, 0.0)
    return known + UNRELATED + _types(card)


def _types(card: EntityCard) -> tuple[float, float, float]:
    type_ = card.type
    return float(type_ == "person"), float(type_ == "organization"), float(type_ == "place")


def _all_capital(surface: str) -> bool:
    """Whether every word of ``surface`` begins with a capital, words such as *of* left aside."""
    return all(not word[0].islower() or word in STOP_FORMS for word in surface.split())
