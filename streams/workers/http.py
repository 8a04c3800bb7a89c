"""The worker's own small endpoint: ``/healthz``, ``/readyz`` and ``/metrics``.

Faust's web server shows table data and more to whoever asks, so it stays off.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from streams import metrics as metric_names
from streams.errors import SettingsError
from streams.workers.state import health, readiness

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.metrics import WorkerMetrics
    from streams.workers.state import CatalogState, WorkerState

__all__ = ["Endpoint"]

_LOG: Final = logging.getLogger(__name__)


class Endpoint:
    """The endpoint of one worker.

    Args:
        state: What the worker knows about itself.
        catalog: Asks for the catalogue in use.
        metrics: What ``/metrics`` shows.
        refresh: Called before metrics are shown, to bring gauges up to date.
    """

    def __init__(
        self,
        state: WorkerState,
        catalog: Callable[[], CatalogState],
        metrics: WorkerMetrics,
        refresh: Callable[[], None],
    ) -> None:
        self._state = state
        self._catalog = catalog
        self._metrics = metrics
        self._refresh = refresh
        self._runner: web.AppRunner | None = None

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
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._show_metrics),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as exc:
            await runner.cleanup()
            raise SettingsError(
                f"Health and metrics cannot listen on {host}:{port}: {exc.strerror or exc}.",
                remedy="Set WASL_HTTP_PORT to a free port, or to 0 to have one picked.",
            ) from exc
        self._runner = runner
        bound = int(runner.addresses[0][1])
        _LOG.info("health and metrics listen", extra={"host": host, "port": bound})
        return bound

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _healthz(self, _: web.Request) -> web.Response:
        return _json(*health(self._state))

    async def _readyz(self, _: web.Request) -> web.Response:
        return _json(*readiness(self._state, self._catalog()))

    async def _show_metrics(self, _: web.Request) -> web.Response:
        self._refresh()
        return web.Response(body=self._metrics.expose(), headers={"Content-Type": metric_names.CONTENT_TYPE})


def _json(status: int, document: dict[str, Any]) -> web.Response:
    return web.json_response(document, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False))
