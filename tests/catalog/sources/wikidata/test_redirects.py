"""Redirects of a dump as merges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from streams.catalog.memory import MemoryStore
from streams.catalog.sources.wikidata.redirects import read_redirects
from streams.events.entity import Entity
from tests.catalog.sources.wikidata.items import qid

if TYPE_CHECKING:
    from pathlib import Path


def test_ids_that_the_catalogue_gave_out_go_on_to_resolve(tmp_path: Path) -> None:
    store = MemoryStore()
    store.put_many([Entity(qid(number), "person", {"en": f"Name {number}"}) for number in (1, 2, 3, 4)])
    path = tmp_path / "redirects.jsonl"
    pairs = [(1, 2), (9, 2), (3, 8), (1, 4), (4, 1)]
    path.write_bytes(b"".join(orjson.dumps({"id": qid(a), "redirect": qid(b)}) + b"\n" for a, b in pairs))
    # 1 goes into 2; nobody knew 9; nobody knows 8; 1 is gone already; 4 goes where 1 went.
    report = store.put_many([], merges=read_redirects(path))
    assert report.merged == (qid(1), qid(4))
    assert store.redirects() == {qid(1): qid(2), qid(4): qid(2)}
    assert store.put_many([], merges=read_redirects(path)).merged == ()
