"""What linking finds in an article, and how it explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.events.enriched import Language, LinkedEntity, Mention

__all__ = ["ExplainedCandidate", "Explanation", "FoundName", "Links"]


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name that the catalogue does not hold.

    Attributes:
        name_key: The folded name.
        name: As the article writes it first.
        type: A guess.
        field: Field of its first mention.
        start: First code point there.
        end: One past the last.
        mention_count: How often the article writes it.
        context: The words around its first mention.
    """

    name_key: str
    name: str
    type: str
    field: str
    start: int
    end: int
    mention_count: int
    context: str


@dataclass(frozen=True, slots=True)
class Links:
    """What linking found in an article.

    Attributes:
        language: Language of the article.
        mentions: By field, start, end; they do not overlap.
        entities: Most salient first.
        unlinked: Names without an entity, by first mention.
    """

    language: Language
    mentions: tuple[Mention, ...]
    entities: tuple[LinkedEntity, ...]
    unlinked: tuple[FoundName, ...]


@dataclass(frozen=True, slots=True)
class ExplainedCandidate:
    """One candidate of a decision.

    Attributes:
        entity_id: The entity.
        name: Its name.
        score: Weighted sum of its features.
        probability: That the mention means it.
        features: Each feature's contribution to the score, weight included; zeros left out.
    """

    entity_id: str
    name: str
    score: float
    probability: float
    features: dict[str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a span was linked, or was not.

    Attributes:
        field: ``title`` or ``body``.
        start: First code point.
        end: One past the last.
        surface: The text in between.
        entity_id: What it links to, or None.
        confidence: Probability of the decision.
        reason: In words.
        evidence: Each feature's contribution to the log-odds that the best candidate is right; zeros left out.
        candidates: Best first.
    """

    field: str
    start: int
    end: int
    surface: str
    entity_id: str | None
    confidence: float
    reason: str
    evidence: dict[str, float]
    candidates: tuple[ExplainedCandidate, ...]
