"""Reading and writing one build in Redis: a state of the catalogue under its own keys."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from streams.catalog.names import folded_names
from streams.catalog.records import Record, change_sum
from streams.catalog.redis_keys import name_field
from streams.events.entity import decode_entity, encode_entity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.catalog.redis_keys import BuildKeys

__all__ = ["CHUNK", "BuildReader", "Delta", "read_records", "write_record"]

CHUNK: Final = 500
"""Entities that one round trip reads or writes: enough to hide the trip, little enough to keep Redis answering."""


@dataclass(slots=True)
class Delta:
    """What a set of records changes about a build as a whole; it grows record by record.

    Attributes:
        total: The sum that names the version, after the records so far.
        counts: By how much each field of ``info`` grows.
    """

    total: int
    counts: Counter[str] = field(default_factory=Counter)

    def write(self, pipe: Any, keys: BuildKeys) -> None:
        """Queue the commands that bring ``info`` up to date."""
        pipe.hset(keys.info, mapping={"sum": f"{self.total:x}", "buckets": keys.buckets})
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
            return Record(entity_id, decode_entity(data))
        target = self._client.hget(self._keys.redirects, entity_id)
        if target is not None:
            return Record(entity_id, redirect=target.decode())
        data = self._client.hget(self._keys.retired, entity_id)
        return None if data is None else Record(entity_id, decode_entity(data), retired=True)

    def merged_into(self, entity_id: str) -> tuple[str, ...]:
        """Return the ids that redirect to an entity."""
        merged = self._client.hget(self._keys.merged, entity_id)
        return () if merged is None else tuple(merged.decode().split())


def read_records(client: Any, keys: BuildKeys, entity_ids: Sequence[str]) -> Iterator[Record]:
    """Read the records of ``entity_ids`` in one round trip; ids that are unknown are left out."""
    pipe = client.pipeline(transaction=True)
    for key in (keys.entities, keys.retired, keys.redirects):
        pipe.hmget(key, entity_ids)
    for entity_id, live, retired, target in zip(entity_ids, *pipe.execute(), strict=True):
        if live is not None:
            yield Record(entity_id, decode_entity(live))
        elif retired is not None:
            yield Record(entity_id, decode_entity(retired), retired=True)
        elif target is not None:
            yield Record(entity_id, redirect=target.decode())


def write_record(pipe: Any, keys: BuildKeys, record: Record, before: Record | None, delta: Delta) -> None:
    """Queue the commands that put ``record`` in the place of ``before``; ``merged`` is the caller's."""
    delta.total = change_sum(delta.total, gone=[before], come=[record])
    kept = _place(keys, record)
    if before is not None and _place(keys, before) != kept:
        pipe.hdel(_place(keys, before), record.id)
    pipe.hset(kept, record.id, (record.redirect or "") if record.entity is None else encode_entity(record.entity))
    old, new = folded_names(before), folded_names(record)
    for name in sorted(old - new):
        pipe.hdel(keys.names(name), name_field(name, record.id))
    for name in sorted(new - old):
        pipe.hset(keys.names(name), name_field(name, record.id), "")
    delta.counts["names"] += len(new) - len(old)
    for state, growth in ((before, -1), (record, 1)):
        if state is not None and state.live is not None:
            delta.counts[f"type:{state.live.type}"] += growth


def _place(keys: BuildKeys, record: Record) -> str:
    if record.entity is None:
        return keys.redirects
    return keys.retired if record.retired else keys.entities
