"""The histogram of many values shows what prometheus_client's own would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from streams.histograms import BulkHistogram

BOUNDS = (0.1, 1.0, 2.5)


def samples(registry):
    lines = generate_latest(registry).decode().splitlines()
    return sorted(line for line in lines if not line.startswith("#") and "_created" not in line)


@given(st.lists(st.one_of(st.sampled_from(BOUNDS), st.floats(0, 10, width=16))))
def test_it_counts_as_the_clients_own_does(values):
    one, other = CollectorRegistry(), CollectorRegistry()
    BulkHistogram("h", "doc", buckets=BOUNDS, registry=one).observe(values)
    theirs = Histogram("h", "doc", buckets=BOUNDS, registry=other)
    for value in values:
        theirs.observe(value)
    assert samples(one) == samples(other)


def test_every_value_of_the_label_is_there_from_the_start():
    registry = CollectorRegistry()
    made = BulkHistogram("h", "doc", buckets=BOUNDS, registry=registry, label="stage", values=("a", "b"))
    made.observe((0.5, 3.0), "b")
    found = samples(registry)
    assert 'h_count{stage="a"} 0.0' in found
    assert 'h_bucket{le="1.0",stage="b"} 1.0' in found
    assert 'h_sum{stage="b"} 3.5' in found
