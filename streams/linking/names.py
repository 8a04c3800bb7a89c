"""Names: stretches of text that look like names, whether the catalogue holds them or not.

In scripts with capitals, a name is a run of capitalised words (``Bank of Arden``); in Arabic, which has none, it
is what follows a word that announces a name (الخباز لي هوانغ, شركة كويليس). Runs tell whether a span is a whole name or
a part of a longer one, and those that nothing links become unlinked names (NIL).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.arabic import has_arabic
from streams.linking.cues import announces, may_announce
from streams.linking.fold import fold_text
from streams.linking.runs import runs_in, split_run
from streams.linking.words import STOP_FORMS, stop_forms

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.text import Text

__all__ = ["Name", "Names", "find_names", "guess_type"]


_TRAILING: Final = ".,;:!?'’-&"
_LEGAL: Final = frozenset(
    "inc corp corporation ltd limited llc plc co company group holdings holding gmbh ag sa spa nv bv bank partners "
    "robotics labs technologies systems motors energy capital university institute foundation "
    "logistics industries airlines airways studios ventures pharmaceuticals insurance telecom foods shipping media "
    "software solutions networks services association federation ministry agency council committee college hospital "
    "party club times news".split()
)
# Languages whose articles and prepositions lose their vowel before a name: l'Allemagne, d'Alitalia.
_ELIDING: Final = frozenset({"ca", "fr", "it", "oc"})
_MAX_WORDS: Final = 8
_SENTENCE_END: Final = ".!?:\n…؟•|-–—"
_SPACE: Final = 0x20
_WORDS_KEPT: Final = 20_000
# Words of names folded: the names of the day come back.
_WORDS: Final[dict[str, str]] = {}


class Name:
    """A run of words that looks like a name.

    Attributes:
        start: First code point in the text as received.
        end: One past the last.
        words: Its folded words.
        is_initial: Whether its first word heads a sentence, so that its capital tells little.
        type: What announced it says it is, or None.
    """

    __slots__ = ("end", "is_initial", "start", "type", "words")

    def __init__(self, start: int, end: int, words: list[str], *, is_initial: bool, type_: str | None = None) -> None:
        self.start = start
        self.end = end
        self.words = words
        self.is_initial = is_initial
        self.type = type_

    def places(self, source: str) -> list[tuple[int, int]]:
        """Return where each of its words begins and ends in ``source``; nothing where it is not split there as here."""
        places = split_run(source, self.start, self.end)
        return places if len(places) == len(self.words) else []


class Names:
    """The names of one text, searchable by position."""

    __slots__ = ("found",)

    def __init__(self, found: list[Name]) -> None:
        self.found = found

    def around(self, start: i64, end: i64) -> Name | None:
        """Return the name that covers ``start`` to ``end`` of the text as received, or None."""
        low: i64 = 0
        high: i64 = len(self.found)
        while low < high:
            middle = (low + high) >> 1
            if self.found[middle].start <= start:
                low = middle + 1
            else:
                high = middle
        if low == 0:
            return None
        name = self.found[low - 1]
        return name if name.end >= end else None


def find_names(text: Text) -> Names:
    """Return the names in ``text``, by position."""
    source = text.source
    found: list[Name] = []
    stop = stop_forms(text.language)
    for start, last in runs_in(source):
        end = last
        while end > start and source[end - 1] in _TRAILING:
            if source[end - 1] == "." and _is_initialism(source[start:end]):
                break
            end -= 1
        if source[start:end].endswith(("'s", "’s")):
            end -= 2
        is_initial = _heads_sentence(source, start)
        words = split_run(source, start, end)
        first = 0
        while first < len(words) and _word(source[words[first][0] : words[first][1]]) in stop:
            first += 1
        words = words[first:]
        if len(words) == 0 or len(words) > _MAX_WORDS:
            continue
        if text.language in _ELIDING and _is_elided(source, words[0][0]):
            words[0] = (words[0][0] + 2, words[0][1])
        found.append(
            Name(
                words[0][0],
                end,
                [_word(source[low:high]) for low, high in words],
                is_initial=is_initial and first == 0,
            )
        )
    if has_arabic(text.folded.text):
        announced = _announced(text)
        if len(announced) > 0:
            found.extend(announced)
            found.sort(key=_start)
    return Names(found)


def _is_elided(source: str, start: int) -> bool:
    return source.startswith(("l'", "d'", "l’", "d’"), start)


def _start(name: Name) -> int:
    return name.start


def guess_type(name: Name) -> str:
    """Guess what an unlinked name is: by what announced it, by its last word, by its length."""
    if name.type is not None:
        return name.type
    if name.words[-1].rstrip(".") in _LEGAL or "&" in name.words or "of" in name.words:
        return "organization"
    return "person" if 2 <= len(name.words) <= 3 and all(word.isalpha() for word in name.words) else "other"


def _announced(text: Text) -> list[Name]:
    """Names in Arabic script: the two words after a word that announces a person or an organisation."""
    body = text.folded.text
    starts, ends = text.words()
    found: list[Name] = []
    at: i64 = -1
    last: i64 = len(starts) - 3
    while at < last:
        at += 1
        low, high = starts[at], ends[at]
        if not may_announce(ord(body[low]), ord(body[high - 1]), high - low):
            continue
        kind = announces(body[low:high])
        if kind is None:
            continue
        if not _is_one_space(body, high, starts[at + 1]) or not _is_one_space(body, ends[at + 1], starts[at + 2]):
            continue
        words = [body[starts[at + 1] : ends[at + 1]], body[starts[at + 2] : ends[at + 2]]]
        if not _is_part(words[0]) or not _is_part(words[1]):
            continue
        start, end = text.folded.span(starts[at + 1], ends[at + 2])
        if not text.is_junk_source(start):
            found.append(Name(start, end, words, is_initial=False, type_=kind))
    return found


def _is_one_space(body: str, low: i64, high: i64) -> bool:
    return high == low + 1 and ord(body[low]) == _SPACE


def _is_part(word: str) -> bool:
    """Whether a word of Arabic may be a part of a name."""
    return not (word in STOP_FORMS or len(word) < 2 or word.startswith("ال") or word[0].isascii())


def _word(surface: str) -> str:
    word = _WORDS.get(surface)
    if word is None:
        folded = fold_text(surface)
        # An ampersand by itself is a word: Johnson & Johnson.
        word = folded.strip(_TRAILING) or folded
        if len(_WORDS) >= _WORDS_KEPT:
            _WORDS.clear()
        _WORDS[surface] = word
    return word


def _heads_sentence(source: str, start: int) -> bool:
    before = source[max(0, start - 8) : start].rstrip(" \u00a0\"“«'‘([")
    return start < 8 if len(before) == 0 else before[-1] in _SENTENCE_END


def _is_initialism(word: str) -> bool:
    """Whether the final point belongs to the name: U.S., J."""
    last = word.rpartition(" ")[2]
    return last.endswith(".") and (len(last) == 2 or "." in last[:-1])
