"""Listening for HTTP: what every endpoint of ours does in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from streams.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["bound_port", "listen"]


async def listen(
    app: web.Application, *, host: str, port: int, socket: Path | None = None, what: str, remedy: str
) -> web.AppRunner:
    """Serve an application until the runner is cleaned up; nothing of what is asked is logged.

    Args:
        app: What answers.
        host: Address to listen on.
        port: Port; 0 picks a free one.
        socket: Listen on this socket instead.
        what: What it is, as the beginning of a message.
        remedy: What to do where the address cannot be listened on.

    Returns:
        What is to be cleaned up at the end.

    Raises:
        SettingsError: The address cannot be listened on.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port) if socket is None else web.UnixSite(runner, socket)
    try:
        await site.start()
    except OSError as exc:
        await runner.cleanup()
        where = f"{host}:{port}" if socket is None else str(socket)
        raise SettingsError(f"{what} cannot listen on {where}: {exc.strerror or exc}.", remedy=remedy) from exc
    return runner


def bound_port(runner: web.AppRunner) -> int:
    """Return the port that is listened on."""
    return int(runner.addresses[0][1])
