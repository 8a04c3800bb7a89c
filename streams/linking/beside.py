"""What stands beside a span: capitals, function words, legal forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.around import CAPITAL, CASED
from streams.linking.lexicon import LEGAL, OF, STOP, THE, TO_PLACE
from streams.linking.row import (
    AFTER_CAPITAL,
    AFTER_OF,
    AFTER_PREPOSITION,
    AFTER_THE,
    BEFORE_CAPITAL,
    BEFORE_FUNCTION,
    BEFORE_NOUN,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

    from streams.linking.around import Around

__all__ = ["NOTHING", "after", "before", "legal_after", "near", "titled"]

NOTHING: Final = 0
"""Nothing is told of a name."""

_NEAR: Final = 3
_TITLED_BEFORE: Final = 3
_TITLED_AFTER: Final = 4
_SPACE: Final = 0x20
_STOPS: Final = frozenset(map(ord, ".!?\n"))


def after(around: Around, high: i64, word: i64) -> i64:
    """Return which feature is told by ``word``, the next one after a name which ends at ``high``; or `NOTHING`.

    A word counts only where nothing but a space parts it from the name.
    """
    if word >= around.count or around.start(word) != high + 1 or ord(around.body[high]) != _SPACE:
        return NOTHING
    if around.looks(word) & CAPITAL != 0:
        return BEFORE_CAPITAL
    if around.tells(word) & STOP != 0:
        return BEFORE_FUNCTION
    return BEFORE_NOUN if around.word(word).isalpha() else NOTHING


def before(around: Around, low: i64, word: i64) -> i64:
    """Return which feature is told by ``word``, the last one before a name which begins at ``low``; or `NOTHING`."""
    if word < 0 or around.end(word) != low - 1 or ord(around.body[low - 1]) != _SPACE:
        return NOTHING
    tells = around.tells(word)
    if tells & THE != 0:
        return AFTER_THE
    if tells & TO_PLACE != 0:
        return AFTER_PREPOSITION
    if tells & OF != 0:
        return AFTER_OF
    return AFTER_CAPITAL if around.looks(word) & CAPITAL != 0 else NOTHING


def legal_after(around: Around, high: i64, word: i64) -> bool:
    """Whether ``word``, the next one after a name which ends at ``high``, is a legal form: Burlington Inc."""
    return word < around.count and around.start(word) - high <= 2 and around.tells(word) & LEGAL != 0


def titled(around: Around, low: i64, high: i64) -> float:
    """Return the share of the longer words around a span, within its sentence, that are capitalised.

    Where nearly all are, as in headlines, a capital tells nothing.
    """
    cased: i64 = 0
    capital: i64 = 0
    left = low
    word = around.before(low)
    most = word - _TITLED_BEFORE
    while word >= 0 and word > most and not _stops(around.body, around.end(word), left):
        look = around.looks(word)
        if look & CASED != 0:
            cased += 1
            capital += look & CAPITAL
        left = around.start(word)
        word -= 1
    right = high
    word = around.after(high)
    most = word + _TITLED_AFTER
    while word < around.count and word < most and not _stops(around.body, right, around.start(word)):
        look = around.looks(word)
        if look & CASED != 0:
            cased += 1
            capital += look & CAPITAL
        right = around.end(word)
        word += 1
    return float(capital) / float(cased) if cased > 1 else 0.0


def _stops(body: str, low: i64, high: i64) -> bool:
    at = low
    while at < high:
        code: i64 = ord(body[at])
        if code != _SPACE and code in _STOPS:
            return True
        at += 1
    return False


def near(around: Around, words: Sequence[str], before: i64, after: i64) -> float:
    """Return the share of ``words`` that are among the three words up to ``before`` and the three from ``after`` on."""
    found: i64 = 0
    for wanted in words:
        if _is_near(around, wanted, before, after):
            found += 1
    return float(found) / float(len(words)) if found > 0 else 0.0


def _is_near(around: Around, wanted: str, before: i64, after: i64) -> bool:
    word = before
    while word >= 0 and word > before - _NEAR:
        if around.is_word(word, wanted):
            return True
        word -= 1
    word = after
    while word < around.count and word < after + _NEAR:
        if around.is_word(word, wanted):
            return True
        word += 1
    return False
