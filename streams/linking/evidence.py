"""Evidence: what the rest of the article tells about a candidate.

Related entities, a longer name of the same entity, and words of its description. All of it is weighed by how probable
the first round found it.
"""

from __future__ import annotations

from collections import defaultdict
from math import log1p
from typing import TYPE_CHECKING, Final

from streams.linking.fold import fold_text
from streams.linking.shape import TITLE
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import EntityCard
    from streams.linking.features import Decision
    from streams.linking.tag import Span
    from streams.linking.text import Text

__all__ = ["Evidence", "gather"]

_CONSIDERED: Final = 3
_LEAST: Final = 0.05
_SURE: Final = 0.3
_LONGER: Final = 0.1
_MIN_WORD: Final = 4
# Spans that begin inside another one; of more, the first.
_OVERLAPS: Final = 50


class Evidence:
    """What the first round found in the article; each answer is worked out once."""

    __slots__ = (
        "_described",
        "_forms",
        "_incoming",
        "_overlaps",
        "_present",
        "_proper",
        "_related",
        "_texts",
        "_times",
        "_votes",
        "_words",
    )

    def __init__(
        self,
        present: dict[str, float],
        incoming: dict[str, float],
        forms: dict[str, dict[str, float]],
        texts: Sequence[Text],
        decisions: Sequence[Decision],
    ) -> None:
        self._votes: dict[str, dict[str, float]] = {}
        self._times: dict[str, int] = {}
        self._proper: set[str] = set()
        self._count(decisions)
        self._overlaps = _overlaps(decisions)
        self._present = present
        self._incoming = incoming
        self._forms = forms
        self._texts = texts
        self._words: frozenset[str] | None = None
        self._related: dict[str, float] = {}
        self._described: dict[tuple[str, str], float] = {}

    def related(self, card: EntityCard) -> float:
        """Return log(1 + probable mentions of entities that are related to the card's, either way)."""
        entity_id = card.entity_id
        known = self._related.get(entity_id)
        if known is not None:
            return known
        present, related = self._present, card.related
        total = self._incoming.get(entity_id, 0.0)
        if len(related) > 0:
            # In a fixed order, so that the sum does not depend on how a set happens to be laid out.
            total += sum(share for other, share in present.items() if other in related and other != entity_id)
        known = self._related[entity_id] = log1p(total)
        return known

    def longer(self, card: EntityCard, span: Span) -> tuple[float, float]:
        """Return the probabilities of longer names of the card's entity elsewhere in the article.

        Returns:
            Of a name that the span's is a part of, and of one that it is no part of.
        """
        forms = self._forms.get(card.entity_id)
        if forms is None:
            return 0.0, 0.0
        length, key = len(span.key), f" {span.key} "
        whole = other = 0.0
        for form, share in forms.items():
            if len(form) > length:
                if key in f" {form} ":
                    whole = max(whole, share)
                else:
                    other = max(other, share)
        return whole, other

    def here(self, words: Sequence[str]) -> float:
        """Return the share of ``words`` that the article uses; 0 without words."""
        if len(words) == 0:
            return 0.0
        known = self._article_words()
        found = 0
        for word in words:
            if word in known:
                found += 1
        return found / len(words)

    def votes(self, span: Span, cues: dict[str, float], type_: str) -> tuple[float, float]:
        """Return how much the words around the same form elsewhere ask for a type, and for others.

        Args:
            span: Whose form.
            cues: Its own, which are left aside.
            type_: The type.
        """
        votes = self._votes.get(span.key)
        if votes is None:
            return 0.0, 0.0
        agreed = against = 0.0
        for kind in sorted(votes):
            strength = votes[kind] - cues.get(kind, 0.0)
            if kind == type_:
                agreed += strength
            else:
                against += strength
        return log1p(max(0.0, agreed)), log1p(max(0.0, against))

    def times(self, span: Span) -> int:
        """Return how many spans have the form of ``span``, itself included."""
        return self._times[span.key]

    def is_proper(self, span: Span) -> bool:
        """Whether the form of ``span`` is capitalised where no sentence begins."""
        return span.key in self._proper

    def overlaps(self, decision: Decision) -> tuple[float, float]:
        """Return how probable the most probable longer span is that overlaps the decision's, and shorter one."""
        return self._overlaps.get(id(decision), (0.0, 0.0))

    def _count(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            span = decision.span
            key = span.key
            self._times[key] = self._times.get(key, 0) + 1
            if span.shape == TITLE and not span.text.starts_sentence(span.low):
                self._proper.add(key)
            if len(decision.cues) > 0:
                votes = self._votes.setdefault(key, {})
                for kind, strength in decision.cues.items():
                    votes[kind] = votes.get(kind, 0.0) + strength

    def described(self, card: EntityCard, span: Span) -> float:
        """Return log(1 + words of the card's description that the article uses, the span's own left aside)."""
        if card.description is None:
            return 0.0
        key = (card.entity_id, span.key)
        known = self._described.get(key)
        if known is None:
            own = set(span.key.split())
            words = {word.strip(".,;()'\"") for word in fold_text(card.description).split()}
            here = self._article_words()
            known = log1p(sum(1 for word in words if len(word) >= _MIN_WORD and word in here and word not in own))
            self._described[key] = known
        return known

    def _article_words(self) -> frozenset[str]:
        if self._words is None:
            found: set[str] = set()
            for text in self._texts:
                body = text.folded.text
                found.update(body[low:high] for low, high in zip(*text.words(), strict=True))
            self._words = frozenset(found - STOP_FORMS)
        return self._words


def gather(decisions: Sequence[Decision], texts: Sequence[Text]) -> Evidence:
    """Collect the evidence of decisions that were scored once."""
    present: dict[str, float] = {}
    incoming: dict[str, float] = defaultdict(float)
    forms: dict[str, dict[str, float]] = defaultdict(dict)
    for decision in decisions:
        span = decision.span
        for candidate in decision.candidates[:_CONSIDERED]:
            entity_id, probability = candidate.card.entity_id, candidate.probability
            if probability > present.get(entity_id, _LEAST):
                present[entity_id] = probability
            if probability > _LONGER and span.form is not None:
                known = forms[entity_id]
                if probability > known.get(span.key, 0.0):
                    known[span.key] = probability
    told: dict[str, float] = {}
    for decision in decisions:
        best = decision.best
        if best.probability > told.get(best.card.entity_id, _SURE):
            told[best.card.entity_id] = best.probability
            for entity_id in best.card.related:
                incoming[entity_id] = max(incoming[entity_id], best.probability)
    return Evidence(present, incoming, forms, texts, decisions)


def _overlaps(decisions: Sequence[Decision]) -> dict[int, tuple[float, float]]:
    """Return, by decision, how probable the most probable longer and shorter spans are that overlap it."""
    places: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        places[id(decision.span.text)].append(decision)
    found: dict[int, tuple[float, float]] = {}
    for here in places.values():
        here.sort(key=_place)
        for at, decision in enumerate(here):
            low, high = decision.span.low, decision.span.high
            for other in here[at + 1 : at + _OVERLAPS]:
                if other.span.low >= high:
                    break
                one, two = (decision, other) if high - low >= other.span.high - other.span.low else (other, decision)
                inside, around = found.get(id(two), (0.0, 0.0))
                found[id(two)] = (max(inside, one.best.probability), around)
                inside, around = found.get(id(one), (0.0, 0.0))
                found[id(one)] = (inside, max(around, two.best.probability))
    return found


def _place(decision: Decision) -> tuple[int, int]:
    return decision.span.low, -decision.span.high
