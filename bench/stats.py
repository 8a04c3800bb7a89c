"""Figures of repeated measurements: medians, percentiles, spread, and how they are taken."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Summary", "percentile", "rate", "singles", "summarise"]

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of one measurement, repeated; in the unit of the values.

    Attributes:
        count: How many values there were.
        least: The smallest.
        median: The middle one.
        p95: 95 in a hundred are at most this.
        p99: 99 in a hundred are at most this.
        most: The largest.
        mean: Their mean.
    """

    count: int
    least: float
    median: float
    p95: float
    p99: float
    most: float
    mean: float

    @property
    def spread(self) -> float:
        """How far the largest value is above the smallest, as a share of the median."""
        return (self.most - self.least) / self.median if self.median > 0 else 0.0


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` (above 0, at most 1) of the ``ordered`` values do not exceed.

    Raises:
        ValueError: There are no values.
    """
    if len(ordered) == 0:
        raise ValueError("A percentile of nothing was asked for; measure something first.")
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def summarise(values: Sequence[float]) -> Summary:
    """Return the figures of ``values``; the median of an even number of them is the mean of the middle two.

    Raises:
        ValueError: There are no values.
    """
    ordered = sorted(values)
    middle = len(ordered) // 2
    p95, p99 = percentile(ordered, 0.95), percentile(ordered, 0.99)
    return Summary(
        count=len(ordered),
        least=ordered[0],
        median=ordered[middle] if len(ordered) % 2 == 1 else (ordered[middle - 1] + ordered[middle]) / 2,
        p95=p95,
        p99=p99,
        most=ordered[-1],
        mean=sum(ordered) / len(ordered),
    )


def rate(call: Callable[[], Any], *, clock: Callable[[], float], least: float = 0.2, repeats: int = 7) -> Summary:
    """Measure how long one ``call`` takes on average, in ``repeats`` runs of at least ``least`` seconds each.

    Args:
        call: What is measured.
        clock: Seconds; `time.process_time` leaves out what other processes took.
        least: Seconds of a run.
        repeats: Number of runs.

    Returns:
        Seconds of a call; each value is the mean of one run.
    """
    call()
    began = clock()
    call()
    calls = max(1, ceil(least / max(clock() - began, 1e-7)))
    values = []
    for _ in range(repeats):
        gc.collect()
        began = clock()
        for _ in range(calls):
            call()
        values.append((clock() - began) / calls)
    return summarise(values)


def singles(call: Callable[[_Item], Any], items: Sequence[_Item], *, clock: Callable[[], int]) -> Summary:
    """Measure each of the calls with ``items`` by itself.

    Args:
        call: What is measured.
        items: What it is called with, in turn.
        clock: Nanoseconds.

    Returns:
        Seconds of a call.
    """
    gc.collect()
    values = []
    for item in items:
        began = clock()
        call(item)
        values.append((clock() - began) / 1e9)
    return summarise(values)
