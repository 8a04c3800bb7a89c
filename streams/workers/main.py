"""Running a worker: checks, start, the wait for the end, and the end itself."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, Final, NoReturn

from streams.errors import WaslError
from streams.kafka.topics import missing_topic, topic_limit
from streams.metrics import WorkerMetrics
from streams.workers.app import build_app, check_codec
from streams.workers.checks import check_partitions, check_topics
from streams.workers.ending import ended
from streams.workers.family import run_family
from streams.workers.front import run_front
from streams.workers.gauges import show_catalog
from streams.workers.http import Endpoint
from streams.workers.memory import settle_memory, spare_memory
from streams.workers.records import Rules
from streams.workers.state import CatalogState, WorkerState
from streams.workers.traces import open_traces
from streams.workers.watchdog import OffsetReader, Sample, Watchdog

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from streams.events.enriched import Linker
    from streams.settings import Settings
    from streams.workers.family import Child
    from streams.workers.ports import Catalog, LinkArticle

__all__ = ["EXIT_FAILED", "EXIT_STALLED", "TURN", "run_worker", "run_workers", "usable_cores"]

EXIT_FAILED: Final = 70
"""Exit code of a worker that could not go on; nothing that it had not delivered is committed."""

EXIT_STALLED: Final = 75
"""Exit code of a worker that the watchdog ended."""

TURN: Final = 0.0005
"""Seconds after which one thread asks another for the interpreter; Python's own is ten times that."""

_LOG: Final = logging.getLogger(__name__)
_STOP_WITHIN: Final = 20.0
_PRODUCER_BATCH: Final = 1_048_576
# What a topic allows is compared with whole batches; this much of it is left to their framing.
_MARGIN: Final = 1_024


def run_workers(
    settings: Settings,
    *,
    catalog: Catalog,
    processes: int,
    link: LinkArticle | None = None,
    linker: Linker | None = None,
) -> int:
    """Run workers that share the memory of the catalogue, until asked to end (SIGTERM or SIGINT).

    Args:
        settings: The settings.
        catalog: The catalogue; it must not be started.
        processes: How many workers; 0 is one for each core that this process may use. One has no parent.
        link: Links one article; Wasl's own linker when None.
        linker: Name and version of ``link``.

    Returns:
        The exit code: 0 after a clean end, else that of the worker that could not go on.

    Raises:
        WaslError: They could not start: a topic, the catalogue or a port is missing.
    """
    spare_memory()
    wanted = processes if processes > 0 else usable_cores()
    if wanted == 1:
        return run_worker(settings, catalog=catalog, link=link, linker=linker)
    catalog.preload()
    if link is None:
        from streams.linking import enrich  # noqa: F401, PLC0415 - its tables are loaded once, for all children

    def worker(child: Child) -> int:
        return run_worker(settings, catalog=catalog, link=link, linker=linker, child=child)

    def front(child: Child, sockets: Sequence[Path]) -> int:
        return run_front(child, sockets, host=settings.worker.http_host, port=settings.worker.http_port)

    _LOG.info("catalogue loaded for all", extra={"version": catalog.view.version, "processes": wanted})
    return run_family(wanted, worker=worker, front=front)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_worker(
    settings: Settings,
    *,
    catalog: Catalog,
    link: LinkArticle | None = None,
    linker: Linker | None = None,
    child: Child | None = None,
) -> int:
    """Run a worker until it is asked to end (SIGTERM or SIGINT).

    Args:
        settings: The settings.
        catalog: The catalogue.
        link: Links one article; Wasl's own linker when None.
        linker: Name and version of ``link``.
        child: What its parent told it, where it is one of several.

    Returns:
        The exit code: 0 after a clean end. A worker that cannot go on ends the process itself.

    Raises:
        WaslError: It could not start: a topic, the catalogue or a port is missing.
    """
    if link is None or linker is None:
        from streams.linking import enrich  # noqa: PLC0415 - loads the weights

        link, linker = enrich.link_article, enrich.LINKER
    if not check_codec(settings.worker.compression):
        _LOG.warning("raw articles compressed with snappy cannot be read: cramjam is not installed")
    found = check_topics(settings)
    topics = settings.kafka.topics
    if child is not None:
        check_partitions(found[topics.raw], worker=child.number)
    limits = {name: topic_limit(topic.configs) - _MARGIN for name, topic in found.items()}
    rules = Rules(
        topics=topics,
        linker=linker,
        link=link,
        clock=time.perf_counter,
        max_record_bytes=settings.worker.max_record_bytes,
        enriched_limit=limits[topics.enriched],
        dead_limit=limits[topics.dead],
        unlinked_limit=limits[topics.unlinked],
    )
    smallest = min(limits[name] for name in (topics.enriched, topics.dead, topics.unlinked))
    batch_bytes = max(1, min(_PRODUCER_BATCH, smallest))
    return asyncio.run(_Run(settings, rules, catalog, batch_bytes=batch_bytes, child=child).run())


