"""Enriched articles one by one, with aiokafka: `streams.client.stream` for programs with an event loop."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from streams.client.beginning import find_reset
from streams.client.patience import Patience
from streams.client.reader import Reader
from streams.client.received import Wanted
from streams.client.seen import MOST_SEEN
from streams.kafka.client import aiokafka_arguments
from streams.kafka.errors import translate
from streams.settings import KafkaSettings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from streams.client.progress import Partition
    from streams.client.received import Received
    from streams.errors import EventError

__all__ = ["AsyncArticleStream", "read_articles_async"]

_POLL_MS: Final = 500
_FETCH_BYTES: Final = 8_388_608


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # untyped in aiokafka
    def __init__(self, stream: AsyncArticleStream) -> None:
        self._stream = stream

    async def on_partitions_revoked(self, revoked: Any) -> None:
        await self._stream.give_up([(partition.topic, partition.partition) for partition in revoked])

    async def on_partitions_assigned(self, assigned: Any) -> None:
        self._stream.take_up([(partition.topic, partition.partition) for partition in assigned])


class AsyncArticleStream:
    """An asynchronous iterator over the enriched articles of a consumer group; see `read_articles_async`.

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
        # Partitions whose beginning is not committed yet, and where that is, if it is known.
        self._taken_up: dict[Partition, int | None] = {}

    @property
    def duplicates(self) -> int:
        """Articles that were left out since an equal one had come before."""
        return self._reader.duplicates

    def __aiter__(self) -> AsyncIterator[Received]:
        return self

    async def __anext__(self) -> Received:
        reader = self._reader
        reader.progress.settle()
        self._patience.begin()
        while True:
            if reader.progress.is_due():
                await self.commit()
            received = reader.next()
            if received is not None:
                return received
            if self._patience.is_over():
                raise StopAsyncIteration
            await self._fetch()

    async def commit(self) -> None:
        """Commit what was handled so far; reading on does so by itself every few seconds.

        Raises:
            BrokerError: Kafka refuses it.
        """
        positions = self._reader.progress.positions()
        if len(positions) == 0:
            return
        try:
            await self._consumer.commit({TopicPartition(*at): offset for at, offset in positions.items()})
        except Exception as exc:
            raise translate(exc, doing="a commit") from exc
        self._reader.progress.committed(positions)
        self._forget_beginnings(positions)

    def settle(self) -> None:
        """Note that the article that came last has been handled."""
        self._reader.progress.settle()

    async def give_up(self, partitions: list[Partition]) -> None:
        """Let partitions go to another consumer of the group; how far they were read is committed first."""
        try:
            await self.commit()
            await self._commit_beginnings()
        finally:
            self._forget_beginnings(partitions)
            self._reader.give_up(partitions)

    def take_up(self, partitions: list[Partition]) -> None:
        """Take partitions; where a group that begins with what arrives from now on begins is committed at once.

        Until it has a commit, it would begin at the end again, behind what its last reader had in hand.
        """
        self._patience.join()
        if not self._from_start:
            self._taken_up.update(dict.fromkeys(partitions))

    async def _fetch(self) -> None:
        try:
            polled = await self._consumer.getmany(timeout_ms=_POLL_MS)
            # What was polled is the reader's before anything else is awaited, when partitions may be taken away.
            for at, records in polled.items():
                self._reader.feed(records)
                self._note_beginning((at.topic, at.partition), records[0].offset)
            await self._find_beginnings()
            await self._commit_beginnings()
        except Exception as exc:
            raise translate(exc, doing="to read enriched articles") from exc

    def _note_beginning(self, partition: Partition, offset: int) -> None:
        if partition in self._taken_up and self._taken_up[partition] is None:
            self._taken_up[partition] = offset

    async def _find_beginnings(self) -> None:
        for partition, offset in tuple(self._taken_up.items()):
            if offset is None:
                # Where it is taken away meanwhile, whoever gets it does the same.
                with suppress(IllegalStateError):
                    self._note_beginning(partition, await self._consumer.position(TopicPartition(*partition)))

    async def _commit_beginnings(self) -> None:
        beginnings = {partition: offset for partition, offset in self._taken_up.items() if offset is not None}
        if len(beginnings) == 0:
            return
        try:
            await self._consumer.commit({TopicPartition(*at): offset for at, offset in beginnings.items()})
        except (CommitFailedError, IllegalStateError):
            return  # the partitions are given out anew, and whoever gets one does the same
        self._forget_beginnings(beginnings)

    def _forget_beginnings(self, partitions: Iterable[Partition]) -> None:
        for partition in partitions:
            self._taken_up.pop(partition, None)


@asynccontextmanager
async def read_articles_async(
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
) -> AsyncIterator[AsyncArticleStream]:
    """Read the enriched articles of a consumer group, each once, as `streams.client.stream.read_articles` does.

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
    reset = await asyncio.to_thread(find_reset, settings, group, source, from_start=from_start)
    consumer = AIOKafkaConsumer(
        **aiokafka_arguments(settings),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset=reset,
        max_partition_fetch_bytes=_FETCH_BYTES,
    )
    reader = Reader(wanted=Wanted() if wanted is None else wanted, on_broken=on_broken, remember=remember, clock=clock)
    patience = Patience(idle, group=group, clock=clock)
    stream = AsyncArticleStream(consumer, reader, from_start=from_start, patience=patience)
    consumer.subscribe([source], listener=_Listener(stream))
    try:
        await consumer.start()
    except Exception as exc:
        await consumer.stop()
        raise translate(exc, doing=f"a connection to {settings.bootstrap_servers}") from exc
    try:
        yield stream
        stream.settle()
    finally:
        try:
            await stream.commit()
        finally:
            await consumer.stop()
