"""A user's own table, CSV or JSONL, whose columns are mapped to the fields of an entity."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from streams.catalog.sources.codes import COUNTRIES, SHAPES
from streams.catalog.sources.origin import Given, Origin, Reading, Source, country_id, local_id
from streams.errors import EntityError, EventError, InputError, SchemaError
from streams.events import read
from streams.events.entity import check_entity_id, parse_entity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Mapping", "open_table"]

_OWN: Final = re.compile(r"(?:Q[1-9][0-9]{0,11}|local:[a-z0-9][a-z0-9._-]{0,118})\Z")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,20}\Z")
_SEPARATOR: Final = ";"
_ARRAY: Final = re.compile(r"\s*\[\s*[{\]]")
_OTHERS: Final = ("\t", ";", "|")
_SHOWN: Final = 20
# What JSON writes with a point or an exponent, or with more digits than 64 bits hold, is read with 15 digits.
_EXACT: Final = 1e15


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds what; a value ``=X`` stands for X in every row.

    Attributes:
        id: The key: a QID, a ``local:`` id, or whatever the table calls its rows.
        type: The type.
        labels: Columns of labels by language.
        aliases: Columns of aliases by language; a cell holds several, between semicolons.
        external: Columns of ids elsewhere by scheme; a cell holds several, between semicolons.
        description: The description.
        country: ISO 3166 code of the country.
    """

    id: str
    type: str
    labels: dict[str, str]
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    external: dict[str, str] = field(default_factory=dict)
    description: str | None = None
    country: str | None = None


def open_table(path: Path, mapping: Mapping, *, name: str, licence: str) -> Source:
    """Open a table.

    Args:
        path: CSV with a line of headings, or JSON lines; which of them is seen from its first character.
        mapping: Which column holds what.
        name: What the source is called, in ids and in provenance.
        licence: The licence of its data.

    Raises:
        InputError: The file cannot be read or is empty, or ``name`` cannot name a source, or ``licence`` is not UTF-8.
    """
    if _NAME.match(name) is None:
        raise InputError(
            f"{name!r} cannot name a source.",
            remedy="Name it with --source: up to 21 lower-case letters, digits and underscores.",
        )
    try:
        licence.encode()
    except UnicodeEncodeError as exc:
        raise InputError(
            f"The licence {read.excerpt(licence)} is not UTF-8.", remedy="Give it in UTF-8 with --licence."
        ) from exc
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path} cannot be read: {exc}.", remedy="Give a CSV or JSONL file in UTF-8.") from exc
    if text.strip() == "":
        raise InputError(f"{path} is empty.", remedy="Give CSV with a line of headings, or JSON lines.")
    version = hashlib.sha256(data).hexdigest()[:12]
    reading = Reading()
    return Source(Origin(name, version, licence), _read(text, str(path), mapping, name, reading), reading)


def _read(text: str, path: str, mapping: Mapping, name: str, reading: Reading) -> Iterator[Given]:
    if text.lstrip()[:1] == "{":
        _check_keys(text, path, mapping, reading)
        rows = _decoded(text, path)
    else:
        rows = _csv_rows(text, path, mapping)
    for number, row in rows:
        reading.rows += 1
        try:
            yield _given(row, mapping, name, reading, f"{path}:{number}")
        except EventError as exc:
            raise EntityError(f"{path}:{number}: {exc.message}", remedy=exc.remedy) from exc


def _csv_rows(text: str, path: str, mapping: Mapping) -> Iterator[tuple[int, dict[str, Any]]]:
    _check_form(text, path, mapping)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    headings: list[str] = []
    while True:
        number = rows.line_num + 1
        try:
            cells = next(rows, None)
        except csv.Error as exc:
            raise InputError(f"{path}:{number}: {exc}.", remedy="Give CSV with commas and double quotes.") from exc
        if cells is None:
            return
        if _are_blank(cells):
            continue
        if len(headings) == 0:
            headings = cells
            for column in (*_needed(mapping), *_optional(mapping)):
                _check_column(path, column, headings)
        elif _are_blank(cells[len(headings) :]):
            # Spreadsheets leave out empty cells at the end of a row, or write more of them than there are headings.
            yield number, dict(zip_longest(headings, cells[: len(headings)], fillvalue=""))
        else:
            raise EntityError(
                f"{path}:{number}: cells of the row: {len(cells)}; headings of the table: {len(headings)}.",
                remedy="Give each cell a heading, and put cells that hold commas between double quotes.",
            )


def _check_form(text: str, path: str, mapping: Mapping) -> None:
    """Refuse what is no CSV with commas, by its first line."""
    if _ARRAY.match(text) is not None:
        raise InputError(f"{path} is a JSON array.", remedy="Give JSON lines, one object a line.")
    first = text.lstrip().partition("\n")[0].strip()
    if set(_needed(mapping)) <= {first}:
        return
    separator = next((each for each in _OTHERS if each in first), None)
    if separator is not None and "," not in first:
        raise InputError(f"{path} is separated by {separator!r}.", remedy="Give CSV with commas.")


