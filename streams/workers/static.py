"""A catalogue that never changes: for tests, measurements and a worker without Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.catalog.view import CatalogView

__all__ = ["StaticCatalog"]


class StaticCatalog:
    """The in-memory adapter of `streams.workers.ports.Catalog`.

    Args:
        view: The catalogue.
        is_live: What it says about itself.
    """

    def __init__(self, view: CatalogView, *, is_live: bool = True) -> None:
        self._view = view
        self._is_live = is_live

    def preload(self) -> None:
        """Do nothing: the catalogue is there."""

    async def start(self) -> None:
        """Do nothing: the catalogue is there."""

    async def stop(self) -> None:
        """Do nothing."""

    @property
    def view(self) -> CatalogView:
        """The catalogue."""
        return self._view

    @property
    def is_live(self) -> bool:
        """What it says about itself."""
        return self._is_live

    @property
    def reason(self) -> str | None:
        """Why changes do not arrive; None where it says that they do."""
        return None if self._is_live else "This catalogue never changes."
