"""Scores: the weighted sums of features, and the probabilities that they stand for.

What only the form decides is summed once, when it is read; what the article adds is added to that. Trees are asked in
the last round alone, and of what the linear model does not find hopeless.

Length: which features of a row an article can change is written beside the sums that rely on it.
"""

from __future__ import annotations

from math import exp, log, log1p
from typing import TYPE_CHECKING, Final

from librt.vecs import vec

from streams.linking.asks import asked, is_barred
from streams.linking.beside import near
from streams.linking.evoked import evoked, evokes
from streams.linking.lexicon import ORGANIZATION, PERSON, PLACE, PRODUCT, WORK
from streams.linking.readings import lay
from streams.linking.row import (
    AFTER_CAPITAL,
    AFTER_OF,
    AFTER_PREPOSITION,
    AFTER_THE,
    AROUND,
    BEFORE_CAPITAL,
    BEFORE_FUNCTION,
    BEFORE_NOUN,
    BEST,
    BEST_CONTEXT,
    COMMON,
    CONTEXT,
    COUNTING,
    INITIAL,
    INSIDE,
    LOWER_COUNTED,
    MARGIN,
    OFTEN,
    PART_LEFT,
    PART_RIGHT,
    PROPER,
    QUOTED,
    ROW,
    SHOUTED,
    TITLED,
    UNSEEN,
    WORD_LEFT,
    WORD_RIGHT,
)
from streams.linking.shape import LOWER, TITLE
from streams.linking.weights import dot

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.evidence import Evidence
    from streams.linking.features import Candidacy, Decision
    from streams.linking.meanings import Meaning
    from streams.linking.sightings import Form
    from streams.linking.weights import Model

__all__ = ["score_alone", "score_together"]

# What the linear model finds so improbable is not worth the trees.
_HOPELESS: Final = -6.0
# So much less is the score of a candidate that is not what the words beside the span say that it is.
_BARRED: Final = 8.0
# Of a candidate's context, in the order of `streams.linking.weights.CANDIDATE_CONTEXT`.
_CUE: Final = 0
_CLASH: Final = 1
_RELATED: Final = 2
_LONGER: Final = 3
_OTHER_NAME: Final = 4
_LABEL_HERE: Final = 5
_LABEL_NEAR: Final = 6
_VOTED: Final = 7
_OUTVOTED: Final = 8
_ANTECEDENT: Final = 9
_FIRST_NAME: Final = 10
_FIRST_WORD: Final = 11
_CONTESTED: Final = 12
_DESCRIPTION: Final = 13
_QUOTED_WORK: Final = 14
_COMMA_PLACE: Final = 15
_NOTHING_TOLD: Final[list[frozenset[str]]] = []
_CONTEXTS: Final = MARGIN - BEST_CONTEXT
_NO_CONTEXT: Final = vec[float]([0.0] * _CONTEXTS)
# Where the weights of a candidate's context begin in the ranking.
_RANK_CONTEXT: Final = BEST_CONTEXT - BEST
_FEW: Final = 40
# What the article cannot change where nothing has capitals.
_OF_CAPITALS: Final = (
    SHOUTED,
    PART_LEFT,
    PART_RIGHT,
    WORD_LEFT,
    WORD_RIGHT,
    COMMON,
    TITLED,
    BEFORE_NOUN,
    BEFORE_FUNCTION,
    BEFORE_CAPITAL,
    AFTER_THE,
    AFTER_PREPOSITION,
    AFTER_OF,
    AFTER_CAPITAL,
)


def score_alone(decision: Decision, model: Model) -> None:
    """Rank the candidates of a prepared decision by what its own span tells, and set how probable each is.

    Args:
        decision: The decision.
        model: The weights.
    """
    cues = decision.cues
    for candidate in decision.candidates:
        candidate.score = candidate.meaning.rank
        if len(cues) > 0:
            context = _NO_CONTEXT[:]
            _set_cues(context, cues, candidate.meaning.kind)
            candidate.context = context
            candidate.score += dot(context, 0, _CONTEXTS, model.rank, _RANK_CONTEXT)
    _rate(decision, model, is_last=False)


def score_together(decision: Decision, evidence: Evidence, model: Model) -> None:
    """Do the same with what the rest of the article tells.

    Args:
        decision: The decision, scored alone or given candidates as a short form.
        evidence: What was found in the article.
        model: The weights.
    """
    row, form = decision.row, decision.form
    if form.times > 1:
        row[OFTEN] = log(float(form.times))
        if decision.is_head and form.is_proper:
            row[PROPER] = 1.0
    row[INSIDE] = decision.inside
    row[AROUND] = decision.outside
    decision.link += dot(row, OFTEN, BEST, model.link, OFTEN)
    is_alone = len(decision.candidates) == 1
    namesakes = 0 if is_alone else _namesakes(decision)
    told = _NOTHING_TOLD if is_alone else evoked(decision.around, decision.before, decision.after)
    for candidate in decision.candidates:
        candidate.context = _context(candidate, decision, evidence, told, namesakes)
        candidate.score = candidate.meaning.rank
        if len(candidate.context) > 0:
            candidate.score += dot(candidate.context, 0, _CONTEXTS, model.rank, _RANK_CONTEXT)
    _rate(decision, model, is_last=True)
    decision.is_final = True


