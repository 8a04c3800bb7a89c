"""Evidence: what the rest of the article tells about a candidate.

Related entities, a longer name of the same entity, and words of its description. All of it is weighed by how probable
the first round found it.
"""

from __future__ import annotations

from collections import defaultdict
from math import log1p
from typing import TYPE_CHECKING, Final

from streams.linking.fold import fold_text
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.linking.candidates import Candidacy
    from streams.linking.features import Decision
    from streams.linking.tag import Span
    from streams.linking.text import Text

__all__ = ["Evidence", "gather"]

_CONSIDERED: Final = 3
_LEAST: Final = 0.05
_SURE: Final = 0.3
_LONGER: Final = 0.1
_MIN_WORD: Final = 4


class Evidence:
    """What the first round found in the article."""

    __slots__ = ("_forms", "_incoming", "_present", "_texts", "_words")

    def __init__(
        self,
        present: dict[str, float],
        incoming: dict[str, float],
        forms: dict[str, list[tuple[int, float, str]]],
        texts: Sequence[Text],
    ) -> None:
        self._present = present
        self._incoming = incoming
        self._forms = forms
        self._texts = texts
        self._words: frozenset[str] | None = None

    def related(self, candidate: Candidacy) -> float:
        """Return log(1 + probable mentions of entities that are related to ``candidate``, either way)."""
        entity_id, related = candidate.card.entity_id, candidate.card.related
        present = self._present
        total = self._incoming.get(entity_id, 0.0)
        if len(related) < len(present):
            total += sum(present[other] for other in related if other in present and other != entity_id)
        else:
            total += sum(share for other, share in present.items() if other in related and other != entity_id)
        return log1p(total)

    def longer(self, candidate: Candidacy, span: Span) -> float:
        """Return the probability of a longer name of ``candidate`` elsewhere in the article."""
        forms = self._forms.get(candidate.card.entity_id)
        if forms is None:
            return 0.0
        length, key = span.high - span.low, span.key
        return max((share for size, share, form in forms if size > length and form != key), default=0.0)

    def described(self, candidate: Candidacy, decision: Decision) -> float:
        """Return log(1 + words of the candidate's description that the article uses), if it has rivals."""
        if candidate.card.description is None or len(decision.candidates) == 1:
            return 0.0
        own = set(decision.span.key.split())
        words = {word.strip(".,;()'\"") for word in fold_text(candidate.card.description).split()}
        here = self._article_words()
        return log1p(sum(1 for word in words if len(word) >= _MIN_WORD and word in here and word not in own))

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
    forms: dict[str, list[tuple[int, float, str]]] = defaultdict(list)
    for decision in decisions:
        span = decision.span
        for candidate in decision.candidates[:_CONSIDERED]:
            entity_id, probability = candidate.card.entity_id, candidate.probability
            if probability > present.get(entity_id, _LEAST):
                present[entity_id] = probability
            if probability > _LONGER and span.form is not None:
                forms[entity_id].append((span.high - span.low, probability, span.key))
    for decision in decisions:
        best = decision.best
        if best.probability >= _SURE:
            for entity_id in best.card.related:
                incoming[entity_id] = max(incoming[entity_id], best.probability)
    return Evidence(present, incoming, forms, texts)
