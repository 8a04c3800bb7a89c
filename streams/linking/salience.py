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


class _Share:
    """What the mentions of one entity weigh together, and how many they are."""

    __slots__ = ("count", "weight")

    def __init__(self) -> None:
        self.weight = 0.0
        self.count: i64 = 0


class Salience:
    """The salience of the entities of one article, mention by mention.

    Args:
        body_length: Length of the body in code points.
    """

    __slots__ = ("_length", "_shares")

    def __init__(self, body_length: int) -> None:
        self._length = float(max(1, body_length))
        self._shares: dict[str, _Share] = {}

    def note(self, entity_id: str, field: str, start: i64) -> None:
        """Take note of a mention of an entity that begins at code point ``start`` of a field."""
        share = self._shares.get(entity_id)
        if share is None:
            share = self._shares[entity_id] = _Share()
        share.weight += _TITLE if field == "title" else 1.0 - _FALL * float(start) / self._length
        share.count += 1

    def count(self, entity_id: str) -> int:
        """Return how many mentions an entity has that was noted."""
        return self._shares[entity_id].count

    def shares(self) -> dict[str, float]:
        """Return the salience of each entity, 0 to 1, rounded to four digits, in order of its first mention."""
        total = 0.0
        for share in self._shares.values():
            total += share.weight
        return {entity_id: rounded(share.weight / total) for entity_id, share in self._shares.items()}


def rounded(value: float) -> float:
    """Return ``round(value, 4)`` of a number from 0 to 1, several times faster."""
    scaled = value * _SCALE
    whole = i64(scaled)
    part = scaled - float(whole)
    if _HALF - _NEAR < part < _HALF + _NEAR or value < 0.0:
        # Too near to a tie to be told by this arithmetic.
        return round(value, _DIGITS)
    return float(whole + 1 if part > _HALF else whole) / _SCALE
