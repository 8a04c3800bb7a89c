"""The workers of a run, and a supervisor that starts them again as systemd would.

Any end is followed by a new start after a moment (``Restart=always``), a stop of ours and `hold` apart.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chaos.forked import Forked
from streams.embedded.process import ChildProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from chaos.forked import Nursery

__all__ = ["Crew", "Ended"]

_LOOK_EVERY: Final = 0.05
_RESTART_AFTER: Final = 0.2


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a worker: its number, its exit code (negative for a signal), and when, in seconds since the epoch."""

    number: int
    code: int
    at: float


@dataclass(slots=True)
class _Place:
    child: ChildProcess | Forked
    wanted: bool = True
    ended_at: float | None = None
    is_stopped: bool = False


@dataclass(slots=True)
class Crew:
    """Workers under supervision.

    Attributes:
        folder: Where each has its log and its data.
        environment: Their settings.
        preload: A library loaded into each of them, and its variables; for clocks that jump.
        data_dir: Folder of a worker's data, by its number.
        nursery: Forks them; None starts each as a program of its own.
        ends: All that have ended, in order.
    """

    folder: Path
    environment: Mapping[str, str]
    data_dir: Callable[[int], Path]
    preload: Mapping[str, str] = field(default_factory=dict)
    nursery: Nursery | None = None
    ends: list[Ended] = field(default_factory=list)
    _places: list[_Place] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _held: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def open(self, workers: int) -> None:
        """Start so many workers, and watch over them."""
        for _ in range(workers):
            self.add()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def add(self) -> int:
        """Start one more worker; return its number."""
        with self._lock:
            number = len(self._places)
            variables = {**self.environment, **self.preload, "WASL_DATA_DIR": str(self.data_dir(number))}
            child = self._child(number, variables)
            self._places.append(_Place(child))
            if self._held == 0:
                child.start(lambda: True, timeout=30)
            else:
                self._places[number].ended_at = time.time()
            return number

    def _child(self, number: int, variables: Mapping[str, str]) -> ChildProcess | Forked:
        log = self.folder / f"worker{number}.log"
        # What is preloaded is loaded when a program starts, and a fork starts none.
        if self.nursery is not None and len(self.preload) == 0:
            return Forked(self.nursery, variables, log)
        command = (
            "/usr/bin/env",
            *(f"{name}={value}" for name, value in variables.items()),
            *(sys.executable, "-m", "streams", "worker", "--processes", "1"),
        )
        return ChildProcess(f"worker {number}", command, log_path=log)

    def alive(self) -> list[int]:
        """Return the numbers of workers that run."""
        with self._lock:
            return [number for number, place in enumerate(self._places) if place.wanted and place.child.running]

    def pid(self, number: int) -> int | None:
        """Return the process of a worker; None where it does not run."""
        with self._lock:
            child = self._places[number].child
            return child.pid if child.running else None

    def send(self, number: int, what: signal.Signals) -> None:
        """Send a signal to a worker; one that is not there gets none."""
        with self._lock:
            place = self._places[number]
            place.is_stopped = what == signal.SIGSTOP
            if place.child.running and place.child.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(place.child.pid, what)

    def dismiss(self, number: int, what: signal.Signals = signal.SIGTERM) -> None:
        """End a worker for good."""
        with self._lock:
            self._places[number].wanted = False
            self.send(number, what)

    def hold(self) -> None:
        """Kill all workers, and start none until `let_go`."""
        with self._lock:
            self._held += 1
            for number in self.alive():
                self.send(number, signal.SIGKILL)

    def let_go(self) -> None:
        """Start them again."""
        with self._lock:
            self._held -= 1

    def ended_since(self, at: float) -> list[Ended]:
        """Return the ends of workers since a moment, in seconds since the epoch."""
        with self._lock:
            return [ended for ended in self.ends if ended.at >= at]

    def close(self, *, within: float = 30.0) -> list[Ended]:
        """Ask all workers to end; return how those that ran did."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(10)
        self._look(start=False)
        running = self.alive()
        for number in running:
            self.send(number, signal.SIGCONT)
            self.send(number, signal.SIGTERM)
        deadline = time.monotonic() + within
        last = []
        for number, place in enumerate(self._places):
            while place.child.running and time.monotonic() < deadline:
                time.sleep(0.02)
            if place.child.running:
                place.child.kill()
            if number in running:
                last.append(Ended(number, place.child.returncode or 0, time.time()))
        return last

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            self._look(start=True)

    def _look(self, *, start: bool) -> None:
        with self._lock:
            now = time.time()
            for number, place in enumerate(self._places):
                if place.child.running:
                    continue
                if place.ended_at is None:
                    place.ended_at = now
                    code = place.child.returncode
                    self.ends.append(Ended(number, 0 if code is None else code, now))
                if start and place.wanted and self._held == 0 and now - place.ended_at >= _RESTART_AFTER:
                    place.ended_at = None
                    place.child.start(lambda: True, timeout=30)
