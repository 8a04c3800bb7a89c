"""Waiting for what may never end, without being held up by it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine

__all__ = ["ended"]


async def ended(stopping: Coroutine[object, object, object], *, within: float) -> BaseException | None:
    """Wait until something has stopped, for so long and no longer.

    `asyncio.wait_for` cancels what takes too long, and then waits for the cancellation; services of Faust take a
    cancellation for news and go on, so that a worker which lost its group could be asked to end and never did.

    Args:
        stopping: What stops it.
        within: Longest wait, in seconds.

    Returns:
        What it raised, a `TimeoutError` where it goes on, None after a clean end.
    """
    task = asyncio.ensure_future(stopping)
    done, _ = await asyncio.wait({task}, timeout=within)
    if len(done) == 0:
        return TimeoutError(f"the worker did not end within {within:g} s")
    return task.exception()
