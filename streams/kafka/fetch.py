"""Fetching a little from many places: the first record of each, or just where it ends."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import OffsetOutOfRangeError, TopicAuthorizationFailedError

from streams.kafka.client import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from streams.settings import KafkaSettings

    Look: TypeAlias = Callable[[Any, TopicPartition, list[Any]], bool]

__all__ = ["EMBEDDED_CLUSTER", "fetch_until", "find_ends", "open_fetcher"]

EMBEDDED_CLUSTER: Final = "tansu_cluster"
"""Id of the cluster of every embedded broker, which names ends that are too small: it counts a last batch as one."""

# Most of a batch is not needed, but Kafka sends whole batches; one that is larger comes when its turn is first.
_BYTES: Final = 65_536
_WAIT_MS: Final = 50
_POLL_MS: Final = 100
_IDLE_POLLS: Final = 30  # three seconds in which nothing was learnt of any partition


@contextmanager
def open_fetcher(kafka: KafkaSettings, *, timeout: float = 10.0) -> Iterator[Any]:
    """Open a consumer without a group that fetches little at a time, and close it at the end.

    Args:
        kafka: How to reach Kafka.
        timeout: How long to look for a broker, in seconds.

    Raises:
        BrokerUnavailableError: No broker answers, or it hangs up on this user.
    """
    consumer = connect(
        KafkaConsumer,
        kafka,
        timeout=timeout,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="none",
        # A session is worth its while for who reads on; here each fetch asks for other offsets.
        enable_incremental_fetch_sessions=False,
        max_partition_fetch_bytes=_BYTES,
        fetch_max_wait_ms=_WAIT_MS,
    )
    try:
        yield consumer
    finally:
        consumer.close()


def fetch_until(consumer: Any, starts: Mapping[TopicPartition, int], look: Look) -> None:
    """Fetch from an offset of each partition until enough was seen of all, or nothing is learnt for three seconds.

    What kafka-python raises is passed on, but for an offset that is out of range and a topic that may not be read:
    those partitions are given up.

    Args:
        consumer: From `open_fetcher`.
        starts: Where to begin, by partition.
        look: Told the consumer, a partition and the records that came of it, at most one; returns whether that is
            enough.
    """
    waiting = set(starts)
    # Assigning nothing first makes the consumer forget the ends that it knew.
    consumer.unsubscribe()
    consumer.assign(list(waiting))
    for at in waiting:
        consumer.seek(at, starts[at])
    idle = 0
    while len(waiting) > 0 and idle < _IDLE_POLLS:
        try:
            polled = consumer.poll(timeout_ms=_POLL_MS, max_records=1)
        except OffsetOutOfRangeError as exc:
            # Retention has just passed it, or the topic was made anew: the next look begins elsewhere.
            done = waiting & set(exc.args[0])
        except TopicAuthorizationFailedError as exc:
            # Offsets may be seen without the right to read records.
            done = {at for at in waiting if at.topic in exc.args[0]}
        else:
            done = {at for at in waiting if look(consumer, at, polled.get(at, []))}
        if len(done) > 0:
            waiting -= done
            # Not paused: what kafka-python had fetched of a paused partition can keep it from being fetched again.
            consumer.assign(list(waiting))
        idle = 0 if len(done) > 0 else idle + 1


def find_ends(consumer: Any, known: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
    """Return where partitions end, as a fetch says it; those of which nothing is learnt are left out.

    Args:
        consumer: From `open_fetcher`, or another without a subscription; what it has assigned is given up.
        known: Ends that may be too small; the nearer to the true ones, the less is fetched.
    """
    ends: dict[TopicPartition, int] = {}

    def look(consumer: Any, at: TopicPartition, _: list[Any]) -> bool:
        end = consumer.highwater(at)
        if end is not None:
            ends[at] = end
        return end is not None

    fetch_until(consumer, known, look)
    return ends
