"""Linking one article, step by step: this room's table of contents.

fold and prepare each field     text, fold, junk
tell the language               language
tag spans of known forms        tag, boundary
find names, known or not        names, cues
weigh candidates, decide        candidates, shortforms, disambiguate, weights
put mentions together           here
measure salience                salience
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams import __version__
from streams.events.enriched import MAX_CANDIDATES, Candidate, Language, LinkedEntity, Linker, Mention
from streams.linking.disambiguate import decide
from streams.linking.fold import fold_text
from streams.linking.language import detect_language, primary_subtag
from streams.linking.names import find_names, guess_type
from streams.linking.salience import salience
from streams.linking.tag import tag
from streams.linking.text import Text
from streams.linking.weights import CANDIDATE_FEATURES, SPAN_FEATURES, default_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import CatalogView, EntityCard
    from streams.events.article import RawArticle
    from streams.linking.features import Decision
    from streams.linking.names import Name, Names
    from streams.linking.weights import Weights

__all__ = [
    "LINKER",
    "ExplainedCandidate",
    "Explanation",
    "FoundName",
    "Links",
    "explain_article",
    "link_article",
]

LINKER: Final = Linker(name="wasl", version=f"{__version__}+w{default_weights().version}")
"""This linker; the part after ``+w`` is the version of its weights."""

_DIGITS: Final = 4
_CONTEXT: Final = 60
# Nobody measured yet how often a name that nothing in the catalogue resembles is one.
_NAME_CONFIDENCE: Final = {True: 0.8, False: 0.5}


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name that the catalogue does not hold.

    Attributes:
        name_key: The folded name.
        name: As the article writes it first.
        type: A guess.
        field: Field of its first mention.
        start: First code point there.
        end: One past the last.
        mention_count: How often the article writes it.
        context: The words around its first mention.
    """

    name_key: str
    name: str
    type: str
    field: str
    start: int
    end: int
    mention_count: int
    context: str


@dataclass(frozen=True, slots=True)
class Links:
    """What linking found in an article.

    Attributes:
        language: Language of the article.
        mentions: By field, start, end; they do not overlap.
        entities: Most salient first.
        unlinked: Names without an entity, by first mention.
    """

    language: Language
    mentions: tuple[Mention, ...]
    entities: tuple[LinkedEntity, ...]
    unlinked: tuple[FoundName, ...]


