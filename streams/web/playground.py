"""The box in which texts are tried: the linker in a thread of its own, with bounded input and bounded company."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from streams.errors import ConflictError
from streams.events import read
from streams.events.article import RawArticle
from streams.linking.enrich import explain_article, link_article
from streams.web.documents import linked_document

if TYPE_CHECKING:
    from streams.web.ports import Catalog

__all__ = ["Playground", "article_to_try"]

_JOBS: Final = 1
_WAITING: Final = 8
_MAX_TITLE: Final = 1_000
_REQUEST: Final = "request"


class Playground:
    """Links what people paste.

    Args:
        catalog: Whose view is linked with.
        max_text: Longest text, in characters.
    """

    def __init__(self, catalog: Catalog, *, max_text: int) -> None:
        self._catalog = catalog
        self._max_text = max_text
        self._threads = ThreadPoolExecutor(_JOBS, thread_name_prefix="wasl-try")
        self._waiting = 0

    async def link(self, source: dict[str, Any]) -> dict[str, Any]:
        """Link a text and explain every decision.

        Args:
            source: The request: ``text``, and maybe ``title`` and ``language``.

        Raises:
            SchemaError: The request breaks a rule.
            CatalogError: No catalogue is loaded yet.
            ConflictError: Too many texts wait already.
        """
        article = article_to_try(source, max_text=self._max_text)
        if self._waiting >= _WAITING:
            raise ConflictError(f"{_WAITING} texts wait to be linked already.", remedy="Try again in a moment.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._link, article)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the text in hand be the last."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _link(self, article: RawArticle) -> dict[str, Any]:
        # One view for both, so that they tell of the same catalogue.
        view = self._catalog.view()
        return linked_document(article, link_article(article, view), explain_article(article, view))


def article_to_try(source: dict[str, Any], *, max_text: int) -> RawArticle:
    """Read the article to be linked from a request.

    Args:
        source: The request's JSON.
        max_text: Longest text, in characters.

    Raises:
        SchemaError: A field is missing, unknown, too long or of another type.
    """
    read.known_only(source, ("text", "title", "language"), _REQUEST)
    language = source.get("language")
    title = source.get("title")
    return RawArticle(
        article_id="try",
        title="" if title is None else read.text(title, "title", most=_MAX_TITLE),
        body=read.text(read.required(source, "text", _REQUEST), "text", most=max_text, least=1),
        language=None if language is None else read.language_tag(language, "language"),
    )
