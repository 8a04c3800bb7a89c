"""Versions of the catalogue on the page: what is kept, what differs, and which one is live."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from streams.catalog.diff import difference_document
from streams.catalog.store import Note
from streams.errors import CatalogError
from streams.events import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.catalog.store import CatalogStore

__all__ = ["Versions"]

_LOG: Final = logging.getLogger(__name__)
_SHOWN: Final = 200
_REQUEST: Final = "request"


class Versions:
    """The versions that a store keeps; every method waits for it.

    Args:
        store: The store.
        clock: Gives the time as RFC 3339.
        publish: Puts a compiled snapshot of what is live where workers find it; None where nobody looks for one.
    """

    def __init__(
        self, store: CatalogStore, *, clock: Callable[[], str], publish: Callable[[], object] | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._publish = publish

    def listed(self) -> dict[str, Any]:
        """Return the versions that are kept, the newest first.

        Raises:
            StoreUnavailableError: The store cannot be reached just now.
        """
        return {"versions": [{**asdict(info), "workers": len(info.workers)} for info in self._store.versions()]}

    def differences(self, first: str, second: str) -> dict[str, Any]:
        """Return how many entities differ between two versions, by kind, and the first of them.

        Args:
            first: A build, a version or the beginning of one, or ``live``.
            second: The same.

        Raises:
            EditError: No such version is kept.
            StoreUnavailableError: The store cannot be reached just now.
        """
        kinds: Counter[str] = Counter()
        shown: list[dict[str, Any]] = []
        for difference in self._store.diff(first, second):
            kinds[difference.kind] += 1
            if len(shown) < _SHOWN:
                shown.append(difference_document(difference))
        return {"kinds": dict(sorted(kinds.items())), "differences": shown, "more": kinds.total() - len(shown)}

    def switch(self, build: str | None, source: dict[str, Any]) -> dict[str, Any]:
        """Make a version live.

        Args:
            build: It; None goes back to the one that was live before.
            source: The request: ``author`` and ``reason``.

        Returns:
            The build that is live now, the version of the catalogue, and how many entities stay as editors left them.

        Raises:
            SchemaError: The request breaks a rule.
            EditError: No such version is kept, or it is live already.
            ConflictError: Another import or promotion is running.
            StoreUnavailableError: The store cannot be reached just now.
        """
        read.known_only(source, ("author", "reason"), _REQUEST)
        note = Note(
            author=read.text(read.required(source, "author", _REQUEST), "author", most=200, least=1),
            reason=read.text(read.required(source, "reason", _REQUEST), "reason", most=2_000, least=1),
            at=self._clock(),
        )
        return asdict(self._store.rollback(note=note) if build is None else self._store.promote(build, note=note))

    def publish(self) -> None:
        """Publish a snapshot of what is live; without one every worker compiles the catalogue for itself."""
        if self._publish is None:
            return
        try:
            self._publish()
        except CatalogError as exc:
            _LOG.warning("snapshot not published", extra={"error": exc.code, "detail": str(exc)})
