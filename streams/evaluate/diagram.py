"""The reliability diagram, as SVG: how often links of each confidence are right.

Bars are bins of equal width, dots are bins of equal mass, the diagonal is perfect calibration, and the small bars
below count the links. It follows the reader's choice of light or dark, and loads nothing.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from streams.evaluate.calibration import BINS, equal_mass, equal_width, error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.evaluate.calibration import Graded

__all__ = ["reliability_svg"]

_SIDE: Final = 360
_LEFT: Final = 56
_TOP: Final = 76
_COUNTS: Final = 60
_WIDTH: Final = _LEFT + _SIDE + 24
_HEIGHT: Final = _TOP + _SIDE + _COUNTS + 58
_STYLE: Final = (
    "text{font:12px system-ui,sans-serif;fill:#222}.t{font-size:15px;font-weight:600}.g{stroke:#ddd}"
    ".d{stroke:#666;stroke-dasharray:4 4}.b{fill:#4a7ab5;fill-opacity:.55;stroke:#2b5a94}.c{fill:#999}"
    ".o{fill:#c2571a;stroke:#fff}.p{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.g{stroke:#333}.d{stroke:#aaa}.p{fill:#16181c}"
    ".b{fill:#6ea0dc;stroke:#9cc3f2}.c{fill:#777}.o{fill:#f0904f;stroke:#16181c}}"
)


def reliability_svg(graded: Sequence[Graded], *, title: str) -> str:
    """Draw the diagram.

    Args:
        graded: Links with their confidence and outcome; without any, the frame is empty and says so.
        title: Heading.
    """
    bins = equal_width(graded) if len(graded) > 0 else []
    masses = equal_mass(graded) if len(graded) > 0 else []
    most = max((each.count for each in bins), default=1)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
            f'height="{_HEIGHT}" role="img" aria-label="{escape(title)}">'
        ),
        f'<style>{_STYLE}</style><rect class="p" width="{_WIDTH}" height="{_HEIGHT}"/>',
        _text(_LEFT, 24, title, kind="t"),
        *(_text(_LEFT, 44 + 16 * at, line) for at, line in enumerate(_summary(graded, error(bins), error(masses)))),
    ]
    for step in range(6):
        share = step / 5
        parts.append(f'<path class="g" d="M{_x(0)} {_y(share)}H{_x(1)}M{_x(share)} {_y(0)}V{_y(1)}"/>')
        parts.append(_text(_LEFT - 8, float(_y(share)) + 4, f"{share:.1f}", anchor="end"))
        parts.append(_text(float(_x(share)), _TOP + _SIDE + _COUNTS + 20, f"{share:.1f}", anchor="middle"))
    width = _SIDE / BINS
    for each in bins:
        height = each.right * _SIDE
        low = float(_x(each.low))
        parts.append(
            f'<rect class="b" x="{low:.1f}" y="{_y(each.right)}" width="{width:.1f}" height="{height:.1f}">'
            f"<title>{each.low:.2f} to {each.high:.2f}: {each.count} links, {each.right:.3f} right, mean confidence "
            f"{each.confidence:.3f}</title></rect>"
        )
        count = each.count / most * (_COUNTS - 12)
        parts.append(
            f'<rect class="c" x="{low:.1f}" y="{_TOP + _SIDE + _COUNTS - count:.1f}" width="{width - 1:.1f}" '
            f'height="{count:.1f}"/>'
        )
    parts.append(f'<path class="d" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>')
    parts.extend(
        f'<circle class="o" cx="{_x(each.confidence)}" cy="{_y(each.right)}" r="4"><title>{each.count} links</title>'
        "</circle>"
        for each in masses
    )
    parts.append(_text(_LEFT + _SIDE / 2, _HEIGHT - 12, "confidence; below, how many links have it", anchor="middle"))
    parts.append("</svg>\n")
    return "\n".join(parts)


def _summary(graded: Sequence[Graded], width: float, mass: float) -> tuple[str, ...]:
    if len(graded) == 0:
        return ("no link has a confidence",)
    return (
        f"{len(graded)} links, {BINS} bins; expected calibration error:",
        f"{width:.3f} (bars, equal width), {mass:.3f} (dots, equal mass)",
    )


def _x(share: float) -> str:
    return f"{_LEFT + share * _SIDE:.1f}"


def _y(share: float) -> str:
    return f"{_TOP + (1 - share) * _SIDE:.1f}"


def _text(x: float, y: float, text: str, *, kind: str = "", anchor: str = "start") -> str:
    named = f' class="{kind}"' if kind != "" else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
