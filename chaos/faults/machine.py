"""Faults of the machine: its disk and its clock."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chaos.faults.fault import Fault

if TYPE_CHECKING:
    from chaos.world import World

__all__ = ["FAULTS"]

_DISK: Final = "2m"
_FAKETIME: Final = ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")


def _no_disk() -> str | None:
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None:
        return None
    return "a small file system can be mounted by root on Linux alone"


def _small_disk(world: World) -> None:
    """Give all workers' data a file system of their own, which is small."""
    place = world.folder / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(place)], check=True)
    world.undo.callback(subprocess.run, ["umount", "-l", str(place)], check=True)
    world.crew.data_dir = lambda number: place / f"data{number}"
    world.notes["disk"] = place


def _fill(world: World) -> None:
    """Fill the disk, change the catalogue, and kill a worker, which must start on a full disk."""
    with contextlib.suppress(OSError), (world.notes["disk"] / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4_096)
    world.shelf.promote()
    running = world.crew.alive()
    if len(running) > 0:
        world.crew.send(running[0], signal.SIGKILL)


def _make_room(world: World) -> None:
    (world.notes["disk"] / "filler").unlink()


def _library() -> str | None:
    return next((path for path in _FAKETIME if Path(path).is_file()), None)


def _no_clock() -> str | None:
    return None if _library() is not None else "libfaketime is not installed (apt-get install faketime)"


def _own_clock(world: World) -> None:
    said = world.notes["clock"] = world.folder / "clock"
    _say(said, "+0")
    world.crew.preload = {
        "LD_PRELOAD": _library() or "",
        "FAKETIME_TIMESTAMP_FILE": str(said),
        "FAKETIME_CACHE_DURATION": "1",
        # What clocks jump in reality; timers are monotonic and do not.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def _say(path: Path, offset: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{offset}\n", encoding="ascii")
    fresh.replace(path)


def _jump(world: World) -> None:
    _say(world.notes["clock"], world.random.choice(("+3600", "-3600", "+86400", "-86400")))
    world.shelf.promote()


def _jump_back(world: World) -> None:
    _say(world.notes["clock"], "+0")


FAULTS: Final = (
    Fault(
        "disk-full",
        "the file system of the workers' data full, the catalogue changed, a worker killed",
        _fill,
        _make_room,
        hold=6.0,
        prepare=_small_disk,
        why_not=_no_disk,
    ),
    Fault(
        "clock-jumps",
        "the workers' clock jumps by an hour or a day, and back after 4 s",
        _jump,
        _jump_back,
        hold=4.0,
        prepare=_own_clock,
        why_not=_no_clock,
    ),
)
