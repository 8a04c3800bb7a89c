"""Which entity of the catalogue a source speaks of.

An id that names one thing in the world (an LEI, an ISIN, a code of ISO, an id of GeoNames) and a QID that the source
states are certain. A name is not: it joins where the type and the country agree, or where a source without countries
has the same labels in two languages, and only if nothing else in the catalogue, nor in the source, fits as well. What
is said of an entity that was joined by its name is marked as inferred, also when it is imported again.

Length: one decision, taken over one look at the catalogue; its parts are of no use apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from streams.catalog.joining.statements import Conflict
from streams.catalog.names import unite
from streams.catalog.sources.origin import ID_SCHEMES, Given, key_pairs, local_id, scheme_of, values_of
from streams.linking.fold import fold_text, trim_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.catalog.joining.base import Base
    from streams.catalog.joining.statements import Statement
    from streams.catalog.records import Record
    from streams.catalog.sources.origin import Source
    from streams.events.entity import Entity

__all__ = ["Join", "Joins", "company_key", "join"]

# Forms of companies; the rest of a name is what tells them apart.
_FORMS: Final = frozenset(
    "inc incorporated corp corporation co company plc ltd limited llc lp llp ag se sa nv spa ab asa as oyj gmbh kgaa "
    "kg pjsc psc bv bhd pte kk the".split()
)
_WORD: Final = re.compile(r"\w+")
_DOTS: Final = re.compile(r"(?<=\b\w)\.(?=\w\b)|(?<=\b\w)\.$")
_LANGUAGES: Final = 2
_MARKET: Final = re.compile(r"exchange|stock|bourse|boe?rse|bors[ae]|bolsa|market|nasdaq|euronext|بورصه|سوق")


@dataclass(frozen=True, slots=True)
class Join:
    """What a source gives for one entity of the catalogue.

    Attributes:
        id: The id under which it stands from now on.
        given: What the source gives; several where several of its own are one.
        base: What the catalogue holds of it, under this id and under others that are merged into it.
        guessed: Ids in ``given`` and ``base`` that were joined by name.
    """

    id: str
    given: tuple[Given, ...]
    base: tuple[Entity, ...]
    guessed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Joins:
    """Everything that a source gives, joined.

    Attributes:
        joined: The entities, in the order of their ids.
        conflicts: Ids elsewhere that several items of Wikidata claim; what the source gives stands by itself.
        ambiguous: Entities whose name fitted several others, and which stand by themselves.
        retired: Entities that editors retired, and which are left so.
        statements: Who said what of the entities of the catalogue, by id.
    """

    joined: list[Join]
    conflicts: list[Conflict]
    ambiguous: int
    retired: int
    statements: dict[str, list[Statement]]


def company_key(name: str) -> str:
    """Return a name, folded, without dots in abbreviations and without the form of the company."""
    words = _WORD.findall(_DOTS.sub("", fold_text(trim_name(name))))
    kept = [word for word in words if word not in _FORMS]
    return " ".join(kept if len(kept) > 0 else words)


def join(source: Source, base: Base, *, by_name: bool = True) -> Joins:
    """Join what a source gives with a catalogue.

    Args:
        source: The source.
        base: The catalogue.
        by_name: Whether names may join where ids do not.
    """
    own = _unify(source.given)
    known = _Known(own, base, source.origin.name, by_name=by_name)
    return known.join(own)


def _unify(given: Iterable[Given]) -> list[Given]:
    """Return one for each thing that the source itself gives twice: under one id, or with one id elsewhere."""
    owner: dict[tuple[str, str], str] = {}
    united: dict[str, Given] = {}
    moved: dict[str, str] = {}
    for each in given:
        target = _follow(each.entity.id, moved)
        pairs = list(key_pairs(each.entity))
        others = {target} | {_follow(owner[pair], moved) for pair in pairs if pair in owner}
        here = sorted((other for other in others if other in united), key=_order)
        # Two QIDs are two things, whatever ids they share.
        items = [other for other in here if other[0] == "Q"]
        if len(items) > 1 or (len(items) == 1 and target[0] == "Q" and items[0] != target):
            here = [other for other in here if other == target]
        whole = each
        for other in here:
            before = united.pop(other)
            first, second = sorted((before, whole), key=lambda one: _order(one.entity.id))
            whole = Given(
                unite(first.entity, second.entity, counts=max),
                first.country or second.country,
                first.inferred | second.inferred,
            )
            moved.update({gone: whole.entity.id for gone in (other, target) if gone != whole.entity.id})
        moved.pop(whole.entity.id, None)
        united[whole.entity.id] = whole
        owner.update(dict.fromkeys(pairs, whole.entity.id))
    return [united[entity_id] for entity_id in sorted(united)]


def _follow(entity_id: str, moved: dict[str, str]) -> str:
    while entity_id in moved:
        entity_id = moved[entity_id]
    return entity_id


def _order(entity_id: str) -> tuple[int, int, str]:
    """Return the key by which ids of one thing are sorted: items of Wikidata, ids that somebody chose, made ones."""
    if entity_id[0] == "Q":
        return (0, 0, entity_id)
    scheme = scheme_of(entity_id)
    return (1, 0, entity_id) if scheme is None else (2, ID_SCHEMES.index(scheme), entity_id)


class _Known:
    """What the catalogue holds of the things that a source gives.

    Args:
        own: What the source gives.
        base: The catalogue.
        source: Name of the source.
        by_name: Whether names are looked at.
    """

    def __init__(self, own: list[Given], base: Base, source: str, *, by_name: bool) -> None:
        self._redirects = base.redirects()
        pairs = {pair for each in own for pair in key_pairs(each.entity)}
        ids = {self._resolved(each.entity.id) for each in own}
        ids |= {self._resolved(local_id(*pair)) for pair in pairs}
        names = {key for each in own for key in _names(each.entity)} if by_name else set()
        self._records: dict[str, Record] = {}
        self._by_pair: dict[tuple[str, str], set[str]] = {}
        self._by_name: dict[tuple[str, str], set[str]] = {}
        self._countries: dict[str, str] = {}
        for record in base.records():
            entity = record.entity
            if entity is None:
                continue
            found = [pair for pair in key_pairs(entity) if pair in pairs or pair[0] == "iso3166"]
            named = [key for key in _names(entity) if key in names] if by_name and not record.retired else []
            if record.id not in ids and len(found) == 0 and len(named) == 0:
                continue
            self._records[record.id] = record
            for pair in found:
                self._by_pair.setdefault(pair, set()).add(record.id)
                if pair[0] == "iso3166" and not record.retired:
                    self._countries[record.id] = pair[1]
            for key in named:
                self._by_name.setdefault(key, set()).add(record.id)
        self._country_ids = {code: country for country, code in sorted(self._countries.items(), reverse=True)}
        self._statements = base.statements(self._records)
        self._said = {
            entity_id: {
                each[:2]: all(same.inferred for same in said if same[:2] == each[:2])
                for each in said
                if each.property.startswith("external:")
            }
            for entity_id, said in self._statements.items()
        }
        # What the source itself tells apart is never joined by name.
        self._of_source = {
            entity_id
            for entity_id, said in self._statements.items()
            if any(statement.source == source for statement in said)
        }

    def join(self, own: list[Given]) -> Joins:
        conflicts: list[Conflict] = []
        hits = [self._hits(each) for each in own]
        ambiguous = self._add_names(own, hits)
        groups: dict[str, list[tuple[Given, dict[str, bool]]]] = {}
        for each, found in zip(own, hits, strict=True):
            items = sorted(entity_id for entity_id in found if entity_id[0] == "Q")
            kept = found
            if each.entity.id[0] == "Q" and any(item != each.entity.id for item in items):
                kept = {entity_id: sure for entity_id, sure in found.items() if entity_id == each.entity.id}
            elif len(items) > 1:
                kept = {}
            if kept is not found:
                stated = {"source": (each.entity.id,), "catalogue": tuple(items)}
                conflicts.append(Conflict(each.entity.id, "id", "source", stated))
            groups.setdefault(self._canonical(each, kept), []).append((each, kept))
        joined, retired = [], 0
        for entity_id in sorted(groups):
            record = self._records.get(entity_id)
            if record is not None and record.retired:
                retired += 1
                continue
            joined.append(self._joined(entity_id, groups[entity_id]))
        return Joins(joined, conflicts, ambiguous, retired, self._statements)

    def _resolved(self, entity_id: str) -> str:
        return self._redirects.get(entity_id, entity_id)

    def _hits(self, each: Given) -> dict[str, bool]:
        """Return the ids of the catalogue that stand for what was given, and whether that is certain."""
        found: dict[str, bool] = {}
        target = self._resolved(each.entity.id)
        if target in self._records:
            found[target] = True
        for pair in key_pairs(each.entity):
            statement = (f"external:{pair[0]}", pair[1])
            for entity_id in self._by_pair.get(pair, ()):
                sure = not self._said.get(entity_id, {}).get(statement, False)
                if entity_id != each.entity.id:
                    found[entity_id] = sure
        return found

    def _add_names(self, own: list[Given], hits: list[dict[str, bool]]) -> int:
        """Add what names say of those that nothing else was found for; return how many fit several."""
        wanted: dict[str, list[int]] = {}
        ambiguous = 0
        for number, each in enumerate(own):
            # What the catalogue holds under the source's own id alone may be the same as something else in it.
            if each.entity.id[0] == "Q" or any(entity_id != each.entity.id for entity_id in hits[number]):
                continue
            near = {entity_id for key in _names(each.entity) for entity_id in self._by_name.get(key, ())}
            fitting = [entity_id for entity_id in sorted(near) if self._fits(each, entity_id)]
            if len(fitting) == 1:
                wanted.setdefault(fitting[0], []).append(number)
            elif len(fitting) > 1:
                ambiguous += 1
        for entity_id, numbers in wanted.items():
            if len(numbers) == 1:
                hits[numbers[0]][entity_id] = False
            else:
                ambiguous += len(numbers)
        return ambiguous

    def _fits(self, each: Given, entity_id: str) -> bool:
        entity = self._records[entity_id].entity
        if entity is None or entity_id == each.entity.id or entity_id in self._of_source:
            return False
        for scheme in ID_SCHEMES:
            mine, theirs = values_of(each.entity, scheme), values_of(entity, scheme)
            if len(mine) > 0 and len(theirs) > 0 and set(mine).isdisjoint(theirs):
                return False
        if each.country is not None:
            return each.country in {self._country(other) for other in entity.related}
        shared = each.entity.labels.keys() & entity.labels.keys()
        return sum(fold_text(each.entity.labels[tag]) == fold_text(entity.labels[tag]) for tag in shared) >= _LANGUAGES

    def _country(self, entity_id: str) -> str | None:
        if scheme_of(entity_id) == "iso3166":
            return entity_id.rpartition("-")[2].upper()
        return self._countries.get(entity_id)

    def _canonical(self, each: Given, hits: dict[str, bool]) -> str:
        """Return the best id: of what is there, and of what could be made from the ids elsewhere."""
        ids = {self._resolved(each.entity.id), *hits}
        pairs = list(key_pairs(each.entity))
        for entity_id in hits:
            entity = self._records[entity_id].entity
            pairs += [] if entity is None else key_pairs(entity)
        made = {scheme_of(entity_id) for entity_id in ids}
        # An id that was given out stays, unless there is one of a better kind.
        ids |= {self._resolved(local_id(*pair)) for pair in pairs if pair[0] not in made}
        return min(ids, key=_order)

    def _joined(self, entity_id: str, group: list[tuple[Given, dict[str, bool]]]) -> Join:
        base: dict[str, Entity] = {}
        guessed: set[str] = set()
        for each, hits in group:
            for hit, sure in [(entity_id, True), *hits.items()]:
                record = self._records.get(hit)
                if record is None or record.live is None:
                    continue
                base[hit] = record.live
                if not sure:
                    # Whoever has the id that stays is certain, and the other one was guessed to be the same.
                    guessed.add(hit if hit != entity_id else each.entity.id)
        given = tuple(replace(each, entity=self._with_countries(each.entity)) for each, _ in group)
        return Join(entity_id, given, tuple(base[each] for each in sorted(base)), frozenset(guessed))

    def _with_countries(self, entity: Entity) -> Entity:
        """Return the entity with the catalogue's own ids of countries."""
        related = tuple(
            self._country_ids.get(self._country(other) or "", other) if scheme_of(other) == "iso3166" else other
            for other in entity.related
        )
        return entity if related == entity.related else replace(entity, related=related)


def _names(entity: Entity) -> set[tuple[str, str]]:
    """Return what an entity may be joined by; banks and brokers run markets under their own names, and are none."""
    if "mic" in entity.external_ids and not any(_MARKET.search(fold_text(name)) for name in entity.labels.values()):
        return set()
    key = company_key if entity.type == "organization" else fold_text
    return {(entity.type, key(label)) for label in entity.labels.values()} - {(entity.type, "")}
