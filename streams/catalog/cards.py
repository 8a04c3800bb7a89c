"""Entity documents into cards: the one place, so that a snapshot and its overlay show an entity alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.catalog.view import EntityCard

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["card_of"]


def card_of(document: dict[str, Any], *, resolve: Callable[[str], str]) -> EntityCard:
    """Return the card of an entity.

    Args:
        document: The entity as `streams.events.entity.entity_document` gives it, or as it is read back, with its
            marks as the field ``marks`` where it has any.
        resolve: Gives the id that stays for one that was merged, and every other id as it is.
    """
    entity_id = document["id"]
    marks = document.get("marks", {})
    return EntityCard(
        entity_id=entity_id,
        type=document["type"],
        prior=marks.get("prior", document["prior"]),
        labels=document["labels"],
        description=document["description"],
        # An entity that was merged into a neighbour of its own is no longer a neighbour.
        related=frozenset(map(resolve, document["related"])) - {entity_id},
        external_ids={
            scheme: tuple(ids) if isinstance(ids, list) else ids for scheme, ids in document["external_ids"].items()
        },
        blocked=frozenset(marks.get("blocked", ())),
    )
