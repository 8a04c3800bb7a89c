"""Linking one article, step by step: this room's table of contents.

fold and prepare each field     text, fold, folded, chars, junk
tell the language               language
find words                      places, boundary, index
tag spans of known forms        tag, span, trie, edges, initials, points, variants, stems, glyphs
find names, known or not        names, runs, cues
read what each form may mean    readings, uses, meanings, labels, shape
look around it                  around, lexicon, features, row, beside, asks, cues, states, ordinary,
                                ordinary_words, common_words
weigh it in this article        score, evidence, pairs, sightings, shortforms, antecedents, uncatalogued, first_names,
                                weights, trees
decide, of spans that overlap   disambiguate, cover
put mentions together           here, unlinked, nouns, links
measure salience                salience
explain, when asked             explain
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams import __version__
from streams.collector import uncollected
from streams.events.drafts import candidate_of, entity_of, mention_of
from streams.events.enriched import MAX_CANDIDATES, Language, Linker
from streams.linking.cards import names_in
from streams.linking.disambiguate import decide
from streams.linking.explain import explain
from streams.linking.language import detect_language, field_language, primary_subtag
from streams.linking.links import Links
from streams.linking.names import find_names, guess_type
from streams.linking.salience import Salience, rounded
from streams.linking.tag import tag
from streams.linking.text import Text
from streams.linking.unlinked import found_names, unlinked_names
from streams.linking.weights import default_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import CatalogView
    from streams.events.article import RawArticle
    from streams.events.enriched import Candidate, LinkedEntity, Mention
    from streams.linking.features import Candidacy, Decision
    from streams.linking.links import Explanation
    from streams.linking.meanings import Meaning
    from streams.linking.names import Names
    from streams.linking.weights import Weights

__all__ = ["LINKER", "decide_article", "explain_article", "link_article"]

LINKER: Final = Linker(name="wasl", version=f"{__version__}+w{default_weights().version}")
"""This linker; the part after ``+w`` is the version of its weights."""


def link_article(article: RawArticle, catalog: CatalogView, *, weights: Weights | None = None) -> Links:
    """Find the article's mentions and link them.

    Pure: the same article, view and weights give equal links.

    Args:
        article: The raw article; its texts may hold any Unicode.
        catalog: The catalogue to link to.
        weights: The model; the shipped one when None.
    """
    # A long article's objects are many, hold no cycles, and go when it is put together.
    with uncollected():
        return _linked(article, catalog, default_weights() if weights is None else weights)


def _linked(article: RawArticle, catalog: CatalogView, weights: Weights) -> Links:
    texts, language, names, decisions = decide_article(article, catalog, weights, everything=False)
    chosen = [decision for decision in decisions if decision.chosen]
    mentions = [_mention(decision) for decision in chosen]
    unlinked = unlinked_names(texts, names, decisions)
    mentions.extend(
        mention_of(
            text.field, name.start, name.end, text.source[name.start : name.end], guess_type(name), None, confidence, ()
        )
        for text, name, confidence in unlinked
    )
    order = {text.field: at for at, text in enumerate(texts)}
    if len(unlinked) > 0:
        mentions.sort(key=lambda mention: (order[mention.field], mention.start, mention.end))
    meanings = {decision.best.meaning.entity_id: decision.best.meaning for decision in chosen}
    return Links(
        language=language,
        mentions=tuple(mentions),
        entities=_entities(chosen, meanings, primary_subtag(language.code), len(article.body)),
        unlinked=found_names(unlinked),
    )


def explain_article(
    article: RawArticle, catalog: CatalogView, *, weights: Weights | None = None
) -> tuple[Explanation, ...]:
    """Explain every decision on the article, also those against a link, by field and position."""
    weights = default_weights() if weights is None else weights
    _, language, _, decisions = decide_article(article, catalog, weights)
    return tuple(explain(decision, weights, primary_subtag(language.code)) for decision in decisions)


def decide_article(
    article: RawArticle, catalog: CatalogView, weights: Weights, *, everything: bool = True
) -> tuple[list[Text], Language, dict[str, Names], list[Decision]]:
    """Return all that linking knows of an article before it is put together, as training and explanations need it.

    Args:
        article: The raw article.
        catalog: The catalogue to link to.
        weights: The model.
        everything: Whether decisions are scored to the end that cannot become mentions.

    Returns:
        Its texts, its language, the names in each field, and every decision by field and position.
    """
    if article.language is not None:
        language = Language(article.language, "event")
    else:
        language = Language(detect_language(f"{article.title}\n{article.body[:1000]}"), "detected")
    spoken = primary_subtag(language.code)
    # What the producer says holds for all; else a headline may be in another language than the body, which tells.
    headline = spoken if language.origin == "event" else field_language(article.title, spoken)
    texts = [Text("title", article.title, headline), Text("body", article.body, spoken)]
    spans = [span for text in texts for span in tag(text, catalog, text.language)]
    names = {text.field: find_names(text) for text in texts}
    decisions = decide(spans, texts, names, catalog=catalog, language=spoken, weights=weights, everything=everything)
    return texts, language, names, decisions


def _mention(decision: Decision) -> Mention:
    span, best = decision.span, decision.best
    candidates = decision.candidates
    return mention_of(
        span.text.field,
        span.start,
        span.end,
        span.surface,
        best.meaning.type,
        best.meaning.entity_id,
        rounded(best.probability),
        (_candidate(best),) if len(candidates) == 1 else tuple(map(_candidate, candidates[:MAX_CANDIDATES])),
    )


def _candidate(candidate: Candidacy) -> Candidate:
    meaning, probability = candidate.meaning, rounded(candidate.probability)
    shown = meaning.shown
    if shown is None or meaning.shown_at != probability:
        shown = meaning.shown = candidate_of(meaning.entity_id, probability)
        meaning.shown_at = probability
    return shown


def _entities(
    decisions: Sequence[Decision], meanings: dict[str, Meaning], language: str, body_length: int
) -> tuple[LinkedEntity, ...]:
    salience = Salience(body_length)
    for decision in decisions:
        salience.note(decision.best.meaning.entity_id, decision.span.text.field, decision.span.start)
    entities = []
    for share, entity_id in sorted([(-share, entity_id) for entity_id, share in salience.shares().items()]):
        meaning = meanings[entity_id]
        name, labels = names_in(meaning, language)
        count = salience.count(entity_id)
        entities.append(entity_of(entity_id, meaning.type, name, -share, count, meaning.card.external_ids, labels))
    return tuple(entities)
