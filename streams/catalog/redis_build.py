"""Reading and writing one build in Redis: a state of the catalogue under its own keys."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.catalog.forms import indexed_names
from streams.catalog.marks import NO_MARKS, encode_marks, parse_marks
from streams.catalog.records import (
    EMPTY_SUM,
    SUM_LIMIT,
    Record,
    change_sum,
    external_pairs,
    line_hash,
    version_name,
)
from streams.catalog.redis_keys import external_field, name_field
from streams.events.entity import decode_entity, encode_entity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from streams.catalog.marks import Marks
    from streams.catalog.redis_keys import BuildKeys

__all__ = [
    "CHUNK",
    "BuildReader",
    "Delta",
    "fields_of_new",
    "queue_reading",
    "queue_records",
    "read_answers",
    "read_marks",
    "read_records",
    "read_still",
    "read_sum",
    "write_merged",
    "write_record",
]

CHUNK: Final = 500
"""Entities that one round trip reads or writes: enough to hide the trip, little enough to keep Redis answering."""

_STILL_ATTEMPTS: Final = 20


@dataclass(slots=True)
class Delta:
    """What a set of records changes about a build as a whole; it grows record by record.

    Attributes:
        total: The sum that names the version, after the records so far.
        counts: By how much each field of ``info`` grows.
    """

    total: int
    counts: Counter[str] = field(default_factory=Counter)

    def write(self, pipe: Any, keys: BuildKeys, *, is_new: bool = False) -> None:
        """Queue the commands that bring ``info`` up to date.

        Args:
            pipe: A pipeline.
            keys: Keys of the build.
            is_new: Whether this is all that the build holds.
        """
        pipe.hset(keys.info, mapping={"sum": f"{self.total:x}", "buckets": keys.buckets})
        if is_new:
            # Sent again where the answer was lost, an increment would count twice.
            pipe.hset(keys.info, mapping={"names": 0, **self.counts})
            return
        for name, growth in sorted(self.counts.items()):
            if growth != 0:
                pipe.hincrby(keys.info, name, growth)


class BuildReader:
    """Reads records one by one; what `streams.catalog.apply.apply` asks of a catalogue.

    Args:
        client: A client, or a pipeline that is watching and executes at once.
        keys: Keys of the build.
    """

    def __init__(self, client: Any, keys: BuildKeys) -> None:
        self._client = client
        self._keys = keys

    def record(self, entity_id: str) -> Record | None:
        """Return what is held under an id itself; None if nothing is."""
        data = self._client.hget(self._keys.entities, entity_id)
        if data is not None:
            return Record(entity_id, decode_entity(data), marks=self._marks(entity_id))
        target = self._client.hget(self._keys.redirects, entity_id)
        if target is not None:
            return Record(entity_id, redirect=target.decode())
        data = self._client.hget(self._keys.retired, entity_id)
        return (
            None if data is None else Record(entity_id, decode_entity(data), retired=True, marks=self._marks(entity_id))
        )

    def _marks(self, entity_id: str) -> Marks:
        return read_marks(self._client.hget(self._keys.marks, entity_id))

    def merged_into(self, entity_id: str) -> tuple[str, ...]:
        """Return the ids that redirect to an entity."""
        merged = self._client.hget(self._keys.merged, entity_id)
        return () if merged is None else tuple(merged.decode().split())


def read_records(client: Any, keys: BuildKeys, entity_ids: Sequence[str]) -> Iterator[Record]:
    """Read the records of ``entity_ids`` in one round trip; ids that are unknown are left out."""
    answers = read_still(client, keys.sequence, lambda pipe: queue_reading(pipe, keys, entity_ids))
    yield from (record for record in read_answers(entity_ids, answers) if record is not None)


def read_still(client: Any, sequence: str, queue: Callable[[Any], None]) -> list[Any]:
    """Return the answers to what ``queue`` queues, all of one state of the live catalogue.

    A transaction would do as well, but a Redis that is full refuses even one that only reads, and whoever reads
    is not to suffer for it. Every change moves the sequence, so what was read between two equal ones is whole.

    Args:
        client: A client.
        sequence: Key of the sequence.
        queue: Queues commands that read, on the pipeline that it is given.
    """
    for _ in range(_STILL_ATTEMPTS):
        pipe = client.pipeline(transaction=False)
        pipe.get(sequence)
        queue(pipe)
        pipe.get(sequence)
        before, *answers, after = pipe.execute()
        if before == after:
            return list(answers)
    pipe = client.pipeline(transaction=True)
    queue(pipe)
    found: list[Any] = pipe.execute()
    return found


def queue_reading(pipe: Any, keys: BuildKeys, entity_ids: Sequence[str]) -> None:
    """Queue the four commands that read the records of ``entity_ids``."""
    for key in (keys.entities, keys.retired, keys.redirects, keys.marks):
        pipe.hmget(key, entity_ids)


def read_answers(entity_ids: Sequence[str], answers: Sequence[Any]) -> Iterator[Record | None]:
    """Return the records in the answers to `queue_reading`, one an id; None for an id that is unknown."""
    for entity_id, live, retired, target, marks in zip(entity_ids, *answers, strict=True):
        if live is not None:
            yield Record(entity_id, decode_entity(live), marks=read_marks(marks))
        elif retired is not None:
            yield Record(entity_id, decode_entity(retired), retired=True, marks=read_marks(marks))
        else:
            yield None if target is None else Record(entity_id, redirect=target.decode())


def read_marks(stored: bytes | None) -> Marks:
    """Return the marks that ``marks`` holds for an entity; none where it holds none."""
    return NO_MARKS if stored is None else parse_marks(orjson.loads(stored))


def read_sum(stored: bytes | None) -> int:
    """Return the sum that ``info`` holds; that of an empty catalogue where it holds none."""
    return EMPTY_SUM if stored is None else int(stored, 16)


def queue_records(pipe: Any, keys: BuildKeys, records: Sequence[Record]) -> str:
    """Read what ``records`` replace through the watching ``pipe``, start its transaction, and queue the writing.

    Returns:
        Name of the version that the build then has.
    """
    reader = BuildReader(pipe, keys)
    before = {record.id: reader.record(record.id) for record in records}
    merged = _merged(reader, records, before)
    delta = Delta(read_sum(pipe.hget(keys.info, "sum")))
    pipe.multi()
    for record in records:
        write_record(pipe, keys, record, before[record.id], delta)
    write_merged(pipe, keys, merged)
    delta.write(pipe, keys)
    return version_name(delta.total)


def write_merged(pipe: Any, keys: BuildKeys, merged: Mapping[str, Collection[str]]) -> None:
    """Queue the commands that say which ids redirect to each entity in ``merged``."""
    for target, ids in sorted(merged.items()):
        if len(ids) > 0:
            pipe.hset(keys.merged, target, " ".join(sorted(ids)))
        else:
            pipe.hdel(keys.merged, target)


def write_record(pipe: Any, keys: BuildKeys, record: Record, before: Record | None, delta: Delta) -> None:
    """Queue the commands that put ``record`` in the place of ``before``; ``merged`` is the caller's."""
    delta.total = change_sum(delta.total, gone=[before], come=[record])
    kept = _place(keys, record)
    if before is not None and _place(keys, before) != kept:
        pipe.hdel(_place(keys, before), record.id)
    pipe.hset(kept, record.id, (record.redirect or "") if record.entity is None else encode_entity(record.entity))
    if record.marks != NO_MARKS:
        pipe.hset(keys.marks, record.id, encode_marks(record.marks))
    elif before is not None and before.marks != NO_MARKS:
        pipe.hdel(keys.marks, record.id)
    had, has = external_pairs(before), external_pairs(record)
    for pair in sorted(had - has):
        pipe.hdel(keys.external(*pair), external_field(*pair, record.id))
    for pair in sorted(has - had):
        pipe.hset(keys.external(*pair), external_field(*pair, record.id), "")
    old, new = indexed_names(before), indexed_names(record)
    for name in sorted(old - new):
        pipe.hdel(keys.names(name), name_field(name, record.id))
    for name in sorted(new - old):
        pipe.hset(keys.names(name), name_field(name, record.id), "")
    delta.counts["names"] += len(new) - len(old)
    for state, growth in ((before, -1), (record, 1)):
        if state is not None and state.live is not None:
            delta.counts[f"type:{state.live.type}"] += growth


