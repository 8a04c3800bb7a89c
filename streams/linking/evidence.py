"""Evidence: what the rest of the article tells about a candidate.

Related entities, a longer name of the same entity, words of its description, and what stands around the same form
elsewhere. All of it is weighed by how probable the first round found it.
"""

from __future__ import annotations

from math import log1p
from typing import TYPE_CHECKING, Final

from librt.vecs import vec

from streams.linking.lexicon import KINDS
from streams.linking.pairs import set_pairs
from streams.linking.shape import TITLE
from streams.linking.sightings import SURE, Form, Sighting
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

    from streams.linking.around import Around
    from streams.linking.features import Decision
    from streams.linking.meanings import Meaning

__all__ = ["Evidence"]

_CONSIDERED: Final = 3
_LONGER: Final = 0.1
_KINDS: Final = len(KINDS)
# Spans that begin inside another one; of more, the first.
_OVERLAPS: Final = 50


class Evidence:
    """What the first round found in an article; each answer is worked out once.

    Args:
        arounds: The words of its texts.
    """

    __slots__ = ("_arounds", "_forms", "_present", "_sightings")

    def __init__(self, arounds: Sequence[Around]) -> None:
        self._arounds = arounds
        self._forms: dict[str, Form] = {}
        self._sightings: dict[str, Sighting] = {}
        self._present: list[Sighting] = []

    def form(self, key: str) -> Form:
        """Return the record of a folded form, made when it is first asked for."""
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = Form()
        return form

    def sighting(self, meaning: Meaning, form: Form) -> Sighting:
        """Return the record of an entity that a form may mean, made when it is first asked for."""
        sighting = self._sightings.get(meaning.entity_id)
        if sighting is None:
            sighting = self._sightings[meaning.entity_id] = Sighting(meaning, form)
        elif sighting.form is not form:
            sighting.has_forms = True
        return sighting

    def gather(self, decisions: list[Decision]) -> None:
        """Collect the evidence of decisions that were scored once, in order of text and position."""
        for decision in decisions:
            self._count(decision)
            if decision.is_part:
                continue
            for rank, candidate in enumerate(decision.candidates):
                sighting = candidate.sighting = self.sighting(candidate.meaning, decision.form)
                if rank >= _CONSIDERED:
                    continue
                probability = candidate.probability
                self._note(sighting, probability)
                if probability > _LONGER and decision.span.form is not None:
                    sighting.goes_by(decision.span.key, probability)
                    if " " in decision.span.key:
                        sighting.is_named_at(decision.around.order, decision.span.low)
                if rank == 0 and probability > sighting.told:
                    sighting.told = probability
        self._relate()
        set_pairs(decisions)
        _overlap(decisions)

    def _note(self, sighting: Sighting, probability: float) -> None:
        if probability > sighting.present:
            sighting.present = probability
            if sighting.number < 0:
                sighting.number = len(self._present)
                self._present.append(sighting)

    def _count(self, decision: Decision) -> None:
        form = decision.form
        form.times += 1
        if decision.span.shape == TITLE and not decision.is_head:
            form.is_proper = True
        cues = decision.cues
        if len(cues) > 0:
            if len(form.votes) == 0:
                form.votes = vec[float]([0.0] * _KINDS)
            for number in range(_KINDS):
                form.votes[number] += cues[number]

    def _relate(self) -> None:
        """Note which entities of the article are related to which."""
        ids = set(self._sightings)
        for sighting in self._sightings.values():
            related = sighting.meaning.related
            here = related & ids if len(related) > 0 else related
            if len(here) > 0:
                others = [self._sightings[each] for each in here]
                told = [each.number for each in others if each.number >= 0 and each.is_told_from(sighting)]
                if len(told) > 0:
                    told.sort()
                    sighting.neighbours = told
                if sighting.told > SURE:
                    for other in others:
                        if sighting.is_told_from(other):
                            other.incoming = max(other.incoming, sighting.told)

    def related(self, sighting: Sighting) -> float:
        """Return log(1 + probable mentions of entities that are related to it, either way)."""
        known = sighting.known_related
        if known >= 0.0:
            return known
        total = 0.0
        if sighting.neighbours is not None:
            # In the order in which they are found, so that the sum does not depend on how a set happens to be laid out.
            for number in sighting.neighbours:
                total += self._present[number].present
        total = sighting.incoming + total
        known = sighting.known_related = 0.0 if total == 0.0 else log1p(total)
        return known

    def here(self, words: Sequence[str]) -> float:
        """Return the share of ``words`` that the article uses; 0 without words."""
        found: i64 = 0
        for word in words:
            if self._uses(word):
                found += 1
        return float(found) / float(len(words)) if found > 0 else 0.0

    def described(self, meaning: Meaning, key: str) -> int:
        """Return how many words of an entity's description the article uses, those of the form ``key`` left aside."""
        words = meaning.described()
        if len(words) == 0:
            return 0
        found = 0
        own: list[str] | None = None
        for word in words:
            if self._uses(word):
                if own is None:
                    own = key.split()
                if word not in own:
                    found += 1
        return found

    def _uses(self, word: str) -> bool:
        """Whether the article uses ``word``, function words aside."""
        for around in self._arounds:
            if around.holds(word):
                return word not in STOP_FORMS
        return False


def _overlap(decisions: list[Decision]) -> None:
    """Set how probable the most probable longer and shorter spans are that overlap each decision's."""
    count: i64 = len(decisions)
    at: i64 = 0
    while at < count:
        decision = decisions[at]
        span = decision.span
        high: i64 = span.high
        length = high - span.low
        next_: i64 = at + 1
        last = min(count, at + _OVERLAPS)
        while next_ < last:
            other = decisions[next_]
            here = other.span
            if here.low >= high or other.around is not decision.around:
                break
            if decision.is_pair or other.is_pair:
                pass
            elif length >= here.high - here.low:
                _nest(decision, other)
            else:
                _nest(other, decision)
            next_ += 1
        at += 1


def _nest(longer: Decision, shorter: Decision) -> None:
    shorter.inside = max(shorter.inside, longer.candidates[0].probability)
    longer.outside = max(longer.outside, shorter.candidates[0].probability)
