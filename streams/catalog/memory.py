"""The store in this process's memory: for tests, and for trying things out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from streams.catalog.apply import apply
from streams.catalog.names import folded_names
from streams.catalog.records import EMPTY_SUM, Record, change_sum, version_name
from streams.catalog.store import Change, ImportReport, StoreStats, rank_hits
from streams.errors import EntityError
from streams.linking.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.events.change import CatalogChange
    from streams.events.entity import Entity

__all__ = ["MemoryStore"]


class MemoryStore:
    """A `streams.catalog.store.CatalogStore` in memory."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._names: dict[str, set[str]] = {}
        self._merged: dict[str, set[str]] = {}
        self._history: list[Change] = []
        self._sum = EMPTY_SUM

    def put_many(self, entities: Iterable[Entity], *, replace: bool = False) -> ImportReport:
        """Import ``entities``, all or none.

        Raises:
            EntityError: An id comes twice.
        """
        given: dict[str, Entity] = {}
        for entity in entities:
            if entity.id in given:
                raise EntityError(f"{entity.id} comes twice in one import.", remedy="Unite its lines first.")
            given[entity.id] = entity
        redirected = tuple(entity_id for entity_id in given if entity_id in self.redirects())
        records = [Record(entity.id, entity) for entity in given.values() if entity.id not in redirected]
        dropped = [record for record in self._records.values() if record.live is not None and record.id not in given]
        if replace:
            records += [Record(record.id, record.entity, retired=True) for record in dropped]
        self._lay_down(records)
        return ImportReport(
            entities=len(given) - len(redirected),
            redirected=redirected,
            retired=len(dropped) if replace else 0,
            version=self.version(),
            sequence=self._remember(None, ()),
        )

    def apply(self, change: CatalogChange) -> int:
        """Apply a change and return its sequence.

        Raises:
            UnknownEntityError: See `streams.catalog.apply.apply`.
            MergeError: Likewise.
        """
        records = apply(change, self)
        self._lay_down(records)
        return self._remember(change, records)

    def get(self, entity_id: str) -> Entity | None:
        """Return the entity with this id, or the one that it was merged into; None if unknown."""
        record = self._records.get(entity_id)
        if record is not None and record.redirect is not None:
            record = self._records[record.redirect]
        return None if record is None else record.entity

    def record(self, entity_id: str) -> Record | None:
        """Return what is held under an id itself."""
        return self._records.get(entity_id)

    def merged_into(self, entity_id: str) -> tuple[str, ...]:
        """Return the ids that redirect to an entity."""
        return tuple(self._merged.get(entity_id, ()))

    def find(self, name: str) -> tuple[str, ...]:
        """Return the ids of the entities that may be linked and go by ``name``, folded."""
        return tuple(sorted(self._names.get(fold_text(name), ())))

    def search(self, text: str, *, limit: int = 20) -> tuple[Entity, ...]:
        """Return entities that have ``text`` in a name or as their id."""
        by_id = self.get(text)
        names = ((name, entity_id) for name, entity_ids in self._names.items() for entity_id in entity_ids)
        found = [] if by_id is None else [by_id.id]
        found += [entity_id for entity_id in rank_hits(text, names, limit=limit) if entity_id not in found]
        entities = (self.get(entity_id) for entity_id in found[:limit])
        return tuple(entity for entity in entities if entity is not None)

    def changes_since(self, sequence: int) -> list[Change]:
        """Return the changes after ``sequence``, oldest first; all of them are kept."""
        return self._history[sequence:]

    def redirects(self) -> dict[str, str]:
        """Return the id that stays by each id that redirects."""
        return {record.id: record.redirect for record in self._records.values() if record.redirect is not None}

    def records(self) -> Iterator[Record]:
        """Return all records in the order of their ids."""
        return iter([self._records[entity_id] for entity_id in sorted(self._records)])

    def stats(self) -> StoreStats:
        """Return how much the catalogue holds."""
        live = [record.entity for record in self._records.values() if record.live is not None]
        redirects = len(self.redirects())
        return StoreStats(
            entities=len(live),
            retired=len(self._records) - redirects - len(live),
            redirects=redirects,
            names=sum(map(len, self._names.values())),
            by_type=dict(sorted(Counter(entity.type for entity in live if entity is not None).items())),
            sequence=len(self._history),
            version=self.version(),
        )

    def version(self) -> str:
        """Return the name of the version."""
        return version_name(self._sum)

    def _lay_down(self, records: Iterable[Record]) -> None:
        for record in records:
            before = self._records.get(record.id)
            self._sum = change_sum(self._sum, gone=[before], come=[record])
            self._records[record.id] = record
            for name in folded_names(before):
                self._names[name].discard(record.id)
                if len(self._names[name]) == 0:
                    del self._names[name]
            for name in folded_names(record):
                self._names.setdefault(name, set()).add(record.id)
            if before is not None and before.redirect is not None:
                self._merged[before.redirect].discard(record.id)
            if record.redirect is not None:
                self._merged.setdefault(record.redirect, set()).add(record.id)

    def _remember(self, change: CatalogChange | None, records: tuple[Record, ...]) -> int:
        sequence = len(self._history) + 1
        self._history.append(Change(sequence, change, records, self.version()))
        return sequence
