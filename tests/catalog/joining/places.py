"""Catalogues in memory that sources are imported into one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from streams.catalog.joining.base import MemoryBase
from streams.catalog.joining.run import Combined, combine
from streams.catalog.sources.origin import Given, Origin, Source, local_id
from streams.events.entity import Alias, Entity

if TYPE_CHECKING:
    from streams.catalog.joining.statements import Statement


@dataclass
class Catalogue:
    """What the store does with a source that was joined, in a few dictionaries."""

    entities: dict[str, Entity]
    statements: dict[str, list[Statement]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, *entities: Entity) -> Catalogue:
        return cls({entity.id: entity for entity in entities})

    def add(self, source: Source, **options: Any) -> Combined:
        base = MemoryBase(self.entities.values(), dict(self.statements), dict(self.redirects))
        combined = combine(source, base, **options)
        self.entities.update({entity.id: entity for entity in combined.entities})
        self.statements.update(combined.statements)
        for gone, into in combined.merged.items():
            del self.entities[gone]
            self.statements.pop(gone, None)
            self.redirects = {old: into if new == gone else new for old, new in self.redirects.items()}
            self.redirects[gone] = into
        return combined


def source(name: str, *given: Given, version: str = "1") -> Source:
    return Source(Origin(name, version, "CC0-1.0"), given)


def company(scheme: str, key: str, name: str, *, country: str | None = None, ar: str | None = None) -> Given:
    labels = {"mul": name} if ar is None else {"mul": name, "ar": ar}
    related = () if country is None else (local_id("iso3166", country),)
    entity = Entity(local_id(scheme, key), "organization", labels, related=related, external_ids={scheme: key})
    return Given(entity, country)


def entity(entity_id: str, name: str, type_: str = "organization", **fields: Any) -> Entity:
    return Entity(entity_id, type_, {"en": name}, **fields)


def aliases(*texts: str) -> tuple[Alias, ...]:
    return tuple(map(Alias, texts))
