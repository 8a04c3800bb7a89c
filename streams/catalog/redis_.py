"""The store in Redis: the source of truth that all workers follow and where anybody can resolve an id.

`streams.catalog.redis_keys` says where everything lies. A change reads what it concerns while it watches
the sequence, which every change moves, and writes records, names, counts, sequence and stream entry in one
transaction: nobody ever sees half of it, and of two changes at once the slower one is worked out anew.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import WatchError
from redis.retry import Retry

from streams.catalog.apply import apply
from streams.catalog.records import decode_records, encode_records, version_name
from streams.catalog.redis_build import CHUNK, BuildReader, queue_records, read_records, read_sum
from streams.catalog.redis_errors import redis_errors
from streams.catalog.redis_import import Importer
from streams.catalog.redis_keys import BUCKETS, FIRST_BUILD, BuildKeys, Keys, split_name_field
from streams.catalog.store import Change, StoreStats, rank_hits
from streams.errors import ConflictError, SnapshotError
from streams.events.change import decode_change, encode_change
from streams.events.read import excerpt
from streams.linking.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.catalog.records import Record
    from streams.catalog.store import ImportReport
    from streams.events.change import CatalogChange
    from streams.events.entity import Entity
    from streams.settings import RedisSettings

__all__ = ["HISTORY", "RedisStore", "connect", "decode_entry"]

HISTORY: Final = 100_000
"""Changes that the stream keeps; a worker that was away for more loads the catalogue anew."""

_ATTEMPTS: Final = 50
# What Redis itself writes: two numbers of 64 bits.
_ENTRY_ID: Final = re.compile(rb"([0-9]{1,20})-[0-9]{1,20}\Z")


def connect(settings: RedisSettings, *, timeout: float = 5.0) -> Redis:
    """Return a client; nothing is sent yet.

    Args:
        settings: Where Redis is.
        timeout: Longest wait for a connection or an answer, in seconds.
    """
    return Redis.from_url(
        settings.url,
        protocol=2,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(ExponentialBackoff(base=0.02, cap=0.2), 2),
    )


def decode_entry(entry_id: bytes, fields: dict[bytes, bytes]) -> Change:
    """Read an entry of the change stream.

    Raises:
        SnapshotError: It is no such entry, or the records in it are damaged.
        EventError: The change in it is damaged.
    """
    change, records, version = (fields.get(name) for name in (b"change", b"records", b"version"))
    found = _ENTRY_ID.match(entry_id)
    if found is None or records is None or version is None or not version.isascii():
        raise SnapshotError(
            f"Entry {excerpt(entry_id)} of the change stream is none that Wasl wrote.",
            remedy="Load the catalogue anew.",
        )
    return Change(
        sequence=int(found[1]),
        change=None if change is None else decode_change(change),
        records=decode_records(records),
        version=version.decode("ascii"),
    )


class RedisStore:
    """A `streams.catalog.store.CatalogStore` in Redis.

    Args:
        client: What `connect` returns.
        prefix: What all keys begin with.
        history: Changes that the stream keeps, about.
        buckets: Hashes that the names of builds begun here are spread over.
        where: What messages call this Redis; no password in it.
    """

    def __init__(
        self,
        client: Redis,
        *,
        prefix: str = "wasl",
        history: int = HISTORY,
        buckets: int = BUCKETS,
        where: str = "Redis",
    ) -> None:
        self.client: Any = client
        self.keys = Keys(prefix)
        self.where = where
        self._history = history
        self._buckets = buckets
        self._known_builds: dict[str, BuildKeys] = {}

    def put_many(self, entities: Iterable[Entity], *, replace: bool = False) -> ImportReport:
        """Import ``entities`` into a build of its own, which goes live in one step when it is complete.

        Raises:
            EntityError: An id comes twice.
            ConflictError: Another import is running.
            StoreUnavailableError: Redis went away; what was live still is.
        """
        with redis_errors("Importing a catalogue"):
            return Importer(self, buckets=self._buckets).run(entities, replace=replace)

    def apply(self, change: CatalogChange) -> int:
        """Apply a change in one transaction and return its sequence.

        Raises:
            UnknownEntityError: See `streams.catalog.apply.apply`.
            MergeError: Likewise.
            ConflictError: Others kept changing the catalogue while this was worked out.
            StoreUnavailableError: Redis cannot be reached just now.
        """
        with redis_errors(f"Applying the change of {change.entity_id}"):
            for _ in range(_ATTEMPTS):
                try:
                    return self._try(change)
                except WatchError:
                    continue
        raise ConflictError(
            f"The change of {change.entity_id} lost to other changes {_ATTEMPTS} times.", remedy="Try again."
        )

    def get(self, entity_id: str) -> Entity | None:
        """Return the entity with this id, or the one that it was merged into; None if unknown."""
        record = self.record(entity_id)
        if record is not None and record.redirect is not None:
            record = self.record(record.redirect)
        return None if record is None else record.entity

    def record(self, entity_id: str) -> Record | None:
        """Return what is held under an id itself; None if nothing is."""
        with redis_errors(f"Reading {entity_id}"):
            return next(read_records(self.client, self.live_keys(), [entity_id]), None)

    def find(self, name: str) -> tuple[str, ...]:
        """Return the ids of the entities that may be linked and go by ``name``, folded."""
        wanted = fold_text(name)
        with redis_errors("Finding a name"):
            found = [split_name_field(entry) for entry in self.client.hkeys(self.live_keys().names(wanted))]
        return tuple(sorted(entity_id for folded, entity_id in found if folded == wanted))

    def search(self, text: str, *, limit: int = 20) -> tuple[Entity, ...]:
        """Return entities that have ``text`` in a name or as their id.

        Cost: reads every name: for a million about 1.5 s. For people, not for programs.
        """
        by_id = self.get(text)
        with redis_errors("Searching the catalogue"):
            keys = self.live_keys()
            ranked = rank_hits(text, self._names(keys), limit=limit)
            found = list(dict.fromkeys(([] if by_id is None else [by_id.id]) + ranked))[:limit]
            records = list(read_records(self.client, keys, found)) if len(found) > 0 else []
        return tuple(record.entity for record in records if record.entity is not None)

    def changes_since(self, sequence: int) -> list[Change]:
        """Return the changes after ``sequence``, oldest first.

        Raises:
            SnapshotError: Some of them are no longer kept, or this Redis never had them.
        """
        with redis_errors("Reading the changes"):
            now, _ = self.position()
            # Sequences are whole numbers without gaps, so the entries of a range count themselves.
            entries = self.client.xrange(self.keys.changes, f"{sequence + 1}-0", f"{now}-0") if now > sequence else []
        if len(entries) != now - sequence:
            raise SnapshotError(
                f"Changes {sequence + 1} to {now} are asked for, and {len(entries)} of them are kept.",
                remedy="Load the catalogue anew.",
            )
        return [decode_entry(*entry) for entry in entries]

    def redirects(self) -> dict[str, str]:
        """Return the id that stays by each id that redirects."""
        with redis_errors("Reading the redirects"):
            found = self.client.hgetall(self.live_keys().redirects)
        return {gone.decode(): stays.decode() for gone, stays in found.items()}

    def records(self) -> Iterator[Record]:
        """Return all records in the order of their ids; changes made meanwhile may or may not be among them."""
        with redis_errors("Reading the catalogue"):
            keys = self.live_keys()
            ids: list[str] = sorted(
                entity_id.decode()
                for key in (keys.entities, keys.retired, keys.redirects)
                for entity_id in self.client.hkeys(key)
            )
        for start in range(0, len(ids), CHUNK):
            with redis_errors("Reading the catalogue"):
                chunk = list(read_records(self.client, keys, ids[start : start + CHUNK]))
            yield from chunk

    def stats(self) -> StoreStats:
        """Return how much the catalogue holds."""
        with redis_errors("Counting the catalogue"):
            keys = self.live_keys()
            pipe = self.client.pipeline(transaction=True)
            for key in (keys.entities, keys.retired, keys.redirects):
                pipe.hlen(key)
            pipe.hgetall(keys.info)
            pipe.get(self.keys.sequence)
            entities, retired, redirects, info, sequence = pipe.execute()
        types = {name[5:].decode(): int(count) for name, count in info.items() if name.startswith(b"type:")}
        return StoreStats(
            entities=entities,
            retired=retired,
            redirects=redirects,
            names=int(info.get(b"names", 0)),
            by_type={name: count for name, count in sorted(types.items()) if count > 0},
            sequence=int(sequence or 0),
            version=version_name(read_sum(info.get(b"sum"))),
        )

    def version(self) -> str:
        """Return the name of the version."""
        return self.position()[1]

    def position(self) -> tuple[int, str]:
        """Return the sequence of the last change and the name of the version after it."""
        while True:
            with redis_errors("Reading the catalogue's position"):
                build = self._live(self.client)
                pipe = self.client.pipeline(transaction=True)
                pipe.get(self.keys.live)
                pipe.get(self.keys.sequence)
                pipe.hget(self.keys.build(build, buckets=self._buckets).info, "sum")
                live, sequence, total = pipe.execute()
            if (live or FIRST_BUILD.encode()).decode() == build:
                return int(sequence or 0), version_name(read_sum(total))

    def live_keys(self, client: Any = None) -> BuildKeys:
        """Return the keys of the live build, asking ``client``, which may be a pipeline that watches."""
        client = self.client if client is None else client
        return self.build_keys(self._live(client), client)

    def build_keys(self, build: str, client: Any = None) -> BuildKeys:
        """Return the keys of a build."""
        known = self._known_builds.get(build)
        if known is not None:
            return known
        keys = self.keys.build(build, buckets=self._buckets)
        buckets = (self.client if client is None else client).hget(keys.info, "buckets")
        if buckets is not None:
            # How a build's names are spread never changes.
            keys = self._known_builds[build] = self.keys.build(build, buckets=int(buckets))
        return keys

    def queue_entry(
        self, pipe: Any, sequence: int, *, version: str, records: Sequence[Record], change: CatalogChange | None
    ) -> None:
        """Queue the entry of the change stream that has number ``sequence``, and the new sequence."""
        fields = {"version": version, "records": encode_records(records)}
        if change is not None:
            fields["change"] = encode_change(change)
        pipe.set(self.keys.sequence, sequence)
        pipe.xadd(self.keys.changes, fields, id=f"{sequence}-0", maxlen=self._history, approximate=True)

    def _try(self, change: CatalogChange) -> int:
        with self.client.pipeline(transaction=True) as pipe:
            pipe.watch(self.keys.sequence, self.keys.live)
            keys = self.live_keys(pipe)
            sequence = int(pipe.get(self.keys.sequence) or 0) + 1
            records = apply(change, BuildReader(pipe, keys))
            version = queue_records(pipe, keys, records)
            self.queue_entry(pipe, sequence, version=version, records=records, change=change)
            pipe.execute()
        return sequence

    def _live(self, client: Any) -> str:
        return str((client.get(self.keys.live) or FIRST_BUILD.encode()).decode())

    def _names(self, keys: BuildKeys) -> Iterator[tuple[str, str]]:
        every = list(keys.all_names())
        step = math.ceil(len(every) / 32)
        for start in range(0, len(every), step):
            pipe = self.client.pipeline(transaction=False)
            for key in every[start : start + step]:
                pipe.hkeys(key)
            for fields in pipe.execute():
                yield from map(split_name_field, fields)
