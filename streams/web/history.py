"""Lag and throughput over time: a fine recent past and a coarse longer one, both bounded."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["SPANS", "History", "Sample"]

SPANS: Final = {"15 min": 2.0, "6 h": 60.0}
"""The spans that charts show, with the seconds that one point of each stands for."""

_POINTS: Final = {"15 min": 450, "6 h": 360}


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment of the group of workers.

    Attributes:
        at: When, in seconds since 1970-01-01 UTC.
        lag: Articles that wait; None where nothing is known.
        lag_seconds: Age of the one that waits longest, in seconds.
        arriving: Articles that arrive a second.
        done: Articles that are done a second.
    """

    at: float
    lag: int | None = None
    lag_seconds: float | None = None
    arriving: float | None = None
    done: float | None = None

    def row(self) -> list[Any]:
        """Return it as a row of JSON: at, lag, lag in seconds, arriving, done."""
        return [
            round(self.at, 1),
            self.lag,
            None if self.lag_seconds is None else round(self.lag_seconds, 2),
            None if self.arriving is None else round(self.arriving, 2),
            None if self.done is None else round(self.done, 2),
        ]


class History:
    """The samples of the last hours."""

    def __init__(self) -> None:
        self._rings = {name: deque[Sample](maxlen=most) for name, most in _POINTS.items()}
        self._open: dict[str, list[Sample]] = {name: [] for name in SPANS}

    def add(self, sample: Sample) -> None:
        """Take in a sample; one from before the last is dropped, as the clock was set back."""
        for name, step in SPANS.items():
            group = self._open[name]
            if len(group) > 0 and sample.at < group[-1].at:
                continue
            if len(group) > 0 and sample.at // step > group[0].at // step:
                self._rings[name].append(_united(group))
                group.clear()
            group.append(sample)

    def rows(self) -> dict[str, list[list[Any]]]:
        """Return the rows of each span, oldest first; the point that is not yet complete is the last."""
        return {
            name: [
                *(sample.row() for sample in ring),
                *([_united(self._open[name]).row()] if len(self._open[name]) > 0 else []),
            ]
            for name, ring in self._rings.items()
        }


def _united(samples: list[Sample]) -> Sample:
    """Return one sample for several: peaks of what waits, since a mean would hide them, and means of rates."""
    lags = [each.lag for each in samples if each.lag is not None]
    return Sample(
        at=samples[-1].at,
        lag=max(lags) if len(lags) > 0 else None,
        lag_seconds=max((each.lag_seconds for each in samples if each.lag_seconds is not None), default=None),
        arriving=_mean(each.arriving for each in samples),
        done=_mean(each.done for each in samples),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) > 0 else None
