"""Candidates: who may be meant by a span, with the evidence that lies in the catalogue and in the spelling."""

from __future__ import annotations

from math import log, log1p, log10
from typing import TYPE_CHECKING, Final

from streams.linking.fold import surface_hash
from streams.linking.shape import NO_CASE, UPPER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import CatalogView, EntityCard, Posting
    from streams.linking.tag import Span

__all__ = ["MAX_CONSIDERED", "UNKNOWN_PRIOR", "Candidacy", "candidacies", "early", "is_acronym"]

MAX_CONSIDERED: Final = 32
"""Most entities weighed for one span; of more, the commonest."""

UNKNOWN_PRIOR: Final = 0.3
"""The prior of an entity of which nobody said how famous it is."""

# Weight of the prior against counts: as if the form had been seen this often before anybody counted.
_SMOOTHING: Final = 4.0
_FLOOR: Final = 1e-3
# log(1 + 49): from here on, shares are trusted.
_OFTEN: Final = log1p(49)
_FIRST: Final = 2.0
_LATEST: Final = 8.0
_LOCAL_EARLY: Final = 0.5
_MAX_LEAD: Final = 4.0
_LEAST_LEAD: Final = 1e-6


class Candidacy:
    """One entity that one span may mean.

    Attributes:
        number: Number of the entity in the view; -1 for none.
        card: What is known about it.
        early: `early` of its id.
        commonness: log P(entity | form), from counts and priors.
        lead: For the commonest candidate, how far its commonness is ahead of the next, at most 4; else 0.
        count: How often the form was seen meaning it.
        seen_share: Its share of those counts, 0 to 1, scaled down where the form was seen fewer than fifty times.
        exact: Whether the surface is spelt exactly as a name of it; marks apart, in a script without capitals.
        is_label: Whether the form is a preferred name of it.
        in_language: Whether the form is a name of it in the article's language.
        antecedent: Probability of a fuller mention of which the span is a short form; 0 without one.
        first_name: The same for a person's first name.
        first_word: The same for the first word of another name.
        is_contested: Whether only a short form gives it, while the catalogue gives the form to others.
        features: In the order of `streams.linking.weights.CANDIDATE_FEATURES`.
        score: Weighted sum of the features.
        probability: That the span means it.
    """

    __slots__ = (
        "antecedent",
        "card",
        "commonness",
        "count",
        "early",
        "exact",
        "features",
        "first_name",
        "first_word",
        "in_language",
        "is_contested",
        "is_label",
        "lead",
        "number",
        "probability",
        "score",
        "seen_share",
    )

    def __init__(self, number: int, card: EntityCard) -> None:
        self.number = number
        self.card = card
        self.early = early(card.entity_id)
        self.commonness = 0.0
        self.count = 0
        self.seen_share = 0.0
        self.exact = False
        self.is_label = False
        self.in_language = False
        self.antecedent = 0.0
        self.first_name = 0.0
        self.first_word = 0.0
        self.is_contested = False
        self.lead = 0.0
        self.features: tuple[float, ...] = ()
        self.score = 0.0
        self.probability = 0.0


def candidacies(span: Span, catalog: CatalogView, language: str) -> list[Candidacy]:
    """Return who may be meant by ``span``, commonest first, at most `MAX_CONSIDERED`."""
    if span.form is None:
        return []
    postings = catalog.postings(span.form)
    if len(postings) == 0:
        return []
    written = surface_hash(span.surface)
    # Without capitals there is one way to write a name, marks aside.
    plain = span.shape == NO_CASE and not span.is_marked
    found: dict[int, Candidacy] = {}
    for posting in _considered(postings):
        candidacy = found.get(posting.entity)
        if candidacy is None:
            candidacy = found[posting.entity] = Candidacy(posting.entity, catalog.card(posting.entity))
        candidacy.count += posting.count
        candidacy.exact = candidacy.exact or plain or posting.surface_hash == written
        candidacy.is_label = candidacy.is_label or posting.is_label
        candidacy.in_language = candidacy.in_language or _speaks(posting.language, language)
    candidates = list(found.values())
    _weigh(candidates)
    candidates.sort(key=lambda candidacy: (-candidacy.commonness, candidacy.card.entity_id))
    behind = candidates[1].commonness if len(candidates) > 1 else -_MAX_LEAD
    candidates[0].lead = max(_LEAST_LEAD, min(_MAX_LEAD, candidates[0].commonness - behind))
    return candidates[:MAX_CONSIDERED]


def early(entity_id: str) -> float:
    """Return how early an item was made in Wikidata, 0 (the latest) to 1 (the first hundred).

    Wikidata began with what every encyclopedia has, so that the number of an item tells something about its fame
    where nothing else does. An id of our own counts as an item of middling age.
    """
    if entity_id[0] != "Q":
        return _LOCAL_EARLY
    return max(0.0, min(1.0, (_LATEST - log10(int(entity_id[1:]))) / (_LATEST - _FIRST)))


def is_acronym(span: Span) -> bool:
    """Whether the span looks like an acronym: two to five capitals, with or without points."""
    return span.shape == UPPER and 1 < len(span.surface.replace(".", "")) <= 5


def _considered(postings: Sequence[Posting]) -> Sequence[Posting]:
    if len(postings) <= 4 * MAX_CONSIDERED:
        return postings
    return sorted(postings, key=lambda posting: (-posting.count, not posting.is_label))[: 4 * MAX_CONSIDERED]


def _weigh(candidates: list[Candidacy]) -> None:
    """Set ``commonness``: counts of the form, smoothed by the squared priors of those who share it."""
    if len(candidates) == 1:
        return
    fame = [
        _FLOOR + (UNKNOWN_PRIOR if candidacy.card.prior is None else candidacy.card.prior) ** 2
        for candidacy in candidates
    ]
    all_fame = sum(fame)
    seen = sum(candidacy.count for candidacy in candidates)
    reliance = min(1.0, log1p(seen) / _OFTEN)
    for candidacy, share in zip(candidates, fame, strict=True):
        candidacy.seen_share = reliance * candidacy.count / seen if seen > 0 else 0.0
        candidacy.commonness = log((candidacy.count + _SMOOTHING * share / all_fame) / (seen + _SMOOTHING))


def _speaks(tag: str, language: str) -> bool:
    primary = tag.partition("-")[0]
    return primary in {language, "mul", "und"}
