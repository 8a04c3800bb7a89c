"""Keys of Arabic: what spellings of one foreign name share, and following a text through them.

A key keeps the consonants. Vowel letters are dropped but for the first of a word, letters that stand for the same
foreign sound become one (غ ج ق ك گ ژ, ت ط, س ص, ز ذ ظ, د ض), a first تش is a ش, and a final ه is left out.

One word that has few keeps its vowels instead (`streams.linking.spelt`).
"""

from __future__ import annotations

from typing import Final

from librt.strings import StringWriter
from librt.vecs import append, vec
from mypy_extensions import i32, i64

from streams.linking.chars import is_of_word
from streams.linking.spelt import spelt_key
from streams.linking.trie import END_BITS, UNKNOWN, Trie

__all__ = ["Word", "arabic_key", "counted", "follow_arabic", "has_arabic", "may_begin"]

Word = tuple[i64, i64]
"""Where a word ends, and its number."""

_FIRST_ARABIC: Final = 0x621
_LAST_ARABIC: Final = 0x64A
_SPACE: Final = 0x20
_HEH: Final = 0x647
_TEH: Final = 0x62A
_SHEEN: Final = 0x634
# What `_hear` returns: the sound above two bits of state and whether a ه comes before it.
_STARTS: Final = 1  # a word begins
_HELD: Final = 2  # a ه waits to be heard: at the end of a word it is not
_STATE: Final = 3
_HEH_FIRST: Final = 4
_SOUND_AT: Final = 3
# The first vowel letter of a word is kept as one sign, whichever it is.
_VOWEL: Final = "\x02"
_INITIAL_SIGN: Final = 2
_INITIALS: Final = "اويع"
_SILENT: Final = 0
_SAME_SOUND: Final = {
    **dict.fromkeys("اويء", _SILENT),
    **dict.fromkeys("غقكگژ", ord("ج")),
    **dict.fromkeys("ط", ord("ت")),
    **dict.fromkeys("ص", ord("س")),
    **dict.fromkeys("ذظ", ord("ز")),
    **dict.fromkeys("ض", ord("د")),
}
_TABLED: Final = 0xDF
# What each code point from the first letter of the Arabic block on is in a key.
_SOUNDS: Final = vec[i32](
    [
        _SAME_SOUND.get(chr(code), code) if chr(code).isalnum() else _SPACE
        for code in range(_FIRST_ARABIC, _FIRST_ARABIC + _TABLED)
    ]
)
_IS_INITIAL: Final = bytes([chr(code) in _INITIALS for code in range(_FIRST_ARABIC, _FIRST_ARABIC + _TABLED)])
# Letters that a key must have.
_LEAST: Final = 5
# A word of so many Arabic letters has a number: six bits for each.
_COUNTED: Final = 10
_LETTER_BITS: Final = 6
_BELOW_ARABIC: Final = _FIRST_ARABIC - 1


def has_arabic(folded: str) -> bool:
    """Whether a letter of the Arabic alphabet stands in ``folded``."""
    if folded.isascii():
        return False
    length: i64 = len(folded)
    at: i64 = 0
    while at < length:
        code: i64 = ord(folded[at])
        if _FIRST_ARABIC <= code <= _LAST_ARABIC:
            return True
        at += 1
    return False


def arabic_key(folded: str) -> str | None:
    """Return the key of a folded name in Arabic script, or None where it is too short to tell."""
    key = _consonants(folded)
    words = key.split()
    if len(words) == 1 and folded.startswith("ال"):
        # One word with the article is too often no name: الشركة.
        return None
    letters = sum(len(word) for word in words) - (key.count(_VOWEL) if len(words) == 1 else 0)
    if letters < _LEAST:
        return spelt_key(folded)
    return key if "  " not in key else None


def may_begin(code: i64, clitic: i64) -> bool:
    """Whether a key is looked for from a letter on, behind a clitic of so many letters.

    Behind a clitic of one letter it is, unless vowels come first, which keys do not tell apart: واشنطن is not و and a
    name that begins with a vowel. What has the article is mostly no name: البنوك.
    """
    if clitic == 0:
        return is_of_word(code)
    return clitic == 1 and not (_FIRST_ARABIC <= code <= _LAST_ARABIC and _IS_INITIAL[code - _FIRST_ARABIC] != 0)


