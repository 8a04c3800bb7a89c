"""Imports into Redis: a new build beside the live one, and one step that makes it live, unless it is staged.

The build is filled in pipelines of bounded size. What editors change meanwhile goes to the live build; it
is carried over to the new one before the switch (`streams.catalog.redis_switch`). An import that fails removes
its keys; one that is killed leaves keys that nobody reads, and the next removes them.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Final

import orjson
from redis.exceptions import RedisError

from streams.catalog.apply import merge_known
from streams.catalog.marks import NO_MARKS, Marks
from streams.catalog.records import EMPTY_SUM, EMPTY_VERSION, Record, version_name
from streams.catalog.redis_build import CHUNK, BuildReader, Delta, fields_of_new, read_marks, read_sum
from streams.catalog.redis_switch import (
    BUILDING,
    COMPLETE,
    STAGED,
    Lease,
    collect,
    collect_after,
    lay_down,
    leased,
    remove,
    switch,
)
from streams.catalog.store import ImportReport
from streams.errors import EntityError
from streams.events.entity import decode_entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.redis_ import RedisStore
    from streams.catalog.redis_keys import BuildKeys
    from streams.catalog.store import Beside, Note
    from streams.events.entity import Entity

__all__ = ["Importer"]

_RECORDS: Final = 1_000
"""Records that are written in one round trip: enough for one command to set many fields."""

_ITEMS: Final = 1_000
"""Fields and values in one command: Redis answers nobody else until a command is done."""


class Importer:
    """One import.

    Args:
        store: The store.
        buckets: Hashes that the names of the new build are spread over.
        keep: Builds that were live that are kept.
    """

    def __init__(self, store: RedisStore, *, buckets: int, keep: int) -> None:
        self._store = store
        self._client = store.client
        self._keys = store.keys
        self._buckets = buckets
        self._keep = keep
        self._build = ""
        self._delta = Delta(EMPTY_SUM)
        self._marks: dict[str, Marks] = {}
        self._written = 0

    def run(
        self,
        entities: Iterable[Entity],
        *,
        replace: bool,
        merges: Iterable[tuple[str, str]],
        stage: bool,
        cut: int | None,
        beside: Beside | None,
        note: Note,
    ) -> ImportReport:
        """Import ``entities``; see `streams.catalog.store.CatalogStore.put_many`."""
        with leased(self._store, cut=cut) as lease, self._whole_or_gone():
            return self._build_up(
                lease, entities, replace=replace, merges=merges, stage=stage, cut=cut, beside=beside, note=note
            )

    def fill(self, entities: Iterable[Entity], *, note: Note) -> ImportReport | None:
        """Import ``entities`` where there is nothing; see `streams.catalog.store.CatalogStore.fill`."""
        # Where something is, nobody need wait for another import, or for the end of one that has died.
        if self._store.version() != EMPTY_VERSION:
            return None
        with leased(self._store) as lease:
            if self._store.version() != EMPTY_VERSION:
                return None
            with self._whole_or_gone():
                return self._build_up(
                    lease, entities, replace=False, merges=(), stage=False, cut=None, beside=None, note=note
                )

    @contextmanager
    def _whole_or_gone(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            # A Redis that is full of half an import would refuse even to read. Where it is away, the next sweeps.
            with suppress(RedisError, OSError):
                self._abandon()
            raise

    def _build_up(
        self,
        lease: Lease,
        entities: Iterable[Entity],
        *,
        replace: bool,
        merges: Iterable[tuple[str, str]],
        stage: bool,
        cut: int | None,
        beside: Beside | None,
        note: Note,
    ) -> ImportReport:
        collect(self._store, lease, keep=self._keep)
        sequence, _ = self._store.position()
        old = self._store.live_keys()
        if sequence > 0:
            # A catalogue that began with changes is a build of which nobody has taken note.
            self._client.hsetnx(self._keys.builds, self._store.live(), COMPLETE)
        self._build = str(self._client.incr(self._keys.last_build))
        new = self._keys.build(self._build, buckets=self._buckets)
        self._client.hset(self._keys.builds, self._build, BUILDING)
        made = {"buckets": self._buckets, "cut": sequence if cut is None else cut, "made": orjson.dumps(asdict(note))}
        self._client.hset(new.info, mapping=made)
        self._marks = {
            entity_id.decode(): read_marks(marks) for entity_id, marks in self._client.hgetall(old.marks).items()
        }
        redirects = self._store.redirects()
        seen: set[str] = set()
        redirected: list[str] = []
        self._write(lease, new, self._given(entities, redirects, seen, redirected))
        entity_count = len(seen) - len(redirected)
        retired = self._copy(lease, old, new, seen, retire=replace)
        self._write(lease, new, (Record(gone, redirect=stays) for gone, stays in redirects.items()))
        self._write_merged(lease, new, redirects)
        with self._client.pipeline(transaction=True) as pipe:
            self._delta.write(pipe, new, is_new=True)
            pipe.execute()
        merged = self._merge(lease, new, merges)
        version = version_name(read_sum(self._client.hget(new.info, "sum")))
        if beside is not None:
            lease.keep()
            beside(lease.keep)
        if stage:
            self._client.hset(self._keys.builds, self._build, STAGED)
        else:
            report = switch(self._store, lease, self._build, action="import", note=note)
            sequence, version = report.sequence, report.version
            redirects = self._store.redirects()
            merged = [gone for gone in merged if gone in redirects]
        collect_after(self._store, lease, keep=self._keep)
        return ImportReport(entity_count, tuple(redirected), retired, version, sequence, self._build, tuple(merged))

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
                yield Record(entity.id, entity, marks=self._marks.get(entity.id, NO_MARKS))

    def _copy(self, lease: Lease, old: BuildKeys, new: BuildKeys, seen: set[str], *, retire: bool) -> int:
        """Copy what was not imported; return how many entities were retired by that."""
        retired = 0

        def rest(key: str, *, are_retired: bool) -> Iterator[Record]:
            for entity_id, data in self._client.hscan_iter(key, count=CHUNK):
                if entity_id.decode() not in seen:
                    seen.add(entity_id.decode())
                    marks = self._marks.get(entity_id.decode(), NO_MARKS)
                    yield Record(entity_id.decode(), decode_entity(data), retired=are_retired, marks=marks)

        before = len(seen)
        self._write(lease, new, rest(old.entities, are_retired=retire))
        if retire:
            retired = len(seen) - before
        self._write(lease, new, rest(old.retired, are_retired=True))
        return retired

    def _write(self, lease: Lease, new: BuildKeys, records: Iterable[Record]) -> None:
        left = iter(records)
        while True:
            fields: dict[str, list[str | bytes]] = {}
            before = self._written
            for record in islice(left, _RECORDS):
                fields_of_new(new, record, fields, self._delta)
                self._written += 1
            if self._written == before:
                return
            pipe = self._client.pipeline(transaction=False)
            for key, items in fields.items():
                for start in range(0, len(items), _ITEMS):
                    pipe.hset(key, items=items[start : start + _ITEMS])
            lease.renew(pipe)
            lease.check(pipe.execute()[-1])

    def _merge(self, lease: Lease, new: BuildKeys, merges: Iterable[tuple[str, str]]) -> list[str]:
        """Merge in the new build the ids that it holds; return them."""
        left, reader = iter(merges), BuildReader(self._client, new)
        merged: list[str] = []
        while True:
            pairs = list(islice(left, _RECORDS))
            if len(pairs) == 0:
                return merged
            pipe = self._client.pipeline(transaction=False)
            for key in (new.entities, new.retired):
                pipe.hmget(key, [gone for gone, _ in pairs])
            lease.renew(pipe)
            live, retired, *_, token = pipe.execute()
            lease.check(token)
            for (gone, into), *held in zip(pairs, live, retired, strict=True):
                # Most of what has become another was never in this catalogue.
                records = () if held == [None, None] else merge_known(gone, into, reader)
                if len(records) > 0:
                    lay_down(self._store, lease, new, records)
                    merged.append(gone)

    def _write_merged(self, lease: Lease, new: BuildKeys, redirects: dict[str, str]) -> None:
        """Write the redirects the other way round: those of the new build, and not what editors have made of them."""
        merged: dict[str, list[str]] = {}
        for gone, stays in redirects.items():
            merged.setdefault(stays, []).append(gone)
        left = iter(merged.items())
        while len(chunk := list(islice(left, _RECORDS))) > 0:
            pipe = self._client.pipeline(transaction=False)
            pipe.hset(new.merged, mapping={stays: " ".join(sorted(gone)) for stays, gone in chunk})
            lease.renew(pipe)
            lease.check(pipe.execute()[-1])

    def _abandon(self) -> None:
        # Whoever removed it meanwhile may have been through before the last of it was written.
        if self._build != "" and self._client.hget(self._keys.builds, self._build) not in {STAGED, COMPLETE}:
            remove(self._store, self._build)
