"""Reads outcomes as they come and checks them, in a process of its own."""

from __future__ import annotations

import asyncio
import signal
from array import array
from typing import TYPE_CHECKING, Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from chaos.soak.articles import Articles
from chaos.soak.tally import Tally

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from streams.settings import TopicSettings

__all__ = ["read_outcomes"]

_AT_ONCE: Final = 500


def read_outcomes(orders: Connection, bootstrap: str, topics: TopicSettings, partitions: int) -> None:
    """Read and check until the connection ends.

    ``("pace", FIRST, BEGAN, RATE)`` tells which records' delays count; ``("count",)`` is answered with counts so far;
    ``("finish", FOLDER)`` compares with what the sender kept there, and is answered with everything.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_Reader(orders, topics).run(bootstrap, partitions))


class _Reader:
    def __init__(self, orders: Connection, topics: TopicSettings) -> None:
        self._orders = orders
        self._topics = topics
        self._tally = Tally(Articles(), topics.raw)
        self._next: dict[Any, int] = {}

    async def run(self, bootstrap: str, partitions: int) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap,
            auto_offset_reset="none",
            max_partition_fetch_bytes=4_194_304,
            request_timeout_ms=120_000,
        )
        asked = [TopicPartition(self._topics.enriched, number) for number in range(partitions)]
        asked.append(TopicPartition(self._topics.dead, 0))
        async with consumer:
            consumer.assign(asked)
            for each in asked:
                consumer.seek(each, 0)
                self._next[each] = 0
            while True:
                found = await consumer.getmany(timeout_ms=200, max_records=_AT_ONCE)
                for at, records in found.items():
                    self._take(at, records)
                if self._orders.poll():
                    try:
                        order, *given = self._orders.recv()
                    except EOFError:
                        return
                    self._follow(order, given)

    def _take(self, at: Any, records: list[Any]) -> None:
        is_dead = at.topic == self._topics.dead
        for record in records:
            if record.offset != self._next[at]:
                self._tally.gap(at.topic, at.partition, self._next[at], record.offset)
            self._next[at] = record.offset + 1
            if is_dead:
                self._tally.add_dead(record.value, record.headers)
            else:
                self._tally.add_enriched(record.key, record.value, record.headers, record.timestamp)

    def _follow(self, order: str, given: list[Any]) -> None:
        if order == "pace":
            self._tally.paced(*given)
        elif order == "count":
            self._orders.send(self._counts())
        else:
            self._orders.send(self._finish(*given))

    def _counts(self) -> dict[str, Any]:
        tally = self._tally
        return {
            "seen": tally.seen,
            "enriched": tally.enriched,
            "dead": tally.dead,
            "duplicates": tally.duplicates,
            "relinked": tally.relinked,
            "problems": dict(tally.problems),
            "words": tally.words,
        }

    def _finish(self, folder: Path) -> dict[str, Any]:
        partitions, offsets = array("b"), array("q")
        for name, values in (("partitions", partitions), ("offsets", offsets)):
            values.frombytes((folder / name).read_bytes())
        acknowledged = self._tally.finish(partitions, offsets)
        return {
            "acknowledged": acknowledged,
            **self._counts(),
            "versions": len(self._tally.versions),
            "delays": {minute: dict(counts) for minute, counts in self._tally.delays.items()},
        }
