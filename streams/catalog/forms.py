"""The forms under which a record is found: those of its entity, as editors have marked them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.catalog.marks import NO_MARKS, marked_entity
from streams.catalog.names import folded_names, forms_of
from streams.linking.fold import fold_text, trim_name

if TYPE_CHECKING:
    from streams.catalog.names import FormUse
    from streams.catalog.records import Record

__all__ = ["form_of", "forms_of_record", "indexed_names"]


def form_of(name: str) -> str:
    """Return the form that texts are searched for on behalf of ``name``."""
    return fold_text(trim_name(name))


def forms_of_record(record: Record) -> list[FormUse]:
    """Return how ``record`` uses the forms that texts are searched for on its behalf, in a fixed order.

    None where it may not be linked. Blocked forms are not among them; what an editor counts for a form is added to
    its first use.
    """
    entity, marks = record.live, record.marks
    if entity is None:
        return []
    if marks == NO_MARKS:
        return forms_of(entity)
    uses = forms_of(marked_entity(entity, marks, fold=form_of))
    blocked = frozenset(marks.blocked)
    left = dict(marks.counts)
    return [use._replace(seen=use.seen + left.pop(use.form, 0)) for use in uses if use.form not in blocked]


def indexed_names(record: Record | None) -> frozenset[str]:
    """Return the folded names under which a store finds ``record``: not those that are blocked for it."""
    found = folded_names(record)
    if record is None or len(record.marks.blocked) == 0:
        return found
    blocked = frozenset(record.marks.blocked)
    return frozenset(name for name in found if name not in blocked and form_of(name) not in blocked)
