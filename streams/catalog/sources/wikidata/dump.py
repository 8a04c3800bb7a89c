"""A dump as blocks of whole lines, whatever it is compressed with, in constant memory.

Where a block ends is a function of the bytes alone: at the first line end at or after `BLOCK_BYTES` from its start.
So an import that goes on finds the same blocks, and knows by a running checksum that it reads the same dump.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, cast

import zstandard

from streams.catalog.sources.bzip2 import open_bzip2
from streams.catalog.sources.zstd import is_zstd, open_zstd
from streams.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["BLOCK_BYTES", "MAX_LINE", "START", "Block", "Dump", "Place", "cut"]

BLOCK_BYTES: Final = 4 << 20
"""Least bytes of a block: hundreds of entities, a few hundredths of a second of work."""

MAX_LINE: Final = 64 << 20
"""Most bytes of a line; the largest items have about five million. What is longer is cut, and so reported as broken."""

_READ: Final = 1 << 20
_HEAD: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b"
_BZIP2: Final = b"BZh"
_SPACE: Final = b" \t\r\n\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two blocks.

    Attributes:
        block: Number of the block that begins there.
        line: Number of its first line, from 1.
        offset: Bytes before it, uncompressed.
        checksum: CRC-32 of these bytes.
    """

    block: int
    line: int
    offset: int
    checksum: int


