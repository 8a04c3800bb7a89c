"""Catalogue entities: the one format in which catalogues are exchanged, stored and shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from streams.errors import EntityError, EventError, SchemaError
from streams.events import read, write
from streams.events.types import ENTITY_TYPES

__all__ = [
    "CE_TYPE",
    "MAX_DEMONYMS",
    "MAX_NAME",
    "Alias",
    "Entity",
    "check_entity_id",
    "decode_entity",
    "encode_entity",
    "entity_document",
    "parse_entity",
]

CE_TYPE: Final = "wasl.catalog.entity.v1"
MAX_NAME: Final = 300
MAX_DEMONYMS: Final = 100
_EVENT: Final = "catalogue entity"
# A Wikidata item, or an id of our own that can never be taken for one.
_ID: Final = re.compile(r"(?:Q[1-9][0-9]{0,11}|local:[a-z0-9][a-z0-9._-]{0,118})\Z")


@dataclass(frozen=True, slots=True)
class Alias:
    """A name by which an entity goes.

    Attributes:
        text: The name as written.
        count: How often this form was seen meaning this entity, or None where nobody counted.
    """

    text: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of the catalogue.

    Attributes:
        id: A Wikidata QID that somebody verified, or ``local:…``.
        type: One of `streams.events.types.ENTITY_TYPES`.
        labels: The preferred name by language; ``mul`` and ``und`` are names of no particular language.
        aliases: Further names by language.
        description: A few words that tell it from its namesakes.
        prior: How famous it is, 0 to 1; None where unknown.
        related: Ids of entities that are often mentioned with it.
        external_ids: Ids elsewhere, by scheme: ``{"lei": …, "ticker": …}``.
        demonyms: What its inhabitants and what belongs to it are called, by language: ``{"en": ("Belgian",)}``.
            They are kept to be looked up, and are never names under which the entity is found.
    """

    id: str
    type: str
    labels: dict[str, str]
    aliases: dict[str, tuple[Alias, ...]] = field(default_factory=dict)
    description: str | None = None
    prior: float | None = None
    related: tuple[str, ...] = ()
    external_ids: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    demonyms: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def name(self, language: str | None = None) -> str:
        """Return the label in ``language``, else in English, else ``mul``, else the first by language code.

        An entity that has only aliases goes by its id.
        """
        for tag in (language, "en", "mul"):
            if tag is not None and tag in self.labels:
                return self.labels[tag]
        return self.labels[min(self.labels)] if len(self.labels) > 0 else self.id


_FIELDS: Final = frozenset(Entity.__dataclass_fields__)


def check_entity_id(value: Any, path: str = "id") -> str:
    """Check the form of an entity id.

    Raises:
        SchemaError: It is neither a QID nor a ``local:`` id.
    """
    if not isinstance(value, str) or _ID.match(value) is None:
        raise SchemaError(
            f"{path} is {read.excerpt(value)}, neither a Wikidata QID nor a local id.",
            remedy="Send Q182477 or local:my-company (lower-case letters, digits, dot, dash, underscore).",
        )
    return value


def decode_entity(data: bytes) -> Entity:
    """Read an entity from one line of catalogue JSONL.

    Raises:
        EntityError: The line breaks a rule of the format; the message names it.
    """
    try:
        return parse_entity(read.decode_object(data, _EVENT))
    except EventError as exc:
        raise EntityError(exc.message, remedy=exc.remedy) from exc


def parse_entity(source: dict[str, Any]) -> Entity:
    """Read an entity from decoded JSON.

    Raises:
        SchemaError: A field breaks its rule.
    """
    read.known_only(source, _FIELDS, _EVENT)
    labels = read.names(read.required(source, "labels", _EVENT), "labels", most=MAX_NAME)
    aliases = {
        tag: read.items(names, f"aliases.{tag}", _alias, most=2_000)
        for tag, names in _by_language(_given(source, "aliases", {}), "aliases").items()
    }
    if len(labels) == 0 and not any(aliases.values()):
        raise SchemaError(f"The {_EVENT} has no name at all.", remedy="Give it one label or alias.")
    demonyms = {
        tag: read.texts(names, f"demonyms.{tag}", most_items=MAX_DEMONYMS, most=MAX_NAME)
        for tag, names in _by_language(_given(source, "demonyms", {}), "demonyms").items()
    }
    description, prior = source.get("description"), source.get("prior")
    return Entity(
        id=check_entity_id(read.required(source, "id", _EVENT)),
        type=read.choice(read.required(source, "type", _EVENT), "type", ENTITY_TYPES),
        labels=labels,
        aliases={tag: names for tag, names in aliases.items() if len(names) > 0},
        description=None if description is None else read.text(description, "description", most=2_000),
        prior=None if prior is None else read.number(prior, "prior", least=0, most=1),
        related=read.items(_given(source, "related", []), "related", check_entity_id, most=1_000),
        external_ids=read.external_ids(_given(source, "external_ids", {}), "external_ids"),
        demonyms={tag: names for tag, names in demonyms.items() if len(names) > 0},
    )


def entity_document(entity: Entity) -> dict[str, Any]:
    """Return the entity as plain JSON values, in the catalogue format."""
    document: dict[str, Any] = {
        "id": entity.id,
        "type": entity.type,
        "labels": entity.labels,
        "aliases": {
            tag: [name.text if name.count is None else {"text": name.text, "count": name.count} for name in names]
            for tag, names in entity.aliases.items()
        },
        "description": entity.description,
        "prior": entity.prior,
        "related": list(entity.related),
        "external_ids": {
            scheme: list(ids) if isinstance(ids, tuple) else ids for scheme, ids in entity.external_ids.items()
        },
    }
    # Fields of schema 1.1 are left out where they are empty: the bytes, and the versions made from them, stay the same.
    if len(entity.demonyms) > 0:
        document["demonyms"] = {tag: list(names) for tag, names in entity.demonyms.items()}
    return document


def encode_entity(entity: Entity) -> bytes:
    """Write the entity as one line of catalogue JSONL, without the newline; equal entities give equal bytes.

    Raises:
        SchemaError: A text holds a lone surrogate.
    """
    return write.dump(entity_document(entity), _EVENT, sort_keys=True)


def _given(source: dict[str, Any], name: str, default: Any) -> Any:
    value = source.get(name)
    return default if value is None else value


def _by_language(value: Any, path: str) -> dict[str, Any]:
    names = read.keyed(value, path)
    for tag in names:
        read.language_tag(tag, f"a key of {path}")
    return names


def _alias(value: Any, path: str) -> Alias:
    if isinstance(value, str):
        return Alias(read.text(value, path, most=MAX_NAME, least=1))
    fields = read.opaque(value, path)
    read.known_only(fields, ("text", "count"), "alias")
    count = fields.get("count")
    return Alias(
        text=read.text(read.required(fields, "text", "alias"), f"{path}.text", most=MAX_NAME, least=1),
        count=None if count is None else read.whole(count, f"{path}.count"),
    )
