"""What linking may ask of a catalogue: the one port between `streams.linking` and this room.

A view is immutable: a worker swaps one reference between two batches, and a batch is linked with one view.
Forms and entities are numbered within a view; the numbers mean nothing outside it, and no decision may
depend on them (the same entities compiled in another order must give the same links).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Automaton", "CatalogView", "EntityCard", "Posting"]


@dataclass(frozen=True, slots=True)
class Posting:
    """One way in which an entity goes by a form (a folded name).

    Attributes:
        entity: Number of the entity in this view.
        surface_hash: `streams.linking.fold.surface_hash` of the name as the catalogue writes it: a mention
            that is written exactly so outranks one that only folds to the same form.
        count: How often the name was seen meaning this entity; 0 where nobody counted.
        is_label: Whether it is a preferred name rather than an alias.
        language: Language tag of the name: ``ar``, ``en``, ``mul``, ``und`` …
    """

    entity: int
    surface_hash: int
    count: int
    is_label: bool
    language: str


@dataclass(frozen=True, slots=True)
class EntityCard:
    """What linking knows about an entity.

    Attributes:
        entity_id: Its permanent id.
        type: One of `streams.events.types.ENTITY_TYPES`.
        prior: How famous it is, 0 to 1; None where unknown.
        labels: Preferred name by language.
        description: A few words, or None.
        related: Ids of entities that are often mentioned with it, redirects resolved.
        external_ids: Ids elsewhere, by scheme.
        blocked: Forms that an editor says never mean it, whatever else speaks for it.
    """

    entity_id: str
    type: str
    prior: float | None
    labels: dict[str, str]
    description: str | None
    related: frozenset[str]
    external_ids: dict[str, str | tuple[str, ...]]
    blocked: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Automaton:
    """Forms, laid out for following a text through them; how, stands at `streams.linking.trie`.

    Each is equal to itself alone, so that linking may keep something for it.

    Attributes:
        data: States, then the labels of letters, then tails; little-endian.
        labels: Where in ``data`` the labels begin.
        letters: How many labels there are: one for each code point up to the last that has one.
        tails: Where in ``data`` the tails begin.
    """

    data: bytes
    labels: int
    letters: int
    tails: int


class CatalogView(Protocol):
    """A catalogue at one version, ready to be searched."""

    @property
    def version(self) -> str:
        """Name of the version; equal versions link equally."""
        ...

    @property
    def automata(self) -> Sequence[Automaton]:
        """The forms, each in one of these."""
        ...

    def form(self, folded: str) -> int | None:
        """Return the number of the form that is exactly ``folded``, or None."""
        ...

    def postings(self, form: int) -> Sequence[Posting]:
        """Return who goes by a form; empty where every entity that did has since been changed."""
        ...

    def card(self, entity: int) -> EntityCard:
        """Return what is known about an entity."""
        ...

    def entity(self, entity_id: str) -> int | None:
        """Return the number of the entity with this id, or of the one it was merged into; None if unknown."""
        ...
