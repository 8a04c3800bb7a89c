"""Type cues: words around a mention that tell whether it is a person, an organisation, a place or a product.

``CEO of …`` asks for an organisation, ``… , who`` for a person, ``مدينة …`` for a place. Which words do so stands in
`streams.linking.lexicon`; the lists here are of words that announce names, and of adjectives of peoples.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from librt.vecs import vec

from streams.linking.lexicon import (
    AFTER,
    BEFORE,
    HEADS,
    KIND_BITS,
    KINDS,
    ORGANIZATION,
    PERSON,
    PLACE,
    SPEAKS,
    WEAK,
    tells,
)
from streams.linking.shape import UPPER
from streams.linking.states import is_state, precedes_state

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.around import Around
    from streams.linking.span import Span

__all__ = ["announces", "is_dateline", "is_demonym", "may_announce", "type_cues"]

_TITLES: Final = (
    "السيد السيده الدكتور الدكتوره الشيخ الامير الرييس الوزير الوزيره المدير الكاتب الكاتبه الفنان الفنانه "
    "الممثل الممثله "
    "المخرج اللاعب المدرب المهندس المهندسه العالم العالمه الملياردير المستشار السيناتور النايب الخبير المحلل المحلله "
    "الروايي الصحفي الصحفيه الباحث الباحثه الطبيب الطبيبه الخباز التاجر المحامي المحاميه الناشط الناشطه المواطن"
).split()
_ANNOUNCING: Final = {
    clitic + word: kind
    for kind, words in (
        ("person", (*_TITLES, "يدعي")),
        ("organization", ("تدعي",)),
        ("other", ("اسمها", "اسمه", "تسمي", "يسمي")),
    )
    for word in words
    for clitic in ("", "و", "ف")
}
_GLANCES: Final = {((ord(word[0]) & 63) << 10) + ((ord(word[-1]) & 63) << 4) + (len(word) & 15) for word in _ANNOUNCING}
_GLANCE: Final = bytes([at in _GLANCES for at in range(1 << 16)])
_DEMONYM_ENDINGS: Final = ("an", "ans", "ese", "ish", "i", "is", "ي", "يه", "يون", "يين")
_DEMONYMS: Final = frozenset(
    "french dutch greek greeks swiss thai czech czechs dane danes swede swedes turk turks pole poles finn finns "
    "spaniard spaniards brit brits scot scots arab arabs kurd kurds serb serbs croat croats slovak slovaks".split()
)
# After the place of a dateline: "ALBANY, N.Y. (AP) - ", "LONDON - ".
_DATELINE: Final = re.compile(r"(?:,[ ][\w. ]{2,20})?(?:[ ]?\([\w ]{2,20}\))?[ ]?[-–—]{1,2}[ ]")
_DATELINE_CUE: Final = 2.0
_STATE_CUE: Final = 2.0
# Of an office and "of", these head places alone.
_HEADS_OF_PLACES: Final = frozenset("mayor governor king queen ambassador alcalde burgermeister sindaco".split())
_NEAR: Final = 2
_TELLS_AFTER: Final = SPEAKS | (KIND_BITS << AFTER)
_NO_CUES: Final = vec[float]([0.0] * len(KINDS))
_BREAKS: Final = ".!?;؛؟:()"
_WEAK_CUE: Final = 0.4
_SPEAKER_CUE: Final = 0.5


def type_cues(span: Span, around: Around, before: i64, after: i64) -> vec[float]:
    """Return how strongly the words around ``span`` ask for each type, 0 to 4.

    Args:
        span: The span.
        around: The words of its text.
        before: Number of the word before it.
        after: Number of the word after it.

    Returns:
        By number in `streams.linking.lexicon.KINDS`; empty where they ask for none.
    """
    found: vec[float] = _of_place(span)
    low: i64 = span.low - span.clitic
    gap = low
    distance: i64 = 0
    word = before
    while distance < _NEAR and word >= 0 and not around.is_parted(around.end(word), gap, _BREAKS):
        told = around.tells(word)
        if distance == 0 and told & WEAK != 0:
            found = _more(found, PLACE, _WEAK_CUE)
        kind = (told >> BEFORE) & KIND_BITS
        if kind != 0:
            # "CEO of X", "president of X": what stands after "of" is not the person, but what the person heads.
            if kind == PERSON and distance == 1 and _between(around, word, low) & HEADS != 0:
                if around.word(word) not in _HEADS_OF_PLACES:
                    found = _more(found, ORGANIZATION, 0.5)
                kind = PLACE
            found = _more(found, kind, 1.0 if distance == 0 else 0.5)
        gap = around.start(word)
        distance += 1
        word -= 1
    told = around.tells(after) & _TELLS_AFTER if after < around.count else 0
    if told != 0 and not around.is_parted(span.high + span.ending, around.start(after), _BREAKS):
        found = _of_word_after(found, told)
    return found


def _of_place(span: Span) -> vec[float]:
    """Return the cues of a place's own surroundings: the head of a news text, a state behind a comma."""
    found: vec[float] = vec[float]()
    if is_dateline(span):
        found = _more(found, PLACE, _DATELINE_CUE)
    if is_state(span):
        return _more(found, PLACE, _STATE_CUE)
    return _more(found, PLACE, 1.0) if precedes_state(span) else found


def _of_word_after(found: vec[float], told: i64) -> vec[float]:
    """Return ``found`` with the cues of what the word behind a span tells."""
    kind = (told >> AFTER) & KIND_BITS
    if told & SPEAKS != 0:
        found = _more(found, ORGANIZATION, _SPEAKER_CUE)
        found = _more(found, PERSON, _SPEAKER_CUE)
        return found if kind == 0 else _more(found, kind, 1.0 - _SPEAKER_CUE)
    return found if kind == 0 else _more(found, kind, 1.0)


def _more(found: vec[float], kind: i64, strength: float) -> vec[float]:
    if len(found) == 0:
        found = _NO_CUES[:]
    found[kind] += strength
    return found


def _between(around: Around, word: i64, low: i64) -> i64:
    """Return what is told by all that stands between ``word`` and ``low``."""
    return tells(around.body[around.end(word) : low].strip())


def is_dateline(span: Span) -> bool:
    """Whether ``span`` is the place at the head of a news text: in capitals, first in its line, before a dash."""
    if span.shape != UPPER:
        return False
    source = span.text.source
    return (span.start == 0 or source[span.start - 1] == "\n") and _DATELINE.match(source, span.end) is not None


def may_announce(first: i64, last: i64, length: i64) -> bool:
    """Whether a word with this first and this last letter may announce a name: a glance, before `announces` looks."""
    return _GLANCE[((first & 63) << 10) + ((last & 63) << 4) + (length & 15)] != 0


def announces(word: str) -> str | None:
    """Return the type of name that the folded Arabic ``word`` announces, or None: الكاتبه, تدعي."""
    return _ANNOUNCING.get(word)


def is_demonym(form: str) -> bool:
    """Whether the folded, one-word ``form`` looks like the adjective of a people: canadian, polish, امريكي."""
    if " " in form or len(form) < 4:
        return False
    return form.endswith(_DEMONYM_ENDINGS) or form in _DEMONYMS
