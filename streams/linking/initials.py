"""Initials: *Gerald R. Ford*, where the catalogue has no name but Gerald Ford."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.boundary import bounds
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.text import Text

__all__ = ["initialled"]

_STOP: Final = ". "
_SPACE: Final = 0x20


def initialled(text: Text, language: str) -> list[tuple[int, int, str]]:
    """Return the names of a first word, an initial with its full stop and a last word, all capitalised, in one line.

    Args:
        text: The text.
        language: Primary language subtag of the article.

    Returns:
        Where each begins and ends in the folded text, and the folded name without the initial. They do not overlap.
    """
    found: list[tuple[int, int, str]] = []
    body = text.folded.text
    at: i64 = body.find(_STOP)
    while at >= 0:
        space = at - 2
        next_ = at + 1
        if space > 0 and ord(body[space]) == _SPACE and body[at - 1].isalpha():
            low = _word_before(body, space)
            last = at + len(_STOP)
            high = _word_after(body, last)
            first = body[low:space]
            is_name = space - low > 1 and high - last > 1 and first not in STOP_FORMS
            if is_name and bounds(body, low, high, language) == 0 and _is_capital(text, low, at - 1, last, high):
                found.append((low, high, f"{first} {body[last:high]}"))
                next_ = high
        at = body.find(_STOP, next_)
    return found


def _word_before(body: str, high: i64) -> i64:
    """Return where the letters begin that end at ``high``."""
    low = high
    while low > 0 and body[low - 1].isalpha():
        low -= 1
    return low


def _word_after(body: str, low: i64) -> i64:
    """Return where the letters end that begin at ``low``."""
    high = low
    while high < len(body) and body[high].isalpha():
        high += 1
    return high


def _is_capital(text: Text, first: i64, initial: i64, last: i64, high: i64) -> bool:
    """Whether the first word, the initial and the last word are capitalised, and no line ends between them."""
    folded, source = text.folded, text.source
    if "\n" in source[folded.source_start(first) : folded.source_end(high)]:
        return False
    return all(source[folded.source_start(at)].isupper() for at in (first, initial, last))
