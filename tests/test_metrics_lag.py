"""Metrics of lag: what is gone is gone, and counters only go up."""

from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families

from streams.metrics_lag import LagMetrics


def series(metrics):
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.expose().decode())
        for sample in family.samples
        if sample.name.startswith(("wasl_", "kafka_")) and not sample.name.endswith(("_created", "_bucket"))
    }


def test_names_keep_to_the_rule():
    found = [family for family in LagMetrics().registry.collect() if family.name.startswith(("wasl_", "kafka_"))]
    assert len(found) > 30
    for family in found:
        assert re.fullmatch(r"wasl_lag(_[a-z]+)+|kafka_[a-z_]+", family.name), family.name
        assert family.documentation != ""


def test_series_of_what_is_gone_go():
    metrics = LagMetrics()
    metrics.show([("kafka_consumergroup_lag", ("g", "t", "0"), 3), ("kafka_consumergroup_lag", ("g", "t", "1"), 4)])
    assert series(metrics)["kafka_consumergroup_lag", (("consumergroup", "g"), ("partition", "1"), ("topic", "t"))] == 4
    metrics.show([("kafka_consumergroup_lag", ("g", "t", "0"), 5)])
    found = {key: value for key, value in series(metrics).items() if key[0] == "kafka_consumergroup_lag"}
    assert list(found.values()) == [5]
    metrics.show(())
    assert [key for key in series(metrics) if key[0] == "kafka_consumergroup_lag"] == []


def test_lost_records_are_counted_up_and_their_series_go_with_the_partition():
    metrics = LagMetrics()
    name = "wasl_lag_lost_records_total"
    key = (name, (("group", "g"), ("partition", "0"), ("topic", "t")))
    metrics.count_lost({("g", "t", "0"): 0})
    assert series(metrics)[key] == 0
    for lost in (5, 5, 7):
        metrics.count_lost({("g", "t", "0"): lost})
        assert series(metrics)[key] == lost
    metrics.count_lost({})
    assert [key for key in series(metrics) if key[0] == name] == []
    metrics.count_lost({("g", "t", "0"): 2})
    assert series(metrics)[key] == 2
