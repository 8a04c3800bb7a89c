"""Metrics: names by the rule, labels with few values, and vanished series gone."""

from __future__ import annotations

import re

from streams.metrics import STAGES, WorkerMetrics

NAME = re.compile(r"wasl_[a-z]+(_[a-z]+)*\Z")
UNITS = ("seconds", "articles", "info", "connected", "partitions")


def families(metrics):
    return [family for family in metrics.registry.collect() if family.name.startswith("wasl_")]


def test_names_keep_to_the_rule():
    found = families(WorkerMetrics())
    assert len(found) > 10
    for family in found:
        assert NAME.match(family.name), family.name
        assert family.type == "counter" or family.name.endswith(UNITS), family.name
        assert family.documentation != ""


def test_every_counter_is_exposed_as_a_total():
    text = WorkerMetrics().expose().decode()
    for family in families(WorkerMetrics()):
        if family.type == "counter":
            assert f"{family.name}_total" in text


def test_mentions_are_counted_by_type_and_outcome():
    metrics = WorkerMetrics()
    metrics.count_mentions([("person", True), ("person", True), ("person", False), ("place", True)])
    lines = set(metrics.expose().decode().splitlines())
    assert 'wasl_mentions_total{outcome="linked",type="person"} 2.0' in lines
    assert 'wasl_mentions_total{outcome="nil",type="person"} 1.0' in lines
    assert 'wasl_mentions_total{outcome="linked",type="place"} 1.0' in lines


def test_the_catalogue_before_is_no_longer_shown():
    metrics = WorkerMetrics()
    metrics.show_catalog("v1", now=10.0)
    metrics.show_catalog("v1", now=20.0)
    assert "wasl_catalog_loaded_timestamp_seconds 10.0" in metrics.expose().decode()
    metrics.show_catalog("v2", now=30.0)
    text = metrics.expose().decode()
    assert 'version="v1"' not in text
    assert 'wasl_catalog_info{version="v2"} 1.0' in text
    assert "wasl_catalog_loaded_timestamp_seconds 30.0" in text


def test_stages_are_there_from_the_start():
    text = WorkerMetrics().expose().decode()
    for stage in STAGES:
        assert f'wasl_stage_seconds_count{{stage="{stage}"}} 0.0' in text


def test_two_workers_in_one_process_do_not_share_metrics():
    one, other = WorkerMetrics(), WorkerMetrics()
    one.articles.inc(5)
    assert "wasl_articles_total 0.0" in other.expose().decode()
