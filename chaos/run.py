"""One run: a load, some faults, a recovery, and what stands in the topics afterwards."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from chaos.checker import Expected, check, origin_of
from chaos.world import KINDS, World, until

if TYPE_CHECKING:
    from pathlib import Path

    from chaos.checker import Report
    from chaos.cluster import Cluster
    from chaos.faults import Fault
    from chaos.forked import Nursery

__all__ = ["UNFINISHED", "Result", "Timing", "run_faults"]

UNFINISHED: Final = "not finished: "
"""How the problem of a run begins that did not come to its end."""

_WORKERS: Final = 2
_BEGUN: Final = 30  # records that are committed before anything goes wrong
_HEALED_AFTER: Final = 3  # attempts
_LATE: Final = 5.0
_AFTER_STORE: Final = 15.0  # seconds within which a worker notices that Redis is back, and catches up
# One that is asked before it has begun to listen to signals ends by the signal; it has read nothing then.
_CLEAN_ENDS: Final = {0, -15}
# Asked to end, could not start, could not go on, stalled; killed by us, or asked to end before it could listen.
_KNOWN_ENDS: Final = {0, 1, 70, 75, -9, -15}


@dataclass(slots=True)
class Timing:
    """When a fault was there, and how long it took from its beginning until events came again.

    Attributes:
        at: Seconds from the first commit to the fault.
        held: Seconds from the fault to its healing.
        first: Seconds from the fault to the first enriched event of an article sent after it.
        all: The same, until every partition has had one.
    """

    at: float
    held: float = 0.0
    first: float | None = None
    all: float | None = None


@dataclass(slots=True)
class Result:
    """What a run has come to; a row of the table.

    Attributes:
        seed: Its seed.
        faults: Names of its faults.
        drawn: Whether the seed chose the faults too.
        forked: Whether workers were forked from one that had its imports done.
        problems: What is wrong, in words; nothing where all promises were kept.
        lost: How many outcomes are missing; the next four are counts of problems too.
        missed: Faults that could not be injected, and why.
        timings: By fault.
        ends: How often workers ended with which exit code before they were asked to.
        last_words: What workers said that could not go on.
        facts: What faults found worth saying.
    """

    seed: int
    faults: list[str]
    at: str
    drawn: bool = False
    forked: bool = False
    seconds: float = 0.0
    load_average: float = 0.0
    inputs: int = 0
    enriched: int = 0
    dead: int = 0
    unlinked: int = 0
    duplicates: int = 0
    relinked: int = 0
    dropped: int = 0
    lost: int = 0
    altered: int = 0
    reordered: int = 0
    version: int = 0
    unexplained: int = 0
    versions: int = 0
    lateness: float = 0.0
    missed: list[str] = field(default_factory=list)
    timings: dict[str, Timing] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    last_words: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether all promises were kept."""
        return len(self.problems) == 0

    def document(self) -> dict[str, Any]:
        """Return it as JSON's values."""
        return asdict(self)


