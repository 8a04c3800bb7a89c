"""Salience: how much an article is about each of its entities.

A mention in the title weighs three of the body's; one at the end of the body weighs a third of one at its start, for
news puts what matters first (the inverted pyramid). The weights of an entity's mentions add up, and all entities of an
article add up to 1.
"""

from __future__ import annotations

from typing import Final

from mypy_extensions import i64

__all__ = ["Salience", "rounded"]

_TITLE: Final = 3.0
_FALL: Final = 2.0 / 3.0
_DIGITS: Final = 4
_SCALE: Final = 1e4
_HALF: Final = 0.5
_NEAR: Final = 1e-6


class Salience:
    """The salience of the entities of one article, mention by mention.

    Attributes:
        counts: How many mentions each entity has.

    Args:
        body_length: Length of the body in code points.
    """

    __slots__ = ("_length", "_weights", "counts")

    def __init__(self, body_length: int) -> None:
        self._length = float(max(1, body_length))
        self._weights: dict[str, float] = {}
        self.counts: dict[str, int] = {}

    def note(self, entity_id: str, field: str, start: int) -> None:
        """Take note of a mention of an entity that begins at code point ``start`` of a field."""
        weight = _TITLE if field == "title" else 1.0 - _FALL * start / self._length
        self._weights[entity_id] = self._weights.get(entity_id, 0.0) + weight
        self.counts[entity_id] = self.counts.get(entity_id, 0) + 1

    def shares(self) -> dict[str, float]:
        """Return the salience of each entity, 0 to 1, rounded to four digits, in order of its first mention."""
        total = sum(self._weights.values())
        return {entity_id: rounded(weight / total) for entity_id, weight in self._weights.items()}


def rounded(value: float) -> float:
    """Return ``round(value, 4)`` of a number from 0 to 1, several times faster."""
    scaled = value * _SCALE
    whole = i64(scaled)
    part = scaled - float(whole)
    if _HALF - _NEAR < part < _HALF + _NEAR or value < 0.0:
        # Too near to a tie to be told by this arithmetic.
        return round(value, _DIGITS)
    return float(whole + 1 if part > _HALF else whole) / _SCALE
