"""Keys of stems: a name under whatever inflection its language asks for.

*Der Herr der Ringe* stands in *des Herrn der Ringe*, *Le Petit Prince* in *du Petit Prince*, *Il nome della rosa* in
*nel nome della rosa*, *Karanlığın Yüreği* in *Karanlığın Yüreğinden*. A key of stems leaves out articles, and what
they are contracted with, and takes off the endings of cases:

* German: endings, again and again, so that what is left does not depend on how many there were; articles, and *von*,
  which stands for a genitive (*Wappen von Uruguay*, *Wappen Uruguays*);
* French, Italian, Spanish, Portuguese: articles and the prepositions that writers choose (*Torre Shújov en Polibino*,
  *Torre Shújov de Polibino*); nothing is taken off words, so that a name which has none of them is its own key;
* all: marks, and what announces a number (*Symphonie nº 5*, *Symphonie n° 5*, *Sinfonía n.º 5*);
* Turkish: endings, and a last k, p, ç or t is what it becomes before a vowel (*ocak*, *ocağın*).

A key stands for the words from the first that it keeps to the last, so that an article before them stays outside.
"""

from __future__ import annotations

import re
from typing import Final

from librt.vecs import append, vec
from mypy_extensions import i64

from streams.linking.chars import is_of_word

__all__ = ["STEMMED", "UNINFLECTED", "are_joined", "is_long", "stem_key", "stemmed"]

STEMMED: Final = frozenset({"de", "es", "fr", "it", "pt", "tr"})
"""Languages whose names have keys of stems."""

UNINFLECTED: Final = frozenset({"es", "fr", "it", "pt"})
"""Those of them in which nothing is taken off words."""

# What announces a number: nº, n.º, n°, Nr., No. and № are alike.
_NUMBER_SIGNS: Final = frozenset("n no nr num numero numara nro o".split())
_LEFT_OUT: Final[dict[str, frozenset[str]]] = {
    "de": frozenset("der die das dem den des von vom".split()),
    "es": frozenset("el la los las lo del de al en a por para".split()),
    "fr": frozenset("le la les l du des de d au aux a en pour sur".split()),
    "it": frozenset(
        "il lo la i gli le l di d del dello della dei degli delle dell al allo alla ai agli alle all nel nello nella "
        "nei negli nelle nell dal dallo dalla dai dagli dalle dall sul sullo sulla sui sugli sulle sull a da in "
        "per".split()
    ),
    "pt": frozenset("o a os as do da dos das de no na nos nas ao aos pelo pela em por para".split()),
    "tr": frozenset(),
}
_GENITIVE: Final = frozenset(
    "d de del dell della dello dei degli delle des di du da das do dos el la las le les l lo los".split()
) | {"", "-"}
_APOSTROPHE_OR_SPACE: Final = re.compile("[' ]")
# Endings of cases, of which a word may have several.
_ENDINGS: Final[dict[str, frozenset[str]]] = {
    "de": frozenset("en er es em e s n".split()),
    "tr": frozenset(
        (
            *(f"{n}{t}{vowel}{end}" for n in ("", "n") for t in "dt" for vowel in "ae" for end in ("", "n")),
            *(f"{first}{vowel}{end}" for first in ("", *"nsy") for vowel in "iuae" for end in ("", "n")),
            *(f"{first}l{vowel}{end}" for first in ("", *"yn") for vowel in "ae" for end in ("", "r")),
            *(f"l{vowel}{end}" for vowel in "iu" for end in ("", "k")),
        )
    ),
}
_LONGEST_ENDING: Final = 4
# Letters that endings leave.
_LEFT: Final = 3
_SOFTENED: Final = str.maketrans({"k": "g", "p": "b", "t": "d"})
# Letters that the stems must have, of several words and of one. Where no endings are taken off, one word is no variant.
_LEAST: Final[dict[str, tuple[int, int]]] = {"de": (8, 6), "tr": (8, 6)}
_LEAST_PLAIN: Final = 8
# Stems by language and word: the words of the day come back.
_KEPT: Final = 20_000
_STEMS: Final[dict[tuple[str, str], str]] = {}


