"""Live changes, searched beside the snapshot that they came after.

An overlay holds whole records, in layers (`streams.catalog.overlay_layer`). What lies below about their ids is
hidden; their names are found by small automata (`streams.catalog.overlay_search`), or through the snapshot's own
number where it has the form already. A change makes a small layer over the others, so that it is in force at once, and
what was changed before is not gone through again for it.

Numbers: an entity of the snapshot keeps its number; new entities and forms are numbered after the last.
Seen from outside, an overlay equals a snapshot compiled from the resulting records, numbers apart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from streams.catalog.cards import card_of
from streams.catalog.marks import marks_document
from streams.catalog.overlay_layer import Numbers, layer_of
from streams.catalog.overlay_search import Search
from streams.catalog.records import SUM_LIMIT, record_hash, version_name
from streams.catalog.snapshot import keep
from streams.events.entity import entity_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.catalog.overlay_layer import Layer
    from streams.catalog.records import Record
    from streams.catalog.snapshot import SnapshotView
    from streams.catalog.view import EntityCard, Posting

__all__ = ["OverlayView"]

_KEPT: Final = 1 << 14
_SMALL: Final = 256
_SHARE: Final = 4
# Records of one layer. Copying a dictionary is one step of the interpreter, and the loop waits for it.
_MOST: Final = 16_000


class OverlayView:
    """A catalogue view over a snapshot and the records that were changed since.

    Args:
        base: The snapshot.
    """

    def __init__(self, base: SnapshotView) -> None:
        self._grow(base, Numbers(base), (), Search(), int(base.header.content_sum, 16), 0)

    def with_records(self, records: Iterable[Record]) -> OverlayView:
        """Return a view in which ``records`` have taken the places of what was held under their ids.

        Cost: grows with ``records``, and with the logarithm of what was changed before; 0.3 ms for one.
        """
        top = layer_of(self._numbers, records)
        if len(top.records) == 0:
            return self
        total = self._total + sum(top.hashes.values()) - sum(map(self._hash, top.records))
        count = self._count + sum(not self._is_changed(entity_id) for entity_id in top.records)
        first = self._numbers.first_form
        new = [form for form in top.added if form >= first]
        layers = list(self._layers)
        while len(layers) > 0 and _is_laid_over(len(layers[-1].records), len(top.records)):
            top = top.over(layers.pop())
        layers.append(top)
        search = self._search.with_forms(
            new, text=self._numbers.text, is_used=lambda form: any(form in layer.added for layer in layers)
        )
        view = OverlayView.__new__(OverlayView)
        view._grow(self._base, self._numbers, tuple(layers), search, total % SUM_LIMIT, count)  # noqa: SLF001 - its own kind
        return view

    @property
    def version(self) -> str:
        """Name of the version; equal versions link equally."""
        return self._version

    @property
    def base(self) -> SnapshotView:
        """The snapshot below."""
        return self._base

    @property
    def changed(self) -> Mapping[str, Record]:
        """The records that were changed since the snapshot, by id."""
        changed: dict[str, Record] = {}
        for layer in self._layers:
            changed.update(layer.records)
        return changed

    @property
    def changed_count(self) -> int:
        """How many records were changed since the snapshot; they need not be gone through."""
        return self._count

    def form(self, folded: str) -> int | None:
        """Return the number of the form that is exactly ``folded``, or None."""
        number = self._numbers.known_form(folded)
        if number is None:
            return self._base.form(folded)
        is_here = number < self._numbers.first_form or any(number in layer.added for layer in self._layers)
        return number if is_here else None

    def postings(self, form: int) -> tuple[Posting, ...]:
        """Return who goes by a form, in a fixed order; empty where every entity that did has since been changed."""
        known = self._postings.get(form)
        if known is not None:
            return known
        below: tuple[Posting, ...] = self._base.postings(form) if form < self._numbers.first_form else ()
        stays = list(below)
        for layer in self._layers:
            hidden, added = layer.hidden, layer.added.get(form)
            if any(posting.entity in hidden for posting in stays):
                stays = [posting for posting in stays if posting.entity not in hidden]
            if added is not None:
                stays += added
        if len(stays) == len(below) and all(one is other for one, other in zip(stays, below, strict=True)):
            # The snapshot keeps it; what a view keeps itself goes with the view, at once and on the loop.
            return below
        return keep(self._postings, form, tuple(sorted(stays, key=self._order)), most=_KEPT)

    def card(self, entity: int) -> EntityCard:
        """Return what is known about an entity."""
        known = self._cards.get(entity)
        if known is not None:
            return known
        record = self._changed_record(self._numbers.id_of(entity))
        if record is not None and record.entity is not None:
            document = {**entity_document(record.entity), "marks": marks_document(record.marks)}
            return keep(self._cards, entity, card_of(document, resolve=self.resolve), most=_KEPT)
        card = self._base.card(entity)
        if all(card.related.isdisjoint(layer.redirects) for layer in self._layers):
            return card
        card = replace(card, related=frozenset(map(self.resolve, card.related)) - {card.entity_id})
        return keep(self._cards, entity, card, most=_KEPT)

    def entity(self, entity_id: str) -> int | None:
        """Return the number of the entity with this id, or of the one it was merged into; None if unknown."""
        record = self._changed_record(entity_id)
        if record is None:
            return self._base.entity(entity_id)
        return self._numbers.entity(entity_id if record.redirect is None else record.redirect)

    def resolve(self, entity_id: str) -> str:
        """Return the id of the entity that this one was merged into, and every other id as it is."""
        record = self._changed_record(entity_id)
        if record is None or record.redirect is None:
            return self._base.resolve(entity_id)
        return record.redirect

    def record(self, entity_id: str) -> Record | None:
        """Return what the catalogue holds under an id itself, without following redirects."""
        record = self._changed_record(entity_id)
        return self._base.record(entity_id) if record is None else record

    def records(self) -> Iterator[Record]:
        """Return all records, in no particular order."""
        changed = self.changed
        yield from (record for record in self._base.records() if record.id not in changed)
        yield from changed.values()

    def _grow(
        self,
        base: SnapshotView,
        numbers: Numbers,
        layers: tuple[Layer, ...],
        search: Search,
        total: int,
        changed_count: int,
    ) -> None:
        self._base = base
        self._numbers = numbers
        self._layers = layers
        self._search = search
        self._count = changed_count
        self.automata = (*base.automata, *search.automata)
        self._total = total
        self._version = version_name(total)
        self._postings: dict[int, tuple[Posting, ...]] = {}
        self._cards: dict[int, EntityCard] = {}

    def _changed_record(self, entity_id: str) -> Record | None:
        for layer in reversed(self._layers):
            record = layer.records.get(entity_id)
            if record is not None:
                return record
        return None

    def _is_changed(self, entity_id: str) -> bool:
        return any(entity_id in layer.records for layer in self._layers)

    def _hash(self, entity_id: str) -> int:
        """Return the hash of what is held under an id; 0 where nothing is."""
        for layer in reversed(self._layers):
            known = layer.hashes.get(entity_id)
            if known is not None:
                return known
        number = self._numbers.entity(entity_id)
        if number < self._numbers.first_entity:
            return self._base.hash_of(number)
        # Nothing, or an id that redirects: it has no number of its own in a snapshot.
        record = self._base.record(entity_id)
        return 0 if record is None else record_hash(record)

    def _order(self, posting: Posting) -> tuple[str, int, str]:
        """The order of a snapshot, which numbers entities by id."""
        return self._numbers.id_of(posting.entity), posting.surface_hash, posting.language


def _is_laid_over(below: int, top: int) -> bool:
    return below <= max(_SMALL, _SHARE * top) and below + top <= _MOST
