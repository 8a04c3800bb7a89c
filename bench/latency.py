"""Latency through broker, program and broker: each article's time from its sending to the arrival of its outcome."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.broker import records
from bench.stats import summarise

if TYPE_CHECKING:
    from bench.broker import Broker
    from bench.rows import Figure

__all__ = ["latency"]


def latency(broker: Broker, raw: str, out: str, *, per_second: float, seconds: float) -> dict[str, Figure]:
    """Send articles evenly and wait for their outcomes; the program runs already.

    Args:
        broker: The broker.
        raw: Topic that the program reads.
        out: Topic that it writes to.
        per_second: Articles sent a second.
        seconds: How long; the first fifth warms up and does not count.
    """
    return asyncio.run(_latency(broker, raw, out, per_second, seconds))


async def _latency(broker: Broker, raw: str, out: str, per_second: float, seconds: float) -> dict[str, Figure]:
    count = max(20, int(per_second * seconds))
    made = list(records(min(count, 300)))
    sent: dict[bytes, float] = {}
    took: dict[bytes, float] = {}
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.address, auto_offset_reset="latest", fetch_max_wait_ms=20)
    producer = AIOKafkaProducer(bootstrap_servers=broker.address, acks="all", linger_ms=1)
    async with consumer, producer:
        consumer.assign(broker.partitions(out))
        await consumer.seek_to_end()

        async def receive() -> None:
            async for record in consumer:
                if record.key in sent:
                    took[record.key] = time.perf_counter() - sent[record.key]
                if len(took) >= count:
                    return

        receiving = asyncio.ensure_future(receive())
        began = time.perf_counter()
        acknowledged = []
        for number in range(count):
            due = began + number / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            key = f"latency-{number}".encode()
            # Counted from when it was due, so that a late sender does not flatter the program.
            sent[key] = due
            acknowledged.append(await producer.send(raw, value=made[number % len(made)][1], key=key))
        await asyncio.gather(*acknowledged)
        try:
            await asyncio.wait_for(receiving, 30.0)
        except asyncio.TimeoutError:
            receiving.cancel()
    values = [took[key] for number in range(count // 5, count) if (key := f"latency-{number}".encode()) in took]
    if len(values) == 0:
        return {"note": "nothing arrived"}
    summary = summarise(values)
    return {
        "load_per_second": round(per_second, 1),
        "p50_ms": round(summary.median * 1e3, 2),
        "p95_ms": round(summary.p95 * 1e3, 2),
        "p99_ms": round(summary.p99 * 1e3, 2),
        "most_ms": round(summary.most * 1e3, 2),
        "lost": count - len(took),
    }
