"""The change stream in Redis: its entries, written by whoever changes the catalogue and read by whoever follows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams.catalog.records import decode_records, encode_records
from streams.catalog.redis_errors import redis_errors
from streams.catalog.store import Change
from streams.errors import SnapshotError
from streams.events.change import CatalogChange, decode_change, encode_change
from streams.events.edit import decode_edit, encode_edit
from streams.events.read import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.records import Record
    from streams.catalog.redis_keys import Keys
    from streams.catalog.store import AnyChange

__all__ = ["Step", "decode_entry", "entry_fields", "read_steps"]

# What Redis itself writes: two numbers of 64 bits.
_ENTRY_ID: Final = re.compile(rb"([0-9]{1,20})-[0-9]{1,20}\Z")


@dataclass(frozen=True, slots=True)
class Step:
    """An entry for somebody who wants to know where it leads, and not what was asked for.

    Attributes:
        sequence: Its number.
        records: The records that it left behind.
        version: Name of the catalogue version after it.
        is_change: Whether it is one; otherwise another build went live, which must be loaded anew.
    """

    sequence: int
    records: tuple[Record, ...]
    version: str
    is_change: bool


def entry_fields(version: str, records: Sequence[Record], change: AnyChange | None) -> dict[str, Any]:
    """Return the fields of an entry.

    Args:
        version: Name of the catalogue version after it.
        records: What it leaves behind.
        change: What was asked for; None where another build goes live.
    """
    fields: dict[str, Any] = {"version": version, "records": encode_records(records)}
    if isinstance(change, CatalogChange):
        fields["change"] = encode_change(change)
    elif change is not None:
        fields["edit"] = encode_edit(change)
    return fields


def decode_entry(entry_id: bytes, fields: dict[bytes, bytes]) -> Change:
    """Read an entry.

    Raises:
        SnapshotError: It is no such entry, or the records in it are damaged.
        EventError: The change in it is damaged.
    """
    step, change, edit = _step(entry_id, fields), fields.get(b"change"), fields.get(b"edit")
    asked: AnyChange | None = None if change is None else decode_change(change)
    return Change(
        sequence=step.sequence,
        change=asked if edit is None else decode_edit(edit),
        records=step.records,
        version=step.version,
    )


def read_steps(client: Any, keys: Keys, *, after: int, most: int) -> list[Step]:
    """Return the entries after a sequence, oldest first.

    Args:
        client: A client.
        keys: Where everything lies.
        after: The sequence.
        most: At most so many.

    Raises:
        SnapshotError: One is none that Wasl wrote, or is damaged.
        StoreUnavailableError: Redis cannot be reached just now.
    """
    with redis_errors("Reading the catalogue's changes"):
        entries = client.xrange(keys.changes, f"{after + 1}-0", "+", count=most)
    return [_step(*entry) for entry in entries]


def _step(entry_id: bytes, fields: dict[bytes, bytes]) -> Step:
    records, version = fields.get(b"records"), fields.get(b"version")
    found = _ENTRY_ID.match(entry_id)
    if found is None or records is None or version is None or not version.isascii():
        raise SnapshotError(
            f"Entry {excerpt(entry_id)} of the change stream is none that Wasl wrote.",
            remedy="Load the catalogue anew.",
        )
    return Step(
        sequence=int(found[1]),
        records=decode_records(records),
        version=version.decode("ascii"),
        is_change=b"change" in fields or b"edit" in fields,
    )
