"""Drift: what linking finds now, against what it found before."""

from __future__ import annotations

import pytest

from streams.drift import LEAST, PAST, RECENT, Counts, Drift, Signal, compare


@pytest.mark.parametrize(
    ("name", "recent", "past", "expected"),
    [
        ("as before", Counts(100, 200, 150), Counts(1_000, 2_000, 1_500), {"link_rate": 0.0, "nil_rate": 0.0}),
        ("names are lost", Counts(100, 200, 100), Counts(100, 200, 150), {"link_rate": -1 / 3, "nil_rate": 1.0}),
        ("nothing is linked any more", Counts(100, 0, 0), Counts(100, 200, 150), {"link_rate": -1.0}),
        ("all was linked", Counts(100, 200, 190), Counts(100, 200, 200), {"link_rate": -0.05, "nil_rate": 1.0}),
        ("nothing ever is", Counts(100, 0, 0), Counts(100, 0, 0), {"link_rate": 0.0}),
        ("too few lately", Counts(LEAST - 1, 90, 9), Counts(100, 200, 150), {}),
        ("too few before", Counts(100, 200, 150), Counts(LEAST - 1, 90, 9), {}),
    ],
)
def test_signals(name, recent, past, expected):
    found = {signal: value.drift for signal, value in compare(recent, past).items()}
    assert found == pytest.approx(expected), name


def test_what_is_recent_becomes_past_and_then_nothing():
    drift = Drift()
    drift.count(0.0, articles=50, mentions=100, links=100)
    drift.count(5.0, articles=50, mentions=100, links=100)
    drift.count(RECENT + 100, articles=100, mentions=100, links=50)
    assert drift.signals(RECENT + 100)["link_rate"] == Signal(recent=0.5, past=2.0)
    assert drift.signals(2 * RECENT + 101) == {}
    drift.count(PAST + RECENT, articles=60, mentions=60, links=60)
    assert drift.signals(PAST + RECENT) == {
        "link_rate": Signal(recent=1.0, past=0.5),
        "nil_rate": Signal(recent=0.0, past=0.5),
    }


def test_an_hour_is_kept_and_no_more():
    drift = Drift()
    for at in range(0, 20_000, 5):
        drift.count(float(at), articles=1, mentions=1, links=1)
    assert len(drift._steps) < PAST / 10 + 5
