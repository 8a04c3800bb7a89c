"""Features that the article decides, and the scores they give together with those of the `readings`.

Most of them are zero most of the time, and the sums say so: what is zero is not added. `feature_rows` puts the whole
vectors together for training and explanation; a test holds both ways to the same score.

Length: what is scored (`Decision`, `Candidacy`) and how it is scored stand together, since each score is kept in parts.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Final

from librt.vecs import vec

from streams.linking.beside import beside, legal_after, near_words, titled
from streams.linking.cues import is_dateline, type_cues
from streams.linking.fold import fold_text
from streams.linking.shape import LOWER, TITLE, UPPER
from streams.linking.weights import (
    CANDIDATE_CONTEXT,
    CANDIDATE_FREE,
    LINK_FEATURES,
    MARGIN_FEATURES,
    SPAN_CONTEXT,
    SPAN_FEATURES,
    SPAN_FREE,
    dot,
)
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from streams.linking.evidence import Evidence
    from streams.linking.names import Name, Names
    from streams.linking.readings import Meaning, Reading
    from streams.linking.tag import Span
    from streams.linking.weights import Weights

__all__ = ["Candidacy", "Decision", "feature_rows", "prepare", "score"]

_GLUE: Final = frozenset("-_/&")
_CASELESS_GLUE: Final = frozenset("-/&")
_MARKS: Final = frozenset("#@")
_COMPOUNDING: Final = frozenset({"de", "nl", "sv", "da", "nb", "no"})
_NO_CONTEXT: Final[tuple[float, ...]] = (0.0,) * len(CANDIDATE_CONTEXT)
# Where the weights of what the article decides begin.
_RANK_CONTEXT: Final = len(CANDIDATE_FREE)
_LINK_SPAN_CONTEXT: Final = len(SPAN_FREE)
_LINK_BEST_CONTEXT: Final = len(SPAN_FEATURES) + len(CANDIDATE_FREE)
_LINK_MARGIN: Final = len(LINK_FEATURES) - len(MARGIN_FEATURES)
# What the linear model finds so improbable is not worth the trees.
_HOPELESS: Final = -6.0
_ALONE: Final[tuple[float, ...]] = (0.0, 1.0, 1.0, 1.0)
# What the second round adds stands at the end, the mark of an uncatalogued antecedent last.
_SECOND: Final = SPAN_CONTEXT.index("often")
_NOT_YET: Final[tuple[float, ...]] = (0.0,) * (len(SPAN_CONTEXT) - _SECOND)
_NOTHING_BESIDE: Final[tuple[float, ...]] = (0.0,) * 7
_NO_WORDS: Final[frozenset[str]] = frozenset()


class Candidacy:
    """One entity that one span may mean.

    Attributes:
        meaning: What the form and the surface tell.
        card: What is known about the entity.
        antecedent: Probability of a fuller mention of which the span is a short form; 0 without one.
        first_name: The same for a person's first name.
        first_word: The same for the first word of another name.
        is_contested: Whether only a short form gives it, while the catalogue gives the form to others.
        context: In the order of `streams.linking.weights.CANDIDATE_CONTEXT`.
        score: Weighted sum in the ranking.
        probability: That the span means it.
    """

    __slots__ = (
        "antecedent",
        "card",
        "context",
        "first_name",
        "first_word",
        "is_contested",
        "meaning",
        "probability",
        "score",
    )

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.card = meaning.card
        self.antecedent = self.first_name = self.first_word = 0.0
        self.is_contested = False
        self.context = _NO_CONTEXT
        self.score = self.probability = 0.0


class Decision:
    """A span, its candidates, and what is made of them.

    Attributes:
        span: Where.
        reading: What its surface form may mean anywhere.
        candidates: Best first once scored.
        cues: Types that the words around the span ask for.
        context: In the order of `streams.linking.weights.SPAN_CONTEXT`.
        margin: In the order of `streams.linking.weights.MARGIN_FEATURES`.
        chosen: Whether the span is a mention of its best candidate.
        why: Why it is, or is not, in words.
    """

    __slots__ = ("_context_link", "candidates", "chosen", "context", "cues", "margin", "reading", "span", "why")

    def __init__(self, span: Span, reading: Reading) -> None:
        self.span = span
        self.reading = reading
        self.candidates = [Candidacy(meaning) for meaning in reading.meanings]
        self.cues: dict[str, float] = {}
        self.context: tuple[float, ...] = ()
        self.margin = _ALONE
        self.chosen = False
        self.why = ""
        self._context_link = 0.0

    @property
    def best(self) -> Candidacy:
        """The most probable candidate."""
        return self.candidates[0]

    def set_context(self, context: tuple[float, ...], weights: Weights) -> None:
        """Set the features of the span that the article decides."""
        self.context = context
        self._context_link = dot(context, weights.link, _LINK_SPAN_CONTEXT)

    def mark_nil_antecedent(self, weights: Weights) -> None:
        """Note that the span is a short form of a name that nobody catalogued."""
        self.set_context((*self.context[:-1], 1.0), weights)

    def judge(self, weights: Weights, *, is_last: bool) -> float:
        """Return the probability that the best candidate is right; the last round asks the trees too."""
        best = self.candidates[0]
        odds = self.reading.link + self._context_link + best.meaning.link
        if best.context is not _NO_CONTEXT:
            odds += dot(best.context, weights.link, _LINK_BEST_CONTEXT)
        odds += dot(self.margin, weights.link, _LINK_MARGIN)
        if is_last and odds > _HOPELESS and len(weights.trees) > 0:
            odds += weights.trees.sum(
                vec[float](self.reading.features + self.context + best.meaning.features + best.context + self.margin)
            )
        return 1.0 / (1.0 + exp(-odds))


def prepare(
    decisions: Iterable[Decision],
    names: dict[str, Names],
    *,
    counting: bool,
    lowered: frozenset[str],
    weights: Weights,
) -> None:
    """Set what the words around each span tell.

    Args:
        decisions: Decisions with their candidates.
        names: The names found in each text, by field.
        counting: Whether the catalogue counts how often names mean their entities.
        lowered: Folded words that stand in lower case in the article.
        weights: The models.
    """
    for decision in decisions:
        span = decision.span
        decision.cues = type_cues(span)
        decision.set_context(_context(decision, names[span.text.field], counting, lowered), weights)


def _context(decision: Decision, names: Names, counting: bool, lowered: frozenset[str]) -> tuple[float, ...]:
    span, reading = decision.span, decision.reading
    text, shape = span.text, span.shape
    cased = not reading.is_caseless
    shouted = cased and shape == UPPER and text.is_shouted(span.low, span.high)
    left = right = 0.0
    if cased and not shouted:
        left, right = _part(decision, names.around(span.start, span.end))
    word = reading.words == 0
    body = text.folded.text
    after = body[span.high : span.high + 2]
    glue = _GLUE if cased else _CASELESS_GLUE
    glued_after = after[:1] in glue and after[1:].isalnum()
    compound = glued_after and text.language in _COMPOUNDING
    return (
        float(counting),
        float(counting and not reading.is_seen),
        float(counting and shape == LOWER),
        float(word and shape == TITLE and text.starts_sentence(span.low)),
        float(shouted),
        left,
        right,
        left if word else 0.0,
        right if word else 0.0,
        float(reading.is_phrase and not shouted and left == right == 0),
        float(span.clitic > 0),
        float((glued_after and not compound) or (span.low > 0 and span.clitic == 0 and body[span.low - 1] in glue)),
        float(compound),
        float(cased and shape in {TITLE, UPPER} and span.key in lowered),
        float(span.ending > 0),
        titled(span) if cased and shape != LOWER else 0.0,
        float(legal_after(span)),
        float(is_dateline(span)),
        float(span.low > 0 and body[span.low - 1] in _MARKS),
        *(beside(span) if cased else _NOTHING_BESIDE),
        *_NOT_YET,
    )


def _part(decision: Decision, name: Name | None) -> tuple[float, float]:
    """How much the span looks like a part of a longer name, on its left and on its right: 0 to 1 each."""
    span = decision.span
    if name is None or (name.start == span.start and name.end == span.end):
        return 0.0, 0.0
    source = span.text.source
    left = [word for word in source[name.start : span.start].split() if fold_text(word).strip(".,'") not in STOP_FORMS]
    before = after = 0.0
    if len(left) > 0:
        before = 0.5 if len(left) == 1 and name.is_initial else 1.0
        if "person" in decision.cues or left[-1].endswith(("'s", "’s")):
            before = 0.2
    if source[span.end : name.end].strip()[:1] not in {"", "'", "’", "-"}:
        after = 1.0
    return before, after


def score(decision: Decision, evidence: Evidence | None, weights: Weights) -> None:
    """Rank a decision's candidates, best first, and set how probable it is that each is meant.

    Args:
        decision: A prepared decision.
        evidence: What the rest of the article tells; None in the first round.
        weights: The models.
    """
    candidates = decision.candidates
    near: AbstractSet[str] = _NO_WORDS
    if evidence is not None:
        decision.set_context(decision.context[:_SECOND] + _second_round(decision, evidence), weights)
        near = near_words(decision.span)
    for candidate in candidates:
        candidate.context = context = _candidate_context(candidate, decision, evidence, near)
        rank = candidate.meaning.rank
        candidate.score = rank if context is _NO_CONTEXT else rank + dot(context, weights.rank, _RANK_CONTEXT)
    if len(candidates) == 1:
        candidates[0].probability = decision.judge(weights, is_last=evidence is not None)
        return
    candidates.sort(key=_order)
    top = candidates[0].score
    shares = [exp(candidate.score - top) for candidate in candidates]
    total = sum(shares)
    share = 1.0 / total
    decision.margin = (log(share), share, share - shares[1] / total, 0.0)
    # Whatever the judgement, the best cannot be right where the second is.
    right = min(decision.judge(weights, is_last=evidence is not None), 1.0 - shares[1] / total)
    candidates[0].probability = right
    # What is left goes to the others by their shares, and never more than the ranking gives them.
    scale = min(right / share, (1.0 - right) / (1.0 - share)) / total if share < 1.0 else 0.0
    for candidate, part in zip(candidates[1:], shares[1:], strict=True):
        candidate.probability = scale * part


def _order(candidate: Candidacy) -> tuple[float, str]:
    return -candidate.score, candidate.card.entity_id


def _second_round(decision: Decision, evidence: Evidence) -> tuple[float, ...]:
    span = decision.span
    return (
        log(evidence.times(span)),
        float(span.shape == TITLE and evidence.is_proper(span) and span.text.starts_sentence(span.low)),
        *evidence.overlaps(decision),
        decision.context[-1],
    )


def _candidate_context(
    candidate: Candidacy, decision: Decision, evidence: Evidence | None, near: AbstractSet[str]
) -> tuple[float, ...]:
    cues = decision.cues
    cue = clash = 0.0
    if len(cues) > 0:
        cue = cues.get(candidate.card.type, 0.0)
        clash = 0.0 if cue > 0 else max(cues.values())
    if evidence is None:
        return _NO_CONTEXT if cue == clash == 0 else (cue, clash, *_NO_CONTEXT[2:])
    # What the article is about tells little where the words around ask for something else: "in Jordan".
    fit = max(0.0, 1.0 - clash)
    longer, other_name = evidence.longer(candidate.card, decision.span)
    left_out = candidate.meaning.left_out
    agreed, against = evidence.votes(decision.span, cues, candidate.card.type)
    context = (
        cue,
        clash,
        evidence.related(candidate.card),
        longer * fit,
        other_name * fit,
        evidence.here(left_out),
        sum(word in near for word in left_out) / len(left_out) if len(left_out) > 0 else 0.0,
        agreed,
        against,
        candidate.antecedent * fit,
        candidate.first_name * fit,
        candidate.first_word * fit,
        float(candidate.is_contested),
        evidence.described(candidate.card, decision.span) * fit if len(decision.candidates) > 1 else 0.0,
    )
    return context if any(context) else _NO_CONTEXT


def feature_rows(decision: Decision) -> tuple[tuple[float, ...], list[tuple[float, ...]]]:
    """Return the whole feature vectors of a scored decision.

    Returns:
        The span's, in the order of `streams.linking.weights.SPAN_FEATURES`, and each candidate's, in the order of
        `streams.linking.weights.CANDIDATE_FEATURES`, best first.
    """
    return (
        decision.reading.features + decision.context,
        [candidate.meaning.features + candidate.context for candidate in decision.candidates],
    )
