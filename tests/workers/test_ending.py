from __future__ import annotations

import asyncio
import contextlib

from streams.workers.ending import ended


async def test_what_ends_in_time_has_ended() -> None:
    assert await ended(asyncio.sleep(0), within=30) is None


async def test_what_it_raises_is_told() -> None:
    async def fail() -> None:
        raise ValueError("no luck")

    error = await ended(fail(), within=30)
    assert isinstance(error, ValueError)


async def test_what_takes_a_cancellation_for_news_is_not_waited_for() -> None:
    let_go = asyncio.Event()

    async def stubborn() -> None:
        while not let_go.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await let_go.wait()

    error = await asyncio.wait_for(ended(stubborn(), within=0.01), 30)
    assert isinstance(error, TimeoutError)
    assert "within 0.01 s" in str(error)
    let_go.set()
    await asyncio.sleep(0)
