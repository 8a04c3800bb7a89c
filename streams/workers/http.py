"""The worker's own small endpoint: ``/livez`` (also ``/healthz``), ``/readyz`` and ``/metrics``.

Faust's web server shows table data and more to whoever asks, so it stays off.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from streams import metrics as metric_names
from streams.listen import bound_port, listen
from streams.workers.state import health, readiness

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from streams.metrics import WorkerMetrics
    from streams.workers.state import CatalogState, WorkerState

__all__ = ["Endpoint", "answer", "json_answer"]

_LOG: Final = logging.getLogger(__name__)
# Nothing here is a page: no browser is to run, frame or keep any of it, whatever a message quotes.
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Server": "wasl",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


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

    async def start(self, host: str, port: int, *, socket: Path | None = None) -> int:
        """Listen.

        Args:
            host: Address to listen on.
            port: Port; 0 picks a free one.
            socket: Listen on this socket instead.

        Returns:
            The port; 0 for a socket.

        Raises:
            SettingsError: The address cannot be listened on.
        """
        routes = {
            "/livez": self._healthz,
            "/healthz": self._healthz,
            "/readyz": self._readyz,
            "/metrics": self._show_metrics,
        }
        self._runner = await answer(routes, host=host, port=port, socket=socket)
        return 0 if socket is not None else bound_port(self._runner)

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _healthz(self, _: web.Request) -> web.Response:
        return json_answer(*health(self._state))

    async def _readyz(self, _: web.Request) -> web.Response:
        return json_answer(*readiness(self._state, self._catalog()))

    async def _show_metrics(self, _: web.Request) -> web.Response:
        self._refresh()
        return web.Response(body=self._metrics.expose(), headers={"Content-Type": metric_names.CONTENT_TYPE})


async def answer(
    routes: Mapping[str, Callable[[web.Request], Awaitable[web.Response]]],
    *,
    host: str,
    port: int,
    socket: Path | None = None,
) -> web.AppRunner:
    """Answer GET requests.

    Args:
        routes: What answers, by path.
        host: Address to listen on.
        port: Port; 0 picks a free one.
        socket: Listen on this socket instead.

    Returns:
        What is to be cleaned up at the end.

    Raises:
        SettingsError: The address cannot be listened on.
    """
    app = web.Application()
    app.add_routes([web.get(path, handler) for path, handler in routes.items()])
    app.on_response_prepare.append(_add_headers)
    runner = await listen(
        app,
        host=host,
        port=port,
        socket=socket,
        what="Health and metrics",
        remedy="Set WASL_HTTP_PORT to a free port, or to 0 to have one picked.",
    )
    if socket is None:
        _LOG.info("health and metrics listen", extra={"host": host, "port": bound_port(runner)})
    return runner


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


def json_answer(status: int, document: dict[str, Any]) -> web.Response:
    """Return a document as JSON, with its letters as they are."""
    return web.json_response(document, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False))
