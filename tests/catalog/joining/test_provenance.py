"""Who said what, kept beside a file and in Redis."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from streams.catalog.joining.provenance import (
    StoreBase,
    read_sidecar,
    sidecar_lines,
    sidecar_path,
    write_statements,
)
from streams.catalog.joining.statements import Statement
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.sources.origin import Origin
from streams.errors import InputError, SnapshotError
from streams.settings import RedisSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SAID = {
    "Q1": [
        Statement("label:ar", "عمان", "catalogue", "", False),
        Statement("alias:ar", "عمّان", "geonames", "3.0.2", True),
        Statement("prior", 0.5, "geonames", "3.0.2", True),
    ],
    "local:a": [Statement("type", "place", "own", "0f", False)],
}


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisStore]:
    client = connect(RedisSettings(redis_url))
    yield RedisStore(client)
    client.close()


@pytest.mark.parametrize("name", ["a.b.jsonl", "a.b.jsonl.gz", "a.b.jsonl.zst", "a.b"])
def test_provenance_is_beside_the_file(tmp_path: Path, name: str) -> None:
    assert sidecar_path(tmp_path / name) == tmp_path / "a.b.provenance.jsonl"


def test_a_sidecar_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "x"
    licences = {"geonames 3.0.2": "CC-BY-4.0", "catalogue ": "", "own 0f": "ours"}
    path.write_bytes(b"".join(sidecar_lines(_SAID, licences)))
    assert json.loads(path.read_text().splitlines()[1]) == {
        "entity": "Q1", "property": "alias:ar", "value": "عمّان", "source": "geonames", "source_version": "3.0.2",
        "licence": "CC-BY-4.0", "inferred": True,
    }  # fmt: skip
    assert read_sidecar(path) == (_SAID, licences)


@pytest.mark.parametrize("data", ["{", "[]\n", '{"entity": "Q1"}\n'])
def test_a_damaged_sidecar_is_named(tmp_path: Path, data: str) -> None:
    (tmp_path / "x").write_text(data)
    with pytest.raises(InputError, match="cannot be read as provenance"):
        read_sidecar(tmp_path / "x")


def test_redis_keeps_it_by_entity_and_forgets_what_redirects(store: RedisStore) -> None:
    write_statements(store, _SAID, Origin("geonames", "3.0.2", "CC-BY-4.0"))
    base = StoreBase(store)
    assert base.statements(["Q1", "local:a", "Q2"]) == _SAID
    assert base.licences() == {"geonames 3.0.2": "CC-BY-4.0"}
    write_statements(store, {}, Origin("geonames", "3.0.2", "CC-BY-4.0"), gone=["local:a"])
    assert base.statements(["Q1", "local:a"]).keys() == {"Q1"}


def test_what_is_damaged_in_redis_is_named(store: RedisStore) -> None:
    store.client.hset(store.keys.provenance, "Q1", b'{"x": [1]}')
    with pytest.raises(SnapshotError, match="provenance of Q1 is damaged"):
        StoreBase(store).statements(["Q1"])
