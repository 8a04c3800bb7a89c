"""What the page asks of the world; `memory` and the adapters beside it answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from streams.catalog.view import CatalogView
    from streams.lag.compute import GroupLag

__all__ = ["Arrived", "Catalog", "CatalogSeen", "LagSource", "Tail", "WorkerSeen", "Workers"]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came since the last look.

    Attributes:
        enriched: Values of enriched articles, oldest first; only the latest of many.
        dead: Values of dead letters, oldest first.
        skipped: Enriched articles that were passed over because too many came.
    """

    enriched: tuple[bytes, ...] = ()
    dead: tuple[bytes, ...] = ()
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker, as Kafka and the worker itself tell of it.

    Attributes:
        name: What people can tell it by: its address, or its member id.
        partitions: Partitions that it reads; None where nobody says.
        is_ready: Whether it links articles; None where its health is not asked for.
        in_hand: Articles that it has taken and not delivered.
        catalog: Version of its catalogue.
        is_live: Whether changes of the catalogue reach it.
        note: What it says, or why it says nothing.
    """

    name: str
    partitions: tuple[int, ...] | None = None
    is_ready: bool | None = None
    in_hand: int | None = None
    catalog: str | None = None
    is_live: bool | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogSeen:
    """The catalogue, as its store and the page's own copy tell of it.

    Attributes:
        version: Its version.
        sequence: Number of the last change.
        counts: How much it holds: entities, retired, redirects, names.
        by_type: Entities by type.
        changes: The latest changes as rows for the page, newest first.
        is_live: Whether changes reach the page's own copy.
        age: Seconds since that copy was last known to be current.
        copy_version: Version of that copy; None where there is none yet.
        overlay: Records of that copy which were changed since its snapshot.
    """

    version: str | None = None
    sequence: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    by_type: dict[str, int] = field(default_factory=dict)
    changes: tuple[dict[str, Any], ...] = ()
    is_live: bool = False
    age: float | None = None
    copy_version: str | None = None
    overlay: int = 0


class LagSource(Protocol):
    """Tells how far the workers are behind; `streams.lag.watch.LagWatcher` is one."""

    async def observe(self) -> tuple[GroupLag, ...]:
        """Return how far the groups are behind now.

        Raises:
            BrokerError: Kafka does not say.
        """
        ...

    async def close(self) -> None:
        """Let go of what is open."""
        ...


class Tail(Protocol):
    """Follows the ends of the topics of enriched articles and dead letters."""

    def poll(self) -> Arrived:
        """Return what came since the last call; waits for a moment.

        Raises:
            BrokerError: Kafka cannot be read.
        """
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


class Workers(Protocol):
    """Finds the workers."""

    def look(self) -> tuple[WorkerSeen, ...]:
        """Return the workers that can be found; waits for them.

        Raises:
            BrokerError: Kafka does not say who they are.
        """
        ...


class Catalog(Protocol):
    """The catalogue that is shown and linked with."""

    def view(self) -> CatalogView:
        """Return the catalogue to link with.

        Raises:
            CatalogError: None is loaded yet.
        """
        ...

    def seen(self) -> CatalogSeen:
        """Return what is known of the catalogue; waits for its store.

        Raises:
            CatalogError: The store does not answer.
        """
        ...
