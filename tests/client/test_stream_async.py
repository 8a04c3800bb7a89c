"""What the stream with an event loop does where a rebalance comes while it waits; the rest is in `test_stream`."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError

from streams.client.patience import Patience
from streams.client.reader import Reader
from streams.client.received import Wanted
from streams.client.stream_async import AsyncArticleStream

AT = TopicPartition("t", 0)


@dataclass(frozen=True)
class Fetched:
    """A record as the library gives it."""

    offset: int
    topic: str = AT.topic
    partition: int = AT.partition
    value: bytes = b"{"
    headers: tuple[tuple[str, bytes], ...] = ()


class Coordinated:
    """A consumer that gives out a record, and whose partition is taken away at the next call after that."""

    def __init__(self, polled: dict[TopicPartition, list[Fetched]]) -> None:
        self.stream: AsyncArticleStream
        self.committed_at: dict[TopicPartition, int] = {}
        self._polled = polled
        self._is_mine = True
        self._is_taken_away = False

    async def getmany(self, timeout_ms: int) -> dict[TopicPartition, list[Fetched]]:
        await asyncio.sleep(0.01)
        polled, self._polled = self._polled, {}
        return polled

    async def committed(self, _: TopicPartition) -> int | None:
        await self._rebalance()
        return None

    async def position(self, _: TopicPartition) -> int:
        await self._rebalance()
        if not self._is_mine:
            raise IllegalStateError
        return 7

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        await self._rebalance()
        if not self._is_mine:
            raise IllegalStateError
        self.committed_at.update(offsets)

    async def _rebalance(self) -> None:
        if not self._is_taken_away:
            self._is_taken_away = True
            await self.stream.give_up([(AT.topic, AT.partition)])
            self._is_mine = False


@pytest.mark.parametrize(("polled", "committed"), [({AT: [Fetched(5)]}, {AT: 5}), ({}, {})], ids=["record", "none"])
def test_a_partition_that_is_taken_away_before_its_beginning_is_committed(polled, committed) -> None:
    broken: list[bytes] = []

    async def run() -> Coordinated:
        consumer = Coordinated(polled)
        reader = Reader(
            wanted=Wanted(), on_broken=lambda _, data: broken.append(data), remember=10, clock=time.monotonic
        )
        patience = Patience(0.1, group="g", clock=time.monotonic)
        stream = AsyncArticleStream(consumer, reader, from_start=False, patience=patience)
        consumer.stream = stream
        stream.take_up([(AT.topic, AT.partition)])
        assert [received async for received in stream] == []
        await stream.commit()
        return consumer

    # Nothing is given out of what another reader has now, and nothing of it is lost to that.
    assert asyncio.run(run()).committed_at == committed
    assert broken == []
