"""The worker end to end on a real Apache Kafka, beside bare pass-throughs and the same linking in other frameworks.

Every program reads the same records. Rates are taken between the moment when a tenth of them has come out and the last
one, or the end of a program's time, so that no start is measured; processor time is the program's own.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.broker import DIFFERENT, Broker
from bench.catalogues import compiled
from bench.latency import latency
from bench.process import Running, installed, wait_until
from bench.programs import PROGRAMS
from bench.rows import Figure, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.rows import Config

__all__ = ["HALF_LOAD", "RAW", "loads", "pipeline"]

RAW: Final = "bench.raw"
"""The topic that every program reads."""

HALF_LOAD: Final = "worker, 50% of its rate"
"""The case of `loads` that is judged."""

_ALIASES: Final = 1_000_000
_START: Final = 90.0
_MOST_LOAD: Final = 500.0


@dataclass(frozen=True, slots=True)
class _Plan:
    records: int
    seconds: float
    latency_seconds: float
    runs: int
    snapshot: str


def pipeline(config: Config) -> Iterator[Row]:
    """Run every program that is installed, and the worker's peers at half load.

    They take turns, so that a machine that becomes slower meanwhile is slower for all of them.
    """
    plan = _plan(config)
    with tempfile.TemporaryDirectory() as folder, Broker(Path(folder)) as broker:
        yield _filled(broker, plan)
        rows: dict[str, list[dict[str, Figure]]] = {
            program: [] for program, (module, _) in PROGRAMS.items() if installed(module)
        }
        for number in range(plan.runs):
            for program, runs in rows.items():
                runs.append(_throughput(broker, program, plan, Path(folder), number))
        for program in PROGRAMS:
            if program not in rows:
                yield Row("pipeline", program, {"note": "not installed"})
                continue
            best = _median(rows[program])
            yield Row("pipeline", program, best)
            if program != "worker" and isinstance(best.get("per_second"), float):
                yield _loaded(broker, program, plan, Path(folder), best, 0.5)


def loads(config: Config) -> Iterator[Row]:
    """Run the worker at shares of its own rate, the lowest first: until then the broker compiles what it runs often."""
    plan = _plan(config)
    with tempfile.TemporaryDirectory() as folder, Broker(Path(folder)) as broker:
        yield _filled(broker, plan)
        alone = _throughput(broker, "worker", plan, Path(folder), 0)
        yield Row("latency", "worker, all it can", alone)
        if isinstance(alone.get("per_second"), float):
            for share in (0.5,) if config.quick else (0.25, 0.5, 0.75):
                yield _loaded(broker, "worker", plan, Path(folder), alone, share)


def _plan(config: Config) -> _Plan:
    return _Plan(
        records=8_000 if config.quick else 30_000,
        seconds=15.0 if config.quick else 30.0,
        latency_seconds=10.0 if config.quick else 20.0,
        runs=1 if config.quick else 3,
        snapshot=str(compiled(config.kind, _ALIASES)),
    )


def _filled(broker: Broker, plan: _Plan) -> Row:
    broker.topics(RAW, "bench.out")
    broker.fill(RAW, plan.records)
    return Row("pipeline", "broker", {"note": f"Apache Kafka {broker.version}, one node, {plan.records:,} records"})


def _loaded(broker: Broker, program: str, plan: _Plan, folder: Path, alone: dict[str, Figure], share: float) -> Row:
    # No more than the sender can send evenly.
    load = min(_MOST_LOAD, float(alone["per_second"] or 0) * share)
    return Row("latency", f"{program}, {share:.0%} of its rate", _at_load(broker, program, plan, folder, load))


def _median(rows: Sequence[dict[str, Figure]]) -> dict[str, Figure]:
    """Return the run of the median rate, with the lowest and the highest rate beside it."""
    whole = sorted((row for row in rows if "per_second" in row), key=lambda row: float(row["per_second"] or 0))
    if len(whole) == 0:
        return rows[0]
    rates = [row["per_second"] for row in whole]
    return {**whole[len(whole) // 2], "slowest": rates[0], "fastest": rates[-1]}


def _start(stack: ExitStack, broker: Broker, program: str, raw: str, out: str, plan: _Plan, log: Path) -> Running:
    task = [program, broker.address, raw, out, f"group.{out}", plan.snapshot]
    return stack.enter_context(Running(["-m", "bench.programs", *task], log))


def _throughput(broker: Broker, program: str, plan: _Plan, folder: Path, number: int) -> dict[str, Figure]:
    out = f"bench.out.{program.replace(', ', '.').replace(' ', '-')}.{number}"
    broker.topics(RAW, out)
    with ExitStack() as stack:
        running = _start(stack, broker, program, RAW, out, plan, folder / f"{out}.log")

        def ready() -> bool:
            return broker.written(out) > 0 or not running.is_alive

        if not wait_until(ready, within=_START) or not running.is_alive:
            return {"note": f"wrote nothing: {running.last_words()}"}
        tenth = plan.records // 10
        deadline = time.monotonic() + plan.seconds
        wait_until(lambda: broker.written(out) >= tenth, within=plan.seconds / 3)
        first, began, cpu = broker.written(out), time.monotonic(), running.cpu()
        wait_until(lambda: broker.written(out) >= plan.records, within=max(1.0, deadline - time.monotonic()))
        last, ended = broker.written(out), time.monotonic()
        cpu = running.cpu() - cpu
        done = last - first
        if done <= 0:
            few = "everything before it" if last >= plan.records else "no more while it"
            return {"note": f"wrote {few} could be measured: {last:,} of {plan.records:,} records"}
        return {
            "per_second": round(done / (ended - began), 1),
            "cpu_s_per_million": round(cpu / done * 1e6, 1),
            "per_cpu_second": round(done / cpu, 1) if cpu > 0 else None,
            "memory_mb": round(running.memory(), 1),
            "articles": done,
            "note": None,
        }


def _at_load(broker: Broker, program: str, plan: _Plan, folder: Path, load: float) -> dict[str, Figure]:
    name = f"{program.replace(', ', '.').replace(' ', '-')}.{load:.0f}"
    raw, out = f"bench.raw.{name}", f"bench.late.{name}"
    broker.topics(raw, out)
    with ExitStack() as stack:
        running = _start(stack, broker, program, raw, out, plan, folder / f"{out}.log")
        # Every text once: names that come for the first time since the start are another question.
        broker.fill(raw, DIFFERENT)
        if not wait_until(lambda: broker.written(out) >= DIFFERENT or not running.is_alive, within=_START):
            return {"note": f"wrote nothing: {running.last_words()}"}
        return latency(broker, raw, out, per_second=load, seconds=plan.latency_seconds)
