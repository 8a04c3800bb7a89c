"""Every metric of consumer lag: Wasl's own names, and those that dashboards of other exporters know.

``kafka_consumergroup_lag`` and its like are the names of kafka_exporter, ``kafka_consumergroup_group_lag`` and its
like those of Kafka Lag Exporter; docs/reference/lag.md says what is the same and what is not. Groups, topics and
partitions are labels here, as many as the cluster has of those that are watched; the series of what is gone go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LagMetrics"]

_SECONDS: Final = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_OURS: Final = ("group", "topic", "partition")
_EXPORTER: Final = ("consumergroup", "topic", "partition")
_LIGHTBEND: Final = ("cluster_name", "group", "topic", "partition")


class LagMetrics:
    """The metrics of one exporter of lag, in a registry of their own.

    Attributes:
        registry: What `/metrics` shows.
        looks: Looks at Kafka that succeeded.
        errors: Looks that failed, by error code.
        look_seconds: How long looks took.
        looked: When the last look succeeded, in seconds since 1970-01-01 UTC.
        history_usable: Whether what was seen is kept for the next start (1) or not (0).
        lost: Offsets that Kafka dropped before their group committed them, by group, topic and partition.
    """

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.registry = registry
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self.looks = Counter("wasl_lag_looks", "Looks at Kafka that succeeded", registry=registry)
        self.errors = Counter("wasl_lag_errors", "Looks at Kafka that failed", ("code",), registry=registry)
        self.look_seconds = Histogram(
            "wasl_lag_look_seconds", "How long a look at Kafka took", buckets=_SECONDS, registry=registry
        )
        self.looked = Gauge("wasl_lag_looked_timestamp_seconds", "When the last look succeeded", registry=registry)
        self.history_usable = Gauge("wasl_lag_history_usable", "Whether the history is kept", registry=registry)
        self.lost = Counter(
            "wasl_lag_lost_records", "Offsets dropped before they were committed", _OURS, registry=registry
        )
        self._lost: dict[tuple[str, ...], int] = {}
        gauges = (
            Gauge("wasl_lag_records", "Offsets not committed", _OURS, registry=registry),
            Gauge("wasl_lag_seconds", "Age of the oldest record not committed", _OURS, registry=registry),
            Gauge("wasl_lag_consumed_per_second", "Records committed a second", _OURS, registry=registry),
            Gauge("wasl_lag_arrived_per_second", "Records that arrived a second", _OURS, registry=registry),
            Gauge(
                "wasl_lag_time_to_zero_seconds", "Time until nothing is left at these rates", _OURS, registry=registry
            ),
            Gauge(
                "wasl_lag_partition_state",
                "1 for the state that a partition is in",
                (*_OURS, "state"),
                registry=registry,
            ),
            Gauge("wasl_lag_group_state", "1 for the state that a group is in", ("group", "state"), registry=registry),
            Gauge("wasl_lag_group_members", "Members of a group", ("group",), registry=registry),
            Gauge("kafka_consumergroup_current_offset", "Committed offset", _EXPORTER, registry=registry),
            Gauge(
                "kafka_consumergroup_current_offset_sum", "Sum of committed offsets", _EXPORTER[:2], registry=registry
            ),
            Gauge("kafka_consumergroup_lag", "Offsets not committed", _EXPORTER, registry=registry),
            Gauge("kafka_consumergroup_lag_sum", "Offsets not committed, of a topic", _EXPORTER[:2], registry=registry),
            Gauge("kafka_consumergroup_members", "Members of a group", _EXPORTER[:1], registry=registry),
            Gauge("kafka_topic_partitions", "Partitions of a topic", ("topic",), registry=registry),
            Gauge(
                "kafka_topic_partition_current_offset", "End of a partition", ("topic", "partition"), registry=registry
            ),
            Gauge(
                "kafka_topic_partition_oldest_offset",
                "Beginning of a partition",
                ("topic", "partition"),
                registry=registry,
            ),
            Gauge("kafka_consumergroup_group_offset", "Committed offset", _LIGHTBEND, registry=registry),
            Gauge("kafka_consumergroup_group_lag", "Offsets not committed", _LIGHTBEND, registry=registry),
            Gauge(
                "kafka_consumergroup_group_lag_seconds",
                "Age of the oldest record not committed",
                _LIGHTBEND,
                registry=registry,
            ),
            Gauge("kafka_consumergroup_group_max_lag", "Largest lag of a partition", _LIGHTBEND[:2], registry=registry),
            Gauge(
                "kafka_consumergroup_group_max_lag_seconds", "Largest lag in seconds", _LIGHTBEND[:2], registry=registry
            ),
            Gauge(
                "kafka_consumergroup_group_sum_lag",
                "Offsets not committed, of a group",
                _LIGHTBEND[:2],
                registry=registry,
            ),
            Gauge(
                "kafka_consumergroup_group_topic_sum_lag",
                "Offsets not committed, of a topic",
                _LIGHTBEND[:3],
                registry=registry,
            ),
            Gauge(
                "kafka_partition_latest_offset",
                "End of a partition",
                ("cluster_name", "topic", "partition"),
                registry=registry,
            ),
            Gauge(
                "kafka_partition_earliest_offset",
                "Beginning of a partition",
                ("cluster_name", "topic", "partition"),
                registry=registry,
            ),
            Gauge(
                "kafka_consumergroup_poll_time_ms", "How long the last look took", ("cluster_name",), registry=registry
            ),
        )
        self._gauges = {next(iter(gauge.describe())).name: gauge for gauge in gauges}

    def show(self, rows: Iterable[tuple[str, tuple[str, ...], float]]) -> None:
        """Show these values and no others; the series of what is not among them go.

        Args:
            rows: For each value the name of its metric, its labels in their order, and itself.
        """
        for gauge in self._gauges.values():
            gauge.clear()
        for name, labels, value in rows:
            self._gauges[name].labels(*labels).set(value)

    def count_lost(self, lost: Mapping[tuple[str, ...], int]) -> None:
        """Bring the counter of lost records up to date; the series of what is not there go.

        Args:
            lost: How many in all, by group, topic and partition.
        """
        for labels in [labels for labels in self._lost if labels not in lost]:
            self.lost.remove(*labels)
        for labels, number in lost.items():
            self.lost.labels(*labels).inc(max(0, number - self._lost.get(labels, 0)))
        self._lost = dict(lost)

    def expose(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)