class _Run:
    def __init__(
        self, settings: Settings, rules: Rules, catalog: Catalog, *, batch_bytes: int, child: Child | None
    ) -> None:
        self._child = child
        self._settings = settings
        self._rules = rules
        self._catalog = catalog
        self._batch_bytes = batch_bytes
        self._metrics = WorkerMetrics()
        self._traces = None if settings.worker.tracing == "off" else open_traces(settings.worker.group)
        self._state = WorkerState()
        self._offsets = OffsetReader(settings.kafka)
        self._asked = asyncio.Event()

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked.set)
        if self._child is not None:
            self._metrics.restarts.inc(self._child.restarts)
            loop.add_reader(self._child.alive, self._orphaned)
        await self._catalog.start()
        try:
            return await self._serve()
        finally:
            await self._catalog.stop()

    async def _serve(self) -> int:
        worker = self._settings.worker
        sys.setswitchinterval(TURN)  # linking holds the interpreter, for which Kafka's thread waits
        settle_memory()
        _LOG.info("catalogue loaded", extra={"version": self._catalog.view.version, "live": self._catalog.is_live})
        endpoint = Endpoint(self._state, self._catalog_state, self._metrics, self._refresh)
        await endpoint.start(
            worker.http_host, worker.http_port, socket=None if self._child is None else self._child.socket
        )
        app = build_app(
            self._settings,
            self._rules,
            self._catalog,
            metrics=self._metrics,
            state=self._state,
            fail=self._fail,
            batch_bytes=self._batch_bytes,
            traces=self._traces,
        )
        watchdog = Watchdog(
            lambda: self._sample(app),
            self._stalled,
            self._gone,
            stall_after=worker.stall_after,
            on_end=self._offsets.close,
        )
        watchdog.start()
        await self._until_asked(app)
        self._state.is_stopping = True
        await asyncio.to_thread(watchdog.stop)
        error = await ended(app.stop(), within=_STOP_WITHIN)
        if error is not None:
            self._fail(error)
        await endpoint.stop()
        if self._traces is not None:
            await asyncio.to_thread(self._traces.close)
        _LOG.info("worker ended", extra={"group": worker.group})
        return 0

    async def _until_asked(self, app: Any) -> None:
        """Start the app, and return when the process is asked to end."""
        _LOG.info(
            "worker starts",
            extra={"group": self._settings.worker.group, "topic": self._rules.topics.raw, "pid": os.getpid()},
        )
        starting = asyncio.ensure_future(app.start())
        ended = asyncio.ensure_future(self._asked.wait())
        crashed = asyncio.ensure_future(app._crashed.wait())  # noqa: SLF001 - Faust has no public way to wait for it
        waiting = {starting, ended, crashed}
        while True:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if crashed in done:
                self._fail(app.crash_reason or RuntimeError("Faust crashed without a reason"))
            if starting in done and starting.exception() is not None:
                self._fail(starting.exception())
            if ended in done:
                return

    def _orphaned(self) -> None:
        """End when the parent has: nobody would start this worker anew, or ask it to end."""
        asyncio.get_running_loop().remove_reader(0 if self._child is None else self._child.alive)
        self._asked.set()

    def _catalog_state(self) -> CatalogState:
        return CatalogState(self._catalog.view.version, self._catalog.is_live, self._catalog.reason)

    def _refresh(self) -> None:
        show_catalog(self._metrics, self._catalog, now=time.time())
        self._metrics.show_drift()
        self._metrics.in_hand.set(self._state.in_hand)
        since = self._state.delivering_since
        self._metrics.delivery_waits.set(0.0 if since is None else self._rules.clock() - since)

    def _sample(self, app: Any) -> Sample:
        topic = self._rules.topics.raw
        offsets = self._offsets.read(self._settings.worker.group, topic)
        caught_up = app.consumer.caught_up(topic, {number: at.end for number, at in offsets.items()})
        return Sample(time.monotonic(), offsets, self._state.assigned or frozenset(), caught_up)

    def _stalled(self, error: WaslError) -> None:
        self._end(error, EXIT_STALLED)

    def _gone(self) -> None:
        self._fail(missing_topic(self._rules.topics.raw))

    def _fail(self, error: BaseException | None) -> NoReturn:
        self._end(error, EXIT_FAILED)

    def _end(self, error: BaseException | None, code: int) -> NoReturn:
        """End the process at once: no commit, no waiting, no clean-up that could hang."""
        if isinstance(error, WaslError):
            self._state.failure = error
        _LOG.critical(
            "the worker ends: %s",
            error,
            exc_info=None if isinstance(error, WaslError) else error,
            extra={"code": getattr(error, "code", type(error).__name__), "exit_code": code},
        )
        logging.shutdown()
        os._exit(code)
