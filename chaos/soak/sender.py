"""Sends the articles of a soak, in a process of its own, and keeps what Kafka acknowledged by the record's number."""

from __future__ import annotations

import asyncio
import signal
import time
from array import array
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aiokafka import AIOKafkaProducer

from chaos.soak.articles import Articles

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

__all__ = ["send_articles"]

_TURN: Final = 0.004  # seconds between two looks at what is due
_FILL_AT_ONCE: Final = 2_000


def send_articles(orders: Connection, bootstrap: str, topic: str) -> None:
    """Follow orders until the connection ends.

    ``("fill", COUNT)`` sends as fast as it can; ``("pace", RATE, SECONDS)`` sends evenly, each record with the time
    when it was due as its timestamp, and first answers with the number of the first and when it is due, in
    milliseconds; ``("keep", FOLDER)`` writes down what was acknowledged. Each is answered when it is done.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_Sender(orders, topic).run(bootstrap))


class _Sender:
    def __init__(self, orders: Connection, topic: str) -> None:
        self._orders = orders
        self._topic = topic
        self._articles = Articles()
        self._partitions = array("b")
        self._offsets = array("q")
        self._refused = 0
        self._producer: Any = None

    async def run(self, bootstrap: str) -> None:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap,
            acks="all",
            enable_idempotence=True,
            linger_ms=5,
            max_batch_size=131_072,
            request_timeout_ms=120_000,
        )
        async with self._producer:
            while True:
                try:
                    order, *given = await asyncio.to_thread(self._orders.recv)
                except EOFError:
                    return
                if order == "fill":
                    await self._fill(*given)
                elif order == "pace":
                    await self._pace(*given)
                else:
                    self._keep(*given)

    async def _fill(self, count: int) -> None:
        for number in range(count):
            await self._send(int(time.time() * 1_000))
            if number % _FILL_AT_ONCE == 0:
                await asyncio.sleep(0)
        await self._producer.flush()
        self._orders.send({"sent": count, "refused": self._refused})

    async def _pace(self, rate: float, seconds: float) -> None:
        first, began, count = len(self._offsets), time.time(), int(rate * seconds)
        self._orders.send((first, int(began * 1_000)))
        late, sent = 0.0, 0
        # Nobody orders anything meanwhile: what can be read is the end of the connection.
        while sent < count and not self._orders.poll():
            now = time.time()
            due = min(count, int((now - began) * rate) + 1)
            if due > sent:
                late = max(late, now - began - sent / rate)
            while sent < due:
                await self._send(int((began + sent / rate) * 1_000))
                sent += 1
            await asyncio.sleep(_TURN)
        await self._producer.flush()
        self._orders.send({"sent": sent, "refused": self._refused, "late_s": round(late, 3)})

    async def _send(self, due: int) -> None:
        number = len(self._offsets)
        self._partitions.append(-1)
        self._offsets.append(-1)
        key, value = self._articles.record(number)
        future = await self._producer.send(self._topic, value=value, key=key, timestamp_ms=due)
        future.add_done_callback(partial(self._acknowledged, number))

    def _acknowledged(self, number: int, future: Any) -> None:
        if future.cancelled() or future.exception() is not None:
            self._refused += 1
            return
        metadata = future.result()
        self._partitions[number], self._offsets[number] = metadata.partition, metadata.offset

    def _keep(self, folder: Path) -> None:
        for name, values in (("partitions", self._partitions), ("offsets", self._offsets)):
            with (folder / name).open("wb") as file:
                values.tofile(file)
        self._orders.send({"sent": len(self._offsets), "refused": self._refused})