def _are_blank(cells: list[str]) -> bool:
    return all(cell.strip() == "" for cell in cells)


def _check_keys(text: str, path: str, mapping: Mapping, reading: Reading) -> None:
    keys = list(dict.fromkeys(key for _, row in _decoded(text, path) for key in row))
    for column in _needed(mapping):
        _check_column(path, column, keys)
    for column in _optional(mapping):
        # Programs leave out what is empty, and in this table it may be so everywhere; or it is misspelt.
        if column not in keys:
            reading.leave_out(f"column {column!r}, which no row has", path)


def _decoded(text: str, path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() != "":
            try:
                yield number, read.decode_object(line.encode(), "row")
            except EventError as exc:
                raise EntityError(f"{path}:{number}: {exc.message}", remedy=exc.remedy) from exc


def _check_column(path: str, column: str, headings: list[str]) -> None:
    if column not in headings:
        shown = ", ".join(map(read.excerpt, headings[:_SHOWN]))
        more = "" if len(headings) <= _SHOWN else f" and {len(headings) - _SHOWN} more"
        raise InputError(f"{path} has no column {column!r}; it has {shown}{more}.", remedy="Name one of these.")
    if headings.count(column) > 1:
        raise InputError(
            f"{path} has {headings.count(column)} columns {column!r}.", remedy="Give each a heading of its own."
        )


def _needed(mapping: Mapping) -> list[str]:
    """Return the columns without which there is no entity."""
    return _named(mapping.id, mapping.type, *mapping.labels.values())


def _optional(mapping: Mapping) -> list[str]:
    aliases = (column for columns in mapping.aliases.values() for column in columns)
    others = (column for column in (mapping.description, mapping.country) if column is not None)
    return _named(*aliases, *mapping.external.values(), *others)


def _named(*columns: str) -> list[str]:
    return [column for column in dict.fromkeys(columns) if not column.startswith("=")]


def _given(row: dict[str, Any], mapping: Mapping, name: str, reading: Reading, where: str) -> Given:
    key = _cell(row, mapping.id)
    country = _country(row, mapping, reading, where)
    document = {
        "id": key if _OWN.match(key) is not None else local_id(name, key, exact=True) if key != "" else key,
        "type": _cell(row, mapping.type),
        "labels": {tag: _cell(row, column) for tag, column in mapping.labels.items() if _cell(row, column) != ""},
        "aliases": {
            tag: [part for column in columns for part in _cells(row, column)]
            for tag, columns in mapping.aliases.items()
        },
        "external_ids": {
            scheme: ids
            for scheme, column in mapping.external.items()
            if len(ids := _ids(row, scheme, column, reading, where)) > 0
        },
        "related": [] if country is None else [country_id(country)],
        "description": None if mapping.description is None else _cell(row, mapping.description) or None,
    }
    check_entity_id(document["id"])
    return Given(parse_entity(document), country)


def _country(row: dict[str, Any], mapping: Mapping, reading: Reading, where: str) -> str | None:
    given = "" if mapping.country is None else _cell(row, mapping.country)
    if given.upper() in COUNTRIES:
        return given.upper()
    if given != "":
        reading.leave_out(f"{read.excerpt(given)} is no country of ISO 3166, such as JO", where)
    return None


def _ids(row: dict[str, Any], scheme: str, column: str, reading: Reading, where: str) -> list[str]:
    ids = dict.fromkeys(_cells(row, column))
    shape = SHAPES.get(scheme)
    if shape is None:
        return list(ids)
    taken = []
    for each in ids:
        if shape.fullmatch(each.upper()) is None:
            reading.leave_out(f"{read.excerpt(each)} is no {scheme.upper()}", where)
        else:
            taken.append(each.upper())
    return list(dict.fromkeys(taken))


def _value(row: dict[str, Any], column: str) -> Any:
    return column[1:] if column.startswith("=") else row.get(column)


def _text(value: Any, column: str) -> str:
    """Return what is in a cell, or in one of its parts.

    Raises:
        SchemaError: It is no text and no number, or a number whose last digits are lost.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise SchemaError(
            f"Column {column!r} holds {read.excerpt(value)}; a text or a number is allowed.",
            remedy="Lists of them are for aliases and ids elsewhere.",
        )
    if isinstance(value, float) and abs(value) >= _EXACT:
        raise SchemaError(
            f"Column {column!r} holds {read.excerpt(value)}; numbers of up to 15 digits are allowed, since the last"
            " digits of others are lost.",
            remedy="Put it between double quotes.",
        )
    return str(value).strip()


def _cell(row: dict[str, Any], column: str) -> str:
    return _text(_value(row, column), column)


def _cells(row: dict[str, Any], column: str) -> list[str]:
    value = _value(row, column)
    parts = value if isinstance(value, list) else _text(value, column).split(_SEPARATOR)
    return [text for text in (_text(part, column) for part in parts) if text != ""]
