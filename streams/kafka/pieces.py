"""Compressed batches, unpacked piece by piece as Kafka unpacks them.

Its Python libraries unpack a batch whole, whatever it holds, and give up at one that has bytes behind its end.
"""

from __future__ import annotations

import zlib
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import lz4.frame
import zstandard
from kafka.record.default_records import DefaultRecordBatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["PIECE", "unpacker"]

PIECE: Final = 65_536
"""Most bytes of a piece."""


def unpacker(codec: int) -> Callable[[memoryview], Iterator[bytes]] | None:
    """Return what unpacks a codec of Kafka piece by piece; it raises ValueError where something cannot be unpacked.

    None where nothing does: for what is not compressed, and for snappy, which makes at most 21 bytes of one.
    """
    unpack = _UNPACKERS.get(codec)
    return None if unpack is None else partial(_unpacked, unpack)


def _unpacked(unpack: Callable[[memoryview], Iterator[bytes]], data: memoryview) -> Iterator[bytes]:
    try:
        yield from unpack(data)
    except (zlib.error, zstandard.ZstdError, RuntimeError, EOFError) as exc:
        raise ValueError(f"A batch cannot be unpacked: {exc!r}") from exc


class _Member:
    """A member of gzip, to be unpacked as lz4's frames are."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._member.eof

    @property
    def needs_input(self) -> bool:
        return len(self._member.unconsumed_tail) == 0

    @property
    def unused_data(self) -> bytes:
        return self._member.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._member.decompress(self._member.unconsumed_tail + data, max_length)


def _unpack(begin: Callable[[], Any], data: memoryview) -> Iterator[bytes]:
    """Unpack members, or frames, one behind the other.

    Kafka looks no further than the end of the first: what stands behind a whole one may be anything.
    """
    at, is_first = 0, True
    while at < len(data):
        stream, is_begun = begin(), False
        while not stream.eof:
            needs_more = stream.needs_input
            more = bytes(data[at : at + PIECE]) if needs_more else b""
            at += len(more)
            try:
                piece = _piece(stream, more, is_over=needs_more and len(more) == 0)
            except (zlib.error, RuntimeError, EOFError):
                if is_first or is_begun:
                    raise
                return
            is_begun = is_begun or len(piece) > 0
            yield piece
        at -= len(stream.unused_data or b"")
        is_first = False


def _piece(stream: Any, more: bytes, *, is_over: bool) -> bytes:
    piece: bytes = stream.decompress(more, max_length=PIECE)
    if is_over and len(piece) == 0 and not stream.eof:
        raise EOFError
    return piece


def _unpack_zstd(data: memoryview) -> Iterator[bytes]:
    with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
        while len(piece := reader.read(PIECE)) > 0:
            yield piece


_UNPACKERS: Final[dict[int, Callable[[memoryview], Iterator[bytes]]]] = {
    DefaultRecordBatch.CODEC_GZIP: partial(_unpack, _Member),
    DefaultRecordBatch.CODEC_LZ4: partial(_unpack, lz4.frame.LZ4FrameDecompressor),
    DefaultRecordBatch.CODEC_ZSTD: _unpack_zstd,
}
