"""What the catalogue holds under an id, and the name of a version of the whole.

A catalogue is a set of records, one an id. A change replaces whole records, so a change travels as the
records that it leaves behind; laying the same ones down twice, or over a newer mixture, does no harm.

The version is a function of the set alone, whatever the way to it: each record is hashed, the hashes are
added modulo 2²⁵⁶, and the sum is hashed again into a short name. Adding has no order and can be undone, so
a change costs two hashes rather than a pass over the catalogue, and a worker that followed a hundred
changes names its version as one that loaded the result.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.catalog.marks import NO_MARKS, Marks, encode_marks, marks_document, parse_marks
from streams.errors import EventError, SchemaError, SnapshotError
from streams.events import read
from streams.events.entity import Entity, check_entity_id, encode_entity, entity_document, parse_entity

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "EMPTY_SUM",
    "EMPTY_VERSION",
    "SUM_LIMIT",
    "Record",
    "change_sum",
    "decode_record_line",
    "decode_records",
    "encode_record_line",
    "encode_records",
    "entity_hash",
    "external_pairs",
    "line_hash",
    "record_hash",
    "revision_of",
    "version_name",
]

EMPTY_SUM: Final = 0
"""The sum of a catalogue without records."""

SUM_LIMIT: Final = 2**256
"""Sums are taken modulo this."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the catalogue holds under an id: an entity, a retired entity or a redirect.

    Attributes:
        id: The id.
        entity: The entity; None where the id redirects.
        retired: Whether the entity is kept only so that its id resolves, and is never linked.
        redirect: The id of the entity that this one was merged into.
        marks: What editors say about the entity; nothing where the id redirects.
    """

    id: str
    entity: Entity | None = None
    retired: bool = False
    redirect: str | None = None
    marks: Marks = NO_MARKS

    @property
    def live(self) -> Entity | None:
        """The entity if mentions may be linked to it, else None."""
        return None if self.retired else self.entity


def record_hash(record: Record) -> int:
    """Return the 256-bit hash of a record; equal records have equal hashes."""
    return line_hash(record, b"" if record.entity is None else encode_entity(record.entity))


def line_hash(record: Record, line: bytes) -> int:
    """Return what `record_hash` does, for somebody who has the entity as catalogue JSON already."""
    if record.entity is None:
        payload = f"redirect\0{record.id}\0{record.redirect}".encode()
    else:
        payload = (b"retired\0" if record.retired else b"entity\0") + line
    if record.marks != NO_MARKS:
        payload = b"marks\0" + encode_marks(record.marks) + b"\0" + payload
    return _number(payload)


def entity_hash(line: bytes, *, retired: bool) -> int:
    """Return the hash of the record of an entity without marks.

    Args:
        line: The entity as catalogue JSON.
        retired: Whether it is retired.
    """
    return _number((b"retired\0" if retired else b"entity\0") + line)


def revision_of(record: Record | None) -> str:
    """Return the revision of what is held under an id: 12 hexadecimal digits of its hash, ``none`` where nothing is.

    Equal contents have equal revisions, so that a revision says what was seen, whatever the way to it.
    """
    return "none" if record is None else f"{record_hash(record):064x}"[:12]


def external_pairs(record: Record | None) -> frozenset[tuple[str, str]]:
    """Return ``(scheme, id elsewhere)`` under which a record is looked up; none where it is not to be linked."""
    if record is None or record.live is None:
        return frozenset()
    return frozenset(
        (scheme, value)
        for scheme, ids in record.live.external_ids.items()
        for value in ((ids,) if isinstance(ids, str) else ids)
    )


def _number(payload: bytes) -> int:
    return int.from_bytes(hashlib.sha256(payload).digest(), "big")


def change_sum(total: int, *, gone: Iterable[Record | None] = (), come: Iterable[Record] = ()) -> int:
    """Return the sum of a catalogue after some records have gone and others have come.

    Args:
        total: The sum before.
        gone: Records that were replaced; None where the id was new.
        come: Records that took their places.
    """
    for record in gone:
        if record is not None:
            total -= record_hash(record)
    for record in come:
        total += record_hash(record)
    return total % SUM_LIMIT


def version_name(total: int) -> str:
    """Return the name of the version whose records add up to ``total``: ``sha-`` and 12 hexadecimal digits."""
    return f"sha-{hashlib.sha256(total.to_bytes(32, 'big')).hexdigest()[:12]}"


EMPTY_VERSION: Final = version_name(EMPTY_SUM)
"""The version of a catalogue without records; retired entities and redirects are records as well."""


def encode_records(records: Iterable[Record]) -> bytes:
    """Write records as a JSON list; equal records give equal bytes."""
    return orjson.dumps([_document(record) for record in records], option=orjson.OPT_SORT_KEYS)


def decode_records(data: bytes) -> tuple[Record, ...]:
    """Read what `encode_records` wrote.

    Raises:
        SnapshotError: It did not write this.
    """
    try:
        return tuple(_record(document) for document in read.decode_object(b'{"records":%b}' % data, "list")["records"])
    except (EventError, TypeError, AttributeError) as exc:
        raise SnapshotError(
            f"A stored list of catalogue records is damaged: {exc}. It begins with {read.excerpt(data[:60])}.",
            remedy="Load the catalogue anew.",
        ) from exc


def _document(record: Record) -> dict[str, Any]:
    if record.entity is None:
        return {"id": record.id, "redirect": record.redirect}
    document = {"id": record.id, "entity": entity_document(record.entity), "retired": record.retired}
    return document if record.marks == NO_MARKS else {**document, "marks": marks_document(record.marks)}


def _record(document: dict[str, Any]) -> Record:
    entity, redirect, marks = document.get("entity"), document.get("redirect"), document.get("marks")
    record = Record(
        id=check_entity_id(document.get("id")),
        entity=None if entity is None else parse_entity(entity),
        retired=document.get("retired") is True,
        redirect=None if redirect is None else check_entity_id(redirect, "redirect"),
        marks=NO_MARKS if marks is None else parse_marks(marks),
    )
    if (record.entity is None) == (record.redirect is None):
        raise SchemaError(f"{record.id} has no entity and no redirect, or both.", remedy="An id has one of the two.")
    if record.entity is None and (record.retired or record.marks != NO_MARKS):
        raise SchemaError(f"{record.id} redirects, and is retired or marked.", remedy="Only entities are.")
    if record.entity is not None and record.entity.id != record.id:
        raise SchemaError(f"{record.id} holds the entity {record.entity.id}.", remedy="Make the ids equal.")
    return record


def encode_record_line(record: Record, line: bytes) -> bytes:
    """Return the catalogue JSON of a record's entity, with its marks as one more field where it has any.

    Args:
        record: The record.
        line: Its entity as catalogue JSON.
    """
    if record.marks == NO_MARKS:
        return line
    return orjson.dumps({**orjson.loads(line), "marks": marks_document(record.marks)}, option=orjson.OPT_SORT_KEYS)


def decode_record_line(document: dict[str, Any], *, retired: bool) -> Record:
    """Return the record of what `encode_record_line` wrote, read as JSON.

    Raises:
        SchemaError: It did not write this.
    """
    marks = document.get("marks")
    entity = parse_entity({name: value for name, value in document.items() if name != "marks"})
    return Record(entity.id, entity, retired=retired, marks=NO_MARKS if marks is None else parse_marks(marks))
