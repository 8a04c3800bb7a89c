"""Batches of records as aiokafka unpacks them, but for what would hold up a partition for ever.

- Kafka takes a record whose header has a name that is not UTF-8, and aiokafka cannot read it. Such a batch is read on
  from that record by aiokafka's slower code, over bytes that can always be decoded (see `streams.kafka.names`).
- aiokafka unpacks a compressed batch whole, and little may hold more than there is memory. So it is given batches
  that are unpacked already, within bounds (see `streams.workers.unpack`).
"""

from __future__ import annotations

import struct
from functools import partial
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Final

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

from streams.kafka.names import LenientBytes
from streams.workers.unpack import Unpacked, one_by_one, unpacker

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Records", "read_any_batch"]

_HEAD: Final = struct.Struct(">qi")  # of a batch: its first offset, and how many bytes come after these
_ATTRIBUTES: Final = _DefaultRecordBatchPy.ATTRIBUTES_OFFSET + 1  # the lower byte of the two, which holds the codec
_RECORDS: Final = _DefaultRecordBatchPy.HEADER_STRUCT.size  # where the records begin


class Records:
    """Stands in the place of aiokafka's records of one partition, as they came from Kafka.

    Args:
        data: The batches, one after the other; the last one may be cut off.
        whole: Most bytes of records that are unpacked at once.
        most: Largest record that is taken out of a batch of more.
    """

    def __init__(self, data: bytes, *, whole: int, most: int) -> None:
        self._data = data
        self._whole = whole
        self._most = most
        self._at = 0
        self._records: Any = MemoryRecords(data)

    def size_in_bytes(self) -> int:
        """Return how many bytes came."""
        return len(self._data)

    def has_next(self) -> bool:
        """Return whether there is another whole batch."""
        return bool(self._records.has_next())

    def next_batch(self) -> Any:
        """Return the next batch, or None."""
        batch: Any = self._records.next_batch()
        if batch is None:
            return None
        begin = self._at
        self._at += _HEAD.size + _HEAD.unpack_from(self._data, begin)[1]
        if not isinstance(batch, DefaultRecordBatch) or batch.is_control_batch:
            return batch
        return _Batch(batch, memoryview(self._data)[begin : self._at], self._whole, self._most)


class _Batch:
    def __init__(self, batch: Any, data: memoryview, whole: int, most: int) -> None:
        self._batch = batch
        self._data = data
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
        held = unpacked.hold(self._whole)
        if held is None:
            return one_by_one(bytes(head), unpacked, most=self._most)
        data = bytes(head) + held
        return _records(DefaultRecordBatch(data), data)


def _records(batch: Any, data: bytes | memoryview) -> Iterator[Any]:
    records = iter(batch)
    for number in count():
        try:
            record = next(records)
        except StopIteration:
            return
        except (UnicodeDecodeError, CorruptRecordException):
            yield from islice(_leniently(data), number, None)
            return
        yield record


def _leniently(data: bytes | memoryview) -> Iterator[Any]:
    batch: Any = iter(_DefaultRecordBatchPy(data))  # which unpacks it
    batch._buffer = LenientBytes(batch._buffer)  # noqa: SLF001 - there is no public way
    yield from batch


def read_any_batch(*, whole: int, most: int) -> None:
    """Let the consumers of aiokafka in this process read their batches by `Records`, with these bounds."""
    fetcher.MemoryRecords = partial(Records, whole=whole, most=most)
