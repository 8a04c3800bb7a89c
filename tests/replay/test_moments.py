"""Times as people give them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import InputError
from streams.replay.moments import milliseconds, parse_moment, rfc3339

_NOW = 1_800_000_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", _NOW - 90_000),
        ("90m", _NOW - 5_400_000),
        ("2h", _NOW - 7_200_000),
        ("7d", _NOW - 604_800_000),
        ("999999d", 0),
        ("1970-01-01T00:00:01Z", 1_000),
        ("1970-01-01t01:00:00.5+01:00", 500),
        ("1970-01-01T00:00:59.999999999z", 59_999),
        ("1970-01-01T00:00:60Z", 59_000),
        ("1969-12-31T23:59:00Z", 0),
    ],
)
def test_moments_are_read(text, expected):
    assert parse_moment(text, now=_NOW) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2h30m", "-2h", "2026-01-31", "2026-02-30T00:00:00Z", "1767225600"])
def test_what_is_no_moment_is_refused_with_an_example(text):
    with pytest.raises(InputError, match="2026-01-31T09:30:00Z"):
        parse_moment(text, now=_NOW)


@given(st.datetimes(min_value=dt.datetime(1970, 1, 1), max_value=dt.datetime(9999, 12, 31)))  # noqa: DTZ001
def test_times_come_back(moment):
    text = moment.replace(tzinfo=dt.timezone.utc).isoformat(timespec="milliseconds")
    assert rfc3339(milliseconds(text)) == text.replace("+00:00", "Z")


def test_times_beyond_the_calendar_are_cut():
    assert rfc3339(2**62) == "9999-12-31T23:59:59.999Z"
