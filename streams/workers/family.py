"""Several workers on one host that share what they have loaded: one parent, a fork for each, and a front for all.

The parent loads the catalogue before it forks, so that the pages of the automaton, of the modules and of everything
else that nobody writes to exist once. It has no thread and no event loop, which is what makes forking safe, at the
start and whenever a worker that ended is started anew. The front is a process of its own, since it needs both.

A worker that ends with an error is started anew, later each time; one that cannot even start, or ends again and again,
ends the family with its own exit code, so that whoever supervises the parent sees what a worker would have told.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams.errors import WaslError
from streams.workers.memory import settle_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Child", "Decision", "Record", "decide", "run_family"]

_LOG: Final = logging.getLogger(__name__)
_EXIT_FAILED: Final = 70
_ENDING: Final = (signal.SIGTERM, signal.SIGINT)
_LOOK_EVERY: Final = 0.1
_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0
_HEALTHY: Final = 60.0  # a worker that lived for so long starts its count anew
_MOST_FAILURES: Final = 5
_STOP_WITHIN: Final = 30.0


@dataclass(frozen=True, slots=True)
class Child:
    """What a process of the family is told.

    Attributes:
        number: Its number, from 0.
        restarts: How often it was started anew.
        socket: Where a worker's endpoint listens; the front asks there.
        alive: Ends when the parent does; a file descriptor to read from.
    """

    number: int
    restarts: int
    socket: Path
    alive: int


@dataclass(frozen=True, slots=True)
class Record:
    """What the parent remembers of a process.

    Attributes:
        started: When it was started last, in seconds of a monotonic clock.
        restarts: How often it was started anew.
        failures: How often it ended in a row without having lived long.
    """

    started: float
    restarts: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a process that ended.

    Attributes:
        restart_in: Seconds after which it is started anew; None where the family ends.
        record: What to remember of it.
    """

    restart_in: float | None
    record: Record


def decide(record: Record, code: int, *, now: float) -> Decision:
    """Say what to do about a process that ended by itself.

    Args:
        record: What is known of it.
        code: Its exit code, or minus the signal that ended it.
        now: Seconds of the same clock.
    """
    failures = 1 if now - record.started >= _HEALTHY else record.failures + 1
    after = Record(record.started, record.restarts + 1, failures)
    # 1 is a setting, a topic or a catalogue that is missing: to start again changes nothing.
    if code in {0, 1} or failures >= _MOST_FAILURES:
        return Decision(None, after)
    return Decision(min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (failures - 1)), after)


def run_family(processes: int, *, worker: Callable[[Child], int], front: Callable[[Child, Sequence[Path]], int]) -> int:
    """Run workers and their front until the parent is asked to end (SIGTERM or SIGINT).

    To be called where no thread runs and no event loop does.

    Args:
        processes: How many workers.
        worker: Runs in each worker; returns its exit code.
        front: Runs in the front, which is told where the workers listen; returns its exit code.

    Returns:
        0 after a clean end; else the exit code of what ended the family.
    """
    settle_memory()
    with tempfile.TemporaryDirectory(prefix="wasl-") as folder:
        sockets = [Path(folder) / f"worker-{number}" for number in range(processes)]
        runs: list[Callable[[Child], int]] = [worker] * processes
        runs.append(lambda child: front(child, sockets))
        return _Family(runs, [*sockets, Path(folder) / "front"]).run()


@dataclass(slots=True)
class _Family:
    runs: Sequence[Callable[[Child], int]]
    sockets: Sequence[Path]
    pids: dict[int, int] = field(default_factory=dict)  # number by process id
    records: dict[int, Record] = field(default_factory=dict)
    due: dict[int, float] = field(default_factory=dict)  # when a number is started, in seconds of a monotonic clock
    asked: bool = False

    def run(self) -> int:
        alive, held = os.pipe()  # the children read; what they read is the parent's end
        before = {number: signal.signal(number, self._ask) for number in _ENDING}
        now = time.monotonic()
        self.due = dict.fromkeys(range(len(self.runs)), now)
        code: int | None = None
        try:
            while code is None and not self.asked:
                self._start_due(alive, held)
                time.sleep(_LOOK_EVERY)
                code = self._look()
            return self._end(0 if code is None else code)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(alive)
            os.close(held)

    def _ask(self, *_: object) -> None:
        self.asked = True

    def _start_due(self, alive: int, held: int) -> None:
        now = time.monotonic()
        for number in [number for number, at in self.due.items() if at <= now]:
            del self.due[number]
            restarts = self.records[number].restarts if number in self.records else 0
            failures = self.records[number].failures if number in self.records else 0
            self.records[number] = Record(now, restarts, failures)
            self.sockets[number].unlink(missing_ok=True)
            sys.stdout.flush()
            sys.stderr.flush()
            # A signal that came before the child has let go of the parent's handlers would be lost.
            signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
            pid = os.fork()
            if pid == 0:
                _be(self.runs[number], Child(number, restarts, self.sockets[number], alive), held)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
            self.pids[pid] = number

    def _look(self) -> int | None:
        """Take notice of what ended; return the exit code of the family where it ends with that."""
        found = [(self.pids.pop(pid), pid, code) for pid, code in _ended() if pid in self.pids]
        for number, pid, code in found:
            decision = decide(self.records[number], code, now=time.monotonic())
            self.records[number] = decision.record
            about: dict[str, float] = {
                "child": number,
                "pid": pid,
                "exit_code": code,
                "failures": decision.record.failures,
            }
            if decision.restart_in is None:
                _LOG.critical("a process of this worker ended, and is not started anew", extra=about)
                return code if 0 <= code < 128 else _EXIT_FAILED
            about["wait_seconds"] = decision.restart_in
            _LOG.error("a process of this worker ended, and is started anew", extra=about)
            self.due[number] = time.monotonic() + decision.restart_in
        return None

    def _end(self, code: int) -> int:
        """Ask all that is left to end, and wait; return the exit code of the family."""
        for pid in self.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_WITHIN
        while len(self.pids) > 0:
            for pid, ended in _ended():
                # One that was still starting has no handler yet, and dies of what asks it to end.
                is_clean = ended == 0 or -ended in _ENDING
                if self.pids.pop(pid, None) is not None and not is_clean and code == 0:
                    code = ended if ended > 0 else _EXIT_FAILED
            if time.monotonic() > deadline:
                for pid in self.pids:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                deadline = float("inf")
            time.sleep(_LOOK_EVERY / 2)
        return code


def _ended() -> list[tuple[int, int]]:
    """Return the children that have ended: process id, and exit code or minus the signal."""
    found: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except OSError as exc:
            if exc.errno != errno.ECHILD:
                raise
            return found
        if pid == 0:
            return found
        found.append((pid, os.waitstatus_to_exitcode(status)))


def _be(run: Callable[[Child], int], child: Child, held: int) -> None:
    """Be a child: run, and end the process whatever happens."""
    code = _EXIT_FAILED
    try:
        os.close(held)
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        code = run(child)
    except WaslError as exc:
        _LOG.critical("the worker cannot start: %s", exc, extra={"code": exc.code, "child": child.number})
        code = 1
    except BaseException:  # noqa: BLE001 - what is raised must never go on in the parent's frames
        _LOG.critical("a process of this worker failed", exc_info=True, extra={"child": child.number})
    finally:
        logging.shutdown()
        os._exit(code)
