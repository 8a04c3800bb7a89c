"""What measuring lag asks of Kafka; `streams.kafka.offsets` asks it, `streams.lag.memory` plays it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from streams.kafka.offsets import Bounds, FirstRecord, Place

__all__ = ["OffsetSource"]


class OffsetSource(Protocol):
    """Offsets of consumer groups and partitions, as they are at the moment of asking.

    Every method raises `BrokerError` where Kafka does not answer.
    """

    def cluster(self) -> str:
        """Return the id of the cluster, by which histories are told apart."""

    def groups(self) -> tuple[str, ...]:
        """Return the names of all consumer groups, also of those without members, in order."""

    def members(self, groups: Collection[str]) -> dict[str, int | None]:
        """Return how many members each group has; None where Kafka does not say."""

    def committed(self, groups: Collection[str]) -> dict[str, dict[Place, int]]:
        """Return the offsets that each group has committed, by place; groups that are gone are left out.

        So are stretches of a replay that are done, whose end is kept beside the commit.
        """

    def bounds(self, topics: Collection[str]) -> dict[Place, Bounds]:
        """Return where each partition begins and ends; topics that do not exist are left out."""

    def first_records(self, starts: Mapping[Place, int]) -> dict[Place, FirstRecord]:
        """Return the first record at or after each offset; places of which nothing could be learnt are left out."""

    def close(self) -> None:
        """Close the connections."""
