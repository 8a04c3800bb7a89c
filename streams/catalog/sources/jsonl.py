"""Catalogue JSONL: one entity a line, compressed with gzip or zstd, or not."""

from __future__ import annotations

import gzip
import zlib
from typing import IO, TYPE_CHECKING, Final

import zstandard

from streams.catalog.sources.zstd import is_zstd, open_zstd
from streams.errors import EntityError, InputError
from streams.events.entity import decode_entity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from streams.events.entity import Entity

__all__ = ["read_entities", "read_lines"]

_GZIP: Final = b"\x1f\x8b"
_HEAD: Final = 4


def read_entities(path: Path, *, on_error: Callable[[EntityError], None] | None = None) -> Iterator[Entity]:
    """Read the entities of a catalogue file; blank lines are skipped, how it is compressed is seen from its bytes.

    Args:
        path: The file.
        on_error: Is told about each line that breaks a rule, which is then left out; None raises it.

    Raises:
        EntityError: A line breaks a rule; the message begins with ``file:line``.
        InputError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from read_lines(file, str(path), on_error=on_error)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as exc:
        remedy = "Give a JSONL file, plain or compressed with gzip or zstd."
        raise InputError(f"Catalogue {path} cannot be read: {exc}.", remedy=remedy) from exc


def read_lines(
    stream: IO[bytes], name: str, *, on_error: Callable[[EntityError], None] | None = None
) -> Iterator[Entity]:
    """Read the entities of an open catalogue file.

    Args:
        stream: The bytes; it can seek.
        name: What to call the file in messages.
        on_error: As for `read_entities`.

    Raises:
        EntityError: A line breaks a rule; the message begins with ``file:line``.
    """
    for number, line in enumerate(_decompressed(stream), start=1):
        if len(line.strip()) == 0:
            continue
        try:
            entity = decode_entity(line)
        except EntityError as exc:
            error = EntityError(f"{name}:{number}: {exc.message}", remedy=exc.remedy)
            if on_error is None:
                raise error from exc
            on_error(error)
        else:
            yield entity


def _decompressed(stream: IO[bytes]) -> Iterable[bytes]:
    head = stream.read(_HEAD)
    stream.seek(0)
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=stream)
    if is_zstd(head):
        return open_zstd(stream)
    return stream
