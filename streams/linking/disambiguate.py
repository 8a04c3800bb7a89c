"""Disambiguation: which entity each span means, if any.

Two rounds over a log-linear model (`weights`). The first knows each span alone: its spelling, its neighbours, its
candidates' fame. What it finds probable is the evidence of the second: related entities, longer names of the same
entity, antecedents of short forms. Then, of spans that overlap, the longest that links wins.

Everything is a pure function of the texts and the view, and ties are broken by entity id: the order in which a
catalogue was compiled changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from math import exp, log1p
from operator import mul
from typing import TYPE_CHECKING, Final

from streams.linking.boundary import is_caseless
from streams.linking.candidates import UNKNOWN_PRIOR, Candidacy, candidacies, is_acronym, is_misspelt
from streams.linking.cues import type_cues
from streams.linking.fold import fold_text
from streams.linking.shape import LOWER, TITLE, UPPER
from streams.linking.shortforms import occurrences, short_forms
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.catalog.view import CatalogView
    from streams.linking.names import Name, Names
    from streams.linking.tag import Span
    from streams.linking.text import Text
    from streams.linking.weights import Weights

__all__ = ["Decision", "decide"]

_ANTECEDENT: Final = 0.5
_GLUE: Final = frozenset("-_/&")
_MAX_SHORT_FORMS: Final = 2_000


class Decision:
    """A span, its candidates, and what was made of them.

    Attributes:
        span: Where.
        candidates: Best first, with scores and probabilities.
        features: The span's features, in the order of `streams.linking.weights.SPAN_FEATURES`.
        nil: Probability that the span means none of them.
        chosen: Whether the span is a mention of its best candidate.
        why: For people: why it is not, or ``linked``.
    """

    __slots__ = ("candidates", "chosen", "cues", "features", "inside", "nil", "nil_antecedent", "span", "static", "why")

    def __init__(self, span: Span, candidates: list[Candidacy]) -> None:
        self.span = span
        self.candidates = candidates
        self.features: tuple[float, ...] = ()
        self.static: tuple[float, ...] = ()
        self.cues: dict[str, float] = {}
        self.nil = 1.0
        self.inside = 0.0
        self.nil_antecedent = 0.0
        self.chosen = False
        self.why = ""

    @property
    def best(self) -> Candidacy:
        """The most probable candidate."""
        return self.candidates[0]


class _Evidence:
    """What the first round found in the article, for the second."""

    __slots__ = ("incoming", "present", "words")

    def __init__(self, present: dict[str, float], incoming: dict[str, float]) -> None:
        self.present = present
        self.incoming = incoming
        self.words: frozenset[str] | None = None


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
        spans: All spans of the article, of all its texts.
        texts: Its texts, in order.
        names: The names found in each text, by field.
        catalog: The view that tagged the spans.
        language: Primary language subtag of the article.
        weights: The model.

    Returns:
        Decisions in order of text and position; those with ``chosen`` set do not overlap.
    """
    decisions = []
    for span in spans:
        candidates = candidacies(span, catalog, language)
        if len(candidates) > 0:
            decisions.append(_prepare(Decision(span, candidates), names))
    lowered = _lower_words(decisions)
    for decision in decisions:
        _weigh_span(decision, lowered, weights)
        _score(decision, None, weights)
    decisions.extend(_add_short_forms(decisions, texts, names, language))
    evidence = _gather(decisions)
    evidence.words = _article_words(decisions, texts)
    _mark_inside(decisions)
    for decision in decisions:
        _weigh_span(decision, lowered, weights)
        _score(decision, evidence, weights)
    order = {id(text): at for at, text in enumerate(texts)}
    decisions.sort(key=lambda decision: (order[id(decision.span.text)], decision.span.low, -decision.span.high))
    _select(decisions, weights)
    return decisions


