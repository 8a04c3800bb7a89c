"""Offsets of consumer groups and partitions, read with kafka-python: what measuring lag asks of Kafka.

Nothing here joins a group or commits. The embedded broker names ends that are too small after a batch and cannot
describe groups; the first is put right by asking a fetch, the second means that the number of members is unknown.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kafka import TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import (
    GroupIdNotFoundError,
    UnknownTopicOrPartitionError,
)

from streams.kafka.admin import open_admin
from streams.kafka.errors import translate
from streams.kafka.fetch import EMBEDDED_CLUSTER, fetch_until, find_ends, open_fetcher
from streams.kafka.spans import span_left

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from streams.kafka.fetch import Look
    from streams.settings import KafkaSettings

__all__ = ["Bounds", "FirstRecord", "KafkaOffsets", "Place"]

Place: TypeAlias = tuple[str, int]
"""A topic and the number of a partition there."""

_TYPES_WITH_OFFSETS: Final = frozenset({"classic", "consumer", "streams", ""})


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a partition begins and ends.

    Attributes:
        earliest: The first offset that Kafka still holds.
        end: One past the last offset.
        topic_id: Tells a topic from an earlier one of its name; empty where Kafka does not say.
    """

    earliest: int
    end: int
    topic_id: str = ""


@dataclass(frozen=True, slots=True)
class FirstRecord:
    """The first record at or after an offset.

    Attributes:
        offset: Its offset; the end of the partition where there is no record up to it.
        timestamp: Its timestamp in seconds since 1970-01-01 UTC; None where it has none, or there is no record.
        is_record: Whether there is a record.
    """

    offset: int
    timestamp: float | None
    is_record: bool = True


