"""From the start of ``wasl worker`` to its first enriched article, with a real Redis and a real Apache Kafka.

A worker that was never on this host takes the snapshot from Redis; one that was has its local copy.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.broker import Broker
from bench.catalogues import catalogue, compiled
from bench.process import Running, wait_until
from bench.rows import Row
from streams.catalog.compile import Compiled
from streams.catalog.publish import store_snapshot
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.snapshot import open_snapshot
from streams.embedded.redis_ import redis_url, start_redis
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.rows import Config, Figure

__all__ = ["start", "worker_env"]

_PATIENCE: Final = 120.0
_SETTLING: Final = 4.0
_RAW: Final = "start.raw"


def start(config: Config) -> Iterator[Row]:
    """Import a catalogue into Redis, and start workers until each has written its first article."""
    aliases = 100_000 if config.quick else 1_000_000
    with (
        tempfile.TemporaryDirectory() as name,
        start_redis(Path(name) / "redis") as redis,
        Broker(Path(name)) as broker,
    ):
        folder, settings = Path(name), RedisSettings(url=redis_url(redis))
        store = RedisStore(connect(settings, timeout=60.0))
        # Made beforehand: an import that waits for its first entity for a minute loses its lease.
        entities = list(catalogue(config.kind, aliases))
        began = time.perf_counter()
        store.put_many(entities)
        del entities
        imported = time.perf_counter()
        # Equal records are an equal version: the snapshot that other levels use is the one of this store.
        snapshot = compiled(config.kind, aliases)
        store_snapshot(store, Compiled(open_snapshot(snapshot).header, [snapshot.read_bytes()]))
        yield Row("start", f"{aliases:,} aliases, import", {"import_s": round(imported - began, 1)})
        broker.topics(_RAW, "start.out.first")
        broker.fill(_RAW, 20)
        runs = 1 if config.quick else 5
        yield Row("start", f"{aliases:,} aliases, new host", _first(broker, settings, folder, "first"))
        found = [_first(broker, settings, folder, f"again-{number}") for number in range(runs)]
        found.sort(key=lambda figures: float(figures.get("first_enriched_s") or _PATIENCE))
        yield Row("start", f"{aliases:,} aliases, local copy", found[len(found) // 2])
        yield Row("start", f"{aliases:,} aliases, two processes", _first(broker, settings, folder, "two", processes=2))


def worker_env(broker: Broker, redis: RedisSettings, raw: str, out: str, data: Path) -> dict[str, str]:
    """Return the settings of a worker that reads ``raw`` and writes ``out``, with a group of its own."""
    return {
        "WASL_KAFKA_BOOTSTRAP": broker.address,
        "WASL_REDIS_URL": redis.url,
        "WASL_TOPIC_RAW": raw,
        "WASL_TOPIC_ENRICHED": out,
        "WASL_TOPIC_DEAD": f"{out}.dead",
        "WASL_TOPIC_UNLINKED": f"{out}.unlinked",
        "WASL_GROUP": out,
        "WASL_HTTP_PORT": "0",
        "WASL_DATA_DIR": str(data),
        "WASL_LOG_LEVEL": "WARNING",
    }


def _first(broker: Broker, redis: RedisSettings, folder: Path, name: str, *, processes: int = 1) -> dict[str, Figure]:
    out = f"start.out.{name}"
    broker.topics(_RAW, out)
    env = worker_env(broker, redis, _RAW, out, folder / "worker")
    with Running(
        ["-m", "streams", "worker", "--processes", str(processes)], folder / f"{name}.log", env=env
    ) as running:

        def done() -> bool:
            return broker.written(out) > 0 or not running.is_alive

        if not wait_until(done, within=_PATIENCE, every=0.02) or not running.is_alive:
            return {"note": f"wrote nothing: {running.last_words()}"}
        seconds = time.monotonic() - running.started
        cpu = running.cpu()
        # Of several, the others follow the first.
        time.sleep(_SETTLING)
        return {
            "first_enriched_s": round(seconds, 2),
            "cpu_s": round(cpu, 2),
            "memory_mb": round(running.memory(), 1),
            "note": None,
        }
