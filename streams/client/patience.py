"""How long a reader waits for an article before it ends, where it is to end at all.

A group that forms gives nothing to anybody: a broker may take half a minute for it, and that is no sign that there
are no articles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.errors import BrokerUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FORMING", "Patience"]

FORMING: Final = 330.0
"""Seconds after which a group has formed: Kafka waits 300 for a member that is busy, then gives out its partitions."""


class Patience:
    """When a reader has waited for long enough.

    Args:
        idle: Seconds without an article, counted from when the group gave out its partitions; never enough when None.
        group: The consumer group.
        clock: Monotonic time in seconds.
    """

    def __init__(self, idle: float | None, *, group: str, clock: Callable[[], float]) -> None:
        self._idle = idle
        self._group = group
        self._clock = clock
        self._since = clock()
        self._is_member = False

    def begin(self) -> None:
        """Begin to wait for the next article."""
        self._since = self._clock()

    def join(self) -> None:
        """Note that the group has given out its partitions, be it none to this reader."""
        if not self._is_member:
            self._is_member = True
            self.begin()

    def is_over(self) -> bool:
        """Return whether the reader has waited for long enough.

        Raises:
            BrokerUnavailableError: The group has not formed, so that nobody knows whether there are articles.
        """
        if self._idle is None:
            return False
        waited = self._clock() - self._since
        if self._is_member:
            return waited >= self._idle
        if waited >= max(self._idle, FORMING):
            raise BrokerUnavailableError(
                f"Kafka has not given out the partitions of group {self._group} for {waited:.0f} s.",
                remedy="See that the brokers run; the same call may succeed later.",
            )
        return False
