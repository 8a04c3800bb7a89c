"""One build of the store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.catalog.forms import indexed_names
from streams.catalog.records import EMPTY_SUM, Record, change_sum, external_pairs, version_name
from streams.catalog.store import NO_NOTE, Note

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from typing import TypeVar

    _Key = TypeVar("_Key", bound=Hashable)

__all__ = ["MemoryBuild"]


class MemoryBuild:
    """A state of the catalogue.

    Args:
        state: ``staged`` or ``complete``.
        cut: Sequence of the last change in it; not kept up while it is live.
        note: Who made it.

    Attributes:
        records: By id.
        names: Ids by folded name.
        external: Ids by scheme and id elsewhere.
        before: Name of the build that was live before it; None where there was none.
        left: Sequence at which another took its place; 0 where none did.
    """

    def __init__(self, state: str, *, cut: int = 0, note: Note = NO_NOTE) -> None:
        self.state = state
        self.cut = cut
        self.note = note
        self.before: str | None = None
        self.left = 0
        self.records: dict[str, Record] = {}
        self.names: dict[str, set[str]] = {}
        self.external: dict[tuple[str, str], set[str]] = {}
        self._merged: dict[str, set[str]] = {}
        self._sum = EMPTY_SUM

    @property
    def version(self) -> str:
        """Name of the version."""
        return version_name(self._sum)

    def record(self, entity_id: str) -> Record | None:
        """Return what is held under an id itself."""
        return self.records.get(entity_id)

    def merged_into(self, entity_id: str) -> tuple[str, ...]:
        """Return the ids that redirect to an entity."""
        return tuple(sorted(self._merged.get(entity_id, ())))

    def ordered(self) -> Iterator[Record]:
        """Return all records in the order of their ids."""
        return iter([self.records[entity_id] for entity_id in sorted(self.records)])

    def put(self, record: Record) -> None:
        """Lay a record down in the place of what was held under its id."""
        before = self.records.get(record.id)
        self._sum = change_sum(self._sum, gone=[before], come=[record])
        self.records[record.id] = record
        _move(self.names, record.id, indexed_names(before), indexed_names(record))
        _move(self.external, record.id, external_pairs(before), external_pairs(record))
        if before is not None and before.redirect is not None:
            self._merged[before.redirect].discard(record.id)
        if record.redirect is not None:
            self._merged.setdefault(record.redirect, set()).add(record.id)


def _move(index: dict[_Key, set[str]], entity_id: str, old: frozenset[_Key], new: frozenset[_Key]) -> None:
    for key in old:
        index[key].discard(entity_id)
        if len(index[key]) == 0:
            del index[key]
    for key in new:
        index.setdefault(key, set()).add(entity_id)
