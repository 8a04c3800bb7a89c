"""What a worker asks of the other rooms: somebody who links, and somebody who keeps the catalogue fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from streams.catalog.view import CatalogView
    from streams.events.article import RawArticle
    from streams.events.enriched import Language, LinkedEntity, Mention

__all__ = ["Catalog", "FoundName", "LinkArticle", "Links"]


class FoundName(Protocol):
    """A name that the catalogue does not hold; see `streams.events.unlinked.UnlinkedName`."""

    @property
    def name_key(self) -> str:
        """The folded name."""
        ...

    @property
    def name(self) -> str:
        """The name as the article writes it first."""
        ...

    @property
    def type(self) -> str:
        """A guess of its type."""
        ...

    @property
    def field(self) -> str:
        """Where in the article: ``title`` or ``body``."""
        ...

    @property
    def start(self) -> int:
        """First code point there."""
        ...

    @property
    def end(self) -> int:
        """One past the last code point."""
        ...

    @property
    def mention_count(self) -> int:
        """How often the article writes it."""
        ...

    @property
    def context(self) -> str:
        """The words around it."""
        ...


class Links(Protocol):
    """What linking found in one article."""

    @property
    def language(self) -> Language:
        """Language of the article."""
        ...

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """In order of field, start, end."""
        ...

    @property
    def entities(self) -> tuple[LinkedEntity, ...]:
        """Most salient first."""
        ...

    @property
    def unlinked(self) -> tuple[FoundName, ...]:
        """Names that the catalogue does not hold."""
        ...


class LinkArticle(Protocol):
    """Links one article with one catalogue; pure."""

    def __call__(self, article: RawArticle, catalog: CatalogView, /) -> Links:
        """Return what was found."""
        ...


class Catalog(Protocol):
    """The catalogue, kept fresh in the background."""

    def preload(self) -> None:
        """Load a catalogue before any event loop runs, for processes that are forked afterwards.

        Raises:
            CatalogError: Neither the store nor the local copy has a catalogue.
        """
        ...

    async def start(self) -> None:
        """Load a catalogue, unless one was preloaded, and begin to follow its changes.

        Raises:
            CatalogError: Neither the store nor the local copy has a catalogue.
        """
        ...

    async def stop(self) -> None:
        """Stop following."""
        ...

    @property
    def view(self) -> CatalogView:
        """The catalogue as of now; a batch takes it once."""
        ...

    @property
    def is_live(self) -> bool:
        """Whether changes arrive; False where the last known catalogue is used because the store is away."""
        ...

    @property
    def reason(self) -> str | None:
        """Why changes do not arrive; None where they do."""
        ...
