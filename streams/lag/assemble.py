"""A watcher as the settings have it: on Kafka, with its history in the folder of state."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from streams.kafka.offsets import KafkaOffsets
from streams.lag.compute import LagRules
from streams.lag.history import LagHistory
from streams.lag.patterns import Patterns
from streams.lag.watch import LagWatcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.settings import LagSettings, Settings

__all__ = ["lag_rules", "open_watcher"]

_FILE: Final = "lag.sqlite3"
_WINDOWS: Final = 2  # kept in the file, so that what lies just before the window is there after a restart


def lag_rules(lag: LagSettings) -> LagRules:
    """Return the rules that the settings ask for."""
    return LagRules(
        stall_after=lag.stall_after,
        warn_after=lag.warn_after,
        warn_seconds=lag.warn_seconds,
        rewound_for=lag.rewound_for,
        rate_window=lag.rate_window,
    )


def open_watcher(
    settings: Settings,
    *,
    groups: Sequence[str] = (),
    topics: Sequence[str] = (),
    keep: bool = True,
    clock: Callable[[], float] = time.time,
) -> LagWatcher:
    """Return a watcher; it connects when it is first asked to look, and wants to be closed.

    Args:
        settings: The settings.
        groups: Patterns of groups; those of the settings where there are none.
        topics: Patterns of topics; those of the settings where there are none.
        keep: Whether to read and write the history in the folder of state.
        clock: Seconds since 1970-01-01 UTC.

    Raises:
        SettingsError: A pattern is empty.
    """
    rules = lag_rules(settings.lag)
    path = settings.worker.data_dir / _FILE
    return LagWatcher(
        KafkaOffsets(settings.kafka),
        rules=rules,
        groups=Patterns.parse(groups if len(groups) > 0 else [settings.lag.groups]),
        topics=Patterns.parse(topics if len(topics) > 0 else [settings.lag.topics]),
        history=LagHistory(path, keep=_WINDOWS * rules.window) if keep else None,
        clock=clock,
    )
