"""Consumer lag, worked out from what Kafka said at some moments; pure, the standard library alone.

An `Observation` is what was seen of one group on one partition at one moment. A bounded history of them becomes a
`PartitionLag`, and those of a group become a `GroupLag`. Lag in seconds is the age of the oldest record that the
group has not committed, taken from that record's own timestamp, never interpolated: interpolation yields nothing on
quiet topics, growth on idle ones and spikes of a day after them.

The states are those of Burrow's evaluator, on observations at intervals instead of on commits: docs/reference/lag.md
holds the rules beside Burrow's.

Length: values, arithmetic and states are one contract, which other rooms import without anything else of this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "STATES",
    "GroupLag",
    "LagRules",
    "Observation",
    "PartitionLag",
    "State",
    "extend_history",
    "group_lags",
    "offset_lag",
    "partition_lag",
]

State = Literal["ok", "warning", "stalled", "stopped", "rewound"]
STATES: Final[tuple[State, ...]] = ("ok", "warning", "stalled", "stopped", "rewound")
"""All states, from the best to the worst."""

_MOST_OBSERVATIONS: Final = 600  # of one partition; those that lie closer than this allows are thinned out


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of one group on one partition at one moment.

    Attributes:
        at: When, in seconds since 1970-01-01 UTC.
        group: The consumer group.
        topic: The topic.
        partition: The partition there.
        committed: The next offset that the group would read, or None where it never committed.
        end: One past the last offset, read after ``committed``.
        earliest: The first offset that Kafka still holds.
        next_offset: Offset of the first record at or after ``committed`` that a reader can see, ``end`` where there is
            none: compaction leaves gaps, and a transaction's marker has an offset but is no record. None where
            unknown.
        committed_timestamp: The timestamp of that record, in seconds since 1970-01-01 UTC; None where there is none,
            or where it is unknown.
        members: How many members the group has; None where Kafka does not say.
    """

    at: float
    group: str
    topic: str
    partition: int
    committed: int | None
    end: int
    earliest: int = 0
    next_offset: int | None = None
    committed_timestamp: float | None = None
    members: int | None = None


@dataclass(frozen=True, slots=True)
class LagRules:
    """When a state is what it is; all in seconds.

    Attributes:
        stall_after: With lag and a committed offset that stands still for this long, a partition is stalled, or stopped
            where its group has no members.
        warn_after: With lag that never fell for this long, a partition is a warning.
        warn_seconds: A partition whose oldest uncommitted record is this old is a warning.
        rewound_for: How long a partition whose group went back stays rewound, unless it catches up first.
        rate_window: The time over which rates are taken.
    """

    stall_after: float = 120.0
    warn_after: float = 300.0
    warn_seconds: float = 300.0
    rewound_for: float = 600.0
    rate_window: float = 60.0

    @property
    def window(self) -> float:
        """How far back a history must reach, in seconds."""
        return max(self.stall_after, self.warn_after, self.rewound_for, self.rate_window)


@dataclass(frozen=True, slots=True)
class PartitionLag:
    """How far a group is behind on one partition.

    Attributes:
        group: The consumer group.
        topic: The topic.
        partition: The partition there.
        committed: The next offset that the group would read, or None where it never committed.
        end: One past the last offset.
        earliest: The first offset that Kafka still holds.
        lag: Offsets from the first record not committed to the end; None where the group never committed.
        lag_seconds: Age of that record, 0 where there is none; None where it is unknown.
        rate: Records committed a second; None until it was seen twice.
        arrival_rate: Records that arrived a second; None until it was seen twice.
        time_to_zero: Seconds until nothing is left at these rates, 0 where nothing is; None where that is never.
        state: What is to be thought of it.
        lost: Offsets that Kafka dropped before the group committed them.
    """

    group: str
    topic: str
    partition: int
    committed: int | None
    end: int
    earliest: int
    lag: int | None
    lag_seconds: float | None
    rate: float | None
    arrival_rate: float | None
    time_to_zero: float | None
    state: State
    lost: int


