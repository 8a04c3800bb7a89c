from __future__ import annotations

import json
from dataclasses import replace

import pytest

from streams.cli.lag_table import lag_lines, lag_table, shown_seconds
from streams.lag.compute import Observation, group_lags

LOOK = Observation(at=100.0, group="مجموعة", topic="t", partition=0, committed=5, end=12, earliest=7, members=1)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "-"),
        (0.0, "0.0"),
        (0.44, "0.4"),
        (59.9, "59.9"),
        (60.0, "1 min 0 s"),
        (185.4, "3 min 5 s"),
        (3_599.4, "59 min 59 s"),
        (3_599.9, "1 h 0 min"),
        (7_800.0, "2 h 10 min"),
        (86_400.0, "1 d 0 h"),
        (273_600.0, "3 d 4 h"),
    ],
)
def test_times_have_two_units_at_most(seconds, shown):
    assert shown_seconds(seconds) == shown


def test_a_table_says_what_was_lost_and_keeps_arabic_in_its_place(balanced):
    shown = lag_table(group_lags([[LOOK]]))
    assert "ok, 2 lost" in shown
    assert balanced(shown)
    assert "all" not in shown


def _gaining(partition: int, *, committed: int, lag: int) -> list[Observation]:
    """Two looks ten seconds apart, in which a hundred records were committed and none arrived."""
    return [
        Observation(at, "g", "t", partition, committed - left, committed + lag, members=2)
        for at, left in ((90.0, 100), (100.0, 0))
    ]


def test_a_group_has_a_line_with_what_all_of_it_does_and_when_the_last_of_it_is_done():
    group = group_lags([_gaining(0, committed=500, lag=50), _gaining(1, committed=700, lag=200)])
    line = lag_table(group).splitlines()[-1]
    assert line.split() == ["g", "all", "2", "members", "250", "-", "20.0/s", "20.0", "ok"]
    stands = [Observation(at, "g", "t", 2, 5, 9, members=2) for at in (90.0, 100.0)]
    line = lag_table(group_lags([_gaining(0, committed=500, lag=50), stands])).splitlines()[-1]
    assert line.split()[:8] == ["g", "all", "2", "members", "54", "-", "10.0/s", "-"]
    unread = [Observation(at, "g", "t", 3, None, 0, members=2) for at in (90.0, 100.0)]
    line = lag_table(group_lags([_gaining(0, committed=500, lag=50), unread])).splitlines()[-1]
    assert line.split()[5:8] == ["-", "10.0/s", "5.0"]


def test_one_member_is_one():
    looks = [replace(LOOK, partition=number) for number in (0, 1)]
    assert " 1 member " in lag_table(group_lags([[look] for look in looks]))


def test_lines_hold_everything_with_null_for_the_unknown():
    [line] = lag_lines(group_lags([[LOOK]]))
    document = json.loads(line)
    assert "مجموعة" in line
    assert document["group_state"] == document["state"] == "ok"
    assert (document["lag"], document["lost"], document["lag_seconds"], document["members"]) == (5, 2, None, 1)
