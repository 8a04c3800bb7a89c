"""Asking all sources again and again, and telling every page that is open what changed.

Each source that waits has a thread of its own, to which its client belongs; the board is touched on the event loop
alone.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from streams.errors import BrokerUnavailableError, WaslError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from streams.web.board import Board
    from streams.web.ports import Arrived, Catalog, CatalogSeen, LagSource, Tail, Workers

__all__ = ["PAGES", "Live", "frame"]

_LOG: Final = logging.getLogger(__name__)
_T = TypeVar("_T")
PAGES: Final = 40
"""Most pages that may be open at once."""

_QUEUE: Final = 16
_CATALOG_EVERY: Final = 3.0
_TAIL_EVERY: Final = 0.7
_PATIENCE: Final = 10.0


def frame(event: str, document: Any) -> bytes:
    """Return one server-sent event; JSON has no bare line ends, so its data is one line."""
    return b"event: " + event.encode() + b"\ndata: " + orjson.dumps(document) + b"\n\n"


class Live:
    """Keeps the board fresh, and open pages with it.

    Args:
        board: What is shown.
        lag: Tells how far the workers are behind.
        tail: Follows the outputs.
        workers: Finds the workers.
        catalog: The catalogue.
        clock: Gives the seconds since 1970-01-01 UTC.
        every: How often values are shown anew, in seconds.
        backoff: Wait after a source did not answer, in seconds.
        patience: After how long Kafka is said not to answer, in seconds. Its client waits several times as long: what
            is slow is not given up.
    """

    def __init__(
        self,
        board: Board,
        *,
        lag: LagSource,
        tail: Tail,
        workers: Workers,
        catalog: Catalog,
        clock: Callable[[], float],
        every: float = 2.0,
        backoff: float = 3.0,
        patience: float = _PATIENCE,
    ) -> None:
        self._board = board
        self._lag, self._tail, self._workers, self._catalog = lag, tail, workers, catalog
        self._clock = clock
        self._every = every
        self._backoff = backoff
        self._patience = patience
        self._pages: set[asyncio.Queue[bytes | None]] = set()
        self._threads: list[ThreadPoolExecutor] = []
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to ask."""
        board, now = self._board, self._clock
        self._watch(
            "lag", self._patiently(self._lag.observe), lambda groups: board.take_lag(groups, now=now()), self._every
        )
        self._watch("workers", self._threaded(self._workers.look), board.take_workers, self._every)
        self._watch("catalog", self._threaded(self._catalog.seen), self._take_catalog, _CATALOG_EVERY)
        self._watch("tail", self._threaded(self._tail.poll), self._take_arrived, _TAIL_EVERY)
        self._begin(self._tell(), "tell")

    async def stop(self) -> None:
        """Stop asking, and end what open pages listen to."""
        for task in self._tasks:
            task.cancel()
        if len(self._tasks) > 0:
            await asyncio.wait(self._tasks)
        # A call in hand ends by itself within its time-out.
        await asyncio.gather(*(asyncio.to_thread(each.shutdown, cancel_futures=True) for each in self._threads))
        await self._lag.close()
        self._tail.close()
        for page in list(self._pages):
            self._drop(page)

    def open_page(self) -> asyncio.Queue[bytes | None] | None:
        """Return what a new page listens to, beginning with all there is; None where too many listen already.

        A page that reads too slowly finds a None at the end, and may come again.
        """
        if len(self._pages) >= PAGES:
            return None
        page: asyncio.Queue[bytes | None] = asyncio.Queue(_QUEUE)
        page.put_nowait(frame("whole", self._board.whole()))
        self._pages.add(page)
        return page

    def close_page(self, page: asyncio.Queue[bytes | None]) -> None:
        """Forget a page."""
        self._pages.discard(page)

    def _threaded(self, ask: Callable[[], _T]) -> Callable[[], Awaitable[_T]]:
        thread = ThreadPoolExecutor(1, thread_name_prefix="wasl-monitor")
        self._threads.append(thread)
        return lambda: asyncio.get_running_loop().run_in_executor(thread, ask)

    def _patiently(self, ask: Callable[[], Awaitable[_T]]) -> Callable[[], Awaitable[_T]]:
        async def asked() -> _T:
            loop = asyncio.get_running_loop()
            late = loop.call_later(self._patience, self._board.take_error, "lag", _silent(self._patience))
            try:
                return await ask()
            finally:
                late.cancel()

        return asked

    def _watch(self, name: str, ask: Callable[[], Awaitable[_T]], take: Callable[[_T], None], every: float) -> None:
        async def watch() -> None:
            while True:
                wait = every
                try:
                    found = await ask()
                except WaslError as exc:
                    self._board.take_error(name, exc)
                    wait = self._backoff
                else:
                    take(found)
                await asyncio.sleep(wait)

        self._begin(watch(), name)

    def _begin(self, work: Any, name: str) -> None:
        task = asyncio.create_task(work, name=f"monitor {name}")
        task.add_done_callback(_report)
        self._tasks.append(task)

    def _take_catalog(self, seen: CatalogSeen) -> None:
        self._board.take_catalog(seen, now=self._clock())

    def _take_arrived(self, arrived: Arrived) -> None:
        documents = self._board.take_enriched(arrived.enriched, skipped=arrived.skipped)
        self._board.take_dead(arrived.dead)
        if len(documents) > 0:
            self._publish(frame("articles", documents))

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            if len(self._pages) > 0:
                self._publish(frame("live", self._board.live()))

    def _publish(self, data: bytes) -> None:
        for page in list(self._pages):
            if page.qsize() >= _QUEUE - 1:
                self._drop(page)
            else:
                page.put_nowait(data)

    def _drop(self, page: asyncio.Queue[bytes | None]) -> None:
        self._pages.discard(page)
        page.put_nowait(None)


def _silent(seconds: float) -> BrokerUnavailableError:
    return BrokerUnavailableError(
        f"Kafka has not answered for {seconds:g} s how far the workers are behind.",
        remedy="See that the brokers of WASL_KAFKA_BOOTSTRAP run and answer: one may hang, or be busy.",
    )


def _report(task: asyncio.Task[None]) -> None:
    """Log what ended a task other than `Live.stop`: it would be a defect, and must not pass in silence."""
    if not task.cancelled() and task.exception() is not None:
        _LOG.error("a part of the monitor ended", exc_info=task.exception(), extra={"part": task.get_name()})
