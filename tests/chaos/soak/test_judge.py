"""Verdicts over runs that are written down here."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from chaos.soak.judge import KINDS, Minute, Sample, Stall, caught_up, judge, minutes_of, planned, share_of, slope

_HOUR = 3_600.0


def _samples(memory, lag=lambda at: 100):
    return [Sample(at, memory(at), memory(at) + 50, lag(at), at / 2, 7) for at in map(float, range(0, 3_600, 4))]


def _minutes(p99):
    return [Minute(number, 1_000, 10, 20, p99(number), 500, is_quiet=True) for number in range(60)]


def _stalls():
    return [Stall(kind, at, at + held, 100, 900, at + held + 30) for at, kind, held in planned(_HOUR, 300)]


def _verdicts(samples=None, minutes=None, stalls=None, *, final_lag=0, problems=0):
    found = judge(
        _samples(lambda at: 200) if samples is None else samples,
        _minutes(lambda number: 50) if minutes is None else minutes,
        _stalls() if stalls is None else stalls,
        warm_up=300,
        final_lag=final_lag,
        problems=problems,
    )
    return {verdict.name: verdict for verdict in found}


def test_a_run_where_nothing_moves_meets_every_bar():
    assert all(verdict.is_met for verdict in _verdicts().values())


@pytest.mark.parametrize(
    ("growth", "is_met"), [(0.0, True), (0.04, True), (0.06, False), (-0.3, True)], ids=["none", "4", "6", "falls"]
)
def test_memory_may_grow_by_less_than_five_per_cent(growth, is_met):
    samples = _samples(lambda at: 200 * (1 + growth * (at - 300) / 3_000))
    assert _verdicts(samples)["soak-memory"].is_met is is_met


def test_growth_within_the_warm_up_does_not_count():
    assert _verdicts(_samples(lambda at: 100 if at < 290 else 200))["soak-memory"].is_met


def test_memory_of_two_processes_proves_nothing():
    samples = _samples(lambda at: 200)
    samples[500:] = [replace(each, pid=8) for each in samples[500:]]
    assert not _verdicts(samples)["soak-memory"].is_met


@pytest.mark.parametrize(
    ("p99", "is_met"),
    [(lambda n: 50 + n % 3, True), (lambda n: 50 + n, False), (lambda n: 500 if n == 50 else 50, True)],
    ids=["noise", "drift", "one outlier"],
)
def test_latency_may_not_drift(p99, is_met):
    assert _verdicts(minutes=_minutes(p99))["soak-p99"].is_met is is_met


def test_minutes_that_are_not_quiet_do_not_count_as_drift():
    minutes = [replace(each, p99=5_000, is_quiet=False) if each.number > 55 else each for each in _minutes(lambda n: 9)]
    assert _verdicts(minutes=minutes)["soak-p99"].is_met


def test_every_stall_must_be_caught_up_with():
    stalls = _stalls()
    assert not _verdicts(stalls=[*stalls[:-1], replace(stalls[-1], back=None)])["soak-stalls"].is_met
    assert not _verdicts(stalls=stalls[:-1])["soak-stalls"].is_met


@pytest.mark.parametrize("final_lag", [None, 3])
def test_lag_must_end(final_lag):
    assert not _verdicts(final_lag=final_lag)["soak-lag"].is_met


def test_a_broken_promise_is_a_missed_bar():
    found = _verdicts(problems=1)["soak-delivery"]
    assert str(found).startswith("target soak-delivery missed 1 problems")


def test_ten_stalls_lie_between_the_warm_up_and_the_end():
    plan = planned(_HOUR, 300)
    warming, plan = plan[:2], plan[2:]
    assert all(at + held < 300 for at, _, held in warming)
    assert len(plan) == len(KINDS) == 10
    assert plan[0][0] > 300
    assert all(before[0] + before[2] < after[0] for before, after in itertools.pairwise(plan))
    assert plan[-1][0] + plan[-1][2] < _HOUR


def test_a_stall_is_caught_up_with_once_lag_stays_at_the_level_before():
    lags = {200: 900, 204: 700, 208: 90, 212: 300, 216: 100, 220: 80, 224: 100}
    samples = _samples(lambda at: 200, lambda at: lags.get(int(at), 100 if at < 200 else 60))
    found = caught_up(Stall("worker-frozen", 190.0, 200.0), samples, before=300)
    assert (found.level, found.most, found.back, found.took) == (100, 900, 216.0, 16.0)


def test_a_stall_that_the_next_one_overtakes_is_not_caught_up_with():
    samples = _samples(lambda at: 200, lambda at: 100 if at < 200 else 500)
    assert caught_up(Stall("worker-frozen", 190.0, 200.0), samples, before=300).back is None


def test_lag_that_the_broker_did_not_say_is_no_lag():
    samples = _samples(lambda at: 200, lambda at: None if 190 <= at < 230 else 100)
    found = caught_up(Stall("broker-paused", 190.0, 200.0), samples, before=300)
    assert (found.most, found.back) == (100, 232.0)


def test_minutes_near_a_stall_are_not_quiet():
    delays = {number: {10: 98, 40: 2} for number in range(6)}
    stalls = [Stall("worker-frozen", 130.0, 140.0, 10, 90, 185.0)]
    found = minutes_of(delays, stalls, end=330.0)
    assert [(each.number, each.is_quiet) for each in found] == [(0, True), (1, True), (2, False), (3, False), (4, True)]
    assert (found[0].count, found[0].p50, found[0].p99, found[0].most) == (100, 10, 40, 40)


def test_minutes_after_a_stall_that_was_never_caught_up_with_are_not_quiet():
    delays = {number: {10: 1} for number in range(4)}
    found = minutes_of(delays, [Stall("worker-frozen", 70.0, 80.0)], end=240.0)
    assert [each.is_quiet for each in found] == [True, False, False, False]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2), (0.51, 3), (0.99, 9), (1.0, 9)])
def test_share_of_counts(share, expected):
    assert share_of({1: 1, 2: 4, 3: 4, 9: 1}, share) == expected


def test_a_slope_does_not_mind_an_outlier():
    points = [(float(at), 2.0 * at) for at in range(20)]
    points[4] = (4.0, 1_000.0)
    assert slope(points) == pytest.approx(2.0, rel=0.05)
    assert slope(points[:1]) == 0
