"""Plots as SVG, by a few lines of our own: bars, and lines on logarithmic axes."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["bars", "lines"]

_WIDTH: Final = 720
_COLOURS: Final = ("#1f6f8b", "#c8553d", "#588157", "#7b5ea7", "#b08900")
_HEAD: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">'
    '<rect width="100%" height="100%" fill="#ffffff"/>'
    '<text x="16" y="24" font-size="15" font-weight="bold" fill="#222222">{title}</text>'
)


def bars(title: str, values: Mapping[str, float], *, unit: str) -> str:
    """Return a chart of horizontal bars, in the order of ``values``, whose numbers are written beside them.

    Args:
        title: What the chart shows.
        values: By name; none below zero.
        unit: Unit of the values.
    """
    most = max(values.values(), default=0.0)
    height = 48 + 26 * len(values)
    drawn = [_HEAD.format(width=_WIDTH, height=height, title=escape(title))]
    for at, (name, value) in enumerate(values.items()):
        top = 42 + 26 * at
        length = 300 * value / most if most > 0 else 0.0
        drawn.append(
            f'<text x="250" y="{top + 14}" text-anchor="end" fill="#222222">{escape(name)}</text>'
            f'<rect x="260" y="{top}" width="{length:.1f}" height="18" fill="{_COLOURS[0]}"/>'
            f'<text x="{266 + length:.1f}" y="{top + 14}" fill="#222222">{value:,.6g} {escape(unit)}</text>'
        )
    return "".join([*drawn, "</svg>\n"])


def lines(title: str, series: Mapping[str, Sequence[tuple[float, float]]], *, x: str, y: str) -> str:
    """Return a chart of lines through points, on axes that are both logarithmic.

    Args:
        title: What the chart shows.
        series: Points by name, from left to right; all numbers are above zero.
        x: What the horizontal axis shows.
        y: What the vertical axis shows.
    """
    height = 380
    points = [point for each in series.values() for point in each]
    if len(points) == 0:
        return "".join([_HEAD.format(width=_WIDTH, height=height, title=escape(title)), "</svg>\n"])
    across, up = _axis([point[0] for point in points]), _axis([point[1] for point in points])

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return 80 + 460 * _share(point[0], across), 320 - 260 * _share(point[1], up)

    drawn = [_HEAD.format(width=_WIDTH, height=height, title=escape(title))]
    for power in range(across[0], across[1] + 1):
        left = place((10.0**power, 10.0 ** up[0]))[0]
        drawn.append(f'<line x1="{left:.1f}" x2="{left:.1f}" y1="60" y2="320" stroke="#dddddd"/>')
        drawn.append(f'<text x="{left:.1f}" y="338" text-anchor="middle" fill="#222222">{10.0**power:,g}</text>')
    for power in range(up[0], up[1] + 1):
        top = place((10.0 ** across[0], 10.0**power))[1]
        drawn.append(f'<line x1="80" x2="540" y1="{top:.1f}" y2="{top:.1f}" stroke="#dddddd"/>')
        drawn.append(f'<text x="72" y="{top + 4:.1f}" text-anchor="end" fill="#222222">{10.0**power:,g}</text>')
    drawn.append(f'<text x="310" y="364" text-anchor="middle" fill="#222222">{escape(x)}</text>')
    drawn.append(f'<text x="16" y="48" fill="#222222">{escape(y)}</text>')
    for at, (name, each) in enumerate(series.items()):
        colour = _COLOURS[at % len(_COLOURS)]
        path = " ".join(f"{left:.1f},{top:.1f}" for left, top in map(place, each))
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3.5" fill="{colour}"/>' for left, top in map(place, each)]
        drawn.append(f'<text x="556" y="{80 + 22 * at}" fill="{colour}">{escape(name)}</text>')
    return "".join([*drawn, "</svg>\n"])


def _axis(values: Sequence[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _share(value: float, axis: tuple[int, int]) -> float:
    return (log10(value) - axis[0]) / (axis[1] - axis[0])
