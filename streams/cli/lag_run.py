"""What ``wasl lag`` does: look, show, wait, again."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

import click

from streams.cli.lag_table import lag_lines, lag_table
from streams.cli.terminal import note, takes_colour
from streams.errors import BrokerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from streams.lag.compute import GroupLag
    from streams.lag.watch import LagWatcher

__all__ = ["show_lag"]

_NOTHING: Final = "No group has committed anything on the topics that are asked for."


def show_lag(
    watcher: LagWatcher,
    *,
    interval: float,
    once: bool,
    as_json: bool,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Show lag once, or again and again until Ctrl-C.

    Args:
        watcher: Measures lag; it is closed at the end.
        interval: Seconds from the beginning of one look to that of the next.
        once: Whether to end after one look.
        as_json: Whether to write lines of JSON to a terminal too.
        clock: Seconds of a clock that only goes forward.

    Raises:
        BrokerError: Kafka does not answer the first time.
    """
    asyncio.run(_show(watcher, interval=interval, once=once, as_json=as_json or not sys.stdout.isatty(), clock=clock))


async def _show(watcher: LagWatcher, *, interval: float, once: bool, as_json: bool, clock: Callable[[], float]) -> None:
    screen = _Screen(as_json=as_json, once=once)
    try:
        with screen.open():
            began = clock()
            screen.show(await watcher.observe())
            screen.warn(watcher.problem)
            while not once:
                await asyncio.sleep(max(0.0, began + interval - clock()))
                began = clock()
                try:
                    groups = await watcher.observe()
                except BrokerError as exc:
                    screen.warn(f"{exc.message} Trying again.")
                    continue
                screen.show(groups)
                screen.warn(watcher.problem)
    finally:
        await watcher.close()


class _Screen:
    """Where lag is shown: lines of JSON, a table, or a table that follows."""

    def __init__(self, *, as_json: bool, once: bool) -> None:
        self._as_json = as_json
        self._once = once
        self._live: Any = None
        self._groups: tuple[GroupLag, ...] = ()
        self._warned: str | None = None

    def open(self) -> AbstractContextManager[object]:
        """Return what holds the terminal while it is written to."""
        if self._as_json or self._once:
            return nullcontext()
        from rich.console import Console  # noqa: PLC0415 - lines of JSON do not need it
        from rich.live import Live  # noqa: PLC0415

        console = Console(no_color=not takes_colour(sys.stdout), highlight=False)
        self._live = Live(console=console, auto_refresh=False, vertical_overflow="ellipsis")
        live: AbstractContextManager[object] = self._live
        return live

    def show(self, groups: tuple[GroupLag, ...]) -> None:
        """Show what was seen."""
        self._groups = groups
        if self._as_json:
            for line in lag_lines(groups):
                click.echo(line)
            sys.stdout.flush()
            if len(groups) == 0 and self._once:
                note(_NOTHING)
        elif self._live is None:
            click.echo(lag_table(groups) if len(groups) > 0 else f"{_NOTHING}\n", nl=False)
        else:
            self._refresh(None)

    def warn(self, message: str | None) -> None:
        """Say what is wrong, once as long as it stays so."""
        if self._live is not None:
            self._refresh(message)
        elif message is not None and message != self._warned:
            note(message)
        self._warned = message

    def _refresh(self, message: str | None) -> None:
        from rich.text import Text  # noqa: PLC0415 - see above

        shown = lag_table(self._groups) if len(self._groups) > 0 else f"{_NOTHING}\n"
        seen = max((group.at for group in self._groups), default=None)
        at = "" if seen is None else time.strftime("%H:%M:%S", time.localtime(seen))
        text = Text.from_ansi(shown)
        text.append(f"\n{at}  Ctrl-C ends it." if message is None else f"\n{at}  {message}")
        self._live.update(text, refresh=True)
