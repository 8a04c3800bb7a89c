"""Lag from Kafka, as `streams.lag` measures it."""

from __future__ import annotations

from dataclasses import replace
from glob import escape
from typing import TYPE_CHECKING, Final

from streams.kafka.offsets import KafkaOffsets
from streams.lag.assemble import lag_rules
from streams.lag.patterns import Patterns
from streams.lag.watch import LagWatcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.settings import Settings

__all__ = ["group_watcher"]

_RATE_WINDOW: Final = 10.0  # seconds: charts show what happens now


def group_watcher(settings: Settings, *, clock: Callable[[], float]) -> LagWatcher:
    """Return a `streams.web.ports.LagSource` that looks at the group of the workers.

    Its history is kept in memory alone, so that it never waits for another program's file.

    Args:
        settings: Where Kafka is, the group and its topic, and when a state is what it is.
        clock: Gives the seconds since 1970-01-01 UTC.
    """
    return LagWatcher(
        KafkaOffsets(settings.kafka),
        rules=replace(lag_rules(settings.lag), rate_window=_RATE_WINDOW),
        groups=Patterns((escape(settings.worker.group),)),
        topics=Patterns((escape(settings.kafka.topics.raw),)),
        clock=clock,
    )
