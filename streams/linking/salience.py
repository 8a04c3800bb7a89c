"""Salience: how much an article is about each of its entities.

A mention in the title weighs three of the body's; one at the end of the body weighs a third of one at its start, for
news puts what matters first (the inverted pyramid). The weights of an entity's mentions add up, and all entities of an
article add up to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.events.enriched import Mention

__all__ = ["salience"]

_TITLE: Final = 3.0
_FALL: Final = 2.0 / 3.0
_DIGITS: Final = 4


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
    return {entity_id: round(weight / total, _DIGITS) for entity_id, weight in weights.items()}
