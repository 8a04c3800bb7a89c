"""Unlinked names: names that the catalogue does not hold, for the editors who may add them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from streams.events import read, write
from streams.events.article import MAX_BODY, MAX_ID
from streams.events.enriched import FIELDS
from streams.events.types import ENTITY_TYPES

__all__ = ["CE_TYPE", "UnlinkedName", "decode_unlinked_name", "encode_unlinked_name"]

CE_TYPE: Final = "wasl.name.unlinked.v1"
_EVENT: Final = "unlinked name"


# Without slots, as the parts of an enriched article: see `streams.events.enriched`.
@dataclass(frozen=True)
class UnlinkedName:
    """A name found in one article, and not in the catalogue.

    Attributes:
        name_key: The folded name: equal for spellings that differ only in case, diacritics and the like.
        name: The name as the article writes it first.
        type: A guess, one of `streams.events.types.ENTITY_TYPES`.
        language: Language of the article.
        article_id: The article.
        field: Where in the article: ``title`` or ``body``.
        start: First code point there, 0-based.
        end: One past the last code point.
        mention_count: How often the article writes it.
        context: The words around it, for people.
        seen_at: RFC 3339, UTC.
    """

    name_key: str
    name: str
    type: str
    language: str
    article_id: str
    field: str
    start: int
    end: int
    mention_count: int
    context: str
    seen_at: str


def encode_unlinked_name(unlinked: UnlinkedName) -> bytes:
    """Write the unlinked name as JSON.

    Raises:
        SchemaError: A text holds a lone surrogate.
    """
    return write.dump(unlinked, _EVENT)


def decode_unlinked_name(data: bytes) -> UnlinkedName:
    """Read an unlinked name.

    Raises:
        DecodeError: The bytes are not a JSON object.
        SchemaError: A field breaks its rule.
    """
    source = read.decode_object(data, _EVENT)

    def take(name: str) -> Any:
        return read.required(source, name, _EVENT)

    end = read.whole(take("end"), "end", least=1, most=MAX_BODY)
    return UnlinkedName(
        name_key=read.text(take("name_key"), "name_key", most=1_000, least=1),
        name=read.text(take("name"), "name", most=1_000, least=1),
        type=read.choice(take("type"), "type", ENTITY_TYPES),
        language=read.language_tag(take("language"), "language"),
        article_id=read.text(take("article_id"), "article_id", most=MAX_ID, least=1),
        field=read.choice(take("field"), "field", FIELDS),
        start=read.whole(take("start"), "start", most=end - 1),
        end=end,
        mention_count=read.whole(take("mention_count"), "mention_count", least=1),
        context=read.text(take("context"), "context", most=1_000),
        seen_at=read.timestamp(take("seen_at"), "seen_at"),
    )
