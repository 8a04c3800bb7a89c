"""What a change does to the catalogue: the rules, once, for every store.

A change is worked out into the records that it leaves behind; a store then lays them down in one step.

- ``set`` adds or replaces an entity, and brings a retired one back.
- ``retire`` keeps the entity, so that its id resolves, but nothing is linked to it any more.
- A record that is set again, retired or merged keeps what editors said about it (`streams.catalog.marks`).
- ``merge`` makes the id that goes redirect for ever. As in Wikidata, the entity that stays gains the names
  of the other (as labels where it had none, else as aliases; counts are added) and, where it had none
  itself, its description, prior and external ids. A retired entity gives no names: that they linked may be
  why it was retired. What redirected to the id that goes redirects to the one that stays, so a redirect
  always leads to an entity in one step. The entity that stays also gains what editors said about the other,
  where nobody said it about itself.

Splits, blocks and boosts are in `streams.catalog.apply_edit`.
"""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, Protocol

from streams.catalog.apply_edit import apply_edit
from streams.catalog.forms import form_of
from streams.catalog.marks import NO_MARKS, unite_marks
from streams.catalog.names import names_of, unite
from streams.catalog.records import Record
from streams.errors import MergeError, SchemaError, UnknownEntityError
from streams.events.change import CatalogChange
from streams.events.edit import CatalogEdit
from streams.events.entity import entity_document, parse_entity

if TYPE_CHECKING:
    from collections.abc import Collection

    from streams.events.entity import Entity

__all__ = ["Records", "apply", "merge_known"]


class Records(Protocol):
    """What the rules ask of a catalogue."""

    def record(self, entity_id: str) -> Record | None:
        """Return what is held under an id itself, without following redirects; None if nothing is."""
        ...

    def merged_into(self, entity_id: str) -> Collection[str]:
        """Return the ids that redirect to an entity."""
        ...


def apply(change: CatalogChange | CatalogEdit, catalogue: Records) -> tuple[Record, ...]:
    """Return the records that ``change`` leaves behind, by id; empty where nothing changes.

    Args:
        change: The change, as `streams.events.change.parse_change` or `streams.events.edit.parse_edit` checks it.
        catalogue: The state that it is applied to, which is only read.

    Raises:
        UnknownEntityError: The change concerns an id that the catalogue does not know.
        EditError: The edit does not fit what the entity holds.
        MergeError: The merge would make a loop or lose an id, or the change concerns an id that redirects.
    """
    if isinstance(change, CatalogEdit):
        records = apply_edit(change, catalogue)
    elif change.action == "merge":
        records = _merge(change.entity_id, change.into or "", catalogue)
    elif change.action == "retire":
        records = _retire(change.entity_id, catalogue)
    else:
        records = _set(change, catalogue)
    return tuple(record for record in records if record != catalogue.record(record.id))


def merge_known(gone_id: str, into_id: str, catalogue: Records) -> tuple[Record, ...]:
    """Return the records that merging an id leaves behind, where that concerns the catalogue; else none.

    It does not where the catalogue never held the id, or merged it already, or has nothing live in the place of the
    other: an id that was never given out need not go on to resolve.

    Args:
        gone_id: The id that goes.
        into_id: The id that stays, or one that redirects to it.
        catalogue: The state that it is applied to, which is only read.

    Raises:
        MergeError: The two together break a rule of the entity format.
    """
    gone, into = catalogue.record(gone_id), catalogue.record(into_id)
    if into is not None and into.redirect is not None:
        into = catalogue.record(into.redirect)
    if gone is None or gone.redirect is not None or into is None or into.live is None or into.id == gone_id:
        return ()
    return apply(CatalogChange("merge", gone_id, into=into.id), catalogue)


def _set(change: CatalogChange, catalogue: Records) -> list[Record]:
    before = catalogue.record(change.entity_id)
    if before is not None and before.redirect is not None:
        _refuse_redirected(before, "set")
    return [Record(change.entity_id, change.entity, marks=NO_MARKS if before is None else before.marks)]


def _retire(entity_id: str, catalogue: Records) -> list[Record]:
    before = _known(entity_id, catalogue)
    if before.redirect is not None:
        _refuse_redirected(before, "retired")
    return [replace(before, retired=True)]


def _merge(gone_id: str, into_id: str, catalogue: Records) -> list[Record]:
    gone, into = _known(gone_id, catalogue), _known(into_id, catalogue)
    if into.redirect is not None:
        into = _known(into.redirect, catalogue)
    if gone.redirect == into.id:
        return []
    if gone.redirect is not None:
        raise MergeError(
            f"{gone_id} was already merged into {gone.redirect}, so it cannot be merged into {into_id}.",
            remedy=f"Merge {gone.redirect} into {into_id}.",
        )
    if gone.id == into.id:
        redirect = "" if into_id == gone_id else f", since {into_id} redirects to it"
        raise MergeError(
            f"Merging {gone_id} into {into_id} would make a loop{redirect}.", remedy="Name two different entities."
        )
    if into.retired:
        raise MergeError(
            f"{into.id} is retired: merging {gone_id} into it would hide both.", remedy=f"Set {into.id} again first."
        )
    moved = [Record(other, redirect=into.id) for other in sorted({gone_id, *catalogue.merged_into(gone_id)})]
    if gone.live is not None and into.entity is not None:
        known = frozenset(form_of(name.text) for name in names_of(into.entity))
        marks = unite_marks(into.marks, gone.marks, known=known)
        moved.append(Record(into.id, _united(into.entity, gone.live), marks=marks))
    return moved


def _united(stays: Entity, gone: Entity) -> Entity:
    united = unite(stays, gone, counts=operator.add)
    try:
        parse_entity(entity_document(united))
    except SchemaError as exc:
        raise MergeError(
            f"{gone.id} cannot be merged into {stays.id}: together they break a rule of the entity format."
            f" {exc.message}",
            remedy=f"Set {gone.id} with fewer names first.",
        ) from exc
    return united


def _known(entity_id: str, catalogue: Records) -> Record:
    record = catalogue.record(entity_id)
    if record is None:
        raise UnknownEntityError(f"No entity has the id {entity_id}.", remedy="Set it first, or correct the id.")
    return record


def _refuse_redirected(record: Record, what: str) -> NoReturn:
    raise MergeError(
        f"{record.id} was merged into {record.redirect} and redirects for ever, so it cannot be {what}.",
        remedy=f"Change {record.redirect}, or use a new id.",
    )
