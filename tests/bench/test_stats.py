from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import percentile, rate, singles, summarise

_VALUES = st.lists(st.floats(min_value=1e-9, max_value=1e9), min_size=1, max_size=300)


class FakeClock:
    """A clock that only moves when work is done or, by a little, when it is read."""

    def __init__(self, *, reading=0.0):
        self.now = 0.0
        self.reading = reading

    def __call__(self):
        self.now += self.reading
        return self.now


@pytest.mark.parametrize(
    ("count", "share", "expected"),
    [(100, 0.99, 99), (100, 0.95, 95), (100, 1.0, 100), (1000, 0.99, 990), (1, 0.99, 1), (3, 0.5, 2), (2, 0.01, 1)],
)
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(count, share, expected):
    assert percentile(range(1, count + 1), share) == expected


def test_figures_of_nothing_are_refused():
    with pytest.raises(ValueError, match="measure something"):
        summarise([])


def test_summary_of_known_values():
    summary = summarise([5.0, 1.0, 2.0, 4.0])
    assert (summary.count, summary.least, summary.median, summary.most, summary.mean) == (4, 1.0, 3.0, 5.0, 3.0)
    assert summary.spread == pytest.approx(4 / 3)


@given(_VALUES)
def test_figures_are_in_order_and_do_not_depend_on_the_order_of_values(values):
    summary = summarise(values)
    assert summary.least <= summary.median <= summary.most
    assert summary.median <= summary.p95 <= summary.p99 <= summary.most
    assert summarise(values[::-1]) == summary


def test_a_rate_is_the_mean_of_each_run_and_the_runs_are_long_enough():
    clock = FakeClock()
    calls = itertools.count()

    def call():
        next(calls)
        clock.now += 0.01

    summary = rate(call, clock=clock, least=0.5, repeats=4)
    assert summary.count == 4
    assert summary.median == pytest.approx(0.01)
    # Two calls to see how long one takes, then four runs of fifty.
    assert next(calls) == 2 + 4 * 50


def test_a_call_that_takes_no_time_ends_all_the_same():
    clock = FakeClock(reading=0.001)
    assert rate(lambda: None, clock=clock, least=0.01, repeats=2).count == 2


def test_single_calls_are_timed_one_by_one():
    clock = FakeClock()

    def call(nanoseconds):
        clock.now += nanoseconds

    summary = singles(call, [1e9, 3e9, 2e9], clock=clock)
    assert (summary.least, summary.median, summary.most) == (1.0, 2.0, 3.0)
