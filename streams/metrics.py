"""Every metric of Wasl.

Names are ``wasl_<name>_<unit>``, counters end in ``_total``; labels have few values, all known beforehand:
codes of `streams.errors`, entity types, stages. Texts, ids and exception messages are never labels.

Length: one list of all metrics, and for each kind of event one method that counts it.
"""

from __future__ import annotations

import time
from collections import Counter as Tally
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from streams.drift import Drift
from streams.errors import (
    BrokerUnavailableError,
    DecodeError,
    DeliveryError,
    LinkingError,
    OversizeError,
    RecordTooLargeError,
    SchemaError,
)
from streams.histograms import BulkHistogram

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["CONTENT_TYPE", "LANGUAGES", "STAGES", "Found", "Mentioned", "WorkerMetrics", "found_in"]

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
STAGES: Final = ("receive", "decode", "link", "encode", "deliver")
"""The stages of an article's way through a worker that are timed."""

LANGUAGES: Final = frozenset(
    "ar bg bn ca cs da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ms ne nl no pa pl ps pt ro"
    " ru sk sl so sq sr sv sw ta te th tl tr uk ur vi zh und".split()
)
"""Languages that are counted by themselves; all others are ``other``, since producers may write what they like."""

_TYPE_OF: Final = attrgetter("type")
_SECONDS: Final = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_DELAYS: Final = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 10_000.0, 100_000.0)
_SHARES: Final = tuple(step / 10 for step in range(1, 10))
_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 10_000)

_DEAD: Final = (
    DecodeError.code,
    SchemaError.code,
    OversizeError.code,
    LinkingError.code,
    RecordTooLargeError.code,
    DeliveryError.code,
)
_RETRIED: Final = (BrokerUnavailableError.code, DeliveryError.code)


class Mentioned(Protocol):
    """A mention, as far as it is counted."""

    @property
    def type(self) -> str:
        """One of the types of entities."""
        ...

    @property
    def entity_id(self) -> str | None:
        """Id of the entity; None where it is not linked."""
        ...

    @property
    def confidence(self) -> float:
        """How sure the link is."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one article, as far as it is counted; the mentions themselves need not be kept for it.

    Attributes:
        language: Language of the article.
        types: How many mentions there are of each type.
        nil: How many of them are not linked.
        sure: How sure each link is.
    """

    language: str
    types: Mapping[str, int]
    nil: Mapping[str, int]
    sure: Sequence[float]


def found_in(language: str, mentions: Sequence[Mentioned]) -> Found:
    """Return what is counted of an article with these mentions."""
    sure = [each.confidence for each in mentions if each.entity_id is not None]
    nil = () if len(sure) == len(mentions) else [each.type for each in mentions if each.entity_id is None]
    return Found(language, Tally(map(_TYPE_OF, mentions)), Tally(nil), sure)


