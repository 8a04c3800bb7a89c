"""Disambiguation: which entity each span means, if any.

Two rounds over two log-linear models (`weights`). The first knows each span alone: its spelling, its neighbours, its
candidates' fame. What it finds probable is the evidence of the second: related entities, longer names of the same
entity, antecedents of short forms, spans that overlap. There small trees correct the sum. Then, of spans that overlap,
the longest that links wins.

Everything is a pure function of the texts and the view, and ties are broken by entity id: the order in which a
catalogue was compiled changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.antecedents import give_antecedents, mark_uncatalogued
from streams.linking.cover import HIGHEST, Cover
from streams.linking.evidence import gather
from streams.linking.features import Decision, prepare, score
from streams.linking.readings import readings_of
from streams.linking.shape import LOWER, TITLE, UPPER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.catalog.view import CatalogView
    from streams.linking.names import Names
    from streams.linking.tag import Span
    from streams.linking.text import Text
    from streams.linking.weights import Weights

__all__ = ["decide"]

_THE: Final = "the "
# Levels of cover: a mention, and what stands for the probability 1 of a span that was not chosen.
_CHOSEN: Final = HIGHEST
_CERTAIN: Final = 250


def decide(
    spans: Iterable[Span],
    texts: Sequence[Text],
    names: dict[str, Names],
    *,
    catalog: CatalogView,
    language: str,
    weights: Weights,
) -> list[Decision]:
    """Decide what each of ``spans`` means.

    Args:
        spans: All spans of the article, in order of text and position.
        texts: Its texts, in order.
        names: The names found in each text, by field.
        catalog: The view that tagged the spans.
        language: Primary language subtag of the article.
        weights: The model.

    Returns:
        Decisions in order of text and position; those with ``chosen`` set do not overlap.
    """
    readings = readings_of(catalog, weights)
    decisions = []
    for span in spans:
        reading = readings.read(span, language)
        if len(reading.meanings) > 0:
            decisions.append(Decision(span, reading))
    counting = any(decision.reading.is_seen for decision in decisions)
    lowered = _lowered(decisions)
    prepare(decisions, names, counting=counting, lowered=lowered, weights=weights)
    for decision in decisions:
        score(decision, None, weights)
    added = give_antecedents(decisions, texts, language, readings)
    prepare(added, names, counting=counting, lowered=lowered, weights=weights)
    decisions.extend(added)
    mark_uncatalogued(decisions, texts, names, readings)
    evidence = gather(decisions, texts)
    for decision in decisions:
        score(decision, evidence, weights)
    order = {id(text): at for at, text in enumerate(texts)}
    if len(added) > 0:
        decisions.sort(key=lambda decision: (order[id(decision.span.text)], decision.span.low, -decision.span.high))
    _select(decisions, weights)
    return decisions


def _lowered(decisions: Sequence[Decision]) -> frozenset[str]:
    """Return which of the spans' one-word forms also stand in lower case in the article."""
    capital, lower = set(), set()
    for decision in decisions:
        span = decision.span
        if span.shape == LOWER:
            lower.add(span.key)
        elif span.shape in (TITLE, UPPER):
            capital.add(span.key)
    return frozenset(capital & lower)


def _select(decisions: Sequence[Decision], weights: Weights) -> None:
    """Choose mentions: of spans that overlap, the longest that links, then the most probable.

    A span inside a longer one that may be a mention, though it does not reach the threshold, is that much less likely
    to be one: *Miami* in *Miami Heat*.
    """
    threshold = weights.threshold
    below = f"below the threshold of {threshold:g}"
    bare: set[tuple[int, int, int]] = set()
    if any(decision.span.key.startswith(_THE) for decision in decisions):
        bare = {
            (id(decision.span.text), decision.span.low, decision.span.high)
            for decision in decisions
            if decision.best.probability >= threshold
        }
    taken: dict[int, Cover] = {}
    for decision in sorted(decisions, key=_longest_first):
        span, best = decision.span, decision.best
        cover = taken.get(id(span.text))
        if cover is None:
            cover = taken[id(span.text)] = Cover(len(span.text.source))
        around = cover.level(span.start, span.end)
        if around == _CHOSEN:
            decision.why = "overlaps a longer mention"
        # At the head of a sentence, an article belongs to the title of a work (The Office), not to other names.
        elif (
            span.key.startswith(_THE)
            and best.card.type != "work"
            and (id(span.text), span.low + len(_THE), span.high) in bare
            and span.text.starts_sentence(span.low)
        ):
            decision.why = "the same name without the article is a mention"
        elif best.probability * (1.0 - around / _CERTAIN) < threshold:
            decision.why = below
            cover.take(span.start, span.end, 1 + int(best.probability * (_CERTAIN - 1)))
        else:
            cover.take(span.start, span.end, _CHOSEN)
            decision.chosen = True
            decision.why = "linked"


def _longest_first(decision: Decision) -> tuple[int, float, int, int]:
    span = decision.span
    return span.start - span.end, -decision.best.probability, span.low, span.high
