"""Compressed batches, unpacked piece by piece: Kafka bounds what comes, and that may hold a thousand times as much.

A batch that holds more than a worker takes at once is never held whole. Its records are taken out one by one; of one
that is too large to become an article or a dead letter, a word stands in the place of its value. So it does of what
stands further back in the batch than is ever unpacked.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy

from streams.kafka.pieces import PIECE
from streams.kafka.record import LONGEST_NUMBER, Record, read_number, read_record
from streams.workers.records import Withheld

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Unpacked", "one_by_one"]

# Of one batch, in bytes: a second's work or two, which a worker does again, between two heartbeats, where it was ended
# within the batch.
_MOST_UNPACKED: Final = 536_870_912


class Unpacked:
    """The records of a batch as bytes, of which no more are unpacked than are asked for.

    Args:
        pieces: What unpacks them, see `streams.kafka.pieces`.
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
            size -= len(self.take(min(size, PIECE)))

    def pass_records(self, count: int) -> int:
        """Take records that nobody needs, no further than anything is ever unpacked; return how many.

        Raises:
            CorruptRecordException: As `take` does, or they are no records.
        """
        left = count - self._pass_whole(count)
        while left > 0:
            size, begin = self._next_size()
            if self.taken + begin + size > _MOST_UNPACKED:
                break
            # What is held ends within this one.
            self.take(begin)
            self.pass_over(size)
            left -= 1
            left -= self._pass_whole(left)
        return count - left

    def _pass_whole(self, count: int) -> int:
        """Take records of which all is held, at most ``count``; return how many."""
        held, at, passed = self._held, 0, 0
        last = min(len(held), _MOST_UNPACKED - self.taken)
        while passed < count and at + LONGEST_NUMBER <= last:
            size = held[at]
            if size < 0x80 and size & 1 == 0:  # as those of most small ones are
                end = at + 1 + (size >> 1)
            else:
                size, begin = self._next_size(at)
                end = begin + size
            if end > last:
                break
            at = end
            passed += 1
        del held[:at]
        self.taken += at
        return passed

    def size(self) -> int:
        """Take the size of a record; raises as `take` does, and where it is none."""
        size, begin = self._next_size()
        self.take(begin)
        return size

    def number(self) -> int:
        """Take a number; raises as `take` does."""
        value, size = self._next_number()
        self.take(size)
        return value

    def _next_size(self, at: int = 0) -> tuple[int, int]:
        size, begin = self._next_number(at)
        if size < 0:
            raise CorruptRecordException(f"A record in a batch has {size} bytes")
        return size, begin

    def _next_number(self, at: int = 0) -> tuple[int, int]:
        while len(self._held) - at < LONGEST_NUMBER and self._unpack():
            pass
        try:
            return read_number(self._held, at)
        except (IndexError, ValueError) as exc:
            raise CorruptRecordException(f"A batch is no batch: {exc!r}") from exc

    def _unpack(self) -> bool:
        try:
            piece = next(self._pieces, None)
        except ValueError as exc:
            raise CorruptRecordException(str(exc)) from exc
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
        size = unpacked.size()
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
