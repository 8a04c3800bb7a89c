"""Reading records with kafka-python, outside any group: what `wasl consume` and the checks use."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kafka import KafkaConsumer, TopicPartition

from streams.kafka.client import connect
from streams.kafka.errors import translate
from streams.kafka.topics import missing_topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from streams.settings import KafkaSettings, TopicSettings

__all__ = ["NEWS_MS", "StoredRecord", "find_partitions", "open_consumer", "read_records", "stored", "take_up_new"]

NEWS_MS: Final = 10_000
"""How often a consumer asks which partitions topics have, in milliseconds, for `take_up_new`."""

_POLL_MS: Final = 500


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it stands in Kafka.

    Attributes:
        topic: The topic.
        partition: The partition there.
        offset: The offset there.
        key: Its key, or None.
        value: Its value, or None for a tombstone.
        headers: Its headers, in order.
        timestamp: Milliseconds since 1970-01-01 UTC, or None.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp: int | None


@contextmanager
def open_consumer(kafka: KafkaSettings, *, group: str | None = None) -> Iterator[Any]:
    """Open a consumer that joins no group, and close it at the end.

    Where Kafka has deleted what would come next, it goes on with the first record that is left.

    Args:
        kafka: How to reach Kafka.
        group: Under which name `streams.kafka.spans` may keep its progress; None where there is none to keep.

    Raises:
        BrokerUnavailableError: No broker answers, or it hangs up on this user.
    """
    consumer = connect(
        KafkaConsumer,
        kafka,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8_388_608,
        metadata_max_age_ms=NEWS_MS,
    )
    try:
        yield consumer
    finally:
        consumer.close()


def read_records(
    consumer: Any,
    topics: Sequence[str],
    *,
    follow: bool = False,
    from_start: bool = True,
    since: int | None = None,
    on_poll: Callable[[], None] | None = None,
    declared: TopicSettings | None = None,
) -> Iterator[StoredRecord]:
    """Read topics, partition by partition in order.

    Args:
        consumer: From `open_consumer`.
        topics: What to read.
        follow: Whether to wait for new records for ever, also in partitions that the topics are given meanwhile; else
            reading ends where the topics ended when it began.
        from_start: Whether to begin with the first records; else with those that come from now on.
        since: Only records that are not older, in milliseconds since 1970-01-01 UTC; ``from_start`` is not asked then.
        on_poll: Called twice a second and after whatever arrived; what it raises ends the reading.
        declared: The topics of the settings, where others may be among ``topics``.

    Raises:
        TopicError: A topic does not exist.
        BrokerError: Kafka cannot be read.
    """
    doing = f"to read {', '.join(topics)}"
    partitions = find_partitions(consumer, topics, declared=declared)
    try:
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        if since is not None:
            _seek_to_time(consumer, ends, since)
        elif from_start:
            consumer.seek_to_beginning(*partitions)
        else:
            consumer.seek_to_end(*partitions)
        waiting = {at for at in partitions if follow or consumer.position(at) < ends[at]}
    except Exception as exc:
        raise translate(exc, doing=doing) from exc
    fetched: set[TopicPartition] = set()
    while len(waiting) > 0:
        try:
            polled = _poll(consumer, topics, ends, follow=follow)
        except Exception as exc:
            raise translate(exc, doing=doing) from exc
        for at, records in polled.items():
            if at not in fetched:
                # The embedded broker names the last batch's first offset as the end; a fetch tells the real one.
                fetched.add(at)
                ends[at] = max(ends[at], consumer.highwater(at) or 0)
            chosen = (record for record in records if follow or record.offset < ends[at])
            # The embedded broker looks at offsets alone, and times need not be in order.
            yield from (stored(record) for record in chosen if since is None or record.timestamp >= since)
        if on_poll is not None:
            on_poll()
        if not follow:
            # The position also passes what no reader sees, such as the markers of transactions.
            waiting = {at for at in waiting if consumer.position(at) < ends[at]}


def _poll(consumer: Any, topics: Sequence[str], ends: dict[TopicPartition, int], *, follow: bool) -> Any:
    if follow:
        ends.update(dict.fromkeys(take_up_new(consumer, topics), 0))
    return consumer.poll(timeout_ms=_POLL_MS)


def _seek_to_time(consumer: Any, ends: dict[TopicPartition, int], since: int) -> None:
    found = consumer.offsets_for_times(dict.fromkeys(ends, since))
    for at, end in ends.items():
        consumer.seek(at, end if found.get(at) is None else found[at].offset)


def take_up_new(consumer: Any, topics: Iterable[str]) -> list[TopicPartition]:
    """Read the partitions as well that some topics were given since they were assigned, and return those.

    They are read from their beginning: whatever stands there has come since. What kafka-python raises is passed on.

    Args:
        consumer: One without a group, that has partitions of these topics assigned.
        topics: The topics.
    """
    assigned = consumer.assignment()
    found = [TopicPartition(topic, number) for topic in topics for number in consumer.partitions_for_topic(topic) or ()]
    new = sorted(set(found) - assigned)
    if len(new) > 0:
        consumer.assign([*assigned, *new])
        consumer.seek_to_beginning(*new)
    return new


def find_partitions(
    consumer: Any, topics: Sequence[str], *, declared: TopicSettings | None = None
) -> list[TopicPartition]:
    """Return the partitions of some topics.

    Args:
        consumer: From `open_consumer`.
        topics: The topics.
        declared: Those of the settings, where others may be among ``topics``.

    Raises:
        TopicError: A topic does not exist.
        BrokerError: Kafka does not say.
    """
    doing = f"to read {', '.join(topics)}"
    try:
        numbers = {topic: sorted(consumer.partitions_for_topic(topic) or ()) for topic in topics}
    except Exception as exc:
        raise translate(exc, doing=doing) from exc
    for topic, found in numbers.items():
        if len(found) == 0:
            raise missing_topic(topic, declared)
    return [TopicPartition(topic, number) for topic, found in numbers.items() for number in found]


def stored(record: Any) -> StoredRecord:
    """Return a record of kafka-python as one of ours."""
    timestamp = record.timestamp
    return StoredRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
        timestamp=None if timestamp is None or timestamp < 0 else timestamp,
    )
