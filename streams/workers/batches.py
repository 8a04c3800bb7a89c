"""Batches of records as aiokafka unpacks them, but for what would hold up a partition for ever.

- Kafka takes records that aiokafka cannot read, or reads as something else (see `streams.kafka.record`). Such a batch
  is read on from there by slower code of our own.
- aiokafka unpacks a compressed batch whole, and little may hold more than there is memory. So it is given batches
  that are unpacked already, within bounds (see `streams.workers.unpack`).
- What aiokafka has of a partition that goes to another worker holds itself up, megabytes each time, and a worker's
  collector of garbage leaves alone what has stayed (see `streams.workers.memory`). So it is let go where it is dropped.
- A worker that starts again within a batch is given the whole of it. Of a batch of millions of records, those that are
  done would take longer to be read than a session lasts: they are passed over by their sizes.
"""

from __future__ import annotations

import struct
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from weakref import proxy

from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import PartitionRecords
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

from streams.kafka.pieces import unpacker
from streams.workers.unpack import Unpacked, one_by_one

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Records", "read_any_batch"]

_HEAD: Final = struct.Struct(">qi")  # of a batch: its first offset, and how many bytes come after these
_ATTRIBUTES: Final = _DefaultRecordBatchPy.ATTRIBUTES_OFFSET + 1  # the lower byte of the two, which holds the codec
_RECORDS: Final = _DefaultRecordBatchPy.HEADER_STRUCT.size  # where the records begin
_COUNT: Final = struct.Struct(">i")  # of the records, which stands last in the head


class Records:
    """Stands in the place of aiokafka's records of one partition, as they came from Kafka.

    Args:
        data: The batches, one after the other; the last one may be cut off.
        whole: Most bytes of records that are unpacked at once.
        most: Largest record that is taken out of a batch of more.

    Attributes:
        begin: The first offset that is asked for.
    """

    def __init__(self, data: bytes, *, whole: int, most: int) -> None:
        self.begin = 0
        self._data = data
        self._whole = whole
        self._most = most
        self._at = 0

    def size_in_bytes(self) -> int:
        """Return how many bytes came."""
        return len(self._data)

    def has_next(self) -> bool:
        """Return whether there is another whole batch."""
        return self._end() <= len(self._data)

    def next_batch(self) -> Any:
        """Return the next batch, or None.

        Raises:
            CorruptRecordException: It is too short to be one.
        """
        begin, end = self._at, self._end()
        if end > len(self._data):
            return None
        data = self._data[begin:end]
        # One for each batch: it takes all to be of the format that the first one has.
        batch: Any = MemoryRecords(data).next_batch()
        if batch is None:
            raise CorruptRecordException(f"A batch of {len(data)} bytes is none")
        self._at = end
        if not isinstance(batch, DefaultRecordBatch) or batch.is_control_batch:
            return batch
        return _Batch(batch, memoryview(data), self.begin, self._whole, self._most)

    def _end(self) -> int:
        records = self._at + _HEAD.size
        return records if records > len(self._data) else records + _HEAD.unpack_from(self._data, self._at)[1]


class _Batch:
    def __init__(self, batch: Any, data: memoryview, begin: int, whole: int, most: int) -> None:
        self._batch = batch
        self._data = data
        self._begin = begin
        self._whole = whole
        self._most = most

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        unpack = unpacker(self._batch.compression_type)
        if unpack is None:
            return _records(self._batch, self._data)
        head = bytearray(self._data[:_RECORDS])
        head[_ATTRIBUTES] &= ~DefaultRecordBatch.CODEC_MASK & 0xFF
        unpacked = Unpacked(unpack(self._data[_RECORDS:]))
        self._pass_done(head, unpacked)
        data = unpacked.behind(head, most=self._whole)
        if data is None:
            return one_by_one(bytes(head), unpacked, most=self._most)
        return _records(DefaultRecordBatch(data), data)

    def _pass_done(self, head: bytearray, unpacked: Unpacked) -> None:
        """Pass over the records before the first that is asked for, and count them out of the head."""
        batch, [count] = self._batch, _COUNT.unpack_from(head, _RECORDS - _COUNT.size)
        # Where compaction left gaps, what a record's offset is stands in the record alone.
        if batch.base_offset + count == batch.next_offset and self._begin > batch.base_offset:
            count -= unpacked.pass_records(min(self._begin - batch.base_offset, count))
            _COUNT.pack_into(head, _RECORDS - _COUNT.size, count)


class _PartitionRecords(PartitionRecords):  # type: ignore[misc] # untyped in aiokafka
    def __init__(self, at: Any, records: Records, aborted: Any, begin: int, *others: Any) -> None:
        records.begin = begin
        super().__init__(at, records, aborted, begin, *others)

    def _unpack_records(self) -> Iterator[Any]:
        # A generator keeps what it was made for, which keeps the generator.
        unpacked: Iterator[Any] = PartitionRecords._unpack_records(proxy(self))  # noqa: SLF001 - its own kind
        return unpacked


def _records(batch: Any, data: bytes | memoryview) -> Iterator[Any]:
    records, taken = iter(batch), 0
    before, end = batch.base_offset - 1, batch.next_offset
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except (UnicodeDecodeError, CorruptRecordException):
            break
        if not before < record.offset < end:
            break
        yield record
        before = record.offset
        taken += 1
    yield from islice(_leniently(data), taken, None)


def _leniently(data: bytes | memoryview) -> Iterator[Any]:
    batch: Any = iter(_DefaultRecordBatchPy(data))  # which unpacks it
    records = bytes(batch._buffer[batch._pos :])  # noqa: SLF001 - there is no public way
    return one_by_one(bytes(data[:_RECORDS]), Unpacked(iter([records])), most=len(records))


def read_any_batch(*, whole: int, most: int) -> None:
    """Let the consumers of aiokafka in this process read their batches by `Records`, with these bounds."""
    fetcher.MemoryRecords = partial(Records, whole=whole, most=most)
    fetcher.PartitionRecords = _PartitionRecords
