"""Catalogue edits: what editors say about the names and the fame of entities, as it travels on the change stream.

They stand beside `streams.events.change`, whose released schema knows three actions and never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from streams.errors import SchemaError
from streams.events import read, write
from streams.events.entity import MAX_NAME, check_entity_id
from streams.events.types import ENTITY_TYPES

__all__ = [
    "CE_TYPE",
    "EDIT_ACTIONS",
    "MAX_COUNT",
    "CatalogEdit",
    "decode_edit",
    "edit_document",
    "encode_edit",
    "parse_edit",
]

CE_TYPE: Final = "wasl.catalog.edit.v1"
EDIT_ACTIONS: Final = ("split", "block", "unblock", "boost")
MAX_COUNT: Final = 1_000_000
"""Most that an editor may count for a form."""

_MAX_SPLIT: Final = 2_000
_EVENT: Final = "catalogue edit"


@dataclass(frozen=True, slots=True)
class CatalogEdit:
    """One edit of the catalogue.

    Attributes:
        action: ``split`` (some names move to another entity), ``block`` (never link a form to the entity),
            ``unblock`` (take that back) or ``boost`` (an editor's prior).
        entity_id: The entity concerned; for a split, the one that gives names away.
        into: For ``split``: the entity that gets them, a new one or one that is there.
        type: For ``split`` into a new entity: its type; None means that of the other.
        names: For ``split``: the names that move, by language.
        alias: For ``block`` and ``unblock``: the form. For ``boost``: the form that is boosted, or None for the
            entity as a whole.
        count: For ``boost`` of a form: as if it had been seen so often meaning the entity; None takes a boost back.
        prior: For ``boost`` of an entity: how famous it is, 0 to 1; None takes a boost back.
        author: Who did it.
        reason: Why.
        changed_at: When, RFC 3339.
    """

    action: str
    entity_id: str
    into: str | None = None
    type: str | None = None
    names: dict[str, tuple[str, ...]] | None = None
    alias: str | None = None
    count: int | None = None
    prior: float | None = None
    author: str | None = None
    reason: str | None = None
    changed_at: str | None = None


_FIELDS: Final = frozenset(CatalogEdit.__dataclass_fields__)
# Field by field, the actions that need it and those that may have it.
_OWNERS: Final = {
    "into": ({"split"}, {"split"}),
    "type": (set(), {"split"}),
    "names": ({"split"}, {"split"}),
    "alias": ({"block", "unblock"}, {"block", "unblock", "boost"}),
    "count": (set(), {"boost"}),
    "prior": (set(), {"boost"}),
}


def decode_edit(data: bytes) -> CatalogEdit:
    """Read an edit from JSON.

    Raises:
        DecodeError: The bytes are not a JSON object.
        SchemaError: A field breaks its rule.
    """
    return parse_edit(read.decode_object(data, _EVENT))


def parse_edit(source: dict[str, Any]) -> CatalogEdit:
    """Read an edit from decoded JSON.

    Raises:
        SchemaError: A field breaks its rule.
    """
    read.known_only(source, _FIELDS, _EVENT)
    action = read.choice(read.required(source, "action", _EVENT), "action", EDIT_ACTIONS)
    entity_id = check_entity_id(read.required(source, "entity_id", _EVENT), "entity_id")
    _check_parts(source, action)
    given = {name: source.get(name) for name in _FIELDS}
    author, reason, changed_at, type_ = given["author"], given["reason"], given["changed_at"], given["type"]
    into, names, alias, count, prior = (given[name] for name in ("into", "names", "alias", "count", "prior"))
    return CatalogEdit(
        action=action,
        entity_id=entity_id,
        into=None if into is None else check_entity_id(into, "into"),
        type=None if type_ is None else read.choice(type_, "type", ENTITY_TYPES),
        names=None if names is None else _names(names),
        alias=None if alias is None else read.text(alias, "alias", most=MAX_NAME, least=1),
        count=None if count is None else read.whole(count, "count", least=1, most=MAX_COUNT),
        prior=None if prior is None else read.number(prior, "prior", least=0, most=1),
        author=None if author is None else read.text(author, "author", most=200),
        reason=None if reason is None else read.text(reason, "reason", most=2_000),
        changed_at=None if changed_at is None else read.timestamp(changed_at, "changed_at"),
    )


def edit_document(edit: CatalogEdit) -> dict[str, Any]:
    """Return the edit as plain JSON values, without the fields that are None."""
    fields = {name: getattr(edit, name) for name in CatalogEdit.__dataclass_fields__}
    if edit.names is not None:
        fields["names"] = {language: list(texts) for language, texts in edit.names.items()}
    return {name: value for name, value in fields.items() if value is not None}


def encode_edit(edit: CatalogEdit) -> bytes:
    """Write the edit as JSON; equal edits give equal bytes.

    Raises:
        SchemaError: A text holds a lone surrogate.
    """
    return write.dump(edit_document(edit), _EVENT, sort_keys=True)


def _check_parts(source: dict[str, Any], action: str) -> None:
    for name, (needed, allowed) in _OWNERS.items():
        value = source.get(name)
        if value is None and action in needed:
            raise SchemaError(f"{name} is missing from a {_EVENT} whose action is {action}.", remedy=f"Send {name}.")
        if value is not None and action not in allowed:
            raise SchemaError(
                f"{name} is not part of a {_EVENT} whose action is {action}.",
                remedy=f"Only {' and '.join(sorted(allowed))} may have it.",
            )
    if action == "boost":
        wrong = "count" if source.get("alias") is None else "prior"
        if source.get(wrong) is not None:
            raise SchemaError(
                f"{wrong} is not part of a boost of {'an entity' if wrong == 'count' else 'an alias'}.",
                remedy="An alias is boosted with count, an entity as a whole with prior.",
            )


def _names(value: Any) -> dict[str, tuple[str, ...]]:
    names = {
        read.language_tag(tag, "a key of names"): read.texts(
            texts, f"names.{tag}", most_items=_MAX_SPLIT, most=MAX_NAME
        )
        for tag, texts in read.keyed(value, "names").items()
    }
    if not any(len(texts) > 0 for texts in names.values()):
        raise SchemaError("names of the split holds no name.", remedy="Name at least one that moves.")
    return names
