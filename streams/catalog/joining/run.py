"""One source, joined with a catalogue: what changes, what was said by whom, and where sources differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.catalog.joining.join import join
from streams.catalog.joining.statements import (
    CATALOGUE,
    Conflict,
    Statement,
    is_stated,
    ranking,
    resolve,
    statements_of,
)
from streams.catalog.sources.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.catalog.joining.base import Base
    from streams.catalog.joining.join import Join
    from streams.catalog.sources.origin import Source
    from streams.events.entity import Entity

__all__ = ["Combined", "Counts", "combine"]

_BEFORE = Origin(CATALOGUE, "", "")
_FILLED = frozenset({"type", "description", "prior"})


@dataclass(frozen=True, slots=True)
class Counts:
    """What joining a source came to.

    Attributes:
        read: Entities that the source gave, each thing once.
        new: Entities that the catalogue did not hold.
        certain: Entities that it held, found by an id.
        inferred: Entities that it held, found by a name.
        unchanged: Entities that say after it what they said before.
        ambiguous: See `streams.catalog.joining.join.Joins`.
        retired: Likewise.
    """

    read: int
    new: int
    certain: int
    inferred: int
    unchanged: int
    ambiguous: int
    retired: int


@dataclass(frozen=True, slots=True)
class Combined:
    """A source joined with a catalogue.

    Attributes:
        entities: Every entity that the source speaks of, as it is from now on, in the order of their ids.
        changed: Ids of those that are new or say something else than before.
        statements: Who says what of them, by id.
        merged: The id that stays by each id of the catalogue that is the same thing.
        conflicts: Where this source and others differ.
        counts: What it came to.
    """

    entities: list[Entity]
    changed: frozenset[str]
    statements: dict[str, list[Statement]]
    merged: dict[str, str]
    conflicts: list[Conflict]
    counts: Counts


def combine(
    source: Source, base: Base, *, prefer: Sequence[str] = (), by_name: bool = True, only_known: bool = False
) -> Combined:
    """Join a source with a catalogue.

    Args:
        source: The source.
        base: The catalogue.
        prefer: Sources that win over the others; see `streams.catalog.joining.statements.ranking`.
        by_name: Whether entities may be joined by their names where they have no id in common.
        only_known: Whether what the catalogue does not hold is left out.

    Raises:
        EntityError: The source cannot be read.
        InputError: Likewise.
    """
    joins = join(source, base, by_name=by_name)
    rank = ranking(prefer)
    name = source.origin.name
    entities: list[Entity] = []
    changed: set[str] = set()
    statements: dict[str, list[Statement]] = {}
    merged: dict[str, str] = {}
    conflicts = [
        Conflict(each.entity_id, each.property, name, {name: each.values["source"], CATALOGUE: each.values[CATALOGUE]})
        for each in joins.conflicts
    ]
    tally = {"new": 0, "certain": 0, "inferred": 0, "unchanged": 0}
    for each in joins.joined:
        if only_known and len(each.base) == 0:
            continue
        said = _said(each, source.origin, joins.statements)
        entity, differing = resolve(each.id, said, rank, counts=_seen(each.base))
        gone = [one.id for one in each.base if one.id != each.id]
        entities.append(entity)
        statements[each.id] = said
        merged.update(dict.fromkeys(gone, each.id))
        conflicts += (conflict for conflict in differing if name in conflict.values)
        before = next((one for one in each.base if one.id == each.id), None)
        if entity == before and len(gone) == 0:
            tally["unchanged"] += 1
        else:
            changed.add(each.id)
        tally["new" if len(each.base) == 0 else "inferred" if len(each.guessed) > 0 else "certain"] += 1
    counts = Counts(read=len(joins.joined) + joins.retired, ambiguous=joins.ambiguous, retired=joins.retired, **tally)
    return Combined(entities, frozenset(changed), statements, merged, conflicts, counts)


def _said(each: Join, origin: Origin, known: dict[str, list[Statement]]) -> list[Statement]:
    """Return who says what of an entity from now on: others what they said, the source what it gives."""
    kept: dict[tuple[str, str | float, str], Statement] = {}
    for entity in each.base:
        is_guess = entity.id in each.guessed
        for statement in _of_others(entity, known.get(entity.id, []), origin.name):
            _keep(kept, statement._replace(inferred=True) if is_guess else statement)
    for given in each.given:
        is_guess = given.entity.id in each.guessed
        for statement in statements_of(given.entity, origin, inferred=given.inferred, is_guess=is_guess):
            _keep(kept, statement)
    return sorted(kept.values(), key=lambda one: one.source)


def _keep(kept: dict[tuple[str, str | float, str], Statement], statement: Statement) -> None:
    key = (statement.property, statement.value, statement.source)
    before = kept.get(key)
    if before is None or (before.inferred and not statement.inferred):
        kept[key] = statement


def _of_others(entity: Entity, said: list[Statement], source: str) -> Iterable[Statement]:
    """Return what others than ``source`` say of an entity; what nobody is known to have said, the catalogue says."""
    said_names = {(each.property.partition(":")[2], each.value) for each in said if _is_name(each.property)}
    said_else = {(each.property, each.value) for each in said}
    ours = []
    for each in statements_of(entity, _BEFORE):
        of = each.property.partition(":")[2]
        is_known = (each.property, each.value) in said_else
        if each.property.startswith("alias:"):
            is_known = (of, each.value) in said_names
        if not is_known:
            ours.append(each)
    replaced = {each.property for each in ours if each.property in _FILLED or each.property.startswith("label:")}
    for each in said:
        if each.source == source or not is_stated(each, entity):
            continue
        if each.source == CATALOGUE and each.property in replaced:
            continue
        yield each
    yield from ours


def _is_name(name: str) -> bool:
    return name.startswith(("label:", "alias:"))


def _seen(base: Iterable[Entity]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    for entity in base:
        for tag, names in entity.aliases.items():
            for alias in names:
                if alias.count is not None:
                    counts[tag, alias.text] = max(alias.count, counts.get((tag, alias.text), 0))
    return counts