class KafkaOffsets:
    """Asks Kafka through connections of its own, opened when first needed and again after a failure.

    Its methods block and must not run at once; `streams.lag.ports.OffsetSource` says what each of them returns.

    Args:
        kafka: How to reach Kafka.
        timeout: How long to look for a broker, in seconds.
    """

    def __init__(self, kafka: KafkaSettings, *, timeout: float = 10.0) -> None:
        self._kafka = kafka
        self._timeout = timeout
        self._scope: ExitStack | None = None
        self._admin: Any = None
        self._consumer: Any = None
        self._cluster: str | None = None
        self._ends: dict[Place, int] = {}

    def cluster(self) -> str:
        """Return the id of the cluster, with its address where the id is that of every embedded broker.

        Raises:
            BrokerError: Kafka does not say.
        """
        if self._cluster is None:
            found = str(self._ask(lambda admin: admin.describe_cluster(), "the id of the cluster")["cluster_id"])
            self._cluster = f"{found}@{self._kafka.bootstrap_servers}" if found == EMBEDDED_CLUSTER else found
        return self._cluster

    def groups(self) -> tuple[str, ...]:
        """Return the names of all groups that can have committed, also of those without members, in order.

        Raises:
            BrokerError: Kafka does not say.
        """
        listed = self._ask(lambda admin: admin.list_groups(), "a list of groups")
        kept = {each["group_id"] for each in listed if (each.get("group_type") or "").lower() in _TYPES_WITH_OFFSETS}
        return tuple(sorted(kept))

    def members(self, groups: Collection[str]) -> dict[str, int | None]:
        """Return how many members each group has; None where Kafka does not say.

        Raises:
            BrokerError: Kafka does not answer.
        """
        if len(groups) == 0:
            return {}
        try:
            described = self._connected()[0].describe_groups(list(groups))
        except ValueError:
            # The embedded broker's answer names an operation that the client does not know.
            return dict.fromkeys(groups)
        except Exception as exc:
            raise self._failure(exc, "a description of groups") from exc
        # A group of the newer protocol is not described this way: the answer is an error, and no number.
        return {
            group: len(described[group]["members"])
            if group in described and described[group].get("error") is None
            else None
            for group in groups
        }

    def committed(self, groups: Collection[str]) -> dict[str, dict[Place, int]]:
        """Return the offsets that each group has committed, by place; groups that are gone are left out.

        So are stretches that are done: nobody is to read on where a replay has ended.

        Raises:
            BrokerError: Kafka does not say.
        """
        if len(groups) == 0:
            return {}
        try:
            found = self._connected()[0].list_group_offsets(list(groups))
        except GroupIdNotFoundError:
            # One is gone since it was listed; the others are asked one by one.
            return {} if len(groups) == 1 else self._merged(self.committed([group]) for group in groups)
        except Exception as exc:
            raise self._failure(exc, "the committed offsets") from exc
        return {
            group: {
                (at.topic, at.partition): each.offset
                for at, each in offsets.items()
                if each.offset >= 0 and not _is_done(each.offset, each.metadata)
            }
            for group, offsets in found.items()
        }

    def bounds(self, topics: Collection[str]) -> dict[Place, Bounds]:
        """Return where each partition begins and ends; topics that do not exist are left out.

        Raises:
            BrokerError: Kafka does not say.
        """
        if len(topics) == 0:
            return {}
        described = self._ask(lambda admin: admin.describe_topics(sorted(topics)), "a description of topics")
        ids = {each["name"]: str(each.get("topic_id") or "") for each in described if each["error_code"] == 0}
        places = [
            TopicPartition(each["name"], partition["partition_index"])
            for each in described
            if each["name"] in ids
            for partition in each["partitions"]
        ]
        if len(places) == 0:
            return {}
        try:
            earliest = self._connected()[0].list_partition_offsets(dict.fromkeys(places, OffsetSpec.EARLIEST))
            ends = self._connected()[0].list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
        except UnknownTopicOrPartitionError:
            # One was deleted in between; what is left is asked one by one, and the one that is gone is left out.
            return {} if len(ids) == 1 else self._merged(self.bounds([topic]) for topic in ids)
        except Exception as exc:
            raise self._failure(exc, "the bounds of partitions") from exc
        found = {(at.topic, at.partition): Bounds(earliest[at].offset, ends[at].offset, ids[at.topic]) for at in places}
        return found if not self._is_embedded() else self._with_true_ends(found)

    def first_records(self, starts: Mapping[Place, int]) -> dict[Place, FirstRecord]:
        """Return the first record at or after each offset; places of which nothing could be learnt are left out.

        Raises:
            BrokerError: Kafka cannot be read.
        """
        found: dict[Place, FirstRecord] = {}

        def look(consumer: Any, at: TopicPartition, records: list[Any]) -> bool:
            place = (at.topic, at.partition)
            if len(records) > 0:
                known = records[0].timestamp
                timestamp = None if known is None or known < 0 else known / 1000
                found[place] = FirstRecord(records[0].offset, timestamp)
                return True
            # The position also passes what no reader sees, such as the markers of transactions.
            position, end = consumer.position(at), consumer.highwater(at)
            if end is not None and position >= end:
                found[place] = FirstRecord(position, None, is_record=False)
                return True
            return False

        self._fetch(starts, look)
        return found

    def close(self) -> None:
        """Close the connections; the next question opens them anew."""
        scope, self._scope = self._scope, None
        self._admin = self._consumer = self._cluster = None
        if scope is not None:
            scope.close()

    def _connected(self) -> tuple[Any, Any]:
        if self._scope is None:
            with ExitStack() as scope:
                admin = scope.enter_context(open_admin(self._kafka, timeout=self._timeout))
                consumer = scope.enter_context(open_fetcher(self._kafka, timeout=self._timeout))
                self._scope = scope.pop_all()
            self._admin, self._consumer = admin, consumer
        return self._admin, self._consumer

    def _ask(self, question: Callable[[Any], Any], doing: str) -> Any:
        admin, _ = self._connected()
        try:
            return question(admin)
        except Exception as exc:
            raise self._failure(exc, doing) from exc

    def _failure(self, exc: Exception, doing: str) -> Exception:
        self.close()
        return translate(exc, doing=doing)

    def _is_embedded(self) -> bool:
        return self.cluster().startswith(f"{EMBEDDED_CLUSTER}@")

    def _with_true_ends(self, found: dict[Place, Bounds]) -> dict[Place, Bounds]:
        # An empty partition is what it says; of the others, the last known end is where there is least to send.
        known = {place: max(each.end, self._ends.get(place, 0)) for place, each in found.items() if each.end > 0}
        _, consumer = self._connected()
        try:
            fetched = find_ends(consumer, {TopicPartition(*place): end for place, end in known.items()})
        except Exception as exc:
            raise self._failure(exc, "to read where partitions end") from exc
        self._ends = {(at.topic, at.partition): end for at, end in fetched.items()}
        return {
            place: Bounds(each.earliest, self._ends.get(place, each.end), each.topic_id)
            for place, each in found.items()
        }

    def _fetch(self, starts: Mapping[Place, int], look: Look) -> None:
        if len(starts) == 0:
            return
        _, consumer = self._connected()
        try:
            fetch_until(consumer, {TopicPartition(*place): offset for place, offset in starts.items()}, look)
        except Exception as exc:
            raise self._failure(exc, "to read the first records") from exc

    @staticmethod
    def _merged(parts: Iterable[dict[Any, Any]]) -> dict[Any, Any]:
        return {key: value for part in parts for key, value in part.items()}


def _is_done(offset: int, metadata: str | None) -> bool:
    left = span_left(offset, metadata)
    return left is not None and left.records == 0
