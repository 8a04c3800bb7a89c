"""Times as people give them: RFC 3339, or how long ago."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from streams.errors import EventError, InputError
from streams.events import read

__all__ = ["milliseconds", "parse_moment", "rfc3339"]

_AGO: Final = re.compile(r"([0-9]{1,6})([smhd])\Z")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_TIME: Final = re.compile(r"(.{10})[Tt](..:..):(..)(\.[0-9]+)?([Zz]|[+-]..:..)\Z")
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


def parse_moment(text: str, *, now: int) -> int:
    """Read a time.

    Args:
        text: RFC 3339 with an offset, or a duration such as 90m, 2h or 7d before ``now``.
        now: Milliseconds since 1970-01-01 UTC.

    Returns:
        Milliseconds since 1970-01-01 UTC.

    Raises:
        InputError: It is neither.
    """
    ago = _AGO.match(text)
    if ago is not None:
        return max(0, now - int(ago[1]) * _SECONDS[ago[2]] * 1000)
    try:
        return max(0, milliseconds(read.timestamp(text, "time")))
    except EventError as exc:
        raise InputError(
            f"{read.excerpt(text)} is not a time.", remedy="Give 2026-01-31T09:30:00Z, or how long ago: 90m, 2h, 7d."
        ) from exc


def milliseconds(text: str) -> int:
    """Return milliseconds since 1970-01-01 UTC of an RFC 3339 time that was checked; a leap second counts as 59."""
    found = _TIME.match(text)
    if found is None:
        return 0
    day, minute, second, fraction, offset = found.groups()
    zone = "+00:00" if offset in "Zz" else offset
    moment = dt.datetime.fromisoformat(f"{day}T{minute}:{min(int(second), 59):02d}{zone}")
    return int((moment - _EPOCH) / dt.timedelta(milliseconds=1)) + int(float(fraction or 0) * 1000)


def rfc3339(timestamp: int) -> str:
    """Return a time in UTC, RFC 3339, in milliseconds; times beyond the year 9999 are cut to it.

    Args:
        timestamp: Milliseconds since 1970-01-01 UTC.
    """
    moment = _EPOCH + dt.timedelta(milliseconds=min(max(0, timestamp), 253_402_300_799_999))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
