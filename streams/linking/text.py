"""One field of an article, prepared once for all the steps that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.fold import fold
from streams.linking.index import LETTERS, Index
from streams.linking.junk import junk_spans
from streams.linking.places import Places, places_in

if TYPE_CHECKING:
    from librt.vecs import vec
    from mypy_extensions import i64

    from streams.linking.folded import Folded

__all__ = ["Text"]

_SENTENCE_END: Final = frozenset(".!?:;\n…؟؛。！？«\"“”'([-•|")
_UPPER_RUN: Final = 3
# An index costs about as much as to search for so many forms.
_SEARCHED: Final = 8
_WAW: Final = 0x648
_FEH: Final = 0x641
_FIRST_ARABIC: Final = 0x621
_LAST_ARABIC: Final = 0x64A


class Text:
    """A field's text with everything that several steps ask about it.

    Attributes:
        field: ``title`` or ``body``.
        source: The text as received.
        folded: The folded text.
        language: Primary language subtag of the article.
    """

    __slots__ = ("_asked", "_index", "_junk", "_places", "field", "folded", "language", "source")

    def __init__(self, field: str, source: str, language: str) -> None:
        self.field = field
        self.source = source
        self.language = language
        self.folded: Folded = fold(source)
        self._junk = junk_spans(source)
        self._places: Places | None = None
        self._asked: i64 = 0
        self._index: Index | None = None

    def is_junk(self, low: int) -> bool:
        """Whether position ``low`` of the folded text lies in a stretch that is no prose."""
        if len(self._junk) == 0:
            return False
        return self.is_junk_source(self.folded.source_start(low))

    def is_junk_source(self, start: i64) -> bool:
        """Whether position ``start`` of the text as received lies in a stretch that is no prose."""
        spans = self._junk
        low: i64 = 0
        high: i64 = len(spans)
        while low < high:
            middle = (low + high) >> 1
            if spans[middle][0] <= start:
                low = middle + 1
            else:
                high = middle
        return low > 0 and start < spans[low - 1][1]

    def assimilated(self) -> list[int]:
        """Return where, in the folded text, a word-initial لل stands: the position of its first ل.

        It is the preposition ل before the article, perhaps after و or ف; a name that begins with ال has lost its alif.
        """
        body = self.folded.text
        found: list[int] = []
        at = body.find("لل")
        while at >= 0:
            if _is_arabic(body, at + 2) and _is_arabic(body, at + 3):
                before = at - 1
                if before >= 0 and ord(body[before]) in {_WAW, _FEH}:
                    before -= 1
                if not _is_arabic(body, before):
                    found.append(at)
            at = body.find("لل", at + 1)
        return found

    def places(self) -> Places:
        """Return where words are and where names may start in the folded text, found once."""
        places = self._places
        if places is None:
            places = self._places = places_in(self.folded.text)
        return places

    def starts_of(self, form: str) -> list[int]:
        """Return where ``form`` may stand as a word in the folded text: at all places where it does, and at others.

        Forms are searched for, until so many were that an index pays.
        """
        if self._asked < _SEARCHED or len(form) < LETTERS:
            self._asked += 1
            return _search(self.folded.text, form)
        index = self._index
        if index is None:
            index = self._index = Index(self.folded.text, self.places().names)
        return index.starts_of(form)

    def words(self) -> tuple[vec[i64], vec[i64]]:
        """Return the starts and the ends of the words of the folded text."""
        places = self.places()
        return places.starts, places.ends

    def word_before(self, low: i64) -> tuple[int, int] | None:
        """Return the word that ends at or before ``low`` of the folded text."""
        places = self.places()
        starts, ends = places.starts, places.ends
        at = _count_up_to(ends, low) - 1
        return (starts[at], ends[at]) if at >= 0 else None

    def word_after(self, high: i64) -> tuple[int, int] | None:
        """Return the word that starts at or after ``high`` of the folded text."""
        places = self.places()
        starts, ends = places.starts, places.ends
        at = _count_up_to(starts, high - 1)
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


def _search(body: str, form: str) -> list[int]:
    found: list[int] = []
    low = body.find(form)
    while low >= 0:
        found.append(low)
        low = body.find(form, low + 1)
    return found


def _is_arabic(body: str, at: i64) -> bool:
    if at < 0 or at >= len(body):
        return False
    code: i64 = ord(body[at])
    return _FIRST_ARABIC <= code <= _LAST_ARABIC


def _count_up_to(sorted_: vec[i64], most: i64) -> i64:
    """Return how many of the numbers are at most ``most``."""
    low: i64 = 0
    high: i64 = len(sorted_)
    while low < high:
        middle = (low + high) >> 1
        if sorted_[middle] <= most:
            low = middle + 1
        else:
            high = middle
    return low
