"""The words of a text as those who look around a span want them: by number, each looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.vecs import vec
from mypy_extensions import i64

from streams.linking.lexicon import tells

if TYPE_CHECKING:
    from streams.linking.text import Text

__all__ = ["CAPITAL", "CASED", "Around"]

CAPITAL: Final = 1
"""The word begins with a capital, as received."""
CASED: Final = 2
"""The word is long enough to have a capital in a title, and begins with a letter."""
# Shorter words are in lower case in titles too.
_LONG: Final = 4
_UNKNOWN: Final = -1
_ASCII: Final = 0x80
_A: Final = 0x41
_Z: Final = 0x5A
_SMALL_A: Final = 0x61
_SMALL_Z: Final = 0x7A
_FIRST_ARABIC: Final = 0x621
_LAST_ARABIC: Final = 0x64A
# Words fall into this many classes, by their first and last letters and their lengths.
_CLASSES: Final = 4096
_BIT: Final = 31


class Around:
    """The words of one text by number, from 0.

    Attributes:
        text: The text.
        body: Its folded text.
        order: Which of the article's texts it is.
        count: Number of words.
    """

    __slots__ = ("_classes", "_ends", "_looks", "_starts", "_tells", "body", "count", "order", "text")

    def __init__(self, text: Text, order: i64 = 0) -> None:
        self.text = text
        self.body: str = text.folded.text
        self.order: i64 = order
        starts, ends = text.words()
        self._starts: vec[i64] = starts
        self._ends: vec[i64] = ends
        self.count: i64 = len(starts)
        size: i64 = len(starts)
        self._classes: vec[i64] = vec[i64]()
        self._tells: vec[i64] = vec[i64]([_UNKNOWN] * size)
        self._looks: vec[i64] = vec[i64]([_UNKNOWN] * size)

    def before(self, low: i64) -> i64:
        """Return the last word that ends at or before ``low`` of the folded text; -1 where there is none."""
        ends = self._ends
        first: i64 = 0
        last: i64 = len(ends)
        while first < last:
            middle = (first + last) >> 1
            if ends[middle] <= low:
                first = middle + 1
            else:
                last = middle
        return first - 1

    def after(self, high: i64) -> i64:
        """Return the first word that starts at or after ``high`` of the folded text; ``count`` where there is none."""
        starts = self._starts
        first: i64 = 0
        last: i64 = len(starts)
        while first < last:
            middle = (first + last) >> 1
            if starts[middle] < high:
                first = middle + 1
            else:
                last = middle
        return first

    def start(self, word: i64) -> i64:
        """Return where a word starts in the folded text."""
        return self._starts[word]

    def end(self, word: i64) -> i64:
        """Return where a word ends in the folded text."""
        return self._ends[word]

    def word(self, word: i64) -> str:
        """Return the folded word with this number."""
        return self.body[self._starts[word] : self._ends[word]]

    def holds(self, wanted: str) -> bool:
        """Whether ``wanted`` is one of the words."""
        if len(self._classes) == 0:
            self._classify()
        kind = _class_of(ord(wanted[0]), ord(wanted[-1]), len(wanted))
        if (self._classes[kind >> 5] >> (kind & _BIT)) & 1 == 0:
            return False
        low = self.body.find(wanted)
        while low >= 0:
            word = self.after(low)
            if word < self.count and self._starts[word] == low and self._ends[word] == low + len(wanted):
                return True
            # What begins within a word is none.
            word = self.after(low + 1)
            low = -1 if word >= self.count else self.body.find(wanted, self._starts[word])
        return False

    def _classify(self) -> None:
        """Note of which classes there are words: most words that are looked for are of none of them."""
        classes: vec[i64] = vec[i64]([0] * (_CLASSES // 32))
        starts, ends, body = self._starts, self._ends, self.body
        one: i64 = 1
        word: i64 = 0
        while word < self.count:
            low, high = starts[word], ends[word]
            kind = _class_of(ord(body[low]), ord(body[high - 1]), high - low)
            classes[kind >> 5] = classes[kind >> 5] | (one << (kind & _BIT))
            word += 1
        self._classes = classes

    def tells(self, word: i64) -> i64:
        """Return what a word tells, see `streams.linking.lexicon`."""
        known = self._tells[word]
        if known == _UNKNOWN:
            known = self._tells[word] = tells(self.word(word))
        return known

    def looks(self, word: i64) -> i64:
        """Return whether a word is `CAPITAL` and whether it is `CASED`, as received."""
        known = self._looks[word]
        if known == _UNKNOWN:
            known = self._looks[word] = _look(self.text.surface(self._starts[word], self._ends[word]))
        return known


def _class_of(first: i64, last: i64, length: i64) -> i64:
    return (first * 331 + last * 37 + length * 5) & (_CLASSES - 1)


def _look(surface: str) -> i64:
    if len(surface) == 0:
        return 0
    first: i64 = ord(surface[0])
    if first < _ASCII:
        capital = _A <= first <= _Z
        letter = capital or _SMALL_A <= first <= _SMALL_Z
    elif _FIRST_ARABIC <= first <= _LAST_ARABIC:
        capital = False
        letter = True
    else:
        capital = surface[0].isupper()
        letter = capital or surface[0].isalpha()
    look: i64 = CAPITAL if capital else 0
    if letter and len(surface) >= _LONG:
        look += CASED
    return look
