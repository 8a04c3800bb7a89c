"""``python -m bench``: measure, write the record, and say of every target whether it is met."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench import (
    catalogues,
    edits,
    hostile,
    imports,
    instructions,
    levels,
    peers,
    pipeline,
    report,
    sizes,
    start,
    targets,
)
from bench.rows import Config, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["LEVELS", "main"]

LEVELS: Final[dict[str, Callable[[Config], Iterator[Row]]]] = {
    "fold": levels.folding,
    "link": levels.at_scale,
    "length": levels.lengths,
    "stages": levels.stages,
    "tails": levels.tails,
    "hostile": hostile.hostile_articles,
    "instructions": instructions.instructions,
    "wire": levels.wire,
    "load": levels.cold_start,
    "sizes": sizes.sizes,
    "edits": edits.live_edits,
    "import": imports.imports,
    "peers": peers.peers,
    "pipeline": pipeline.pipeline,
    "latency": pipeline.loads,
    "start": start.start,
}
"""What can be measured, by the name that ``--only`` takes, in order."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurements; the exit code is 0 whatever the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure how fast Wasl is.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs, smaller catalogues for peers")
    parser.add_argument("--full", action="store_true", help="five million aliases too; needs 20 GB of memory")
    parser.add_argument("--only", action="append", choices=LEVELS, help="measure and judge this alone; may be repeated")
    parser.add_argument("--date", type=_date, default=None, help="date of the record, YYYY-MM-DD; today by default")
    parser.add_argument("--name", default="", help="name of the record beside its date")
    parser.add_argument("--results", type=Path, default=report.RESULTS, help="folder of the record")
    parser.add_argument(
        "--catalogue",
        choices=("grown", "generated"),
        default="grown" if catalogues.real() else "generated",
        help="real names where ../shared is present, else invented ones",
    )
    given = parser.parse_args(arguments)
    config = Config(quick=given.quick, full=given.full, kind=given.catalogue)
    before = os.getloadavg()
    rows: list[Row] = []
    seconds: dict[str, int] = {}
    for level in given.only or LEVELS:
        began = time.monotonic()
        rows += _measured(level, config)
        seconds[level] = round(time.monotonic() - began)
        print(f"-- {level}: {seconds[level]} s", file=sys.stderr, flush=True)
    about: dict[str, Any] = report.machine(load_before=before, load_after=os.getloadavg())
    about |= {"catalogue": config.kind, "quick": config.quick, "levels": ", ".join(given.only or ["all"])}
    about["seconds"] = ", ".join(f"{level} {took}" for level, took in seconds.items())
    judged = targets.judge(rows, full=config.full, quick=config.quick)
    date = given.date or dt.datetime.now(tz=dt.timezone.utc).date().isoformat()
    if given.only is not None:
        # What was not to be measured is not judged.
        judged = [target for target in judged if target.figure is not None]
    if given.name != "":
        date = f"{date}-{given.name}"
    for path in report.write(date, about, rows, judged, folder=given.results):
        print(f"written: {path}")
    for target in judged:
        print(target)
    return 0


def _measured(level: str, config: Config) -> Iterator[Row]:
    """Yield the rows of a level as they come; a level that fails ends with a row that says so, and the run goes on."""
    rows = LEVELS[level](config)
    following = partial(next, rows, None)
    while True:
        try:
            row = following()
        except Exception as exc:  # noqa: BLE001 - an hour of figures must not be lost to one peer
            row = Row(level, "failed", {"note": f"{type(exc).__name__}: {exc}"[:300]})
        if row is None:
            return
        print(f"{row.level} | {row.case} | {row.figures}", file=sys.stderr, flush=True)
        yield row


def _date(text: str) -> str:
    return dt.date.fromisoformat(text).isoformat()


if __name__ == "__main__":
    sys.exit(main())
