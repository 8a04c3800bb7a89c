"""Entries of the change stream: what is written is read, and what nobody wrote is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.catalog.records import Record
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.redis_stream import Step, decode_entry, entry_fields, read_steps
from streams.errors import SnapshotError
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.events.entity import Entity
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from streams.catalog.store import AnyChange

_ENTITY = Entity("Q1", "person", {"en": "Somebody"})


@pytest.mark.parametrize(
    "change",
    [CatalogChange("set", "Q1", entity=_ENTITY), CatalogEdit("boost", "Q1", prior=0.5), None],
    ids=["change", "edit", "import"],
)
def test_what_is_written_is_read(change: AnyChange | None) -> None:
    records = (Record("Q1", _ENTITY), Record("Q2", redirect="Q1"))
    fields = entry_fields("sha-1", records, change)
    stored = {name.encode(): value.encode() if isinstance(value, str) else value for name, value in fields.items()}
    found = decode_entry(b"7-0", stored)
    assert (found.sequence, found.change, found.records, found.version) == (7, change, records, "sha-1")


def test_steps_are_read_from_where_one_is_and_say_whether_they_are_changes(redis_url: str) -> None:
    client = connect(RedisSettings(url=redis_url))
    store = RedisStore(client, buckets=8)
    store.put_many([_ENTITY])
    for number in range(2, 5):
        store.apply(CatalogChange("set", f"Q{number}", entity=Entity(f"Q{number}", "place", {"en": "Somewhere"})))
    every = read_steps(client, store.keys, after=0, most=100)
    assert [(step.sequence, step.is_change) for step in every] == [(1, False), (2, True), (3, True), (4, True)]
    assert every[-1] == Step(4, tuple(store.records())[-1:], store.version(), is_change=True)
    assert read_steps(client, store.keys, after=1, most=2) == every[1:3]
    assert read_steps(client, store.keys, after=4, most=2) == []
    client.close()


@pytest.mark.parametrize(
    ("entry_id", "change"),
    [
        (b"", {}),
        (b"x-0", {}),
        (b"-1-0", {}),
        ("٣-0".encode(), {}),
        (b"9" * 5_000 + b"-0", {}),
        (b"1-0", {b"records": None}),
        (b"1-0", {b"version": None}),
        (b"1-0", {b"version": b"\xff"}),
    ],
)
def test_an_entry_that_nobody_wrote_is_damaged_and_nothing_else(
    entry_id: bytes, change: dict[bytes, bytes | None]
) -> None:
    fields = {b"records": b"[]", b"version": b"sha-0"}
    assert decode_entry(b"7-0", fields).sequence == 7
    kept = {name: value for name, value in {**fields, **change}.items() if value is not None}
    with pytest.raises(SnapshotError, match="of the change stream is none"):
        decode_entry(entry_id, kept)
