"""Antecedents: fuller names in the article to which short forms refer back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.around import CAPITAL
from streams.linking.features import Candidacy, Decision
from streams.linking.lexicon import ORGANIZATION, PERSON, THE
from streams.linking.shape import NO_CASE
from streams.linking.shortforms import COMPANY_FORMS, LAST_WORDS, label_forms, occurrences, short_forms
from streams.linking.uses import MAX_CONSIDERED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

    from streams.linking.around import Around
    from streams.linking.evidence import Evidence
    from streams.linking.readings import Readings
    from streams.linking.span import Span

__all__ = ["REFERRED", "give_antecedents"]

REFERRED: Final = 0.35
"""So probable is a link that others may refer back to."""
_LIKELY: Final = 0.2
# Of the last words of names those that stand for a team, without an article; what teams do; what is no team's.
_TEAMS: Final = frozenset({"city", "united"})
_OF_TEAMS: Final = frozenset(
    "are beat came can drew face had have host lead led lost missed must need play scored sit struck take took travel "
    "went were will win won".split()
)
_DETERMINERS: Final = frozenset("a an another any each every his inner its our that the their this which your".split())
_MAX_ADDED: Final = 2_000
# Not more than so many can each be as probable as `REFERRED`.
_SHARED: Final = 2

# Number of a text and a position in it; the same with both ends of a span.
_Place = tuple[int, int]
_Position = tuple[int, int, int]
# A fuller mention, and whom it probably means.
_Fuller = tuple[Decision, Candidacy]


class _Antecedent:
    """One entity that a short form may refer to, with where and how often the article names it in full."""

    __slots__ = ("candidate", "count", "first", "probability")

    def __init__(self, candidate: Candidacy, first: _Place) -> None:
        self.candidate = candidate
        self.probability = candidate.probability
        self.first = first
        self.count = 0


def give_antecedents(
    decisions: list[Decision], arounds: Sequence[Around], language: str, readings: Readings, evidence: Evidence
) -> list[Decision]:
    """Give short forms the entities of their antecedents as candidates.

    Args:
        decisions: Decisions that were scored once, in order of text and position.
        arounds: The words of the article's texts, in order.
        language: Primary language subtag of the article.
        readings: The readings of the view.
        evidence: Where the forms of the article are noted.

    Returns:
        New decisions, on short forms that are no form of the catalogue; at most 2,000.
    """
    owners = _owners(decisions)
    if len(owners) == 0:
        return []
    texts = [around.text for around in arounds]
    order = {id(text): at for at, text in enumerate(texts)}
    known: dict[_Position, Decision] = {}
    added: list[Decision] = []
    for (form, strong), fuller in owners.items():
        found = occurrences(form, texts, [decision.span for decision, _ in fuller], language)
        if len(found) == 0:
            continue
        antecedents = _by_entity(fuller)
        for span in found:
            at = order[id(span.text)]
            if form in LAST_WORDS and not _stands_alone(span, arounds[at]):
                continue
            where = (at, span.low, span.high)
            decision_ = known.get(where)
            if decision_ is None:
                decision_ = _decision_at(decisions, at, span.low, span.high)
            if decision_ is None:
                if len(added) >= _MAX_ADDED:
                    return _with_candidates(added)
                reading = readings.read(span)
                decision_ = known[where] = Decision(span, reading, arounds[at], evidence.form(span.key))
                added.append(decision_)
            elif not strong and _is_place(decision_):
                # The first word of Miami Heat is the name of a place.
                continue
            _give(decision_, antecedents, readings, strong=strong)
    return _with_candidates(added)


def _stands_alone(span: Span, around: Around) -> bool:
    """Whether the last word of a name stands for it: *City took the lead*, but neither *the City* nor *City Hall*."""
    before, after = around.before(span.low), around.after(span.high)
    if span.shape == NO_CASE:
        return True
    if after < around.count and around.is_space(span.high, around.start(after)):
        if around.looks(after) & CAPITAL != 0:
            return False
        if span.text.starts_sentence(span.low):
            return span.key in _TEAMS and around.word(after) in _OF_TEAMS
    if before < 0 or not around.is_space(around.end(before), span.low):
        return False
    if span.key not in _TEAMS:
        return around.tells(before) & THE != 0
    return around.looks(before) & CAPITAL == 0 and around.word(before) not in _DETERMINERS


def _decision_at(decisions: list[Decision], order: i64, low: i64, high: i64) -> Decision | None:
    """Return the decision on a place, of several the last one; None where there is none."""
    first: i64 = 0
    last: i64 = len(decisions)
    while first < last:
        middle = (first + last) >> 1
        each = decisions[middle]
        if each.around.order < order or (each.around.order == order and each.span.low <= low):
            first = middle + 1
        else:
            last = middle
    while first > 0:
        first -= 1
        each = decisions[first]
        if each.around.order != order or each.span.low != low:
            break
        if each.span.high == high:
            return each
    return None


def _owners(decisions: Sequence[Decision]) -> dict[tuple[str, bool], list[_Fuller]]:
    """Return who is probably meant where, by the short forms of the names and whether those are strong.

    Of two who share a full name both may be so, and the rest of the article decides: a product and whom it honours.
    """
    owners: dict[tuple[str, bool], list[_Fuller]] = {}
    for decision in decisions:
        for candidate in decision.candidates[:_SHARED]:
            if candidate.probability < REFERRED:
                break
            forms = short_forms(decision.span, candidate.meaning.type)
            if candidate.meaning.kind in (PERSON, ORGANIZATION):
                further = label_forms(decision.span, candidate.meaning.type, candidate.card.labels)
                if len(further) > 0:
                    forms = list(dict.fromkeys(forms + further))
            for form, strong in forms:
                # The first word of Burlington Industries Inc is the company's.
                is_strong = strong or (candidate.meaning.kind == ORGANIZATION and _is_company(decision))
                owners.setdefault((form, is_strong), []).append((decision, candidate))
    return owners


def _with_candidates(decisions: list[Decision]) -> list[Decision]:
    """Leave out the short forms that an editor blocked for everybody who may be meant."""
    return [decision for decision in decisions if len(decision.candidates) > 0]


def _is_place(decision: Decision) -> bool:
    return len(decision.candidates) > 0 and decision.best.card.type == "place" and decision.best.probability >= _LIKELY


def _is_company(decision: Decision) -> bool:
    """Whether a name ends with the legal form of a company, or one stands right behind it."""
    around, word, high = decision.around, decision.after, decision.span.high
    if decision.span.key.rpartition(" ")[2] in COMPANY_FORMS:
        return True
    if word >= around.count or around.start(word) != high + 1 or around.looks(word) & CAPITAL == 0:
        return False
    return around.word(word) in COMPANY_FORMS


def _by_entity(fuller: Sequence[_Fuller]) -> list[_Antecedent]:
    """Bring the fuller mentions of each entity together."""
    found: dict[str, _Antecedent] = {}
    for decision, candidate in fuller:
        entity_id = candidate.meaning.entity_id
        if entity_id not in found:
            found[entity_id] = _Antecedent(candidate, (decision.around.order, decision.span.low))
        antecedent = found[entity_id]
        antecedent.count += 1
        antecedent.probability = max(antecedent.probability, candidate.probability)
    return list(found.values())


def _candidacy_of(decision: Decision, entity_id: str) -> Candidacy | None:
    for candidate in decision.candidates:
        if candidate.meaning.entity_id == entity_id:
            return candidate
    return None


def _give(decision: Decision, antecedents: Sequence[_Antecedent], readings: Readings, *, strong: bool) -> None:
    """Give ``decision`` each antecedent's entity; of several, whom the article names in full most often comes first.

    Who was named before the short form comes before who is named after it, which serves headlines.
    """
    here = (decision.around.order, decision.span.low)
    ranked = antecedents
    if len(antecedents) > 1:
        ranked = sorted(
            antecedents,
            key=lambda antecedent: (antecedent.first > here, -antecedent.count, antecedent.candidate.card.entity_id),
        )
    # What comes after these has a share that tells nothing.
    for rank, antecedent in enumerate(ranked[:MAX_CONSIDERED]):
        card = antecedent.candidate.card
        own = _candidacy_of(decision, card.entity_id)
        if own is None:
            if decision.span.key in card.blocked:
                continue
            own = Candidacy(antecedent.candidate.meaning.short(readings.model))
            own.is_contested = decision.span.form is not None
            decision.candidates.append(own)
        share = antecedent.probability / (rank + 1)
        if strong:
            own.antecedent = max(own.antecedent, share)
        elif card.type == "person":
            own.first_name = max(own.first_name, share)
        else:
            own.first_word = max(own.first_word, share)
