"""The snapshot file: what lies where, and how its wholeness is checked.

::

    magic           8 bytes   b"WASLSNAP"
    header length   u32       bytes of the JSON header
    header checksum u32       CRC-32 of the JSON header
    header          JSON      format, byte order, folding, version, counts, and a table of the sections:
                              name, offset from the first section, length, CRC-32 with its padding
    sections        each begins at a multiple of 8

Numbers in sections have the byte order of the machine that compiled them, which the header names: they are
read in place, through the page cache that all workers of a host share. Every byte is under a checksum, so
a file that was cut short or altered is refused as a whole before anything of it is used.
"""

from __future__ import annotations

import sys
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.errors import SnapshotError
from streams.linking.fold import fold_text
from streams.linking.variants import VARIANTS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMAT", "Header", "assemble", "folding_name", "parse"]

FORMAT: Final = 2
"""Number of the format; a reader takes its own and refuses every other."""

_MAGIC: Final = b"WASLSNAP"
_PREAMBLE: Final = len(_MAGIC) + 8
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
    # Spaces are white space in JSON, and bring the first section to a multiple of 8.
    described += b" " * (-(_PREAMBLE + len(described)) % 8)
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
    if fields["format"] != FORMAT or fields["byte_order"] != sys.byteorder:
        raise SnapshotError(
            f"Snapshot {name} has format {fields['format']} ({fields['byte_order']}-endian); this program reads"
            f" format {FORMAT} ({sys.byteorder}-endian).",
            remedy=_REMEDY,
        )
    if fields["folding"] != folding_name():
        raise SnapshotError(
            f"Snapshot {name} was folded by {fields['folding']}, and this program folds by {folding_name()}.",
            remedy=_REMEDY,
        )
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
    known = {field: fields[field] for field in Header.__dataclass_fields__}
    return Header(**{**known, "languages": tuple(known["languages"])}), sections


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
    fields: dict[str, Any] = orjson.loads(described)
    return fields
