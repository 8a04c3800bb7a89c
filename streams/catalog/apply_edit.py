"""What a split, a block or a boost does to the catalogue: the rules, once, for every store.

- ``block`` says that a form never means an entity: no posting gives it, no spelling variant and no short form.
  It may be a form by which the entity does not go, and stays in force whatever is imported. ``unblock`` takes
  it back, and is refused where nothing is blocked.
- ``boost`` of an alias counts as if the form had been seen so often meaning the entity, beside what was seen, and
  is refused for a form by which the entity does not go; ``boost`` of an entity takes the place of its prior. Either
  stays in force whatever is imported.
- ``split`` moves names from one entity to another, which is new or there already; their counts go with them. Of a
  new entity the first name of a language that is a label of the other becomes its label, or else the first. The
  entity that gives keeps at least one name, its id, everything that is no name, and all ids that redirect to it:
  a redirect is for ever, so what was merged into it by mistake gets its names back under a new id.
"""

from __future__ import annotations

import operator
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from streams.catalog.forms import form_of, forms_of_record
from streams.catalog.marks import MAX_MARKS, NO_MARKS, Marks
from streams.catalog.names import unite
from streams.catalog.records import Record
from streams.errors import EditError, MergeError, SchemaError, UnknownEntityError
from streams.events.entity import Alias, Entity, entity_document, parse_entity

if TYPE_CHECKING:
    from streams.events.edit import CatalogEdit

__all__ = ["apply_edit"]


_SEE: Final = "See `wasl catalog show {}`."


class _Records(Protocol):
    def record(self, entity_id: str) -> Record | None: ...


def apply_edit(edit: CatalogEdit, catalogue: _Records) -> list[Record]:
    """Return the records that ``edit`` leaves behind; they may be those that are there.

    Raises:
        UnknownEntityError: The edit concerns an id that the catalogue does not know.
        MergeError: The edit concerns an id that redirects, or splits into an entity that is retired.
        EditError: The edit does not fit what the entity holds.
    """
    before = catalogue.record(edit.entity_id)
    if before is None:
        raise UnknownEntityError(f"No entity has the id {edit.entity_id}.", remedy="Set it first, or correct the id.")
    if before.entity is None:
        raise MergeError(
            f"{before.id} was merged into {before.redirect} and redirects for ever, so it cannot be edited.",
            remedy=f"Edit {before.redirect}.",
        )
    if edit.action == "split":
        return _split(edit, before, before.entity, catalogue)
    return [replace(before, marks=_marked(edit, before.entity, before.marks))]


def _marked(edit: CatalogEdit, entity: Entity, marks: Marks) -> Marks:
    if edit.alias is None:
        if edit.prior is None and marks.prior is None:
            raise EditError(f"{edit.entity_id} is not boosted.", remedy=_SEE.format(edit.entity_id))
        return replace(marks, prior=edit.prior)
    form = form_of(edit.alias)
    if form == "":
        raise EditError(
            f"{edit.alias!r} cannot be edited: nothing of it is left when it is folded.", remedy="Name another form."
        )
    _check_form(edit, form, entity, marks)
    if edit.action == "boost":
        counts = {known: count for known, count in marks.counts.items() if known != form}
        if edit.count is not None:
            counts[form] = edit.count
        marked = replace(marks, counts=dict(sorted(counts.items())))
    else:
        blocked = set(marks.blocked) - {form} | ({form} if edit.action == "block" else set())
        marked = replace(marks, blocked=tuple(sorted(blocked)))
    if max(len(marked.blocked), len(marked.counts)) > MAX_MARKS:
        raise EditError(
            f"{edit.entity_id} has {MAX_MARKS:,} forms with a {edit.action}; no more are allowed.",
            remedy="Take some back, or retire the entity.",
        )
    return marked


