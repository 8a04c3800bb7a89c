"""Reading an entity's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.catalog.view import EntityCard

__all__ = ["card_name"]


def card_name(card: EntityCard, language: str) -> str:
    """Return the entity's label in ``language``, else in English, else the first by language code, else its id."""
    for spoken in (language, "en", "mul"):
        if spoken in card.labels:
            return card.labels[spoken]
    return card.labels[min(card.labels)] if len(card.labels) > 0 else card.entity_id