def _prepare(decision: Decision, names: dict[str, Names]) -> Decision:
    """Compute what does not change between the rounds."""
    span = decision.span
    surface, text = span.surface, span.text
    first = surface[0]
    caseless = is_caseless(first)
    words = span.key.count(" ")
    shouted = span.shape == UPPER and not caseless and text.is_shouted(span.low, span.high)
    name = None if caseless or shouted else names[text.field].around(span.start, span.end)
    left, right = _part(span, name)
    misspelt = is_misspelt(span, decision.candidates)
    acronym = is_acronym(span) and not shouted
    body = text.folded.text
    glued = (span.low > 0 and span.clitic == 0 and body[span.low - 1] in _GLUE) or (
        span.high < len(body) and body[span.high] in _GLUE and body[span.high + 1 : span.high + 2].isalnum()
    )
    decision.cues = type_cues(span)
    seen = sum(candidate.count for candidate in decision.candidates)
    decision.static = (
        1.0,
        float(misspelt),
        float(span.shape == LOWER and not misspelt),
        float(span.shape == TITLE and words == 0 and text.starts_sentence(span.low)),
        float(shouted),
        left,
        right,
        float(min(words, 3)),
        float(len(span.key) <= 3 and not acronym),
        float(acronym),
        float(span.clitic > 0),
        float(glued),
        0.0,
        0.0,
        log1p(seen),
        0.0,
        log1p(len(decision.candidates) - 1),
        float(caseless),
        float(caseless and words == 0),
        float(first.isdigit()),
        float(span.ending > 0),
        float(span.form is None),
    )
    return decision


def _part(span: Span, name: Name | None) -> tuple[float, float]:
    """How much the span looks like a part of a longer name, on its left and on its right: 0 to 1 each."""
    if name is None:
        return 0.0, 0.0
    left = span.text.source[name.start : span.start].split()
    right = span.text.source[span.end : name.end].split()
    left = [word for word in left if fold_text(word).strip(".,'") not in STOP_FORMS]
    before = 0.0
    if len(left) > 0:
        before = 0.5 if len(left) == 1 and name.is_initial else 1.0
        if "person" in type_cues(span) or fold_text(left[-1]).endswith("'s"):
            before = 0.2
    after = 0.0
    if len(right) > 0 and not right[0].startswith(("'", "’", "-")):
        after = 1.0
    return before, after


def _weigh_span(decision: Decision, lowered: frozenset[str], weights: Weights) -> None:
    features = list(decision.static)
    features[12] = decision.inside
    features[13] = float(decision.span.key in lowered and decision.span.shape in {TITLE, UPPER})
    features[15] = decision.nil_antecedent
    decision.features = tuple(features)
    decision.nil = sum(map(mul, decision.features, weights.span))


def _score(decision: Decision, evidence: _Evidence | None, weights: Weights) -> None:
    """Set scores and probabilities; ``decision.nil`` comes in as a score and goes out as a probability."""
    nil = decision.nil
    cues = decision.cues
    for candidate in decision.candidates:
        card = candidate.card
        cue = cues.get(card.type, 0.0)
        clash = 0.0 if cue > 0 or len(cues) == 0 else max(cues.values())
        related = longer = description = 0.0
        if evidence is not None:
            related = _related(candidate, evidence)
            longer = candidate.longer
            description = _described(candidate, decision, evidence)
        candidate.features = (
            candidate.commonness,
            UNKNOWN_PRIOR if card.prior is None else card.prior,
            float(candidate.exact),
            float(candidate.is_label),
            float(candidate.in_language),
            cue,
            clash,
            related,
            longer,
            candidate.antecedent,
            description,
            float(card.type == "other"),
        )
        candidate.score = sum(map(mul, candidate.features, weights.candidate))
    decision.candidates.sort(key=lambda candidate: (-candidate.score, candidate.card.entity_id))
    top = max(nil, decision.candidates[0].score)
    shares = [exp(candidate.score - top) for candidate in decision.candidates]
    total = sum(shares) + exp(nil - top)
    for candidate, share in zip(decision.candidates, shares, strict=True):
        candidate.probability = share / total
    decision.nil = exp(nil - top) / total


