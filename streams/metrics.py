"""Every metric of Wasl.

Names are ``wasl_<name>_<unit>``, counters end in ``_total``; labels have few values, all known beforehand:
codes of `streams.errors`, entity types, stages. Texts, ids and exception messages are never labels.
"""

from __future__ import annotations

from collections import Counter as Tally
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CONTENT_TYPE", "STAGES", "WorkerMetrics"]

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
STAGES: Final = ("decode", "link", "deliver")
"""The stages of an article's way through a worker that are timed."""

_SECONDS: Final = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 10_000)


class WorkerMetrics:
    """The metrics of one worker process, in a registry of their own, so that tests can have many.

    Attributes:
        registry: What `/metrics` shows.
        articles: Raw records taken from Kafka.
        enriched: Enriched articles acknowledged by Kafka.
        tombstones: Tombstones passed on and acknowledged.
        dead_letters: Dead letters acknowledged, by error code.
        unlinked: Unlinked names acknowledged.
        mentions: Mentions found, by entity type and whether they were linked.
        retries: Rounds in which a delivery had to be tried again, by error code.
        batch_articles: Articles in a batch.
        batch_seconds: Time from taking a batch until everything made from it was acknowledged.
        stage_seconds: Time per article (decode, link) or per batch (deliver), by stage.
        catalog: The catalogue version in use, as a label with the value 1.
        catalog_loaded: When that version was put to use, in seconds since 1970-01-01 UTC.
        redis_connected: Whether live changes of the catalogue arrive (1) or the last copy is used (0).
        assigned: Partitions of the raw topic that this worker reads.
        in_hand: Articles taken from Kafka whose output is not yet acknowledged.
    """

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.registry = registry
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self.articles = Counter("wasl_articles", "Raw records taken from Kafka", registry=registry)
        self.enriched = Counter("wasl_enriched", "Enriched articles acknowledged by Kafka", registry=registry)
        self.tombstones = Counter("wasl_tombstones", "Tombstones passed on", registry=registry)
        self.dead_letters = Counter("wasl_dead_letters", "Dead letters written", ("code",), registry=registry)
        self.unlinked = Counter("wasl_unlinked_names", "Unlinked names written", registry=registry)
        self.mentions = Counter("wasl_mentions", "Mentions found", ("type", "outcome"), registry=registry)
        self.retries = Counter("wasl_delivery_retries", "Deliveries tried again", ("code",), registry=registry)
        self.batch_articles = Histogram("wasl_batch_articles", "Articles in a batch", buckets=_SIZES, registry=registry)
        self.batch_seconds = Histogram(
            "wasl_batch_seconds", "From taking a batch to its acknowledgement", buckets=_SECONDS, registry=registry
        )
        self.stage_seconds = Histogram(
            "wasl_stage_seconds", "Time in a stage", ("stage",), buckets=_SECONDS, registry=registry
        )
        self.catalog = Gauge("wasl_catalog_info", "Catalogue version in use", ("version",), registry=registry)
        self.catalog_loaded = Gauge(
            "wasl_catalog_loaded_timestamp_seconds", "When that version was put to use", registry=registry
        )
        self.redis_connected = Gauge("wasl_redis_connected", "Whether live catalogue changes arrive", registry=registry)
        self.assigned = Gauge("wasl_assigned_partitions", "Partitions read by this worker", registry=registry)
        self.in_hand = Gauge("wasl_in_hand_articles", "Articles taken and not yet acknowledged", registry=registry)
        for stage in STAGES:
            self.stage_seconds.labels(stage)
        self._catalog_version: str | None = None

    def count_mentions(self, mentions: Iterable[tuple[str, bool]]) -> None:
        """Count mentions, each given by its type and whether it was linked; cheapest for many at once."""
        for (kind, is_linked), number in Tally(mentions).items():
            self.mentions.labels(kind, "linked" if is_linked else "nil").inc(number)

    def show_catalog(self, version: str, *, now: float) -> None:
        """Show which catalogue version is in use; the series of the one before goes.

        Args:
            version: The version.
            now: Seconds since 1970-01-01 UTC.
        """
        if version == self._catalog_version:
            return
        if self._catalog_version is not None:
            self.catalog.remove(self._catalog_version)
        self._catalog_version = version
        self.catalog.labels(version).set(1)
        self.catalog_loaded.set(now)

    def expose(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)
