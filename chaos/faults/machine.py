"""Faults of the machine: its disk and its clock."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chaos.faults.fault import Fault

if TYPE_CHECKING:
    from chaos.world import World

__all__ = ["FAULTS"]

_DISK: Final = "2m"
_CLOCK: Final = Path(__file__).with_name("clock.c")


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


def _no_clock() -> str | None:
    if sys.platform == "linux" and shutil.which("cc") is not None:
        return None
    return "a clock that jumps is a library that is compiled: it needs Linux and a C compiler"


def _own_clock(world: World) -> None:
    """Give all workers a clock of their own."""
    library, said = world.folder / "clock.so", world.folder / "clock"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(_CLOCK), "-ldl"], check=True)
    said.write_bytes(struct.pack("q", 0))
    world.notes["clock"] = said
    world.crew.preload = {"LD_PRELOAD": str(library), "CHAOS_CLOCK": str(said)}


def _say(path: Path, seconds: int) -> None:
    with path.open("r+b") as file:  # it is mapped: it must stay the same file
        file.write(struct.pack("q", seconds))


def _jump(world: World) -> None:
    world.facts["jump"] = world.random.choice((3_600, -3_600, 86_400, -86_400))
    _say(world.notes["clock"], world.facts["jump"])
    world.shelf.promote()


def _jump_back(world: World) -> None:
    _say(world.notes["clock"], 0)


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
