"""The watchdog: ends a worker that has records to read and no longer commits.

Workers built on Faust are known to go on living after a broker's restart without reading anything. The
watchdog asks Kafka itself, through a client of its own and in a thread of its own, so that neither a dead
consumer nor a blocked event loop can keep it from seeing that.
"""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from streams.errors import BrokerError, StallError
from streams.kafka.admin import open_admin, read_group_offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streams.kafka.admin import GroupOffsets
    from streams.settings import KafkaSettings

__all__ = ["OffsetReader", "Sample", "Standstill", "Watch", "Watchdog", "check_interval", "look"]

_LOG: Final = logging.getLogger(__name__)
_END_WITHIN: Final = 2.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What Kafka says at one moment.

    Attributes:
        at: Seconds of a monotonic clock.
        offsets: The group's offsets by partition of the raw topic; none where there is no such topic.
        assigned: Partitions that this worker reads; empty where it reads none.
        caught_up: Those of them where it has read and done all there is. Committed offsets alone do not tell: a
            transaction's marker at the end of a partition is never committed past.
    """

    at: float
    offsets: Mapping[int, GroupOffsets]
    assigned: frozenset[int]
    caught_up: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Standstill:
    """A partition whose committed offset does not move though there are records.

    Attributes:
        since: When it was first seen so, in seconds of the same clock.
        committed: The offset at which it stands.
        end: The end of the partition when it was first seen so.
        ours_since: When it was first seen so and this worker read it; None where it never did.
    """

    since: float
    committed: int | None
    end: int
    ours_since: float | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """What the watchdog remembers from one look to the next.

    Attributes:
        standing: Partitions at a standstill.
        stalled: Those that have stood for too long.
        gone_since: When the topic was first seen to be gone, in seconds of the samples' clock; None where it is there.
        is_gone: Whether it has been gone for too long.
    """

    standing: Mapping[int, Standstill] = field(default_factory=dict)
    stalled: tuple[int, ...] = ()
    gone_since: float | None = None
    is_gone: bool = False


def look(watch: Watch, sample: Sample | None, *, stall_after: float) -> Watch:
    """Return what to remember after one look.

    A worker that reads no partition answers for the whole group, but only for partitions that have grown since:
    it may have been pushed out of the group, or may just be one worker too many. One that is given a partition at
    which others stood has its full patience for it; whether it loses it in between changes nothing.

    Args:
        watch: What was remembered.
        sample: What Kafka says; None where it does not answer, which starts every count anew: a broker that
            comes back deserves a worker's full patience.
        stall_after: How long a partition may stand, in seconds.
    """
    if sample is None:
        return Watch()
    if len(sample.offsets) == 0:
        since = sample.at if watch.gone_since is None else watch.gone_since
        return Watch(gone_since=since, is_gone=sample.at - since >= stall_after)
    standing = {}
    stalled = []
    for partition, offsets in sample.offsets.items():
        is_ours = partition in sample.assigned
        if (len(sample.assigned) > 0 and not is_ours) or partition in sample.caught_up:
            continue
        if offsets.end <= (0 if offsets.committed is None else offsets.committed):
            continue
        before = watch.standing.get(partition)
        if before is None or before.committed != offsets.committed:
            ours_since = sample.at if is_ours else None
            standing[partition] = Standstill(sample.at, offsets.committed, offsets.end, ours_since)
            continue
        if is_ours and before.ours_since is None:
            before = replace(before, ours_since=sample.at)
        standing[partition] = before
        since = before.since if before.ours_since is None or not is_ours else before.ours_since
        if sample.at - since >= stall_after and (is_ours or offsets.end > before.end):
            stalled.append(partition)
    return Watch(standing, tuple(stalled))


class OffsetReader:
    """Asks Kafka for a group's offsets through a connection of its own, opened when first needed.

    Args:
        kafka: How to reach Kafka.
    """

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka
        self._open: ExitStack | None = None
        self._admin: Any = None

    def read(self, group: str, topic: str) -> dict[int, GroupOffsets]:
        """Return the group's offsets by partition of the topic.

        Raises:
            BrokerError: Kafka does not say; the next call connects anew.
        """
        if self._open is None:
            scope = ExitStack()
            self._admin = scope.enter_context(open_admin(self._kafka))
            self._open = scope
        try:
            return read_group_offsets(self._admin, group, topic)
        except BrokerError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, if there is one."""
        scope, self._open = self._open, None
        if scope is not None:
            scope.close()


def check_interval(stall_after: float) -> float:
    """Return how often to look, in seconds: several times within the patience, but not all the time."""
    return min(10.0, max(0.25, stall_after / 8))


class Watchdog:
    """Looks again and again, in a thread of its own, until it is stopped or has seen what cannot go on.

    Args:
        sample: Asks Kafka; raises `BrokerError` where it does not answer.
        on_stall: Called once, from the thread, when a partition has stood for too long.
        on_gone: Called once, from the thread, when the topic has been gone for too long.
        stall_after: How long a partition may stand, or the topic be gone, in seconds.
        on_end: Called from the thread when it ends.
    """

    def __init__(
        self,
        sample: Callable[[], Sample],
        on_stall: Callable[[StallError], None],
        on_gone: Callable[[], None],
        *,
        stall_after: float,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._sample = sample
        self._on_stall = on_stall
        self._on_gone = on_gone
        self._on_end = on_end
        self._stall_after = stall_after
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wasl-watchdog", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; waits a moment for a look that is under way."""
        self._stop.set()
        self._thread.join(_END_WITHIN)

    def _run(self) -> None:
        try:
            self._look_on()
        finally:
            self._on_end()

    def _look_on(self) -> None:
        watch = Watch()
        while not self._stop.wait(check_interval(self._stall_after)):
            try:
                sample: Sample | None = self._sample()
            except BrokerError as exc:
                _LOG.warning("the watchdog cannot see the group's offsets", extra={"error": str(exc)})
                sample = None
            except Exception:  # noqa: BLE001 - a watchdog that dies unseen is worse than one that misses a look
                _LOG.exception("the watchdog's look failed")
                sample = None
            watch = look(watch, sample, stall_after=self._stall_after)
            if self._stop.is_set():
                return
            if watch.is_gone:
                self._on_gone()
                return
            if sample is not None and len(watch.stalled) > 0:
                self._on_stall(_stall(watch, sample, self._stall_after))
                return


def _stall(watch: Watch, sample: Sample, stall_after: float) -> StallError:
    stood = ", ".join(
        f"{partition} (committed {watch.standing[partition].committed}, end {sample.offsets[partition].end})"
        for partition in watch.stalled
    )
    return StallError(
        f"Committed offsets have not moved for {stall_after:g} s although there are records, on partition {stood}.",
        remedy="The process ends so that it is started anew; see the log before this line for why it stood.",
    )
