"""One target in a process of its own, watched from outside.

The child lays each input into memory that it shares with its parent before it tries it. So the parent has
the input in its hands even when the child hangs, is out of memory or is gone.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import random
import resource
import signal
import time
import traceback
import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from fuzz.targets import TARGETS, seeds_of

if TYPE_CHECKING:
    from fuzz.targets import Target

__all__ = ["Limits", "Result", "fuzz_target"]

_HEAD: Final = 32
_SHARED: Final = 8 * 1024 * 1024
_MOST_CRASHES: Final = 20
_ROUND: Final = 4_096


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may cost.

    Attributes:
        seconds: Processor time; an input over it counts as slow.
        hang: Wall time after which the child is ended.
        memory: Bytes of address space beyond what the child has when it begins.
    """

    seconds: float = 1.0
    hang: float = 20.0
    memory: int = 512 * 1024 * 1024


@dataclass(slots=True)
class Result:
    """How one target fared.

    Attributes:
        target: Its name.
        seed: With which the same inputs come again.
        inputs: How many were tried.
        accepted: How many of them were taken.
        refused: How many were refused with an expected error.
        seconds: Wall time.
        slowest: Most processor time that one input took, in seconds.
        memory: Most memory that the process had, in bytes.
        crashes: What broke, one line each, with the file of the input.
    """

    target: str
    seed: int
    inputs: int = 0
    accepted: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    memory: int = 0
    crashes: list[str] = field(default_factory=list)


def fuzz_target(
    name: str, *, seed: int, count: int, folder: Path, limits: Limits | None = None, within: float = float("inf")
) -> Result:
    """Try ``count`` inputs on a target.

    Args:
        name: The target.
        seed: Which inputs.
        count: How many.
        folder: Where inputs that broke something are written.
        limits: What one input may cost.
        within: Wall time after which it ends all the same, in seconds.
    """
    limits = Limits() if limits is None else limits
    total = Result(name, seed)
    began = time.monotonic()
    part = 0
    while total.inputs < count and len(total.crashes) < _MOST_CRASHES and time.monotonic() - began < within:
        left = within - (time.monotonic() - began)
        # After an end of the child, another one goes on with other inputs.
        found = _one_child(TARGETS[name], seed + part * 1_000_003, count - total.inputs, folder, limits, left)
        part += 1
        total.inputs += found.inputs
        total.accepted += found.accepted
        total.refused += found.refused
        total.slowest = max(total.slowest, found.slowest)
        total.memory = max(total.memory, found.memory)
        total.crashes += found.crashes
    total.seconds = time.monotonic() - began
    return total


def _one_child(target: Target, seed: int, count: int, folder: Path, limits: Limits, within: float) -> Result:
    shared = mmap.mmap(-1, _SHARED)
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # A process with threads is warned: the child uses none of what they may hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(reader)
        code = 1
        try:
            result = _try(target, seed, count, folder, limits, within, shared)
            os.write(writer, orjson.dumps(asdict(result)))
            code = 0
        except BaseException:  # noqa: BLE001 - a child must not go on as if it were the parent
            traceback.print_exc()
        os._exit(code)
    os.close(writer)
    why = _watch(child, shared, limits)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    if why is None:
        return Result(**orjson.loads(said))
    data = shared[_HEAD : _HEAD + int.from_bytes(shared[8:16], "little")]
    path = _keep(folder, target.name, data)
    done = int.from_bytes(shared[:8], "little")
    return Result(target.name, seed, inputs=max(1, done), crashes=[f"{why}: {path}"])


def _watch(child: int, shared: mmap.mmap, limits: Limits) -> str | None:
    """Wait for the child; return what was wrong with its end, or None."""
    number, since = -1, time.monotonic()
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended != 0:
            if os.WIFSIGNALED(status):
                return f"ended by signal {os.WTERMSIG(status)}"
            return None if os.WEXITSTATUS(status) == 0 else f"ended with {os.WEXITSTATUS(status)}"
        now = int.from_bytes(shared[:8], "little")
        if now != number:
            number, since = now, time.monotonic()
        elif time.monotonic() - since > limits.hang:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return f"not done after {limits.hang:g} s"
        time.sleep(0.02)


def _try(
    target: Target, seed: int, count: int, folder: Path, limits: Limits, within: float, shared: mmap.mmap
) -> Result:
    result = Result(target.name, seed)
    check, refusals = target.check, target.refusals
    make = target.maker(seeds_of(target), random.Random(seed))  # noqa: S311 - inputs, no secrets
    # What is built once, such as a catalogue, is no input's memory.
    _attempt(check, make(), refusals)
    _limit_memory(limits.memory)
    clock = time.thread_time
    end = time.monotonic() + within
    for number in range(1, count + 1):
        data = make()
        size = len(data)
        if size <= _SHARED - _HEAD:
            shared[_HEAD : _HEAD + size] = data
            shared[:16] = number.to_bytes(8, "little") + size.to_bytes(8, "little")
        began = clock()
        try:
            if check(data):
                result.accepted += 1
        except refusals:
            result.refused += 1
        except BaseException as exc:  # noqa: BLE001 - whatever it is, it is what we look for
            _note(result, folder, data, _described(exc))
        took = clock() - began
        if took > result.slowest:
            result.slowest = took
            if took > limits.seconds:
                _note(result, folder, data, f"{took:.1f} s of processor time")
        result.inputs = number
        if number % _ROUND == 0 and (time.monotonic() > end or len(result.crashes) >= _MOST_CRASHES):
            break
    result.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return result


def _attempt(check: Any, data: bytes, refusals: tuple[type[Exception], ...]) -> None:
    try:
        check(data)
    except refusals:
        return
    except Exception:  # noqa: BLE001 - it comes again, and is counted then
        return


def _limit_memory(more: int) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _described(exc: BaseException) -> str:
    where = traceback.extract_tb(exc.__traceback__)
    at = f"{Path(where[-1].filename).name}:{where[-1].lineno}" if len(where) > 0 else "?"
    return f"{type(exc).__name__} at {at}: {str(exc)[:120]}"


def _note(result: Result, folder: Path, data: bytes, what: str) -> None:
    # One line for each place and kind; the first input of each is kept.
    kind = what.partition(":")[0] if "processor" not in what else "slow"
    if not any(kind in known for known in result.crashes):
        result.crashes.append(f"{what} ({kind}): {_keep(folder, result.target, data)}")


def _keep(folder: Path, name: str, data: bytes) -> str:
    path = folder / f"{name}-{hashlib.sha256(data).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)
