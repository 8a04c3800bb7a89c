"""The links that are judged: made here, or read from a file that any linker wrote.

::

    {"id", "mentions": [{"start", "end", "entity_id", "confidence"?}]}

is one line of such a file, as ``wasl link --format jsonl`` writes it. A null ``entity_id`` is no link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams.errors import InputError
from streams.evaluate.gold import read_lines
from streams.events import read
from streams.events.article import MAX_BODY, MAX_ID
from streams.linking.enrich import link_article

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from streams.catalog.view import CatalogView
    from streams.evaluate.gold import GoldDocument
    from streams.linking.weights import Weights

__all__ = ["Link", "LinksById", "link_documents", "read_predictions"]

_MAX_LINKS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Link:
    """One link in a document's text.

    Attributes:
        start: First code point.
        end: One past the last.
        entity_id: What it links to.
        confidence: That it is right, 0 to 1; None where the linker does not say.
    """

    start: int
    end: int
    entity_id: str
    confidence: float | None = None

    @property
    def span(self) -> tuple[int, int]:
        """Start and end."""
        return self.start, self.end


LinksById = dict[str, tuple[Link, ...]]
"""Links by the id of their document; a document without links may be missing."""


def link_documents(
    documents: Iterable[GoldDocument], view: CatalogView, *, weights: Weights | None = None
) -> LinksById:
    """Link the texts of ``documents``, each with its title as context.

    Args:
        documents: Marked texts; the marks are not looked at.
        view: The catalogue.
        weights: The model; the shipped one when None.
    """
    return {
        document.id: tuple(
            Link(mention.start, mention.end, mention.entity_id, mention.confidence)
            for mention in link_article(document.article, view, weights=weights).mentions
            if mention.field == "body" and mention.entity_id is not None
        )
        for document in documents
    }


def read_predictions(path: Path) -> LinksById:
    """Read a file of links.

    Raises:
        InputError: It cannot be read, or a line breaks a rule; the message begins with ``file:line``.
    """
    links: LinksById = {}
    for where, (document_id, found) in read_lines(path, _links):
        if document_id in links:
            raise InputError(
                f"{where}: The id {document_id!r} stands in this file twice.",
                remedy="Put all mentions of a document into one line.",
            )
        links[document_id] = found
    return links


def _links(source: dict[str, Any]) -> tuple[str, tuple[Link, ...]]:
    given = read.required(source, "id", "line")
    document_id = str(given) if isinstance(given, int) else read.text(given, "id", most=MAX_ID, least=1)
    mentions = read.items(read.required(source, "mentions", "line"), "mentions", _link, most=_MAX_LINKS)
    return document_id, tuple(link for link in mentions if link is not None)


def _link(value: Any, where: str) -> Link | None:
    source = read.opaque(value, where)
    entity_id, confidence = source.get("entity_id"), source.get("confidence")
    end = read.whole(read.required(source, "end", where), f"{where}.end", most=MAX_BODY)
    start = read.whole(read.required(source, "start", where), f"{where}.start", most=end)
    if entity_id is None:
        return None
    return Link(
        start,
        end,
        read.text(entity_id, f"{where}.entity_id", most=MAX_ID, least=1),
        None if confidence is None else read.number(confidence, f"{where}.confidence", least=0, most=1),
    )
