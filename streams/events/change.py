"""Catalogue changes: what editors do to the live catalogue, as it travels on the change stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from streams.errors import SchemaError
from streams.events import read, write
from streams.events.entity import Entity, check_entity_id, entity_document, parse_entity

__all__ = [
    "ACTIONS",
    "CE_TYPE",
    "CatalogChange",
    "change_document",
    "decode_change",
    "encode_change",
    "parse_change",
]

CE_TYPE: Final = "wasl.catalog.change.v1"
ACTIONS: Final = ("set", "retire", "merge")
_EVENT: Final = "catalogue change"


@dataclass(frozen=True, slots=True)
class CatalogChange:
    """One change of the catalogue.

    Attributes:
        action: ``set`` (add or replace), ``retire`` (no longer link to it) or ``merge`` (redirect for ever).
        entity_id: The entity concerned; for a merge, the one that goes.
        entity: The new state, for ``set``.
        into: The entity that stays, for ``merge``.
        author: Who did it.
        reason: Why.
        changed_at: When, RFC 3339.
    """

    action: str
    entity_id: str
    entity: Entity | None = None
    into: str | None = None
    author: str | None = None
    reason: str | None = None
    changed_at: str | None = None


_FIELDS: Final = frozenset(CatalogChange.__dataclass_fields__)


def decode_change(data: bytes) -> CatalogChange:
    """Read a change from JSON.

    Raises:
        DecodeError: The bytes are not a JSON object.
        SchemaError: A field breaks its rule.
    """
    return parse_change(read.decode_object(data, _EVENT))


def parse_change(source: dict[str, Any]) -> CatalogChange:
    """Read a change from decoded JSON.

    Raises:
        SchemaError: A field breaks its rule.
    """
    read.known_only(source, _FIELDS, _EVENT)
    action = read.choice(read.required(source, "action", _EVENT), "action", ACTIONS)
    entity_id = check_entity_id(read.required(source, "entity_id", _EVENT), "entity_id")
    entity, into = source.get("entity"), source.get("into")
    for name, value, owner in (("entity", entity, "set"), ("into", into, "merge")):
        if (value is not None) != (action == owner):
            state = "missing from" if value is None else "not part of"
            raise SchemaError(f"{name} is {state} a {_EVENT} whose action is {action}.", remedy=f"Only {owner} has it.")
    parsed = None if entity is None else parse_entity(read.opaque(entity, "entity"))
    if parsed is not None and parsed.id != entity_id:
        raise SchemaError(f"entity.id is {parsed.id} but entity_id is {entity_id}.", remedy="Make them equal.")
    author, reason, changed_at = source.get("author"), source.get("reason"), source.get("changed_at")
    return CatalogChange(
        action=action,
        entity_id=entity_id,
        entity=parsed,
        into=None if into is None else check_entity_id(into, "into"),
        author=None if author is None else read.text(author, "author", most=200),
        reason=None if reason is None else read.text(reason, "reason", most=2_000),
        changed_at=None if changed_at is None else read.timestamp(changed_at, "changed_at"),
    )


def change_document(change: CatalogChange) -> dict[str, Any]:
    """Return the change as plain JSON values, without the fields that are None."""
    fields = {name: getattr(change, name) for name in CatalogChange.__dataclass_fields__}
    if change.entity is not None:
        fields["entity"] = entity_document(change.entity)
    return {name: value for name, value in fields.items() if value is not None}


def encode_change(change: CatalogChange) -> bytes:
    """Write the change as JSON; equal changes give equal bytes.

    Raises:
        SchemaError: A text holds a lone surrogate.
    """
    return write.dump(change_document(change), _EVENT, sort_keys=True)
