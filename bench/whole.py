"""The memory of whole workers, Kafka's clients and all, with a real Redis and a real Apache Kafka."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.broker import Broker
from bench.process import Running, wait_until
from bench.start import worker_env

if TYPE_CHECKING:
    from bench.rows import Figure
    from streams.settings import RedisSettings

__all__ = ["whole_workers"]

_RAW: Final = "whole.raw"
_RECORDS: Final = 3_000
_PATIENCE: Final = 300.0
_SETTLING: Final = 4.0


def whole_workers(redis: RedisSettings) -> dict[str, Figure]:
    """Return what one, two and three processes of one command take after they have worked off a backlog.

    Args:
        redis: Where the catalogue and its snapshot are.
    """
    figures: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory() as name, Broker(Path(name)) as broker:
        broker.topics(_RAW, "whole.out")
        broker.fill(_RAW, _RECORDS)
        for processes, called in enumerate(("one", "two", "three"), start=1):
            out = f"whole.out.{called}"
            broker.topics(_RAW, out)
            with Running(
                ["-m", "streams", "worker", "--processes", str(processes)],
                Path(name) / f"{called}.log",
                env=worker_env(broker, redis, _RAW, out, Path(name) / "worker"),
            ) as running:
                if not _worked_off(broker, running, out):
                    return {"note": f"{called}: wrote {broker.written(out):,} articles: {running.last_words()}"}
                time.sleep(_SETTLING)
                figures[f"{called}_mb"] = round(running.memory(), 1)
    for called in ("two", "three"):
        figures[f"{called}_to_one"] = round(float(figures[f"{called}_mb"] or 0) / float(figures["one_mb"] or 1), 2)
    return figures


def _worked_off(broker: Broker, running: Running, out: str) -> bool:
    wait_until(lambda: broker.written(out) >= _RECORDS or not running.is_alive, within=_PATIENCE)
    return running.is_alive and broker.written(out) >= _RECORDS