def _gather(decisions: Sequence[Decision]) -> _Evidence:
    """Collect which entities the first round found, and mark those that have a longer name in the article."""
    present: dict[str, float] = {}
    longest: dict[str, list[tuple[int, float, str]]] = defaultdict(list)
    for decision in decisions:
        span = decision.span
        for candidate in decision.candidates[:3]:
            entity_id = candidate.card.entity_id
            if candidate.probability > present.get(entity_id, 0.05):
                present[entity_id] = candidate.probability
            if span.form is not None and candidate.probability > 0.1:
                longest[entity_id].append((span.high - span.low, candidate.probability, span.key))
    incoming: dict[str, float] = defaultdict(float)
    for decision in decisions:
        best = decision.best
        if best.probability < present.get(best.card.entity_id, 1.0) or best.probability < 0.3:
            continue
        for entity_id in best.card.related:
            incoming[entity_id] = max(incoming[entity_id], best.probability)
    for decision in decisions:
        length, key = decision.span.high - decision.span.low, decision.span.key
        for candidate in decision.candidates:
            candidate.longer = max(
                (
                    probability
                    for size, probability, form in longest.get(candidate.card.entity_id, ())
                    if size > length and form != key
                ),
                default=0.0,
            )
    return _Evidence(present, incoming)


def _related(candidate: Candidacy, evidence: _Evidence) -> float:
    entity_id = candidate.card.entity_id
    present, related = evidence.present, candidate.card.related
    total = evidence.incoming.get(entity_id, 0.0)
    if len(related) < len(present):
        total += sum(present[other] for other in related if other in present and other != entity_id)
    else:
        total += sum(share for other, share in present.items() if other in related and other != entity_id)
    return log1p(total)


def _described(candidate: Candidacy, decision: Decision, evidence: _Evidence) -> float:
    if evidence.words is None or len(decision.candidates) < 2 or candidate.card.description is None:
        return 0.0
    own = set(decision.span.key.split())
    words = {word.strip(".,()") for word in fold_text(candidate.card.description).split()}
    return log1p(sum(1 for word in words if len(word) > 3 and word in evidence.words and word not in own))


def _article_words(decisions: Sequence[Decision], texts: Sequence[Text]) -> frozenset[str] | None:
    """Return the article's words, if some span needs them to tell its candidates apart."""
    if not any(
        len(decision.candidates) > 1
        and any(candidate.card.description is not None for candidate in decision.candidates)
        for decision in decisions
    ):
        return None
    words: set[str] = set()
    for text in texts:
        body = text.folded.text
        words.update(body[low:high] for low, high in zip(*text.words(), strict=True))
    return frozenset(words - STOP_FORMS)


def _lower_words(decisions: Sequence[Decision]) -> frozenset[str]:
    """Return which of the spans' one-word forms also stand in lower case in the article."""
    keys = {
        decision.span.key
        for decision in decisions
        if decision.span.shape in {TITLE, UPPER} and " " not in decision.span.key
    }
    lower = {decision.span.key for decision in decisions if decision.span.shape == LOWER}
    return frozenset(keys & lower)


def _add_short_forms(
    decisions: list[Decision],
    texts: Sequence[Text],
    names: dict[str, Names],
    language: str,
) -> list[Decision]:
    """Give short forms their antecedents' entities as candidates; return the decisions that are new."""
    antecedents: dict[str, list[tuple[Decision, Candidacy]]] = defaultdict(list)
    for decision in decisions:
        best = decision.best
        if best.probability >= _ANTECEDENT and " " in decision.span.key:
            for form in short_forms(decision.span, best.card.type):
                antecedents[form].append((decision, best))
        elif best.probability >= _ANTECEDENT:
            for form in short_forms(decision.span, "other"):
                antecedents[form].append((decision, best))
    known = {(id(decision.span.text), decision.span.low, decision.span.high): decision for decision in decisions}
    added: list[Decision] = []
    order = {id(text): at for at, text in enumerate(texts)}
    for form, owners in antecedents.items():
        for occurrence in occurrences(form, texts, [decision.span for decision, _ in owners], language):
            span = occurrence.span
            where = (id(span.text), span.low, span.high)
            if where not in known:
                if len(added) >= _MAX_SHORT_FORMS:
                    continue
                known[where] = Decision(span, [])
                added.append(known[where])
            _give(known[where], owners, order)
    for decision in added:
        _prepare(decision, names)
    _mark_uncatalogued(known.values(), names, texts)
    return added


