"""How far a consumer has come: which offsets may be committed, and when that is due.

A record has been handled once its consumer asks for the next one. What is committed is where each partition goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["EVERY", "WITHIN", "Partition", "Progress"]

Partition = tuple[str, int]
"""Topic and number of a partition."""

EVERY: Final = 500
"""Records after which a commit is due."""

WITHIN: Final = 5.0
"""Seconds after which a commit is due, if there is anything to commit."""


class Progress:
    """Offsets of one consumer.

    Args:
        clock: Monotonic time in seconds.
        every: A commit is due after so many records.
        within: A commit is due after so many seconds.
    """

    def __init__(self, clock: Callable[[], float], *, every: int = EVERY, within: float = WITHIN) -> None:
        self._clock = clock
        self._every = every
        self._within = within
        self._in_hand: tuple[Partition, int] | None = None
        self._handled: dict[Partition, int] = {}
        self._count = 0
        self._since = clock()

    def take(self, partition: Partition, offset: int) -> None:
        """Note that a record was given out; the one before it has been handled."""
        self.settle()
        self._in_hand = partition, offset

    def settle(self) -> None:
        """Note that the record in hand has been handled."""
        if self._in_hand is None:
            return
        partition, offset = self._in_hand
        self._handled[partition] = offset + 1
        self._in_hand = None
        self._count += 1

    def is_due(self) -> bool:
        """Whether there is something to commit, and enough of it or for long enough."""
        if len(self._handled) == 0:
            return False
        return self._count >= self._every or self._clock() - self._since >= self._within

    def positions(self) -> dict[Partition, int]:
        """Return where each partition goes on that is not committed yet."""
        return dict(self._handled)

    def committed(self, positions: dict[Partition, int]) -> None:
        """Note that these were committed."""
        for partition, offset in positions.items():
            if self._handled.get(partition) == offset:
                del self._handled[partition]
        self._count = 0
        self._since = self._clock()

    def forget(self, partitions: Iterable[Partition]) -> None:
        """Note that these partitions went to another consumer of the group."""
        gone = set(partitions)
        self._handled = {partition: offset for partition, offset in self._handled.items() if partition not in gone}
        if self._in_hand is not None and self._in_hand[0] in gone:
            self._in_hand = None
