"""Groups and partitions in memory, that answer as Kafka does: for tests, and for trying rules out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.kafka.offsets import Bounds, FirstRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from streams.kafka.offsets import Place

__all__ = ["MemoryOffsets"]


@dataclass(slots=True)
class _Partition:
    topic_id: str
    earliest: int = 0
    # By offset: a timestamp in seconds, or None for an offset without a record, such as a transaction's marker.
    records: list[float | None] = field(default_factory=list)


class MemoryOffsets:
    """A cluster that holds no more than timestamps and commits.

    Args:
        cluster: Its id.
    """

    def __init__(self, cluster: str = "memory") -> None:
        self._cluster = cluster
        self._partitions: dict[Place, _Partition] = {}
        self._committed: dict[str, dict[Place, int]] = {}
        self._members: dict[str, int] = {}
        self._made = 0
        self.fetched = 0
        """How many first records were asked for since the beginning."""

    def create(self, topic: str, *, partitions: int = 1) -> None:
        """Create a topic."""
        self._made += 1
        for number in range(partitions):
            self._partitions[topic, number] = _Partition(f"{topic}-{self._made}")

    def delete(self, topic: str) -> None:
        """Delete a topic, with what groups have committed on it, as Kafka does."""
        self._partitions = {place: each for place, each in self._partitions.items() if place[0] != topic}
        for offsets in self._committed.values():
            for place in [place for place in offsets if place[0] == topic]:
                del offsets[place]

    def append(self, topic: str, *timestamps: float | None, partition: int = 0) -> None:
        """Append records by their timestamps in seconds; None for an offset that no reader sees."""
        self._partitions[topic, partition].records.extend(timestamps)

    def drop_before(self, topic: str, offset: int, *, partition: int = 0) -> None:
        """Drop what lies before an offset, as retention does."""
        self._partitions[topic, partition].earliest = offset

    def commit(self, group: str, topic: str, offset: int, *, partition: int = 0, end: int | None = None) -> None:
        """Commit an offset, as the progress of a stretch where that has an end."""
        offsets = self._committed.setdefault(group, {})
        offsets[topic, partition] = offset
        if end is not None and offset >= end:
            del offsets[topic, partition]

    def join(self, group: str, members: int) -> None:
        """Let a group have so many members."""
        self._members[group] = members
        self._committed.setdefault(group, {})

    def remove_group(self, group: str) -> None:
        """Delete a group with its commits."""
        self._members.pop(group, None)
        self._committed.pop(group, None)

    def cluster(self) -> str:
        """Return the id of the cluster."""
        return self._cluster

    def groups(self) -> tuple[str, ...]:
        """Return the names of all groups, in order."""
        return tuple(sorted(self._committed))

    def members(self, groups: Collection[str]) -> dict[str, int | None]:
        """Return how many members each group has."""
        return {group: self._members.get(group, 0) for group in groups}

    def committed(self, groups: Collection[str]) -> dict[str, dict[Place, int]]:
        """Return the offsets that each group has committed; what is gone, and stretches that are done, is left out."""
        return {group: dict(self._committed[group]) for group in groups if group in self._committed}

    def bounds(self, topics: Collection[str]) -> dict[Place, Bounds]:
        """Return where each partition begins and ends; topics that do not exist are left out."""
        return {
            place: Bounds(each.earliest, len(each.records), each.topic_id)
            for place, each in self._partitions.items()
            if place[0] in topics
        }

    def first_records(self, starts: Mapping[Place, int]) -> dict[Place, FirstRecord]:
        """Return the first record at or after each offset."""
        self.fetched += len(starts)
        found = {}
        for place, start in starts.items():
            partition = self._partitions.get(place)
            if partition is None or not partition.earliest <= start <= len(partition.records):
                continue
            seen = ((offset, at) for offset, at in enumerate(partition.records) if offset >= start and at is not None)
            first = next(seen, None)
            found[place] = (
                FirstRecord(len(partition.records), None, is_record=False) if first is None else FirstRecord(*first)
            )
        return found

    def close(self) -> None:
        """Do nothing: there is no connection."""
