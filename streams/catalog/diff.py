"""What differs between two states of the catalogue, record by record, without holding either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streams.catalog.names import names_of
from streams.events.entity import entity_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.records import Record

__all__ = ["Difference", "diff_records", "difference_document"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One id that two states hold differently.

    Attributes:
        id: The id.
        kind: ``added``, ``removed``, ``changed``, ``retired``, ``restored`` or ``merged``.
        names_added: ``(language, name)`` that only the second state has.
        names_removed: ``(language, name)`` that only the first has.
        fields: What else differs: ``type``, ``prior``, ``labels`` …, ``marks``.
        into: Where the id redirects in the second state, or None.
    """

    id: str
    kind: str
    names_added: tuple[tuple[str, str], ...] = ()
    names_removed: tuple[tuple[str, str], ...] = ()
    fields: tuple[str, ...] = ()
    into: str | None = None


def diff_records(first: Iterable[Record], second: Iterable[Record]) -> Iterator[Difference]:
    """Yield what differs, by id; both states come in the order of their ids and are read once, side by side."""
    left, right = iter(first), iter(second)
    old, new = next(left, None), next(right, None)
    while old is not None or new is not None:
        if old is not None and (new is None or old.id < new.id):
            yield _between(old.id, old, None)
            old = next(left, None)
        elif new is not None and (old is None or new.id < old.id):
            yield _between(new.id, None, new)
            new = next(right, None)
        elif old is not None and new is not None:
            if old != new:
                yield _between(old.id, old, new)
            old, new = next(left, None), next(right, None)


def difference_document(difference: Difference) -> dict[str, Any]:
    """Return a difference as plain JSON values."""
    return {
        "id": difference.id,
        "kind": difference.kind,
        "names_added": [list(name) for name in difference.names_added],
        "names_removed": [list(name) for name in difference.names_removed],
        "fields": list(difference.fields),
        "into": difference.into,
    }


def _between(entity_id: str, old: Record | None, new: Record | None) -> Difference:
    before, after = _names(old), _names(new)
    return Difference(
        id=entity_id,
        kind=_kind(old, new),
        names_added=tuple(sorted(after - before)),
        names_removed=tuple(sorted(before - after)),
        fields=_fields(old, new),
        into=None if new is None else new.redirect,
    )


def _kind(old: Record | None, new: Record | None) -> str:
    if new is None:
        return "removed"
    if new.redirect is not None:
        return "merged"
    if old is None:
        return "added"
    if old.retired != new.retired:
        return "retired" if new.retired else "restored"
    return "changed"


def _names(record: Record | None) -> frozenset[tuple[str, str]]:
    if record is None or record.entity is None:
        return frozenset()
    return frozenset((name.language, name.text) for name in names_of(record.entity))


def _fields(old: Record | None, new: Record | None) -> tuple[str, ...]:
    if old is None or new is None or old.entity is None or new.entity is None:
        return ()
    before, after = entity_document(old.entity), entity_document(new.entity)
    fields = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    return tuple(fields + (["marks"] if old.marks != new.marks else []))
