"""What is set of the interpreter before a worker links."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import gc
from streams.workers.main import settle_garbage
gc.disable()  # as `wasl worker` does while it imports
settle_garbage()
settle_garbage()
before = gc.get_freeze_count()
kept = [[number] for number in range(100_000)]
print(gc.get_freeze_count() - before, len(gc.get_objects()))
"""


def test_the_collector_does_not_look_at_what_has_stayed() -> None:
    program = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    frozen, looked_at = map(int, program.stdout.split())
    assert frozen > 50_000
    assert looked_at < 50_000
