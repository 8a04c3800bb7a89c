"""One field of an article, prepared once for all the steps that read it."""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from streams.linking.fold import fold
from streams.linking.junk import junk_spans

if TYPE_CHECKING:
    from streams.linking.fold import Folded

__all__ = ["Text"]

_WORD: Final = re.compile(r"[^\W_]+(?:['][^\W_]+)*")
_SENTENCE_END: Final = frozenset(".!?:;\n…؟؛。！？«\"“”'([-•|")
# The preposition ل before the article: after it, a name that begins with ال has lost its alif.
_ASSIMILATED: Final = re.compile(r"(?<![\u0621-\u064a])[وف]?ل(?=ل[\u0621-\u064a]{2})")
_UPPER_RUN: Final = 3
_start = itemgetter(0)


class Text:
    """A field's text with everything that several steps ask about it.

    Attributes:
        field: ``title`` or ``body``.
        source: The text as received.
        folded: The folded text.
        language: Primary language subtag of the article.
    """

    __slots__ = ("_junk", "_words", "field", "folded", "language", "source")

    def __init__(self, field: str, source: str, language: str) -> None:
        self.field = field
        self.source = source
        self.language = language
        self.folded: Folded = fold(source)
        self._junk = junk_spans(source)
        self._words: tuple[list[int], list[int]] | None = None

    def is_junk(self, low: int) -> bool:
        """Whether position ``low`` of the folded text lies in a stretch that is no prose."""
        if len(self._junk) == 0:
            return False
        return self.is_junk_source(self.folded.span(low, low + 1)[0])

    def is_junk_source(self, start: int) -> bool:
        """Whether position ``start`` of the text as received lies in a stretch that is no prose."""
        at = bisect_right(self._junk, start, key=_start) - 1
        return at >= 0 and start < self._junk[at][1]

    def assimilated(self) -> list[int]:
        """Return where, in the folded text, a word-initial لل stands: the position of its first ل."""
        body = self.folded.text
        if "لل" not in body:
            return []
        return [found.end() - 1 for found in _ASSIMILATED.finditer(body)]

    def words(self) -> tuple[list[int], list[int]]:
        """Return the starts and the ends of the words of the folded text, found once."""
        if self._words is None:
            spans = [found.span() for found in _WORD.finditer(self.folded.text)]
            self._words = ([start for start, _ in spans], [end for _, end in spans])
        return self._words

    def word_before(self, low: int) -> tuple[int, int] | None:
        """Return the word that ends at or before ``low`` of the folded text."""
        starts, ends = self.words()
        at = bisect_right(ends, low) - 1
        return (starts[at], ends[at]) if at >= 0 else None

    def word_after(self, high: int) -> tuple[int, int] | None:
        """Return the word that starts at or after ``high`` of the folded text."""
        starts, ends = self.words()
        at = bisect_right(starts, high - 1)
        return (starts[at], ends[at]) if at < len(starts) else None

    def surface(self, low: int, high: int) -> str:
        """Return the text as received between two positions of the folded text."""
        start, end = self.folded.span(low, high)
        return self.source[start:end]

    def starts_sentence(self, low: int) -> bool:
        """Whether the word at ``low`` of the folded text is the first of a sentence, a line or a quotation."""
        body = self.folded.text
        at = low - 1
        while at >= 0 and body[at] == " ":
            at -= 1
        if at < 0 or body[at] in _SENTENCE_END:
            return True
        start = self.folded.span(low, low + 1)[0]
        return "\n" in self.source[max(0, start - 3) : start]

    def is_shouted(self, low: int, high: int) -> bool:
        """Whether the words around a span are in capitals too, so that capitals tell nothing."""
        around = []
        before = self.word_before(low)
        for _ in range(_UPPER_RUN):
            if before is None:
                break
            around.append(self.surface(*before))
            before = self.word_before(before[0])
        after = self.word_after(high)
        for _ in range(_UPPER_RUN):
            if after is None:
                break
            around.append(self.surface(*after))
            after = self.word_after(after[1])
        cased = [word for word in around if word.lower() != word.upper() and len(word) > 1]
        return len(cased) > 1 and sum(word.isupper() for word in cased) * 2 > len(cased)
