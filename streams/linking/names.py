"""Names: stretches of text that look like names, whether the catalogue holds them or not.

In scripts with capitals, a name is a run of capitalised words (``Bank of Arden``); in Arabic, which has none, it
is what follows a word that announces a name (الخباز لي هوانغ, شركة كويليس). Runs tell whether a span is a whole name or
a part of a longer one, and those that nothing links become unlinked names (NIL).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from streams.linking.cues import announces
from streams.linking.fold import fold_text
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.linking.text import Text

__all__ = ["Name", "Names", "find_names", "guess_type"]


_CASED: Final = [chr(code) for low, high in ((0x41, 0x590), (0x1E00, 0x2000)) for code in range(low, high)]
_UPPER: Final = "".join(char for char in _CASED if char.isupper())
_LOWER: Final = "".join(char for char in _CASED if char.islower())
_WORD: Final = rf"(?:[{_UPPER}]|\b(?:al|el|d|l|mc)[-'’](?=[{_UPPER}]))[\w'’&.-]*"
_JOIN: Final = (
    r"(?:of(?:\sthe)?|de(?:\sla|l)?|del|der|den|di|da|do|dos|du|van(?:\sde[nr])?|von(?:\sde[nr])?|bin|ibn|al|el|y"
    r"|&|for|and)"
)
_RUN: Final = re.compile(
    # Not from within a word: iPhone is no name Phone.
    rf"(?<![{_UPPER}{_LOWER}0-9_]){_WORD}(?:[ \u00a0]{_WORD}|[ \u00a0]{_JOIN}[ \u00a0](?={_WORD}){_WORD})*"
)
_SPLIT: Final = re.compile(r"[^ \u00a0]+")
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_TRAILING: Final = ".,;:!?'’-&"
_LEGAL: Final = frozenset(
    "inc corp corporation ltd limited llc plc co company group holdings holding gmbh ag sa spa nv bv bank partners "
    "robotics labs technologies systems motors energy capital university institute foundation".split()
)
# Their full stop ends no sentence; nor does that of a word of one or two letters.
_ABBREVIATED: Final = frozenset("Mrs Sen Rep Gov Gen Col Sgt Prof Capt Hon Rev Messrs".split())
_MAX_WORDS: Final = 8


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


class Names:
    """The names of one text, searchable by position."""

    __slots__ = ("_starts", "found")

    def __init__(self, found: list[Name]) -> None:
        self.found = found
        self._starts = [name.start for name in found]

    def around(self, start: int, end: int) -> Name | None:
        """Return the name that covers ``start`` to ``end`` of the text as received, or None."""
        at = bisect_right(self._starts, start) - 1
        if at < 0 or self.found[at].end < end:
            return None
        return self.found[at]


def find_names(text: Text) -> Names:
    """Return the names in ``text``, by position."""
    source = text.source
    found: list[Name] = []
    for start, last in _runs(source):
        end = last
        while end > start and source[end - 1] in _TRAILING and not _is_initialism(source[start:end]):
            end -= 1
        if source[start:end].endswith(("'s", "’s")):
            end -= 2
        is_initial = _heads_sentence(source, start)
        words = [(start + word.start(), start + word.end()) for word in _SPLIT.finditer(source[start:end])]
        first = 0
        while first < len(words) and _word(source[slice(*words[first])]) in STOP_FORMS:
            first += 1
        words = words[first:]
        if len(words) == 0 or len(words) > _MAX_WORDS:
            continue
        found.append(
            Name(
                words[0][0],
                end,
                [_word(source[low:high]) for low, high in words],
                is_initial=is_initial and first == 0,
            )
        )
    if _ARABIC.search(text.folded.text) is not None:
        found.extend(_announced(text))
        found.sort(key=lambda name: name.start)
    return Names(found)


def _runs(source: str) -> Iterator[tuple[int, int]]:
    """Yield runs of capitalised words, each within one sentence."""
    for run in _RUN.finditer(source):
        start, end = run.span()
        if ". " in run[0]:
            for word in _SPLIT.finditer(source, start, end):
                if _ends_sentence(word[0]) and word.end() < end:
                    yield start, word.end()
                    start = word.end() + 1
        yield start, end


def _ends_sentence(word: str) -> bool:
    bare = word.rstrip(".")
    return len(bare) < len(word) and len(bare) > 2 and "." not in bare and bare not in _ABBREVIATED


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
    for at in range(len(starts) - 2):
        kind = announces(body[starts[at] : ends[at]])
        if kind is None:
            continue
        if body[ends[at] : starts[at + 1]] != " " or body[ends[at + 1] : starts[at + 2]] != " ":
            continue
        words = [body[starts[at + 1] : ends[at + 1]], body[starts[at + 2] : ends[at + 2]]]
        if any(word in STOP_FORMS or len(word) < 2 or word.startswith("ال") or word[0].isascii() for word in words):
            continue
        start, end = text.folded.span(starts[at + 1], ends[at + 2])
        if not text.is_junk_source(start):
            found.append(Name(start, end, words, is_initial=False, type_=kind))
    return found


def _word(surface: str) -> str:
    folded = fold_text(surface)
    # An ampersand by itself is a word: Johnson & Johnson.
    return folded.strip(_TRAILING) or folded


def _heads_sentence(source: str, start: int) -> bool:
    before = source[max(0, start - 8) : start].rstrip(" \u00a0\"“«'‘([")
    return (len(before) == 0 and start < 8) or before[-1:] in {*".!?:\n…؟•|-–—"}


def _is_initialism(word: str) -> bool:
    """Whether the final point belongs to the name: U.S., J."""
    last = word.rpartition(" ")[2]
    return last.endswith(".") and (len(last) == 2 or "." in last[:-1])
