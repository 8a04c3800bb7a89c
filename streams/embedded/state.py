"""Which processes a stack left running, so that another shell can find and stop them.

The state is one JSON file in the stack's home folder. A process id alone does not say whom it means: the
process may have ended and its number may be a stranger's by now. Each record therefore carries an identity,
the moment at which the kernel started the process, and nothing is ever signalled whose identity differs.

Length: one file with its locks, and the identity of processes, without which none of them may be stopped.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Literal

from streams.embedded.folders import make_folder, unusable_told
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "Outcome",
    "ProcessRecord",
    "StackState",
    "add_process",
    "alone",
    "is_running",
    "read_state",
    "record_process",
    "state_path",
    "stop_all",
    "stop_process",
    "write_state",
]

Outcome = Literal["stopped", "killed", "gone"]

_POLL: Final = 0.02
_HAS_PROC: Final = Path("/proc/self/stat").exists()


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process that was left running.

    Attributes:
        name: What people call it, such as "Redis" or "worker".
        pid: Its process id.
        identity: When the kernel started it, in the kernel's words.
        started_at: When it was recorded, in seconds since 1970.
        port: Its port for clients; None when it has none.
        version: Version of its program.
        log: Path of its log.
    """

    name: str
    pid: int
    identity: str
    started_at: float
    port: int | None
    version: str
    log: str


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack that was left running: how to reach it, and its processes in the order of their start."""

    broker: str
    bootstrap_servers: str
    redis_url: str
    processes: tuple[ProcessRecord, ...]


def state_path(home: Path) -> Path:
    """Return the path of the state file of the stack that lives in ``home``."""
    return home / "state.json"


def read_state(home: Path) -> StackState | None:
    """Read the state of the stack that lives in ``home``; None when none was left running.

    Raises:
        EmbeddedServerError: The file is not a state file, or cannot be read.
    """
    path = state_path(home)
    with unusable_told(path, "read"):
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return None
    try:
        fields = json.loads(text)
        processes = tuple(ProcessRecord(**record) for record in fields.pop("processes"))
        return StackState(processes=processes, **fields)
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise EmbeddedServerError(
            f"{path} is not a state file: {exc}.", remedy="Remove it, and end what still runs by hand."
        ) from exc


def write_state(home: Path, state: StackState) -> None:
    """Write the state at once or not at all.

    Raises:
        EmbeddedServerError: The file cannot be written.
    """
    make_folder(home)
    with unusable_told(state_path(home), "written"):
        with tempfile.NamedTemporaryFile("w", dir=home, suffix=".tmp", delete=False, encoding="utf-8") as part:
            json.dump(asdict(state), part, indent=2)
        Path(part.name).replace(state_path(home))


def add_process(home: Path, record: ProcessRecord) -> StackState:
    """Add a process, such as a worker, to the stack that lives in ``home``.

    It takes the place of the one that went by its name, where there was one.

    Raises:
        EmbeddedServerError: No stack was left running there.
    """
    with _locked(home):
        state = read_state(home)
        if state is None:
            raise EmbeddedServerError(f"No stack runs in {home}.", remedy="Start one with `wasl up --detach`.")
        names = [process.name for process in state.processes]
        at = names.index(record.name) if record.name in names else len(names)
        state = replace(state, processes=(*state.processes[:at], record, *state.processes[at + 1 :]))
        write_state(home, state)
    return state


def record_process(
    name: str,
    pid: int,
    *,
    log: Path,
    port: int | None = None,
    version: str = "",
    now: Callable[[], float] = time.time,
) -> ProcessRecord:
    """Make the record of a process that runs now.

    Args:
        name: What people call it.
        pid: Its process id.
        log: Path of its log.
        port: Its port for clients; None when it has none.
        version: Version of its program.
        now: Seconds since 1970.

    Raises:
        EmbeddedServerError: No such process runs.
    """
    identity = _identity(pid)
    if identity is None:
        raise EmbeddedServerError(f"{name} (process {pid}) is not running.", remedy=f"Its log is {log}.")
    return ProcessRecord(
        name=name, pid=pid, identity=identity, started_at=now(), port=port, version=version, log=str(log)
    )


def is_running(record: ProcessRecord) -> bool:
    """Say whether the very process that was recorded still runs."""
    return _identity(record.pid) == record.identity


def stop_process(record: ProcessRecord, *, grace: float = 20.0, clock: Callable[[], float] = time.monotonic) -> Outcome:
    """Ask a process to end, and end it when it does not; never touch a stranger with the same number.

    Args:
        record: The process.
        grace: Seconds between SIGTERM and SIGKILL.
        clock: Seconds that never go back.

    Returns:
        "stopped" when it obeyed, "killed" when it had to be forced, "gone" when it had ended before.

    Raises:
        EmbeddedServerError: It belongs to somebody else.
    """
    if not is_running(record):
        return "gone"
    _send(record, signal.SIGTERM)
    _send(record, signal.SIGCONT)  # a paused process would not see SIGTERM
    deadline = clock() + grace
    outcome: Outcome = "stopped"
    while is_running(record):
        if outcome == "stopped" and clock() >= deadline:
            _send(record, signal.SIGKILL)
            outcome = "killed"
        time.sleep(_POLL)
    return outcome


def stop_all(
    home: Path, *, grace: float = 20.0, waiting: Callable[[], None] = lambda: None
) -> tuple[tuple[ProcessRecord, Outcome], ...]:
    """Stop every process of the stack that lives in ``home``, the latest first, and forget the stack.

    Args:
        home: Folder of the stack.
        grace: Seconds that each process gets.
        waiting: Called where it has to wait, since the stack is being started or stopped already.

    Returns:
        What was stopped and how; empty when no stack was left running.

    Raises:
        EmbeddedServerError: The state file is broken, or a process belongs to somebody else.
    """
    # A stack that is started for the first time is written down at the end, and locks the folder from the beginning.
    if read_state(home) is None and not _up_lock(home).exists():
        return ()
    with alone(home, waiting=waiting), _locked(home):
        state = read_state(home)
        if state is None:
            return ()
        stopped = tuple((record, stop_process(record, grace=grace)) for record in reversed(state.processes))
        state_path(home).unlink()
    return stopped


@contextmanager
def alone(home: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Be the only one that starts or stops the stack that lives in ``home``; others wait until that is done.

    Args:
        home: Folder of the stack; made where it is missing.
        waiting: Called where somebody else is at it, before waiting.

    Raises:
        EmbeddedServerError: The folder cannot be used.
    """
    make_folder(home)
    with _lock_file(_up_lock(home)) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    with _lock_file(home / "state.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _up_lock(home: Path) -> Path:
    return home / "up.lock"


def _lock_file(path: Path) -> IO[str]:
    with unusable_told(path, "written"):
        return path.open("w")


def _send(record: ProcessRecord, number: signal.Signals) -> None:
    if not is_running(record):
        return
    try:
        os.kill(record.pid, number)
    except ProcessLookupError:
        return
    except PermissionError as exc:
        raise EmbeddedServerError(f"{record.name} (process {record.pid}) belongs to somebody else.") from exc


def _identity(pid: int) -> str | None:
    """Return when the kernel started a process; None when it has ended, even if nobody collected it yet."""
    if _HAS_PROC:
        return _identity_from_proc(pid)
    answer = subprocess.run(  # noqa: S603 - a number is the only thing filled in
        ["/bin/ps", "-o", "stat=", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C"},
    )
    status, _, started = answer.stdout.strip().partition(" ")
    return None if status == "" or status.startswith("Z") else " ".join(started.split())


def _identity_from_proc(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    words = stat.rpartition(")")[2].split()  # the name before it may hold anything
    state, ticks_since_boot = words[0], words[19]
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return None if state in {"Z", "X"} else f"{boot}:{ticks_since_boot}"
