"""The exporter: looks at Kafka at intervals and shows what it saw to Prometheus, with its own health."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from streams.errors import BrokerError
from streams.lag.rows import metric_rows
from streams.listen import bound_port, listen
from streams.metrics_lag import LagMetrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.lag.watch import LagWatcher

__all__ = ["LagExporter"]

_LOG: Final = logging.getLogger(__name__)
_CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_STALE_INTERVALS: Final = 3  # without a look that succeeded
_STALE_LEAST: Final = 10.0  # seconds: a machine that is busy for a moment is no reason


class LagExporter:
    """Shows lag at ``/metrics``, and at ``/healthz`` and ``/readyz`` whether it still sees any.

    Values that are no longer true are not shown: after three intervals without a look that succeeded, ten seconds at
    least, the series of groups go, and health is 503 until Kafka answers again.

    Args:
        watcher: Measures lag.
        cluster: Name of the cluster in metrics.
        interval: How often to look, in seconds.
        clock: Seconds since 1970-01-01 UTC.
        timer: Seconds of a clock that only goes forward.
    """

    def __init__(
        self,
        watcher: LagWatcher,
        *,
        cluster: str,
        interval: float,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.metrics = LagMetrics()
        self._watcher = watcher
        self._cluster = cluster
        self._interval = interval
        self._clock = clock
        self._timer = timer
        self._began = timer()
        self._succeeded: float | None = None
        self._failure: BrokerError | None = None
        self._runner: web.AppRunner | None = None

    async def look(self) -> None:
        """Look once and bring the metrics up to date; a failure is a metric and a line in the log, no error."""
        began = self._timer()
        try:
            groups = await self._watcher.observe()
        except BrokerError as exc:
            self._fail(exc)
            return
        took = self._timer() - began
        self._failure, self._succeeded = None, self._timer()
        self.metrics.looks.inc()
        self.metrics.look_seconds.observe(took)
        self.metrics.looked.set(self._clock())
        self.metrics.history_usable.set(1 if self._watcher.problem is None else 0)
        self.metrics.show(
            [
                *metric_rows(groups, cluster=self._cluster),
                ("kafka_consumergroup_poll_time_ms", (self._cluster,), took * 1000),
            ]
        )
        self.metrics.count_lost({(group, topic, str(at)): n for (group, topic, at), n in self._watcher.lost.items()})

    async def run(self) -> None:
        """Look again and again, each time an interval after the last began, until cancelled."""
        while True:
            began = self._timer()
            await self.look()
            await asyncio.sleep(max(0.0, began + self._interval - self._timer()))

    async def start(self, host: str, port: int) -> int:
        """Listen.

        Args:
            host: Address to listen on.
            port: Port; 0 picks a free one.

        Returns:
            The port.

        Raises:
            SettingsError: The address cannot be listened on.
        """
        app = web.Application()
        app.add_routes(
            [
                web.get("/metrics", self._show),
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
            ]
        )
        self._runner = await listen(
            app,
            host=host,
            port=port,
            what="The lag exporter",
            remedy="Give --listen an address of this machine and a free port.",
        )
        bound = bound_port(self._runner)
        _LOG.info("the lag exporter listens", extra={"host": host, "port": bound})
        return bound

    async def stop(self) -> None:
        """Stop listening, and close the connections to Kafka."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self._watcher.close()

    def _fail(self, error: BrokerError) -> None:
        if self._failure is None or self._failure.message != error.message:
            _LOG.warning("lag cannot be seen", extra={"code": error.code, "error": str(error)})
        self._failure = error
        self.metrics.errors.labels(error.code).inc()

    def _is_stale(self) -> bool:
        since = self._began if self._succeeded is None else self._succeeded
        return self._timer() - since > max(_STALE_LEAST, _STALE_INTERVALS * self._interval)

    async def _show(self, _: web.Request) -> web.Response:
        if self._is_stale():
            self.metrics.show(())
        return web.Response(body=self.metrics.expose(), headers={"Content-Type": _CONTENT_TYPE})

    async def _healthz(self, _: web.Request) -> web.Response:
        return self._answer(is_well=not self._is_stale())

    async def _readyz(self, _: web.Request) -> web.Response:
        return self._answer(is_well=self._succeeded is not None and not self._is_stale())

    def _answer(self, *, is_well: bool) -> web.Response:
        document: dict[str, Any] = {"status": "ok" if is_well else "failed", "cluster": self._watcher.cluster}
        if self._failure is not None:
            document |= {"reason": self._failure.message, "code": self._failure.code}
        if self._watcher.problem is not None:
            document["notice"] = self._watcher.problem
        return web.json_response(document, status=200 if is_well else 503)
