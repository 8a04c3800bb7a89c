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

_LEI = "529900T8BM49AURSDO55"
_MAPPING = Mapping(
    "number", "=organization", {"en": "name"}, {"ar": ("arabic",)}, {"lei": "lei"}, description="about", country="land"
)
_ROW = {"number": "17", "name": "Rahal", "arabic": "رحال; رحال للروبوتات", "lei": _LEI, "about": "robots", "land": "jo"}
_RAHAL = Entity(
    "local:clients-17",
    "organization",
    {"en": "Rahal"},
    {"ar": (Alias("رحال"), Alias("رحال للروبوتات"))},
    "robots",
    related=("local:iso3166-jo",),
    external_ids={"lei": (_LEI,)},
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


_SHORT = Mapping("id", "=place", {"en": "name"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,name\n1,Amman\n2,Irbid, Jordan\n", "x:3: cells of the row: 3; headings of the table: 2"),
        ("id,name\n1,Amman\n,\n2\n", "x:4: .*no name"),
        ("id,name\n,Amman\n", "x:2: id"),
        (
            '{"id": 123456789012345678901, "name": "x"}\n{"id": 123456789012345678902, "name": "y"}',
            r"x:1: Column 'id' holds 1.2345678901234568e\+20; numbers of up to 15 digits are allowed",
        ),
        ('{"id": 1, "name": {"x": 1}}', "x:1: Column 'name' holds {'x': 1}; a text or a number is allowed"),
        ('{"id": 1, "name": ["Amman"]}', "x:1: Column 'name' holds"),
        ('{"id": true, "name": "Amman"}', "x:1: Column 'id' holds True"),
    ],
)
def test_no_cell_is_dropped_or_misread(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x").write_text(text)
    with pytest.raises(EntityError, match=message):
        list(open_table(tmp_path / "x", _SHORT, name="t", licence="").given)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x is empty"),
        ("\ufeff \n", "x is empty"),
        ("id,name,name\n1,Amman,Irbid\n", "x has 2 columns 'name'"),
        ('{"id": 1, "nmae": "Amman"}\n{"id": 2}\n', "x has no column 'name'; it has 'id', 'nmae'"),
        ("id;name\n1;Amman\n", "x is separated by ';'"),
        ('"id";"name"\n"1";"Amman"\n', "x is separated by ';'"),
        ("id\tname\r\n1\tAmman\r\n", r"x is separated by '\\t'"),
        ("sep=;\nid;name\n1;Amman\n", "x is separated by ';'"),
        ("\ufeff[]", "x is a JSON array"),
        ('[\n {"id": 1, "name": "Amman"}]\n', "x is a JSON array"),
        (",".join(f"c{number}" for number in range(5_000)), "it has 'c0', .*'c19' and 4980 more"),
        (f"{'x' * 10_000},id\n", r"it has 'x+… \(10000 characters\), 'id'\. Name one"),
        ('id,name\n1,Amman\n2,"Irbid\n3,Zarqa\n', "x:3: unexpected end of data"),
    ],
)
def test_a_file_that_is_no_table_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x").write_text(text)
    with pytest.raises(InputError, match=message):
        list(open_table(tmp_path / "x", _SHORT, name="t", licence="").given)


def test_cells_that_are_empty_may_be_left_out_or_be_too_many(tmp_path: Path) -> None:
    text = "\n , ,\nid,name,other\n1,Amman\n2,Irbid,اربد,, \n,,\n   \n3,Zarqa,\n"
    (tmp_path / "x").write_text(text, encoding="utf-8-sig")
    mapping = Mapping("id", "=place", {"en": "name"}, {"ar": ("other",)})
    source = open_table(tmp_path / "x", mapping, name="t", licence="")
    assert [(each.entity.labels["en"], each.entity.aliases) for each in source.given] == [
        ("Amman", {}),
        ("Irbid", {"ar": (Alias("اربد"),)}),
        ("Zarqa", {}),
    ]
    assert source.reading is not None
    assert source.reading.rows == 3


def test_a_table_of_one_column_may_hold_any_character_in_its_heading(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("name; or key\nAmman\n")
    mapping = Mapping("name; or key", "=place", {"en": "name; or key"})
    [each] = open_table(tmp_path / "x", mapping, name="t", licence="").given
    assert each.entity.labels == {"en": "Amman"}


def test_a_column_that_no_row_of_json_has_is_left_out_and_noted_unless_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('{"number": 1, "name": "Amman"}\n{"number": 2, "name": "Irbid", "land": "JO"}\n')
    source = open_table(tmp_path / "x", _MAPPING, name="t", licence="")
    assert [each.country for each in source.given] == [None, "JO"]
    assert source.reading is not None
    assert source.reading.left_out == {
        f"column {column!r}, which no row has": (1, f"{tmp_path / 'x'}") for column in ("arabic", "lei", "about")
    }


def test_ids_of_a_known_shape_are_taken_in_either_case(tmp_path: Path) -> None:
    path = _write(tmp_path / "x", {**_ROW, "lei": f"{_LEI.lower()};{_LEI}"}, kind="csv")
    source = open_table(path, _MAPPING, name="t", licence="")
    [each] = source.given
    assert each.entity.external_ids == {"lei": (_LEI,)}


def test_what_is_left_out_is_bounded(tmp_path: Path) -> None:
    rows = [{**_ROW, "number": number, "lei": f"{number}{'x' * 500}; L1; L1"} for number in range(1_100)]
    source = open_table(_write(tmp_path / "x", *rows, kind="csv"), _MAPPING, name="t", licence="")
    assert len(list(source.given)) == 1_100
    assert source.reading is not None
    assert len(source.reading.left_out) == 1_000
    assert max(map(len, source.reading.left_out)) < 100
    assert source.reading.left_out["'L1' is no LEI"] == (1_100, f"{tmp_path / 'x'}:2")
    assert source.reading.more == 101


def test_a_column_may_be_missing_from_some_rows_of_json(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('{"id": 1, "name": "Amman"}\n{"id": 2, "name": "Irbid", "other": ["عمان", null]}\n')
    mapping = Mapping("id", "=place", {"en": "name"}, {"ar": ("other",)})
    first, second = open_table(tmp_path / "x", mapping, name="t", licence="").given
    assert (first.entity.aliases, second.entity.aliases) == ({}, {"ar": (Alias("عمان"),)})


def test_countries_and_ids_that_are_none_are_left_out_and_noted(tmp_path: Path) -> None:
    rows = [{**_ROW, "number": number, "land": land} for number, land in enumerate(("JO", "Jordan", "UK", "UK", ""))]
    rows[0]["lei"] = f"{_LEI}; L1"
    source = open_table(_write(tmp_path / "x", *rows, kind="csv"), _MAPPING, name="t", licence="")
    given = list(source.given)
    assert [each.country for each in given] == ["JO", None, None, None, None]
    assert [each.entity.related for each in given] == [("local:iso3166-jo",), (), (), (), ()]
    assert {each.entity.external_ids["lei"] for each in given} == {(_LEI,)}
    assert source.reading is not None
    assert source.reading.rows == 5
    where = tmp_path / "x"
    assert source.reading.left_out == {
        "'L1' is no LEI": (1, f"{where}:2"),
        "'Jordan' is no country of ISO 3166, such as JO": (1, f"{where}:3"),
        "'UK' is no country of ISO 3166, such as JO": (2, f"{where}:4"),
    }


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
