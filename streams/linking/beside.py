"""What stands beside a span: capitals, function words, legal forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from streams.linking.tag import Span

__all__ = ["beside", "legal_after", "near_words", "titled"]

_PLACE: Final = frozenset("in at from near to across outside inside into aus nach bei en a".split())
_OF: Final = frozenset("of by for with and or as about against between on".split())
_LEGAL: Final = frozenset(
    "inc corp corporation ltd limited llc plc co company gmbh ag sa spa nv bv kg se group holdings".split()
)
_NEAR: Final = 3
_TITLED_BEFORE: Final = 3
_TITLED_AFTER: Final = 4
# Shorter words are in lower case in titles too.
_LONG: Final = 4
_STOPS: Final = frozenset(".!?\n")


def beside(span: Span) -> tuple[float, float, float, float, float, float, float]:
    """Return what the next words are: after it a noun, a function word, a name; before it the, in, of, a name.

    A word counts only where nothing but a space parts it from the span; a noun is what is in lower case and no
    function word.
    """
    text = span.text
    body = text.folded.text
    noun = function = capital = the = place = of = name = 0.0
    high = span.high + span.ending
    word = text.word_after(high)
    if word is not None and word[0] == high + 1 and body[high] == " ":
        after = body[word[0] : word[1]]
        if text.surface(word[0], word[1])[:1].isupper():
            capital = 1.0
        elif after in STOP_FORMS:
            function = 1.0
        elif after.isalpha():
            noun = 1.0
    word = text.word_before(span.low - span.clitic)
    if word is not None and word[1] == span.low - 1 and body[word[1]] == " ":
        before = body[word[0] : word[1]]
        if before == "the":
            the = 1.0
        elif before in _PLACE:
            place = 1.0
        elif before in _OF:
            of = 1.0
        elif text.surface(word[0], word[1])[:1].isupper():
            name = 1.0
    return noun, function, capital, the, place, of, name


def legal_after(span: Span) -> bool:
    """Whether a legal form follows: Burlington Inc."""
    high = span.high + span.ending
    word = span.text.word_after(high)
    return word is not None and word[0] - high <= 2 and span.text.folded.text[word[0] : word[1]] in _LEGAL


def titled(span: Span) -> float:
    """Return the share of the longer words around ``span``, within its sentence, that are capitalised.

    Where nearly all are, as in headlines, a capital tells nothing.
    """
    text = span.text
    body = text.folded.text
    cased = capital = 0
    low = span.low
    word = text.word_before(low)
    for _ in range(_TITLED_BEFORE):
        if word is None or not _STOPS.isdisjoint(body[word[1] : low]):
            break
        surface = text.surface(word[0], word[1])
        if len(surface) >= _LONG and surface[0].isalpha():
            cased += 1
            capital += surface[0].isupper()
        low = word[0]
        word = text.word_before(low)
    high = span.high
    word = text.word_after(high)
    for _ in range(_TITLED_AFTER):
        if word is None or not _STOPS.isdisjoint(body[high : word[0]]):
            break
        surface = text.surface(word[0], word[1])
        if len(surface) >= _LONG and surface[0].isalpha():
            cased += 1
            capital += surface[0].isupper()
        high = word[1]
        word = text.word_after(high)
    return capital / cased if cased > 1 else 0.0


def near_words(span: Span) -> set[str]:
    """Return the three words before ``span`` and the three after it."""
    text = span.text
    body = text.folded.text
    found: set[str] = set()
    word = text.word_before(span.low - span.clitic)
    for _ in range(_NEAR):
        if word is None:
            break
        found.add(body[word[0] : word[1]])
        word = text.word_before(word[0])
    word = text.word_after(span.high + span.ending)
    for _ in range(_NEAR):
        if word is None:
            break
        found.add(body[word[0] : word[1]])
        word = text.word_after(word[1])
    return found