@dataclass(frozen=True, slots=True)
class GroupLag:
    """How far a group is behind.

    Attributes:
        group: The consumer group.
        state: The worst of its partitions' states.
        members: How many members it has; None where Kafka does not say.
        partitions: Its partitions, by topic and number.
        lag: The sum of their lags; None where it committed on none.
        lag_seconds: The largest of their lags in seconds; None where none is known.
        at: When it was seen, in seconds since 1970-01-01 UTC.
    """

    group: str
    state: State
    members: int | None
    partitions: tuple[PartitionLag, ...]
    lag: int | None
    lag_seconds: float | None
    at: float

    @property
    def rate(self) -> float | None:
        """Records committed a second on all of its partitions; None where no rate is known."""
        known = [each.rate for each in self.partitions if each.rate is not None]
        return sum(known) if len(known) > 0 else None

    @property
    def time_to_zero(self) -> float | None:
        """Seconds until the last of its partitions has nothing left; None where that is never, or not known."""
        times = [each.time_to_zero for each in self.partitions if each.committed is not None]
        known = [time for time in times if time is not None]
        return max(known) if len(known) == len(times) > 0 else None


def offset_lag(observation: Observation) -> int | None:
    """Return how many offsets lie between what was committed and the end; None where nothing was."""
    if observation.committed is None:
        return None
    return max(0, observation.end - _first_offset(observation, observation.committed))


def extend_history(
    history: Sequence[Observation], observation: Observation, *, window: float
) -> tuple[Observation, ...]:
    """Return a partition's history with an observation at its end, bounded in time and in number.

    Args:
        history: What was seen so far, in the order of time.
        observation: What is seen now; what claims to be from later than that is dropped, as the clock was set back.
        window: How far back the history must reach, in seconds.
    """
    kept = [each for each in history if each.at < observation.at]
    is_close = len(kept) > 1 and kept[-1].at - kept[-2].at < window / _MOST_OBSERVATIONS
    # The one before a step back stays: without it nobody would see the step.
    if is_close and not _is_broken(kept[-1], observation):
        kept.pop()
    since = observation.at - window
    # The last observation before the window stays: without it nothing is known of the window's beginning.
    first = max((index for index, each in enumerate(kept) if each.at <= since), default=0)
    return (*kept[first:], observation)


def partition_lag(history: Sequence[Observation], *, rules: LagRules | None = None) -> PartitionLag:
    """Return how far a group is behind on a partition.

    Args:
        history: What was seen of it, in the order of time; the last is now. At least one.
        rules: When a state is what it is; the defaults where None.
    """
    rules = LagRules() if rules is None else rules
    now = history[-1]
    lag = offset_lag(now)
    lag_seconds = _age(now, lag)
    rate, arrival_rate = _rates(history, rules.rate_window)
    return PartitionLag(
        group=now.group,
        topic=now.topic,
        partition=now.partition,
        committed=now.committed,
        end=now.end,
        earliest=now.earliest,
        lag=lag,
        lag_seconds=lag_seconds,
        rate=rate,
        arrival_rate=arrival_rate,
        time_to_zero=_time_to_zero(lag, rate, arrival_rate),
        state=_state(history, lag_seconds, rules),
        lost=0 if now.committed is None else max(0, min(now.earliest, now.end) - now.committed),
    )


def group_lags(histories: Iterable[Sequence[Observation]], *, rules: LagRules | None = None) -> tuple[GroupLag, ...]:
    """Return how far groups are behind, by their names.

    Args:
        histories: For each group and partition what was seen of it, as for `partition_lag`.
        rules: When a state is what it is; the defaults where None.
    """
    seen: dict[str, list[tuple[PartitionLag, Observation]]] = {}
    for history in histories:
        seen.setdefault(history[-1].group, []).append((partition_lag(history, rules=rules), history[-1]))
    groups = []
    for group, found in sorted(seen.items()):
        partitions = tuple(sorted((each for each, _ in found), key=lambda each: (each.topic, each.partition)))
        lags = [each.lag for each in partitions if each.lag is not None]
        ages = [each.lag_seconds for each in partitions if each.lag_seconds is not None]
        latest = max((now for _, now in found), key=lambda now: now.at)
        groups.append(
            GroupLag(
                group=group,
                state=max((each.state for each in partitions), key=STATES.index),
                members=latest.members,
                partitions=partitions,
                lag=sum(lags) if len(lags) > 0 else None,
                lag_seconds=max(ages, default=None),
                at=latest.at,
            )
        )
    return tuple(groups)