def run_faults(
    faults: list[Fault],
    *,
    seed: int,
    cluster: Cluster,
    folder: Path,
    rate: float = 60.0,
    drain: float = 120.0,
    nursery: Nursery | None = None,
) -> Result:
    """Run a load through two workers while faults happen, and check everything that came of it.

    Args:
        faults: What happens; each begins at a moment that the seed gives.
        seed: Gives the articles, the moments and all choices.
        cluster: Brokers that run.
        folder: For data and logs; kept where a promise was broken.
        rate: Records a second.
        nursery: Forks the workers; None starts each as a program of its own.
        drain: Seconds within which the workers must have caught up at the end.
    """
    began = time.monotonic()
    result = Result(seed, [fault.name for fault in faults], time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    name = f"chaos-{seed}-{time.time_ns() // 1_000_000 % 100_000_000}"
    world = World(name, cluster, folder, Random(seed), rate=rate, nursery=nursery, is_alone=len(faults) == 1)
    try:
        _run(world, faults, result, drain)
    except Exception as exc:  # noqa: BLE001 - a run that cannot be finished proves nothing, and must be seen
        result.problems.append(f"{UNFINISHED}{type(exc).__name__}: {exc}")
    finally:
        cluster.mend()
        world.close()
        result.facts |= world.facts
        with suppress(Exception), world.admin() as admin:
            admin.delete_topics([world.topic(kind) for kind in KINDS])
    result.seconds = round(time.monotonic() - began, 1)
    result.load_average = round(os.getloadavg()[0], 1)
    if result.ok:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def _run(world: World, faults: list[Fault], result: Result, drain: float) -> None:
    world.create(*KINDS)
    for fault in faults:
        fault.prepare(world)
    world.load.start()
    world.crew.open(_WORKERS)
    until(lambda: _is_under_way(world), within=240, what="the workers work")
    zero = time.time()
    moments = {fault.name: 0.3 + 2.5 * world.random.random() * (len(faults) > 1) for fault in faults}
    threads = [
        threading.Thread(target=_happen, args=(world, fault, moments[fault.name], zero, result), name=fault.name)
        for fault in faults
    ]
    for thread in threads:
        thread.start()
    until(lambda: time.time() > zero + 2.0, within=60, what="time passes")
    world.shelf.promote()
    for thread in threads:
        thread.join(150)
    world.shelf.settle()
    time.sleep(1.5)
    sent = world.load.stop()
    target: dict[int, int] = {}
    for each in sent:
        target[each.partition] = max(target.get(each.partition, 0), each.offset + 1)
    try:
        until(lambda: _is_done(world, target), within=drain, what="the workers catch up")
    except TimeoutError as exc:
        result.problems.append(f"{exc}: {world.progress()}, wanted {target}")
    for ended in world.crew.ended_since(0):
        result.ends[str(ended.code)] = result.ends.get(str(ended.code), 0) + 1
    for ended in world.crew.close():
        if ended.code not in _CLEAN_ENDS:
            result.problems.append(f"worker {ended.number} was asked to end and ended with {ended.code}")
    hidden = sum(result.timings[fault.name].held + _AFTER_STORE for fault in faults if fault.hides_changes)
    expected = Expected(
        sent=sent,
        versions=tuple(world.shelf.versions),
        late=_LATE + hidden,
        codes=frozenset[str]().union(*(fault.codes for fault in faults)),
        excused=frozenset(world.excused),
        may_vanish=any(fault.may_vanish for fault in faults),
        committed={number: committed for number, (committed, _) in world.notes.get("progress", {}).items()},
    )
    report = check(world.kafka, expected)
    _fill_in(result, report, world, zero, inputs=len(sent))


def _happen(world: World, fault: Fault, after: float, zero: float, result: Result) -> None:
    time.sleep(max(0.0, zero + after - time.time()))
    timing = result.timings[fault.name] = Timing(round(time.time() - zero, 2))
    began = time.time()
    try:
        fault.inject(world)
        time.sleep(fault.hold)
    except Exception as exc:  # noqa: BLE001 - another fault may be in its way; no promise is broken by that
        result.missed.append(f"{fault.name}: {type(exc).__name__}: {exc}"[:300])
    for left in reversed(range(_HEALED_AFTER)):
        try:
            fault.heal(world)
        except Exception as exc:  # noqa: BLE001 - likewise; but it must be healed in the end
            if left == 0:
                result.problems.append(f"{fault.name} was not healed: {type(exc).__name__}: {exc}")
            time.sleep(1.0)
        else:
            break
    timing.held = round(time.time() - began, 2)


def _is_under_way(world: World) -> bool:
    """Say whether every worker has partitions, and every partition commits."""
    progress = world.progress()
    done = [committed for committed, _ in progress.values()]
    return len(done) > 0 and min(done) > 0 and sum(done) >= _BEGUN and world.members() >= _WORKERS


def _is_done(world: World, target: dict[int, int]) -> bool:
    progress = world.progress()
    return all(progress.get(partition, (0, 0))[0] >= offset for partition, offset in target.items())


def _fill_in(result: Result, report: Report, world: World, zero: float, *, inputs: int) -> None:
    result.inputs = max(inputs, len(report.raw))
    result.enriched, result.dead, result.unlinked = len(report.enriched), len(report.dead), len(report.unlinked)
    result.duplicates = sum(report.duplicates.values())
    result.relinked, result.dropped = report.relinked, report.dropped
    for kind in ("lost", "altered", "reordered", "version", "unexplained"):
        setattr(result, kind, report.count(kind))
    result.versions = len({version.version for version in world.shelf.versions})
    result.lateness = round(report.lateness, 2)
    result.problems += [str(problem) for problem in report.problems[:20]]
    result.problems += world.findings
    for code in result.ends:
        if int(code) not in _KNOWN_ENDS:
            result.problems.append(f"a worker ended with {code}")
    result.last_words = _last_words(world.folder)
    result.problems += _crashes(world.folder)
    _time_recoveries(result, report, zero)


def _last_words(folder: Path) -> list[str]:
    """Return what workers said when they ended because they could not go on."""
    found = []
    for log in sorted(folder.glob("worker*.log")):
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if '"level":"CRITICAL"' in line:
                with suppress(ValueError):
                    found.append(str(json.loads(line)["message"])[:300])
    return found


def _crashes(folder: Path) -> list[str]:
    """Return the last line of tracebacks that no worker meant to write."""
    found = []
    for log in folder.glob("worker*.log"):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        if any(line.startswith("Traceback ") for line in lines):
            found.append(f"{log.name} has a traceback: {lines[-1][:200]}")
    return found


def _time_recoveries(result: Result, report: Report, zero: float) -> None:
    arrivals = []
    sources = {(record.partition, record.offset): record for record in report.raw}
    for record in report.enriched:
        at = origin_of(record)
        source = None if at is None else sources.get(at)
        if at is not None and source is not None and source.timestamp is not None and record.timestamp is not None:
            arrivals.append((at[0], source.timestamp / 1_000, record.timestamp / 1_000))
    for timing in result.timings.values():
        fault_at = zero + timing.at
        first: dict[int, float] = {}
        for partition, sent_at, arrived_at in arrivals:
            if sent_at > fault_at:
                first[partition] = min(first.get(partition, arrived_at), arrived_at)
        if len(first) > 0:
            timing.first = round(min(first.values()) - fault_at, 2)
            timing.all = round(max(first.values()) - fault_at, 2)
