"""The ports answered from memory: for tests, and for looking at the page without servers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.errors import SnapshotError
from streams.web.ports import Arrived, CatalogSeen

if TYPE_CHECKING:
    from streams.catalog.view import CatalogView
    from streams.errors import WaslError
    from streams.lag.compute import GroupLag
    from streams.web.ports import WorkerSeen

__all__ = ["MemoryCatalog", "MemoryLag", "MemoryTail", "MemoryWorkers"]


@dataclass(slots=True)
class MemoryLag:
    """A `streams.web.ports.LagSource` that says what it was given."""

    groups: tuple[GroupLag, ...] = ()
    error: WaslError | None = None

    async def observe(self) -> tuple[GroupLag, ...]:
        """Return the groups.

        Raises:
            WaslError: The error that it was given.
        """
        if self.error is not None:
            raise self.error
        return self.groups

    async def close(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class MemoryTail:
    """A `streams.web.ports.Tail` that hands out what was put into it."""

    waiting: list[Arrived] = field(default_factory=list)
    error: WaslError | None = None

    def poll(self) -> Arrived:
        """Return what waits.

        Raises:
            WaslError: The error that it was given.
        """
        if self.error is not None:
            raise self.error
        return self.waiting.pop(0) if len(self.waiting) > 0 else Arrived()

    def close(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class MemoryWorkers:
    """A `streams.web.ports.Workers` that says what it was given."""

    workers: tuple[WorkerSeen, ...] = ()
    error: WaslError | None = None

    def look(self) -> tuple[WorkerSeen, ...]:
        """Return the workers.

        Raises:
            WaslError: The error that it was given.
        """
        if self.error is not None:
            raise self.error
        return self.workers


@dataclass(slots=True)
class MemoryCatalog:
    """A `streams.web.ports.Catalog` that says what it was given."""

    catalog: CatalogView | None = None
    state: CatalogSeen = field(default_factory=CatalogSeen)
    error: WaslError | None = None

    def view(self) -> CatalogView:
        """Return the view.

        Raises:
            SnapshotError: None was given.
        """
        if self.catalog is None:
            raise SnapshotError("No catalogue is loaded yet.", remedy="Wait until it is.")
        return self.catalog

    def seen(self) -> CatalogSeen:
        """Return the state.

        Raises:
            WaslError: The error that it was given.
        """
        if self.error is not None:
            raise self.error
        return self.state
