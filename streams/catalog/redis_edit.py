"""Changes into Redis: any number in one transaction, each of them all or nothing.

A batch reads what it concerns in one round trip while it watches the sequence, which every change moves; it
works its changes out one after the other, and writes what they leave behind in one transaction. Nobody ever sees
half of it, and of two batches at once the slower one is worked out anew.

An answer that is lost on the way leaves open whether the transaction was carried out. Each carries a token to
the log, so that trying again finds what was done already and does not do it twice.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import WatchError

from streams.catalog.apply import apply
from streams.catalog.records import EMPTY_SUM, change_sum, version_name
from streams.catalog.redis_build import (
    BuildReader,
    Delta,
    queue_reading,
    read_answers,
    read_sum,
    write_merged,
    write_record,
)
from streams.catalog.redis_log import last_concerning, queue_log, token_at
from streams.catalog.store import check_revision
from streams.catalog.versions import log_entry
from streams.errors import CatalogError, ConflictError, EmptyStoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.records import Record
    from streams.catalog.redis_ import RedisStore
    from streams.catalog.redis_keys import BuildKeys
    from streams.catalog.store import AnyChange, Request

__all__ = ["Batch"]

_ATTEMPTS: Final = 50


class _Reader:
    """The live build as the changes of a batch leave it; what `streams.catalog.apply.apply` asks of a catalogue."""

    def __init__(self, client: Any, keys: BuildKeys, known: dict[str, Record | None]) -> None:
        self._below = BuildReader(client, keys)
        self._records = dict(known)
        self.before = known
        self.changed: dict[str, Record] = {}
        self.merged: dict[str, set[str]] = {}

    def record(self, entity_id: str) -> Record | None:
        """Return what is held under an id itself; None if nothing is."""
        if entity_id not in self._records:
            self._records[entity_id] = self.before[entity_id] = self._below.record(entity_id)
        return self._records[entity_id]

    def merged_into(self, entity_id: str) -> tuple[str, ...]:
        """Return the ids that redirect to an entity."""
        known = self.merged.get(entity_id)
        return tuple(sorted(self._below.merged_into(entity_id) if known is None else known))

    def put(self, record: Record) -> None:
        """Lay a record down."""
        was = self.record(record.id)
        for redirect in (None if was is None else was.redirect, record.redirect):
            if redirect is not None and redirect not in self.merged:
                self.merged[redirect] = set(self.merged_into(redirect))
        if was is not None and was.redirect is not None:
            self.merged[was.redirect].discard(record.id)
        if record.redirect is not None:
            self.merged[record.redirect].add(record.id)
        self._records[record.id] = self.changed[record.id] = record


class _Step:
    """One change of a batch that is not refused and changes something."""

    __slots__ = ("change", "records", "sequence", "version")

    def __init__(self, change: AnyChange, records: tuple[Record, ...], sequence: int, version: str) -> None:
        self.change = change
        self.records = records
        self.sequence = sequence
        self.version = version


class Batch:
    """Changes that go into one transaction.

    Args:
        store: The store.
        requests: The changes, in order.
        first: Whether they may be the first in a store that holds no catalogue.
    """

    def __init__(self, store: RedisStore, requests: Sequence[Request], *, first: bool) -> None:
        self._store = store
        self._client = store.client
        self._keys = store.keys
        self._requests = requests
        self._first = first
        self._token = secrets.token_hex(8)
        self._begun: tuple[int, list[int | CatalogError | None]] | None = None

    def run(self) -> list[int | CatalogError | None]:
        """Apply the changes; see `streams.catalog.store.CatalogStore.apply_many`.

        Raises:
            ConflictError: Others kept changing the catalogue while this was worked out.
            EmptyStoreError: The store holds no catalogue, and this may not begin one.
            RedisError: As redis-py raises it; nothing was done, or everything and the answer was lost.
        """
        for _ in range(_ATTEMPTS):
            try:
                return self._try()
            except WatchError:
                continue
        concerned = sorted({request.change.entity_id for request in self._requests})
        raise ConflictError(
            f"The change of {concerned[0]}{' and others' if len(concerned) > 1 else ''} lost to other changes"
            f" {_ATTEMPTS} times.",
            remedy="Try again.",
        )

    def _try(self) -> list[int | CatalogError | None]:
        with self._client.pipeline(transaction=True) as pipe:
            pipe.watch(self._keys.sequence, self._keys.live)
            if self._begun is not None and token_at(self._client, self._keys, self._begun[0]) == self._token:
                return self._begun[1]
            keys, sequence, total, reader = self._read()
            if total == EMPTY_SUM and not self._first:
                raise EmptyStoreError(
                    f"{self._store.where} holds no catalogue under the prefix {self._keys.prefix!r}: it was never"
                    " filled, or it was emptied.",
                    remedy="Import one, see whether WASL_REDIS_PREFIX and WASL_REDIS_URL are right, or give --first"
                    " to begin a catalogue with this.",
                )
            steps, outcomes, delta = self._work_out(keys, sequence, total, reader)
            if len(steps) == 0:
                return outcomes
            self._begun = steps[0].sequence, outcomes
            pipe.multi()
            for entity_id, record in reader.changed.items():
                write_record(pipe, keys, record, reader.before[entity_id], delta)
            write_merged(pipe, keys, reader.merged)
            delta.write(pipe, keys)
            for step in steps:
                self._store.queue_entry(
                    pipe, step.sequence, version=step.version, records=step.records, change=step.change
                )
                entry = log_entry(step.sequence, step.change, step.records, step.version)
                queue_log(pipe, self._keys, entry, token=self._token)
            pipe.set(self._keys.sequence, steps[-1].sequence)
            pipe.execute()
        return outcomes

    def _read(self) -> tuple[BuildKeys, int, int, _Reader]:
        """Read, in one round trip where the live build is the one that was live last, all that is sure to be needed."""
        ids = list(
            dict.fromkeys(
                entity_id
                for request in self._requests
                for entity_id in (request.change.entity_id, request.change.into)
                if entity_id is not None
            )
        )
        build = self._store.last_live
        while True:
            keys = self._store.build_keys(build)
            pipe = self._client.pipeline(transaction=False)
            pipe.get(self._keys.live)
            pipe.get(self._keys.sequence)
            pipe.hget(keys.info, "sum")
            queue_reading(pipe, keys, ids)
            live, sequence, total, *answers = pipe.execute()
            now = self._store.note_live(live)
            if now == build:
                known = dict(zip(ids, read_answers(ids, answers), strict=True))
                return keys, int(sequence or 0), read_sum(total), _Reader(self._client, keys, known)
            build = now

    def _work_out(
        self, keys: BuildKeys, sequence: int, total: int, reader: _Reader
    ) -> tuple[list[_Step], list[int | CatalogError | None], Delta]:
        steps: list[_Step] = []
        outcomes: list[int | CatalogError | None] = []
        delta = Delta(total)
        for request in self._requests:
            try:
                self._check(request, keys, reader)
                records = apply(request.change, reader)
            except CatalogError as exc:
                outcomes.append(exc)
                continue
            if len(records) == 0:
                outcomes.append(None)
                continue
            for record in records:
                total = change_sum(total, gone=[reader.record(record.id)], come=[record])
                reader.put(record)
            sequence += 1
            steps.append(_Step(request.change, records, sequence, version_name(total)))
            outcomes.append(sequence)
        return steps, outcomes, delta

    def _check(self, request: Request, keys: BuildKeys, reader: _Reader) -> None:
        if request.expect is None:
            return
        record = reader.record(request.change.entity_id)
        try:
            check_revision(request, record, last=None)
        except ConflictError:
            since = int(self._client.hget(keys.info, "since") or 0)
            last = last_concerning(self._client, self._keys, request.change.entity_id, live_since=since)
            check_revision(request, record, last=last)
