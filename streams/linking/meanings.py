"""Meanings: one entity that a form may mean, and what tells of it wherever the form stands."""

from __future__ import annotations

from math import log1p, log10
from typing import TYPE_CHECKING, Final

from librt.vecs import vec
from mypy_extensions import i16, i64

from streams.linking.fold import fold_text
from streams.linking.labels import UNRELATED
from streams.linking.lexicon import kind_of
from streams.linking.row import BEST, BEST_CONTEXT
from streams.linking.shape import LOWER
from streams.linking.weights import dot

if TYPE_CHECKING:
    from streams.catalog.view import EntityCard
    from streams.events.enriched import Candidate
    from streams.linking.span import Span
    from streams.linking.uses import Use
    from streams.linking.weights import Model

__all__ = ["UNKNOWN_PRIOR", "UNSHOWN", "Meaning", "told_by_type", "told_by_use"]

UNSHOWN: Final = -1.0
"""How probable a meaning is that was never shown."""

UNKNOWN_PRIOR: Final = 0.3
"""The prior of an entity of which nobody said how famous it is."""

_OBSCURE: Final = 0.05
_FIRST: Final = 2.0
_LATEST: Final = 8.0
_LOCAL_EARLY: Final = 0.5
_AROUND: Final = ".,;()'\""
_MIN_WORD: Final = 4


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
        is_label: Whether the form is a preferred name of it.
        related: The card's.
        named: Its names as `streams.linking.cards.names_in` gives them; None before somebody asked.
        named_in: The language in which it was asked for them last; articles in another have meanings of their own.
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
        "is_label",
        "kind",
        "left_out",
        "link",
        "named",
        "named_in",
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
        is_label: bool = False,
    ) -> None:
        self.number = number
        self.card = card
        self.count = count
        self.left_out = left_out
        self.is_label = is_label
        self.features: vec[float] = vec[float](features)
        self.rank = dot(self.features, 0, BEST_CONTEXT - BEST, model.rank, 0)
        self.link = dot(self.features, 0, BEST_CONTEXT - BEST, model.link, BEST)
        # What every article asks the card for.
        self.entity_id = card.entity_id
        self.type = card.type
        self.kind: i64 = kind_of(card.type)
        self.related = card.related
        self.named: tuple[str, dict[str, str] | None] | None = None
        self.named_in = ""
        self.narrowed: i64 = -1
        self.told = 0.0
        self.nodes: vec[i16] = vec[i16]()
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


def told_by_use(use: Use, span: Span, *, adjective: bool) -> tuple[float, ...]:
    """Return the features of a meaning that its use by the catalogue and the span's surface tell.

    Args:
        use: How the entity uses the form.
        span: Any span with the form and the surface.
        adjective: Whether the form is a demonym's.
    """
    prior, type_ = use.card.prior, use.card.type
    return (
        use.commonness,
        use.seen_share,
        float(use.lead > 0),
        use.lead,
        UNKNOWN_PRIOR if prior is None else prior,
        _early(use.card.entity_id),
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


def told_by_type(card: EntityCard) -> tuple[float, float, float]:
    """Return the features of a meaning that the entity's type tells."""
    type_ = card.type
    return float(type_ == "person"), float(type_ == "organization"), float(type_ == "place")


def _bare(card: EntityCard) -> tuple[float, ...]:
    prior = UNKNOWN_PRIOR if card.prior is None else card.prior
    obscure = float(card.prior is not None and card.prior < _OBSCURE)
    untyped = float(card.type == "other")
    known = (0.0, 0.0, 0.0, 0.0, prior, _early(card.entity_id), obscure, *(0.0,) * 6, untyped, 0.0)
    return known + UNRELATED + told_by_type(card)


def _early(entity_id: str) -> float:
    """Return how early an item was made in Wikidata, 0 (the latest) to 1 (the first hundred).

    Wikidata began with what every encyclopedia has, so that the number of an item tells something about its fame
    where nothing else does. An id of our own counts as an item of middling age.
    """
    if entity_id[0] != "Q":
        return _LOCAL_EARLY
    return max(0.0, min(1.0, (_LATEST - log10(int(entity_id[1:]))) / (_LATEST - _FIRST)))
