"""Calibration: whether, of links with confidence 0.9, nine in ten are right; and a map that makes it so.

The expected calibration error (ECE) is the mean distance between confidence and share of right links, over bins of
confidence, each weighed by its links. It is given for 15 bins of equal width, as most papers have it, and for 15 bins
of equal mass, which does not depend on a few links in empty regions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.linking.weights import calibrate

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BINS", "Bin", "Graded", "crossed", "equal_mass", "equal_width", "error", "learn_table"]

BINS: Final = 15
"""How many bins the expected calibration error uses."""
_KNOTS: Final = 12
_DIGITS: Final = 3

Graded = tuple[float, bool, float]
"""Confidence of a link, whether it is right, and how much it counts."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Links of similar confidence.

    Attributes:
        low: Least confidence of the bin.
        high: Greatest.
        count: Number of links.
        weight: How much they count together.
        confidence: Their mean confidence.
        right: Share of them that is right.
    """

    low: float
    high: float
    count: int
    weight: float
    confidence: float
    right: float


def equal_width(links: Sequence[Graded], *, bins: int = BINS) -> list[Bin]:
    """Put links into bins of equal width, half-open but the last; bins without links are left out."""
    parts: list[list[Graded]] = [[] for _ in range(bins)]
    for link in links:
        parts[min(bins - 1, int(link[0] * bins))].append(link)
    return [_bin(part, at / bins, (at + 1) / bins) for at, part in enumerate(parts) if len(part) > 0]


def equal_mass(links: Sequence[Graded], *, bins: int = BINS) -> list[Bin]:
    """Put links, by confidence, into bins that count the same, up to one link; there are no empty ones."""
    ordered = sorted(links)
    whole = sum(weight for _, _, weight in ordered)
    parts: list[list[Graded]] = [[] for _ in range(bins)]
    passed = 0.0
    for link in ordered:
        parts[min(bins - 1, int(bins * (passed + link[2] / 2) / whole))].append(link)
        passed += link[2]
    return [_bin(part, part[0][0], part[-1][0]) for part in parts if len(part) > 0]


def error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error over ``bins``, 0 to 1; 0 without links."""
    whole = sum(each.weight for each in bins)
    return sum(each.weight * abs(each.confidence - each.right) for each in bins) / whole if whole > 0 else 0.0


def learn_table(links: Sequence[Graded], *, knots: int = _KNOTS) -> tuple[tuple[float, float], ...]:
    """Learn a monotone map from raw to calibrated confidence: isotonic regression over bins of equal mass.

    Args:
        links: Links of texts that the weights were not learnt from.
        knots: At most so many points.

    Returns:
        ``(raw, calibrated)`` points, both rising, for `streams.linking.weights.calibrate`; none without links.
    """
    blocks = [(each.confidence, each.right, each.weight) for each in equal_mass(links, bins=knots)]
    merged: list[tuple[float, float, float]] = []
    for block in blocks:
        merged.append(block)
        # Pool adjacent violators: where the share of right links falls, the two bins are one.
        while len(merged) > 1 and merged[-2][1] >= merged[-1][1]:
            second, first = merged.pop(), merged.pop()
            weight = first[2] + second[2]
            merged.append(
                (
                    (first[0] * first[2] + second[0] * second[2]) / weight,
                    (first[1] * first[2] + second[1] * second[2]) / weight,
                    weight,
                )
            )
    return tuple((round(raw, _DIGITS), round(right, _DIGITS)) for raw, right, _ in merged)


def crossed(sets: Sequence[Sequence[Graded]]) -> list[Graded]:
    """Return all links with calibrated confidence, those of each set by a map that was learnt on the other sets.

    So it tells what a map does to texts of a kind that it does not know, which is what users have.
    """
    mapped: list[Graded] = []
    for at, links in enumerate(sets):
        table = learn_table([link for other, each in enumerate(sets) if other != at for link in each])
        mapped.extend((calibrate(confidence, table), right, weight) for confidence, right, weight in links)
    return mapped


def _bin(links: Sequence[Graded], low: float, high: float) -> Bin:
    weight = sum(each for _, _, each in links)
    return Bin(
        low,
        high,
        len(links),
        weight,
        sum(confidence * each for confidence, _, each in links) / weight,
        sum(each for _, right, each in links if right) / weight,
    )
