"""Values of other rooms as the JSON that the page reads; nothing here waits, fails or knows the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.web.text import segments, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.store import LogEntry
    from streams.events.article import RawArticle
    from streams.events.enriched import EnrichedArticle, LinkedEntity, Mention
    from streams.events.entity import Entity
    from streams.lag.compute import GroupLag
    from streams.linking.links import Explanation, Links

__all__ = [
    "CLIP",
    "article_document",
    "entity_row",
    "group_document",
    "linked_document",
    "log_row",
    "wikidata_url",
]

CLIP: Final = 420
"""Code points of a body that the list of articles shows."""

_MOST_ENTITIES: Final = 12
_LONGEST_WORD: Final = 40
_MOST_DECISIONS: Final = 500


def wikidata_url(entity_id: str) -> str | None:
    """Return the address of the Wikidata item, or None where the id is none of Wikidata's."""
    number = entity_id[1:]
    if entity_id.startswith("Q") and number.isascii() and number.isdigit():
        return f"https://www.wikidata.org/wiki/{entity_id}"
    return None


def article_document(enriched: EnrichedArticle, number: int, *, clip: int | None = CLIP) -> dict[str, Any]:
    """Return an enriched article for the list of articles.

    Args:
        enriched: The article.
        number: By which the page asks for all of it.
        clip: Most code points of the body; None for all.
    """
    article = enriched.article
    source = None if article.source is None else article.source.name
    return {
        "number": number,
        "id": shown(article.article_id),
        "language": enriched.language.code,
        "detected": enriched.language.origin == "detected",
        "published_at": article.published_at,
        "source": None if source is None else shown(source),
        "enriched_at": enriched.enriched_at,
        "catalog": enriched.catalog_version,
        "clipped": clip is not None and len(article.body) > clip,
        **_marked(article, enriched.mentions, enriched.entities, clip=clip),
    }


def linked_document(article: RawArticle, links: Links, decisions: Sequence[Explanation]) -> dict[str, Any]:
    """Return what linking made of a text, and why, for the box in which texts are tried."""
    return {
        "language": links.language.code,
        "detected": links.language.origin == "detected",
        **_marked(article, links.mentions, links.entities, clip=None),
        "decisions": [_decision(each) for each in decisions[:_MOST_DECISIONS]],
        "more_decisions": max(0, len(decisions) - _MOST_DECISIONS),
    }


def entity_row(entity: Entity) -> dict[str, Any]:
    """Return an entity for a list of hits."""
    return {
        "id": entity.id,
        "type": entity.type,
        "name": shown(entity.name("en")),
        "arabic": shown(entity.labels["ar"]) if "ar" in entity.labels else None,
        "description": None if entity.description is None else shown(entity.description),
        "names": len(entity.labels) + sum(map(len, entity.aliases.values())),
    }


def log_row(entry: LogEntry) -> dict[str, Any]:
    """Return a line of the catalogue's audit log for the list of the latest changes."""
    note, into, asked = entry.note, entry.what.get("into"), entry.what.get("entity_id")
    return {
        "sequence": entry.sequence,
        "action": entry.action,
        "entity_id": asked if isinstance(asked, str) else None,
        "into": into if isinstance(into, str) else None,
        "author": None if note.author is None else shown(note.author),
        "reason": None if note.reason is None else shown(note.reason),
        "changed_at": note.at,
        "version": entry.version,
    }


def group_document(group: GroupLag) -> dict[str, Any]:
    """Return how far a consumer group is behind."""
    return {
        "group": shown(group.group),
        "state": group.state,
        "members": group.members,
        "lag": group.lag,
        "lag_seconds": _rounded(group.lag_seconds),
        "partitions": [
            {
                "topic": shown(each.topic),
                "partition": each.partition,
                "committed": each.committed,
                "end": each.end,
                "lag": each.lag,
                "lag_seconds": _rounded(each.lag_seconds),
                "rate": _rounded(each.rate),
                "state": each.state,
                "lost": each.lost,
            }
            for each in group.partitions
        ],
    }


def _marked(
    article: RawArticle, mentions: Sequence[Mention], entities: Sequence[LinkedEntity], *, clip: int | None
) -> dict[str, Any]:
    numbered = list(enumerate(mentions))
    fields = {
        name: [(number, mention) for number, mention in numbered if mention.field == name] for name in ("title", "body")
    }
    title = segments(article.title, fields["title"])
    body = segments(article.body, fields["body"], most=None if clip is None else _word_end(article.body, clip))
    named = {part[1] for part in (*title, *body) if isinstance(part, list)}
    names = {entity.entity_id: shown(entity.name) for entity in entities}
    return {
        "title": title,
        "body": body,
        "mentions": {
            str(number): {
                "type": mention.type,
                "entity_id": mention.entity_id,
                "name": None if mention.entity_id is None else names.get(mention.entity_id),
                "confidence": mention.confidence,
            }
            for number, mention in numbered
            if number in named
        },
        "entities": [
            {
                "id": entity.entity_id,
                "type": entity.type,
                "name": shown(entity.name),
                "salience": entity.salience,
                "count": entity.mention_count,
            }
            for entity in entities[:_MOST_ENTITIES]
        ],
        "more_entities": max(0, len(entities) - _MOST_ENTITIES),
        "linked": sum(mention.entity_id is not None for mention in mentions),
        "unlinked": sum(mention.entity_id is None for mention in mentions),
    }


def _word_end(text: str, most: int) -> int:
    """Return where to cut a text: at a space where there is one near, so that no word is torn apart."""
    if len(text) <= most:
        return len(text)
    space = max(text.rfind(" ", most - _LONGEST_WORD, most + 1), text.rfind("\n", most - _LONGEST_WORD, most + 1))
    return most if space < 0 else space


def _decision(explanation: Explanation) -> dict[str, Any]:
    return {
        "field": explanation.field,
        "start": explanation.start,
        "end": explanation.end,
        "surface": shown(explanation.surface),
        "entity_id": explanation.entity_id,
        "confidence": explanation.confidence,
        "reason": explanation.reason,
        "evidence": _strongest(explanation.evidence),
        "candidates": [
            {
                "id": candidate.entity_id,
                "name": shown(candidate.name),
                "score": candidate.score,
                "probability": candidate.probability,
                "features": _strongest(candidate.features),
            }
            for candidate in explanation.candidates[:5]
        ],
    }


def _strongest(features: dict[str, float]) -> list[list[Any]]:
    return [[name, value] for name, value in sorted(features.items(), key=lambda item: (-abs(item[1]), item[0]))]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
