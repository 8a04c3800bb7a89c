"""What a character is: one look-up tells what every step asks about a code point.

A code point's flags stand in a byte of a table, and are worked out when the code point is met first. Who scans a text
asks for the flags of each character and never makes a string of one.
"""

from __future__ import annotations

from typing import Final

from librt.strings import BytesWriter
from mypy_extensions import i64, u8

__all__ = [
    "ALNUM",
    "ALPHABET",
    "ARABIC",
    "ARABIC_LETTER",
    "CAPITAL",
    "CASELESS",
    "CLASS",
    "HANGUL",
    "KATAKANA",
    "NONE",
    "SIGN",
    "SMALL",
    "SPACELESS",
    "flags_of",
    "is_of_word",
]

NONE: Final = 0
"""Class of a character that is part of no word."""
ALPHABET: Final = 1
"""Class of a letter or digit of a script with spaces."""
ARABIC: Final = 2
"""Class of a letter of the Arabic script."""
HANGUL: Final = 3
"""Class of a Korean syllable."""
KATAKANA: Final = 4
"""Class of a Japanese sign for foreign words."""
SPACELESS: Final = 5
"""Class of a letter of a script without spaces."""
SIGN: Final = 6
"""Class of a vowel sign, before which no name ends."""

CLASS: Final = 7
"""The bits of the flags that hold the class."""
ALNUM: Final = 8
"""Flag of letters and digits."""
CAPITAL: Final = 16
"""Flag of capitals of Latin, Greek, Cyrillic and Armenian."""
SMALL: Final = 32
"""Flag of small letters of the same."""
ARABIC_LETTER: Final = 64
"""Flag of the letters to which a clitic can be glued."""
CASELESS: Final = 128
"""Flag of what is the same in capitals and in small letters."""

_RANGES: Final = (
    (0x0600, 0x0780, ARABIC),
    (0x08A0, 0x0900, ARABIC),
    (0x0E01, 0x0E31, SPACELESS),
    (0x0E31, 0x0E32, SIGN),
    (0x0E32, 0x0E34, SPACELESS),
    (0x0E34, 0x0E3B, SIGN),
    (0x0E40, 0x0E46, SPACELESS),
    (0x0E47, 0x0E4F, SIGN),
    (0x0E80, 0x0F00, SPACELESS),
    (0x1000, 0x10A0, SPACELESS),
    (0x1780, 0x1800, SPACELESS),
    (0x1100, 0x1200, HANGUL),
    (0xAC00, 0xD7A4, HANGUL),
    (0x3041, 0x3097, SPACELESS),
    (0x30A1, 0x30FB, KATAKANA),
    (0x30FC, 0x3100, KATAKANA),
    (0x3400, 0xA000, SPACELESS),
    (0x3005, 0x3008, SPACELESS),
    (0xF900, 0xFB00, SPACELESS),
    (0x20000, 0x32000, SPACELESS),
)
_UNDERSCORE: Final = 0x5F
_CASED: Final = ((0x41, 0x590), (0x1E00, 0x2000))
_CLITIC_TAKING: Final = ((0x0621, 0x063B), (0x0641, 0x064B))
# The flags of every code point plus one; 0 where nobody asked yet.
_KNOWN: Final = BytesWriter()
_KNOWN.write(bytes(0x110000))


def flags_of(code: i64) -> i64:
    """Return the flags of a code point."""
    known = i64(_KNOWN[code])
    if known == 0:
        return _first_met(code)
    return known - 1


def is_of_word(code: i64) -> bool:
    """Whether a code point is a letter, a digit or an underscore."""
    return flags_of(code) & ALNUM != 0 or code == _UNDERSCORE


def _first_met(code: i64) -> i64:
    """Work the flags out; apart, so that a look-up is short enough to be laid into the loops that ask."""
    flags: i64 = _flags(code)
    _KNOWN[code] = u8(flags + 1)
    return flags


def _flags(code: int) -> int:
    char = chr(code)
    flags = 0
    for low, high, each in _RANGES:
        if low <= code < high:
            flags = each
            break
    else:
        flags = ALPHABET
    if flags != SIGN and not char.isalnum():
        flags = NONE
    if char.isalnum():
        flags |= ALNUM
    if _within(code, _CASED):
        flags |= CAPITAL if char.isupper() else SMALL if char.islower() else 0
    if _within(code, _CLITIC_TAKING):
        flags |= ARABIC_LETTER
    if char == char.lower() == char.upper() == char.title():
        flags |= CASELESS
    return flags


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code < high for low, high in ranges)
