"""Counting what was found over several articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from streams.cli.terminal import format_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from streams.events.enriched import LinkedEntity, Mention

__all__ = [
    "FoundEntity",
    "UnlinkedSurface",
    "all_labels",
    "entity_table",
    "tally_entities",
    "tally_unlinked",
    "unlinked_table",
]


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """An entity and how often it was found.

    Attributes:
        entity_id: Its id.
        type: Its type.
        labels: Its labels by language, as far as the articles carry them.
        name: Its name in the first article.
        mentions: Number of its mentions.
        articles: Number of articles that mention it.
    """

    entity_id: str
    type: str
    labels: dict[str, str]
    name: str
    mentions: int
    articles: int

    def names(self) -> str:
        """Return its labels for people, English first, each once."""
        return all_labels(self.labels) or self.name


@dataclass(frozen=True, slots=True)
class UnlinkedSurface:
    """A name that the catalogue does not hold, and how often it was found."""

    name: str
    type: str
    mentions: int
    articles: int


def all_labels(labels: Mapping[str, str]) -> str:
    """Return the labels of an entity for people, English first, each once; empty where there are none."""
    ordered = sorted(labels.items(), key=lambda item: (item[0] != "en", item[0]))
    return " / ".join(dict.fromkeys(label for _, label in ordered))


def tally_entities(articles: Iterable[Sequence[LinkedEntity]]) -> list[FoundEntity]:
    """Count the entities of several articles, the most mentioned first."""
    found: dict[str, FoundEntity] = {}
    for entities in articles:
        for entity in entities:
            old = found.get(entity.entity_id)
            if old is None:
                old = FoundEntity(entity.entity_id, entity.type, {}, entity.name, 0, 0)
            found[entity.entity_id] = replace(
                old,
                labels={**old.labels, **(entity.labels or {})},
                mentions=old.mentions + entity.mention_count,
                articles=old.articles + 1,
            )
    return sorted(found.values(), key=lambda entity: (-entity.mentions, -entity.articles, entity.entity_id))


def tally_unlinked(articles: Iterable[Sequence[Mention]]) -> list[UnlinkedSurface]:
    """Count the unlinked mentions of several articles by surface, the most frequent first."""
    found: dict[str, UnlinkedSurface] = {}
    for mentions in articles:
        seen = [mention for mention in mentions if mention.entity_id is None]
        for mention in seen:
            old = found.get(mention.surface, UnlinkedSurface(mention.surface, mention.type, 0, 0))
            found[mention.surface] = replace(old, mentions=old.mentions + 1)
        for surface in {mention.surface for mention in seen}:
            found[surface] = replace(found[surface], articles=found[surface].articles + 1)
    return sorted(found.values(), key=lambda name: (-name.mentions, name.name))


def entity_table(entities: Sequence[FoundEntity], *, title: str = "") -> str:
    """Lay out entities as a table; one line says so where there are none."""
    if len(entities) == 0:
        return f"{title}: none\n" if title != "" else "No entity was found.\n"
    return format_table(
        ("name", "type", "id", "mentions", "articles"),
        [
            (entity.names(), entity.type, entity.entity_id, str(entity.mentions), str(entity.articles))
            for entity in entities
        ],
        title=title,
        right=("mentions", "articles"),
    )


def unlinked_table(names: Sequence[UnlinkedSurface], *, title: str = "") -> str:
    """Lay out unlinked names as a table; empty where there are none."""
    if len(names) == 0:
        return ""
    return format_table(
        ("name", "type", "mentions", "articles"),
        [(name.name, name.type, str(name.mentions), str(name.articles)) for name in names],
        title=title,
        right=("mentions", "articles"),
    )
