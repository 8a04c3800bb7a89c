"""From lag to the values of metrics: under Wasl's own names, and under those of other exporters."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from streams.lag.compute import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.lag.compute import GroupLag, PartitionLag

__all__ = ["Row", "metric_rows"]

Row: TypeAlias = tuple[str, tuple[str, ...], float]
"""The name of a metric, its labels in their order, and the value."""


def metric_rows(groups: Sequence[GroupLag], *, cluster: str) -> Iterator[Row]:
    """Yield all values of the gauges in `streams.metrics_lag`; what is unknown has none, not zero.

    Args:
        groups: What was seen.
        cluster: Name of the cluster, for the metrics that have it as a label.
    """
    for group in groups:
        yield from _group_rows(group, cluster)
        for partition in group.partitions:
            yield from _partition_rows(partition, cluster)
        for topic, found in groupby(group.partitions, key=lambda each: each.topic):
            yield from _topic_rows(group.group, topic, list(found), cluster)
    # Groups that read the same topic see the same bounds; the latest of them stand.
    bounds = {(each.topic, each.partition): each for group in groups for each in group.partitions}
    for (topic, number), each in bounds.items():
        labels = (topic, str(number))
        yield "kafka_topic_partition_current_offset", labels, each.end
        yield "kafka_topic_partition_oldest_offset", labels, each.earliest
        yield "kafka_partition_latest_offset", (cluster, *labels), each.end
        yield "kafka_partition_earliest_offset", (cluster, *labels), each.earliest
    for topic, numbers in groupby(sorted(bounds), key=lambda place: place[0]):
        yield "kafka_topic_partitions", (topic,), len(list(numbers))


def _group_rows(group: GroupLag, cluster: str) -> Iterator[Row]:
    for state in STATES:
        yield "wasl_lag_group_state", (group.group, state), 1 if state == group.state else 0
    if group.members is not None:
        yield "wasl_lag_group_members", (group.group,), group.members
        yield "kafka_consumergroup_members", (group.group,), group.members
    if group.lag is not None:
        largest = max(each.lag for each in group.partitions if each.lag is not None)
        yield "kafka_consumergroup_group_max_lag", (cluster, group.group), largest
        yield "kafka_consumergroup_group_sum_lag", (cluster, group.group), group.lag
    if group.lag_seconds is not None:
        yield "kafka_consumergroup_group_max_lag_seconds", (cluster, group.group), group.lag_seconds


def _partition_rows(each: PartitionLag, cluster: str) -> Iterator[Row]:
    if each.committed is None or each.lag is None:
        return
    labels = (each.group, each.topic, str(each.partition))
    yield "wasl_lag_partition_state", (*labels, each.state), 1
    yield "wasl_lag_records", labels, each.lag
    yield "kafka_consumergroup_lag", labels, each.lag
    yield "kafka_consumergroup_group_lag", (cluster, *labels), each.lag
    yield "kafka_consumergroup_current_offset", labels, each.committed
    yield "kafka_consumergroup_group_offset", (cluster, *labels), each.committed
    if each.lag_seconds is not None:
        yield "wasl_lag_seconds", labels, each.lag_seconds
        yield "kafka_consumergroup_group_lag_seconds", (cluster, *labels), each.lag_seconds
    for name, value in (
        ("wasl_lag_consumed_per_second", each.rate),
        ("wasl_lag_arrived_per_second", each.arrival_rate),
        ("wasl_lag_time_to_zero_seconds", each.time_to_zero),
    ):
        if value is not None:
            yield name, labels, value


def _topic_rows(group: str, topic: str, partitions: Sequence[PartitionLag], cluster: str) -> Iterator[Row]:
    lags = [each.lag for each in partitions if each.lag is not None]
    if len(lags) == 0:
        return
    yield "kafka_consumergroup_lag_sum", (group, topic), sum(lags)
    yield "kafka_consumergroup_group_topic_sum_lag", (cluster, group, topic), sum(lags)
    yield "kafka_consumergroup_current_offset_sum", (group, topic), sum(each.committed or 0 for each in partitions)
