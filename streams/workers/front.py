"""The front of several workers: one address for the health, readiness and metrics of all.

It asks the workers each time it is asked, over sockets in a folder that only their user may enter.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from aiohttp import web

from streams import metrics as metric_names
from streams.workers.http import answer, json_answer
from streams.workers.merge import merge_metrics, merge_readiness

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from streams.workers.family import Child

__all__ = ["run_front"]

_LOG: Final = logging.getLogger(__name__)
_ANSWER_WITHIN: Final = aiohttp.ClientTimeout(total=2.0)


def run_front(child: Child, sockets: Sequence[Path], *, host: str, port: int) -> int:
    """Answer for the workers until asked to end, or until the parent has ended.

    Args:
        child: What the front was told.
        sockets: Where the workers listen, by number.
        host: Address to listen on.
        port: Port; 0 picks a free one.

    Raises:
        SettingsError: The address cannot be listened on.
    """
    return asyncio.run(_serve(child, sockets, host, port))


async def _serve(child: Child, sockets: Sequence[Path], host: str, port: int) -> int:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    loop.add_reader(child.alive, asked.set)

    async def healthz(_: web.Request) -> web.Response:
        # That a worker failed is for the parent, which starts it anew; were the parent gone, so were the front.
        return json_answer(200, {"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        found = await _ask_all(sockets, "/readyz")
        return json_answer(*merge_readiness({number: answer for number, (answer, _) in found.items()}))

    async def show_metrics(_: web.Request) -> web.Response:
        found = await _ask_all(sockets, "/metrics")
        text = merge_metrics({number: text for number, (_, text) in found.items() if text != ""})
        return web.Response(body=text.encode(), headers={"Content-Type": metric_names.CONTENT_TYPE})

    runner = await answer(
        {"/livez": healthz, "/healthz": healthz, "/readyz": readyz, "/metrics": show_metrics}, host=host, port=port
    )
    await asked.wait()
    await runner.cleanup()
    return 0


async def _ask_all(sockets: Sequence[Path], path: str) -> dict[int, tuple[dict[str, Any] | None, str]]:
    """Return what each worker answers, as JSON where it is that and as text; None and nothing where it does not."""
    return dict(enumerate(await asyncio.gather(*(_ask(socket, path) for socket in sockets))))


async def _ask(socket: Path, path: str) -> tuple[dict[str, Any] | None, str]:
    connector = aiohttp.UnixConnector(str(socket))
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=_ANSWER_WITHIN) as client,
            client.get(f"http://worker{path}") as answer,
        ):
            if answer.content_type == "application/json":
                return await answer.json(), ""
            return None, await answer.text()
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as exc:
        _LOG.debug("a worker does not answer", extra={"socket": str(socket), "error": repr(exc)})
        return None, ""
