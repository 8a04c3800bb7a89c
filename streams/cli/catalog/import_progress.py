"""How far an import of a dump is: a bar with the time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Final

from streams.cli.terminal import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

__all__ = ["DumpProgress", "describe_reading"]

_EVERY: Final = 15.0


class DumpProgress:
    """Shows on standard error how far an import is; use it as a context.

    Args:
        is_terminal: Whether somebody looks on; found out when None.
        clock: Seconds that never go back.
        tell: Writes a line where nobody looks on.
    """

    def __init__(
        self,
        *,
        is_terminal: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
        tell: Callable[[str], None] = note,
    ) -> None:
        self._is_terminal = sys.stderr.isatty() if is_terminal is None else is_terminal
        self._clock = clock
        self._tell = tell
        self._began: tuple[float, int] | None = None
        self._told = 0.0
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def reading(self, read: int, size: int | None, counts: dict[str, int]) -> None:
        """Show how many bytes of the dump are read."""
        now = self._clock()
        if self._began is None:
            # What an earlier run did says nothing about the speed of this one.
            self._began, self._told = (now, read), now
            if self._is_terminal:
                self._start("reading", size, completed=read)
        if self._bar is not None:
            self._bar.update(self._task, completed=read, detail=_counted(counts))
        elif not self._is_terminal and now - self._told >= _EVERY:
            self._told = now
            began, first = self._began
            self._tell(describe_reading(read, size, counts, speed=(read - first) / max(now - began, 1e-9)))

    def resolving(self, done: int, total: int) -> None:
        """Show how many candidates have their types."""
        if not self._is_terminal:
            return
        if done == 0:
            self._stop()
            self._start("writing", total, completed=0)
        if self._bar is not None:
            self._bar.update(self._task, completed=done, detail=f"{done:,} of {total:,} candidates")

    def _start(self, what: str, total: int | None, *, completed: int) -> None:
        from rich.console import Console  # noqa: PLC0415 - rich takes longer to load than most verbs run
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn  # noqa: PLC0415

        self._bar = Progress(
            TextColumn(what),
            BarColumn(),
            TextColumn("{task.percentage:>5.1f} %" if total is not None else ""),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[detail]}"),
            console=Console(stderr=True),
        )
        self._task = self._bar.add_task(what, total=total, completed=completed, detail="")
        self._bar.start()

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def describe_reading(read: int, size: int | None, counts: dict[str, int], *, speed: float) -> str:
    """Return a line about how far the reading is.

    Args:
        read: Bytes of the file that were read.
        size: Bytes of the file; None where nobody knows.
        counts: What was counted so far.
        speed: Bytes of the file a second.
    """
    if size is None:
        share = f"{read / 1e6:,.0f} MB read"
    else:
        left = (size - read) / speed if speed > 0 else 0.0
        share = f"{100 * read / max(size, 1):.1f} % read, {_duration(left)} left"
    return f"{share}; {_counted(counts)}"


def _counted(counts: dict[str, int]) -> str:
    shown = f"{counts.get('lines', 0):,} lines, {counts.get('candidates', 0):,} candidates"
    return shown if counts.get("broken", 0) == 0 else f"{shown}, {counts['broken']:,} broken"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours > 0 else f"{minutes}:{rest:02d}"