def _first_offset(observation: Observation, committed: int) -> int:
    known = observation.next_offset
    return max(committed, observation.earliest, committed if known is None else known)


def _age(now: Observation, lag: int | None) -> float | None:
    if lag is None:
        return None
    if lag == 0:
        return 0.0
    return None if now.committed_timestamp is None else max(0.0, now.at - now.committed_timestamp)


def _is_broken(before: Observation, after: Observation) -> bool:
    """Return whether a partition or its group went back, so that the two cannot be told apart by subtraction."""
    if after.end < before.end:
        return True
    return before.committed is not None and after.committed is not None and after.committed < before.committed


def _rates(history: Sequence[Observation], window: float) -> tuple[float | None, float | None]:
    now = history[-1]
    if now.committed is None:
        return None, None
    first = now
    for before in reversed(history[:-1]):
        if before.committed is None or _is_broken(before, first):
            break
        if before.at < now.at - window and first is not now:
            break
        first = before
    passed = now.at - first.at
    if first.committed is None or passed <= 0:
        return None, None
    return (now.committed - first.committed) / passed, (now.end - first.end) / passed


def _time_to_zero(lag: int | None, rate: float | None, arrival_rate: float | None) -> float | None:
    if lag is None:
        return None
    if lag == 0:
        return 0.0
    if rate is None or arrival_rate is None or rate <= arrival_rate:
        return None
    return lag / (rate - arrival_rate)


def _state(history: Sequence[Observation], lag_seconds: float | None, rules: LagRules) -> State:
    now = history[-1]
    # Burrow's first rule: what was caught up with is well, whatever happened before.
    behind = _since_caught_up(history)
    if now.committed is None or len(behind) == 0:
        return "ok"
    if now.committed > now.end or _is_rewound(behind, history, rules.rewound_for):
        return "rewound"
    standing = behind[-1].at - _standing_since(behind)
    if standing >= rules.stall_after:
        return "stopped" if now.members == 0 else "stalled"
    if (lag_seconds is not None and lag_seconds >= rules.warn_seconds) or _never_fell(behind, rules.warn_after):
        return "warning"
    return "ok"


def _since_caught_up(history: Sequence[Observation]) -> Sequence[Observation]:
    """Return the observations after the last one that had no lag, those without a commit left out."""
    caught_up = max((index for index, each in enumerate(history) if _is_caught_up(each)), default=-1)
    return [each for each in history[caught_up + 1 :] if each.committed is not None]


def _is_caught_up(observation: Observation) -> bool:
    return offset_lag(observation) == 0 and (observation.committed or 0) <= observation.end


def _is_rewound(behind: Sequence[Observation], history: Sequence[Observation], within: float) -> bool:
    since = behind[-1].at - within
    # What came right before belongs to it: a group that had caught up and was set back.
    start = history.index(behind[0])
    before = [each for each in history[:start] if each.committed is not None][-1:]
    run = [*before, *behind]
    return any(_is_broken(one, other) for one, other in pairwise(run) if other.at >= since)


def _standing_since(behind: Sequence[Observation]) -> float:
    since = behind[-1].at
    for each in reversed(behind):
        if each.committed != behind[-1].committed:
            break
        since = each.at
    return since


def _never_fell(behind: Sequence[Observation], for_seconds: float) -> bool:
    since = behind[-1].at - for_seconds
    if behind[0].at > since:
        return False
    first = max(index for index, each in enumerate(behind) if each.at <= since)
    lags = [offset_lag(each) or 0 for each in behind[first:]]
    return all(other >= one for one, other in pairwise(lags))
