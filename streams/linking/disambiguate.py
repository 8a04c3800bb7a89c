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

from mypy_extensions import i64

from streams.linking.antecedents import give_antecedents, mark_uncatalogued
from streams.linking.around import Around
from streams.linking.cover import HIGHEST, Cover
from streams.linking.evidence import Evidence
from streams.linking.features import Decision, prepare
from streams.linking.readings import readings_of
from streams.linking.score import score_alone, score_together

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
_CERTAIN: Final = 250.0


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
    readings = readings_of(catalog, weights, language)
    model = readings.model
    arounds = [Around(text, order) for order, text in enumerate(texts)]
    evidence = Evidence(arounds)
    decisions: list[Decision] = []
    order = 0
    counting = False
    for span in spans:
        reading = readings.read(span)
        if len(reading.meanings) > 0:
            while texts[order] is not span.text:
                order += 1
            form = evidence.form(span.key)
            form.note(span.shape)
            counting = counting or reading.is_seen
            decisions.append(Decision(span, reading, arounds[order], form))
    prepare(decisions, names, counting=counting, model=model)
    for decision in decisions:
        score_alone(decision, model)
    added = give_antecedents(decisions, arounds, language, readings, evidence)
    if len(added) > 0:
        prepare(added, names, counting=counting, model=model)
        decisions = _merged(decisions, added)
    mark_uncatalogued(decisions, texts, names)
    evidence.gather(decisions)
    for decision in decisions:
        score_together(decision, evidence, model)
    _select(decisions, weights)
    return decisions


def _merged(decisions: list[Decision], added: list[Decision]) -> list[Decision]:
    """Return both in order of text and position, longest first."""
    added.sort(key=_place)
    both: list[Decision] = []
    at: i64 = 0
    for decision in decisions:
        while at < len(added) and _stands_before(added[at], decision):
            both.append(added[at])
            at += 1
        both.append(decision)
    both.extend(added[at:])
    return both


def _place(decision: Decision) -> tuple[int, int, int]:
    return decision.around.order, decision.span.low, -decision.span.high


def _stands_before(one: Decision, other: Decision) -> bool:
    if one.around is not other.around:
        return one.around.order < other.around.order
    if one.span.low != other.span.low:
        return one.span.low < other.span.low
    return one.span.high > other.span.high


def _select(decisions: list[Decision], weights: Weights) -> None:
    """Choose mentions: of spans that overlap, the longest that links, then the most probable.

    A span inside a longer one that may be a mention, though it does not reach the threshold, is that much less likely
    to be one: *Miami* in *Miami Heat*.
    """
    threshold = weights.threshold
    below = f"below the threshold of {threshold:g}"
    bare: set[tuple[int, int, int]] = set()
    if any(decision.span.key.startswith(_THE) for decision in decisions):
        bare = {
            (decision.around.order, decision.span.low, decision.span.high)
            for decision in decisions
            if decision.candidates[0].probability >= threshold
        }
    count: i64 = len(decisions)
    first: i64 = 0
    while first < count:
        # Decisions that overlap are taken together; most stand alone.
        around, end = decisions[first].around, decisions[first].span.end
        last = first + 1
        while last < count:
            span = decisions[last].span
            if span.start >= end or decisions[last].around is not around:
                break
            end = max(end, span.end)
            last += 1
        if last == first + 1:
            _choose(decisions[first], None, threshold, below, bare)
        else:
            start = decisions[first].span.start
            cover = Cover(end - start)
            for decision in sorted(decisions[first:last], key=_longest_first):
                _choose(decision, cover, threshold, below, bare, start)
        first = last


def _choose(
    decision: Decision,
    cover: Cover | None,
    threshold: float,
    below: str,
    bare: set[tuple[int, int, int]],
    origin: i64 = 0,
) -> None:
    """Choose a decision or not; ``cover`` holds what was made of others from ``origin`` of the text on."""
    span, best = decision.span, decision.candidates[0]
    start: i64 = span.start - origin
    end: i64 = span.end - origin
    around: i64 = 0 if cover is None else cover.level(start, end)
    if decision.is_pair:
        decision.why = "its parts are two mentions"
    elif around == _CHOSEN:
        decision.why = "overlaps a longer mention"
    # At the head of a sentence, an article belongs to the title of a work (The Office), not to other names.
    elif (
        len(bare) > 0
        and span.key.startswith(_THE)
        and best.meaning.type != "work"
        and (decision.around.order, span.low + len(_THE), span.high) in bare
        and span.text.starts_sentence(span.low)
    ):
        decision.why = "the same name without the article is a mention"
    elif best.probability * (1.0 - float(around) / _CERTAIN) < threshold:
        decision.why = below
        if cover is not None:
            cover.take(start, end, 1 + i64(best.probability * (_CERTAIN - 1)))
    else:
        if cover is not None:
            cover.take(start, end, _CHOSEN)
        decision.chosen = True
        decision.why = "linked"


def _longest_first(decision: Decision) -> tuple[int, float, int, int]:
    span = decision.span
    return span.start - span.end, -decision.candidates[0].probability, span.low, span.high
