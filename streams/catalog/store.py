"""The port of the catalogue's store: the source of truth that editors change and workers follow.

Every change has a sequence, a whole number that grows by one; whoever holds the state at a sequence and
lays down the records of all later changes holds the state of today.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from streams.linking.fold import fold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.records import Record
    from streams.events.change import CatalogChange
    from streams.events.entity import Entity

__all__ = ["CatalogStore", "Change", "ImportReport", "StoreStats", "rank_hits"]


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the store's history.

    Attributes:
        sequence: Its number.
        change: What was asked for; None where an import replaced the catalogue, which must be loaded anew.
        records: The records that it left behind.
        version: Name of the catalogue version after it.
    """

    sequence: int
    change: CatalogChange | None
    records: tuple[Record, ...]
    version: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        entities: Entities that it wrote.
        redirected: Ids that it left out, since they redirect for ever.
        retired: Entities that it retired, since the new catalogue does not hold them.
        version: Name of the catalogue version after it.
        sequence: Its own sequence.
    """

    entities: int
    redirected: tuple[str, ...]
    retired: int
    version: str
    sequence: int


@dataclass(frozen=True, slots=True)
class StoreStats:
    """How much the catalogue holds.

    Attributes:
        entities: Entities that may be linked.
        retired: Entities that may not.
        redirects: Ids that redirect.
        names: Distinct folded names, counted once for each entity that goes by them.
        by_type: Entities that may be linked, by type; types that occur.
        sequence: Sequence of the last change.
        version: Name of the version.
    """

    entities: int
    retired: int
    redirects: int
    names: int
    by_type: dict[str, int]
    sequence: int
    version: str


class CatalogStore(Protocol):
    """Keeps the catalogue. Every method may raise StoreUnavailableError, and then has done nothing."""

    def put_many(self, entities: Iterable[Entity], *, replace: bool = False) -> ImportReport:
        """Import ``entities``, all or none: nothing is visible until everything is there.

        An entity that is already there is replaced, and one that was retired comes back. Ids that redirect
        are left out.

        Args:
            entities: What to import, one entity an id.
            replace: Whether the entities that are not among them are retired.

        Raises:
            EntityError: An id comes twice.
        """
        ...

    def apply(self, change: CatalogChange) -> int:
        """Apply a change, all of it or nothing, and return its sequence.

        Raises:
            UnknownEntityError: See `streams.catalog.apply.apply`.
            MergeError: Likewise.
            ConflictError: Others keep changing the catalogue; trying again may help.
        """
        ...

    def get(self, entity_id: str) -> Entity | None:
        """Return the entity with this id, or the one that it was merged into; None if unknown.

        A retired entity is returned as well: ids are permanent.
        """
        ...

    def record(self, entity_id: str) -> Record | None:
        """Return what is held under an id itself, without following redirects; None if nothing is."""
        ...

    def find(self, name: str) -> tuple[str, ...]:
        """Return the ids of the entities that may be linked and go by ``name``, folded, in order."""
        ...

    def search(self, text: str, *, limit: int = 20) -> tuple[Entity, ...]:
        """Return entities that have ``text`` in a name or as their id: whole names first, then beginnings."""
        ...

    def changes_since(self, sequence: int) -> list[Change]:
        """Return the changes after ``sequence``, oldest first.

        Raises:
            SnapshotError: Some of them are no longer kept.
        """
        ...

    def redirects(self) -> dict[str, str]:
        """Return the id that stays by each id that redirects."""
        ...

    def records(self) -> Iterator[Record]:
        """Return all records in the order of their ids."""
        ...

    def stats(self) -> StoreStats:
        """Return how much the catalogue holds."""
        ...

    def version(self) -> str:
        """Return the name of the version: equal catalogues have equal versions, whatever made them."""
        ...


def rank_hits(text: str, names: Iterable[tuple[str, str]], *, limit: int) -> list[str]:
    """Return the ids whose names best match ``text``: whole names, then beginnings, then the rest, shortest first.

    Args:
        text: What is searched for.
        names: ``(folded name, id)``, in any order.
        limit: Most ids.
    """
    wanted = fold_text(text)
    best: dict[str, tuple[int, int, str]] = {}
    for name, entity_id in names:
        if wanted not in name or wanted == "":
            continue
        rank = (0 if name == wanted else 1 if name.startswith(wanted) else 2, len(name), name)
        if entity_id not in best or rank < best[entity_id]:
            best[entity_id] = rank
    return heapq.nsmallest(limit, best, key=lambda entity_id: (best[entity_id], entity_id))
