"""Variant keys: a coarser folding that finds spellings nobody listed.

One foreign name has many Arabic spellings (جنسن/جينسن, هوانغ/هوانج, إي آي/ايه آي), German inflects the words of a
name (der Einsame Berg, des Einsamen Berges), and Koreans differ in where they put spaces. A variant key keeps what
such spellings share:

* Arabic: the consonants. Vowel letters are dropped but for the first of a word, letters that stand for the same foreign
  sound become one (غ ج ق ك گ ژ, ت ط, س ص, ز ذ ظ, د ض), and so does a final ه.
  A name in Latin letters has such keys too, of what it sounds like (`streams.linking.transliterate`).
* German, French, Italian, Spanish, Portuguese, Turkish: stems, without articles (`streams.linking.stems`).
* Japanese, Korean, Chinese, Thai: letters without spaces and marks (`streams.linking.glyphs`).

Short keys collide, so a key must be long enough to count, a variant is marked as one, and the model asks for more
evidence. Keys begin and end with a space, which no form does: both are searched by one automaton.
"""

from __future__ import annotations

from typing import Final

from librt.strings import StringWriter
from librt.vecs import append, vec
from mypy_extensions import i32, i64

from streams.linking.chars import ALNUM, flags_of
from streams.linking.glyphs import GLYPHIC, glyph_key, glyphs
from streams.linking.stems import STEMMED, stem_key, stemmed
from streams.linking.trie import END_BITS, Trie

__all__ = [
    "ARABIC_KEYS",
    "VARIANTS",
    "VariantText",
    "follow_arabic",
    "has_arabic",
    "is_variant",
    "key_language",
    "variant_key",
]

VARIANTS: Final = "4"
"""Changes whenever keys do: a snapshot with other keys is of no use."""

ARABIC_KEYS: Final = "ar"
"""The kind of keys of names and texts in Arabic script, whatever their language."""

_FIRST_ARABIC: Final = 0x621
_LAST_ARABIC: Final = 0x64A
_SPACE: Final = 0x20
_UNDERSCORE: Final = 0x5F
_HEH: Final = 0x647
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
# Letters that an Arabic key must have.
_LEAST: Final = 5


class VariantText:
    """A text as keys of stems or glyphs see it, and the way back to the folded text.

    Attributes:
        key: The key of the whole text.
        spaces: Where its spaces are.
        is_glyphic: Whether what the key finds may be a part of a word.
    """

    __slots__ = ("_ends", "_starts", "is_glyphic", "key", "spaces")

    def __init__(self, folded: str, language: str) -> None:
        # What begins in the folded text behind the n-th space of the key, and what ends before it.
        self.is_glyphic = language in GLYPHIC
        if self.is_glyphic:
            self.key, self._starts, ends = glyphs(folded)
            self._starts = append(self._starts, len(folded))
            self._ends = _extended(0, ends)
            self.spaces = _spaces(self.key)
        else:
            self.key, self.spaces, self._starts, self._ends = stemmed(folded, language)

    def span(self, low: i64, high: i64) -> tuple[int, int]:
        """Return where ``key[low:high]``, which begins and ends with a space, stands in the folded text."""
        return self._starts[_place_of(self.spaces, low)], self._ends[_place_of(self.spaces, high - 1)]


def is_variant(form: str) -> bool:
    """Whether ``form`` is a variant key rather than a folded name."""
    return form.startswith(" ")


def variant_key(folded: str, language: str) -> str | None:
    """Return the variant key of a folded name in ``language``, or None where it has none that is long enough.

    Args:
        folded: A name, folded.
        language: Its language tag; names in Arabic script have keys whatever it is.
    """
    kind = key_language(folded, language)
    if kind is None:
        return None
    if kind in GLYPHIC:
        return glyph_key(folded, kind)
    if kind in STEMMED:
        return stem_key(folded, kind)
    key = _arabic_key(folded)
    words = key.split()
    if len(words) == 1 and folded.startswith("ال"):
        # One word with the article is too often no name: الشركة.
        return None
    letters = sum(len(word) for word in words) - (key.count(_VOWEL) if len(words) == 1 else 0)
    return key if letters >= _LEAST and "  " not in key else None


def key_language(folded: str, language: str) -> str | None:
    """Return which kind of key a name or text has: ``ar``, a language with keys of its own, or None."""
    if has_arabic(folded):
        return ARABIC_KEYS
    subtag = language.partition("-")[0]
    return subtag if subtag in STEMMED or subtag in GLYPHIC else None


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


def _is_of_word(code: i64) -> bool:
    return flags_of(code) & ALNUM != 0 or code == _UNDERSCORE


def follow_arabic(trie: Trie, folded: str, start: i64, found: vec[i64]) -> vec[i64]:
    """Append every Arabic key that begins at ``start`` of a folded text to ``found``, the shortest first.

    The letters of a key are made as the trie is followed, which most words leave after a few.

    Args:
        trie: The trie.
        folded: Folded text.
        start: Where a word begins.
        found: What to append to.

    Returns:
        ``found`` and, for each key, where it ends in ``folded`` and its number in the view, as `Trie.follow` does.
    """
    length: i64 = len(folded)
    place = trie.step(trie.start(), _SPACE)
    heard: i64 = _STARTS
    at = start
    while place >= 0 and at <= length:
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
    return code if code != _SPACE and _is_of_word(code) else _SPACE


def _arabic_key(folded: str) -> str:
    """Return the key of a folded name."""
    key = StringWriter()
    key.append(_SPACE)
    heard: i64 = _STARTS
    length: i64 = len(folded)
    at: i64 = 0
    while at <= length:
        heard = _hear(ord(folded[at]) if at < length else _SPACE, heard & _STATE)
        if heard & _HEH_FIRST != 0:
            key.append(_HEH)
        sound = heard >> _SOUND_AT
        if sound != _SILENT:
            key.append(i32(sound))
        at += 1
    return key.getvalue()


def _spaces(key: str) -> vec[i64]:
    found: vec[i64] = vec[i64]()
    length: i64 = len(key)
    at: i64 = 0
    while at < length:
        if ord(key[at]) == _SPACE:
            found = append(found, at)
        at += 1
    return found


def _extended(first: i64, numbers: vec[i64]) -> vec[i64]:
    found: vec[i64] = append(vec[i64](), first)
    for number in numbers:
        found = append(found, number)
    return found


def _place_of(sorted_: vec[i64], number: i64) -> i64:
    """Return the place of ``number``, which is one of them."""
    low: i64 = 0
    high: i64 = len(sorted_)
    while low < high:
        middle = (low + high) >> 1
        if sorted_[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low