START: Final = Place(0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a dump.

    Attributes:
        place: Where it begins.
        after: Where the next one begins.
        data: Its bytes.
        read: Bytes of the file, as compressed as it is, that had been read when the block was cut.
    """

    place: Place
    after: Place
    data: bytes
    read: int


class Dump:
    """A dump, open for reading once.

    Args:
        stream: Its bytes; it need not seek.
        name: What to call it in messages.
        size: Its size in bytes, compressed as it is; None where nobody knows.

    Attributes:
        identity: What tells it from others from its beginning on. One that ended too early and the whole of it have
            the same.
        is_unclosed: Whether it began an array that did not end with the last block: at its end, it was cut off.

    Raises:
        InputError: It is empty.
    """

    def __init__(self, stream: IO[bytes], name: str, *, size: int | None) -> None:
        self.name = name
        self.size = size
        head = _head(stream, name)
        self._raw = _Counted(stream, head)
        self._buffer = io.BufferedReader(self._raw, _HEAD)
        if len(head) == 0:
            raise InputError(f"{name} is empty.", remedy="Give a JSON dump of Wikidata.")
        self.is_plain = not (head.startswith((_GZIP, _BZIP2)) or is_zstd(head))
        self._can_seek = size is not None
        self._is_array = self.is_plain and _opens_array(head)
        self.is_unclosed = False
        digest = hashlib.sha256(head)
        if self.is_plain and self._can_seek:
            # Nobody reads again what an import that goes on has read of it.
            digest.update(str(size).encode())
        self.identity = digest.hexdigest()[:16]
        self._stream = _decompressed(self._buffer, head)

    @classmethod
    def open(cls, path: Path) -> Dump:
        """Open a file.

        Raises:
            InputError: It cannot be read, or is empty.
        """
        try:
            stream = path.open("rb", buffering=0)
            size = path.stat().st_size
        except OSError as exc:
            raise InputError(f"The dump {path} cannot be read: {exc}.", remedy="Name a file that can.") from exc
        # A pipe has no size and cannot seek.
        return cls(cast("IO[bytes]", stream), str(path), size=size if path.is_file() else None)

    def blocks(self, start: Place = START) -> Iterator[Block]:
        """Yield the blocks from ``start`` on.

        Raises:
            InputError: The dump cannot be read, ends too early, or is not the one in which ``start`` is.
        """
        if start.offset > 0 and self.is_plain and self._can_seek:
            self._buffer.seek(start.offset)
            yield from self._cut(start)
            return
        end = START
        for block in self._cut(START):
            if block.place.block >= start.block:
                yield block
            elif block.after.block == start.block and block.after != start:
                raise self._differs(start)
            end = block.after
        if end.block < start.block:
            raise self._differs(start)

    def check_end(self, end: Place) -> None:
        """Check that the dump is the one that was read to ``end``: of a pipe, the beginning and the size do not say so.

        Raises:
            InputError: It is another one.
        """
        if self.size is None and next(self.blocks(end), None) is not None:
            raise self._differs(end)

    def _cut(self, start: Place) -> Iterator[Block]:
        for block in cut(self._stream, start, name=self.name, position=lambda: self._raw.position):
            if block.place == START:
                self._is_array = _opens_array(block.data)
            end = block.data[-_HEAD:].rstrip(_SPACE)
            if len(end) > 0:
                self.is_unclosed = self._is_array and not end.endswith(b"]")
            yield block

    def _differs(self, place: Place) -> InputError:
        return InputError(
            f"{self.name} differs from the dump that the import began with, before or at line {place.line:,}.",
            remedy="Give that dump, or begin anew with --restart.",
        )

    def close(self) -> None:
        """Close the file."""
        self._raw.close()


class _Counted(io.RawIOBase):
    """A stream that knows how many of its bytes were read."""

    def __init__(self, stream: IO[bytes], head: bytes) -> None:
        super().__init__()
        self._stream = stream
        self._head = head
        self.position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET:
            # Only asked by readers that want to know where they are.
            return self.position
        self._head = b""
        self.position = self._stream.seek(offset)
        return self.position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # what BufferedReader gives
        if len(self._head) > 0:
            data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.position += len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _head(stream: IO[bytes], name: str) -> bytes:
    """Return the first bytes, as many however the other end of a pipe portions them."""
    head = bytearray()
    try:
        while len(head) < _HEAD:
            data = stream.read(_HEAD - len(head))
            if len(data) == 0:
                break
            head += data
    except OSError as exc:
        raise InputError(f"The dump {name} cannot be read: {exc}.", remedy="Name a file that can.") from exc
    return bytes(head)


def _opens_array(data: bytes) -> bool:
    return data[:_HEAD].lstrip(_SPACE).startswith(b"[")


def cut(stream: IO[bytes], start: Place, *, name: str, position: object = None) -> Iterator[Block]:
    """Cut uncompressed bytes into blocks.

    Args:
        stream: The bytes from ``start`` on.
        start: Where the first block begins.
        name: What to call the dump in messages.
        position: A function that says how much of the file was read.

    Raises:
        InputError: The stream cannot be read, or ends too early.
    """
    place = start
    pending = bytearray()
    searched = 0
    dropped = 0
    while True:
        data = _read(stream, name, place)
        pending += data
        is_end = len(data) == 0
        while True:
            at = pending.find(b"\n", max(BLOCK_BYTES - 1, searched))
            if at < 0:
                break
            block = _block(place, bytes(pending[: at + 1]), dropped, position)
            yield block
            place, dropped, searched = block.after, 0, 0
            del pending[: at + 1]
        searched = max(len(pending), BLOCK_BYTES - 1)
        if is_end:
            if len(pending) > 0:
                yield _block(place, bytes(pending), dropped, position)
            return
        if len(pending) > BLOCK_BYTES + MAX_LINE:
            dropped += len(pending) - BLOCK_BYTES - MAX_LINE
            del pending[BLOCK_BYTES + MAX_LINE :]
            searched = len(pending)


def _block(place: Place, data: bytes, dropped: int, position: object) -> Block:
    after = Place(
        place.block + 1,
        place.line + data.count(b"\n"),
        place.offset + len(data) + dropped,
        zlib.crc32(data, place.checksum),
    )
    return Block(place, after, data, position() if callable(position) else 0)


def _read(stream: IO[bytes], name: str, place: Place) -> bytes:
    try:
        return stream.read(_READ)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zstandard.ZstdError) as exc:
        raise InputError(
            f"{name} cannot be read after line {place.line:,}: {exc}.",
            remedy="What was read is kept: give the whole dump, and the import goes on there.",
        ) from exc


def _decompressed(buffer: Any, head: bytes) -> IO[bytes]:
    if head.startswith(_GZIP):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=buffer))
    if head.startswith(_BZIP2):
        return open_bzip2(buffer)
    if is_zstd(head):
        return open_zstd(buffer)
    return cast("IO[bytes]", buffer)
