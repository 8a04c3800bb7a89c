"""Variant keys: a coarser folding that finds spellings nobody listed.

One foreign name has many Arabic spellings (جنسن/جينسن, هوانغ/هوانج, إي آي/ايه آي), German inflects the words of a
name (der Einsame Berg, des Einsamen Berges), and Koreans differ in where they put spaces. A variant key keeps what
such spellings share:

* Arabic: the consonants, or the letters but for those that writers interchange (`streams.linking.arabic`). A name in
  Latin letters has such keys too, of what it sounds like (`streams.linking.transliterate`).
* German, French, Italian, Spanish, Portuguese, Turkish: stems, without articles (`streams.linking.stems`).
* Japanese, Korean, Chinese, Thai: letters without spaces and marks (`streams.linking.glyphs`).

Short keys collide, so a key must be long enough to count, a variant is marked as one, and the model asks for more
evidence. Keys begin and end with a space, which no form does: both are searched by one automaton.
"""

from __future__ import annotations

from typing import Final

from librt.vecs import append, vec
from mypy_extensions import i64

from streams.linking.arabic import arabic_key, has_arabic
from streams.linking.glyphs import GLYPHIC, glyph_key, glyphs
from streams.linking.spelt import spelt_key
from streams.linking.stems import STEMMED, stem_key, stemmed

__all__ = ["ARABIC_KEYS", "VARIANTS", "VariantText", "glued_key", "is_variant", "key_language", "variant_key"]

VARIANTS: Final = "7"
"""Changes whenever keys do: a snapshot with other keys is of no use."""

ARABIC_KEYS: Final = "ar"
"""The kind of keys of names and texts in Arabic script, whatever their language."""

_SPACE: Final = 0x20
# Letters of each word that may be glued to another.
_LEAST_GLUED: Final = 3


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
    return arabic_key(folded)


def glued_key(folded: str) -> str | None:
    """Return the key by which a name of two words in Arabic script is found as one (سوفتبنك), None where it is not."""
    first, _, last = folded.partition(" ")
    if len(first) < _LEAST_GLUED or len(last) < _LEAST_GLUED or " " in last or not has_arabic(folded):
        return None
    return spelt_key(first + last)


def key_language(folded: str, language: str) -> str | None:
    """Return which kind of key a name or text has: ``ar``, a language with keys of its own, or None."""
    if has_arabic(folded):
        return ARABIC_KEYS
    subtag = language.partition("-")[0]
    return subtag if subtag in STEMMED or subtag in GLYPHIC else None


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
