"""A user's own table, CSV or JSONL, whose columns are mapped to the fields of an entity."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from streams.catalog.sources.origin import Given, Origin, Source, country_id, local_id
from streams.errors import EntityError, EventError, InputError
from streams.events import read
from streams.events.entity import check_entity_id, parse_entity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Mapping", "open_table"]

_OWN: Final = re.compile(r"(?:Q[1-9][0-9]{0,11}|local:[a-z0-9][a-z0-9._-]{0,118})\Z")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,20}\Z")
_SEPARATOR: Final = ";"


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
        InputError: The file cannot be read, or has no such column.
    """
    if _NAME.match(name) is None:
        raise InputError(
            f"{name!r} cannot name a source.", remedy="Use up to 21 lower-case letters, digits and underscores."
        )
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path} cannot be read: {exc}.", remedy="Give a CSV or JSONL file in UTF-8.") from exc
    version = hashlib.sha256(data).hexdigest()[:12]
    return Source(Origin(name, version, licence), _read(text, str(path), mapping, name))


def _read(text: str, path: str, mapping: Mapping, name: str) -> Iterator[Given]:
    rows = _json_rows(text, path) if text.lstrip()[:1] == "{" else _csv_rows(text, path, mapping)
    for number, row in rows:
        try:
            yield _given(row, mapping, name)
        except EventError as exc:
            raise EntityError(f"{path}:{number}: {exc.message}", remedy=exc.remedy) from exc


def _csv_rows(text: str, path: str, mapping: Mapping) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = csv.DictReader(io.StringIO(text), strict=True)
    headings = rows.fieldnames or ()
    for column in _columns(mapping):
        if not column.startswith("=") and column not in headings:
            raise InputError(
                f"{path} has no column {column!r}; it has {', '.join(map(repr, headings))}.",
                remedy="Name one of these.",
            )
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as exc:
        raise InputError(f"{path}:{rows.line_num}: {exc}.", remedy="Give CSV with commas and double quotes.") from exc


def _json_rows(text: str, path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() != "":
            try:
                yield number, read.decode_object(line.encode(), "row")
            except EventError as exc:
                raise EntityError(f"{path}:{number}: {exc.message}", remedy=exc.remedy) from exc


def _columns(mapping: Mapping) -> Iterator[str]:
    yield mapping.id
    yield mapping.type
    yield from mapping.labels.values()
    for columns in mapping.aliases.values():
        yield from columns
    yield from mapping.external.values()
    yield from (column for column in (mapping.description, mapping.country) if column is not None)


def _given(row: dict[str, Any], mapping: Mapping, name: str) -> Given:
    key = _cell(row, mapping.id)
    country = _cell(row, mapping.country).upper() if mapping.country is not None else ""
    document = {
        "id": key if _OWN.match(key) is not None else local_id(name, key, exact=True) if key != "" else key,
        "type": _cell(row, mapping.type),
        "labels": {tag: _cell(row, column) for tag, column in mapping.labels.items() if _cell(row, column) != ""},
        "aliases": {
            tag: [part for column in columns for part in _cells(row, column)]
            for tag, columns in mapping.aliases.items()
        },
        "external_ids": {
            scheme: ids for scheme, column in mapping.external.items() if len(ids := _cells(row, column)) > 0
        },
        "related": [country_id(country)] if len(country) == 2 else [],
        "description": None if mapping.description is None else _cell(row, mapping.description) or None,
    }
    check_entity_id(document["id"])
    return Given(parse_entity(document), country if country != "" else None)


def _value(row: dict[str, Any], column: str) -> Any:
    return column[1:] if column.startswith("=") else row.get(column)


def _cell(row: dict[str, Any], column: str) -> str:
    value = _value(row, column)
    return "" if value is None else str(value).strip()


def _cells(row: dict[str, Any], column: str) -> list[str]:
    value = _value(row, column)
    parts = value if isinstance(value, list) else ("" if value is None else str(value)).split(_SEPARATOR)
    return [text for text in (str(part).strip() for part in parts) if text != ""]
