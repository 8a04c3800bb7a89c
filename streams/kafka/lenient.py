"""What Kafka takes from any client and its Python libraries cannot read (see `streams.kafka.record`).

One such record, or one batch with bytes behind its end, would hold up its partition for ever, for each reader that
meets it. So kafka-python is given a way of its own to read a record, and to unpack a batch.
"""

from __future__ import annotations

from typing import Any

from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError
from kafka.record.default_records import ControlRecord, DefaultRecord, DefaultRecordBatch
from kafka.record.memory_records import MemoryRecords

from streams.kafka.pieces import unpacker
from streams.kafka.record import read_number, read_record

__all__ = ["read_any_record"]


class _Batch(DefaultRecordBatch):  # type: ignore[misc] # untyped in kafka-python
    _buffer: bytearray
    _pos: int
    _decompressed: bool

    def __next__(self) -> Any:
        if self._next_record_index >= self._num_records:
            raise StopIteration  # whatever comes then, as Kafka has it
        return super().__next__()

    def _maybe_uncompress(self) -> None:
        unpack = None if self._decompressed else unpacker(self.compression_type)
        if unpack is None:
            super()._maybe_uncompress()
            return
        try:
            self._buffer = bytearray(b"".join(unpack(memoryview(self._buffer)[self._pos :])))
        except ValueError as exc:
            raise CorruptRecordError(str(exc)) from exc
        self._pos = 0
        self._decompressed = True

    def _read_msg(self, *_: Any) -> Any:
        size, begin = read_number(self._buffer, self._pos)
        if size < 0:
            raise ValueError(f"A record has {size} bytes")
        record = read_record(bytes(self._buffer[begin : begin + size]))
        self._pos = begin + size
        is_stamped = self.timestamp_type == self.LOG_APPEND_TIME
        return (ControlRecord if self.is_control_batch else DefaultRecord)(
            size,
            self.base_offset + record.number,
            self.max_timestamp if is_stamped else self.first_timestamp + record.after,
            self.timestamp_type,
            record.key,
            record.value,
            record.headers,
        )


class _Records(MemoryRecords):  # type: ignore[misc] # untyped in kafka-python
    def next_batch(self, *given: Any) -> Any:
        data = self._next_slice
        batch = super().next_batch(*given)
        return _Batch(data) if isinstance(batch, DefaultRecordBatch) else batch


class _PartitionRecords(Fetcher.PartitionRecords):  # type: ignore[misc] # untyped in kafka-python
    def __init__(self, fetch_offset: int, tp: Any, records: Any, **options: Any) -> None:
        super().__init__(fetch_offset, tp, _Records(records._buffer), **options)  # noqa: SLF001 - there is no public way


def read_any_record(consumer: Any) -> None:
    """Let a consumer of kafka-python read every record that Kafka takes."""
    consumer._fetcher.PartitionRecords = _PartitionRecords  # noqa: SLF001 - there is no public way
