from __future__ import annotations

import pytest

from bench.rows import Row
from bench.targets import Target, judge


@pytest.mark.parametrize(
    ("figure", "bar", "at_least", "line"),
    [
        (5_000.0, 5_000, True, "target t met 5,000 x (≥ 5,000 x)"),
        (4_999.5, 5_000, True, "target t missed 4,999.5 x (≥ 5,000 x)"),
        (4.0, 4, False, "target t met 4 x (≤ 4 x)"),
        (4.01, 4, False, "target t missed 4.01 x (≤ 4 x)"),
        (None, 4, False, "target t missed no figure (≤ 4 x)"),
    ],
)
def test_a_target_says_whether_it_is_met(figure, bar, at_least, line):
    assert str(Target("t", figure, bar, at_least, "x")) == line


def test_what_was_not_to_be_measured_is_not_missed():
    target = Target("t", None, 4, False, "x", is_asked=False)
    assert (str(target), target.verdict) == ("target t not-measured (≤ 4 x)", "not-measured")
    of_five_million = {
        full: next(one for one in judge([], full=full) if one.name == "link-5m") for full in (True, False)
    }
    assert {full: one.verdict for full, one in of_five_million.items()} == {True: "missed", False: "not-measured"}


def test_targets_find_their_figures():
    rows = [
        Row("link", "seed, 10,000 aliases", {"per_second": 9e9, "times_scan": 1.0}),
        Row("link", "seed, 1,000,000 aliases", {"per_second": 5_500.0, "times_scan": 6.5}),
        Row("peers", "wasl", {"median_us": 200.0}),
        Row("peers", "flashtext", {"median_us": 2_500.0}),
        Row("peers", "spacy-phrasematcher", {"note": "not installed"}),
        Row("pipeline", "worker", {"per_second": 900.0, "per_cpu_second": 1_000.0}),
        Row("pipeline", "two workers", {"per_second": 1_200.0, "per_cpu_second": 950.0}),
        Row("pipeline", "aiokafka, passing on", {"per_second": 1_200.0}),
        Row("pipeline", "bytewax, linking", {"per_second": 1_000.0}),
        Row("latency", "worker, 25% of its rate", {"p99_ms": 10.0}),
        Row("latency", "worker, 50% of its rate", {"p99_ms": 100.5}),
        Row("length", "ar, 2,000 B", {"ns_per_char": 100.0}),
        Row("length", "ar, 200,000 B", {"ns_per_char": 90.0}),
        Row("hostile", "words", {"seconds": 60.0, "note": "not done"}),
    ]
    lines = {target.name: (target.figure, target.is_met) for target in judge(rows)}
    assert lines["link-1m"] == (5_500.0, True)
    assert lines["link-5m"] == (None, False)
    assert lines["link-to-scan"] == (6.5, False)
    assert lines["link-to-flashtext"] == (12.5, True)
    assert lines["link-to-spacy-phrasematcher"] == (None, False)
    assert lines["worker-to-aiokafka"] == (75.0, True)
    assert lines["worker-to-bytewax"] == (0.9, False)
    assert lines["latency-p99"] == (100.5, False)
    assert lines["two-workers"] == (1.9, True)
    assert lines["long-to-short-ar"] == (0.9, True)
    assert lines["hostile-words"] == (60.0, False)
