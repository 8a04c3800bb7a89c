"""Looking at consumer groups again and again: from what Kafka says to lag, with a history that outlives restarts."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.lag.compute import LagRules, Observation, extend_history, group_lags, partition_lag
from streams.lag.patterns import Patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streams.kafka.offsets import Bounds, FirstRecord, Place
    from streams.lag.compute import GroupLag
    from streams.lag.history import LagHistory, Track
    from streams.lag.ports import OffsetSource

__all__ = ["LagWatcher"]

_INTERNAL: Final = Patterns(unwanted=("__*",))  # Kafka's own topics
_KNOWN_FOR: Final = 60.0  # seconds until a first record is asked for again: compaction can remove it


@dataclass(frozen=True, slots=True)
class _Known:
    """A first record that was fetched, when, and for which start."""

    record: FirstRecord
    start: int
    at: float


class LagWatcher:
    """Measures the lag of groups each time that it is asked to.

    Questions to Kafka run in a thread, one look at a time.

    Args:
        source: Asks Kafka.
        rules: When a state is what it is; the defaults where None.
        groups: Which groups; all where None.
        topics: Which topics; all but Kafka's own where None.
        history: Keeps observations across restarts; None keeps them in memory alone.
        clock: Seconds since 1970-01-01 UTC.
    """

    def __init__(
        self,
        source: OffsetSource,
        *,
        rules: LagRules | None = None,
        groups: Patterns | None = None,
        topics: Patterns | None = None,
        history: LagHistory | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._rules = LagRules() if rules is None else rules
        self._groups = Patterns() if groups is None else groups
        self._topics = _INTERNAL if topics is None else topics
        self._store = history
        self._clock = clock
        self._lock = asyncio.Lock()
        self._cluster: str | None = None
        self._histories: dict[Track, tuple[Observation, ...]] = {}
        self._known: dict[tuple[str, Place, int], _Known] = {}
        self._lost: dict[Track, int] = {}

    @property
    def cluster(self) -> str | None:
        """The id of the cluster; None before the first look."""
        return self._cluster

    @property
    def lost(self) -> Mapping[Track, int]:
        """Offsets that Kafka dropped before a group committed them, since this began to look, for what is there."""
        return dict(self._lost)

    @property
    def problem(self) -> str | None:
        """What is wrong with the history's file, one sentence; None where nothing is."""
        return None if self._store is None else self._store.problem

    async def observe(self) -> tuple[GroupLag, ...]:
        """Look at Kafka now, and return how far groups are behind, by their names.

        A group stands there as long as it has a commit on a watched topic that exists, with or without members.

        Raises:
            BrokerError: Kafka does not answer; what was seen before stays.
        """
        async with self._lock:
            looking = asyncio.ensure_future(asyncio.to_thread(self._observe))
            try:
                return await asyncio.shield(looking)
            except asyncio.CancelledError:
                # The thread cannot be interrupted, and must not find its connections closed by another.
                await asyncio.wait({looking})
                looking.exception()  # asked for, so that it is not complained about
                raise

    async def close(self) -> None:
        """Close the connections to Kafka, once a look that is under way has ended."""
        async with self._lock:
            await asyncio.to_thread(self._source.close)

    def _observe(self) -> tuple[GroupLag, ...]:
        cluster = self._source.cluster()
        if cluster != self._cluster:
            self._begin(cluster)
        observations = self._look()
        now = self._clock()
        seen: list[Track] = []
        for observation in observations:
            track = (observation.group, observation.topic, observation.partition)
            before = self._histories.get(track, ())
            self._count_lost(track, before, observation)
            self._histories[track] = extend_history(before, observation, window=self._rules.window)
            seen.append(track)
        if self._store is not None:
            self._store.append(cluster, observations, now=now)
        self._forget(set(seen), now)
        return group_lags((self._histories[track] for track in seen), rules=self._rules)

    def _begin(self, cluster: str) -> None:
        self._cluster = cluster
        self._known = {}
        self._lost = {}
        now = self._clock()
        self._histories = {} if self._store is None else self._store.load(cluster, now=now)

    def _look(self) -> list[Observation]:
        groups = [group for group in self._source.groups() if self._groups.matches(group)]
        members = self._source.members(groups)
        # Committed offsets come before the ends: the other way round, lag could be less than nothing.
        committed = {
            group: {place: offset for place, offset in offsets.items() if self._topics.matches(place[0])}
            for group, offsets in self._source.committed(groups).items()
        }
        at = self._clock()
        bounds = self._source.bounds({topic for offsets in committed.values() for topic, _ in offsets})
        first = self._first_records(committed, bounds, at)
        observations = []
        for group, offsets in committed.items():
            topics = {topic for topic, _ in offsets}
            for place in sorted(place for place in bounds if place[0] in topics):
                offset, bound = offsets.get(place), bounds[place]
                record = None if offset is None else first.get((place, max(offset, bound.earliest)))
                observations.append(
                    Observation(
                        at=at,
                        group=group,
                        topic=place[0],
                        partition=place[1],
                        committed=offset,
                        end=bound.end,
                        earliest=bound.earliest,
                        next_offset=None if record is None else record.offset,
                        committed_timestamp=None if record is None else record.timestamp,
                        members=members.get(group),
                    )
                )
        return observations

    def _first_records(
        self, committed: Mapping[str, Mapping[Place, int]], bounds: Mapping[Place, Bounds], now: float
    ) -> dict[tuple[Place, int], FirstRecord]:
        """Return the first record at or after each committed offset that is behind; known ones are not asked for."""
        wanted = {
            (place, max(offset, bounds[place].earliest))
            for offsets in committed.values()
            for place, offset in offsets.items()
            if place in bounds and offset < bounds[place].end
        }
        known: dict[tuple[str, Place, int], _Known] = {}
        asked: dict[Place, dict[int, int]] = {}  # by place, from the offset that is asked for to the one wanted
        for place, start in wanted:
            key = (bounds[place].topic_id, place, start)
            before = self._known.get(key)
            if before is None or now - before.at >= _KNOWN_FOR:
                asked.setdefault(place, {})[start] = start
            elif before.record.is_record or before.record.offset >= bounds[place].end:
                known[key] = before
            else:
                # There was none up to an offset that is no longer the end.
                asked.setdefault(place, {})[start] = before.record.offset
        while len(asked) > 0:
            # One offset of each place at a time, though groups may stand at several.
            turn = {place: starts.popitem() for place, starts in asked.items()}
            found = self._source.first_records({place: offset for place, (_, offset) in turn.items()})
            for place, (start, _) in turn.items():
                if place in found:
                    known[bounds[place].topic_id, place, start] = _Known(found[place], start, now)
            asked = {place: starts for place, starts in asked.items() if len(starts) > 0}
        self._known = known
        return {(place, start): each.record for (_, place, start), each in known.items()}

    def _count_lost(self, track: Track, before: tuple[Observation, ...], observation: Observation) -> None:
        if observation.committed is None:
            return
        lost = partition_lag((observation,)).lost
        if len(before) > 0 and before[-1].committed == observation.committed:
            lost -= partition_lag(before[-1:]).lost
        self._lost[track] = self._lost.get(track, 0) + max(0, lost)

    def _forget(self, seen: set[Track], now: float) -> None:
        """Drop what is gone; its history stays for a while, so that what comes back is seen to have been there."""
        since = now - self._rules.window
        self._lost = {track: lost for track, lost in self._lost.items() if track in seen}
        self._histories = {
            track: history for track, history in self._histories.items() if track in seen or history[-1].at >= since
        }
