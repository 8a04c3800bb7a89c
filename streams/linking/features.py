"""Features: what is known about a span and its candidates, as numbers for `weights`."""

from __future__ import annotations

from math import exp, log, log1p
from operator import mul
from typing import TYPE_CHECKING, Final

from streams.linking.boundary import is_caseless
from streams.linking.candidates import UNKNOWN_PRIOR, Candidacy, is_acronym
from streams.linking.cues import is_demonym, type_cues
from streams.linking.fold import fold_text
from streams.linking.shape import LOWER, TITLE, UPPER
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.linking.evidence import Evidence
    from streams.linking.names import Name, Names
    from streams.linking.tag import Span
    from streams.linking.weights import Weights

__all__ = ["Decision", "prepare", "score"]

_GLUE: Final = frozenset("-_/&")
_COMPOUNDING: Final = frozenset({"de", "nl", "sv", "da", "nb", "no"})
_OBSCURE: Final = 0.05


class Decision:
    """A span, its candidates, and what is made of them.

    Attributes:
        span: Where.
        candidates: Best first once scored, with scores and probabilities.
        cues: Types that the words around the span ask for.
        is_adjective: Whether the form looks like the adjective of a people: Canadian, السعودية.
        static: The features that no other decision changes.
        features: All features, in the order of `streams.linking.weights.LINK_FEATURES`.
        nil_antecedent: 1 where it is a short form of a name that nobody catalogued.
        chosen: Whether the span is a mention of its best candidate.
        why: Why it is, or is not, in words.
    """

    __slots__ = (
        "candidates",
        "chosen",
        "cues",
        "features",
        "inside",
        "is_adjective",
        "nil",
        "nil_antecedent",
        "span",
        "static",
        "why",
    )

    def __init__(self, span: Span, candidates: list[Candidacy]) -> None:
        self.span = span
        self.candidates = candidates
        self.cues: dict[str, float] = {}
        self.is_adjective = False
        self.static: tuple[float, ...] = ()
        self.features: tuple[float, ...] = ()
        self.nil_antecedent = 0.0
        self.chosen = False
        self.why = ""

    @property
    def best(self) -> Candidacy:
        """The most probable candidate."""
        return self.candidates[0]


def prepare(decisions: Iterable[Decision], names: dict[str, Names], *, counting: bool, lowered: frozenset[str]) -> None:
    """Set the features that no other decision changes.

    Args:
        decisions: Decisions with their candidates.
        names: The names found in each text, by field.
        counting: Whether the catalogue counts how often names mean their entities.
        lowered: Folded words that stand in lower case in the article.
    """
    for decision in decisions:
        span = decision.span
        decision.cues = type_cues(span)
        decision.is_adjective = is_demonym(span.key)
        decision.static = _static(decision, names[span.text.field], counting=counting, lowered=lowered)


def _static(decision: Decision, names: Names, *, counting: bool, lowered: frozenset[str]) -> tuple[float, ...]:
    span, text = decision.span, decision.span.text
    surface, key, shape = span.surface, span.key, span.shape
    first = surface[0]
    words = key.count(" ")
    caseless = is_caseless(first)
    shouted = shape == UPPER and not caseless and text.is_shouted(span.low, span.high)
    left, right = (0.0, 0.0) if caseless or shouted else _part(decision, names.around(span.start, span.end))
    acronym = not shouted and is_acronym(span)
    exact = any(candidate.exact for candidate in decision.candidates)
    seen = counting and any(candidate.count > 0 for candidate in decision.candidates)
    is_lower = shape == LOWER
    phrase = words > 0 and shape in {TITLE, UPPER} and not shouted and _all_capital(surface)
    body = text.folded.text
    glued_after = body[span.high : span.high + 1] in _GLUE and body[span.high + 1 : span.high + 2].isalnum()
    compound = glued_after and text.language in _COMPOUNDING
    glued = (glued_after and not compound) or (span.low > 0 and span.clitic == 0 and body[span.low - 1] in _GLUE)
    return (
        1.0,
        float(counting),
        float(counting and not seen),
        float(is_lower and words == 0),
        float(is_lower and words > 0),
        float(is_lower and counting),
        float(shape == TITLE and words > 0 and not exact and any(word[0].islower() for word in surface.split()[1:])),
        float(key.startswith("the ")),
        float("," in key),
        float(shape == TITLE and words == 0 and text.starts_sentence(span.low)),
        float(shouted),
        left,
        right,
        left if words == 0 else 0.0,
        right if words == 0 else 0.0,
        float(min(words, 3)),
        float(phrase),
        float(phrase and left == right == 0),
        float(len(key) <= 3 and not acronym),
        float(acronym),
        float(span.clitic > 0),
        float(glued),
        float(compound),
        float(shape in {TITLE, UPPER} and key in lowered),
        log1p(len(decision.candidates) - 1),
        float(caseless),
        float(caseless and words == 0),
        float(first.isdigit()),
        float(key.replace(" ", "").isdigit()),
        float(span.ending > 0),
        float(span.form is None),
    )


