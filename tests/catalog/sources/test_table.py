"""A user's table by a mapping of its columns."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from streams.catalog.sources.table import Mapping, open_table
from streams.errors import EntityError, InputError
from streams.events.entity import Alias, Entity

if TYPE_CHECKING:
    from pathlib import Path

_MAPPING = Mapping(
    "number", "=organization", {"en": "name"}, {"ar": ("arabic",)}, {"lei": "lei"}, description="about", country="land"
)
_ROW = {"number": "17", "name": "Rahal", "arabic": "رحال; رحال للروبوتات", "lei": "L1", "about": "robots", "land": "jo"}
_RAHAL = Entity(
    "local:clients-17",
    "organization",
    {"en": "Rahal"},
    {"ar": (Alias("رحال"), Alias("رحال للروبوتات"))},
    "robots",
    related=("local:iso3166-jo",),
    external_ids={"lei": ("L1",)},
)


def _write(path: Path, *rows: dict[str, object], kind: str) -> Path:
    if kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        lines = [",".join(rows[0]), *(",".join(f'"{value}"' for value in row.values()) for row in rows)]
        path.write_text("\n".join(lines), encoding="utf-8-sig")
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_columns_become_fields(tmp_path: Path, kind: str) -> None:
    path = _write(tmp_path / "x", _ROW, kind=kind)
    source = open_table(path, _MAPPING, name="clients", licence="ours")
    (each,) = source.given
    assert (each.entity, each.country) == (_RAHAL, "JO")
    assert (source.origin.name, source.origin.licence, len(source.origin.version)) == ("clients", "ours", 12)


def test_cells_of_json_may_be_lists_and_numbers(tmp_path: Path) -> None:
    path = _write(tmp_path / "x", {**_ROW, "number": 17, "arabic": ["رحال", "رحال للروبوتات"]}, kind="jsonl")
    (each,) = open_table(path, _MAPPING, name="clients", licence="").given
    assert each.entity == _RAHAL


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("Q95", r"Q95"),
        ("local:x", r"local:x"),
        ("a-1", r"local:t-a-1"),
        ("A-1", r"local:t-a-1-[0-9a-f]{8}"),
        ("ش", r"local:t---[0-9a-f]{8}"),
    ],
)
def test_ids_are_taken_or_made_and_stay(tmp_path: Path, key: str, expected: str) -> None:
    path = _write(tmp_path / "x", {**_ROW, "number": key}, kind="csv")
    first, again = (next(iter(open_table(path, _MAPPING, name="t", licence="").given)).entity.id for _ in range(2))
    assert first == again
    assert re.fullmatch(expected, first)


def test_keys_that_differ_in_case_alone_are_two(tmp_path: Path) -> None:
    path = _write(tmp_path / "x", _ROW | {"number": "a"}, _ROW | {"number": "A"}, kind="csv")
    first, second = open_table(path, _MAPPING, name="t", licence="").given
    assert first.entity.id != second.entity.id


@pytest.mark.parametrize(
    ("change", "message"),
    [({"number": ""}, "x:2: id"), ({"name": "", "arabic": ""}, "x:2: .*no name"), ({"name": "x" * 301}, "x:2: ")],
)
def test_a_row_that_breaks_a_rule_is_named(tmp_path: Path, change: dict[str, str], message: str) -> None:
    path = _write(tmp_path / "x", _ROW | change, kind="csv")
    with pytest.raises(EntityError, match=message):
        list(open_table(path, _MAPPING, name="t", licence="").given)


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    path = _write(tmp_path / "x", {"number": "1", "title": "x"}, kind="csv")
    with pytest.raises(InputError, match="no column 'name'; it has 'number', 'title'"):
        list(open_table(path, Mapping("number", "=place", {"en": "name"}), name="t", licence="").given)


@pytest.mark.parametrize("name", ["", "Clients", "a" * 22, "a b", "catalogue\n"])
def test_a_source_has_a_short_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a source"):
        open_table(tmp_path / "x", _MAPPING, name=name, licence="")


@pytest.mark.parametrize("data", [b"\xff", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "x").write_bytes(data)
    with pytest.raises(InputError, match="cannot be read"):
        open_table(tmp_path / "x", _MAPPING, name="t", licence="")
