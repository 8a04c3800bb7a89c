"""Looking entities up and changing them: every call of the catalogue's store that the page makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.catalog.marks import marks_document
from streams.catalog.records import revision_of
from streams.errors import UnknownEntityError
from streams.events import read
from streams.events.change import parse_change
from streams.events.edit import EDIT_ACTIONS, parse_edit
from streams.events.entity import check_entity_id, entity_document
from streams.web.documents import entity_row, log_row, wikidata_url
from streams.web.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.catalog.store import AnyChange, CatalogStore, StoreStats

__all__ = ["ACTIONS", "Editor"]

# What a request says beside author, reason and revision: what it must, and what it may.
_OWN: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "set": (("entity",), ()),
    "retire": ((), ()),
    "merge": (("into",), ()),
    "split": (("into", "names"), ("type",)),
    "block": (("alias",), ()),
    "unblock": (("alias",), ()),
    "boost": ((), ("alias", "count", "prior")),
}
ACTIONS: Final = tuple(_OWN)
"""What can be done with an entity."""

_MAX_QUERY: Final = 200
_HITS: Final = 20
_RELATED: Final = 12
_CHANGES: Final = 8
_REQUEST: Final = "request"


class Editor:
    """The catalogue's store as the page uses it; every method waits for it.

    Args:
        store: The store.
        clock: Gives the time as RFC 3339.
    """

    def __init__(self, store: CatalogStore, *, clock: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock

    def search(self, query: str) -> dict[str, Any]:
        """Return the entities that best match a text.

        Raises:
            SchemaError: The text is empty or too long.
            StoreUnavailableError: The store cannot be reached just now.
        """
        text = read.text(query.strip(), "q", most=_MAX_QUERY, least=1)
        return {"hits": [entity_row(entity) for entity in self._store.search(text, limit=_HITS)]}

    def card(self, entity_id: str) -> dict[str, Any]:
        """Return all that the catalogue holds of an entity, redirects followed.

        Raises:
            SchemaError: This is no id.
            UnknownEntityError: Nobody has it.
            StoreUnavailableError: The store cannot be reached just now.
        """
        asked = check_entity_id(entity_id)
        record = self._store.record(asked)
        if record is not None and record.redirect is not None:
            record = self._store.record(record.redirect)
        if record is None or record.entity is None:
            raise UnknownEntityError(f"No entity has the id {asked}.", remedy="Search for its name.")
        entity = record.entity
        related = []
        for other in entity.related[:_RELATED]:
            found = self._store.get(other)
            related.append({"id": other, "name": None if found is None else shown(found.name("en"))})
        return {
            **entity_row(entity),
            "asked": asked,
            "retired": record.retired,
            "revision": revision_of(record),
            "wikidata": wikidata_url(entity.id),
            "related": related,
            "more_related": max(0, len(entity.related) - _RELATED),
            "document": entity_document(entity),
            "marks": marks_document(record.marks),
        }

    def change(self, action: str, entity_id: str, source: dict[str, Any]) -> dict[str, Any]:
        """Change an entity.

        Args:
            action: One of `ACTIONS`.
            entity_id: The entity.
            source: The request: ``author`` and ``reason``, for ``set`` the ``entity``, for ``merge`` ``into``, for the
                others the fields of `streams.events.edit.CatalogEdit`, and the ``revision`` of the card on which it is
                based, ``none`` for an entity that is new.

        Returns:
            The sequence of the change, None where everything is so already, and the version of the catalogue after it.

        Raises:
            EventError: The request breaks a rule.
            ConflictError: Somebody else changed the entity since the card was shown.
            CatalogError: The change cannot be made.
        """
        needed, allowed = _OWN[action]
        read.known_only(source, ("author", "reason", "revision", *needed, *allowed), _REQUEST)
        parse: Callable[[dict[str, Any]], AnyChange] = parse_edit if action in EDIT_ACTIONS else parse_change
        change = parse(
            {
                "action": action,
                "entity_id": entity_id,
                "author": read.text(read.required(source, "author", _REQUEST), "author", most=200, least=1),
                "reason": read.text(read.required(source, "reason", _REQUEST), "reason", most=2_000, least=1),
                "changed_at": self._clock(),
                **{name: read.required(source, name, _REQUEST) for name in needed},
                **{name: source[name] for name in allowed if source.get(name) is not None},
            }
        )
        seen = read.text(read.required(source, "revision", _REQUEST), "revision", most=64, least=1)
        sequence = self._store.apply(change, expect=seen, first=False)
        return {"sequence": sequence, "entity_id": change.entity_id, "version": self._store.version()}

    def stats(self) -> StoreStats:
        """Return how much the catalogue holds.

        Raises:
            StoreUnavailableError: The store cannot be reached just now.
        """
        return self._store.stats()

    def latest(self) -> tuple[dict[str, Any], ...]:
        """Return the latest changes as rows for the page, newest first.

        Raises:
            StoreUnavailableError: The store cannot be reached just now.
        """
        return tuple(log_row(entry) for entry in self._store.log(limit=_CHANGES))
