"""Salience: how much an article is about each of its entities.

A mention in the title weighs three of the body's; one at the end of the body weighs a third of one at its start, for
news puts what matters first (the inverted pyramid). The weights of an entity's mentions add up, and all entities of an
article add up to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy_extensions import i64

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.events.enriched import Mention

__all__ = ["rounded", "salience"]

_TITLE: Final = 3.0
_FALL: Final = 2.0 / 3.0
_DIGITS: Final = 4
_SCALE: Final = 1e4
_HALF: Final = 0.5
_NEAR: Final = 1e-6


def salience(mentions: Iterable[Mention], body_length: int) -> dict[str, float]:
    """Return the salience of each linked entity, 0 to 1, rounded to four digits.

    Args:
        mentions: The article's mentions; those without an entity count nothing.
        body_length: Length of the body in code points.
    """
    weights: dict[str, float] = {}
    for mention in mentions:
        if mention.entity_id is None:
            continue
        weight = _TITLE if mention.field == "title" else 1.0 - _FALL * mention.start / max(1, body_length)
        weights[mention.entity_id] = weights.get(mention.entity_id, 0.0) + weight
    total = sum(weights.values())
    return {entity_id: rounded(weight / total) for entity_id, weight in weights.items()}


def rounded(value: float) -> float:
    """Return ``round(value, 4)`` of a number from 0 to 1, several times faster."""
    scaled = value * _SCALE
    whole = i64(scaled)
    part = scaled - float(whole)
    if _HALF - _NEAR < part < _HALF + _NEAR or value < 0.0:
        # Too near to a tie to be told by this arithmetic.
        return round(value, _DIGITS)
    return float(whole + 1 if part > _HALF else whole) / _SCALE
