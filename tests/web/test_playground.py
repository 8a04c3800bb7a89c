from __future__ import annotations

import asyncio
import threading

import pytest

from streams.errors import ConflictError, SchemaError, SnapshotError
from streams.web.memory import MemoryCatalog
from streams.web.playground import Playground, article_to_try


def test_a_request_becomes_an_article():
    article = article_to_try({"text": "x", "title": None, "language": "ar"}, max_text=10)
    assert (article.body, article.title, article.language) == ("x", "", "ar")


def test_the_limit_is_named():
    with pytest.raises(SchemaError, match="10"):
        article_to_try({"text": "x" * 11}, max_text=10)


async def test_without_a_catalogue_it_says_so():
    playground = Playground(MemoryCatalog(), max_text=10)
    with pytest.raises(SnapshotError):
        await playground.link({"text": "x"})
    playground.close()


async def test_more_texts_than_can_wait_are_refused():
    gate = threading.Event()

    class Slow(MemoryCatalog):
        def view(self):
            assert gate.wait(10)
            return super().view()

    playground = Playground(Slow(), max_text=10)
    waiting = [asyncio.ensure_future(playground.link({"text": "x"})) for _ in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(ConflictError, match="8 texts"):
        await playground.link({"text": "x"})
    gate.set()
    for each in waiting:
        with pytest.raises(SnapshotError):
            await each
    playground.close()
