"""Reading catalogue files."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from streams.catalog.sources.jsonl import read_entities
from streams.errors import EntityError, InputError
from streams.events.entity import Entity, encode_entity

if TYPE_CHECKING:
    from pathlib import Path

_ENTITIES = [Entity(f"Q{n}", "person", {"ar": f"اسم {n}"}) for n in range(1, 4)]
_LINES = b"\n".join(map(encode_entity, _ENTITIES))


@pytest.mark.parametrize("data", [_LINES, _LINES + b"\n\n \n", _LINES.replace(b"\n", b"\r\n"), gzip.compress(_LINES)])
def test_entities_are_read_gzip_or_not(tmp_path: Path, data: bytes) -> None:
    # The name says nothing about what is inside.
    path = tmp_path / "catalog.txt"
    path.write_bytes(data)
    assert list(read_entities(path)) == _ENTITIES


def test_an_empty_file_holds_no_entities(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()
    assert list(read_entities(path)) == []


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(_LINES + b'\n\n{"id":"x"}\n' + encode_entity(_ENTITIES[0]))
    with pytest.raises(EntityError, match=r"bad\.jsonl:5: The catalogue entity has no labels"):
        list(read_entities(path))
    errors: list[EntityError] = []
    assert list(read_entities(path, on_error=errors.append)) == [*_ENTITIES, _ENTITIES[0]]
    assert [error.message.split(": ")[0] for error in errors] == [f"{path}:5"]
    assert errors[0].remedy == "Send labels."


@pytest.mark.parametrize("data", [None, gzip.compress(_LINES)[:-9], b"\x1f\x8bnot gzip at all"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "gone.jsonl.gz"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError, match=r"gone\.jsonl\.gz cannot be read"):
        list(read_entities(path))
