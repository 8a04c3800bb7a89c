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

from librt.vecs import vec
from mypy_extensions import i32, i64

from streams.linking.boundary import is_caseless
from streams.linking.cues import is_demonym
from streams.linking.fold import fold_text, surface_hash
from streams.linking.labels import UNRELATED, label_words, left_out, relation, words_of
from streams.linking.lexicon import kind_of
from streams.linking.ordinary import ordinary_kind
from streams.linking.row import BEST, BEST_CONTEXT, CONTEXT, MARGIN, ROW
from streams.linking.shape import LOWER, NO_CASE, TITLE, UPPER
from streams.linking.weights import Model, dot
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import CatalogView, EntityCard, Posting
    from streams.events.enriched import Candidate
    from streams.linking.tag import Span
    from streams.linking.weights import Weights

__all__ = [
    "MAX_CONSIDERED",
    "UNKNOWN_PRIOR",
    "UNSHOWN",
    "Kept",
    "Meaning",
    "Reading",
    "Readings",
    "early",
    "lay",
    "number_of",
    "readings_of",
]

MAX_CONSIDERED: Final = 32
"""Most entities weighed for one form; of more, the commonest."""

UNSHOWN: Final = -1.0
"""How probable a meaning is that was never shown."""

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
# It has no rival.
_ALONE: Final[tuple[float, ...]] = (0.0, 1.0, 1.0, 1.0)
_AROUND: Final = ".,;()'\""
_MIN_WORD: Final = 4
_NO_HASH: Final = -1


class Meaning:
    """One entity that a form may mean.

    Attributes:
        number: Number of the entity in the view.
        card: What is known about it.
        count: How often the form was seen meaning it.
        left_out: Words of its label that the form does not have.
        entity_id: The card's.
        type: The card's.
        kind: The number of its type in `streams.linking.lexicon.KINDS`.
        related: The card's.
        named: Its names by language, once somebody asked; see `streams.linking.cards.names_in`.
        features: In the order of `streams.linking.weights.CANDIDATE_FREE`.
        rank: Their weighted sum in the ranking.
        link: Their weighted sum in the judgement of the best.
        narrowed: For which articles the trees are narrowed down to it: those in which counts count (1) or not (0);
            -1 before the first.
        told: What the trees tell of it whatever the article is.
        nodes: Where the trees stand that want to know the article.
        shown: It as a candidate of the mention that was put together last; often the next one is the same.
        shown_at: How probable it is there; `UNSHOWN` before the first.
    """

    __slots__ = (
        "_described",
        "_short",
        "card",
        "count",
        "entity_id",
        "features",
        "kind",
        "left_out",
        "link",
        "named",
        "narrowed",
        "nodes",
        "number",
        "rank",
        "related",
        "shown",
        "shown_at",
        "told",
        "type",
    )

    def __init__(
        self,
        number: int,
        card: EntityCard,
        count: int,
        features: tuple[float, ...],
        model: Model,
        *,
        left_out: tuple[str, ...] = (),
    ) -> None:
        self.number = number
        self.card = card
        self.count = count
        self.left_out = left_out
        self.features: vec[float] = vec[float](features)
        self.rank = dot(self.features, 0, BEST_CONTEXT - BEST, model.rank, 0)
        self.link = dot(self.features, 0, BEST_CONTEXT - BEST, model.link, BEST)
        # What every article asks the card for.
        self.entity_id = card.entity_id
        self.type = card.type
        self.kind: i64 = kind_of(card.type)
        self.related = card.related
        self.named: dict[str, tuple[str, dict[str, str] | None]] = {}
        self.narrowed: i64 = -1
        self.told = 0.0
        self.nodes: vec[i32] = vec[i32]()
        self.shown: Candidate | None = None
        self.shown_at = UNSHOWN
        self._short: Meaning | None = None
        self._described: tuple[str, ...] | None = None

    def short(self, model: Model) -> Meaning:
        """Return the meaning of a short form that the catalogue does not give to the entity."""
        short = self._short
        if short is None:
            short = self._short = Meaning(self.number, self.card, 0, _bare(self.card), model)
        return short

    def described(self) -> tuple[str, ...]:
        """Return the longer words of the entity's description, folded, each once."""
        words = self._described
        if words is None:
            description = self.card.description
            told = () if description is None else fold_text(description).split()
            bare = dict.fromkeys(word.strip(_AROUND) for word in told)
            words = self._described = tuple(word for word in bare if len(word) >= _MIN_WORD)
        return words


