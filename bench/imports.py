"""The import of a Wikidata dump: megabytes of uncompressed JSON a second and core, and memory by the size of the dump.

Speed is that of a worker: whole blocks of lines to compressed candidates, without reading and decompressing, which
other cores and programs can do. Memory is that of all processes together, whole pages, shared ones counted each time.

``python -m bench.imports WORK DUMP JOBS`` runs one import, for measuring from outside.
"""

from __future__ import annotations

import bz2
import gc
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.catalogues import CACHE, ROOT
from bench.dumps import dump_lines, write_dump
from bench.process import Running
from bench.rows import Row
from bench.stats import summarise
from streams.catalog.sources.wikidata.block import parse_block
from streams.catalog.sources.wikidata.dump import BLOCK_BYTES, Dump
from streams.catalog.sources.wikidata.options import ImportOptions, parse_types
from streams.catalog.sources.wikidata.run import import_dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.rows import Config

__all__ = ["REAL", "imports", "process_tree"]

REAL: Final = ROOT.parent / "shared" / "data" / "wikidata"
"""Real lines of a dump, where the optional data folder is present."""

_EVERYTHING: Final = ImportOptions(min_sitelinks=0, types=parse_types("all")[0])
_SAMPLED: Final = 0.05


def imports(config: Config) -> Iterator[Row]:
    """Import real and generated lines block by block, then whole generated dumps, one ten times the other."""
    blocks: dict[str, list[bytes]] = {}
    if REAL.is_dir():
        blocks |= {f"real lines, {path.name}": _blocks(_lines(path)) for path in sorted(REAL.glob("*.json*"))}
        blocks["real lines, all"] = [block for each in blocks.values() for block in each]
    blocks["generated lines"] = _blocks(dump_lines(1_000 if config.quick else 5_000))
    for case, data in blocks.items():
        for what, options in (("every line read whole", _EVERYTHING), ("at least one sitelink", ImportOptions())):
            yield Row("import", f"{case}, {what}", _speed(data, options, config.repeats))
    small = 10_000 if config.quick else 100_000
    for count in (small, 10 * small):
        yield Row("import", f"a dump of {count:,} items, two workers", _whole(count))


def process_tree(pid: int) -> list[int]:
    """Return the process and all that it started, by number; empty once it has ended."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    except OSError:
        return []
    return [pid] + [each for child in text.split() for each in process_tree(int(child))]


def _speed(blocks: Sequence[bytes], options: ImportOptions, repeats: int) -> dict[str, float | int | str | None]:
    size = sum(map(len, blocks))
    speeds = []
    # As the workers of an import have it.
    gc.disable()
    try:
        for _ in range(repeats):
            began = time.process_time()
            for block in blocks:
                parse_block(block, 1, options)
            speeds.append(size / 1e6 / (time.process_time() - began))
    finally:
        gc.enable()
    found = summarise(speeds)
    return {
        "mb_per_second_core": round(found.median, 1),
        "slowest": round(found.least, 1),
        "fastest": round(found.most, 1),
        "mb": round(size / 1e6, 1),
    }


def _whole(count: int) -> dict[str, float | int | str | None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        path = Path(folder) / "dump.json.zst"
        size = write_dump(path, count)
        command = ["-m", "bench.imports", str(Path(folder) / "work"), str(path), "2"]
        peak = 0.0
        began = time.perf_counter()
        with Running(command, Path(folder) / "log") as running:
            while running.is_alive:
                peak = max(peak, sum(map(_resident, process_tree(running.pid))))
                time.sleep(_SAMPLED)
            took = time.perf_counter() - began
            said = running.last_words()
    return {"peak_mb": round(peak, 1), "wall_s": round(took, 1), "mb": round(size / 1e6, 1), "entities": said}


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    sizes = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")]
    return sizes[0] / 1e3 if len(sizes) > 0 else 0.0


def _lines(path: Path) -> Iterator[bytes]:
    with bz2.open(path) if path.suffix == ".bz2" else path.open("rb") as file:
        yield from file


def _blocks(lines: Iterable[bytes]) -> list[bytes]:
    """Put lines together as a dump's reader cuts them."""
    blocks, block = [], bytearray()
    for line in lines:
        block += line
        if len(block) >= BLOCK_BYTES:
            blocks.append(bytes(block))
            block.clear()
    return [*blocks, bytes(block)] if len(block) > 0 else blocks


class _Silent:
    def reading(self, read: int, size: int | None, counts: dict[str, int]) -> None:
        pass

    def resolving(self, done: int, total: int) -> None:
        pass


def _main(work: str, path: str, jobs: str) -> None:
    report = import_dump(Dump.open(Path(path)), Path(work), ImportOptions(), jobs=int(jobs), progress=_Silent())
    print(report.counts["entities"])


if __name__ == "__main__":
    _main(*sys.argv[1:])
