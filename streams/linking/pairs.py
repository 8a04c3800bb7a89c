"""Pairs: what the catalogue has as one name, and a text as two mentions.

*Mandan, N.D.* and *Baton Rouge, La.* are two places each, and one helps the other; *World Health Organization (WHO)* is
a name and its acronym. The pair tells which entity is meant, and is no mention itself where its parts are names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

    from streams.linking.features import Decision

__all__ = ["set_pairs"]

_COMMA: Final = ","
_PAIR: Final = ", "
_OPENING: Final = " ("
_CLOSING: Final = ")"
_LONGEST_ACRONYM: Final = 8
_PLACE: Final = "place"


def set_pairs(decisions: Sequence[Decision]) -> None:
    """Set which decisions are pairs, and how probably a place stands across a comma from each.

    Args:
        decisions: Scored once, in order of text and position, longest first.
    """
    count: i64 = len(decisions)
    at: i64 = 0
    while at < count:
        decision = decisions[at]
        body = decision.around.body
        high: i64 = decision.span.high
        if _COMMA in decision.span.key:
            decision.is_pair = decision.best.meaning.type == _PLACE and _is_pair(decisions, at)
        elif decision.span.key.endswith(_CLOSING):
            decision.is_pair = _is_with_acronym(decisions, at)
        elif high < len(body) and body[high] == _COMMA and body.startswith(_PAIR, high):
            _look_across(decisions, at)
        at += 1


def _is_pair(decisions: Sequence[Decision], at: i64) -> bool:
    """Whether what stands before the first comma of a span and what stands behind its last one are names."""
    span, around = decisions[at].span, decisions[at].around
    first: i64 = span.low + span.key.find(_PAIR)
    last: i64 = span.low + span.key.rfind(_PAIR) + len(_PAIR)
    has_first = has_last = False
    next_ = at + 1
    while next_ < len(decisions):
        other = decisions[next_].span
        if other.low > last or decisions[next_].around is not around:
            break
        has_first = has_first or (other.low == span.low and other.high == first)
        has_last = has_last or (other.low == last and other.high >= span.high - 1)
        next_ += 1
    return has_first and has_last


def _is_with_acronym(decisions: Sequence[Decision], at: i64) -> bool:
    """Whether a span ends with an acronym in parentheses, and what stands before them is a name of the same entity."""
    span, meant = decisions[at].span, decisions[at].best.meaning.entity_id
    opening = span.key.rfind(_OPENING)
    if opening <= 0:
        return False
    acronym = span.text.surface(span.low + opening + len(_OPENING), span.high - len(_CLOSING))
    if not (acronym.isupper() and acronym.isalpha() and len(acronym) <= _LONGEST_ACRONYM):
        return False
    next_ = at + 1
    while next_ < len(decisions):
        other = decisions[next_].span
        if other.low > span.low or decisions[next_].around is not decisions[at].around:
            break
        if other.high == span.low + opening:
            return any(candidate.meaning.entity_id == meant for candidate in decisions[next_].candidates)
        next_ += 1
    return False


def _look_across(decisions: Sequence[Decision], at: i64) -> None:
    """Note of a span before a comma, and of those behind it, how probably the other is a place."""
    decision = decisions[at]
    start: i64 = decision.span.high + len(_PAIR)
    place = _place_probability(decision)
    next_ = at + 1
    while next_ < len(decisions):
        other = decisions[next_]
        if other.span.low > start or other.around is not decision.around:
            break
        if other.span.low == start and _COMMA not in other.span.key:
            decision.across = max(decision.across, _place_probability(other))
            other.across = max(other.across, place)
        next_ += 1


def _place_probability(decision: Decision) -> float:
    best = decision.candidates[0]
    return best.probability if best.meaning.type == _PLACE else 0.0