def fields_of_new(keys: BuildKeys, record: Record, fields: dict[str, list[str | bytes]], delta: Delta) -> None:
    """Add to ``fields`` what `write_record` writes of a record under whose id nothing was: by key, fields and values.

    One command then sets many fields of a hash: for names in a million, commands cost more than fields.
    """
    if record.entity is None:
        line: str | bytes = record.redirect or ""
        summand = line_hash(record, b"")
    else:
        line = encode_entity(record.entity)
        summand = line_hash(record, line)
    delta.total = (delta.total + summand) % SUM_LIMIT
    fields.setdefault(_place(keys, record), []).extend((record.id, line))
    if record.marks != NO_MARKS:
        fields.setdefault(keys.marks, []).extend((record.id, encode_marks(record.marks)))
    for pair in external_pairs(record):
        fields.setdefault(keys.external(*pair), []).extend((external_field(*pair, record.id), b""))
    names = indexed_names(record)
    for name in names:
        fields.setdefault(keys.names(name), []).extend((name_field(name, record.id), b""))
    delta.counts["names"] += len(names)
    if record.live is not None:
        delta.counts[f"type:{record.live.type}"] += 1


def _place(keys: BuildKeys, record: Record) -> str:
    if record.entity is None:
        return keys.redirects
    return keys.retired if record.retired else keys.entities


def _merged(reader: BuildReader, records: Sequence[Record], before: dict[str, Record | None]) -> dict[str, set[str]]:
    """Return which ids redirect to each entity that ``records`` concern, once they are laid down."""
    merged: dict[str, set[str]] = {}
    for record in records:
        was = before[record.id]
        for target in (None if was is None else was.redirect, record.redirect):
            if target is not None and target not in merged:
                merged[target] = set(reader.merged_into(target))
        if was is not None and was.redirect is not None:
            merged[was.redirect].discard(record.id)
        if record.redirect is not None:
            merged[record.redirect].add(record.id)
    return merged