def follow_arabic(trie: Trie, folded: str, start: i64, word: Word, found: vec[i64]) -> vec[i64]:
    """Append every Arabic key that begins at ``start`` of a folded text to ``found``, the shortest first.

    The letters of a key are made as the trie is followed, which most words leave after a few. Where a first word leads
    to is kept.

    Args:
        trie: The trie.
        folded: Folded text.
        start: Where a word begins.
        word: From `counted`.
        found: What to append to.

    Returns:
        ``found`` and, for each key, where it ends in ``folded`` and its number in the view, as `Trie.follow` does.
    """
    length: i64 = len(folded)
    heard: i64 = _STARTS
    at, number = word
    if number != 0:
        place = trie.words.place(number)
        if place == UNKNOWN:
            place = _after_word(trie, folded, start, at)
            trie.words.keep(number, place)
        form = trie.ending(place) if place >= 0 else i64(-1)
        if form >= 0:
            found = append(found, (at << END_BITS) + form)
        at += 1
    else:
        place = trie.step(trie.start(), _SPACE)
        at = start
    while place >= 0 and at <= length:
        at = _after_stop(folded, at, length, heard)
        heard = _hear(ord(folded[at]) if at < length else _SPACE, heard & _STATE)
        if heard & _HEH_FIRST != 0:
            place = trie.step(place, _HEH)
            if place < 0:
                break
        sound = heard >> _SOUND_AT
        if sound != _SILENT:
            place = trie.step(place, sound)
            if sound == _SPACE and place >= 0:
                form = trie.ending(place)
                if form >= 0:
                    found = append(found, (at << END_BITS) + form)
        at += 1
    return found


def counted(folded: str, start: i64) -> Word:
    """Return where a word ends and its number, which is 0 for a long one, or one that is not all Arabic letters."""
    length: i64 = len(folded)
    number: i64 = 0
    at = start
    while at < length:
        code: i64 = ord(folded[at])
        if code < _FIRST_ARABIC or code > _LAST_ARABIC:
            break
        number = (number << _LETTER_BITS) + code - _BELOW_ARABIC
        at += 1
        if at > start + _COUNTED:
            return at, 0
    if at < length and _sound(ord(folded[at]), False) != _SPACE:
        number = 0
    return at, number


def _after_word(trie: Trie, folded: str, start: i64, end: i64) -> i64:
    """Return the place to which a key leads that begins with a word, and the space after it."""
    place = trie.step(trie.start(), _SPACE)
    heard: i64 = _STARTS
    at = start
    while place >= 0 and at <= end:
        at = _after_stop(folded, at, end, heard)
        heard = _hear(ord(folded[at]) if at < end else _SPACE, heard & _STATE)
        if heard & _HEH_FIRST != 0:
            place = trie.step(place, _HEH)
        sound = heard >> _SOUND_AT
        if sound != _SILENT and place >= 0:
            place = trie.step(place, sound)
        at += 1
    return place


def _consonants(folded: str) -> str:
    """Return the key that keeps the consonants of a folded name."""
    key = StringWriter()
    key.append(_SPACE)
    heard: i64 = _STARTS
    length: i64 = len(folded)
    at: i64 = 0
    while at <= length:
        at = _after_stop(folded, at, length, heard)
        heard = _hear(ord(folded[at]) if at < length else _SPACE, heard & _STATE)
        if heard & _HEH_FIRST != 0:
            key.append(_HEH)
        sound = heard >> _SOUND_AT
        if sound != _SILENT:
            key.append(i32(sound))
        at += 1
    return key.getvalue()


def _after_stop(folded: str, at: i64, end: i64, state: i64) -> i64:
    """Return the place behind the first letter of a word that begins at ``at`` with تش, which others write as ش."""
    is_affricate = state & _STARTS != 0 and at + 1 < end and ord(folded[at]) == _TEH and ord(folded[at + 1]) == _SHEEN
    return at + 1 if is_affricate else at


def _hear(code: i64, state: i64) -> i64:
    """Return what a letter adds to a key, and the state after it.

    Args:
        code: A letter of a folded text, or what stands between words; whatever and however much that is, it is one
            space.
        state: Of `_STARTS` and `_HELD`, what holds before it.

    Returns:
        The sound, `_SILENT` for none, above `_HEH_FIRST` and the state.
    """
    sound = _sound(code, state & _STARTS != 0)
    if sound == _SPACE:
        return _STARTS if state & _STARTS != 0 else (_SPACE << _SOUND_AT) + _STARTS
    if sound == _SILENT:
        return state & _HELD
    before: i64 = _HEH_FIRST if state & _HELD != 0 else 0
    return before + _HELD if sound == _HEH else (sound << _SOUND_AT) + before


def _sound(code: i64, starts: bool) -> i64:
    """Return what a letter is in a key, a word's first letter or another: a code point, `_SILENT` or `_SPACE`."""
    if _FIRST_ARABIC <= code < _FIRST_ARABIC + _TABLED:
        if starts and _IS_INITIAL[code - _FIRST_ARABIC] != 0:
            return _INITIAL_SIGN
        return i64(_SOUNDS[code - _FIRST_ARABIC])
    return code if code != _SPACE and is_of_word(code) else _SPACE
