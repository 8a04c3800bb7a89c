"""Workers that a nursery forks, seen from the harness as processes like any other; see `chaos.nursery`."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Forked", "Nursery"]

_ROOT: Final = Path(__file__).resolve().parents[1]
_ANSWERS_WITHIN: Final = 60.0


class Nursery:
    """A nursery that runs; it ends, and its workers with it, when it is closed or this process ends."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chaos.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT
        )
        self._lock = threading.Lock()
        self._born: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.codes: dict[int, int] = {}
        threading.Thread(target=self._listen, name="nursery", daemon=True).start()

    def start(self, environment: Mapping[str, str], log: Path) -> int:
        """Start a worker with these settings; return its process id."""
        line = json.dumps({"environment": dict(environment), "log": str(log)}).encode() + b"\n"
        with self._lock:
            if self._process.stdin is not None:
                self._process.stdin.write(line)
                self._process.stdin.flush()
            return self._born.get(timeout=_ANSWERS_WITHIN)

    def close(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(30)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _listen(self) -> None:
        with contextlib.suppress(ValueError):  # it was closed
            for line in self._process.stdout or ():
                said = json.loads(line)
                if "code" in said:
                    self.codes[said["pid"]] = said["code"]
                else:
                    self._born.put(said["pid"])


class Forked:
    """One worker of a nursery, started as often as wanted; as `streams.embedded.process.ChildProcess`.

    Args:
        nursery: Who starts it.
        environment: Its settings.
        log: File that receives its output.
    """

    def __init__(self, nursery: Nursery, environment: Mapping[str, str], log: Path) -> None:
        self._nursery = nursery
        self._environment = environment
        self._log = log
        self.pid: int | None = None

    @property
    def running(self) -> bool:
        """Whether it is there."""
        return self.pid is not None and self.pid not in self._nursery.codes

    @property
    def returncode(self) -> int | None:
        """Exit status, negative for a signal; None while it runs."""
        return None if self.pid is None else self._nursery.codes.get(self.pid)

    def start(self, ready: Callable[[], bool], *, timeout: float) -> None:
        """Start it; whether it is of use is for others to find out."""
        del ready, timeout
        self.pid = self._nursery.start(self._environment, self._log)

    def kill(self) -> int | None:
        """End it at once, and wait for it."""
        if self.pid is not None and self.pid not in self._nursery.codes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            deadline = time.monotonic() + _ANSWERS_WITHIN
            while self.running and time.monotonic() < deadline:
                time.sleep(0.02)
        return self.returncode