class Reading:
    """A surface form and all that it may mean.

    Attributes:
        form: Number of the form in the view, -1 for one that is not the catalogue's.
        meanings: Commonest first, at most `MAX_CONSIDERED`; empty for a form that is not the catalogue's.
        words: Number of words beyond the first.
        shape: The surface's, see `streams.linking.shape`.
        is_phrase: Whether it is several capitalised words.
        is_caseless: Whether its script has no capitals.
        is_seen: Whether the form was ever counted meaning one of them.
        row: A row in the order of `streams.linking.weights.LINK_FEATURES` in which stands all that is known of the
            form without an article, and of its meaning where it has only one.
        link: The weighted sum of its features.
        ordinary: What kinds of ordinary word it may be, see `streams.linking.ordinary`.
        also: Another reading of the same surface, for another form.
    """

    __slots__ = (
        "also",
        "form",
        "is_caseless",
        "is_phrase",
        "is_seen",
        "link",
        "meanings",
        "ordinary",
        "row",
        "shape",
        "words",
    )

    def __init__(self, span: Span, meanings: tuple[Meaning, ...], *, is_exact: bool, model: Model) -> None:
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
        self.ordinary: i64 = ordinary_kind(
            key,
            is_place=any(meaning.type == "place" for meaning in meanings),
            is_person=any(meaning.type == "person" for meaning in meanings),
        )
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
        row: vec[float] = vec[float]([0.0] * ROW)
        for number, value in enumerate(features):
            row[number] = value
        if len(meanings) == 1:
            lay(row, BEST, meanings[0].features)
        for number, value in enumerate(_ALONE):
            row[MARGIN + number] = value
        self.row: vec[float] = row
        self.link = dot(row, 0, CONTEXT, model.link, 0)


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


def _read(span: Span, catalog: CatalogView, language: str, model: Model) -> Reading:
    uses = [] if span.form is None else _uses(span, catalog.postings(span.form), catalog, language)
    adjective = is_demonym(span.key)
    words = words_of(span.key)
    meanings = []
    for use in uses:
        label = label_words(use.card, span.key, language)
        features = _free(use, span, adjective=adjective) + relation(words, label) + _types(use.card)
        meanings.append(Meaning(use.number, use.card, use.count, features, model, left_out=left_out(words, label)))
    return Reading(span, tuple(meanings), is_exact=any(use.exact for use in uses), model=model)


def _uses(span: Span, postings: Sequence[Posting], catalog: CatalogView, language: str) -> list[_Use]:
    written = surface_hash(span.surface)
    likewise = _other_case(span, language)
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
        spoken = posting.language.partition("-")[0]
        use.exact = use.exact or plain or posting.surface_hash == written
        if posting.surface_hash == likewise and spoken == language:
            use.exact = True
        use.is_label = use.is_label or posting.is_label
        use.in_language = use.in_language or spoken in {language, "mul", "und"}
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


def _other_case(span: Span, language: str) -> int:
    """Return the hash of a phrase with its first letter in the other case, -1 where case tells.

    But in English, it is the sentence that decides whether a title begins with a capital: *la Catedral de Santa Sofía*,
    *la catedral de Santa Sofía*.
    """
    surface = span.surface
    if language == "en" or span.shape == NO_CASE or " " not in span.key:
        return _NO_HASH
    return surface_hash(surface[0].swapcase() + surface[1:])


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


def _is_half_lower(span: Span, words: i64, *, is_exact: bool) -> bool:
    """Whether a phrase begins with a capital and goes on in lower case, unlike the name; of a variant nobody knows."""
    if span.shape != TITLE or words == 0 or is_exact or span.is_variant:
        return False
    return any(word[0].islower() for word in span.surface.split()[1:])


def _all_capital(surface: str) -> bool:
    """Whether every word of ``surface`` begins with a capital, words such as *of* left aside."""
    return all(not word[0].islower() or word in STOP_FORMS for word in surface.split())
