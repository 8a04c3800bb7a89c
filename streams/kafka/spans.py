"""Stretches of topics: where they begin and end, reading them, and progress that outlives the process.

Progress is kept as committed offsets of a group that nobody joins. Where a stretch ends is kept beside them,
in the metadata of the commit: "now" must mean the same when reading goes on after an interruption, and who measures
lag must see that a stretch is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.kafka.consumer import find_partitions, stored
from streams.kafka.errors import translate
from streams.kafka.fetch import EMBEDDED_CLUSTER, find_ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from streams.kafka.consumer import StoredRecord
    from streams.settings import TopicSettings

__all__ = ["Point", "Span", "find_spans", "read_progress", "read_spans", "span_left", "write_progress"]

_POLL_MS: Final = 500
_END: Final = "end="


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a topic; at most one of the two is given, and neither means the present end.

    Attributes:
        offset: The same offset in every partition.
        timestamp: The first record that is not older, in milliseconds since 1970-01-01 UTC.
    """

    offset: int | None = None
    timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one partition.

    Attributes:
        start: The first offset.
        end: One past the last.
    """

    start: int
    end: int

    @property
    def records(self) -> int:
        """How many records it has at most."""
        return max(0, self.end - self.start)


def find_spans(
    consumer: Any, topic: str, begin: Point, end: Point, *, declared: TopicSettings | None = None
) -> dict[int, Span]:
    """Return the stretch of every partition between two points, cut to what is kept.

    Args:
        consumer: From `streams.kafka.consumer.open_consumer`.
        topic: The topic.
        begin: Where they begin.
        end: Where they end.
        declared: The topics of the settings, where ``topic`` may be another.

    Raises:
        TopicError: The topic does not exist.
        BrokerError: Kafka does not say.
    """
    partitions = find_partitions(consumer, [topic], declared=declared)
    try:
        first, last = consumer.beginning_offsets(partitions), _ends(consumer, partitions)
        starts, ends = (_offsets(consumer, point, last) for point in (begin, end))
    except Exception as exc:
        raise translate(exc, doing=f"to find a stretch of {topic}") from exc
    return {at.partition: Span(max(first[at], min(starts[at], last[at])), min(ends[at], last[at])) for at in partitions}


def read_spans(consumer: Any, topic: str, spans: Mapping[int, Span]) -> Iterator[StoredRecord]:
    """Read stretches of a topic, partition by partition in order.

    Raises:
        BrokerError: Kafka cannot be read.
    """
    doing = f"to read {topic}"
    waiting = {TopicPartition(topic, number): span.end for number, span in spans.items() if span.records > 0}
    if len(waiting) == 0:
        return
    try:
        consumer.assign(list(waiting))
        consumer.resume(*waiting)  # one that was read before is paused still
        for at in waiting:
            consumer.seek(at, spans[at.partition].start)
    except Exception as exc:
        raise translate(exc, doing=doing) from exc
    while len(waiting) > 0:
        try:
            polled = consumer.poll(timeout_ms=_POLL_MS)
        except Exception as exc:
            raise translate(exc, doing=doing) from exc
        for at, records in polled.items():
            yield from (stored(record) for record in records if at in waiting and record.offset < waiting[at])
        # The position also passes what no reader sees, such as the markers of transactions.
        passed = [at for at, end in waiting.items() if consumer.position(at) >= end]
        for at in passed:
            del waiting[at]
            consumer.pause(at)


def read_progress(consumer: Any, topic: str, *, declared: TopicSettings | None = None) -> dict[int, Span]:
    """Return what is left of each stretch whose progress was written; empty where none ever was.

    Where Kafka has lost the end of a log, a stretch ends there: nobody can wait for what was behind it.

    Args:
        consumer: From `streams.kafka.consumer.open_consumer`, with a group.
        topic: The topic.
        declared: The topics of the settings, where ``topic`` may be another.

    Raises:
        TopicError: The topic does not exist.
        BrokerError: Kafka does not say.
    """
    found = {}
    partitions = find_partitions(consumer, [topic], declared=declared)
    try:
        last = _ends(consumer, partitions)
        commits = {at: consumer.committed(at, metadata=True) for at in partitions}
    except Exception as exc:
        raise translate(exc, doing=f"the progress on {topic}") from exc
    for at, committed in commits.items():
        left = None if committed is None else span_left(committed.offset, committed.metadata)
        if left is not None:
            found[at.partition] = Span(left.start, min(left.end, last[at]))
    return found


def span_left(offset: int, metadata: str | None) -> Span | None:
    """Return what is left of a stretch by a commit of its progress; None where the commit is of something else."""
    if metadata is None or not metadata.startswith(_END):
        return None
    end = metadata.removeprefix(_END)
    return Span(offset, int(end)) if end.isascii() and end.isdigit() else None


def write_progress(consumer: Any, topic: str, spans: Mapping[int, Span]) -> None:
    """Keep what is left of each stretch.

    Raises:
        BrokerError: Kafka does not take it.
    """
    offsets = {
        TopicPartition(topic, number): OffsetAndMetadata(span.start, f"{_END}{span.end}", -1)
        for number, span in spans.items()
    }
    try:
        consumer.commit(offsets)
    except Exception as exc:
        raise translate(exc, doing=f"the progress on {topic}") from exc


def _ends(consumer: Any, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
    """Return the present end of each partition."""
    ends: dict[TopicPartition, int] = consumer.end_offsets(partitions)
    if consumer._cluster.cluster_id != EMBEDDED_CLUSTER:  # noqa: SLF001 - there is no public way
        return ends
    return ends | find_ends(consumer, {at: end for at, end in ends.items() if end > 0})


def _offsets(consumer: Any, point: Point, last: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
    if point.timestamp is not None:
        found = consumer.offsets_for_times(dict.fromkeys(last, point.timestamp))
        return {at: end if found.get(at) is None else found[at].offset for at, end in last.items()}
    return {at: end if point.offset is None else point.offset for at, end in last.items()}
