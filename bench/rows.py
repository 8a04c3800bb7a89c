"""Results: one row a measurement, and what a run is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.stats import Summary

__all__ = ["Config", "Figure", "Row", "of_calls"]

Figure = float | int | str | None
"""A figure: a number, or a word about why there is none."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a run is told.

    Attributes:
        quick: Whether to take fewer and shorter runs, and smaller catalogues for the slow peers.
        full: Whether to measure with five million aliases too.
        kind: The catalogue: ``grown`` from real names, or ``generated``.
    """

    quick: bool
    full: bool
    kind: str

    @property
    def repeats(self) -> int:
        """Number of runs that a median is taken of."""
        return 3 if self.quick else 9

    @property
    def least(self) -> float:
        """Seconds of a run."""
        return 0.1 if self.quick else 0.5

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of aliases to measure with."""
        return (10_000, 100_000, 1_000_000, *((5_000_000,) if self.full else ()))


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Attributes:
        level: What was measured: ``fold``, ``link``, ``peers`` …
        case: With what.
        figures: By name, units included: ``median_us``.
    """

    level: str
    case: str
    figures: dict[str, Figure]


def of_calls(summary: Summary, *, chars: int | None = None, calls: int = 1) -> dict[str, Figure]:
    """Return the figures of a call: microseconds, their spread, calls a second, nanoseconds a character.

    Args:
        summary: Seconds of a call.
        chars: Characters that a call reads.
        calls: Articles that one call handles.
    """
    figures: dict[str, Figure] = {
        "median_us": round(summary.median / calls * 1e6, 2),
        "min_us": round(summary.least / calls * 1e6, 2),
        "spread_percent": round(summary.spread * 100, 1),
        "per_second": round(calls / summary.median, 1),
    }
    if chars is not None:
        figures["ns_per_char"] = round(summary.median / chars * 1e9, 2)
    return figures