def _check_form(edit: CatalogEdit, form: str, entity: Entity, marks: Marks) -> None:
    """Refuse what would change nothing: to take back what was never said, and to count for no name of the entity."""
    wrong = ""
    if edit.action == "unblock" and form not in marks.blocked:
        wrong = f"{edit.alias!r} is not blocked for {edit.entity_id}."
    elif edit.action == "boost" and edit.count is None and form not in marks.counts:
        wrong = f"{edit.alias!r} of {edit.entity_id} is not boosted."
    elif edit.action == "boost" and edit.count is not None:
        known = {use.form for use in forms_of_record(Record(entity.id, entity))}
        if form not in known:
            wrong = f"{edit.entity_id} does not go by {edit.alias!r}, so that a boost of it would change nothing."
    if wrong != "":
        raise EditError(wrong, remedy=_SEE.format(edit.entity_id))


def _split(edit: CatalogEdit, before: Record, entity: Entity, catalogue: _Records) -> list[Record]:
    into_id, wanted = edit.into or "", edit.names or {}
    if into_id == before.id:
        raise EditError(f"{before.id} cannot be split into itself.", remedy="Name another id.")
    into = catalogue.record(into_id)
    if into is not None and into.redirect is not None:
        raise MergeError(
            f"{into_id} was merged into {into.redirect} and redirects for ever, so nothing can be split into it.",
            remedy="Split into a new id, such as local:my-company.",
        )
    if into is not None and into.retired:
        raise MergeError(
            f"{into_id} is retired: names split into it would link to nothing.", remedy=f"Set {into_id} again first."
        )
    stays, moved = _divided(entity, into_id, edit.type, wanted)
    marks = NO_MARKS
    if into is not None and into.entity is not None:
        marks = into.marks
        moved = unite(into.entity, moved, counts=operator.add)
    return [replace(before, entity=_checked(stays)), Record(into_id, _checked(moved), marks=marks)]


def _divided(
    entity: Entity, into_id: str, type_: str | None, wanted: dict[str, tuple[str, ...]]
) -> tuple[Entity, Entity]:
    """Return what stays of ``entity`` and a new entity with the names that go."""
    labels, moved_labels = dict(entity.labels), dict[str, str]()
    aliases, moved_aliases = dict(entity.aliases), dict[str, tuple[Alias, ...]]()
    for language, texts in wanted.items():
        keys = {_key(text): text for text in texts}
        found: set[str] = set()
        label = labels.get(language)
        if label is not None and _key(label) in keys:
            moved_labels[language] = labels.pop(language)
            found.add(_key(label))
        goes = tuple(alias for alias in aliases.get(language, ()) if _key(alias.text) in keys)
        found.update(_key(alias.text) for alias in goes)
        missing = [text for key, text in keys.items() if key not in found]
        if len(missing) > 0:
            raise EditError(
                f"{entity.id} has no name {missing[0]!r} in {language}, so it cannot be moved.",
                remedy=f"See `wasl catalog show {entity.id}` for its names by language.",
            )
        aliases[language] = tuple(alias for alias in aliases.get(language, ()) if _key(alias.text) not in keys)
        if language not in moved_labels and len(goes) > 0:
            first = next(alias for alias in goes if _key(alias.text) == _key(_first(texts, goes)))
            moved_labels[language] = first.text
            goes = tuple(alias for alias in goes if alias is not first or alias.count is not None)
        moved_aliases[language] = goes
    stays = replace(entity, labels=labels, aliases={tag: names for tag, names in aliases.items() if len(names) > 0})
    if len(stays.labels) == 0 and len(stays.aliases) == 0:
        raise EditError(
            f"The split takes every name of {entity.id}.", remedy="Leave it one, or merge it into the other instead."
        )
    moved = Entity(
        into_id,
        entity.type if type_ is None else type_,
        moved_labels,
        {tag: names for tag, names in moved_aliases.items() if len(names) > 0},
    )
    return stays, moved


def _first(texts: tuple[str, ...], goes: tuple[Alias, ...]) -> str:
    there = {_key(alias.text) for alias in goes}
    return next(text for text in texts if _key(text) in there)


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _checked(entity: Entity) -> Entity:
    document: dict[str, Any] = entity_document(entity)
    try:
        return parse_entity(document)
    except SchemaError as exc:
        raise EditError(
            f"The split would make of {entity.id} what breaks a rule of the entity format. {exc.message}",
            remedy="Move fewer names.",
        ) from exc