def _rate(decision: Decision, model: Model, *, is_last: bool) -> None:
    """Set the probabilities of candidates that have scores, best first."""
    candidates = decision.candidates
    best = candidates[0]
    if len(candidates) == 1:
        best.probability = _judge(decision, model, is_last=is_last)
        return
    told = asked(decision)
    if told != 0:
        for candidate in candidates:
            if is_barred(candidate, told):
                candidate.score -= _BARRED
    _rank(candidates)
    best = candidates[0]
    top = best.score
    total = 0.0
    shares: vec[float] = vec[float]([0.0] * len(candidates))
    for at, candidate in enumerate(candidates):
        share = exp(candidate.score - top)
        shares[at] = share
        total += share
    share = 1.0 / total
    second = shares[1] / total
    row = decision.row
    row[MARGIN] = log(share)
    row[MARGIN + 1] = share
    row[MARGIN + 2] = share - second
    row[MARGIN + 3] = 0.0
    # Whatever the judgement, the best cannot be right where the second is.
    right = min(_judge(decision, model, is_last=is_last), 1.0 - second)
    # What is left goes to the others by their shares, and never more than the ranking gives them.
    scale = min(right / share, (1.0 - right) / (1.0 - share)) / total if share < 1.0 else 0.0
    for at, candidate in enumerate(candidates):
        candidate.probability = scale * shares[at]
    best.probability = right


def _rank(candidates: list[Candidacy]) -> None:
    """Sort the candidates, best first; of equal ones the one with the lower id comes first."""
    count: i64 = len(candidates)
    if count > _FEW:
        candidates.sort(key=_order)
        return
    at: i64 = 1
    while at < count:
        one = candidates[at]
        to = at
        while to > 0 and _is_before(one, candidates[to - 1]):
            candidates[to] = candidates[to - 1]
            to -= 1
        candidates[to] = one
        at += 1


def _is_before(one: Candidacy, other: Candidacy) -> bool:
    if one.score != other.score:
        return one.score > other.score
    return one.meaning.entity_id < other.meaning.entity_id


def _order(candidate: Candidacy) -> tuple[float, str]:
    return -candidate.score, candidate.meaning.entity_id


def _judge(decision: Decision, model: Model, *, is_last: bool) -> float:
    """Return the probability that the best candidate is right; the last round asks the trees too."""
    best = decision.candidates[0]
    odds = decision.reading.link + decision.link + best.meaning.link
    if len(best.context) > 0:
        odds += dot(best.context, 0, _CONTEXTS, model.link, BEST_CONTEXT)
    odds += dot(decision.row, MARGIN, ROW, model.link, MARGIN)
    if is_last:
        row = decision.row
        lay(row, BEST_CONTEXT, best.context)
        if odds > _HOPELESS and len(model.trees) > 0:
            odds += _ask_trees(decision, best.meaning, model)
    return 1.0 / (1.0 + exp(-odds))


def _ask_trees(decision: Decision, meaning: Meaning, model: Model) -> float:
    """Return what the trees say of a row; what they say of the form wherever it stands is kept."""
    row = decision.row
    lay(row, BEST, meaning.features)
    if not _is_own(decision, meaning):
        return model.trees.sum(row)
    counting: i64 = 1 if row[COUNTING] > 0.0 else 0
    if meaning.narrowed != counting:
        meaning.told, meaning.nodes = model.trees.narrow(row, _known(decision))
        meaning.narrowed = counting
    return meaning.told + model.trees.finish(row, meaning.nodes)


def _is_own(decision: Decision, meaning: Meaning) -> bool:
    """Whether the catalogue gives the form to the entity, and as few rivals as there are here to one without any."""
    meanings = decision.reading.meanings
    if len(meanings) == 1:
        return len(decision.candidates) == 1 and meanings[0] is meaning
    return any(each is meaning for each in meanings)


def _known(decision: Decision) -> list[bool]:
    """Return which features of a row are the same wherever its form stands in articles of one kind."""
    known = [at < CONTEXT or BEST <= at < BEST_CONTEXT for at in range(ROW)]
    reading = decision.reading
    for at in (COUNTING, UNSEEN, LOWER_COUNTED):
        known[at] = True
    if reading.shape != TITLE:
        known[INITIAL] = known[PROPER] = True
    if reading.is_caseless:
        for at in _OF_CAPITALS:
            known[at] = True
    elif reading.shape == LOWER:
        known[TITLED] = True
    if len(reading.meanings) == 1:
        known[MARGIN:ROW] = [True] * (ROW - MARGIN)
    return known


