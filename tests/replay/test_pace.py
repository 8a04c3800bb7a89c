"""A pace is kept, and a pause is no licence for a burst."""

from __future__ import annotations

from streams.replay.pace import Pace


def test_so_many_a_second():
    now = 100.0
    pace = Pace(4, clock=lambda: now)
    waits = []
    for _ in range(9):
        wait = pace.wait()
        waits.append(wait)
        now += wait
    assert waits[0] == 0
    assert now == 102.0
    now += 60
    assert [pace.wait(), pace.wait()] == [0.0, 0.25]
    assert pace.wait(10) == 0.5


def test_no_rate_is_no_wait():
    assert [Pace(None, clock=lambda: 1.0).wait(100) for _ in range(3)] == [0.0, 0.0, 0.0]
