"""A pace that is kept: so many a second, and no burst after a pause."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pace"]


class Pace:
    """Says how long to wait before each step.

    Args:
        rate: Steps a second; None for as many as there are.
        clock: Seconds that never go back.
    """

    def __init__(self, rate: float | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = 0.0 if rate is None else 1.0 / rate
        self._clock = clock
        self._next = clock()

    def wait(self, steps: int = 1) -> float:
        """Take some steps, and return how many seconds to wait before them."""
        now = self._clock()
        begin = max(now, self._next)
        self._next = begin + steps * self._gap
        return begin - now
