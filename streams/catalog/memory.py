"""The store in this process's memory: for tests, and for trying things out.

Length: the port has many methods, and each is here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from streams.catalog.apply import apply, merge_known
from streams.catalog.carry import carried
from streams.catalog.diff import diff_records
from streams.catalog.memory_build import MemoryBuild
from streams.catalog.records import EMPTY_VERSION, Record
from streams.catalog.redis_keys import FIRST_BUILD
from streams.catalog.store import (
    NO_NOTE,
    Change,
    ImportReport,
    LogEntry,
    Note,
    Request,
    StoreStats,
    SwitchReport,
    VersionInfo,
    check_cut,
    check_revision,
    rank_hits,
)
from streams.catalog.versions import builds_to_keep, find_build, log_entry, state_of
from streams.errors import CatalogError, EditError, EmptyStoreError, EntityError
from streams.linking.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.catalog.diff import Difference
    from streams.catalog.store import AnyChange, Beside
    from streams.events.entity import Entity

__all__ = ["MemoryStore"]


class MemoryStore:
    """A `streams.catalog.store.CatalogStore` in memory.

    Args:
        keep: Builds that were live that are kept, the live one among them.
    """

    def __init__(self, *, keep: int = 2) -> None:
        self._keep = keep
        self._builds: dict[str, MemoryBuild] = {FIRST_BUILD: MemoryBuild("live")}
        self._live_name = FIRST_BUILD
        self._last_build = 0
        self._history: list[Change] = []
        self._log: list[LogEntry] = []

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
        """Import ``entities``, all or none.

        Raises:
            ConflictError: Another build went live since ``cut``.
            EntityError: An id comes twice.
            MergeError: See `streams.catalog.apply.merge_known`.
        """
        check_cut(cut, since=max((step.sequence for step in self._history if step.change is None), default=0))
        given: dict[str, Entity] = {}
        for entity in entities:
            if entity.id in given:
                raise EntityError(f"{entity.id} comes twice in one import.", remedy="Unite its lines first.")
            given[entity.id] = entity
        live = self._live
        redirected = tuple(entity_id for entity_id in given if entity_id in self.redirects())
        new = MemoryBuild("staged", cut=len(self._history) if cut is None else cut, note=note)
        dropped = [record for record in live.records.values() if record.live is not None and record.id not in given]
        for record in live.records.values():
            retired = record.retired or (replace and record in dropped)
            new.put(Record(record.id, record.entity, retired, record.redirect, record.marks))
        for entity in given.values():
            if entity.id not in redirected:
                before = live.records.get(entity.id)
                new.put(Record(entity.id, entity) if before is None else Record(entity.id, entity, marks=before.marks))
        merged: list[str] = []
        for gone, into in merges:
            records = merge_known(gone, into, new)
            merged += [gone] if len(records) > 0 else []
            for record in records:
                new.put(record)
        if beside is not None:
            beside(lambda: None)
        self._last_build += 1
        name = str(self._last_build)
        self._builds[name] = new
        if not stage:
            self._switch(name, "import", note)
            merged = [gone for gone in merged if gone in self.redirects()]
        self._collect()
        return ImportReport(
            entities=len(given) - len(redirected),
            redirected=redirected,
            retired=len(dropped) if replace else 0,
            version=new.version,
            sequence=len(self._history),
            build=name,
            merged=tuple(merged),
        )

    def fill(self, entities: Iterable[Entity], *, note: Note = NO_NOTE) -> ImportReport | None:
        """Import ``entities`` into a store that holds no record; None where it holds some.

        Raises:
            EntityError: An id comes twice.
        """
        return self.put_many(entities, note=note) if self.version() == EMPTY_VERSION else None

    def apply(self, change: AnyChange, *, expect: str | None = None, first: bool = True) -> int | None:
        """Apply a change and return its sequence; None where everything is so already.

        Raises:
            UnknownEntityError: See `streams.catalog.apply.apply`.
            MergeError: Likewise.
            EditError: Likewise.
            ConflictError: The record has another revision.
            EmptyStoreError: The store holds no catalogue, and this may not begin one.
        """
        [outcome] = self.apply_many([Request(change, expect)], first=first)
        if isinstance(outcome, CatalogError):
            raise outcome
        return outcome

    def apply_many(self, requests: Sequence[Request], *, first: bool = True) -> list[int | CatalogError | None]:
        """Apply changes one after the other, and return for each its sequence, its refusal, or None.

        Raises:
            EmptyStoreError: The store holds no catalogue, and this may not begin one.
        """
        if not first and self.version() == EMPTY_VERSION:
            raise EmptyStoreError("This store holds no catalogue.", remedy="Import one, or say that this is the first.")
        return [self._applied(request) for request in requests]

    def promote(self, build: str, *, note: Note = NO_NOTE) -> SwitchReport:
        """Make a build live.

        Raises:
            EditError: No such build is kept, or it is live already.
        """
        name = find_build(build, self.versions())
        if name == self._live_name:
            raise EditError(f"Build {name} is live already.", remedy="See `wasl catalog versions`.")
        return self._switch(name, "promote", note)

    def rollback(self, *, note: Note = NO_NOTE) -> SwitchReport:
        """Make the build live again that was live before the live one.

        Raises:
            EditError: None is kept.
        """
        before = self._live.before
        if before is None or before not in self._builds:
            raise EditError(
                f"No build is kept that was live before {self._live_name}.",
                remedy="See `wasl catalog versions`, and promote one of them.",
            )
        return self._switch(before, "rollback", note)

    def versions(self) -> list[VersionInfo]:
        """Return the builds that are kept, the newest first."""
        shown = [
            VersionInfo(
                build=name,
                version=build.version,
                state=state_of(name, build.state, live=self._live_name, before=self._live.before),
                entities=sum(record.live is not None for record in build.records.values()),
                names=sum(map(len, build.names.values())),
                note=build.note,
            )
            for name, build in self._builds.items()
            if name != self._live_name or len(self._history) > 0
        ]
        return sorted(shown, key=lambda info: -int(info.build))

    def diff(self, first: str, second: str) -> Iterator[Difference]:
        """Return what differs between two builds, by id.

        Raises:
            EditError: No such build is kept.
        """
        known = self.versions()
        old, new = (self._builds[find_build(name, known)] for name in (first, second))
        return diff_records(old.ordered(), new.ordered())

    def log(self, *, entity_id: str | None = None, limit: int | None = None) -> Iterator[LogEntry]:
        """Return the audit log, newest first."""
        found = [entry for entry in reversed(self._log) if entity_id is None or entity_id in entry.ids]
        return iter(found[:limit])

    def get(self, entity_id: str) -> Entity | None:
        """Return the entity with this id, or the one that it was merged into; None if unknown."""
        record = self.record(entity_id)
        if record is not None and record.redirect is not None:
            record = self.record(record.redirect)
        return None if record is None else record.entity

    def record(self, entity_id: str) -> Record | None:
        """Return what is held under an id itself."""
        return self._live.record(entity_id)

    def merged_into(self, entity_id: str) -> tuple[str, ...]:
        """Return the ids that redirect to an entity."""
        return self._live.merged_into(entity_id)

    def find(self, name: str) -> tuple[str, ...]:
        """Return the ids of the entities that may be linked and go by ``name``, folded."""
        return tuple(sorted(self._live.names.get(fold_text(name), ())))

    def find_external(self, scheme: str, value: str) -> tuple[str, ...]:
        """Return the ids of the entities that may be linked and have this id elsewhere."""
        return tuple(sorted(self._live.external.get((scheme, value), ())))

    def search(self, text: str, *, limit: int = 20) -> tuple[Entity, ...]:
        """Return entities that have ``text`` in a name or as their id."""
        by_id = self.get(text)
        names = ((name, entity_id) for name, entity_ids in self._live.names.items() for entity_id in entity_ids)
        found = [] if by_id is None else [by_id.id]
        found += [entity_id for entity_id in rank_hits(text, names, limit=limit) if entity_id not in found]
        entities = (self.get(entity_id) for entity_id in found[:limit])
        return tuple(entity for entity in entities if entity is not None)

    def changes_since(self, sequence: int) -> list[Change]:
        """Return the changes after ``sequence``, oldest first; all of them are kept."""
        return self._history[sequence:]

    def redirects(self) -> dict[str, str]:
        """Return the id that stays by each id that redirects."""
        return {record.id: record.redirect for record in self._live.records.values() if record.redirect is not None}

    def records(self) -> Iterator[Record]:
        """Return all records in the order of their ids."""
        return self._live.ordered()

    def stats(self) -> StoreStats:
        """Return how much the catalogue holds."""
        records = self._live.records
        live = [record.entity for record in records.values() if record.live is not None]
        redirects = len(self.redirects())
        return StoreStats(
            entities=len(live),
            retired=len(records) - redirects - len(live),
            redirects=redirects,
            names=sum(map(len, self._live.names.values())),
            by_type=dict(sorted(Counter(entity.type for entity in live if entity is not None).items())),
            sequence=len(self._history),
            version=self.version(),
        )

    def version(self) -> str:
        """Return the name of the version."""
        return self._live.version

    @property
    def _live(self) -> MemoryBuild:
        return self._builds[self._live_name]

    def _applied(self, request: Request) -> int | CatalogError | None:
        change = request.change
        last = next((entry for entry in reversed(self._log) if change.entity_id in entry.ids or entry.ids == ()), None)
        try:
            check_revision(request, self.record(change.entity_id), last=last)
            records = apply(change, self)
        except CatalogError as exc:
            return exc
        if len(records) == 0:
            return None
        for record in records:
            self._live.put(record)
        return self._remember(log_entry(len(self._history) + 1, change, records, self.version()), change, records)

    def _switch(self, name: str, action: str, note: Note) -> SwitchReport:
        new, old = self._builds[name], self._live
        touched = [entity_id for entry in self._log if entry.sequence > new.cut for entity_id in entry.ids]
        records = carried(touched, live=old, target=new)
        for record in records:
            new.put(record)
        if len(self._history) > 0:
            old.state, old.cut, old.left = "complete", len(self._history), len(self._history) + 1
            if action != "rollback":
                new.before = self._live_name
        else:
            del self._builds[self._live_name]
        new.state, self._live_name = "complete", name
        self._remember(log_entry(len(self._history) + 1, (action, name, note), (), new.version), None, ())
        self._collect()
        return SwitchReport(name, new.version, len(self._history), len(records))

    def _collect(self) -> None:
        states = {name: (build.state, build.left) for name, build in self._builds.items()}
        for name in set(states) - builds_to_keep(states, live=self._live_name, keep=self._keep, used=()):
            del self._builds[name]

    def _remember(self, entry: LogEntry, change: AnyChange | None, records: tuple[Record, ...]) -> int:
        self._log.append(entry)
        self._history.append(Change(entry.sequence, change, records, entry.version))
        return entry.sequence