def _set_cues(context: vec[float], cues: vec[float], kind: i64) -> float:
    """Set whether the words around ask for a candidate's type; return how much they ask for others alone."""
    cue = cues[kind]
    context[_CUE] = cue
    if cue > 0.0:
        return 0.0
    clash = 0.0
    for strength in cues:
        clash = max(clash, strength)
    context[_CLASH] = clash
    return clash


def _namesakes(decision: Decision) -> i64:
    """Return for which types the form is the preferred name of a candidate, a bit for each."""
    found: i64 = 0
    for candidate in decision.candidates:
        if candidate.meaning.is_label:
            found |= 1 << candidate.meaning.kind
    return found


def _is_namesakes(candidate: Candidacy, decision: Decision, namesakes: i64) -> bool:
    """Whether a longer name of a candidate tells nothing, since the form by itself is what somebody else is called.

    Who writes الجزائر العاصمة means the country by الجزائر; *Tesla*, before *Nikola Tesla* is named, is the company.
    """
    meaning = candidate.meaning
    if namesakes == 0 or meaning.is_label:
        return False
    if meaning.kind == PLACE:
        return namesakes & (1 << PLACE) != 0
    if meaning.kind != PERSON or candidate.sighting is None:
        return False
    return namesakes & (1 << ORGANIZATION) != 0 and candidate.sighting.is_told_after(
        decision.around.order, decision.span.low
    )


def _context(
    candidate: Candidacy, decision: Decision, evidence: Evidence, told: list[frozenset[str]], namesakes: i64
) -> vec[float]:
    """Return what the article tells of a candidate; nothing where all of it is zero.

    Args:
        candidate: The candidate.
        decision: The decision that it is a candidate of.
        evidence: What was found in the article.
        told: What `streams.linking.evoked` says of the words beside the span.
        namesakes: For which types the form is a candidate's preferred name.
    """
    context = _NO_CONTEXT[:]
    meaning, cues, form = candidate.meaning, decision.cues, decision.form
    # What the article is about tells little where the words around ask for something else: "in Jordan".
    fit = 1.0
    if len(cues) > 0:
        fit = max(0.0, 1.0 - _set_cues(context, cues, meaning.kind))
    sighting = candidate.sighting
    if sighting is None:
        sighting = evidence.sighting(meaning, form)
    context[_RELATED] = evidence.related(sighting)
    is_namesakes = _is_namesakes(candidate, decision, namesakes)
    if sighting.has_longer(decision.span.key):
        longer, other_name = sighting.longer(decision.span.key)
        context[_LONGER] = 0.0 if is_namesakes else longer * fit
        context[_OTHER_NAME] = other_name * fit
    left_out = meaning.left_out
    if len(left_out) > 0:
        context[_LABEL_HERE] = evidence.here(left_out)
        context[_LABEL_NEAR] = near(decision.around, left_out, decision.before, decision.after)
    _add_votes(context, form, cues, meaning.kind)
    if not is_namesakes:
        context[_ANTECEDENT] = candidate.antecedent * fit
        context[_FIRST_NAME] = candidate.first_name * fit
        context[_FIRST_WORD] = candidate.first_word * fit
    if candidate.is_contested:
        context[_CONTESTED] = 1.0
    if len(decision.candidates) > 1:
        context[_DESCRIPTION] = _described(meaning, decision, evidence, told) * fit
    _add_marks(context, decision, meaning.kind)
    for value in context:
        if value != 0.0:
            return context
    return vec[float]()


def _described(meaning: Meaning, decision: Decision, evidence: Evidence, told: list[frozenset[str]]) -> float:
    """Return log(1 + words of an entity's description that the article uses, or that stand beside in other words)."""
    found = evidence.described(meaning, decision.span.key)
    if len(told) > 0:
        found += evokes(told, meaning.described())
    return log1p(float(found)) if found > 0 else 0.0


def _add_marks(context: vec[float], decision: Decision, kind: i64) -> None:
    """Add what quotation marks and commas tell."""
    if kind == PLACE:
        context[_COMMA_PLACE] = decision.across
    elif kind in (PRODUCT, WORK):
        context[_QUOTED_WORK] = decision.row[QUOTED]


def _add_votes(context: vec[float], form: Form, cues: vec[float], kind: i64) -> None:
    """Add what the words around the same form elsewhere ask for."""
    if len(form.votes) > 0:
        agreed, against = form.voted(cues, kind)
        if agreed > 0.0:
            context[_VOTED] = log1p(agreed)
        if against > 0.0:
            context[_OUTVOTED] = log1p(against)
