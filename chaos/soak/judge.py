"""What a soak comes to: whether memory grows, latency drifts, and every stall is caught up with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "KINDS",
    "Minute",
    "Sample",
    "Stall",
    "Verdict",
    "caught_up",
    "judge",
    "minutes_of",
    "planned",
    "share_of",
    "slope",
]

KINDS: Final = (
    ("worker-frozen", 5.0),
    ("broker-paused", 5.0),
    ("redis-paused", 10.0),
    ("worker-frozen", 10.0),
    ("worker-frozen-past-session", 15.0),
    ("broker-paused", 10.0),
    ("worker-frozen", 5.0),
    ("redis-paused", 20.0),
    ("broker-paused", 5.0),
    ("worker-frozen", 10.0),
)
"""The ten stalls in order, and how many seconds each is held."""

_WARMING: Final = ((0.15, "broker-paused", 10.0), (0.5, "worker-frozen", 10.0))
_GROWTH: Final = 0.05
_DRIFT: Final = 1.25
_QUIET_BEFORE: Final = 60.0
_STEADY: Final = 3
_AFTER: Final = 5.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen at one moment.

    Attributes:
        at: Seconds since the load began.
        pss: Memory of the worker and its children in megabytes, shared pages by their share.
        rss: The same, shared pages in full.
        lag: Records that the group has not committed; None while the broker does not say.
        cpu: Seconds of processor that the worker has used.
        pid: Process of the worker; another one where it was started again.
    """

    at: float
    pss: float
    rss: float
    lag: int | None
    cpu: float
    pid: int


@dataclass(frozen=True, slots=True)
class Stall:
    """A stall as it happened.

    Attributes:
        kind: What it was.
        at: When it began, in seconds since the load began.
        until: When it was over.
        level: The most lag of the quiet minute before it, in records.
        most: The most lag that it caused, in records.
        back: When lag was back at that level, or None where it never was.
    """

    kind: str
    at: float
    until: float
    level: int = 0
    most: int = 0
    back: float | None = None

    @property
    def took(self) -> float | None:
        """Seconds from the end of the stall until lag was back."""
        return None if self.back is None else self.back - self.until


@dataclass(frozen=True, slots=True)
class Minute:
    """Latency of the records that were due within one minute, in milliseconds; not quiet near a stall."""

    number: int
    count: int
    p50: int
    p95: int
    p99: int
    most: int
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """One bar: its name, whether the figure reaches it, and both in words."""

    name: str
    is_met: bool
    figure: str
    bar: str

    def __str__(self) -> str:
        return f"target {self.name} {'met' if self.is_met else 'missed'} {self.figure} ({self.bar})"


def planned(seconds: float, warm_up: float) -> list[tuple[float, str, float]]:
    """Return when which stall begins and how long it is held: ten, evenly between the warm-up and the end.

    Two more belong to the warm-up: what a worker holds while it catches up is no growth the second time.
    """
    step = (seconds - warm_up) / len(KINDS)
    before = [(share * warm_up, kind, held) for share, kind, held in _WARMING]
    return before + [(warm_up + (number + 0.4) * step, *kind) for number, kind in enumerate(KINDS)]


def caught_up(stall: Stall, samples: Sequence[Sample], *, before: float) -> Stall:
    """Return a stall with its lag, and with when lag was back at the level of the quiet minute before.

    Lag of a group is never seen at nothing while records come: some are always under way, or done and not committed.
    It is back with the first of three samples in a row that are not above that level.

    Args:
        stall: The stall.
        samples: All samples, in order.
        before: When the stall after it begins, or the load ends; later samples do not count.
    """
    known = [(each.at, each.lag) for each in samples if each.lag is not None]
    quiet = [lag for at, lag in known if stall.at - _QUIET_BEFORE <= at < stall.at]
    level = max(quiet, default=0)
    # One sample between two requests may miss what the end of a stall shows; the samples after it are looked at too.
    after = [(at, lag) for at, lag in known if stall.until <= at < before]
    back = next(
        (
            at
            for number, (at, _) in enumerate(after)
            if len(after) >= number + _STEADY and max(lag for _, lag in after[number : number + _STEADY]) <= level
        ),
        None,
    )
    most = max([lag for at, lag in known if stall.at <= at < before], default=0)
    return Stall(stall.kind, stall.at, stall.until, level, most, back)