def _all_capital(surface: str) -> bool:
    """Whether every word of ``surface`` begins with a capital, words such as *of* left aside."""
    return all(not word[0].islower() or word in STOP_FORMS for word in surface.split())


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
    for candidate in candidates:
        candidate.features = _candidate_features(candidate, decision, evidence)
        candidate.score = sum(map(mul, candidate.features, weights.rank))
    share = second = 1.0
    if len(candidates) > 1:
        candidates.sort(key=_order)
        top = candidates[0].score
        shares = [exp(candidate.score - top) for candidate in candidates]
        total = sum(shares)
        share, second = 1.0 / total, shares[1] / total
    else:
        second = 0.0
    best = candidates[0]
    decision.features = (
        *decision.static,
        decision.nil_antecedent,
        *best.features,
        log(share),
        share,
        share - second,
        float(len(candidates) == 1),
    )
    right = 1.0 / (1.0 + exp(-sum(map(mul, decision.features, weights.link))))
    best.probability = right
    if len(candidates) > 1:
        # What is left goes to the others by their shares, and never more than the ranking gives them.
        scale = min(right / share, (1.0 - right) / (1.0 - share)) if share < 1.0 else 0.0
        for candidate, part in zip(candidates[1:], shares[1:], strict=True):
            candidate.probability = scale * part / total


def _order(candidate: Candidacy) -> tuple[float, str]:
    return -candidate.score, candidate.card.entity_id


def _candidate_features(candidate: Candidacy, decision: Decision, evidence: Evidence | None) -> tuple[float, ...]:
    card, cues, shape = candidate.card, decision.cues, decision.span.shape
    cue = clash = related = longer = description = 0.0
    if len(cues) > 0:
        cue = cues.get(card.type, 0.0)
        clash = 0.0 if cue > 0 else max(cues.values())
    if evidence is not None:
        related = evidence.related(candidate)
        # A full name elsewhere tells little where the words around ask for something else: "in Jordan".
        longer = evidence.longer(candidate, decision.span) * max(0.0, 1.0 - clash)
        description = evidence.described(candidate, decision)
    prior = card.prior
    return (
        candidate.commonness,
        candidate.seen_share,
        float(candidate.lead > 0),
        candidate.lead,
        UNKNOWN_PRIOR if prior is None else prior,
        candidate.early,
        float(prior is not None and prior < _OBSCURE),
        log1p(candidate.count),
        float(candidate.exact),
        float(candidate.exact and decision.span.is_marked),
        float(shape == LOWER and not candidate.exact),
        float(candidate.is_label),
        float(candidate.in_language),
        cue,
        clash,
        related,
        longer,
        candidate.antecedent * max(0.0, 1.0 - clash),
        candidate.first_name * max(0.0, 1.0 - clash),
        candidate.first_word * max(0.0, 1.0 - clash),
        float(candidate.is_contested),
        description,
        float(card.type == "other"),
        float(decision.is_adjective and card.type == "place" and not candidate.is_label),
    )
