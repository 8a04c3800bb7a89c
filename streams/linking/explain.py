"""Explanations: every decision on an article, with what spoke for and against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.cards import card_name
from streams.linking.features import feature_rows
from streams.linking.links import ExplainedCandidate, Explanation
from streams.linking.weights import CANDIDATE_FEATURES, LINK_FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.linking.features import Decision
    from streams.linking.trees import Trees
    from streams.linking.weights import Weights

__all__ = ["explain"]

_DIGITS: Final = 4


def explain(decision: Decision, weights: Weights, language: str) -> Explanation:
    """Explain one decision; names are given in ``language``, a primary subtag."""
    span = decision.span
    span_row, rows = feature_rows(decision)
    return Explanation(
        field=span.text.field,
        start=span.start,
        end=span.end,
        surface=span.surface,
        entity_id=decision.best.card.entity_id if decision.chosen else None,
        confidence=round(decision.best.probability if decision.chosen else 1.0 - decision.best.probability, _DIGITS),
        reason=decision.why,
        evidence=_contributions(LINK_FEATURES, (*span_row, *rows[0], *decision.margin), weights.link, weights.trees),
        candidates=tuple(
            ExplainedCandidate(
                entity_id=candidate.card.entity_id,
                name=card_name(candidate.card, language),
                score=round(candidate.score, _DIGITS),
                probability=round(candidate.probability, _DIGITS),
                features=_contributions(CANDIDATE_FEATURES, row, weights.rank, None),
            )
            for candidate, row in zip(decision.candidates, rows, strict=True)
        ),
    )


def _contributions(
    names: Sequence[str], values: Sequence[float], weights: Sequence[float], trees: Trees | None
) -> dict[str, float]:
    """Return what each feature tells, by its weight and by the trees together, where it tells anything."""
    told = [value * weight for value, weight in zip(values, weights, strict=True)]
    if trees is not None:
        # What trees say whatever the features are goes to the first one.
        told = [one + more for one, more in zip(told, trees.contributions(values, 0), strict=True)]
    return {name: round(value, _DIGITS) for name, value in zip(names, told, strict=True) if round(value, _DIGITS) != 0}
