"""Progress of something that takes several steps, on standard error."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

__all__ = ["TERMINATED", "Steps", "end_on_sigterm"]

TERMINATED: Final = 143
"""Exit code after SIGTERM, as shells have it: 128 and the number of the signal."""


class Steps:
    """Numbered steps: ``2/5 catalogue … 113 entities (0.2 s)``.

    Args:
        total: How many there will be.
        clock: Seconds that never go back.
    """

    def __init__(self, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._clock = clock
        self._done = 0

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """Announce a step, and say how it went and how long it took when it ends.

        Args:
            name: What is being done.

        Returns:
            A function that takes the outcome.
        """
        self._done += 1
        outcome = ["done"]
        begin = self._clock()
        click.echo(f"{self._done}/{self._total} {name} … ", err=True, nl=False)
        try:
            yield outcome.append
        except BaseException as exc:
            # Ctrl-C and SIGTERM are no failure of the step.
            came = "failed" if isinstance(exc, Exception) else "interrupted"
            click.echo(f"{came} ({self._clock() - begin:.1f} s)", err=True)
            raise
        click.echo(f"{outcome[-1]} ({self._clock() - begin:.1f} s)", err=True)


@contextmanager
def end_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end the process as Ctrl-C does, so that what was started is stopped."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
