"""Several workers as one."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from streams.metrics import WorkerMetrics
from streams.workers.merge import merge_metrics, merge_readiness


def exposed(articles):
    metrics = WorkerMetrics()
    metrics.articles.inc(articles)
    metrics.retries.labels("broker.unavailable").inc()
    metrics.show_catalog('a "b" {c', now=1.0)
    return metrics.expose().decode()


def test_every_series_is_there_with_its_process():
    one, other = exposed(3), exposed(4)
    merged = merge_metrics({0: one, 2: other})
    found = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(merged)
        for sample in family.samples
    }
    expected = {
        (sample.name, *sorted({**sample.labels, "process": str(number)}.items())): sample.value
        for number, text in ((0, one), (2, other))
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found == expected
    assert found["wasl_articles_total", ("process", "2")] == 4.0


def test_a_family_has_one_head_and_its_series_stand_together():
    merged = merge_metrics({0: exposed(1), 1: exposed(2)}).splitlines()
    heads = [line for line in merged if line.startswith("# TYPE")]
    assert len(heads) == len(set(heads))
    at = merged.index("# TYPE wasl_articles_total counter")
    assert merged[at + 1 : at + 3] == ['wasl_articles_total{process="0"} 1.0', 'wasl_articles_total{process="1"} 2.0']


def answer(*partitions, reasons=()):
    status = "ready" if len(reasons) == 0 else "not ready"
    return {"status": status, "partitions": list(partitions), "articles_in_hand": 2, "reasons": list(reasons)}


def test_all_are_ready_when_each_is():
    status, document = merge_readiness({0: answer(0, 3), 1: answer(1)})
    assert (status, document["status"], document["reasons"]) == (200, "ready", [])
    assert (document["partitions"], document["articles_in_hand"]) == ([0, 1, 3], 4)


def test_whoever_is_not_ready_says_why():
    status, document = merge_readiness(
        {0: answer(0), 1: None, 2: {**answer(reasons=["It waits."]), "partitions": None}}
    )
    assert (status, document["status"]) == (503, "not ready")
    assert document["reasons"] == ["Process 1 does not answer: it is starting, or it ended.", "Process 2: It waits."]
    assert document["partitions"] == [0]