def stem_key(folded: str, language: str) -> str | None:
    """Return the key of a folded name in one of the `STEMMED` languages, or None where it is too short to tell.

    A name in a language without endings has a key only where something of it was left out, or a mark stands in it.
    """
    key, spaces, _, _ = stemmed(folded, language)
    count = len(spaces) - 1
    least = _LEAST.get(language)
    if least is None:
        return key if is_long(key, count) and _may_vary(folded, language) else None
    letters = len(key) - len(spaces)
    return key if count > 0 and letters >= least[0 if count > 1 else 1] and not _lost_article(folded, count) else None


def is_long(key: str, words: i64) -> bool:
    """Whether a key of so many words of a language without endings is long enough to tell."""
    return words > 1 and len(key) - words - 1 >= _LEAST_PLAIN


def are_joined(between: str) -> bool:
    """Whether nothing but what makes a genitive stands between two words: Pagoda di Thien Mu."""
    return all(word in _GENITIVE for word in _APOSTROPHE_OR_SPACE.split(between))


def stemmed(folded: str, language: str) -> tuple[str, vec[i64], vec[i64], vec[i64]]:
    """Return the key of a folded text, where its spaces are, and what stands there in the text.

    Returns:
        The key; the positions of its spaces; where the word begins in the text that follows each space; where the word
        ends that stands before it.
    """
    stems: list[str] = []
    spaces: vec[i64] = append(vec[i64](), 0)
    starts: vec[i64] = vec[i64]()
    ends: vec[i64] = append(vec[i64](), 0)
    written: i64 = 0
    length: i64 = len(folded)
    at: i64 = 0
    while at < length:
        if not is_of_word(ord(folded[at])):
            at += 1
            continue
        start = at
        while at < length and is_of_word(ord(folded[at])):
            at += 1
        word = folded[start:at]
        stem = "" if word in _NUMBER_SIGNS and _announces_number(folded, at) else _stem(word, language)
        if stem != "":
            stems.append(stem)
            written += 1 + len(stem)
            spaces = append(spaces, written)
            starts = append(starts, start)
            ends = append(ends, at)
    starts = append(starts, length)
    return f" {' '.join(stems)} " if len(stems) > 0 else " ", spaces, starts, ends


def _stem(word: str, language: str) -> str:
    known = _STEMS.get((language, word))
    if known is not None:
        return known
    if len(_STEMS) >= _KEPT:
        _STEMS.clear()
    stem = "" if word in _LEFT_OUT[language] else word
    endings = _ENDINGS.get(language)
    if endings is not None:
        stem = _without_endings(stem, endings)
        if language == "tr":
            stem = stem[:-1] + stem[-1:].translate(_SOFTENED)
    _STEMS[(language, word)] = stem
    return stem


def _without_endings(word: str, endings: frozenset[str]) -> str:
    """Return a word without the longest end that is made of endings alone; in time that grows with its length."""
    length: i64 = len(word)
    # Whether all from a letter on is endings.
    ends: list[bool] = [False] * length
    ends.append(True)
    first = length
    at = length - 1
    while at >= _LEFT and at >= first - _LONGEST_ENDING:
        end = at + 1
        while end <= length and end <= at + _LONGEST_ENDING:
            if ends[end] and word[at:end] in endings:
                ends[at] = True
                first = at
                break
            end += 1
        at -= 1
    return word[:first]


def _announces_number(folded: str, at: i64) -> bool:
    """Whether a number follows: after marks and spaces, or after the rest of the sign, as in n.º 5."""
    at = _next_word(folded, at)
    if at < len(folded) and folded[at] == "o":
        at = _next_word(folded, at + 1)
    return at < len(folded) and folded[at].isdigit()


def _next_word(folded: str, at: i64) -> i64:
    length: i64 = len(folded)
    while at < length and not is_of_word(ord(folded[at])):
        at += 1
    return at


def _may_vary(folded: str, language: str) -> bool:
    """Whether a mark stands within the name, or a word that the key leaves out."""
    marked = any(not char.isalnum() and char != " " for char in folded[1:-1])
    words = folded.split()
    return marked or not _LEFT_OUT[language].isdisjoint(words) or not _NUMBER_SIGNS.isdisjoint(words)


def _lost_article(folded: str, count: int) -> bool:
    """Whether one word is left of a title that begins with an article: *Der Prozess* is not every trial."""
    return count == 1 and " " in folded
