"""``python -m fuzz``: fuzz some targets or all, and say what was found; the exit code is 1 where anything broke."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from fuzz.run import Limits, Result, fuzz_target
from fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["arguments"]


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what was asked for, by default on the command line."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Fuzz decoders, folding, matcher and linker.")
    parser.add_argument("--count", type=int, default=100_000, help="inputs for each target (default: 100000)")
    parser.add_argument("--seed", type=int, help="the same seed gives the same inputs (default: the time)")
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only this one; may be repeated")
    parser.add_argument("--within", type=float, default=float("inf"), help="wall time for each target, in seconds")
    parser.add_argument("--seconds", type=float, default=1.0, help="processor time that one input may take")
    parser.add_argument("--memory", type=int, default=512, help="MiB that one input may take")
    parser.add_argument(
        "--crashes", type=Path, default=Path(".cache/fuzz"), help="where inputs go that broke something"
    )
    parser.add_argument("--json", type=Path, help="append the results, one JSON object a line")
    parser.add_argument("--replay", type=Path, nargs="+", help="try these files on one target, and nothing else")
    return parser.parse_args(given)


def _show(result: Result) -> str:
    speed = result.inputs / result.seconds if result.seconds > 0 else 0.0
    return (
        f"{result.target:17} {result.inputs:>12,} inputs {speed:>9,.0f}/s  {result.accepted:>11,} accepted "
        f"{result.refused:>11,} refused  slowest {result.slowest * 1000:>7.1f} ms  {result.memory >> 20:>5} MiB  "
        f"{len(result.crashes)} broken"
    )


def _replay(paths: list[Path], name: str) -> int:
    target = TARGETS[name]
    for path in paths:
        try:
            print(f"{path}: {'accepted' if target.check(path.read_bytes()) else 'not accepted'}")
        except target.refusals as exc:
            print(f"{path}: refused: {exc}")
    return 0


def main() -> int:
    """Run, and return the exit code."""
    given = arguments()
    names = list(TARGETS) if given.target is None else given.target
    if given.replay is not None:
        return _replay(given.replay, names[0])
    seed = time.time_ns() % 1_000_000_000 if given.seed is None else given.seed
    print(f"seed {seed}: --seed {seed} gives the same inputs again", flush=True)
    limits = Limits(seconds=given.seconds, memory=given.memory << 20)
    broken = 0
    for name in names:
        result = fuzz_target(
            name, seed=seed, count=given.count, folder=given.crashes, limits=limits, within=given.within
        )
        print(_show(result), flush=True)
        for crash in result.crashes:
            print(f"  {crash}", flush=True)
        if given.json is not None:
            with given.json.open("ab") as file:
                file.write(orjson.dumps(asdict(result)) + b"\n")
        broken += len(result.crashes)
    return 1 if broken > 0 else 0


if __name__ == "__main__":
    sys.exit(main())
