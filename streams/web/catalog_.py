"""The catalogue of the page: a copy that follows the store, as a worker's does, and what the store says of itself."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from streams.catalog.feed import CatalogFeed
from streams.errors import CatalogError, SnapshotError
from streams.web.ports import CatalogSeen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.catalog.view import CatalogView
    from streams.settings import RedisSettings
    from streams.web.editor import Editor

__all__ = ["FollowedCatalog"]

_LOG: Final = logging.getLogger(__name__)
_RETRY: Final = 5.0


class FollowedCatalog:
    """A `streams.web.ports.Catalog` that follows Redis; it begins as soon as there is a catalogue.

    Args:
        settings: Where Redis is.
        folder: Where local copies are kept; workers of the same machine may share it.
        editor: Asks the store.
    """

    def __init__(self, settings: RedisSettings, folder: Path, *, editor: Editor) -> None:
        self._make: Callable[[], CatalogFeed] = lambda: CatalogFeed(settings, folder)
        self._editor = editor
        self._feed: CatalogFeed | None = None
        self._task: asyncio.Task[None] | None = None
        self._error: CatalogError | None = None

    def start(self) -> None:
        """Begin to load and follow the catalogue, in the background."""
        self._task = asyncio.create_task(self._begin(), name="monitor catalogue")

    async def stop(self) -> None:
        """Stop following; the view stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._feed is not None:
            await self._feed.stop()

    def view(self) -> CatalogView:
        """Return the catalogue to link with.

        Raises:
            CatalogError: None is loaded yet.
        """
        if self._feed is None:
            raise self._error or SnapshotError("No catalogue is loaded yet.", remedy="Try again in a moment.")
        return self._feed.view

    def seen(self) -> CatalogSeen:
        """Return what is known of the catalogue.

        Raises:
            CatalogError: The store does not answer.
        """
        stats = self._editor.stats()
        state = None if self._feed is None else self._feed.state
        return CatalogSeen(
            version=stats.version,
            sequence=stats.sequence,
            counts={
                "entities": stats.entities,
                "retired": stats.retired,
                "redirects": stats.redirects,
                "names": stats.names,
            },
            by_type=stats.by_type,
            changes=self._editor.latest(),
            is_live=state is not None and state.connected,
            age=None if state is None else state.age,
            copy_version=None if state is None else state.version,
            overlay=0 if state is None else state.changed,
        )

    async def _begin(self) -> None:
        while True:
            feed = self._make()
            try:
                await feed.start()
            except CatalogError as exc:
                self._error = exc
                _LOG.warning("no catalogue to link with yet", extra={"error": exc.code, "detail": str(exc)})
                await feed.stop()
                await asyncio.sleep(_RETRY)
                continue
            self._feed, self._error = feed, None
            return
