"""A clock that stands until it is set."""

from __future__ import annotations

__all__ = ["Clock"]


class Clock:
    """Returns the seconds in ``now``.

    Args:
        now: What it says at first.
    """

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
