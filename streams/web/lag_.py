"""Lag from Kafka, as `streams.lag` works it out."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from streams.kafka.admin import open_admin, read_group_offsets
from streams.lag.compute import LagRules, Observation, extend_history, group_lags

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.lag.compute import GroupLag
    from streams.settings import Settings

__all__ = ["KafkaLag"]

_TIMEOUT: Final = 5.0
_RULES: Final = LagRules(rate_window=10.0)  # charts show what happens now


class KafkaLag:
    """A `streams.web.ports.LagSource` that asks Kafka about the group of the workers.

    Args:
        settings: Where Kafka is, the group and its topic.
        clock: Gives the seconds since 1970-01-01 UTC.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._open = ExitStack()
        self._admin: Any = None
        self._histories: dict[int, tuple[Observation, ...]] = {}

    def observe(self) -> tuple[GroupLag, ...]:
        """Return how far the group is behind now.

        Raises:
            BrokerError: Kafka does not say.
        """
        group, topic = self._settings.worker.group, self._settings.kafka.topics.raw
        if self._admin is None:
            self._admin = self._open.enter_context(open_admin(self._settings.kafka, timeout=_TIMEOUT))
        try:
            offsets = read_group_offsets(self._admin, group, topic)
        except BaseException:
            self.close()
            raise
        now = self._clock()
        for partition, found in offsets.items():
            seen = Observation(now, group, topic, partition, found.committed, found.end)
            self._histories[partition] = extend_history(self._histories.get(partition, ()), seen, window=_RULES.window)
        return group_lags(self._histories.values(), rules=_RULES)

    def close(self) -> None:
        """Close the connection; the next look opens another."""
        self._open.close()
        self._admin = None
