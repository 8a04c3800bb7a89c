"""``python -m chaos.soak``: an hour at most of what a worker can do, or minutes; figures, a page and a plot."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from chaos.soak.page import page, plot
from chaos.soak.run import Options, run_soak
from streams.embedded.apache import locked_version

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["arguments", "main", "write_page"]


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what was asked for, by default on the command line."""
    parser = argparse.ArgumentParser(prog="python -m chaos.soak", description="Run one worker for long, with stalls.")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (default: 60)")
    parser.add_argument("--warm-up", type=float, default=5.0, help="minutes that do not count (default: 5)")
    parser.add_argument("--share", type=float, default=0.8, help="of the measured capacity (default: 0.8)")
    parser.add_argument("--backlog", type=int, default=12_000, help="records that capacity is measured with")
    parser.add_argument("--json", type=Path, help="where the figures go; the page and the plot go beside them")
    parser.add_argument("--page", type=Path, help="make the page and the plot of these figures anew, and run nothing")
    parser.add_argument("--note", action="append", default=[], help="a sentence about the run, for the page")
    parser.add_argument("--date", default=time.strftime("%Y-%m-%d"), help="date of the record (default: today)")
    parser.add_argument("--keep", type=Path, help="folder for data and logs; a temporary one otherwise")
    return parser.parse_args(given)


def main() -> int:
    """Run, and return the exit code: 1 where a promise was broken, whatever the other figures are."""
    given = arguments()
    if given.page is not None:
        write_page(given.page, notes=given.note)
        return 0
    with tempfile.TemporaryDirectory(prefix="wasl-soak-", ignore_cleanup_errors=True) as place:
        folder = Path(place) if given.keep is None else given.keep.absolute()
        folder.mkdir(parents=True, exist_ok=True)
        options = Options(given.minutes, given.warm_up, given.share, given.backlog, folder)
        found = run_soak(options, lambda words: print(words, flush=True))
    document = {
        "date": given.date,
        "machine": {"cores": os.cpu_count(), "kafka": locked_version(), "python": sys.version.split()[0]},
        "plan": {"minutes": given.minutes, "warm_up": given.warm_up, "share": given.share},
        **found,
    }
    if given.json is not None:
        given.json.write_bytes(orjson.dumps(document, default=_plain) + b"\n")
        write_page(given.json, notes=given.note)
    for verdict in found["verdicts"]:
        print(verdict, flush=True)
    return 0 if all(each.is_met for each in found["verdicts"] if each.name == "soak-delivery") else 1


def write_page(figures: Path, *, notes: list[str]) -> None:
    """Write the page and the plot beside the figures that they are made of.

    Args:
        figures: The JSON file.
        notes: Sentences about the run.
    """
    document = orjson.loads(figures.read_bytes())
    command = f'make soak SOAK="--minutes {document["plan"]["minutes"]:g} --json {figures.name}"'
    drawn = figures.with_suffix(".svg")
    drawn.write_text(plot(document), encoding="utf-8")
    text = page(document, command=command, plot_name=drawn.name, notes=notes)
    figures.with_suffix(".md").write_text(text, encoding="utf-8")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no place in a file of figures.")


if __name__ == "__main__":
    sys.exit(main())
