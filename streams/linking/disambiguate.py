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

from streams.linking.antecedents import give_antecedents
from streams.linking.around import Around
from streams.linking.cover import HIGHEST, Cover
from streams.linking.evidence import Evidence
from streams.linking.features import Decision, prepare
from streams.linking.readings import readings_of
from streams.linking.score import score_alone, score_together
from streams.linking.uncatalogued import mark_uncatalogued

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.catalog.view import CatalogView
    from streams.linking.names import Names
    from streams.linking.span import Span
    from streams.linking.text import Text
    from streams.linking.weights import Model, Weights

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
    everything: bool = True,
) -> list[Decision]:
    """Decide what each of ``spans`` means.

    Args:
        spans: All spans of the article, in order of text and position.
        texts: Its texts, in order.
        names: The names found in each text, by field.
        catalog: The view that tagged the spans.
        language: Primary language subtag of the article.
        weights: The model.
        everything: Whether those too are scored with all that the article tells that cannot become mentions.

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
    selection = _Selection(evidence, model, weights.threshold)
    if everything:
        for decision in decisions:
            selection.probability(decision)
    selection.choose(decisions)
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


class _Selection:
    """Chooses mentions: of spans that overlap, the longest that links, then the most probable.

    A span inside a longer one that may be a mention, though it does not reach the threshold, is that much less likely
    to be one: *Miami* in *Miami Heat*. One inside a mention is none whatever the article tells of it, so that it need
    not be scored a second time: in a large catalogue, that is every third.
    """

    __slots__ = ("_below", "_evidence", "_model", "_threshold")

    def __init__(self, evidence: Evidence, model: Model, threshold: float) -> None:
        self._evidence = evidence
        self._model = model
        self._threshold = threshold
        self._below = f"below the threshold of {threshold:g}"

    def choose(self, decisions: list[Decision]) -> None:
        """Choose among all decisions of an article, in order of text and position."""
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
                self._choose(decisions[first], None, 0, [])
            else:
                self._choose_among(decisions[first:last], end)
            first = last

    def probability(self, decision: Decision) -> float:
        """Return how probable its best candidate is, with what the article tells."""
        if not decision.is_final:
            score_together(decision, self._evidence, self._model)
        return decision.candidates[0].probability

    def _choose_among(self, decisions: list[Decision], end: i64) -> None:
        """Choose among decisions that overlap, up to ``end`` of the text."""
        start: i64 = decisions[0].span.start
        cover = Cover(end - start)
        left = sorted(decisions, key=_longest_first)
        first: i64 = 0
        while first < len(left):
            length = _length(left[first])
            last = first + 1
            while last < len(left) and _length(left[last]) == length:
                last += 1
            alike = left[first:last]
            if len(alike) > 1:
                # Of equally long ones the most probable comes first.
                for decision in alike:
                    if cover.level(decision.span.start - start, decision.span.end - start) != _CHOSEN:
                        self.probability(decision)
                alike.sort(key=_most_probable_first)
            for decision in alike:
                self._choose(decision, cover, start, decisions)
            first = last

    def _choose(self, decision: Decision, cover: Cover | None, origin: i64, beside: list[Decision]) -> None:
        """Choose a decision or not.

        Args:
            decision: The decision.
            cover: What was made of those that overlap it, None where none does.
            origin: Where in the text ``cover`` begins.
            beside: All decisions that overlap it, or each other.
        """
        span = decision.span
        start: i64 = span.start - origin
        end: i64 = span.end - origin
        around: i64 = 0 if cover is None else cover.level(start, end)
        if decision.is_pair:
            decision.why = "its parts are two mentions"
        elif around == _CHOSEN:
            decision.why = "overlaps a longer mention"
        elif decision.is_part:
            decision.why = "a part of a name that the catalogue does not hold"
        elif self._is_apart(decision, beside):
            decision.why = "the same name without the article is a mention"
        else:
            probability = self.probability(decision)
            if probability * (1.0 - float(around) / _CERTAIN) < self._threshold:
                decision.why = self._below
                if cover is not None:
                    cover.take(start, end, 1 + i64(probability * (_CERTAIN - 1)))
            else:
                if cover is not None:
                    cover.take(start, end, _CHOSEN)
                decision.chosen = True
                decision.why = "linked"

    def _is_apart(self, decision: Decision, beside: list[Decision]) -> bool:
        """Whether a decision begins with an article that is no part of the name, which is a mention without it.

        At the head of a sentence, an article belongs to the title of a work (The Office), not to other names.
        """
        span = decision.span
        if not span.key.startswith(_THE) or not span.text.starts_sentence(span.low):
            return False
        for other in beside:
            if other.span.low == span.low + len(_THE) and other.span.high == span.high:
                if self.probability(other) < self._threshold:
                    return False
                self.probability(decision)
                return decision.candidates[0].meaning.type != "work"
        return False


def _length(decision: Decision) -> i64:
    return decision.span.end - decision.span.start


def _longest_first(decision: Decision) -> tuple[int, int, int]:
    span = decision.span
    return span.start - span.end, span.low, span.high


def _most_probable_first(decision: Decision) -> tuple[float, int, int]:
    return -decision.candidates[0].probability, decision.span.low, decision.span.high
