"""Lag as people and programs read it: a table, and lines of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from streams.cli.terminal import counted, format_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.lag.compute import GroupLag, PartitionLag

__all__ = ["lag_lines", "lag_table", "shown_seconds"]

_COLUMNS: Final = (
    "group",
    "topic",
    "partition",
    "committed",
    "end",
    "lag",
    "lag seconds",
    "rate",
    "time to zero",
    "state",
)
_UNKNOWN: Final = "-"
_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def lag_table(groups: Sequence[GroupLag]) -> str:
    """Lay out the partitions of groups, and a line with the sum for each group of several partitions."""
    rows = []
    for group in groups:
        rows += [_row(partition) for partition in group.partitions]
        if len(group.partitions) > 1:
            members = "" if group.members is None else counted(group.members, "member", "members")
            lag = _UNKNOWN if group.lag is None else str(group.lag)
            times = (shown_seconds(group.lag_seconds), _rate(group.rate), shown_seconds(group.time_to_zero))
            rows.append((group.group, "all", members, "", "", lag, *times, group.state))
    return format_table(_COLUMNS, rows, right=_COLUMNS[2:9])


def lag_lines(groups: Sequence[GroupLag]) -> Iterator[str]:
    """Yield a line of JSON for each partition."""
    for group in groups:
        for partition in group.partitions:
            document = {"at": group.at, **asdict(partition), "members": group.members, "group_state": group.state}
            yield json.dumps(document, ensure_ascii=False)


def shown_seconds(seconds: float | None) -> str:
    """Return a time in two units at most: ``0.4``, ``12.0``, ``3 min 5 s``, ``2 h 10 min``, ``3 d 4 h``."""
    if seconds is None:
        return _UNKNOWN
    if seconds < _MINUTE:
        return f"{seconds:.1f}"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def _rate(rate: float | None) -> str:
    return _UNKNOWN if rate is None else f"{rate:.1f}/s"


def _row(each: PartitionLag) -> tuple[str, ...]:
    return (
        each.group,
        each.topic,
        str(each.partition),
        _UNKNOWN if each.committed is None else str(each.committed),
        str(each.end),
        _UNKNOWN if each.lag is None else str(each.lag),
        shown_seconds(each.lag_seconds),
        _rate(each.rate),
        shown_seconds(each.time_to_zero),
        each.state if each.lost == 0 else f"{each.state}, {each.lost} lost",
    )
