"""The catalogue that sources are joined with: what it holds, and who said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from streams.catalog.load import unite_all
from streams.catalog.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.joining.statements import Statement
    from streams.events.entity import Entity

__all__ = ["Base", "MemoryBase"]


class Base(Protocol):
    """A catalogue as joining asks it."""

    def redirects(self) -> dict[str, str]:
        """Return the id that stays by each id that redirects."""
        ...

    def records(self) -> Iterator[Record]:
        """Return the records that are no redirects, in the order of their ids."""
        ...

    def statements(self, ids: Iterable[str]) -> dict[str, list[Statement]]:
        """Return what is known of who said what, by id; ids of which nothing is known are left out."""
        ...


class MemoryBase:
    """A catalogue in memory, such as that of files.

    Args:
        entities: The entities; those with the same id are united.
        statements: What sources said, by id.
        redirects: The id that stays by each id that redirects.
    """

    def __init__(
        self,
        entities: Iterable[Entity] = (),
        statements: dict[str, list[Statement]] | None = None,
        redirects: dict[str, str] | None = None,
    ) -> None:
        self._entities = unite_all(entities)
        self._statements = {} if statements is None else statements
        self._redirects = {} if redirects is None else redirects

    def redirects(self) -> dict[str, str]:
        """Return the id that stays by each id that redirects."""
        return self._redirects

    def records(self) -> Iterator[Record]:
        """Return the records, in the order of their ids."""
        yield from (Record(entity_id, self._entities[entity_id]) for entity_id in sorted(self._entities))

    def statements(self, ids: Iterable[str]) -> dict[str, list[Statement]]:
        """Return what is known of who said what, by id."""
        return {entity_id: self._statements[entity_id] for entity_id in ids if entity_id in self._statements}
