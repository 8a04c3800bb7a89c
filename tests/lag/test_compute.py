"""The arithmetic of lag: tables of states, and properties that hold for any history."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.lag.compute import (
    STATES,
    LagRules,
    Observation,
    extend_history,
    group_lags,
    offset_lag,
    partition_lag,
)

RULES = LagRules(stall_after=60.0, warn_after=120.0, warn_seconds=1_000.0, rewound_for=200.0, rate_window=60.0)


def seen(at, committed, end, **more):
    return Observation(at=float(at), group="g", topic="t", partition=0, committed=committed, end=end, **more)


# --- One look ---------------------------------------------------------------------------------------------

LOOKS = [
    # name, observation at 100, lag, lag seconds, lost
    ("caught up", seen(100, 10, 10), 0, 0.0, 0),
    ("behind", seen(100, 4, 10, committed_timestamp=70.0), 6, 30.0, 0),
    ("never committed", seen(100, None, 10), None, None, 0),
    ("age unknown", seen(100, 4, 10), 6, None, 0),
    ("a gap of compaction", seen(100, 4, 10, next_offset=8, committed_timestamp=90.0), 2, 10.0, 0),
    ("a marker at the end", seen(100, 9, 10, next_offset=10), 0, 0.0, 0),
    ("a clock that is behind", seen(100, 4, 10, committed_timestamp=101.0), 6, 0.0, 0),
    ("retention passed it", seen(100, 4, 10, earliest=7, committed_timestamp=60.0), 3, 40.0, 3),
    ("everything was dropped", seen(100, 4, 10, earliest=10), 0, 0.0, 6),
    ("an empty partition", seen(100, 0, 0), 0, 0.0, 0),
    ("past the end", seen(100, 12, 10), 0, 0.0, 0),
    ("made anew, and retention at work", seen(100, 4, 2, earliest=1), 0, 0.0, 0),
]


@pytest.mark.parametrize(("name", "look", "lag", "lag_seconds", "lost"), LOOKS, ids=[row[0] for row in LOOKS])
def test_one_look(name, look, lag, lag_seconds, lost):
    found = partition_lag([look])
    assert (found.lag, found.lag_seconds, found.lost) == (lag, lag_seconds, lost), name
    assert (found.rate, found.arrival_rate) == (None, None)
    assert offset_lag(look) == lag


# --- Rates ------------------------------------------------------------------------------------------------

RATES = [
    # name, history of (at, committed, end), rate, arrival rate, time to zero
    ("steady", [(0, 0, 100), (10, 50, 120)], 5.0, 2.0, 70 / 3),
    ("losing", [(0, 0, 100), (10, 10, 200)], 1.0, 10.0, None),
    ("standing", [(0, 5, 10), (10, 5, 10)], 0.0, 0.0, None),
    ("caught up", [(0, 5, 10), (10, 20, 20)], 1.5, 1.0, 0.0),
    ("the window alone", [(0, 0, 1_000), (100, 900, 1_000), (130, 930, 1_060), (160, 960, 1_060)], 1.0, 1.0, None),
    ("one look before a long pause", [(0, 0, 100), (600, 60, 160)], 0.1, 0.1, None),
    ("since it went back", [(0, 90, 100), (10, 10, 100), (20, 30, 110)], 2.0, 1.0, 80.0),
    ("since it was made anew", [(0, 90, 100), (10, 1, 5), (20, 11, 15)], 1.0, 1.0, None),
    ("since the first commit", [(0, None, 100), (10, 10, 100), (20, 30, 100)], 2.0, 0.0, 35.0),
    ("just went back", [(0, 90, 100), (10, 10, 100)], None, None, None),
]


@pytest.mark.parametrize(("name", "history", "rate", "arrival_rate", "to_zero"), RATES, ids=[row[0] for row in RATES])
def test_rates(name, history, rate, arrival_rate, to_zero):
    found = partition_lag([seen(*look) for look in history], rules=RULES)
    assert (found.rate, found.arrival_rate) == (rate, arrival_rate), name
    assert found.time_to_zero == pytest.approx(to_zero)


# --- States -----------------------------------------------------------------------------------------------


def every(step, until, look):
    return [look(at) for at in range(0, until + 1, step)]


STALL = every(10, 60, lambda at: seen(at, 5, 10 + at, members=1))
HISTORIES = [
    ("a first look", [seen(0, 5, 10)], "ok"),
    ("never committed", every(10, 300, lambda at: seen(at, None, 10 + at)), "ok"),
    ("idle and caught up", every(10, 300, lambda at: seen(at, 10, 10)), "ok"),
    ("standing, not for long enough", STALL[:-1], "ok"),
    ("standing", STALL, "stalled"),
    ("standing without members", [replace(look, members=0) for look in STALL], "stopped"),
    ("standing, members unknown", [replace(look, members=None) for look in STALL], "stalled"),
    ("standing over a pause of the watcher", [seen(0, 5, 10), seen(3_600, 5, 12)], "stalled"),
    ("standing, then moving", [*STALL, seen(70, 6, 80)], "ok"),
    ("idle for long, then one record", [*every(10, 300, lambda at: seen(at, 10, 10)), seen(310, 10, 11)], "ok"),
    (
        "idle, then behind long enough",
        [*every(10, 300, lambda at: seen(at, 10, 10)), *[seen(at, 10, 11) for at in (310, 340, 370)]],
        "stalled",
    ),
    ("only a marker left", every(10, 300, lambda at: seen(at, 9, 10, next_offset=10)), "ok"),
    ("growing", every(10, 120, lambda at: seen(at, at, 10 + 2 * at)), "warning"),
    ("growing, not for long enough", every(10, 110, lambda at: seen(at, at, 10 + 2 * at)), "ok"),
    ("neither growing nor falling", every(10, 120, lambda at: seen(at, at, 10 + at)), "warning"),
    ("falling once", every(10, 120, lambda at: seen(at, at + (20 if at > 60 else 0), 100 + at)), "ok"),
    (
        "growing, and caught up in between",
        every(10, 240, lambda at: seen(at, at if at <= 120 else at + 140, 10 + 2 * at)),
        "ok",
    ),
    ("old", [seen(2_000, 5, 10, committed_timestamp=900.0)], "warning"),
    ("not so old", [seen(2_000, 5, 10, committed_timestamp=1_100.0)], "ok"),
    ("went back", [seen(0, 90, 100), seen(10, 10, 100)], "rewound"),
    ("went back after it had caught up", [seen(0, 100, 100), seen(10, 10, 100)], "rewound"),
    ("went back and goes on", [seen(0, 90, 100), seen(10, 10, 100), seen(20, 20, 100)], "rewound"),
    ("went back and caught up", [seen(0, 90, 100), seen(10, 10, 100), seen(20, 100, 100)], "ok"),
    ("went back, caught up, and is behind again", [seen(0, 90, 100), seen(10, 100, 100), seen(20, 100, 105)], "ok"),
    ("went back long ago", [seen(0, 90, 1_000), *[seen(10 + at, at, 1_000) for at in range(0, 250, 10)]], "ok"),
    ("went back and stands", [seen(0, 90, 100), *[seen(at, 10, 100) for at in range(10, 300, 10)]], "stalled"),
    ("made anew", [seen(0, 90, 100), seen(10, None, 3), seen(20, 1, 3)], "rewound"),
    ("made anew, the commit left behind", [seen(0, 90, 100), seen(10, 90, 3)], "rewound"),
    ("made anew and caught up", [seen(0, 90, 100), seen(10, 3, 3)], "ok"),
]


@pytest.mark.parametrize(("name", "history", "state"), HISTORIES, ids=[row[0] for row in HISTORIES])
def test_states(name, history, state):
    assert partition_lag(history, rules=RULES).state == state, name


# --- Groups -----------------------------------------------------------------------------------------------


def test_a_group_is_the_sum_of_its_partitions_and_in_the_worst_of_their_states():
    well = [seen(at, 5, 5, members=2) for at in (0, 100)]
    behind = [replace(seen(at, 5, 12, members=2, committed_timestamp=40.0), partition=1) for at in (0, 100)]
    unread = [replace(seen(100, None, 7, members=2), partition=2)]
    other = [replace(seen(100, 1, 2, members=0), group="a")]
    first, second = group_lags([behind, well, unread, other], rules=RULES)
    assert (first.group, first.lag, first.members) == ("a", 1, 0)
    assert (second.group, second.lag, second.lag_seconds, second.members) == ("g", 7, 60.0, 2)
    assert [each.partition for each in second.partitions] == [0, 1, 2]
    assert second.state == "stalled"
    assert second.at == 100.0


def test_a_group_that_committed_nowhere_has_no_lag():
    [group] = group_lags([[seen(0, None, 7)]])
    assert (group.lag, group.lag_seconds, group.state) == (None, None, "ok")


# --- Properties -------------------------------------------------------------------------------------------

offsets = st.integers(0, 2**40)
times = st.floats(0, 4e9, allow_nan=False)


@st.composite
def observations(draw):
    return Observation(
        at=draw(times),
        group="g",
        topic="t",
        partition=0,
        committed=draw(st.none() | offsets),
        end=draw(offsets),
        earliest=draw(offsets),
        next_offset=draw(st.none() | offsets),
        committed_timestamp=draw(st.none() | times),
        members=draw(st.none() | st.integers(0, 9)),
    )


histories = st.lists(observations(), min_size=1, max_size=12).map(lambda each: sorted(each, key=lambda look: look.at))


@given(histories)
def test_figures_are_never_negative_nor_absent_without_a_reason(history):
    found = partition_lag(history, rules=RULES)
    now = history[-1]
    assert found.state in STATES
    assert (found.lag is None) == (now.committed is None)
    for figure in (found.lag, found.lag_seconds, found.rate, found.arrival_rate, found.time_to_zero, found.lost):
        assert figure is None or figure >= 0
    if now.committed is not None:
        assert found.lag <= max(0, now.end - now.committed)
        assert (found.lag_seconds is None) <= (now.committed_timestamp is None)
    if found.lag == 0:
        assert (found.lag_seconds, found.time_to_zero) == (0.0, 0.0)


@given(histories)
def test_a_group_that_has_caught_up_is_well_whatever_was_before(history):
    end = history[-1].end
    assert partition_lag([*history, replace(history[-1], committed=end, next_offset=None)], rules=RULES).state == "ok"


@given(histories, st.floats(1, 1e6), st.integers(1, 1_000))
def test_states_do_not_depend_on_when_or_where_it_is(history, later, further):
    """A history at another time and at other offsets is judged the same; times are whole, so that sums are exact."""
    history = [replace(look, at=float(round(look.at)), committed_timestamp=None) for look in history]
    moved = [
        replace(
            look,
            at=look.at + round(later),
            committed=None if look.committed is None else look.committed + further,
            next_offset=None if look.next_offset is None else look.next_offset + further,
            end=look.end + further,
            earliest=look.earliest + further,
        )
        for look in history
    ]
    one, other = partition_lag(history, rules=RULES), partition_lag(moved, rules=RULES)
    assert (one.state, one.lag, one.lost) == (other.state, other.lag, other.lost)


@given(st.lists(st.floats(0, 10_000), min_size=1, max_size=60), st.floats(1, 5_000))
def test_a_history_is_bounded_in_time_and_number_and_ends_with_now(times, window):
    history: tuple[Observation, ...] = ()
    for at in times:
        history = extend_history(history, seen(at, 1, 2), window=window)
        assert history[-1].at == at
        assert [look.at for look in history] == sorted({look.at for look in history})
        assert sum(look.at > at - window for look in history) <= 602 * 2
        assert all(look.at > at - window for look in history[1:])


def test_thinning_out_leaves_a_step_back_to_be_seen():
    history: tuple[Observation, ...] = ()
    for at, committed in ((0.0, 2), (0.1, 3), (0.2, 2), (0.3, 2), (0.4, 2)):
        history = extend_history(history, seen(at, committed, 3), window=600.0)
    assert partition_lag(history, rules=RULES).state == "rewound"


def test_a_history_of_very_frequent_looks_is_thinned_out():
    history: tuple[Observation, ...] = ()
    for number in range(5_000):
        history = extend_history(history, seen(number / 100, number, 5_000), window=50.0)
    assert 300 < len(history) <= 1_202
    assert history[0].at <= 50.0
    assert partition_lag(history, rules=RULES).rate == pytest.approx(100, rel=0.01)
