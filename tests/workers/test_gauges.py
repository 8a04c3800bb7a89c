"""What is shown of the catalogue in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.catalog.feed import CatalogFeed
from streams.catalog.redis_ import RedisStore, connect
from streams.events.entity import Entity
from streams.metrics import WorkerMetrics
from streams.settings import RedisSettings
from streams.workers.gauges import show_catalog

if TYPE_CHECKING:
    from pathlib import Path


def _series(metrics: WorkerMetrics, prefix: str) -> dict[str, float]:
    lines = metrics.expose().decode().splitlines()
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line.startswith(prefix))
    }


def test_the_snapshot_in_use_is_shown_with_where_it_came_from(redis_url: str, tmp_path: Path) -> None:
    settings = RedisSettings(url=redis_url)
    client = connect(settings)
    store = RedisStore(client, buckets=8)
    store.put_many([Entity("Q1", "person", {"en": "Jensen Huang"})])
    client.close()
    metrics = WorkerMetrics()
    for source in ("records", "copy"):
        feed = CatalogFeed(settings, tmp_path)
        feed.preload()
        show_catalog(metrics, feed, now=1.0)
        shown = _series(metrics, "wasl_snapshot_")
        size = shown.pop("wasl_snapshot_bytes")
        assert size == max(path.stat().st_size for path in tmp_path.glob("*.snapshot"))
        assert shown == {
            f'wasl_snapshot_info{{source="{source}"}}': 1,
            "wasl_snapshot_kept": 1,
            "wasl_snapshot_damaged_copies": 0,
        }
