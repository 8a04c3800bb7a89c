"""What reading articles is apart from Kafka: records in, wanted and new articles out, and how far one has come.

Both streams, with and without an event loop, are this and a client library.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

from streams.client.progress import Progress
from streams.client.received import Received, Wanted, decode_record, event_id
from streams.client.seen import Seen
from streams.errors import EventError
from streams.events.ids import RecordPosition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.client.progress import Partition

__all__ = ["FetchedRecord", "Reader"]


class FetchedRecord(Protocol):
    """A record as both client libraries give it."""

    @property
    def topic(self) -> str:
        """Where it was read."""
        ...

    @property
    def partition(self) -> int:
        """The partition there."""
        ...

    @property
    def offset(self) -> int:
        """The offset there."""
        ...

    @property
    def value(self) -> bytes | None:
        """Its value, or None for a tombstone."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Its headers."""
        ...


class Reader:
    """Records in, articles out.

    Args:
        wanted: Which articles.
        on_broken: Called with what is wrong with a record and its bytes; when None, that is raised.
        remember: So many ids are remembered to tell duplicates.
        clock: Monotonic time in seconds.

    Attributes:
        progress: How far the consumer has come.
        duplicates: Articles that were left out since an equal one had come before.
    """

    def __init__(
        self,
        *,
        wanted: Wanted,
        on_broken: Callable[[EventError, bytes], None] | None,
        remember: int,
        clock: Callable[[], float],
    ) -> None:
        self.progress = Progress(clock)
        self.duplicates = 0
        self._wanted = wanted
        self._on_broken = on_broken
        self._seen = Seen(most=remember)
        self._waiting: deque[FetchedRecord] = deque()

    @property
    def is_hungry(self) -> bool:
        """Whether every record that was fed has been given out."""
        return len(self._waiting) == 0

    def feed(self, records: Iterable[FetchedRecord]) -> None:
        """Take fetched records, those of a partition in order."""
        self._waiting.extend(records)

    def next(self) -> Received | None:
        """Return the next article that is wanted and new; None where more records are needed.

        Raises:
            EventError: A record is no enriched article, and nobody is there to be told.
        """
        while len(self._waiting) > 0:
            record = self._waiting[0]
            received = self._read(record)
            self._waiting.popleft()
            self.progress.take((record.topic, record.partition), record.offset)
            if received is not None:
                return received
            self.progress.settle()
        return None

    def give_up(self, partitions: Iterable[Partition]) -> None:
        """Forget partitions that went to another consumer of the group."""
        gone = set(partitions)
        self.progress.forget(gone)
        self._waiting = deque(record for record in self._waiting if (record.topic, record.partition) not in gone)

    def _read(self, record: FetchedRecord) -> Received | None:
        at = RecordPosition(record.topic, record.partition, record.offset)
        found = event_id(record.headers, at)
        if record.value is None:
            return None
        if found in self._seen:
            self.duplicates += 1
            return None
        try:
            received = decode_record(record.value, found, at)
        except EventError as exc:
            error = _placed(exc, at)
            if self._on_broken is None:
                raise error from exc
            self._on_broken(error, record.value)
            return None
        self._seen.add(found)
        return received if self._wanted.has(received.article) else None


def _placed(exc: EventError, at: RecordPosition) -> EventError:
    """Return what is wrong with a record for whoever reads it, who cannot mend it."""
    return type(exc)(
        f"{at.topic}-{at.partition}@{at.offset} is no enriched article: {exc.message}",
        remedy=f"Give on_broken to step over such records, or set the group's offset on {at.topic}-{at.partition} to "
        f"{at.offset + 1}.",
    )
