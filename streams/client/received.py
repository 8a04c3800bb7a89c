"""What a consumer receives, and what of it is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.errors import SchemaError
from streams.events.enriched import decode_enriched_article
from streams.events.entity import check_entity_id
from streams.events.envelope import read_envelope
from streams.events.types import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.events.enriched import EnrichedArticle
    from streams.events.ids import RecordPosition

__all__ = ["Received", "Wanted", "decode_record", "event_id"]


@dataclass(frozen=True, slots=True)
class Received:
    """An enriched article as it came from Kafka.

    Attributes:
        id: Id of the event: equal for duplicates.
        article: The enriched article.
        position: Where it was read.
    """

    id: str
    article: EnrichedArticle
    position: RecordPosition


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which enriched articles are wanted: those that mention one of the entities, or one of the types.

    Without either, all are.

    Attributes:
        entities: Ids of entities, as articles carry them: that of a merged entity is the one it was merged into.
        types: Types of entities.
        least_confidence: Mentions with less do not count, 0 to 1.

    Raises:
        SchemaError: An id is none, or a type is not known.
    """

    entities: Sequence[str] = ()
    types: Sequence[str] = ()
    least_confidence: float = 0.0

    def __post_init__(self) -> None:
        for entity_id in self.entities:
            check_entity_id(entity_id, "entities")
        for type_ in self.types:
            if type_ not in ENTITY_TYPES:
                raise SchemaError(
                    f"types: {type_!r} is no type of entities.", remedy=f"Give one of {', '.join(ENTITY_TYPES)}."
                )

    def has(self, article: EnrichedArticle) -> bool:
        """Whether ``article`` is wanted."""
        if len(self.entities) == 0 and len(self.types) == 0:
            return True
        return any(
            mention.confidence >= self.least_confidence
            and (mention.entity_id in self.entities or mention.type in self.types)
            for mention in article.mentions
            if mention.entity_id is not None
        )


def event_id(headers: Sequence[tuple[str, bytes | None]], at: RecordPosition) -> str:
    """Return the id of an event: its envelope's, or its position where it came without one."""
    envelope = read_envelope(headers)
    return str(at) if envelope is None else envelope.id


def decode_record(value: bytes, found: str, at: RecordPosition) -> Received:
    """Read one record of the topic of enriched articles.

    Args:
        value: Its value.
        found: Id of the event.
        at: Where it was read.

    Raises:
        EventError: It is no enriched article.
    """
    return Received(found, decode_enriched_article(value), at)
