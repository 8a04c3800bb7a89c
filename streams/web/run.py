"""Running the page on real servers: what `wasl monitor` does."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from streams import __version__
from streams.catalog.publish import publish
from streams.catalog.redis_ import RedisStore, connect
from streams.web.board import Board
from streams.web.catalog_ import FollowedCatalog
from streams.web.editor import Editor
from streams.web.guard import check_bind
from streams.web.lag_ import group_watcher
from streams.web.live import Live
from streams.web.playground import Playground
from streams.web.server import Server
from streams.web.tail import KafkaTail
from streams.web.versions import Versions
from streams.web.workers_ import GroupWorkers, parse_addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.settings import Settings

__all__ = ["run_monitor"]


def run_monitor(settings: Settings, *, allow_open: bool = False, on_start: Callable[[str], None]) -> None:
    """Serve the page until SIGTERM or SIGINT.

    Args:
        settings: Where everything is.
        allow_open: Whether the page may leave this machine without a token, for everybody to read.
        on_start: Called with the page's address when it can be opened.

    Raises:
        SettingsError: The page would leave this machine without a token, or its port is taken.
    """
    check_bind(settings.monitor, allow_open=allow_open)
    asyncio.run(_serve(settings, is_open=allow_open, on_start=on_start))


async def _serve(settings: Settings, *, is_open: bool, on_start: Callable[[str], None]) -> None:
    monitor = settings.monitor
    store = RedisStore(connect(settings.redis), prefix=settings.redis.prefix, where=settings.redis.masked_url)
    editor = Editor(store, clock=_now)
    versions = Versions(store, clock=_now, publish=lambda: publish(store))
    catalog = FollowedCatalog(settings.redis, settings.worker.data_dir / "catalog", editor=editor)
    board = Board(settings.worker.group)
    workers = GroupWorkers(settings, addresses=parse_addresses(monitor.workers))
    live = Live(
        board,
        lag=group_watcher(settings, clock=time.time),
        tail=KafkaTail(settings.kafka),
        workers=workers,
        catalog=catalog,
        clock=time.time,
    )
    playground = Playground(catalog, max_text=monitor.max_text)
    server = Server(
        monitor,
        board=board,
        live=live,
        editor=editor,
        versions=versions,
        playground=playground,
        is_open=is_open,
        version=__version__,
    )
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Only the main thread of a process may say what its signals do.
        with suppress(ValueError, NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    port = await server.start()
    try:
        catalog.start()
        live.start()
        host = f"[{monitor.host}]" if ":" in monitor.host else monitor.host
        on_start(f"http://{host}:{port}/")
        await ended.wait()
    finally:
        await live.stop()
        await server.stop()
        await catalog.stop()
        workers.close()
        playground.close()
        store.client.close()


def _now() -> str:
    return dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
