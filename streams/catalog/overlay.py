"""Live changes, searched beside the snapshot that they came after.

An overlay holds whole records. What the snapshot says about their ids is hidden; their names are found by a
second, small automaton, or through the snapshot's own number where it has the form already. Building one
takes milliseconds, so a change is in force at once, and the snapshot is never rebuilt for it.

Numbers: an entity of the snapshot keeps its number; new entities and forms are numbered after the last.
Seen from outside, an overlay equals a snapshot compiled from the resulting records, numbers apart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.catalog.cards import card_of
from streams.catalog.compile import MOST_SEEN
from streams.catalog.forms import forms_of_record
from streams.catalog.marks import marks_document
from streams.catalog.matcher import build_matcher
from streams.catalog.records import change_sum, version_name
from streams.catalog.snapshot import keep
from streams.catalog.view import Posting
from streams.events.entity import entity_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.catalog.names import FormUse
    from streams.catalog.records import Record
    from streams.catalog.snapshot import SnapshotView
    from streams.catalog.view import EntityCard

__all__ = ["OverlayView"]

_KEPT = 1 << 16


class OverlayView:
    """A catalogue view over a snapshot and the records that were changed since.

    Args:
        base: The snapshot.
    """

    def __init__(self, base: SnapshotView) -> None:
        self._base = base
        self._records: dict[str, Record] = {}
        self._uses: dict[str, list[FormUse]] = {}
        self._total = int(base.header.content_sum, 16)
        self._index()

    def with_records(self, records: Iterable[Record]) -> OverlayView:
        """Return a view in which ``records`` have taken the places of what was held under their ids.

        Cost: grows with the records of the overlay; about 100 ms for 5,000 of them.
        """
        changed = {record.id: record for record in records}
        view = OverlayView.__new__(OverlayView)
        view._base = self._base  # noqa: SLF001 - its own kind
        view._total = change_sum(self._total, gone=map(self.record, changed), come=changed.values())  # noqa: SLF001
        view._records = {**self._records, **changed}  # noqa: SLF001
        view._uses = {  # noqa: SLF001
            **self._uses,
            **{record.id: forms_of_record(record) for record in changed.values()},
        }
        view._index()  # noqa: SLF001
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
        return self._records

    def scan(self, folded: str) -> list[tuple[int, int, int]]:
        """Return every occurrence of every form in ``folded`` as ``(start, end, form)``."""
        found = self._base.scan(folded)
        if len(self._new_forms) > 0:
            first = self._first_form
            found += [(start, end, form + first) for start, end, form in self._matcher.find_overlapping(folded)]
        return found

    def form(self, folded: str) -> int | None:
        """Return the number of the form that is exactly ``folded``, or None."""
        new = self._new_forms.get(folded)
        return self._base.form(folded) if new is None else new + self._first_form

    def postings(self, form: int) -> tuple[Posting, ...]:
        """Return who goes by a form, in a fixed order; empty where every entity that did has since been changed."""
        known = self._postings.get(form)
        if known is not None:
            return known
        below = self._base.postings(form) if form < self._first_form else ()
        added = self._added.get(form, [])
        hidden = self._hidden
        if len(added) > 0 or any(posting.entity in hidden for posting in below):
            stays = [posting for posting in below if posting.entity not in hidden]
            below = tuple(sorted(stays + added, key=self._order))
        return keep(self._postings, form, below, most=_KEPT)

    def card(self, entity: int) -> EntityCard:
        """Return what is known about an entity."""
        known = self._cards.get(entity)
        if known is not None:
            return known
        record = self._records.get(self._ids[entity]) if entity in self._ids else None
        if record is not None and record.entity is not None:
            document = {**entity_document(record.entity), "marks": marks_document(record.marks)}
            card = card_of(document, resolve=self.resolve)
        else:
            card = self._base.card(entity)
            if not card.related.isdisjoint(self._redirects):
                card = replace(card, related=frozenset(map(self.resolve, card.related)) - {card.entity_id})
        return keep(self._cards, entity, card, most=_KEPT)

    def entity(self, entity_id: str) -> int | None:
        """Return the number of the entity with this id, or of the one it was merged into; None if unknown."""
        entity_id = self._redirects.get(entity_id, entity_id)
        number = self._numbers.get(entity_id)
        return self._base.entity(entity_id) if number is None else number

    def resolve(self, entity_id: str) -> str:
        """Return the id of the entity that this one was merged into, and every other id as it is."""
        target = self._redirects.get(entity_id)
        return self._base.resolve(entity_id) if target is None else target

    def record(self, entity_id: str) -> Record | None:
        """Return what the catalogue holds under an id itself, without following redirects."""
        record = self._records.get(entity_id)
        return self._base.record(entity_id) if record is None else record

    def records(self) -> Iterator[Record]:
        """Return all records, in no particular order."""
        yield from (record for record in self._base.records() if record.id not in self._records)
        yield from self._records.values()

    def _index(self) -> None:
        self._version = version_name(self._total)
        self._redirects = {
            record.id: record.redirect for record in self._records.values() if record.redirect is not None
        }
        self._first_form = self._base.header.forms
        self._number()
        self._index_forms()
        self._postings: dict[int, tuple[Posting, ...]] = {}
        self._cards: dict[int, EntityCard] = {}

    def _number(self) -> None:
        self._numbers: dict[str, int] = {}
        self._hidden: set[int] = set()
        free = self._base.header.entities
        for entity_id, record in sorted(self._records.items()):
            below = self._base.entity(entity_id)
            if below is not None and self._base.id_of(below) == entity_id:
                self._hidden.add(below)
            elif record.entity is not None:
                below, free = free, free + 1
            if record.entity is not None and below is not None:
                self._numbers[entity_id] = below
        self._ids = {number: entity_id for entity_id, number in self._numbers.items()}

    def _index_forms(self) -> None:
        self._added: dict[int, list[Posting]] = {}
        new: dict[str, list[Posting]] = {}
        for entity_id, uses in self._uses.items():
            for form, surface, language, seen, is_label in uses:
                posting = Posting(
                    self._numbers[entity_id], surface, min(seen, MOST_SEEN), is_label=is_label, language=language
                )
                below = self._base.form(form)
                if below is None:
                    new.setdefault(form, []).append(posting)
                else:
                    self._added.setdefault(below, []).append(posting)
        self._new_forms = {form: number for number, form in enumerate(sorted(new))}
        for form, number in self._new_forms.items():
            self._added[number + self._first_form] = new[form]
        self._matcher = build_matcher(list(self._new_forms))

    def _order(self, posting: Posting) -> tuple[str, int, str]:
        """The order of a snapshot, which numbers entities by id."""
        number = posting.entity
        return (
            self._ids.get(number) or self._base.id_of(number),
            posting.surface_hash,
            posting.language,
        )
