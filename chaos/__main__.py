"""``python -m chaos``: every fault alone, random combinations, or those that are named; the exit code tells."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import orjson

from chaos.cluster import Cluster
from chaos.faults import FAULTS
from chaos.forked import Nursery
from chaos.report import is_finished
from chaos.run import run_faults
from streams.embedded.options import EmbeddedOptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chaos.faults import Fault
    from chaos.run import Result

__all__ = ["arguments", "combination", "main"]


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what was asked for, by default on the command line."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description="Make things fail, and check what came of it.")
    parser.add_argument("--seed", type=int, help="seed of the first run (default: the time)")
    parser.add_argument("--runs", type=int, default=0, help="random runs, of the seeds from --seed on")
    parser.add_argument("--only", action="append", choices=sorted(FAULTS), help="this fault; several happen together")
    parser.add_argument("--singles", action="store_true", help="every fault alone")
    parser.add_argument("--rate", type=float, default=60.0, help="records a second (default: 60)")
    parser.add_argument(
        "--json", type=Path, help="append the results, one JSON object a line; what was finished there is not run again"
    )
    parser.add_argument("--keep", type=Path, default=Path(".cache/chaos"), help="where broken runs leave what they had")
    parser.add_argument("--within", type=float, default=float("inf"), help="begin no run after so many seconds")
    parser.add_argument("--forked", action="store_true", help="fork workers instead of starting a program for each")
    parser.add_argument("--list", action="store_true", help="list the faults, and do nothing")
    return parser.parse_args(given)


def combination(seed: int) -> list[Fault]:
    """Return one to three faults that can happen together, the same for the same seed."""
    random = Random(f"faults {seed}")
    possible = [fault for fault in FAULTS.values() if fault.why_not() is None]
    kinds = random.sample(sorted({fault.kind for fault in possible}), random.choice((1, 2, 2, 3)))
    drawn = [random.choice([fault for fault in possible if fault.kind == kind]) for kind in kinds]
    # What takes rights, or the broker, needs one broker that is alone.
    is_one = max(fault.nodes for fault in drawn) == 1
    return [fault for fault in drawn if is_one or not fault.alone]


def _planned(given: argparse.Namespace) -> Iterator[tuple[int, list[Fault]]]:
    first = time.time_ns() % 1_000_000_000 if given.seed is None else given.seed
    print(f"seed {first}: --seed {first} gives the same faults, articles and moments again", flush=True)
    if given.only is not None:
        for number in range(max(1, given.runs)):
            yield first + number, [FAULTS[name] for name in given.only]
        return
    before = [row for row in _before(given.json) if is_finished(row)]
    if given.singles:
        done = {row["faults"][0] for row in before if not row["drawn"] and len(row["faults"]) == 1}
        for number, (name, fault) in enumerate(FAULTS.items()):
            if name not in done:
                yield first + number, [fault]
        return
    seeds = {row["seed"] for row in before if row["drawn"]}
    for seed in range(first, first + given.runs):
        if seed not in seeds:
            yield seed, combination(seed)


def _before(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.is_file():
        return []
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def _show(result: Result) -> str:
    back = " ".join(f"{name}:{timing.held:.1f}/{timing.first}/{timing.all}s" for name, timing in result.timings.items())
    return (
        f"{'ok    ' if result.ok else 'BROKEN'} seed {result.seed} {'+'.join(result.faults):40} {result.inputs:>5} in "
        f"{result.enriched:>5} enriched {result.dead:>3} dead {result.duplicates:>4} twice {result.relinked:>3} anew "
        f"{result.dropped:>3} dropped  {result.lost} lost  {result.seconds:.0f} s  {back}  ends {result.ends}"
    )


def _print(result: Result) -> None:
    print(_show(result), flush=True)
    for words in result.last_words:
        print(f"  a worker said: {words}", flush=True)
    for name in result.missed:
        print(f"  not injected: {name}", flush=True)
    for problem in result.problems:
        print(f"  {problem}", flush=True)


def main() -> int:
    """Run, and return the exit code."""
    given = arguments()
    if given.list:
        for fault in FAULTS.values():
            print(
                f"{fault.name:28} {fault.about}"
                + ("" if fault.why_not() is None else f" (not here: {fault.why_not()})")
            )
        return 0
    began, broken = time.monotonic(), 0
    clusters: dict[int, Cluster] = {}
    with contextlib.ExitStack() as scope:
        place = Path(scope.enter_context(tempfile.TemporaryDirectory(prefix="wasl-chaos-", ignore_cleanup_errors=True)))
        nursery = None
        if given.forked:
            nursery = Nursery()
            scope.callback(nursery.close)
        for seed, faults in _planned(given):
            if time.monotonic() - began > given.within:
                break
            reason = next((each for fault in faults if (each := fault.why_not()) is not None), None)
            if reason is not None:
                print(f"not injected: {'+'.join(fault.name for fault in faults)}: {reason}", flush=True)
                continue
            nodes = max(fault.nodes for fault in faults)
            if nodes not in clusters:
                clusters[nodes] = Cluster(place / f"cluster{nodes}", EmbeddedOptions.from_env(), nodes=nodes)
                scope.callback(clusters[nodes].close)
            result = run_faults(
                faults,
                seed=seed,
                cluster=clusters[nodes],
                folder=(given.keep / str(seed)).absolute(),
                rate=given.rate,
                nursery=nursery,
            )
            result.forked = nursery is not None
            result.drawn = given.only is None and not given.singles
            _print(result)
            if given.json is not None:
                with given.json.open("ab") as file:
                    file.write(orjson.dumps(result.document()) + b"\n")
            broken += not result.ok
    return 1 if broken > 0 else 0


if __name__ == "__main__":
    sys.exit(main())