def minutes_of(delays: Mapping[int, Mapping[int, int]], stalls: Sequence[Stall], *, end: float) -> list[Minute]:
    """Return latency minute by minute.

    Args:
        delays: By minute, how many records took how many milliseconds.
        stalls: With when they were caught up.
        end: When the load ended, in seconds; a minute that it cuts off is left out.
    """
    minutes = []
    for number in sorted(delays):
        began, ended = number * 60.0, number * 60.0 + 60.0
        if ended > end + 1.0:
            continue
        near = any(
            stall.at < ended and (end if stall.back is None else stall.back) + _AFTER > began for stall in stalls
        )
        counts = delays[number]
        minutes.append(
            Minute(
                number,
                sum(counts.values()),
                p50=share_of(counts, 0.5),
                p95=share_of(counts, 0.95),
                p99=share_of(counts, 0.99),
                most=max(counts),
                is_quiet=not near,
            )
        )
    return minutes


def share_of(counts: Mapping[int, int], share: float) -> int:
    """Return the smallest value that at least SHARE of what was counted does not exceed."""
    left = share * sum(counts.values())
    for value in sorted(counts):
        left -= counts[value]
        if left <= 1e-9:
            return value
    return max(counts)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the median of the slopes between all pairs of points (Theil and Sen), which single outliers do not move.

    Nothing but one point has none: 0.
    """
    slopes = [
        (after[1] - before[1]) / (after[0] - before[0])
        for number, before in enumerate(points)
        for after in points[number + 1 :]
        if after[0] > before[0]
    ]
    return median(slopes) if len(slopes) > 0 else 0.0


def judge(
    samples: Sequence[Sample],
    minutes: Sequence[Minute],
    stalls: Sequence[Stall],
    *,
    warm_up: float,
    final_lag: int | None,
    problems: int,
) -> list[Verdict]:
    """Return every bar with what came of it.

    Args:
        samples: All samples of the load.
        minutes: Its minutes.
        stalls: The stalls, with when they were caught up; those of the warm-up do not count.
        warm_up: Seconds at the beginning that do not count.
        final_lag: Lag when nothing more was sent; None where it did not end.
        problems: Broken promises.
    """
    stalls = [stall for stall in stalls if stall.at >= warm_up]
    late = [stall for stall in stalls if stall.back is None]
    slowest = max((stall.took for stall in stalls if stall.took is not None), default=0.0)
    return [
        _memory([each for each in samples if each.at >= warm_up]),
        _latency([each for each in minutes if each.is_quiet and each.number * 60 >= warm_up]),
        Verdict(
            "soak-stalls",
            len(late) == 0 and len(stalls) == len(KINDS),
            f"{len(stalls) - len(late)} of {len(stalls)} caught up with, the slowest in {slowest:.0f} s",
            f"lag is back after each of {len(KINDS)}",
        ),
        Verdict("soak-lag", final_lag == 0, f"{'unknown' if final_lag is None else final_lag} records", "0 at the end"),
        Verdict("soak-delivery", problems == 0, f"{problems} problems", "0: nothing lost, altered or out of order"),
    ]


def _memory(samples: Sequence[Sample]) -> Verdict:
    """Compare the first and the last tenth of the time after the warm-up, by medians."""
    bar = f"< {_GROWTH:.0%} from the first tenth after the warm-up to the last, one process throughout"
    if len({each.pid for each in samples}) != 1 or len(samples) < 20:
        return Verdict("soak-memory", is_met=False, figure="the worker was started again, or hardly seen", bar=bar)
    tenth = len(samples) // 10
    first = median(each.pss for each in samples[:tenth])
    last = median(each.pss for each in samples[-tenth:])
    hourly = slope([(each.at, each.pss) for each in samples[:: max(1, len(samples) // 300)]]) * 3_600
    return Verdict(
        "soak-memory",
        last / first - 1 < _GROWTH,
        f"{last / first - 1:+.1%}: {first:.1f} MB, then {last:.1f} MB; slope {hourly:+.1f} MB an hour",
        bar,
    )


def _latency(quiet: Sequence[Minute]) -> Verdict:
    bar = f"median p99 of the last third of quiet minutes ≤ {_DRIFT:g} × that of the first third"
    if len(quiet) < 3:
        return Verdict("soak-p99", is_met=False, figure=f"{len(quiet)} quiet minutes", bar=bar)
    third = len(quiet) // 3
    first = median(each.p99 for each in quiet[:third])
    last = median(each.p99 for each in quiet[-third:])
    hourly = slope([(each.number, each.p99) for each in quiet]) * 60
    return Verdict(
        "soak-p99",
        last <= _DRIFT * first,
        f"{first:g} ms, then {last:g} ms over {len(quiet)} quiet minutes; slope {hourly:+.1f} ms an hour",
        bar,
    )
