"""Header names that are not UTF-8: Kafka takes them from any client, and its Python libraries cannot read them.

A record with such a name would hold up its partition for ever, for each reader that meets it. So a batch that cannot
be read is read once more, with an escape for each wrong byte of a name.
"""

from __future__ import annotations

from typing import Any, SupportsIndex, overload

from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.memory_records import MemoryRecords

__all__ = ["LenientBytes", "read_any_name"]


class LenientBytes(bytearray):
    """Bytes of which any part can be decoded: what is not valid becomes an escape."""

    @overload
    def __getitem__(self, at: SupportsIndex, /) -> int: ...

    @overload
    def __getitem__(self, at: slice, /) -> LenientBytes: ...

    def __getitem__(self, at: SupportsIndex | slice, /) -> int | LenientBytes:
        """Return a byte, or a part that is as lenient."""
        found = super().__getitem__(at)
        return LenientBytes(found) if isinstance(found, bytearray) else found

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        """Return the text; whoever names no way with errors gets escapes."""
        return super().decode(encoding, errors)


class _Batch(DefaultRecordBatch):  # type: ignore[misc] # untyped in kafka-python
    _buffer: bytearray

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except CorruptRecordError:
            if isinstance(self._buffer, LenientBytes):
                raise
        # A record that could not be read was not passed.
        self._buffer = LenientBytes(self._buffer)
        return super().__next__()


class _Records(MemoryRecords):  # type: ignore[misc] # untyped in kafka-python
    def next_batch(self, *given: Any) -> Any:
        data = self._next_slice
        batch = super().next_batch(*given)
        return _Batch(data) if isinstance(batch, DefaultRecordBatch) else batch


class _PartitionRecords(Fetcher.PartitionRecords):  # type: ignore[misc] # untyped in kafka-python
    def __init__(self, fetch_offset: int, tp: Any, records: Any, **options: Any) -> None:
        super().__init__(fetch_offset, tp, _Records(records._buffer), **options)  # noqa: SLF001 - there is no public way


def read_any_name(consumer: Any) -> None:
    """Let a consumer of kafka-python read header names that are not UTF-8."""
    consumer._fetcher.PartitionRecords = _PartitionRecords  # noqa: SLF001 - there is no public way
