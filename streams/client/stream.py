"""Enriched articles one by one, with kafka-python."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from kafka import ConsumerRebalanceListener, KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import CommitFailedError

from streams.client.beginning import find_reset
from streams.client.patience import Patience
from streams.client.reader import Reader
from streams.client.received import Wanted
from streams.client.seen import MOST_SEEN
from streams.kafka.client import connect
from streams.kafka.errors import translate
from streams.settings import KafkaSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.client.progress import Partition
    from streams.client.received import Received
    from streams.errors import EventError

__all__ = ["ArticleStream", "read_articles"]

_POLL_MS: Final = 500
_FETCH_BYTES: Final = 8_388_608


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # untyped in kafka-python
    def __init__(self, stream: ArticleStream) -> None:
        self._stream = stream

    def on_partitions_revoked(self, revoked: Any) -> None:
        self._stream.give_up([(partition.topic, partition.partition) for partition in revoked])

    def on_partitions_assigned(self, assigned: Any) -> None:
        self._stream.take_up([(partition.topic, partition.partition) for partition in assigned])


class ArticleStream:
    """An iterator over the enriched articles of a consumer group; see `read_articles`.

    Args:
        consumer: The client library's.
        reader: What becomes of its records.
        from_start: Whether a new group begins with the first article, or with what arrives from now on.
        patience: When to end.
    """

    def __init__(self, consumer: Any, reader: Reader, *, from_start: bool, patience: Patience) -> None:
        self._consumer = consumer
        self._reader = reader
        self._from_start = from_start
        self._patience = patience
        self._taken_up: set[Partition] = set()

    @property
    def duplicates(self) -> int:
        """Articles that were left out since an equal one had come before."""
        return self._reader.duplicates

    def __iter__(self) -> Iterator[Received]:
        return self

    def __next__(self) -> Received:
        reader = self._reader
        reader.progress.settle()
        self._patience.begin()
        while True:
            if reader.progress.is_due():
                self.commit()
            received = reader.next()
            if received is not None:
                return received
            if self._patience.is_over():
                raise StopIteration
            self._fetch()

    def commit(self) -> None:
        """Commit what was handled so far; reading on does so by itself every few seconds.

        Raises:
            BrokerError: Kafka refuses it.
        """
        positions = self._reader.progress.positions()
        if len(positions) == 0:
            return
        offsets = {TopicPartition(*at): OffsetAndMetadata(offset, "", -1) for at, offset in positions.items()}
        try:
            self._consumer.commit(offsets)
        except Exception as exc:
            raise translate(exc, doing="a commit") from exc
        self._reader.progress.committed(positions)

    def settle(self) -> None:
        """Note that the article that came last has been handled."""
        self._reader.progress.settle()

    def give_up(self, partitions: list[Partition]) -> None:
        """Forget partitions that go to another consumer of the group; what was handled was committed before the poll.

        Kafka's own thread calls this, from which no call to Kafka may wait.
        """
        self._taken_up.difference_update(partitions)
        self._reader.give_up(partitions)

    def take_up(self, partitions: list[Partition]) -> None:
        """Take partitions; where a group that begins with what arrives from now on begins is committed at once.

        Until it has a commit, it would begin at the end again, behind what its last reader had in hand.
        """
        self._patience.join()
        if not self._from_start:
            self._taken_up.update(partitions)

    def _fetch(self) -> None:
        # The poll may take partitions away, and what was handled of them is to be known to whoever gets them.
        self.commit()
        try:
            polled = self._consumer.poll(timeout_ms=_POLL_MS)
            for partition in tuple(self._taken_up):
                self._commit_beginning(TopicPartition(*partition), polled)
        except Exception as exc:
            raise translate(exc, doing="to read enriched articles") from exc
        for records in polled.values():
            self._reader.feed(records)

    def _commit_beginning(self, at: TopicPartition, polled: dict[TopicPartition, list[Any]]) -> None:
        if self._consumer.committed(at) is None:
            first = polled[at][0].offset if at in polled else self._consumer.position(at)
            try:
                self._consumer.commit({at: OffsetAndMetadata(first, "", -1)})
            except CommitFailedError:
                return  # the partitions are given out anew, and whoever gets this one does the same
        self._taken_up.discard((at.topic, at.partition))


@contextmanager
def read_articles(
    kafka: str | KafkaSettings,
    *,
    group: str,
    wanted: Wanted | None = None,
    topic: str | None = None,
    from_start: bool = True,
    on_broken: Callable[[EventError, bytes], None] | None = None,
    idle: float | None = None,
    remember: int = MOST_SEEN,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[ArticleStream]:
    """Read the enriched articles of a consumer group, each once.

    An article has been handled when the next one is asked for, or when the block ends without an exception; its offset
    is committed within a few seconds then. What was not handled comes again to whoever reads with the group next. An
    article may come twice across a restart: handle it by `Received.id` where that matters.

    Args:
        kafka: Addresses of brokers, or settings.
        group: Consumer group; members share the partitions.
        wanted: Which articles; all when None.
        topic: Another topic than that of the settings.
        from_start: Where a new group begins: with the first article, or with what arrives from now on, which is
            settled when it is given a partition for the first time.
        on_broken: Called with what is wrong with a record, which names its place, and its bytes; it is passed over
            then. When None, a record that is no enriched article ends the reading.
        idle: End after so many seconds without an article, counted from when the group has given out its partitions;
            never when None.
        remember: So many ids are remembered to tell duplicates.
        clock: Monotonic time in seconds.

    Raises:
        BrokerError: Kafka cannot be reached or refuses, or the group does not form.
        EventError: A record is no enriched article, and ``on_broken`` is None.
    """
    settings = KafkaSettings(kafka) if isinstance(kafka, str) else kafka
    source = settings.topics.enriched if topic is None else topic
    consumer = connect(
        KafkaConsumer,
        settings,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset=find_reset(settings, group, source, from_start=from_start),
        max_partition_fetch_bytes=_FETCH_BYTES,
    )
    reader = Reader(wanted=Wanted() if wanted is None else wanted, on_broken=on_broken, remember=remember, clock=clock)
    patience = Patience(idle, group=group, clock=clock)
    stream = ArticleStream(consumer, reader, from_start=from_start, patience=patience)
    try:
        consumer.subscribe([source], listener=_Listener(stream))
        yield stream
        stream.settle()
    finally:
        try:
            stream.commit()
        finally:
            consumer.close(autocommit=False)
