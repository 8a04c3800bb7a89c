"""The store in Redis: the source of truth that all workers follow and where anybody can resolve an id.

`streams.catalog.redis_keys` says where everything lies. How it is changed is in modules beside this one:
`redis_edit` (changes), `redis_import` (imports), `redis_switch` (which build is live) and `redis_log` (who did
what).

Length: the port has many methods, and each is here with what it says about Redis, few of them with more than a
call.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import orjson
from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from streams.catalog.diff import diff_records
from streams.catalog.records import version_name
from streams.catalog.redis_build import CHUNK, BuildReader, read_records, read_still, read_sum
from streams.catalog.redis_edit import Batch
from streams.catalog.redis_errors import redis_errors
from streams.catalog.redis_import import Importer
from streams.catalog.redis_keys import BUCKETS, FIRST_BUILD, BuildKeys, Keys, split_name_field
from streams.catalog.redis_log import read_log
from streams.catalog.redis_stream import decode_entry, entry_fields
from streams.catalog.redis_switch import collect_after, leased, switch
from streams.catalog.redis_workers import read_workers
from streams.catalog.store import NO_NOTE, Note, Request, StoreStats, VersionInfo, rank_hits
from streams.catalog.versions import find_build, state_of
from streams.errors import CatalogError, ConflictError, EditError, SnapshotError
from streams.linking.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.catalog.diff import Difference
    from streams.catalog.records import Record
    from streams.catalog.redis_workers import WorkerUse
    from streams.catalog.store import AnyChange, Beside, Change, ImportReport, LogEntry, SwitchReport
    from streams.events.entity import Entity
    from streams.settings import RedisSettings

__all__ = ["HISTORY", "KEEP", "RedisStore", "connect"]

HISTORY: Final = 100_000
"""Changes that the stream keeps; a worker that was away for more loads the catalogue anew."""

KEEP: Final = 2
"""Builds that were live that are kept, the live one among them."""


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


class RedisStore:
    """A `streams.catalog.store.CatalogStore` in Redis.

    Args:
        client: What `connect` returns.
        prefix: What all keys begin with.
        history: Changes that the stream keeps, about.
        buckets: Hashes that the names of builds begun here are spread over.
        keep: Builds that were live that are kept, the live one among them.
        where: What messages call this Redis; no password in it.
    """

    def __init__(
        self,
        client: Redis,
        *,
        prefix: str = "wasl",
        history: int = HISTORY,
        buckets: int = BUCKETS,
        keep: int = KEEP,
        where: str = "Redis",
    ) -> None:
        self.client: Any = client
        self.keys = Keys(prefix)
        self.where = where
        self._history = history
        self._buckets = buckets
        self._keep = keep
        self._known_builds: dict[str, BuildKeys] = {}
        self.last_live = FIRST_BUILD

    def put_many(
        self,
        entities: Iterable[Entity],
        *,
        replace: bool = False,
        merges: Iterable[tuple[str, str]] = (),
        stage: bool = False,
        cut: int | None = None,
        beside: Beside | None = None,
        note: Note = NO_NOTE,
    ) -> ImportReport:
        """Import ``entities`` into a build of its own, which goes live in one step when it is complete.

        Raises:
            EntityError: An id comes twice.
            MergeError: See `streams.catalog.apply.merge_known`.
            ConflictError: Another import is running, or another build went live since ``cut``.
            StoreUnavailableError: Redis went away; what was live still is.
        """
        with redis_errors("Importing a catalogue"):
            importer = Importer(self, buckets=self._buckets, keep=self._keep)
            return importer.run(
                entities, replace=replace, merges=merges, stage=stage, cut=cut, beside=beside, note=note
            )

    def fill(self, entities: Iterable[Entity], *, note: Note = NO_NOTE) -> ImportReport | None:
        """Import ``entities`` into a store that holds no record, looking while no other import may run.

        Raises:
            EntityError: An id comes twice.
            ConflictError: Another import is running, and nothing is there yet.
            StoreUnavailableError: Redis went away, or is still loading what it holds.
        """
        with redis_errors("Filling the catalogue"):
            return Importer(self, buckets=self._buckets, keep=self._keep).fill(entities, note=note)

    def apply(self, change: AnyChange, *, expect: str | None = None, first: bool = True) -> int | None:
        """Apply a change in one transaction and return its sequence; None where everything is so already.

        Raises:
            UnknownEntityError: See `streams.catalog.apply.apply`.
            MergeError: Likewise.
            EditError: Likewise.
            ConflictError: The record has another revision, or others kept changing the catalogue meanwhile.
            EmptyStoreError: Redis holds no catalogue, and this may not begin one.
            StoreUnavailableError: Redis cannot be reached just now, or is full.
        """
        [outcome] = self.apply_many([Request(change, expect)], first=first)
        if isinstance(outcome, CatalogError):
            raise outcome
        return outcome

    def apply_many(self, requests: Sequence[Request], *, first: bool = True) -> list[int | CatalogError | None]:
        """Apply changes in one transaction, and return for each its sequence, its refusal, or None.

        Raises:
            ConflictError: Others kept changing the catalogue meanwhile; nothing was applied.
            EmptyStoreError: Redis holds no catalogue, and this may not begin one.
            StoreUnavailableError: Redis cannot be reached just now, or is full.
        """
        if len(requests) == 0:
            return []
        with redis_errors(f"Applying the change of {requests[0].change.entity_id}"):
            return Batch(self, requests, first=first).run()

    def promote(self, build: str, *, note: Note = NO_NOTE) -> SwitchReport:
        """Make a build live in one transaction.

        Raises:
            EditError: No such build is kept, or it is live already.
            ConflictError: An import or another promotion is running.
            StoreUnavailableError: Redis cannot be reached just now.
        """
        with redis_errors("Promoting a version"), leased(self) as lease:
            name = find_build(build, self.versions())
            if name == self.live():
                raise EditError(f"Build {name} is live already.", remedy="See `wasl catalog versions`.")
            report = switch(self, lease, name, action="promote", note=note)
            collect_after(self, lease, keep=self._keep)
            return report

    def rollback(self, *, note: Note = NO_NOTE) -> SwitchReport:
        """Make the build live again that was live before the live one, in one transaction.

        Raises:
            EditError: None is kept.
            ConflictError: An import or another promotion is running.
            StoreUnavailableError: Redis cannot be reached just now.
        """
        with redis_errors("Rolling back"), leased(self) as lease:
            before = self.client.hget(self.live_keys().info, "before")
            if before is None or not self.client.hexists(self.keys.builds, before):
                raise EditError(
                    f"No build is kept that was live before {self.live()}.",
                    remedy="See `wasl catalog versions`, and promote one of them.",
                )
            report = switch(self, lease, before.decode(), action="rollback", note=note)
            collect_after(self, lease, keep=self._keep)
            return report

    def versions(self) -> list[VersionInfo]:
        """Return the builds that are kept, the newest first."""
        with redis_errors("Listing the versions"):
            live, before = self.live(), self.client.hget(self.live_keys().info, "before")
            states = {name.decode(): state.decode() for name, state in self.client.hgetall(self.keys.builds).items()}
            if self.position()[0] > 0:
                states.setdefault(live, "complete")
            workers = self.workers()
            shown = []
            for name, state in sorted(states.items(), key=lambda each: -int(each[0])):
                keys = self.build_keys(name)
                info = self.client.hgetall(keys.info)
                shown.append(
                    VersionInfo(
                        build=name,
                        version=version_name(read_sum(info.get(b"sum"))),
                        state=state_of(name, state, live=live, before=None if before is None else before.decode()),
                        entities=self.client.hlen(keys.entities),
                        names=int(info.get(b"names", 0)),
                        note=NO_NOTE if b"made" not in info else Note(**orjson.loads(info[b"made"])),
                        workers=tuple(use.name for use in workers if use.build == name),
                    )
                )
        return shown

    def diff(self, first: str, second: str) -> Iterator[Difference]:
        """Return what differs between two builds, by id, reading both side by side.

        Raises:
            EditError: No such build is kept.
            ConflictError: One of them was removed meanwhile; raised while what differs is gone through.
        """
        known = self.versions()
        old, new = (self.build_keys(find_build(name, known)) for name in (first, second))
        return diff_records(self._records(old), self._records(new))

    def log(self, *, entity_id: str | None = None, limit: int | None = None) -> Iterator[LogEntry]:
        """Return the audit log, newest first."""
        return read_log(self.client, self.keys, entity_id=entity_id, limit=limit)

    def workers(self) -> list[WorkerUse]:
        """Return which version each worker uses that said so lately."""
        with redis_errors("Asking which versions workers use"):
            return read_workers(self.client, self.keys)

    def find_external(self, scheme: str, value: str) -> tuple[str, ...]:
        """Return the ids of the entities that may be linked and have this id elsewhere."""
        wanted = f"{scheme}\0{value}"
        with redis_errors("Finding an external id"):
            key = self.live_keys().external(scheme, value)
            found = [split_name_field(entry) for entry in self.client.hkeys(key)]
        return tuple(sorted(entity_id for pair, entity_id in found if pair == wanted))

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

    def merged_into(self, entity_id: str) -> tuple[str, ...]:
        """Return the ids that redirect to an entity."""
        with redis_errors(f"Reading {entity_id}"):
            return BuildReader(self.client, self.live_keys()).merged_into(entity_id)

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
        """Return all records in the order of their ids; changes made meanwhile may or may not be among them.

        Raises:
            ConflictError: Imports took the place of what was being read, and it was removed.
        """
        with redis_errors("Reading the catalogue"):
            keys = self.live_keys()
        yield from self._records(keys)

    def _records(self, keys: BuildKeys) -> Iterator[Record]:
        def queue(pipe: Any) -> None:
            for key in (keys.entities, keys.retired, keys.redirects):
                pipe.hkeys(key)

        with redis_errors("Reading the catalogue"):
            # One state of all three: a change moves an id from one to another.
            found = read_still(self.client, self.keys.sequence, queue)
        ids: list[str] = sorted(entity_id.decode() for each in found for entity_id in each)
        for start in range(0, len(ids), CHUNK):
            with redis_errors("Reading the catalogue"):
                chunk = list(read_records(self.client, keys, ids[start : start + CHUNK]))
            # An id that was given out stays for as long as its build does.
            if len(chunk) < len(ids[start : start + CHUNK]):
                raise ConflictError(
                    f"Build {keys.name} was removed while it was read: imports took its place.",
                    remedy="Try again after the imports.",
                )
            yield from chunk

    def stats(self) -> StoreStats:
        """Return how much the catalogue holds."""
        with redis_errors("Counting the catalogue"):
            keys = self.live_keys()

            def queue(pipe: Any) -> None:
                for key in (keys.entities, keys.retired, keys.redirects):
                    pipe.hlen(key)
                pipe.hgetall(keys.info)
                pipe.get(self.keys.sequence)

            entities, retired, redirects, info, sequence = read_still(self.client, self.keys.sequence, queue)
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
                build = self.last_live
                info = self.keys.build(build, buckets=self._buckets).info

                def queue(pipe: Any, info: str = info) -> None:
                    pipe.get(self.keys.live)
                    pipe.get(self.keys.sequence)
                    pipe.hget(info, "sum")

                live, sequence, total = read_still(self.client, self.keys.sequence, queue)
            if self.note_live(live) == build:
                return int(sequence or 0), version_name(read_sum(total))

    def live_keys(self, client: Any = None) -> BuildKeys:
        """Return the keys of the live build, asking ``client``, which may be a pipeline that watches."""
        client = self.client if client is None else client
        return self.build_keys(self._live(client), client)

    def live(self) -> str:
        """Return the name of the live build."""
        return self._live(self.client)

    def note_live(self, stored: bytes | None) -> str:
        """Return the name in what was read from the key of the live build, and take it for the likely one next time."""
        self.last_live = (stored or FIRST_BUILD.encode()).decode()
        return self.last_live

    def forget_build(self, build: str) -> None:
        """Forget what is known about a build that was removed."""
        self._known_builds.pop(build, None)

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
        self, pipe: Any, sequence: int, *, version: str, records: Sequence[Record], change: AnyChange | None
    ) -> None:
        """Queue the entry of the change stream that has number ``sequence``; the sequence itself is the caller's."""
        fields = entry_fields(version, records, change)
        pipe.xadd(self.keys.changes, fields, id=f"{sequence}-0", maxlen=self._history, approximate=True)

    def _live(self, client: Any) -> str:
        return self.note_live(client.get(self.keys.live))

    def _names(self, keys: BuildKeys) -> Iterator[tuple[str, str]]:
        every = list(keys.all_names())
        step = math.ceil(len(every) / 32)
        for start in range(0, len(every), step):
            pipe = self.client.pipeline(transaction=False)
            for key in every[start : start + step]:
                pipe.hkeys(key)
            for fields in pipe.execute():
                yield from map(split_name_field, fields)
