"""Imports into Redis: a new build beside the live one, and one step that makes it live.

The build is filled in pipelines of bounded size. What editors change meanwhile goes to the live build; it
is laid down on the new one as well before the switch, which happens only if nothing more has come. An
import that fails removes its keys; one that is killed leaves keys that nobody reads, and the next removes
them.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError, WatchError

from streams.catalog.records import EMPTY_SUM, Record, version_name
from streams.catalog.redis_build import CHUNK, Delta, queue_records, read_sum, write_record
from streams.catalog.redis_keys import FIRST_BUILD
from streams.catalog.store import ImportReport
from streams.errors import ConflictError, EntityError
from streams.events.entity import decode_entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.redis_ import RedisStore
    from streams.catalog.redis_keys import BuildKeys
    from streams.events.entity import Entity

__all__ = ["LEASE", "Importer"]

LEASE: Final = 60_000
"""How long an import may be silent before another may begin, in milliseconds."""

_BUILDING: Final = b"building"
_COMPLETE: Final = b"complete"


class Importer:
    """One import.

    Args:
        store: The store.
        buckets: Hashes that the names of the new build are spread over.
    """

    def __init__(self, store: RedisStore, *, buckets: int) -> None:
        self._store = store
        self._client = store.client
        self._keys = store.keys
        self._buckets = buckets
        self._token = secrets.token_hex(8)
        self._build = ""
        self._delta = Delta(EMPTY_SUM)

    def run(self, entities: Iterable[Entity], *, replace: bool) -> ImportReport:
        """Import ``entities``; see `streams.catalog.store.CatalogStore.put_many`."""
        if self._client.set(self._keys.importing, self._token, nx=True, px=LEASE) is None:
            raise ConflictError(
                "Another import is running.", remedy=f"Wait for it; if it has died, {LEASE // 1000} s are enough."
            )
        try:
            return self._run(entities, replace=replace)
        except BaseException:
            # A Redis that is full of half an import would refuse even to read. Where it is away, the next sweeps.
            with suppress(RedisError, OSError):
                self._abandon()
            raise
        finally:
            if self._client.get(self._keys.importing) == self._token.encode():
                self._client.delete(self._keys.importing)

    def _run(self, entities: Iterable[Entity], *, replace: bool) -> ImportReport:
        self._sweep()
        sequence, _ = self._store.position()
        old = self._store.live_keys()
        if sequence > 0:
            self._client.hsetnx(self._keys.builds, FIRST_BUILD, _COMPLETE)
        self._build = str(self._client.incr(self._keys.last_build))
        new = self._keys.build(self._build, buckets=self._buckets)
        self._client.hset(self._keys.builds, self._build, _BUILDING)
        self._client.hset(new.info, "buckets", self._buckets)
        redirects = self._store.redirects()
        seen: set[str] = set()
        redirected: list[str] = []
        self._write(new, self._given(entities, redirects, seen, redirected))
        entity_count = len(seen) - len(redirected)
        retired = self._copy(old, new, seen, retire=replace)
        self._write(new, (Record(gone, redirect=stays) for gone, stays in redirects.items()))
        self._copy_hash(old.merged, new.merged)
        with self._client.pipeline(transaction=True) as pipe:
            self._delta.write(pipe, new)
            pipe.execute()
        final = self._switch(new, sequence)
        self._sweep()
        _, version = self._store.position()
        return ImportReport(entity_count, tuple(redirected), retired, version, final)

    def _given(
        self, entities: Iterable[Entity], redirects: dict[str, str], seen: set[str], redirected: list[str]
    ) -> Iterator[Record]:
        for entity in entities:
            if entity.id in seen:
                raise EntityError(f"{entity.id} comes twice in one import.", remedy="Unite its lines first.")
            seen.add(entity.id)
            if entity.id in redirects:
                redirected.append(entity.id)
            else:
                yield Record(entity.id, entity)

    def _copy(self, old: BuildKeys, new: BuildKeys, seen: set[str], *, retire: bool) -> int:
        """Copy what was not imported; return how many entities were retired by that."""
        retired = 0

        def rest(key: str, *, are_retired: bool) -> Iterator[Record]:
            for entity_id, data in self._client.hscan_iter(key, count=CHUNK):
                if entity_id.decode() not in seen:
                    seen.add(entity_id.decode())
                    yield Record(entity_id.decode(), decode_entity(data), retired=are_retired)

        before = len(seen)
        self._write(new, rest(old.entities, are_retired=retire))
        if retire:
            retired = len(seen) - before
        self._write(new, rest(old.retired, are_retired=True))
        return retired

    def _write(self, new: BuildKeys, records: Iterable[Record]) -> None:
        left = iter(records)
        while True:
            chunk = list(islice(left, CHUNK))
            if len(chunk) == 0:
                return
            pipe = self._client.pipeline(transaction=False)
            for record in chunk:
                write_record(pipe, new, record, None, self._delta)
            self._renew(pipe)
            self._check_lease(pipe.execute()[-1])

    def _copy_hash(self, old: str, new: str) -> None:
        pipe = self._client.pipeline(transaction=False)
        for field, value in self._client.hscan_iter(old, count=CHUNK):
            pipe.hset(new, field, value)
        pipe.execute()

    def _switch(self, new: BuildKeys, sequence: int) -> int:
        """Catch up with what was changed since ``sequence``, then go live; return the sequence of that."""
        while True:
            for change in self._store.changes_since(sequence):
                with self._client.pipeline(transaction=True) as pipe:
                    pipe.watch(self._keys.importing)
                    queue_records(pipe, new, change.records)
                    pipe.execute()
                sequence = change.sequence
            try:
                return self._go_live(new, sequence)
            except WatchError:
                continue

    def _go_live(self, new: BuildKeys, sequence: int) -> int:
        with self._client.pipeline(transaction=True) as pipe:
            pipe.watch(self._keys.sequence, self._keys.live, self._keys.importing)
            self._check_lease(pipe.get(self._keys.importing))
            if int(pipe.get(self._keys.sequence) or 0) != sequence:
                raise WatchError
            version = version_name(read_sum(pipe.hget(new.info, "sum")))
            pipe.multi()
            pipe.set(self._keys.live, self._build)
            pipe.hset(self._keys.builds, self._build, _COMPLETE)
            self._store.queue_entry(pipe, sequence + 1, version=version, records=(), change=None)
            pipe.execute()
        return sequence + 1

    def _renew(self, pipe: Any) -> None:
        pipe.pexpire(self._keys.importing, LEASE)
        pipe.get(self._keys.importing)

    def _check_lease(self, token: bytes | None) -> None:
        if token != self._token.encode():
            raise ConflictError(
                f"This import was silent for more than {LEASE // 1000} s and another one began.",
                remedy="Import again.",
            )

    def _sweep(self) -> None:
        """Remove builds that died and those before the last but one; the last but one is kept to return to."""
        live = self._client.get(self._keys.live)
        states = self._client.hgetall(self._keys.builds)
        complete = sorted((name for name, state in states.items() if state != _BUILDING), key=int)
        for name in states:
            if name not in complete[-2:] and name != live:
                self._remove(name.decode())

    def _abandon(self) -> None:
        if self._build != "" and self._client.hget(self._keys.builds, self._build) == _BUILDING:
            self._remove(self._build)

    def _remove(self, build: str) -> None:
        every = list(self._store.build_keys(build).all())
        for start in range(0, len(every), CHUNK):
            self._client.unlink(*every[start : start + CHUNK])
        self._client.hdel(self._keys.builds, build)
