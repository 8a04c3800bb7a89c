"""What is set of the interpreter and the C library before a worker links."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_COLLECTOR = """
import gc
from streams.workers.memory import settle_memory
gc.disable()  # as `wasl worker` does while it imports
settle_memory()
settle_memory()
before = gc.get_freeze_count()
kept = [[number] for number in range(100_000)]
print(gc.get_freeze_count() - before, len(gc.get_objects()))
"""

# Blocks that go, between blocks that stay: nothing at the end of a heap is free.
_HOLES = """
from pathlib import Path
from streams.workers.memory import give_back
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
blocks = [bytes(100_000) for _ in range(1_000)]
kept = blocks[::20]
del blocks
held = resident()
give_back()
print(held - resident())
"""

# In a thread, as Kafka's answers come: large blocks that come and go, with a small one that stays behind each.
_LARGE = """
import resource, threading
from pathlib import Path
from streams.workers.memory import give_back, spare_memory
spare_memory()
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
before = resident()
kept = []
taken = []
def fetch():
    for _ in range(40):
        began = faults()
        blocks = [bytearray(size) for size in (2_000_000, 300_000, 3_000_000, 1_000_000)]
        kept.append(bytearray(2_000))
        del blocks
        taken.append(faults() - began)
thread = threading.Thread(target=fetch)
thread.start()
thread.join()
give_back()
print(sum(taken[20:]), resident() - before)
"""

glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked")


def _run(program: str) -> list[int]:
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return list(map(int, told.stdout.split()))


def test_the_collector_does_not_look_at_what_has_stayed() -> None:
    frozen, looked_at = _run(_COLLECTOR)
    assert frozen > 50_000
    assert looked_at < 50_000


@glibc
def test_what_is_free_goes_back() -> None:
    (returned,) = _run(_HOLES)
    assert returned > 50_000_000


@glibc
def test_large_blocks_that_come_again_take_no_new_pages_and_leave_nothing_behind() -> None:
    new, left = _run(_LARGE)
    assert new < 2_000
    assert left < 2_000_000
