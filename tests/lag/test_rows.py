"""From lag to the values of metrics."""

from __future__ import annotations

from dataclasses import replace

from streams.lag.compute import Observation, group_lags
from streams.lag.rows import metric_rows

LOOK = Observation(
    at=100.0, group="g", topic="t", partition=0, committed=5, end=12, earliest=2, committed_timestamp=60.0, members=2
)
HISTORIES = [
    [replace(LOOK, at=90.0, committed=4), LOOK],
    [replace(LOOK, partition=1, committed=12)],
    [replace(LOOK, partition=2, committed=None)],
    [replace(LOOK, topic="u", committed=9, committed_timestamp=None)],
    [replace(LOOK, group="h", committed=None, members=None)],
]


def values():
    rows = list(metric_rows(group_lags(HISTORIES), cluster="c"))
    found = {(name, labels): value for name, labels, value in rows}
    assert len(found) == len(rows), "a series has two values"
    return found


def test_figures_stand_under_all_names():
    found = values()
    assert found["wasl_lag_records", ("g", "t", "0")] == 7
    assert found["wasl_lag_seconds", ("g", "t", "0")] == 40.0
    assert found["wasl_lag_consumed_per_second", ("g", "t", "0")] == 0.1
    assert found["kafka_consumergroup_lag", ("g", "t", "0")] == 7
    assert found["kafka_consumergroup_lag_sum", ("g", "t")] == 7
    assert found["kafka_consumergroup_current_offset", ("g", "t", "0")] == 5
    assert found["kafka_consumergroup_current_offset_sum", ("g", "t")] == 17
    assert found["kafka_consumergroup_members", ("g",)] == 2
    assert found["kafka_consumergroup_group_lag", ("c", "g", "t", "0")] == 7
    assert found["kafka_consumergroup_group_lag_seconds", ("c", "g", "t", "0")] == 40.0
    assert found["kafka_consumergroup_group_lag_seconds", ("c", "g", "t", "1")] == 0.0
    assert found["kafka_consumergroup_group_max_lag", ("c", "g")] == 7
    assert found["kafka_consumergroup_group_sum_lag", ("c", "g")] == 10
    assert found["kafka_consumergroup_group_topic_sum_lag", ("c", "g", "u")] == 3
    assert found["kafka_consumergroup_group_max_lag_seconds", ("c", "g")] == 40.0
    assert found["kafka_topic_partitions", ("t",)] == 3
    assert found["kafka_topic_partition_current_offset", ("t", "2")] == 12
    assert found["kafka_partition_earliest_offset", ("c", "u", "0")] == 2


def test_what_is_unknown_has_no_value_and_not_zero():
    found = values()
    for name, labels in found:
        if name.startswith(("wasl_lag_", "kafka_consumergroup_")):
            assert labels[:3] != ("g", "t", "2"), name
            assert labels[1:] != ("g", "t", "2"), name
    assert ("wasl_lag_seconds", ("g", "u", "0")) not in found
    assert ("kafka_consumergroup_group_lag_seconds", ("c", "g", "u", "0")) not in found
    assert [name for name, labels in found if labels[0] == "h"] == ["wasl_lag_group_state"] * 5
    assert ("wasl_lag_consumed_per_second", ("g", "t", "1")) not in found


def test_a_group_is_in_one_state():
    found = values()
    states = {
        labels[1]: value
        for (name, labels), value in found.items()
        if name == "wasl_lag_group_state" and labels[0] == "g"
    }
    assert states == {"ok": 1, "warning": 0, "stalled": 0, "stopped": 0, "rewound": 0}
    assert found["wasl_lag_partition_state", ("g", "t", "0", "ok")] == 1
