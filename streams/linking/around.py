"""The words of a text as those who look around a span want them: by number, each looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.vecs import append, vec
from mypy_extensions import i32, i64

from streams.linking.index import stands_at
from streams.linking.lexicon import may_tell, tells

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
_SPACE: Final = 0x20
_ASCII: Final = 0x80
_A: Final = 0x41
_Z: Final = 0x5A
_SMALL_A: Final = 0x61
_SMALL_Z: Final = 0x7A
_FIRST_ARABIC: Final = 0x621
_LAST_ARABIC: Final = 0x64A
# Words fall into this many classes, by their first and last letters and their lengths.
_CLASSES: Final = 1024
_NO_WORDS: Final = vec[i32]([-1] * _CLASSES)


class Around:
    """The words of one text by number, from 0.

    Attributes:
        text: The text.
        body: Its folded text.
        order: Which of the article's texts it is.
        count: Number of words.
    """

    __slots__ = ("_ends", "_last", "_looks", "_others", "_starts", "_tells", "body", "count", "order", "text")

    def __init__(self, text: Text, order: i64 = 0) -> None:
        self.text = text
        self.body: str = text.folded.text
        self.order: i64 = order
        starts, ends = text.words()
        self._starts: vec[i64] = starts
        self._ends: vec[i64] = ends
        self.count: i64 = len(starts)
        size: i64 = len(starts)
        # The last word of each class, and before each word the last one of its class.
        self._last: vec[i32] = vec[i32]()
        self._others: vec[i32] = vec[i32]()
        self._tells: vec[i64] = vec[i64]([_UNKNOWN] * size)
        self._looks: vec[i64] = vec[i64]([_UNKNOWN] * size)

    def is_space(self, low: i64, high: i64) -> bool:
        """Whether nothing but one space stands from ``low`` to ``high`` of the folded text."""
        return high == low + 1 and ord(self.body[low]) == _SPACE

    def is_parted(self, low: i64, high: i64, marks: str) -> bool:
        """Whether one of ``marks`` stands from ``low`` to ``high`` of the folded text; a space is none."""
        body = self.body
        at = low
        while at < high:
            # Most gaps are one space.
            if ord(body[at]) != _SPACE and body[at] in marks:
                return True
            at += 1
        return False

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
        if len(self._last) == 0:
            self._classify()
        length: i64 = len(wanted)
        word = i64(self._last[_class_of(ord(wanted[0]), ord(wanted[length - 1]), length)])
        while word >= 0:
            if self.is_word(word, wanted):
                return True
            word = i64(self._others[word])
        return False

    def is_word(self, word: i64, wanted: str) -> bool:
        """Whether the folded word with this number is ``wanted``."""
        low = self._starts[word]
        return self._ends[word] - low == len(wanted) and stands_at(self.body, low, wanted)

    def _classify(self) -> None:
        """Bring words of one class together: most words that are looked for are of a class with few or none."""
        last: vec[i32] = _NO_WORDS[:]
        others: vec[i32] = vec[i32](capacity=self.count)
        starts, ends, body = self._starts, self._ends, self.body
        word: i64 = 0
        while word < self.count:
            low, high = starts[word], ends[word]
            kind = _class_of(ord(body[low]), ord(body[high - 1]), high - low)
            others = append(others, last[kind])
            last[kind] = i32(word)
            word += 1
        self._last, self._others = last, others

    def tells(self, word: i64) -> i64:
        """Return what a word tells, see `streams.linking.lexicon`."""
        known = self._tells[word]
        if known == _UNKNOWN:
            low, high = self._starts[word], self._ends[word]
            known = 0
            if may_tell(ord(self.body[low]), ord(self.body[high - 1]), high - low):
                known = tells(self.body[low:high])
            self._tells[word] = known
        return known

    def looks(self, word: i64) -> i64:
        """Return whether a word is `CAPITAL` and whether it is `CASED`, as received."""
        known = self._looks[word]
        if known == _UNKNOWN:
            start, end = self.text.folded.span(self._starts[word], self._ends[word])
            known = self._looks[word] = _look(self.text.source, start, end)
        return known


def _class_of(first: i64, last: i64, length: i64) -> i64:
    return (first * 331 + last * 37 + length * 5) & (_CLASSES - 1)


def _look(source: str, start: i64, end: i64) -> i64:
    if start >= end:
        return 0
    first: i64 = ord(source[start])
    if first < _ASCII:
        capital = _A <= first <= _Z
        letter = capital or _SMALL_A <= first <= _SMALL_Z
    elif _FIRST_ARABIC <= first <= _LAST_ARABIC:
        capital = False
        letter = True
    else:
        capital = source[start].isupper()
        letter = capital or source[start].isalpha()
    look: i64 = CAPITAL if capital else 0
    if letter and end - start >= _LONG:
        look += CASED
    return look
