"""Bytes that lie in the pages of a file, so that all processes that hold them share one copy.

The compiled linker reads the automaton out of a `bytes` object, and a `bytes` object owns its memory: each worker of a
host would hold hundreds of megabytes of its own, equal to those of every other. So the object is made as large as it
must be, which touches none of its pages, and the pages of the file are then laid over those that lie wholly inside it.
They are private in the sense of `mmap`: whatever the allocator does with that memory afterwards never reaches the file.

That asks for the bytes to begin at the same place of a page in the file as in memory, where the allocator decides; see
`PLACE`. Where it does not come out so, or the system is another, they are copied, and nothing else is different.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from typing import Final

__all__ = ["LARGE", "PAGE", "PLACE", "laid_over"]

LARGE: Final = 1 << 25
"""From so many bytes on, the allocator maps a block of its own for an object, which begins with a page."""

PLACE: Final = 48
"""Where in its first page the content of such an object begins: behind 16 bytes of the allocator's and its own head."""

PAGE: Final = 1 << 16
"""A multiple of the pages of every system."""

_HEAD: Final = bytes.__basicsize__ - 1  # what precedes the content of a bytes object; the last byte is its closing zero
_FIXED: Final = 0x10  # MAP_FIXED of Linux
_POPULATE_READ: Final = 22  # MADV_POPULATE_READ of Linux


def laid_over(file: int, start: int, data: memoryview | bytes) -> bytes:
    """Return bytes that equal ``data``, in the pages of a file where that is possible.

    Args:
        file: Descriptor of a file that is never written to or cut short; it may be closed afterwards.
        start: Where ``data`` begins in it.
        data: What is there.
    """
    size = len(data)
    if size < LARGE or sys.platform != "linux" or sys.implementation.name != "cpython":
        return bytes(data)
    whole = bytes(size)
    begin = id(whole) + _HEAD
    if (begin - start) % mmap.PAGESIZE != 0:
        return bytes(data)
    first = -begin % mmap.PAGESIZE
    inside = (size - first) // mmap.PAGESIZE * mmap.PAGESIZE
    if not _lay(begin + first, inside, file, start + first):
        return bytes(data)
    ctypes.memmove(begin, bytes(data[:first]), first)
    ctypes.memmove(begin + first + inside, bytes(data[first + inside :]), size - first - inside)
    return whole


def _lay(address: int, size: int, file: int, start: int) -> bool:
    """Lay pages of a file over memory, and map them all at once; return whether it was done."""
    system = ctypes.CDLL(None, use_errno=True)
    system.mmap.restype = ctypes.c_void_p
    pages = ctypes.c_void_p(address), ctypes.c_size_t(size)
    protection = mmap.PROT_READ | mmap.PROT_WRITE
    laid = system.mmap(*pages, protection, mmap.MAP_PRIVATE | _FIXED, file, ctypes.c_long(start))
    if laid != address:
        # What was there may be gone by now, and the object must have memory.
        anew = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _FIXED
        if system.mmap(*pages, protection, anew, -1, ctypes.c_long(0)) != address:
            raise MemoryError
        return False
    # Else each page would be mapped when an article first leads to it; where the kernel does not know how, it will be.
    system.madvise(*pages, _POPULATE_READ)
    return True