def _give(decision: Decision, owners: Sequence[tuple[Decision, Candidacy]], order: dict[int, int]) -> None:
    span = decision.span
    here = (order[id(span.text)], span.low)
    nearest: dict[str, tuple[tuple[int, int, int], Candidacy]] = {}
    for owner, candidate in owners:
        there = (order[id(owner.span.text)], owner.span.low)
        # Before it, the nearest first; after it (a headline) only if nothing stands before.
        distance = (0, here[0] - there[0], here[1] - there[1]) if there < here else (1, there[0] - here[0], there[1])
        entity_id = candidate.card.entity_id
        if entity_id not in nearest or distance < nearest[entity_id][0]:
            nearest[entity_id] = (distance, candidate)
    ranked = sorted(nearest.items(), key=lambda item: (item[1][0], item[0]))
    for rank, (entity_id, (_, antecedent)) in enumerate(ranked):
        own = next((own for own in decision.candidates if own.card.entity_id == entity_id), None)
        if own is None:
            own = Candidacy(antecedent.number, antecedent.card)
            decision.candidates.append(own)
        own.antecedent = max(own.antecedent, antecedent.probability / (rank + 1))


def _mark_uncatalogued(decisions: Iterable[Decision], names: dict[str, Names], texts: Sequence[Text]) -> None:
    """Mark the spans that are a short form of a name which nobody catalogued, standing before them."""
    decisions = list(decisions)
    covered: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for decision in decisions:
        if len(decision.candidates) > 0 and decision.best.probability >= _ANTECEDENT:
            covered[decision.span.text.field].append((decision.span.start, decision.span.end))
    parts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, text in enumerate(texts):
        for name in names[text.field].found:
            if len(name.words) < 2 or any(
                start <= name.start and name.end <= end for start, end in covered[text.field]
            ):
                continue
            for word in {name.words[0], name.words[-1]}:
                parts[word].append((at, name.end))
    if len(parts) == 0:
        return
    order = {id(text): at for at, text in enumerate(texts)}
    for decision in decisions:
        span = decision.span
        owners = parts.get(span.key)
        if owners is None or any(candidate.antecedent > 0 for candidate in decision.candidates):
            continue
        around = names[span.text.field].around(span.start, span.end)
        if around is not None and len(around.words) > 1:
            continue
        here = (order[id(span.text)], span.start)
        if any(owner <= here for owner in owners):
            decision.nil_antecedent = 1.0


def _mark_inside(decisions: Sequence[Decision]) -> None:
    """Tell each span how probable the best longer span around it is."""
    by_text: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_text[id(decision.span.text)].append(decision)
    for group in by_text.values():
        group.sort(key=lambda decision: (decision.span.low, -decision.span.high))
        open_: list[Decision] = []
        for decision in group:
            span = decision.span
            open_ = [other for other in open_ if other.span.high > span.low]
            decision.inside = max(
                (other.best.probability for other in open_ if other.span.high >= span.high), default=0.0
            )
            open_.append(decision)


def _select(decisions: Sequence[Decision], weights: Weights) -> None:
    """Choose mentions: of spans that overlap, the longest that links, then the most probable."""
    linking = []
    for decision in decisions:
        if decision.best.probability >= weights.threshold:
            linking.append(decision)
        else:
            decision.why = "below the threshold"
    linking.sort(
        key=lambda decision: (
            decision.span.start - decision.span.end,
            -decision.best.probability,
            decision.span.low,
            decision.span.high,
        )
    )
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for decision in linking:
        span = decision.span
        spans = taken[id(span.text)]
        if any(span.start < end and start < span.end for start, end in spans):
            decision.why = "overlaps a longer mention"
            continue
        spans.append((span.start, span.end))
        decision.chosen = True
        decision.why = "linked"
