"""What was fetched, what of it is done, and hence what may be committed.

Faust's own book-keeping commits what its streams have let go of, delivered or not: an event that a stream
skips during a rebalance counts as done there. This ledger knows nothing of streams. A record is pending from
the moment it is fetched until its outputs are acknowledged by Kafka, and only what lies before the first
pending record may be committed. Where reading went back behind what was committed, as it does when Kafka has lost
the end of a log, the commit goes back with it: else the next start would begin behind articles that came since.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Ledger", "Partition"]

Partition = tuple[str, int]
"""A topic and a partition of it."""

_NONE: Final = -1


@dataclass(slots=True)
class _Book:
    first: int
    last: int = _NONE
    pending: dict[int, None] = field(default_factory=dict)  # in order of offset; a dict deletes in constant time
    committed: int | None = None

    def position(self) -> int:
        return next(iter(self.pending)) if len(self.pending) > 0 else self.last + 1


class Ledger:
    """The offsets of the partitions that this worker reads; not for use by several threads."""

    def __init__(self) -> None:
        self._books: dict[Partition, _Book] = {}

    def fetched(self, topic: str, partition: int, offset: int) -> None:
        """Note that a record came from Kafka. An offset that came before means that reading went back."""
        book = self._books.get((topic, partition))
        if book is None:
            book = self._books[topic, partition] = _Book(first=offset)
        if offset <= book.last:
            for later in [pending for pending in book.pending if pending >= offset]:
                del book.pending[later]
            book.first = min(book.first, offset)
        book.last = offset
        book.pending[offset] = None

    def goes_back(self, topic: str, partition: int, offset: int) -> bool:
        """Return whether a record that came from Kafka stands where one came before.

        Where Kafka lost the end of a log and took other records there, it is not the same one. What is under way must
        be done before it is noted, since the ledger knows records by their offsets.
        """
        book = self._books.get((topic, partition))
        return book is not None and offset <= book.last

    def fetched_all(self, topic: str, partition: int, offsets: Sequence[int]) -> None:
        """Note that records came from Kafka, in order of their offsets; at least one."""
        self.fetched(topic, partition, offsets[0])
        book = self._books[topic, partition]
        book.pending.update(dict.fromkeys(offsets))
        book.last = offsets[-1]

    def done(self, topic: str, partition: int, offset: int) -> None:
        """Note that everything made from a record was acknowledged."""
        book = self._books.get((topic, partition))
        if book is not None:
            book.pending.pop(offset, None)

    def done_all(self, topic: str, partition: int, offsets: Sequence[int]) -> None:
        """Note that everything made from these records was acknowledged."""
        book = self._books.get((topic, partition))
        if book is not None:
            for offset in offsets:
                book.pending.pop(offset, None)

    def committable(self) -> dict[Partition, int]:
        """Return the offset to commit for each partition where that is not what was committed last."""
        offsets = {}
        for at, book in self._books.items():
            position = book.position()
            if position != (book.first if book.committed is None else book.committed):
                offsets[at] = position
        return offsets

    def committed(self, offsets: Iterable[tuple[Partition, int]]) -> None:
        """Note that Kafka took these offsets."""
        for at, offset in offsets:
            if at in self._books:
                self._books[at].committed = offset

    def forget(self, partitions: Iterable[Partition]) -> None:
        """Drop partitions that another worker reads from now on."""
        for at in partitions:
            self._books.pop(at, None)

    def pending(self) -> int:
        """Return how many records were fetched and are not done; callable from any thread."""
        return sum(len(book.pending) for book in list(self._books.values()))
