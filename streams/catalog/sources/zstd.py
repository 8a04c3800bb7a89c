"""Reading zstd as files: one that ends too early is an error, as with gzip, and not a shorter file."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, Final

import zstandard

from streams.catalog.sources.unpacked import open_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_zstd", "open_zstd"]

# A frame, or one that is skipped, as pzstd writes before each.
_MAGIC: Final = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")

# What a few kilobytes unpack to is bounded well enough, whatever they hold.
_READ: Final = 1 << 14


def is_zstd(head: bytes) -> bool:
    """Whether bytes are the beginning of a stream of frames; four are enough."""
    return _MAGIC.match(head) is not None


def open_zstd(stream: IO[bytes]) -> IO[bytes]:
    """Return the uncompressed bytes of a stream of frames.

    Reading raises EOFError where the stream ends within a frame, and zstandard.ZstdError where it is damaged.
    """
    return open_pieces(_unpack(stream))


def _unpack(stream: IO[bytes]) -> Iterator[bytes]:
    frame: Any = None
    while True:
        data = stream.read(_READ)
        if len(data) == 0:
            if frame is not None:
                raise EOFError("it ends within a zstd frame")
            return
        while len(data) > 0:
            if frame is None:
                frame = zstandard.ZstdDecompressor().decompressobj()
            piece = frame.decompress(data)
            data = b""
            if frame.eof:
                data, frame = frame.unused_data, None
            if len(piece) > 0:
                yield piece
