"""The snapshot file: what lies where, and how its wholeness is checked.

::

    magic           8 bytes   b"WASLSNAP"
    header length   u32       bytes of the JSON header
    header checksum u32       CRC-32 of the JSON header
    header          JSON      format, byte order, folding, version, counts, and a table of the sections:
                              name, offset from the first section, length, CRC-32 with its padding
    sections        each begins at a multiple of 8; a large first one where `streams.catalog.pages` can share it

Numbers in sections have the byte order of the machine that compiled them, which the header names: they are
read in place, through the page cache that all workers of a host share. Every byte is under a checksum, so
a file that was cut short or altered is refused as a whole before anything of it is used.
"""

from __future__ import annotations

import re
import sys
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.catalog.pages import LARGE, PAGE, PLACE
from streams.errors import DecodeError, SnapshotError
from streams.events.read import decode_object, excerpt
from streams.linking.fold import fold_text
from streams.linking.variants import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMAT", "Header", "assemble", "folding_name", "parse", "section_start"]

FORMAT: Final = 4
"""Number of the format; a reader takes its own and refuses every other."""

_MAGIC: Final = b"WASLSNAP"
_PREAMBLE: Final = len(_MAGIC) + 8
_COUNTS: Final = ("sequence", "entities", "redirects", "forms", "postings")
_ROW: Final = (str, int, int, int)
_SUM: Final = re.compile(r"[0-9a-f]{1,64}\Z")
_REMEDY: Final = "Delete it; it is compiled anew from the catalogue, or use the snapshot before it."


@dataclass(frozen=True, slots=True)
class Header:
    """What a snapshot says about itself.

    Attributes:
        version: Name of the catalogue version that it holds.
        content_sum: The sum of its records' hashes, as hexadecimal digits.
        sequence: Sequence of the last change of the store in it; 0 where there was no store.
        entities: Entities, retired ones included.
        redirects: Ids that redirect.
        forms: Forms that texts are searched for.
        postings: Uses of forms by entities.
        languages: Language tags, in the order in which postings number them.
        folding: Name of the folding that made the forms.
    """

    version: str
    content_sum: str
    sequence: int
    entities: int
    redirects: int
    forms: int
    postings: int
    languages: tuple[str, ...]
    folding: str


@cache
def folding_name() -> str:
    """Return a name of what folding does now: a snapshot whose forms were folded otherwise is of no use.

    It is the checksum of what every code point of the first plane folds to, about 50 ms once a process.
    """
    chars = (chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xF900)
    return f"{zlib.crc32(fold_text('.'.join(chars)).encode()):08x}-v{VARIANTS}"


def assemble(header: Header, sections: Mapping[str, bytes]) -> list[bytes]:
    """Return the pieces of a snapshot, to be written one after the other."""
    table, pieces, offset = [], [], 0
    for name, data in sections.items():
        padding = bytes(-len(data) % 8)
        table.append([name, offset, len(data), zlib.crc32(padding, zlib.crc32(data))])
        pieces += [data, padding]
        offset += len(data) + len(padding)
    fields = {name: getattr(header, name) for name in Header.__dataclass_fields__}
    described = orjson.dumps({"format": FORMAT, "byte_order": sys.byteorder, **fields, "sections": table})
    # Spaces are white space in JSON, and bring the first section to its place.
    is_large = len(next(iter(sections.values()), b"")) >= LARGE
    described += b" " * ((PLACE - _PREAMBLE - len(described)) % (PAGE if is_large else 8))
    lengths = len(described).to_bytes(4, "little") + zlib.crc32(described).to_bytes(4, "little")
    return [_MAGIC + lengths + described, *pieces]


