"""Variant keys: a coarser folding that finds spellings nobody listed.

One foreign name has many Arabic spellings (جنسن/جينسن, هوانغ/هوانج, إي آي/ايه آي), and German inflects the words
of a name (der Einsame Berg, des Einsamen Berges). A variant key keeps what such spellings share:

* Arabic: the consonants. Vowel letters are dropped but for the first of a word, letters that stand for the same foreign
  sound become one (غ ج ق ك گ ژ, ت ط, س ص, ز ذ ظ, د ض), and so does a final ه.
  A name in Latin letters has such keys too, of what it sounds like (`streams.linking.transliterate`).
* German: the stems of words of four letters or more.

Short keys collide, so a key must be long enough to count, a variant is marked as one, and the model asks for more
evidence. Keys begin and end with a space, which no form does: both are searched by one automaton.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["VARIANTS", "VariantText", "is_variant", "key_language", "variant_key"]

VARIANTS: Final = "2"
"""Changes whenever keys do: a snapshot with other keys is of no use."""

_ARABIC: Final = re.compile("[\u0621-\u064a]")
_NO_WORD: Final = re.compile(r"[^\w ]")
# The first vowel letter of a word is kept as one sign, whichever it is.
_VOWEL: Final = "\x02"
_INITIAL: Final = tuple((f" {letter}", f" {_VOWEL}") for letter in "اويع")
_SAME_SOUND: Final = (
    ("ا", ""),
    ("و", ""),
    ("ي", ""),
    ("ء", ""),
    ("ه ", " "),
    ("غ", "ج"),
    ("ق", "ج"),
    ("ك", "ج"),
    ("گ", "ج"),
    ("ژ", "ج"),
    ("ط", "ت"),
    ("ص", "س"),
    ("ذ", "ز"),
    ("ظ", "ز"),
    ("ض", "د"),
)
_GERMAN_ENDING: Final = re.compile(r"(?<=\w{3})(?:en|er|es|em|e|s|n)(?= )")
# Letters that a key must have, in several words and in one.
_LEAST: Final[dict[str, tuple[int, int]]] = {"ar": (5, 5), "de": (9, 6)}


class VariantText:
    """A text as variant keys see it, and the way back to the folded text.

    Attributes:
        key: The key of the whole text.
    """

    __slots__ = ("_spaces", "_spread", "key")

    def __init__(self, folded: str, language: str) -> None:
        self._spread = f" {_NO_WORD.sub(' ', folded)} "
        self.key = _key(self._spread, language)
        self._spaces: list[int] | None = None

    def span(self, low: int, high: int) -> tuple[int, int]:
        """Return where ``key[low:high]``, which begins and ends with a space, stands in the folded text."""
        if self._spaces is None:
            self._spaces = [found.start() for found in re.finditer(" ", self._spread)]
        first = self.key.count(" ", 0, low)
        last = first + self.key.count(" ", low, high) - 1
        # The spread text has one space more in front.
        return self._spaces[first], self._spaces[last] - 1


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
    key = _key(f" {_NO_WORD.sub(' ', folded)} ", kind)
    words = key.split()
    if len(words) == 1 and folded.startswith("ال"):
        # One word with the article is too often no name: الشركة.
        return None
    letters = sum(len(word) for word in words) - (key.count(_VOWEL) if len(words) == 1 else 0)
    return key if letters >= _LEAST[kind][0 if len(words) > 1 else 1] and "  " not in key else None


def key_language(folded: str, language: str) -> str | None:
    """Return which kind of key a name or text has: ``ar``, ``de`` or None."""
    if _ARABIC.search(folded) is not None:
        return "ar"
    return "de" if language.partition("-")[0] == "de" else None


def _key(spread: str, language: str) -> str:
    if language == "de":
        return _GERMAN_ENDING.sub("", spread)
    for letter, sign in _INITIAL:
        spread = spread.replace(letter, sign)
    for letter, sound in _SAME_SOUND:
        spread = spread.replace(letter, sound)
    return spread
