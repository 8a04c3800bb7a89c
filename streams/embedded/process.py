"""A supervised child process that does not outlive us.

The child gets its own process group and writes both its streams to a log file.
It is stopped on `ChildProcess.stop`, when the interpreter exits, and, on Linux, by the kernel when this
process dies in any other way, SIGKILL included.

The kernel's signal (``PR_SET_PDEATHSIG``) fires when the *thread* that forked ends, not the process; so one
daemon thread, which lives as long as the process does, starts all children.
The request itself is made by a tiny interpreter that then becomes the child (``execv`` keeps the request):
running Python code between fork and exec of a program with threads, as ``preexec_fn`` does, can deadlock.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from streams.embedded.folders import make_folder
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["ChildProcess", "last_words"]

_POLL = 0.02  # seconds between two looks at a child
_TAIL_BYTES = 16_384

# argv: parent's pid, then the command. SIGPIPE is reset because Python ignores it and exec hands that on.
_TRAMPOLINE = """\
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    sys.exit("the parent process is gone")
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
os.execv(sys.argv[2], sys.argv[2:])
"""


class ChildProcess:
    """One child process, started and stopped as often as wanted.

    Args:
        name: What messages call it, such as "Redis".
        command: Absolute path of the program, then its arguments.
        log_path: File that receives both output streams, appended to; its folder is made.
        die_with_parent: Whether the child ends with this process; False for servers that stay behind.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log_path: Path,
        die_with_parent: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.command = tuple(command)
        self.log_path = log_path
        self._die_with_parent = die_with_parent
        self._clock = clock
        self._popen: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()

    @property
    def pid(self) -> int | None:
        """Process id of the latest child, None before the first start."""
        return self._popen.pid if self._popen is not None else None

    @property
    def running(self) -> bool:
        """Whether the child is there; a paused one is."""
        return self._popen is not None and self._popen.poll() is None

    @property
    def returncode(self) -> int | None:
        """Exit status of the latest child, negative for a signal; None while it runs."""
        return self._popen.poll() if self._popen is not None else None

    def start(self, ready: Callable[[], bool], *, timeout: float) -> None:
        """Start the child and wait until it is of use.

        Args:
            ready: Says whether the child answers; asked again and again.
            timeout: Seconds until giving up.

        Raises:
            EmbeddedServerError: It runs already, cannot be started, ended, or was not ready in time.
                In the last two cases the message carries the last lines of the log.
        """
        if self.running:
            raise EmbeddedServerError(f"{self.name} is running already, as process {self.pid}.")
        deadline = self._clock() + timeout
        self._popen = self._spawn()
        _CHILDREN.add(self)
        while not ready():
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self._popen.wait(_POLL)
                raise self._failure(f"ended with status {status} before it was ready")
            if self._clock() >= deadline:
                self.kill()
                raise self._failure(f"was not ready within {timeout:g} seconds")

    def stop(self, *, grace: float = 10.0) -> int | None:
        """Ask the child to end, and end it when it does not.

        Args:
            grace: Seconds between SIGTERM and SIGKILL.

        Returns:
            The exit status, negative for a signal; None when there never was a child.
        """
        if self._popen is None or self._popen.poll() is not None:
            return self.returncode
        self._signal(signal.SIGTERM)
        self._signal(signal.SIGCONT)  # a paused child would not see SIGTERM
        try:
            return self._popen.wait(grace)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int | None:
        """End the child at once, with SIGKILL, and wait for it.

        Returns:
            The exit status; None when there never was a child.
        """
        if self._popen is None:
            return None
        self._signal(signal.SIGKILL)
        return self._popen.wait()

    def pause(self) -> None:
        """Freeze the child (SIGSTOP): its sockets stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused child go on."""
        self._signal(signal.SIGCONT)

    def log_tail(self, lines: int = 20) -> str:
        """Return the last lines of the log, "" where there is none yet."""
        if not self.log_path.exists():
            return ""
        with self.log_path.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _TAIL_BYTES))
            return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-lines:])

    def end_with_parent(self) -> None:
        """Stop the child because this process exits; does nothing in a fork, or for one that stays behind."""
        if self._die_with_parent and self._owner == os.getpid():
            self.stop(grace=2.0)

    def _spawn(self) -> subprocess.Popen[bytes]:
        make_folder(self.log_path.parent)
        command = list(self.command)
        if self._die_with_parent and sys.platform == "linux":
            command = [sys.executable, "-I", "-S", "-c", _TRAMPOLINE, str(os.getpid()), *command]

        def spawn() -> subprocess.Popen[bytes]:
            # Opened here: whoever waits for it may be interrupted, and would close it.
            with self.log_path.open("ab") as log:
                return subprocess.Popen(  # noqa: S603 - our own command line, no shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )

        try:
            return _SPAWNER.run(spawn)
        except OSError as exc:
            raise EmbeddedServerError(f"{self.name} could not be started: {exc}.") from exc

    def _signal(self, number: signal.Signals) -> None:
        if self._popen is not None and self._popen.poll() is None:
            os.killpg(self._popen.pid, number)

    def _failure(self, what: str) -> EmbeddedServerError:
        words = last_words(self.log_tail(200)) or "(nothing)"
        return EmbeddedServerError(f"{self.name} {what}. Last lines of {self.log_path}:\n{words}")


def last_words(output: str, lines: int = 10) -> str:
    """Return the last lines of a program's output that say something, stack frames of Java left out."""
    return "\n".join([line for line in output.splitlines() if not line.startswith("\tat ")][-lines:])


_Spawn = Callable[[], "subprocess.Popen[bytes]"]


class _Spawner:
    """Runs every fork on one thread that only ends with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: queue.SimpleQueue[tuple[_Spawn, Future[subprocess.Popen[bytes]]]] = queue.SimpleQueue()
        self._pid = 0  # of the process whose thread it is: a forked process has none

    def run(self, spawn: _Spawn) -> subprocess.Popen[bytes]:
        future: Future[subprocess.Popen[bytes]] = Future()
        with self._lock:
            if self._pid != os.getpid():
                self._requests = queue.SimpleQueue()
                threading.Thread(target=_serve, args=(self._requests,), name="wasl-spawner", daemon=True).start()
                self._pid = os.getpid()
            self._requests.put((spawn, future))
        try:
            return future.result()
        except BaseException:
            # An interruption: what begins now would belong to nobody.
            if not future.cancel():
                future.add_done_callback(_end)
            raise


def _serve(requests: queue.SimpleQueue[tuple[_Spawn, Future[subprocess.Popen[bytes]]]]) -> None:
    while True:
        spawn, future = requests.get()
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(spawn())
        except OSError as exc:
            future.set_exception(exc)


def _end(begun: Future[subprocess.Popen[bytes]]) -> None:
    if begun.exception() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(begun.result().pid, signal.SIGKILL)


_SPAWNER = _Spawner()
_CHILDREN: weakref.WeakSet[ChildProcess] = weakref.WeakSet()


@atexit.register
def _end_children() -> None:
    for child in list(_CHILDREN):
        child.end_with_parent()