def parse(buffer: memoryview, name: str) -> tuple[Header, dict[str, memoryview]]:
    """Check a snapshot and return its header and its sections, which share the memory of ``buffer``.

    Args:
        buffer: The whole snapshot.
        name: What to call it in messages: a path or a key.

    Raises:
        SnapshotError: It is not a snapshot, not whole, or not one that this program can use.
    """
    fields = _read_header(buffer, name)
    if fields.get("format") != FORMAT or fields.get("byte_order") != sys.byteorder:
        raise SnapshotError(
            f"Snapshot {name} has format {excerpt(fields.get('format'))}"
            f" ({_plain(fields.get('byte_order'))}-endian); this program reads format {FORMAT}"
            f" ({sys.byteorder}-endian).",
            remedy=_REMEDY,
        )
    if fields.get("folding") != folding_name():
        raise SnapshotError(
            f"Snapshot {name} was folded by {_plain(fields.get('folding'))}, and this program folds by"
            f" {folding_name()}.",
            remedy=_REMEDY,
        )
    header = _checked_header(fields, name)
    start = _PREAMBLE + int.from_bytes(buffer[8:12], "little")
    sections = {}
    for section, offset, length, checksum in fields["sections"]:
        padded = length + -length % 8
        data = buffer[start + offset : start + offset + padded]
        if len(data) != padded or zlib.crc32(data) != checksum:
            raise SnapshotError(
                f"Snapshot {name} is damaged: section {section} is cut short or has a wrong checksum.", remedy=_REMEDY
            )
        sections[section] = data[:length]
    return header, sections


def _read_header(buffer: memoryview, name: str) -> dict[str, Any]:
    if bytes(buffer[: len(_MAGIC)]) != _MAGIC:
        raise SnapshotError(f"{name} is not a catalogue snapshot: it does not begin with {_MAGIC!r}.", remedy=_REMEDY)
    length, checksum = (int.from_bytes(buffer[at : at + 4], "little") for at in (8, 12))
    described = bytes(buffer[_PREAMBLE : _PREAMBLE + length])
    if len(described) != length or zlib.crc32(described) != checksum:
        raise SnapshotError(
            f"Snapshot {name} is damaged: its header has {len(described)} of {length} bytes or a wrong checksum.",
            remedy=_REMEDY,
        )
    try:
        # The checksum fits, so this is what somebody wrote; that it was this program is not said.
        return decode_object(described, f"header of snapshot {name}")
    except DecodeError as exc:
        raise SnapshotError(exc.message, remedy=_REMEDY) from exc


def _checked_header(fields: dict[str, Any], name: str) -> Header:
    """Return the header, and see to it that the table of the sections is one.

    Raises:
        SnapshotError: A field is missing or of another kind.
    """
    languages, sections = fields.get("languages"), fields.get("sections")
    is_whole = (
        all(isinstance(fields.get(field), str) for field in ("version", "folding"))
        and all(_is_count(fields.get(field)) for field in _COUNTS)
        and isinstance(fields.get("content_sum"), str)
        and _SUM.match(fields["content_sum"]) is not None
        and isinstance(languages, list)
        and all(isinstance(language, str) for language in languages)
        and isinstance(sections, list)
        and all(
            isinstance(row, list)
            and len(row) == len(_ROW)
            and all(isinstance(value, kind) for value, kind in zip(row, _ROW, strict=True))
            and all(_is_count(value) for value in row[1:])
            for row in sections
        )
    )
    if not is_whole:
        raise SnapshotError(f"Snapshot {name} is damaged: its header is not one that Wasl wrote.", remedy=_REMEDY)
    known = {field: fields[field] for field in Header.__dataclass_fields__}
    return Header(**{**known, "languages": tuple(known["languages"])})


def section_start(buffer: memoryview, section: str) -> int:
    """Return where a section begins in a snapshot that `parse` has checked, in bytes from its beginning."""
    start = _PREAMBLE + int.from_bytes(buffer[8:12], "little")
    table = orjson.loads(buffer[_PREAMBLE:start])["sections"]
    found: int = next(start + offset for name, offset, _, _ in table if name == section)
    return found


def _plain(value: Any) -> str:
    return excerpt(value).strip("'")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
