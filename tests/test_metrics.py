"""Metrics: names by the rule, labels with few values, and vanished series gone."""

from __future__ import annotations

import re
from types import SimpleNamespace

from streams.metrics import STAGES, WorkerMetrics, found_in
from tests.support.clock import Clock

NAME = re.compile(r"wasl_[a-z]+(_[a-z]+)*\Z")
UNITS = (
    "seconds",
    "articles",
    "info",
    "connected",
    "bytes",
    "copies",
    "kept",
    "partitions",
    "ratio",
    "entities",
    "forms",
    "records",
)


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


def mention(kind, entity_id, confidence=0.5):
    return SimpleNamespace(type=kind, entity_id=entity_id, confidence=confidence)


def count(metrics, *articles, unlinked=0):
    seconds = [0.5] * len(articles)
    found = [found_in(language, mentions) for language, mentions in articles]
    metrics.count_enriched(found, unlinked=unlinked, decode=seconds, link=seconds, encode=seconds)


def test_mentions_are_counted_by_language_type_and_outcome():
    metrics = WorkerMetrics()
    person, nobody, place = mention("person", "Q1"), mention("person", None), mention("place", "Q2")
    count(metrics, ("ar", [person, person, nobody]), ("en-GB", [place]), ("en", [place]), ("tlh", [place]), unlinked=1)
    lines = set(metrics.expose().decode().splitlines())
    assert {
        'wasl_mentions_total{language="ar",outcome="linked",type="person"} 2.0',
        'wasl_mentions_total{language="ar",outcome="nil",type="person"} 1.0',
        'wasl_mentions_total{language="en",outcome="linked",type="place"} 2.0',
        'wasl_mentions_total{language="other",outcome="linked",type="place"} 1.0',
        "wasl_enriched_total 4.0",
        "wasl_unlinked_names_total 1.0",
        'wasl_stage_seconds_count{stage="encode"} 4.0',
    } <= lines


def test_confidence_is_that_of_links():
    metrics = WorkerMetrics()
    count(metrics, ("en", [mention("person", "Q1", 0.85), mention("person", "Q1", 0.25), mention("place", None, 0.1)]))
    lines = set(metrics.expose().decode().splitlines())
    assert {
        'wasl_link_confidence_ratio_bucket{le="0.2"} 0.0',
        'wasl_link_confidence_ratio_bucket{le="0.3"} 1.0',
        'wasl_link_confidence_ratio_bucket{le="+Inf"} 2.0',
    } <= lines


def test_records_are_as_late_as_their_timestamps_say():
    metrics = WorkerMetrics(now=Clock(100.0))
    metrics.count_taken([98_500, None, 200_000])
    lines = set(metrics.expose().decode().splitlines())
    assert {
        "wasl_articles_total 3.0",
        "wasl_batch_articles_sum 3.0",
        "wasl_event_delay_seconds_count 2.0",
        "wasl_event_delay_seconds_sum 1.5",
    } <= lines


def test_drift_is_shown_once_there_is_something_to_compare():
    clock = Clock(0.0)
    metrics = WorkerMetrics(clock=clock)
    linked, nil = mention("place", "Q1"), mention("place", None)
    count(metrics, *[("en", [linked, linked, linked, nil])] * 60)
    metrics.show_drift()
    assert "wasl_drift_ratio{" not in metrics.expose().decode()
    clock.now = 600.0
    count(metrics, *[("en", [linked, nil, nil, nil])] * 60)
    metrics.show_drift()
    lines = set(metrics.expose().decode().splitlines())
    assert {
        'wasl_drift_ratio{signal="nil_rate"} 2.0',
        'wasl_drift_rate_ratio{signal="link_rate",stretch="past"} 3.0',
        'wasl_drift_rate_ratio{signal="link_rate",stretch="recent"} 1.0',
    } <= lines
    clock.now = 60_000.0
    metrics.show_drift()
    assert "wasl_drift_ratio{" not in metrics.expose().decode()


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
