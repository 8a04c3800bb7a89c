"""Compressed batches, unpacked piece by piece: Kafka bounds what comes, and that may hold a thousand times as much.

A batch that holds more than a worker takes at once is never held whole. Its records are taken out one by one; of one
that is too large to become an article or a dead letter, a word stands in the place of its value. So it does of what
stands further back in the batch than is ever unpacked.
"""

from __future__ import annotations

import zlib
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import lz4.frame
import zstandard
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy, _DefaultRecordPy

from streams.kafka.record import LONGEST_NUMBER, Record, read_number, read_record
from streams.workers.records import Withheld

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Unpacked", "one_by_one", "unpacker"]

_PIECE: Final = 65_536
# Of one batch, in bytes: a second's work or two, which a worker does again, between two heartbeats, where it was ended
# within the batch.
_MOST_UNPACKED: Final = 536_870_912


def unpacker(codec: int) -> Callable[[memoryview], Iterator[bytes]] | None:
    """Return what unpacks a codec of Kafka piece by piece.

    None where nothing does: for what is not compressed, and for snappy, which makes at most 21 bytes of one.
    """
    return _UNPACKERS.get(codec)


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
            more = bytes(data[at : at + _PIECE]) if needs_more else b""
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
    piece: bytes = stream.decompress(more, max_length=_PIECE)
    if is_over and len(piece) == 0 and not stream.eof:
        raise EOFError
    return piece


def _unpack_zstd(data: memoryview) -> Iterator[bytes]:
    with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
        while len(piece := reader.read(_PIECE)) > 0:
            yield piece


_UNPACKERS: Final[dict[int, Callable[[memoryview], Iterator[bytes]]]] = {
    DefaultRecordBatch.CODEC_GZIP: partial(_unpack, _Member),
    DefaultRecordBatch.CODEC_LZ4: partial(_unpack, lz4.frame.LZ4FrameDecompressor),
    DefaultRecordBatch.CODEC_ZSTD: _unpack_zstd,
}


class Unpacked:
    """The records of a batch as bytes, of which no more are unpacked than are asked for.

    Args:
        pieces: What unpacks them.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = bytearray()
        self.taken = 0

    def behind(self, head: bytes | bytearray, *, most: int) -> bytes | None:
        """Return a head and all there is, or None where there is more than ``most`` bytes; nothing is taken.

        Raises:
            CorruptRecordException: They cannot be unpacked.
        """
        while len(self._held) <= most:
            if not self._unpack():
                return b"".join((head, self._held))
        return None

    def take(self, size: int) -> bytes:
        """Return the next bytes.

        Raises:
            CorruptRecordException: There are no more, or they cannot be unpacked.
        """
        while len(self._held) < size:
            if not self._unpack():
                raise CorruptRecordException(f"A batch ends {size - len(self._held)} bytes before its last record does")
        with memoryview(self._held) as held:
            found = bytes(held[:size])
        del self._held[:size]
        self.taken += size
        return found

    def pass_over(self, size: int) -> None:
        """Take bytes that nobody needs; raises as `take` does."""
        while size > 0:
            size -= len(self.take(min(size, _PIECE)))

    def number(self) -> int:
        """Take a number; raises as `take` does."""
        while len(self._held) < LONGEST_NUMBER and self._unpack():
            pass
        try:
            value, size = read_number(self._held, 0)
        except (IndexError, ValueError) as exc:
            raise CorruptRecordException(f"A batch is no batch: {exc!r}") from exc
        self.take(size)
        return value

    def _unpack(self) -> bool:
        try:
            piece = next(self._pieces, None)
        except (zlib.error, zstandard.ZstdError, RuntimeError, EOFError) as exc:
            raise CorruptRecordException(f"A batch cannot be unpacked: {exc!r}") from exc
        if piece is None:
            return False
        self._held += piece
        return True


def one_by_one(head: bytes, unpacked: Unpacked, *, most: int) -> Iterator[Any]:
    """Take the records out of a batch.

    Args:
        head: The head of the batch.
        unpacked: Its records.
        most: Largest record that is taken out whole, in bytes.

    Raises:
        CorruptRecordException: They are no records.
    """
    batch: Any = _DefaultRecordBatchPy(head)
    left = batch._num_records  # noqa: SLF001 - there is no public way
    while left > 0:
        left -= 1
        size = unpacked.number()
        if size < 0:
            raise CorruptRecordException(f"A record in a batch has {size} bytes")
        begin = unpacked.taken
        is_too_far = begin + size > _MOST_UNPACKED
        if size <= most and not is_too_far:
            try:
                record = read_record(unpacked.take(size))
            except ValueError as exc:
                raise CorruptRecordException(f"A record in a batch is none: {exc}") from exc
            yield _made(batch, record)
            continue
        unpacked.take(1)
        after, number = unpacked.number(), unpacked.number()
        too_far = f"The record stands too far back in one batch: {_MOST_UNPACKED} bytes of it are unpacked."
        too_large = f"The record has {size} bytes as it is unpacked; {most} are taken out of a batch that holds much."
        yield _withheld(batch, after, number, too_large if size > most else too_far)
        if is_too_far:
            # Where compaction left gaps, which offsets are left is not known without unpacking; how many is.
            for later in islice(range(number + 1, batch.last_offset_delta + 1), left):
                yield _withheld(batch, after, later, too_far)
            return
        unpacked.pass_over(size - (unpacked.taken - begin))


def _withheld(batch: Any, after: int, number: int, why: str) -> Any:
    return _made(batch, Record(after, number, None, Withheld(why), []))


def _made(batch: Any, record: Record) -> Any:
    is_stamped = batch.timestamp_type == batch.LOG_APPEND_TIME
    timestamp = batch.max_timestamp if is_stamped else batch.first_timestamp + record.after
    return _DefaultRecordPy(
        batch.base_offset + record.number,
        timestamp,
        batch.timestamp_type,
        record.key,
        record.value,
        record.headers,
    )