@dataclass(frozen=True, slots=True)
class ExplainedCandidate:
    """One candidate of a decision.

    Attributes:
        entity_id: The entity.
        name: Its name.
        score: Weighted sum of its features.
        probability: That the mention means it.
        features: Each feature's contribution to the score, weight included; zeros left out.
    """

    entity_id: str
    name: str
    score: float
    probability: float
    features: dict[str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a span was linked, or was not.

    Attributes:
        field: ``title`` or ``body``.
        start: First code point.
        end: One past the last.
        surface: The text in between.
        entity_id: What it links to, or None.
        confidence: Probability of the decision.
        reason: In words.
        nil: Each span feature's contribution to the score of linking to nothing; zeros left out.
        candidates: Best first.
    """

    field: str
    start: int
    end: int
    surface: str
    entity_id: str | None
    confidence: float
    reason: str
    nil: dict[str, float]
    candidates: tuple[ExplainedCandidate, ...]


def link_article(article: RawArticle, catalog: CatalogView, *, weights: Weights | None = None) -> Links:
    """Find the article's mentions and link them.

    Pure: the same article, view and weights give equal links.

    Args:
        article: The raw article; its texts may hold any Unicode.
        catalog: The catalogue to link to.
        weights: The model; the shipped one when None.
    """
    texts, language, names, decisions = _decide(article, catalog, default_weights() if weights is None else weights)
    mentions = [_mention(decision) for decision in decisions if decision.chosen]
    unlinked = _unlinked(texts, names, decisions)
    mentions.extend(
        Mention(
            text.field, name.start, name.end, text.source[name.start : name.end], guess_type(name), None, confidence
        )
        for text, name, confidence in unlinked
    )
    order = {text.field: at for at, text in enumerate(texts)}
    mentions.sort(key=lambda mention: (order[mention.field], mention.start, mention.end))
    cards = {decision.best.card.entity_id: decision.best.card for decision in decisions if decision.chosen}
    return Links(
        language=language,
        mentions=tuple(mentions),
        entities=_entities(mentions, cards, primary_subtag(language.code), len(article.body)),
        unlinked=_found_names(unlinked),
    )


def explain_article(
    article: RawArticle, catalog: CatalogView, *, weights: Weights | None = None
) -> tuple[Explanation, ...]:
    """Explain every decision on the article, also those against a link, by field and position."""
    weights = default_weights() if weights is None else weights
    _, language, _, decisions = _decide(article, catalog, weights)
    return tuple(_explain(decision, weights, language.code) for decision in decisions)


def _decide(
    article: RawArticle, catalog: CatalogView, weights: Weights
) -> tuple[list[Text], Language, dict[str, Names], list[Decision]]:
    if article.language is not None:
        language = Language(article.language, "event")
    else:
        language = Language(detect_language(f"{article.title}\n{article.body[:1000]}"), "detected")
    spoken = primary_subtag(language.code)
    texts = [Text("title", article.title, spoken), Text("body", article.body, spoken)]
    spans = [span for text in texts for span in tag(text, catalog, spoken)]
    names = {text.field: find_names(text) for text in texts}
    decisions = decide(spans, texts, names, catalog=catalog, language=spoken, weights=weights)
    return texts, language, names, decisions


def _mention(decision: Decision) -> Mention:
    span, best = decision.span, decision.best
    return Mention(
        field=span.text.field,
        start=span.start,
        end=span.end,
        surface=span.surface,
        type=best.card.type,
        entity_id=best.card.entity_id,
        confidence=round(best.probability, _DIGITS),
        candidates=tuple(
            Candidate(candidate.card.entity_id, round(candidate.probability, _DIGITS))
            for candidate in decision.candidates[:MAX_CANDIDATES]
        ),
    )


def _unlinked(
    texts: Sequence[Text], names: dict[str, Names], decisions: Sequence[Decision]
) -> list[tuple[Text, Name, float]]:
    """Return the names that no mention overlaps, each with the confidence that it is one."""
    taken: dict[str, list[tuple[int, int]]] = {text.field: [] for text in texts}
    for decision in decisions:
        if decision.chosen:
            taken[decision.span.text.field].append((decision.span.start, decision.span.end))
    known_words = {
        word for text in texts for name in names[text.field].found if len(name.words) > 1 for word in name.words
    }
    found = []
    for text in texts:
        for name in names[text.field].found:
            if any(name.start < end and start < name.end for start, end in taken[text.field]):
                continue
            if text.is_junk_source(name.start) or not _is_likely(name, known_words):
                continue
            found.append((text, name, _NAME_CONFIDENCE[len(name.words) > 1]))
    return found


def _is_likely(name: Name, known_words: set[str]) -> bool:
    """A single word that heads a sentence is a name only if it is part of a fuller one."""
    if len(name.words) > 1:
        return True
    word = name.words[0]
    return len(word) > 2 and not word.isdigit() and (not name.is_initial or word in known_words)


def _found_names(unlinked: Sequence[tuple[Text, Name, float]]) -> tuple[FoundName, ...]:
    found: dict[str, list[tuple[Text, Name]]] = {}
    for text, name, _ in unlinked:
        found.setdefault(fold_text(text.source[name.start : name.end]), []).append((text, name))
    result = []
    for key, mentions in found.items():
        text, name = mentions[0]
        low, high = max(0, name.start - _CONTEXT), min(len(text.source), name.end + _CONTEXT)
        result.append(
            FoundName(
                name_key=key,
                name=text.source[name.start : name.end],
                type=guess_type(name),
                field=text.field,
                start=name.start,
                end=name.end,
                mention_count=len(mentions),
                context=text.source[low:high],
            )
        )
    return tuple(result)


def _entities(
    mentions: Sequence[Mention], cards: dict[str, EntityCard], language: str, body_length: int
) -> tuple[LinkedEntity, ...]:
    shares = salience(mentions, body_length)
    counts: dict[str, int] = {}
    for mention in mentions:
        if mention.entity_id is not None:
            counts[mention.entity_id] = counts.get(mention.entity_id, 0) + 1
    entities = [
        LinkedEntity(
            entity_id=entity_id,
            type=card.type,
            name=_name(card, language),
            salience=shares[entity_id],
            mention_count=counts[entity_id],
            external_ids=card.external_ids,
            labels={key: card.labels[key] for key in dict.fromkeys(("en", language)) if key in card.labels} or None,
        )
        for entity_id, card in cards.items()
    ]
    entities.sort(key=lambda entity: (-entity.salience, entity.entity_id))
    return tuple(entities)


def _name(card: EntityCard, language: str) -> str:
    for spoken in (language, "en", "mul"):
        if spoken in card.labels:
            return card.labels[spoken]
    return card.labels[min(card.labels)] if len(card.labels) > 0 else card.entity_id


def _explain(decision: Decision, weights: Weights, language: str) -> Explanation:
    span = decision.span
    return Explanation(
        field=span.text.field,
        start=span.start,
        end=span.end,
        surface=span.surface,
        entity_id=decision.best.card.entity_id if decision.chosen else None,
        confidence=round(decision.best.probability if decision.chosen else 1.0 - decision.best.probability, _DIGITS),
        reason=decision.why,
        nil=_contributions(SPAN_FEATURES, decision.features, weights.span),
        candidates=tuple(
            ExplainedCandidate(
                entity_id=candidate.card.entity_id,
                name=_name(candidate.card, primary_subtag(language)),
                score=round(candidate.score, _DIGITS),
                probability=round(candidate.probability, _DIGITS),
                features=_contributions(CANDIDATE_FEATURES, candidate.features, weights.candidate),
            )
            for candidate in decision.candidates
        ),
    )


def _contributions(names: Sequence[str], values: Sequence[float], weights: Sequence[float]) -> dict[str, float]:
    return {
        name: round(value * weight, _DIGITS)
        for name, value, weight in zip(names, values, weights, strict=True)
        if value * weight != 0
    }
