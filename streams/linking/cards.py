"""Reading an entity's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.catalog.view import EntityCard
    from streams.linking.meanings import Meaning

__all__ = ["card_name", "names_in"]


def card_name(card: EntityCard, language: str) -> str:
    """Return the entity's label in ``language``, else in English, else the first by language code, else its id."""
    for spoken in (language, "en", "mul"):
        if spoken in card.labels:
            return card.labels[spoken]
    return card.labels[min(card.labels)] if len(card.labels) > 0 else card.entity_id


def names_in(meaning: Meaning, language: str) -> tuple[str, dict[str, str] | None]:
    """Return the entity's name in ``language``, and its labels in English and in ``language`` where it has any."""
    named = meaning.named
    if named is None or meaning.named_in != language:
        labels = meaning.card.labels
        wanted = {key: labels[key] for key in dict.fromkeys(("en", language)) if key in labels}
        named = meaning.named = (card_name(meaning.card, language), wanted if len(wanted) > 0 else None)
        meaning.named_in = language
    return named
