"""When the watchdog bites, and above all when it does not."""

from __future__ import annotations

import threading

import pytest

from streams.errors import BrokerUnavailableError
from streams.kafka.admin import GroupOffsets
from streams.workers.watchdog import Sample, Watch, Watchdog, check_interval, look


def sample(at, *, committed=10, end=20, assigned=(0,), caught_up=(), partitions=(0,)):
    return Sample(
        at,
        {number: GroupOffsets(committed, end) for number in partitions},
        frozenset(assigned),
        frozenset(caught_up),
    )


def stalled(*samples):
    watch = Watch()
    for one in samples:
        watch = look(watch, one, stall_after=60)
    return watch.stalled


STANDS = "lag, and the commits stand"
CASES = [
    (STANDS, [sample(0), sample(59)], ()),
    (STANDS, [sample(0), sample(30), sample(60)], (0,)),
    ("the group never committed", [sample(0, committed=None), sample(60, committed=None)], (0,)),
    ("the commits move", [sample(0), sample(30, committed=11), sample(60, committed=11)], ()),
    ("the commits moved and then stand", [sample(0), sample(5, committed=11), sample(65, committed=11)], (0,)),
    ("no lag", [sample(0, end=10), sample(90, end=10)], ()),
    ("an empty topic", [sample(0, committed=None, end=0), sample(90, committed=None, end=0)], ()),
    ("lag only lately", [sample(0, end=10), sample(60), sample(90)], ()),
    ("the broker was away", [sample(0), None, sample(60), sample(61)], ()),
    ("all is read, only a transaction's marker is left", [sample(t, end=11, caught_up=[0]) for t in (0, 90)], ()),
    ("the end lies behind the commit", [sample(0, end=9), sample(90, end=9)], ()),
    ("others read the partition that stands", [sample(t, assigned=[1]) for t in (0, 90)], ()),
    ("one of two stands", [sample(t, assigned=[0, 1], partitions=[0, 1], caught_up=[1]) for t in (0, 90)], (0,)),
    ("a spare worker, and nothing new", [sample(t, assigned=[]) for t in (0, 90)], ()),
    ("others stood there before", [*(sample(t, assigned=[]) for t in (0, 90)), sample(91), sample(150)], ()),
    ("others stood there before, and so does it", [sample(0, assigned=[]), sample(90), sample(150)], (0,)),
    ("it is lost in between", [sample(0), sample(30, assigned=[]), sample(60)], (0,)),
    ("a worker outside, and records pile up", [sample(t, assigned=[], end=20 + t) for t in (0, 90)], (0,)),
]


@pytest.mark.parametrize(("name", "samples", "expected"), CASES)
def test_the_watchdog_bites_only_for_a_standstill(name, samples, expected):
    assert stalled(*samples) == expected, name


@pytest.mark.parametrize(("stall_after", "interval"), [(1.0, 0.25), (40.0, 5.0), (3_600.0, 10.0)])
def test_it_looks_several_times_within_its_patience(stall_after, interval):
    assert check_interval(stall_after) == interval


def gone(at):
    return sample(at, assigned=[], partitions=[])


@pytest.mark.parametrize(
    ("name", "samples", "expected"),
    [
        ("it is gone for long", [gone(0), gone(30), gone(60)], True),
        ("it may come back", [gone(0), gone(59)], False),
        ("it came back", [gone(0), sample(30), gone(60), gone(90)], False),
        ("the broker was away", [gone(0), None, gone(60)], False),
        ("it is there", [sample(0), sample(90)], False),
    ],
)
def test_a_topic_is_gone_that_does_not_come_back(name, samples, expected):
    watch = Watch()
    for one in samples:
        watch = look(watch, one, stall_after=60)
    assert watch.is_gone is expected, name


def test_a_topic_that_is_gone_is_told_once():
    told, ended = [], threading.Event()
    clock = iter(range(0, 1_000_000, 100))
    dog = Watchdog(
        lambda: gone(next(clock)), told.append, lambda: told.append("gone"), stall_after=1.0, on_end=ended.set
    )
    dog.start()
    assert ended.wait(10)
    assert told == ["gone"]


def _never():
    raise AssertionError


def test_the_thread_tells_once_and_ends():
    told, ended = [], threading.Event()
    clock = iter(range(0, 1_000_000, 100))

    def ask():
        at = next(clock)
        if at == 0:
            raise BrokerUnavailableError("away")
        return sample(at)

    dog = Watchdog(ask, told.append, _never, stall_after=1.0, on_end=ended.set)
    dog.start()
    assert ended.wait(10)
    dog.stop()
    [error] = told
    assert error.code == "worker.stalled"
    assert "partition 0 (committed 10, end 20)" in error.message


def test_a_watchdog_that_is_stopped_says_nothing():
    told, ended = [], threading.Event()
    dog = Watchdog(lambda: sample(0), told.append, _never, stall_after=1_000.0, on_end=ended.set)
    dog.start()
    dog.stop()
    assert ended.is_set()
    assert told == []
