"""Names in the names of others: *Qatar Airways* flies, and Qatar does not; nor is *South America* what America is.

Where the catalogue has the longer name, that is the mention. Where it has not, the shorter one in it is none. Which
words make such names stands in `streams.linking.lexicon`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.around import CAPITAL
from streams.linking.lexicon import (
    ANOTHER_PLACE,
    BEFORE,
    BODY,
    KIND_BITS,
    NAMED_AFTER,
    NAMED_BEFORE,
    OF,
    ORGANIZATION,
    PERSON,
    PLACE,
    SPONSORED,
    TRADE,
    TRADE_OF_SPEAKER,
)
from streams.linking.row import SHOUTED, TITLED

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.around import Around
    from streams.linking.features import Decision

__all__ = ["is_in_other_name"]

_AFTER: Final = NAMED_AFTER | SPONSORED | TRADE | TRADE_OF_SPEAKER
_BEFORE: Final = ANOTHER_PLACE | NAMED_BEFORE | OF
_OF: Final = "of"
# Before a place, it is an airline.
_AIR: Final = "air"
# Words between a place and the last one of a name that begins with it, and that one.
_MAX_BODY: Final = 3
# Elsewhere a part of the world is a part of the place: *Eastern Ukraine*.
_OTHER_PLACES: Final = frozenset(
    (
        *(f"{part} america" for part in ("central", "latin", "north", "south")),
        *(f"{part} korea" for part in ("north", "south")),
        *(f"{part} {state}" for part in ("north", "south") for state in ("carolina", "dakota")),
        *"south africa,south sudan,west virginia,northern ireland,western australia,south australia".split(","),
        *"northern cyprus,north macedonia,east timor,west bengal,western sahara".split(","),
    )
)
# Before a place, these have what is made, sold or planned there behind it: صادرات مصر للأسمنت.
_TRADED: Final = frozenset(
    "استراتيجيه استهلاك انتاج تصدير حاجه خطه سوق صادرات صناعه قطاع مبيعات مشتريات هدف واردات".split()
)
# Before a place, these say that a company is meant, or what one did.
_OF_COMPANIES: Final = frozenset(
    "اسهم سهم شركه مجموعه اطلقت اعلنت افادت اكدت باعت ذكرت رفعت خفضت قالت كشفت وقعت".split()
)
_GLUED: Final = frozenset("وفبل")
_BANK: Final = "bank"
_PLUS: Final = 0x2B
_SIDES: Final = frozenset("east left north right south west".split())
# Where so many words around are capitalised, capitals tell nothing.
_TITLE_CASE: Final = 0.7
_FIRST_ARABIC: Final = 0x621


def is_in_other_name(decision: Decision) -> bool:
    """Whether a span stands in the name of something else: that of a place or an organisation, or one with a plus.

    Args:
        decision: The decision on it, scored once.
    """
    return _is_before_plus(decision) or _is_beside_name(decision)


def _is_beside_name(decision: Decision) -> bool:
    """Whether a span that probably means a place, or an organisation, stands beside what names something else."""
    kind = decision.best.meaning.kind
    if kind not in (PLACE, ORGANIZATION):
        return False
    around, span, after = decision.around, decision.span, decision.after
    if after < around.count and around.is_space(span.high + span.ending, around.start(after)):
        told = around.tells(after) & _AFTER
        if told & SPONSORED != 0 or (kind == PLACE and told & NAMED_AFTER != 0):
            if ord(around.body[around.start(after)]) >= _FIRST_ARABIC:
                return True
            return around.looks(after) & CAPITAL != 0 and not _is_in_title_case(decision)
        if kind == PLACE and told & (TRADE | TRADE_OF_SPEAKER) != 0:
            before = _bare(around.word(decision.before)) if decision.before >= 0 else ""
            return before in _OF_COMPANIES if told & TRADE == 0 else before not in _TRADED
        if kind == PLACE and around.looks(after) & CAPITAL != 0 and _begins_name(decision):
            return True
    return kind == PLACE and _is_behind_name(decision)


def _is_before_plus(decision: Decision) -> bool:
    """Whether a plus is glued to a span and ends a name with it: Disney+ is no Disney, and 3+4 is no name."""
    body = decision.around.body
    high: i64 = decision.span.high
    if high >= len(body) or ord(body[high]) != _PLUS:
        return False
    return high + 1 == len(body) or not body[high + 1].isalnum()


def _is_in_title_case(decision: Decision) -> bool:
    return decision.row[SHOUTED] > 0.0 or decision.row[TITLED] > _TITLE_CASE


def _begins_name(decision: Decision) -> bool:
    """Whether a place before a capitalised word begins the name of somebody, or of a body that is not a government's.

    Somebody has a title in lower case: *the singer Paris Amberly*.
    """
    around, last, before = decision.around, decision.after, decision.before
    while last + 1 < around.count and _continues(around, last + 1):
        last += 1
    if around.tells(last) & BODY != 0:
        return last < decision.after + _MAX_BODY and not _is_in_title_case(decision)
    if last > decision.after or before < 0 or not around.is_space(around.end(before), decision.span.low):
        return False
    told = around.tells(before)
    return _asks_for_person(told) and around.looks(before) & CAPITAL == 0 and not _is_in_title_case(decision)


def _continues(around: Around, word: i64) -> bool:
    """Whether a word is capitalised and follows the one before it with nothing but a space."""
    return around.looks(word) & CAPITAL != 0 and around.is_space(around.end(word - 1), around.start(word))


def _asks_for_person(told: i64) -> bool:
    return (told >> BEFORE) & KIND_BITS == PERSON


def _is_behind_name(decision: Decision) -> bool:
    """Whether a place stands behind what is named after it, or behind what makes another place of it."""
    around, span, before = decision.around, decision.span, decision.before
    if before < 0 or not around.is_space(around.end(before), span.low - span.clitic):
        return False
    if around.is_word(before, _AIR):
        return around.looks(before) & CAPITAL != 0 and not _is_in_title_case(decision)
    told = around.tells(before) & _BEFORE
    if told == 0:
        return False
    if told & NAMED_BEFORE != 0:
        # In English, *of* stands between.
        return span.clitic == 0 and ord(around.body[around.start(before)]) >= _FIRST_ARABIC
    if told & OF != 0:
        return around.is_word(before, _OF) and before > 0 and _is_named_of(around, before - 1)
    return _is_capital(around, before, ANOTHER_PLACE) and f"{around.word(before)} {span.key}" in _OTHER_PLACES


def _is_named_of(around: Around, word: i64) -> bool:
    """Whether *of* and a place behind a word make a name with it; the banks of rivers are none."""
    if not _is_capital(around, word, NAMED_BEFORE):
        return False
    return not (around.is_word(word, _BANK) and word > 0 and around.word(word - 1) in _SIDES)


def _bare(word: str) -> str:
    """Return a word of Arabic without one letter that may be glued before it."""
    return word[1:] if word[0] in _GLUED and word[1:] in _TRADED else word


def _is_capital(around: Around, word: i64, bit: i64) -> bool:
    """Whether a word is capitalised and tells that."""
    return around.tells(word) & bit != 0 and around.looks(word) & CAPITAL != 0
