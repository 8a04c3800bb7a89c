"""Keys of short words of Arabic: the letters, but for those that writers of foreign names interchange.

A key of consonants (`streams.linking.arabic`) says too little of a word that has few. This one keeps the vowels: only
غ and ج are one (بوينغ, بوينج), a doubled و or ي is single (سيؤول, سيول), and of a long word an alif before the first
consonant is left out (إنفيديا, نفيديا).
"""

from __future__ import annotations

from typing import Final

from librt.vecs import vec
from mypy_extensions import i32, i64

from streams.linking.trie import NOWHERE, UNKNOWN, Trie

__all__ = ["find_spelt", "spelt_key", "start_spelt"]

_FIRST_ARABIC: Final = 0x621
_LAST_ARABIC: Final = 0x64A
_SPACE: Final = 0x20
_NOTHING: Final = 0
# Letters that a key must have, and more where one of them stands for two; letters that a word may have.
_LEAST: Final = 4
_LEAST_MERGED: Final = 5
_LONGEST: Final = 10
# Letters that an alif must leave behind it to be left out.
_LEFT: Final = 6
# A common word that is spelt as a name may be: genetically, Guinea.
_COMMON: Final = frozenset({"جينيا"})
# A key begins with this after its space.
_MARK: Final = "\x03"
_MARK_CODE: Final = 3
_ALIF: Final = 0x627
_LAM: Final = 0x644
_WAW: Final = 0x648
_YEH: Final = 0x64A
_SAME_LETTER: Final = {"غ": "ج"}
_MERGED: Final = 0x62C
_SPELLINGS: Final = vec[i32](
    [ord(_SAME_LETTER.get(chr(code), chr(code))) for code in range(_FIRST_ARABIC, _LAST_ARABIC + 1)]
)


def start_spelt(trie: Trie) -> i64:
    """Return the place in a trie behind which keys with vowels are, negative where there are none."""
    place = trie.step(trie.start(), _SPACE)
    return trie.step(place, _MARK_CODE) if place >= 0 else place


def find_spelt(trie: Trie, first: i64, folded: str, start: i64, end: i64, number: i64) -> i64:
    """Return the number of the key with vowels that a word has; `NOWHERE` where it is none. Which it is, is kept.

    Args:
        trie: The trie.
        first: From `start_spelt`.
        folded: Folded text.
        start: Where the word begins.
        end: Where it ends.
        number: Its number, see `streams.linking.arabic.counted`; a word that has none has no key.
    """
    if number == 0:
        return NOWHERE
    form = trie.spelt.place(number)
    if form == UNKNOWN:
        form = _find(trie, first, folded, start, end) if folded[start:end] not in _COMMON else i64(NOWHERE)
        trie.spelt.keep(number, form)
    return form


def _find(trie: Trie, first: i64, folded: str, start: i64, end: i64) -> i64:
    place = first
    before: i64 = 0
    at = start
    while at < end:
        opens = at == start and end - start > _LEFT and _is_consonant(ord(folded[at + 1]))
        letter = _spelt(ord(folded[at]), before, opens)
        if letter != _NOTHING:
            place = trie.step(place, letter)
            if place < 0:
                return NOWHERE
            before = letter
        at += 1
    place = trie.step(place, _SPACE)
    return trie.ending(place) if place >= 0 else i64(NOWHERE)


def _spelt(code: i64, before: i64, opens: bool) -> i64:
    """Return what a letter is in a key with vowels, `_NOTHING` for nothing.

    Args:
        code: The letter.
        before: What the one before it is.
        opens: Whether it is the first and a consonant follows.
    """
    if (opens and code == _ALIF) or (code == before and code in (_WAW, _YEH)):
        return _NOTHING
    return i64(_SPELLINGS[code - _FIRST_ARABIC])


def _is_consonant(code: i64) -> bool:
    return code not in (_ALIF, _LAM, _WAW, _YEH)


def spelt_key(folded: str) -> str | None:
    """Return the key with vowels of a folded word, or None where it is short, long, or not all Arabic letters."""
    if len(folded) > _LONGEST or not all(_FIRST_ARABIC <= ord(char) <= _LAST_ARABIC for char in folded):
        return None
    key: list[str] = []
    before: i64 = 0
    for at, char in enumerate(folded):
        letter = _spelt(ord(char), before, at == 0 and len(folded) > _LEFT and _is_consonant(ord(folded[1])))
        if letter != _NOTHING:
            key.append(chr(letter))
            before = letter
    least = _LEAST_MERGED if chr(_MERGED) in key else _LEAST
    return f" {_MARK}{''.join(key)} " if len(key) >= least else None
