"""The memory of a worker: what stays for good is left alone, and what is free goes back to the machine."""

from __future__ import annotations

import ctypes
import gc
import sys
from functools import cache
from typing import Any, Final

__all__ = ["give_back", "settle_memory", "spare_memory"]

_GARBAGE: Final = 3_000  # objects made and kept before the collector looks at them
_ROUNDS: Final = 1  # of them, before it looks at the ones that it looked at before: at 9,000 objects at most
_NEVER: Final = 1_000_000_000
# Of glibc's malloc.h.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_OWN_PAGES: Final = 16_777_216  # bytes from which a block has pages of its own, which go when it goes
_KEPT_FREE: Final = 16_777_216  # bytes at the end of the heap that may lie idle


def settle_memory() -> None:
    """Keep the collector away from what stays for good, and let it look at the rest only now and then.

    What a batch leaves behind is freed by its reference counts; cycles are rare, and made by errors and tasks. While
    the collector looks, nothing else goes on: what has outlived two looks, as changes of the catalogue do by the
    hundred thousand, is kept away from it as well, so that a look is short however much is held.

    What starting has left free goes back to the machine. Processes that are forked afterwards write to fewer pages
    that they share: not to those where the collector keeps its notes, nor to those where something has been before.
    """
    gc.collect()
    give_back()
    gc.freeze()
    gc.set_threshold(_GARBAGE, _ROUNDS, _NEVER)
    gc.enable()
    if _set_aside not in gc.callbacks:
        gc.callbacks.append(_set_aside)


def give_back() -> None:
    """Give what the C library holds free back to the machine, wherever in its heap it lies.

    Cost: about a millisecond for each 10 MB that it holds.
    """
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def spare_memory() -> None:
    """Let the C library use again what Kafka's large blocks leave; to be called before any thread runs.

    Left to itself glibc keeps a heap for each thread, and takes new pages from the system for most of the megabytes
    that come and go with each batch, and each page must be cleared for it. What lies idle at last goes back with
    `give_back`. Other C libraries are left as they are.
    """
    libc = _glibc()
    if libc is not None:
        for option, value in (
            (_M_ARENA_MAX, 1),
            (_M_MMAP_THRESHOLD, _OWN_PAGES),
            (_M_TRIM_THRESHOLD, _KEPT_FREE),
        ):
            libc.mallopt(option, value)


def _set_aside(phase: str, about: dict[str, int]) -> None:
    if phase == "stop" and about["generation"] > 0:
        gc.freeze()


@cache
def _glibc() -> Any:
    """Return the C library where it is glibc, else None."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "gnu_get_libc_version") else None
