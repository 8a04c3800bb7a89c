from __future__ import annotations

from streams.web.history import History, Sample


def _history(*samples: Sample) -> dict[str, list[list[object]]]:
    history = History()
    for sample in samples:
        history.add(sample)
    return history.rows()


def test_the_short_span_keeps_every_moment_and_the_long_one_a_point_a_minute():
    rows = _history(*(Sample(1200.0 + 2 * at, lag=at, lag_seconds=0.5, arriving=1.0, done=3.0) for at in range(90)))
    assert len(rows["15 min"]) == 90
    assert rows["15 min"][-1] == [1378.0, 89, 0.5, 1.0, 3.0]
    # Peaks of what waits, means of rates.
    assert rows["6 h"] == [
        [1258.0, 29, 0.5, 1.0, 3.0],
        [1318.0, 59, 0.5, 1.0, 3.0],
        [1378.0, 89, 0.5, 1.0, 3.0],
    ]


def test_both_spans_are_bounded():
    rows = _history(*(Sample(2.0 * at, lag=1) for at in range(15_000)))
    assert len(rows["15 min"]) <= 451
    assert len(rows["6 h"]) <= 361
    assert rows["6 h"][-1][0] - rows["6 h"][0][0] >= 21_000


def test_what_is_unknown_stays_unknown():
    rows = _history(Sample(0.0), Sample(1.0, lag=4), Sample(2.0))
    assert rows["15 min"] == [[1.0, 4, None, None, None], [2.0, None, None, None, None]]


def test_a_clock_that_was_set_back_adds_nothing():
    assert [row[0] for row in _history(Sample(10.0), Sample(4.0), Sample(12.0))["15 min"]] == [10.0, 12.0]
