"""Where the words of a text are, and where names may start: with a word, or behind the clitics glued to one."""

from __future__ import annotations

from typing import Final

from librt.vecs import append, vec
from mypy_extensions import i64

from streams.linking.boundary import CLITIC_BITS, CLITICS, starts_word
from streams.linking.chars import ALNUM, ALPHABET, ARABIC, ARABIC_LETTER, CLASS, NONE, flags_of

__all__ = ["Places", "places_in"]

_SPACE: Final = 0x20
_APOSTROPHE: Final = 0x27
# What a word of Arabic may begin with, letter by letter: each beginning of a clitic has a number, the empty one 0.
_BEGINNINGS: Final = sorted({clitic[:length] for clitic in CLITICS for length in range(len(clitic) + 1)}, key=len)
_FIRST_LETTER: Final = 0x621
_LETTERS: Final = 0x2A
_NO_BEGINNING: Final = 255
_FURTHER: Final = bytes(
    _BEGINNINGS.index(begun + chr(code)) if begun + chr(code) in _BEGINNINGS else _NO_BEGINNING
    for begun in _BEGINNINGS
    for code in range(_FIRST_LETTER, _FIRST_LETTER + _LETTERS)
)
# The length of each beginning that is a clitic; 0 of every other.
_CLITIC_LENGTH: Final = bytes(len(begun) if begun in CLITICS else 0 for begun in _BEGINNINGS)


class Places:
    """Where words are in a folded text, and where names may start.

    Attributes:
        names: Where a name may start that begins with no space, in order, each above the length of the clitics that
            stand before it, see `CLITIC_BITS`.
        starts: Where runs of letters and digits start, single apostrophes inside them allowed for.
        ends: Where they end.
    """

    __slots__ = ("ends", "names", "starts")

    def __init__(self, names: vec[i64], starts: vec[i64], ends: vec[i64]) -> None:
        self.names = names
        self.starts = starts
        self.ends = ends


def places_in(text: str) -> Places:
    """Return where words are and where names may start in a folded text, in one go."""
    names: vec[i64] = vec[i64]()
    starts: vec[i64] = vec[i64]()
    ends: vec[i64] = vec[i64]()
    length: i64 = len(text)
    before: i64 = NONE
    begun: i64 = _NO_BEGINNING
    word: i64 = -1
    at: i64 = 0
    while at < length:
        code: i64 = ord(text[at])
        flags = flags_of(code)
        kind = flags & CLASS
        if kind == ARABIC and before == ARABIC:
            clitic = _clitic(begun, flags)
            if clitic > 0:
                names = append(names, (at << CLITIC_BITS) + clitic)
            begun = _further(begun, code)
        elif code != _SPACE and (before == NONE or ((kind != before or kind != ALPHABET) and starts_word(text, at))):
            names = append(names, at << CLITIC_BITS)
            begun = _further(0, code)
        else:
            begun = _NO_BEGINNING
        if flags & ALNUM != 0:
            if word < 0:
                word = at
            if begun == _NO_BEGINNING and kind in (ALPHABET, ARABIC):
                at = _last_alike(text, at, kind | ALNUM)
        elif word >= 0 and not (code == _APOSTROPHE and _goes_on(text, at + 1)):
            starts = append(starts, word)
            ends = append(ends, at)
            word = -1
        before = kind
        at += 1
    if word >= 0:
        starts = append(starts, word)
        ends = append(ends, length)
    return Places(names, starts, ends)


def _last_alike(text: str, at: i64, alike: i64) -> i64:
    """Return the last letter from ``at`` on that has the same class: what stands between begins and ends nothing."""
    length: i64 = len(text)
    next_ = at + 1
    while next_ < length and flags_of(ord(text[next_])) & (CLASS | ALNUM) == alike:
        next_ += 1
    return next_ - 1


def _clitic(begun: i64, flags: i64) -> i64:
    """Return the length of the clitic that a word has begun with, 0 where none has ended or no letter follows."""
    if begun == _NO_BEGINNING or flags & ARABIC_LETTER == 0:
        return 0
    return i64(_CLITIC_LENGTH[begun])


def _further(begun: i64, code: i64) -> i64:
    """Return the number of a beginning and one letter more, `_NO_BEGINNING` where there is none."""
    letter = code - _FIRST_LETTER
    if begun == _NO_BEGINNING or letter < 0 or letter >= _LETTERS:
        return _NO_BEGINNING
    return i64(_FURTHER[begun * _LETTERS + letter])


def _goes_on(text: str, at: i64) -> bool:
    return at < len(text) and flags_of(ord(text[at])) & ALNUM != 0
