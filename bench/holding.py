"""What is measured in a process of its own: compiling a catalogue, and holding one to link with.

``python -m bench.holding build SOURCE SNAPSHOT``: compile catalogue JSONL and write the snapshot.
``python -m bench.holding hold SNAPSHOT PROCESSES``: open a snapshot as a worker does, link with it in so many processes
that were forked afterwards, or in this one where it is 0, and hold it until asked to end. ``-`` is no snapshot.

Each writes one line of JSON when it is done, or ready.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

import streams.workers.main  # noqa: F401 - so that everything is in memory that a worker has there
from bench.inputs import stream
from streams.catalog.compile import Compiler
from streams.catalog.names import names_of
from streams.catalog.records import Record
from streams.catalog.snapshot import open_snapshot
from streams.catalog.snapshot_format import folding_name
from streams.catalog.sources.jsonl import read_entities
from streams.linking.enrich import link_article
from streams.workers.memory import settle_memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.catalog.view import CatalogView

__all__ = ["main"]

_ARTICLES: Final = 300


def main(arguments: list[str]) -> None:
    """Do what the first argument says."""
    name, *rest = arguments
    if name == "build":
        _build(Path(rest[0]), Path(rest[1]))
    else:
        _hold(rest[0], int(rest[1]))


def _build(source: Path, target: Path) -> None:
    compiler, compiled, names = Compiler(), [], 0

    def add() -> None:
        nonlocal names
        for entity in read_entities(source):
            compiler.add(Record(entity.id, entity))
            names += len({name.text for name in names_of(entity)})

    figures = {**_timed("add", add), **_timed("finish", lambda: compiled.append(compiler.finish()))}
    part = target.with_suffix(".part")
    with part.open("wb") as file:
        file.writelines(compiled[0].pieces)
    part.rename(target)
    _say(figures | {"names": names, "peak_mb": _peak()})


def _peak() -> float:
    """Return the most memory that this process had, in megabytes.

    Linux hands ``ru_maxrss`` on from the parent, which may have held more.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = [
            line.split()[1] for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")
        ]
        return int(found[0]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _hold(snapshot: str, processes: int) -> None:
    # A worker has it from its imports; it is no part of loading.
    folding_name()
    views: list[CatalogView] = []
    figures = _timed("open", lambda: views.append(open_snapshot(Path(snapshot)))) if snapshot != "-" else {}
    settle_memory()
    alive, held = os.pipe()
    ready, linked = os.pipe()
    for _ in range(processes):
        if os.fork() == 0:
            os.close(held)
            _link(views)
            os.write(linked, b".")
            # The end of the parent closes the pipe.
            os.read(alive, 1)
            os._exit(0)
    if processes == 0:
        _link(views)
    for _ in range(processes):
        os.read(ready, 1)
    _say(figures)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


def _link(views: list[CatalogView]) -> None:
    for view in views:
        for article in stream(_ARTICLES):
            link_article(article, view)


def _timed(name: str, call: Callable[[], Any]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return {f"{name}_s": time.perf_counter() - wall, f"{name}_cpu_s": time.process_time() - cpu}


def _say(figures: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(figures) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
