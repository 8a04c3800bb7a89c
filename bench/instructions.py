"""Instructions an article, counted by ``perf stat`` where the machine lets it: a figure that load does not disturb.

``python -m bench.instructions KIND ALIASES CALLS`` links the seed-sized article so often; what the start costs cancels
out between two runs of different length.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from bench.catalogues import ROOT, compiled
from bench.inputs import seed_sized
from bench.rows import Row
from streams.catalog.snapshot import open_snapshot
from streams.linking.enrich import link_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.rows import Config

__all__ = ["instructions", "read_perf"]

_FEW: Final = 10
_MANY: Final = 210
_ALIASES: Final = 100_000


def instructions(config: Config) -> Iterator[Row]:
    """Count the instructions of linking the seed-sized article."""
    case = f"{seed_sized()[0]}, {_ALIASES:,} aliases"
    if shutil.which("perf") is None:
        yield Row("instructions", case, {"note": "skipped: perf is not installed"})
        return
    compiled(config.kind, _ALIASES)
    counts = []
    for calls in (_FEW, _MANY):
        command = [sys.executable, "-m", "bench.instructions", config.kind, str(_ALIASES), str(calls)]
        done = subprocess.run(
            ["perf", "stat", "-x", ",", "-e", "instructions:u", *command], cwd=ROOT, capture_output=True, check=False
        )
        count = read_perf(done.stderr.decode(errors="replace"))
        if count is None:
            yield Row("instructions", case, {"note": "skipped: this machine does not let perf count instructions"})
            return
        counts.append(count)
    yield Row("instructions", case, {"per_article": round((counts[1] - counts[0]) / (_MANY - _FEW))})


def read_perf(text: str) -> int | None:
    """Return the count in what ``perf stat -x ,`` printed, or None where there is none."""
    for line in text.splitlines():
        fields = line.split(",")
        if len(fields) > 2 and fields[2].startswith("instructions") and fields[0].isdigit():
            return int(fields[0])
    return None


def _main(kind: str, aliases: int, calls: int) -> None:
    view = open_snapshot(compiled(kind, aliases))
    _, seed = seed_sized()
    for _ in range(calls):
        link_article(seed, view)


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
