"""A program under measurement: a process whose processor time and memory can be read while it runs."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.catalogues import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["Running", "cpu_of", "installed", "memory_of", "resident_of", "tree_of", "wait_until"]

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_GRACE: Final = 15.0


class Running:
    """A running program; it is ended with the ``with`` block.

    Args:
        command: What follows the Python interpreter's name.
        log: Where its output goes.
        env: Variables on top of this process's.
    """

    def __init__(self, command: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None) -> None:
        self.log = log
        self.started = time.monotonic()
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                stdout=out,
                stderr=out,
                env={**os.environ, "PYTHONPATH": str(ROOT), **({} if env is None else env)},
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(_GRACE)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """Return the last line of its output."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1][:200] if len(lines) > 0 else "no output"

    def cpu(self) -> float:
        """Return the seconds of processor that it and its children have used; those that ended do not count."""
        return sum(map(cpu_of, tree_of(self._process.pid)))

    def memory(self) -> float:
        """Return the memory of it and its children in megabytes; pages that several share count once."""
        return sum(map(memory_of, tree_of(self._process.pid)))


def tree_of(pid: int) -> list[int]:
    """Return the numbers of a process and of all that descend from it."""
    found = [pid]
    for each in found:
        try:
            children = Path(f"/proc/{each}/task/{each}/children").read_text(encoding="ascii")
        except OSError:
            continue
        found += map(int, children.split())
    return found


def cpu_of(pid: int) -> float:
    """Return the seconds of processor that a process has used; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_of(pid: int) -> float:
    """Return the memory of a process in megabytes, shared pages by their share; 0 where it is gone."""
    return _rolled(pid, "Pss:")


def resident_of(pid: int) -> float:
    """Return the memory of a process in megabytes, shared pages in full; 0 where it is gone."""
    return _rolled(pid, "Rss:")


def _rolled(pid: int, name: str) -> float:
    try:
        rolled = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in rolled.splitlines() if line.startswith(name)]
    return int(sizes[0]) / 1e3 if len(sizes) > 0 else 0.0


def wait_until(condition: Callable[[], bool], *, within: float, every: float = 0.1) -> bool:
    """Ask ``condition`` until it holds; return False where it does not ``within`` so many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def installed(module: str) -> bool:
    """Whether ``module`` can be imported; it is not, since some peers take seconds."""
    return module in sys.modules or importlib.util.find_spec(module) is not None