class WorkerMetrics:
    """The metrics of one worker process, in a registry of their own, so that tests can have many.

    Args:
        now: Seconds since 1970-01-01 UTC.
        clock: Seconds of a monotonic clock.

    Attributes:
        registry: What `/metrics` shows.
        articles: Raw records taken from Kafka.
        enriched: Enriched articles acknowledged by Kafka.
        tombstones: Tombstones passed on and acknowledged.
        dead_letters: Dead letters acknowledged, by error code.
        unlinked: Unlinked names acknowledged.
        left_out: Unlinked names that their topic does not take.
        mentions: Mentions found, by language, entity type and whether they were linked.
        confidence: How sure links are.
        retries: Rounds in which a delivery had to be tried again, by error code.
        batch_articles: Articles in a batch.
        batch_seconds: Time from taking a batch until everything made from it was acknowledged.
        stage_seconds: Time per article (decode, link, encode) or per batch (receive, deliver), by stage.
        delay_seconds: From a record's timestamp to its being taken.
        catalog: The catalogue version in use, as a label with the value 1.
        catalog_loaded: When that version was put to use, in seconds since 1970-01-01 UTC.
        redis_connected: Whether live changes of the catalogue arrive (1) or the last copy is used (0).
        assigned: Partitions of the raw topic that this worker reads.
        restarts: How often a worker of several was started anew by its parent.
        in_hand: Articles taken from Kafka whose output is not yet acknowledged.
        delivery_waits: How long the batch under way has waited for Kafka's acknowledgement.
        catalog_entities: Entities of the catalogue in use.
        catalog_forms: Forms that texts are searched for.
        overlay: Records changed since the snapshot below the catalogue was compiled.
        catalog_age: Seconds since the catalogue was last known to be current.
        snapshot: Where the snapshot below the catalogue was taken from, as a label with the value 1.
        snapshot_bytes: Its size.
        snapshot_kept: Whether it is on the disk with the changes since (1), for a start without Redis.
        snapshot_damaged: Local copies that could not be read when they were looked at last.
        drift: What linking found of late.
        drift_ratio: How much that differs from the hour before, by signal.
        recent: What it was compared with, by signal and stretch of time.
    """

    def __init__(self, *, now: Callable[[], float] = time.time, clock: Callable[[], float] = time.monotonic) -> None:
        self._now, self._clock = now, clock
        self.drift = Drift()
        registry = CollectorRegistry()
        self.registry = registry
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self.articles = Counter("wasl_articles", "Raw records taken from Kafka", registry=registry)
        self.enriched = Counter("wasl_enriched", "Enriched articles acknowledged by Kafka", registry=registry)
        self.tombstones = Counter("wasl_tombstones", "Tombstones passed on", registry=registry)
        self.dead_letters = Counter("wasl_dead_letters", "Dead letters written", ("code",), registry=registry)
        # From 0 on: a rate sees no first step out of nothing, and one batch may hold them all.
        for code in _DEAD:
            self.dead_letters.labels(code)
        self.unlinked = Counter("wasl_unlinked_names", "Unlinked names written", registry=registry)
        self.left_out = Counter(
            "wasl_unlinked_names_left_out", "Unlinked names that their topic does not take", registry=registry
        )
        self.mentions = Counter("wasl_mentions", "Mentions found", ("language", "type", "outcome"), registry=registry)
        self.confidence = BulkHistogram(
            "wasl_link_confidence_ratio", "How sure links are", buckets=_SHARES, registry=registry
        )
        self.retries = Counter("wasl_delivery_retries", "Deliveries tried again", ("code",), registry=registry)
        for code in _RETRIED:
            self.retries.labels(code)
        self.batch_articles = BulkHistogram(
            "wasl_batch_articles", "Articles in a batch", buckets=_SIZES, registry=registry
        )
        self.batch_seconds = BulkHistogram(
            "wasl_batch_seconds", "From taking a batch to its acknowledgement", buckets=_SECONDS, registry=registry
        )
        self.stage_seconds = BulkHistogram(
            "wasl_stage_seconds", "Time in a stage", buckets=_SECONDS, registry=registry, label="stage", values=STAGES
        )
        self.delay_seconds = BulkHistogram(
            "wasl_event_delay_seconds",
            "From a record's timestamp to its being taken",
            buckets=_DELAYS,
            registry=registry,
        )
        self.catalog = Gauge("wasl_catalog_info", "Catalogue version in use", ("version",), registry=registry)
        self.catalog_loaded = Gauge(
            "wasl_catalog_loaded_timestamp_seconds", "When that version was put to use", registry=registry
        )
        self.redis_connected = Gauge("wasl_redis_connected", "Whether live catalogue changes arrive", registry=registry)
        self.assigned = Gauge("wasl_assigned_partitions", "Partitions read by this worker", registry=registry)
        self.restarts = Counter("wasl_restarts", "How often this process was started anew", registry=registry)
        self.in_hand = Gauge("wasl_in_hand_articles", "Articles taken and not yet acknowledged", registry=registry)
        self.delivery_waits = Gauge(
            "wasl_delivery_waits_seconds", "Since the batch under way was handed to Kafka", registry=registry
        )
        self.catalog_entities = Gauge("wasl_catalog_entities", "Entities of the catalogue in use", registry=registry)
        self.catalog_forms = Gauge("wasl_catalog_forms", "Forms that texts are searched for", registry=registry)
        self.overlay = Gauge("wasl_catalog_overlay_records", "Records changed since the snapshot", registry=registry)
        self.catalog_age = Gauge(
            "wasl_catalog_age_seconds", "Since the catalogue was last known to be current", registry=registry
        )
        self.snapshot = Gauge("wasl_snapshot_info", "Where the snapshot came from", ("source",), registry=registry)
        self.snapshot_bytes = Gauge("wasl_snapshot_bytes", "Size of the snapshot in use", registry=registry)
        self.snapshot_kept = Gauge(
            "wasl_snapshot_kept", "Whether the catalogue in use is on the local disk", registry=registry
        )
        self.snapshot_damaged = Gauge(
            "wasl_snapshot_damaged_copies", "Local copies that could not be read", registry=registry
        )
        self.drift_ratio = Gauge(
            "wasl_drift_ratio", "Change of a rate against the hour before", ("signal",), registry=registry
        )
        self.recent = Gauge(
            "wasl_drift_rate_ratio", "The rates that are compared", ("signal", "stretch"), registry=registry
        )
        self._catalog_version: str | None = None

    def count_taken(self, timestamps: Sequence[int | None]) -> None:
        """Count the records of a batch that was taken.

        Args:
            timestamps: Of its records, in milliseconds since 1970-01-01 UTC.
        """
        now = self._now() * 1_000
        self.articles.inc(len(timestamps))
        self.batch_articles.observe((len(timestamps),))
        # A producer's clock may be ahead.
        self.delay_seconds.observe([max(0.0, now - at) / 1_000 for at in timestamps if at is not None])

    def observe_receive(self, seconds: float) -> None:
        """Count a batch that was waited for so long."""
        self.stage_seconds.observe((seconds,), "receive")

    def count_batch(self, *, batch_seconds: float, deliver_seconds: float) -> None:
        """Count a batch that was acknowledged, ``batch_seconds`` after it was taken."""
        self.batch_seconds.observe((batch_seconds,))
        self.stage_seconds.observe((deliver_seconds,), "deliver")

    def count_enriched(
        self,
        articles: Sequence[Found],
        *,
        unlinked: int,
        left_out: int = 0,
        decode: Sequence[float],
        link: Sequence[float],
        encode: Sequence[float],
    ) -> None:
        """Count the enriched articles of a batch that was acknowledged.

        Args:
            articles: What was found in each.
            unlinked: Names written beside them.
            left_out: Names that their topic does not take.
            decode: Seconds of each stage, by article.
            link: The same.
            encode: The same.
        """
        self.enriched.inc(len(articles))
        self.unlinked.inc(unlinked)
        self.left_out.inc(left_out)
        for stage, seconds in (("decode", decode), ("link", link), ("encode", encode)):
            self.stage_seconds.observe(seconds, stage)
        sure = list(chain.from_iterable(found.sure for found in articles))
        self.confidence.observe(sure)
        tally: Tally[tuple[str, str, str]] = Tally()
        for found in articles:
            for kind, number in found.types.items():
                nil = found.nil.get(kind, 0)
                tally[found.language, kind, "nil"] += nil
                tally[found.language, kind, "linked"] += number - nil
        for (language, kind, outcome), number in tally.items():
            code = language.partition("-")[0].lower()
            known = code if code in LANGUAGES else "other"
            if number > 0:
                self.mentions.labels(known, kind, outcome).inc(number)
        self.drift.count(self._clock(), articles=len(articles), mentions=tally.total(), links=len(sure))

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

    def show_snapshot(self, source: str, *, size: int, is_kept: bool, damaged: int) -> None:
        """Show what the catalogue in use stands on.

        Args:
            source: Where the snapshot was taken from: ``copy``, ``redis`` or ``records``.
            size: Its bytes.
            is_kept: Whether a start without Redis would find it on the disk, with the changes since.
            damaged: Local copies that could not be read.
        """
        self.snapshot.clear()
        self.snapshot.labels(source).set(1)
        self.snapshot_bytes.set(size)
        self.snapshot_kept.set(1 if is_kept else 0)
        self.snapshot_damaged.set(damaged)

    def show_drift(self) -> None:
        """Show how linking differs from its recent past; nothing where there is too little to compare."""
        self.drift_ratio.clear()
        self.recent.clear()
        for name, signal in self.drift.signals(self._clock()).items():
            self.drift_ratio.labels(name).set(signal.drift)
            self.recent.labels(name, "recent").set(signal.recent)
            self.recent.labels(name, "past").set(signal.past)

    def expose(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)
