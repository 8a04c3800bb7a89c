"""Points in spelt-out acronyms of Arabic: إيه.إم.دي, where the catalogue has spaces between the letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.boundary import CLITICS, LONGEST_CLITIC
from streams.linking.chars import ARABIC_LETTER, flags_of

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.text import Text

__all__ = ["pointed"]

_POINT: Final = "."
_POINT_CODE: Final = 0x2E
_SPACE: Final = " "


def pointed(text: Text) -> list[tuple[int, int, int, str]]:
    """Return the words of Arabic letters with points between them, with and without clitics before them.

    Returns:
        Where each begins and ends in the folded text, how long the clitic before it is, and the folded name with spaces
        instead of points.
    """
    found: list[tuple[int, int, int, str]] = []
    body = text.folded.text
    at: i64 = body.find(_POINT)
    while at >= 0:
        next_ = at + 1
        if 0 < at < len(body) - 1 and _is_letter(body, at - 1) and _is_letter(body, at + 1):
            low = at
            while low > 0 and _is_letter(body, low - 1):
                low -= 1
            high = at + 1
            while high < len(body) and (
                _is_letter(body, high)
                or (ord(body[high]) == _POINT_CODE and high + 1 < len(body) and _is_letter(body, high + 1))
            ):
                high += 1
            name = body[low:high].replace(_POINT, _SPACE)
            found.append((low, high, 0, name))
            found += [
                (low + size, high, size, name[size:])
                for size in range(1, LONGEST_CLITIC + 1)
                if low + size < at and body[low : low + size] in CLITICS
            ]
            next_ = high
        at = body.find(_POINT, next_)
    return found


def _is_letter(body: str, at: i64) -> bool:
    return flags_of(ord(body[at])) & ARABIC_LETTER != 0
