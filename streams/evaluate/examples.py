"""Training examples: the decisions that linking took on marked texts, with the answers that the marks give.

Features of the second round of disambiguation depend on the weights, so examples are made with weights; and they are
those that linking itself made, so that training sees exactly what linking sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.linking.enrich import decide_article
from streams.linking.features import feature_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.view import CatalogView
    from streams.evaluate.gold import GoldDocument
    from streams.linking.features import Decision
    from streams.linking.weights import Weights

__all__ = ["NIL", "Example", "examples_of"]

NIL: Final = -1
"""The answer where no candidate is right."""


@dataclass(frozen=True, slots=True)
class Example:
    """One decision and its answer.

    Attributes:
        candidates: Features of each candidate, best first, by `streams.linking.weights.CANDIDATE_FEATURES`.
        features: What is known about linking the best, by `streams.linking.weights.LINK_FEATURES`.
        answer: Number of the right candidate, or `NIL`.
    """

    candidates: tuple[tuple[float, ...], ...]
    features: tuple[float, ...]
    answer: int


def examples_of(
    documents: Iterable[GoldDocument], view: CatalogView, weights: Weights, *, is_partial: bool
) -> Iterator[Example]:
    """Yield the decisions on ``documents`` whose answers their marks give.

    Left out are decisions in titles, outside the part that is scored and on marks that are optional, refer back or
    are no names; on pairs of places, which are no mentions whatever their features; and on what lies inside a marked
    mention that is itself decided on, since there the longer one wins and not the likelier.

    Args:
        documents: Marked texts.
        view: The catalogue.
        weights: With which features of the second round are made.
        is_partial: Whether names without a mark may well be mentions, so that nothing is learnt from them.
    """
    for document in documents:
        gold = document.by_span
        decisions = [
            decision
            for decision in decide_article(document.article, view, weights)[3]
            if decision.span.text.field == "body" and not decision.is_pair
        ]
        decided = [_where(decision) for decision in decisions]
        covering = [span for span in decided if span in gold and gold[span].entity_id is not None]
        for decision in decisions:
            start, end = _where(decision)
            mark = gold.get((start, end))
            if not document.covers(start, end) or (mark is not None and not (mark.is_scored and mark.named)):
                continue
            if mark is None:
                if any(low <= start and end <= high for low, high in covering):
                    continue
                if is_partial and not any(each.start < end and start < each.end for each in document.mentions):
                    continue
            answer = NIL
            if mark is not None:
                right = (at for at, each in enumerate(decision.candidates) if mark.accepts(each.card.entity_id))
                answer = next(right, NIL)
            span_row, rows = feature_rows(decision)
            yield Example(tuple(rows), (*span_row, *rows[0], *decision.margin), answer)


def _where(decision: Decision) -> tuple[int, int]:
    return decision.span.start, decision.span.end
