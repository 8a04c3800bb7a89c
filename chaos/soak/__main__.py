"""``python -m chaos.soak``: hours at most of what a worker can do, or minutes; a JSON file, and the page made of it."""

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

from chaos.soak.run import Options, run_soak
from streams.embedded.apache import locked_version

if TYPE_CHECKING:
    from chaos.soak.judge import Verdict

__all__ = ["main"]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos.soak", description="Run one worker for long, with stalls.")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (default: 60)")
    parser.add_argument("--warm-up", type=float, default=5.0, help="minutes that do not count (default: 5)")
    parser.add_argument("--share", type=float, default=0.8, help="of the measured capacity (default: 0.8)")
    parser.add_argument("--backlog", type=int, default=12_000, help="records that capacity is measured with")
    parser.add_argument("--json", type=Path, help="where the figures go; the page goes beside them")
    parser.add_argument("--date", default=time.strftime("%Y-%m-%d"), help="date of the record (default: today)")
    parser.add_argument("--keep", type=Path, help="folder for data and logs; a temporary one otherwise")
    return parser.parse_args()


def main() -> int:
    """Run, and return the exit code: 1 where a promise was broken, whatever the other figures are."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="wasl-soak-", ignore_cleanup_errors=True) as place:
        folder = Path(place) if given.keep is None else given.keep.absolute()
        folder.mkdir(parents=True, exist_ok=True)
        options = Options(given.minutes, given.warm_up, given.share, given.backlog, folder)
        found = run_soak(options, lambda words: print(words, flush=True))
    verdicts: list[Verdict] = found["verdicts"]
    document = {
        "date": given.date,
        "machine": {"cores": os.cpu_count(), "kafka": locked_version(), "python": sys.version.split()[0]},
        "plan": {"minutes": given.minutes, "warm_up": given.warm_up, "share": given.share},
        **found,
        "words": [str(verdict) for verdict in verdicts],
    }
    if given.json is not None:
        given.json.write_bytes(orjson.dumps(document, default=_plain, option=orjson.OPT_INDENT_2) + b"\n")
    for verdict in verdicts:
        print(verdict, flush=True)
    return 0 if all(each.is_met for each in verdicts if each.name == "soak-delivery") else 1


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no place in a file of figures.")


if __name__ == "__main__":
    sys.exit(main())
